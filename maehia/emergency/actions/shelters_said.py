"""What the database refuses, said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from maehia.emergency.actions.incidents import refused

Sentence = tuple[str, str, str]  # code, what, where


@contextmanager
def said(words: Mapping[str, Sentence], fix: str = "") -> Iterator[None]:
    """A savepoint in which a broken constraint (by name) becomes a ProblemError; others pass as they are."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if found := words.get(broken_rule(error)):
            raise refused(*found, fix) from error
        raise


def broken_rule(error: IntegrityError) -> str:
    """The name of the constraint that refused a row."""
    told = getattr(error.__cause__, "diag", None)
    return str(getattr(told, "constraint_name", "") or "")
