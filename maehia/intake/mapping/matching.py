"""Columns to canonical columns: every pair is scored by words and shapes, the best pairs are taken first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maehia.intake.mapping.profiles import ColumnProfile
from maehia.intake.words import SHORTEST_INSIDE, Kind, bare, forms, words

LEAST = 0.4
# Shapes that values of a type should have (any of them), and what their share does to the score of a word.
EXPECTED: dict[str, tuple[str, ...]] = {
    "national_id": ("id_13", "excel_float", "ruined_id"),
    "owner_id": ("id_13", "excel_float", "ruined_id"),
    "juristic_id": ("id_13",),
    "house_code": ("house_code",),
    "phone": ("phone",),
    "date": ("date", "year", "excel_day"),
    "datetime": ("date", "datetime"),
    "title": ("title",),
    "full_name": ("person_name", "titled_name"),
    "address": ("address", "house_no"),
    "moo": ("moo",),
    "house_no": ("house_no", "address"),
    "sex": ("sex", "whole"),
    "pet_sex": ("sex", "whole"),
    "bool": ("yes_no", "whole"),
    "lon": ("lon", "lat", "east_m"),
    "lat": ("lat", "lon", "north_m"),
    "ltax": ("ltax",),
    "money": ("number",),
    "number": ("number",),
    "int": ("number",),
    "year": ("year", "date"),
}
# Shapes so telling that they speak without a word above the column.
SPEAKS: dict[str, tuple[str, float]] = {
    "national_id": ("national_id", 0.5),
    "juristic_id": ("juristic_id", 0.55),
    "house_code": ("house_code", 0.45),
    "phone": ("phone", 0.5),
    "full_name": ("titled_name", 0.5),
    "address": ("address", 0.45),
    "lon": ("lon", 0.45),
    "lat": ("lat", 0.45),
    "ltax": ("ltax", 0.5),
    "title": ("title", 0.45),
}


@dataclass(frozen=True, slots=True)
class Match:
    field: str
    column: ColumnProfile
    score: float
    type: str


def match_columns(profiles: Sequence[ColumnProfile], kind: Kind, skip: set[str] | None = None) -> list[Match]:
    """One column per field and one field per column, the surest pairs first. Empty columns match by word only."""
    meanings = kind_meanings(kind)
    pairs = [
        Match(name, column, score, kind.fields[name])
        for place, column in enumerate(profiles)
        for name, score in _scores(column, kind, meanings, first=place == 0).items()
        if score >= LEAST and name not in (skip or set())
    ]
    pairs.sort(key=lambda match: (-match.score, list(kind.fields).index(match.field), match.column.name))
    chosen: list[Match] = []
    for match in pairs:
        if all(match.field != other.field and match.column.name != other.column.name for other in chosen):
            chosen.append(match)
    return sorted(chosen, key=lambda match: list(kind.fields).index(match.field))


def kind_meanings(kind: Kind) -> dict[str, list[str]]:
    """Bare words and the fields they can mean, canonical names included."""
    meanings = words().meanings(kind.name)
    for name in kind.fields:
        fields = meanings.setdefault(bare(name), [])
        if name not in fields:
            fields.insert(0, name)
    return meanings


def _scores(column: ColumnProfile, kind: Kind, meanings: dict[str, list[str]], *, first: bool) -> dict[str, float]:
    by_word = _word_scores(column.name, meanings)
    scores = {name: _weighed(score, kind.fields[name], column) for name, score in by_word.items()}
    if bare(column.name) in words().ignored and not by_word:
        return {}
    if first and column.distinct == column.filled and "house_no" in scores:
        scores["house_no"] *= 0.8  # a first column without repeats numbers the rows
    for name, kind_of in kind.fields.items():
        shape, strength = SPEAKS.get(kind_of, ("", 0.0))
        if shape and column.share(shape) >= 0.8 and name not in {"mother_id"}:
            scores[name] = max(scores.get(name, 0.0), strength * column.share(shape))
    return scores


def _word_scores(heading: str, meanings: dict[str, list[str]]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for depth, form in enumerate(forms(heading)):
        for rank, name in enumerate(meanings.get(form, ())):
            scores[name] = max(scores.get(name, 0.0), 1.0 - 0.05 * min(depth, 2) - 0.12 * rank)
    if scores or bare(heading) in words().ignored:
        return scores
    whole = bare(heading)
    for word, names in meanings.items():
        if len(word) >= max(SHORTEST_INSIDE, len(whole) / 2) and word in whole and word not in words().general:
            # The longer the known word within the heading, and the nearer its start, the surer.
            share = len(word) / len(whole)
            score = 0.5 + 0.35 * share + (0.05 if whole.startswith(word) else 0.0)
            for rank, name in enumerate(names):
                scores[name] = max(scores.get(name, 0.0), score - 0.12 * rank)
    return scores


def _weighed(score: float, type_: str, column: ColumnProfile) -> float:
    """A word whose column looks otherwise is doubted; one whose column looks right is trusted."""
    if type_ == "name" and column.share("person_name") >= 0.5:
        return score * 0.6  # whole names stand in it: "ชื่อ - สกุล" is not the surname "ชื่อสกุล"
    shapes = EXPECTED.get(type_)
    if not shapes or column.filled < 3:
        return score
    share = max(column.share(shape) for shape in shapes)
    if share >= 0.5:
        return score
    return score * (0.45 + 1.1 * share)


def match_parts(profiles: Sequence[ColumnProfile], kind: Kind) -> dict[str, list[str]]:
    """Canonical columns written in several columns of the file (title, first and last name of an owner)."""
    found: dict[str, list[str]] = {}
    for name, parts in words().parts.items():
        if name not in kind.fields:
            continue
        headings = [next((c.name for c in profiles if set(forms(c.name)) & part), "") for part in parts]
        given = [heading for heading in headings if heading]
        if headings[-1] and len(given) >= 2 and len(set(given)) == len(given):
            found[name] = given
    return found
