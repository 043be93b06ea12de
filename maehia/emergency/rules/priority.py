"""Who is helped first: points of a household, each with the reason it stands for. Pure; the points are dated data.

The same rule is written once more in SQL (`rules.priority_sql`), for whole towns at a time; a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FILE = Path(__file__).resolve().parents[1] / "data" / "priority.yaml"
INFANT, OLD, VERY_OLD = "infant", "old", "very_old"
BANDS = ((INFANT, 0, 5), (OLD, 60, 79), (VERY_OLD, 80, 200))  # whole years, both ends belong to the band
ALONE = "alone"  # as a need of a list: the same thing as living alone, counted once


class Term(NamedTuple):
    """One reason. code: need:<kind>, level:<code>, age:<band>, alone, depth, storeys:one, storeys:unknown, access:cut,
    access:unknown.

    number: people it is true of; for depth whole centimetres.
    """

    code: str
    number: int
    points: int


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    words: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Weights:
    """One dated set of points, all >= 0."""

    key: str
    need: Mapping[str, int]
    other_need: int
    level: tuple[Level, ...]
    age: Mapping[str, int]
    alone: int
    per_metre: int
    most_depth: int
    storeys: Mapping[str, int]
    access: Mapping[str, int]
    verified: bool = False

    def of_need(self, kind: str) -> int:
        return self.need.get(kind, self.other_need)

    def level_of(self, words: str) -> str:
        """The code of a level as a list words it, "" for none of them."""
        return next((level.code for level in self.level if any(part in words for part in level.words)), "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a household. needs: kind -> people; levels: code -> people (each at her highest); ages: years.

    depth_m: metres above the floor, or above the ground where the floor is unknown; None: unknown. storeys: None too.
    """

    people: int
    needs: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    ages: Sequence[int] = ()
    depth_m: float | None = None
    storeys: int | None = None
    access: str = "unknown"


def terms(facts: Facts, weights: Weights) -> list[Term]:
    """Every reason that counts, the heaviest first. Needs are named even where they weigh nothing."""
    found = [
        Term(f"need:{kind}", count, count * weights.of_need(kind))
        for kind, count in facts.needs.items() if kind != ALONE
    ]  # fmt: skip
    points = {level.code: level.points for level in weights.level}
    found += [Term(f"level:{code}", count, count * points[code]) for code, count in facts.levels.items()]
    for band, low, high in BANDS:
        count = sum(low <= age <= high for age in facts.ages)
        found.append(Term(f"age:{band}", count, count * weights.age[band]))
    if facts.people == 1 or facts.needs.get(ALONE):
        found.append(Term("alone", 1, weights.alone))
    found += _house(facts, weights)
    kept = [term for term in found if term.number and (term.points or term.code.startswith("need:"))]
    return sorted(kept, key=lambda term: (-term.points, term.code))


def _house(facts: Facts, weights: Weights) -> list[Term]:
    """Water, floors above it, and whether one can get there."""
    found = []
    centimetres = None if facts.depth_m is None else round(facts.depth_m * 100)
    if centimetres:
        found.append(Term("depth", centimetres, min(weights.most_depth, centimetres * weights.per_metre // 100)))
    if centimetres is None or centimetres > 0:
        if facts.storeys is None:
            found.append(Term("storeys:unknown", 1, weights.storeys["unknown"]))
        elif facts.storeys <= 1:
            found.append(Term("storeys:one", 1, weights.storeys["one"]))
    if facts.access in weights.access:
        found.append(Term(f"access:{facts.access}", 1, weights.access[facts.access]))
    return found


def priority(found: Sequence[Term]) -> int:
    return sum(term.points for term in found)


def weights_for(hazard: str, day: date) -> Weights:
    """The set for a hazard that holds on a day: the newest that has begun. Raises LookupError when none has."""
    fitting = [entry for entry in _data()["sets"] if hazard in entry["hazards"] and entry["valid_from"] <= day]
    if not fitting:
        raise LookupError(f"data/priority.yaml has no set for {hazard} on {day}")
    return _weights(max(fitting, key=lambda entry: entry["valid_from"]))


def closes_roads(hazard: str) -> bool:
    """Whether people on foot are stopped by what lies inside a footprint of this hazard."""
    return hazard in _data()["closes_roads"]


def source() -> str:
    return str(_data()["source"])


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def _weights(entry: Mapping[str, Any]) -> Weights:
    return Weights(
        entry["key"], dict(entry["need"]), entry["other_need"],
        tuple(Level(row["code"], tuple(row["words"]), row["points"]) for row in entry["level"]),
        dict(entry["age"]), entry["alone"], entry["depth"]["per_metre"], entry["depth"]["most"],
        dict(entry["storeys"]), dict(entry["access"]), bool(_data()["verified"]),
    )  # fmt: skip
