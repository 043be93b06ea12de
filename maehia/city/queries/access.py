"""What the purpose at hand lets a page show. Nothing is shown that the published list does not name."""

from __future__ import annotations

from collections.abc import Iterable

from maehia.access.queries import fields_of
from maehia.city.models import Tie
from maehia.kit.acting import current


def shown_fields(entity: str) -> frozenset[str]:
    """Fields of an entity kind that may be shown now; none outside `acting()`."""
    context = current()
    return fields_of(context.purpose, entity) if context else frozenset()


def may_show(entity: str, *fields: str) -> bool:
    return set(fields) <= shown_fields(entity)


def visible_ties(ties: Iterable[Tie]) -> list[Tie]:
    """Ties without what the purpose hides. A benefit may tell of health or disability, so it goes as a whole."""
    allowed = shown_fields("person")
    found = []
    for tie in ties:
        if tie.benefit and "benefit" not in allowed:
            continue
        if "account_no" not in allowed:
            tie.account_no = ""
        if "amount_baht" not in allowed:
            tie.amount_baht = None
        found.append(tie)
    return found
