"""Where lists say different things of one entity. Pure: records in, contradictions out. No Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

#: what two lists should agree on; an address may differ (registered here, living there), a phone too
COMPARED: dict[str, tuple[str, ...]] = {
    "person": ("first_name", "last_name", "sex", "birth", "national_id", "nationality", "died"),
    "house": ("house_code", "house_no", "moo", "village", "geom"),
}
FAR_DEGREES = 0.0005  # some 50 metres: two surveys of one house differ by less
NOT_SAID = (None, "")


@dataclass(frozen=True, slots=True)
class Saying:
    """What some lists say: the value, its precision for a birth day, and the records that say so."""

    value: Any
    precision: str
    records: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One field with at least two sayings, the most trusted first."""

    field: str
    sayings: tuple[Saying, ...]


def contradictions(ordered: Sequence[Any], fields: Iterable[str]) -> list[Contradiction]:
    """Fields in which records differ. `ordered`: current records of one entity, the most trusted first."""
    found = []
    for name in fields:
        sayings = _sayings(name, ordered)
        if len(sayings) > 1:
            found.append(Contradiction(name, tuple(sayings)))
    return found


def _sayings(name: str, ordered: Sequence[Any]) -> list[Saying]:
    groups: list[tuple[Any, str, list[Any]]] = []
    for record in ordered:
        value = getattr(record, name, None)
        if value in NOT_SAID:
            continue
        precision = getattr(record, "birth_precision", "") if name == "birth" else ""
        for group in groups:
            if agree(group[0], group[1], value, precision):
                group[2].append(record)
                break
        else:
            groups.append((value, precision, [record]))
    return [Saying(value, precision, tuple(records)) for value, precision, records in groups]


def agree(one: Any, one_precision: str, other: Any, other_precision: str) -> bool:
    """Whether two values can both be so: dates by the coarser precision, points within 50 m, texts without blanks."""
    if isinstance(one, date) and isinstance(other, date):
        return _same_day(one, one_precision, other, other_precision)
    if hasattr(one, "geom_type") and hasattr(other, "geom_type"):
        return bool(one.distance(other) <= FAR_DEGREES)
    if isinstance(one, str) and isinstance(other, str):
        return "".join(one.split()).casefold() == "".join(other.split()).casefold()
    return bool(one == other)


def _same_day(one: date, one_precision: str, other: date, other_precision: str) -> bool:
    known = {one_precision or "day", other_precision or "day"}
    if "year" in known:
        return one.year == other.year
    if "month" in known:
        return (one.year, one.month) == (other.year, other.month)
    return one == other
