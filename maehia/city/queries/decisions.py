"""What people decided about an entity: corrections of values, and who is (never) the same."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from maehia.city.queries.history import refs_of
from maehia.evidence.models import RECORDS, Correction, Source, Verdict
from maehia.kit.acting import current
from maehia.kit.modes import current_mode


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict on two rows of lists, each named by its list (the row's own key is not shown)."""

    verdict: Verdict
    list_a: Source | None
    list_b: Source | None


def corrections_of(kind: str, key: uuid.UUID) -> list[Correction]:
    """Corrections of an entity, undone ones too, newest first. Empty outside `acting()`: they may be personal."""
    if current() is None:
        return []
    return list(Correction.objects.filter(kind=kind, key=key, mode=current_mode()).order_by("-pk"))


def rulings_of(kind: str, key: uuid.UUID) -> list[Ruling]:
    """Verdicts that name a row of this entity, undone ones too, newest first."""
    refs = refs_of(kind, key)
    rows = Verdict.objects.filter(Q(ref_a__in=refs) | Q(ref_b__in=refs), kind=kind, mode=current_mode())
    rulings = list(rows.order_by("-pk")[:50])
    sources = {
        s.key: s for s in Source.objects.filter(key__in={source_of(r) for v in rulings for r in (v.ref_a, v.ref_b)})
    }
    return [Ruling(v, sources.get(source_of(v.ref_a)), sources.get(source_of(v.ref_b))) for v in rulings]


def source_of(ref: str) -> str:
    """The list of a ref: "tax.owner:7" -> "tax", "own:counter:9" -> "own:counter"."""
    prefix = ref.rsplit(":", 1)[0]
    return prefix if prefix.startswith("own:") else prefix.split(".", 1)[0].split(":", 1)[0]


def correctable(kind: str) -> tuple[str, ...]:
    """Fields of a kind that a person may correct: those whose value is chosen from lists and is not a shape."""
    if kind not in RECORDS or kind in {"need", "place_code"}:
        return ()
    if kind == "person":
        return (
            "title", "first_name", "last_name", "sex", "birth", "nationality", "national_id", "phone", "died",
        )  # fmt: skip
    left_out = {"geom"} | _ADDRESS.get(kind, set())
    return tuple(name for name in RECORDS[kind].VALUES if name not in left_out)


# An address leads to the house, and a station's code to its readings: they are put right in their list.
_ADDRESS: dict[str, set[str]] = {
    kind: {"house_code", "house_no", "moo"} for kind in ("building", "business", "pet")
} | {"station": {"code"}}
