"""Reports that may be one: what is shown before a citizen sends, and what staff are offered to merge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from maehia.thai import clean_text

SHOWN = 5
FAR = 0.35  # of one category within the radius, words less alike than this and farther than NEAR_M are left out
NEAR_M = 30.0


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared. x, y: metres. asset: key of the registered thing (a lamp), None when it is none."""

    key: Any
    category: str
    x: float
    y: float
    text: str = ""
    asset: Any = None


@dataclass(frozen=True, slots=True)
class Likely:
    """An open report that may be the same. alike: 0 to 1, of the words. same_asset decides before all else."""

    report: Report
    same_asset: bool
    metres: float
    alike: float


def alike(a: str, b: str) -> float:
    """How alike two Thai texts are, 0 to 1, by the longest parts they share; 0 when one of them says nothing."""
    left, right = (clean_text(text).casefold().replace(" ", "") for text in (a, b))
    return fuzz.partial_ratio(left, right) / 100 if left and right else 0.0


def likely_same(new: Report, open_reports: Iterable[Report], radius_m: float) -> list[Likely]:
    """The open reports that a citizen is shown before sending, best first, at most SHOWN.

    The same asset; or the same category within the radius of the category, and near or in like words.
    """
    found = [_compared(new, other) for other in open_reports if other.key != new.key]
    fit = [f for f in found if f.same_asset or _fits(new, f, radius_m)]
    return sorted(fit, key=lambda f: (not f.same_asset, -f.alike, f.metres, str(f.report.key)))[:SHOWN]


def _compared(new: Report, other: Report) -> Likely:
    metres = ((new.x - other.x) ** 2 + (new.y - other.y) ** 2) ** 0.5
    same = new.asset is not None and new.asset == other.asset
    return Likely(other, same, metres, alike(new.text, other.text))


def _fits(new: Report, found: Likely, radius_m: float) -> bool:
    if found.report.category != new.category or found.metres > radius_m:
        return False
    # Two different registered lamps side by side are two reports, however alike the words.
    if new.asset is not None and found.report.asset is not None:
        return False
    return found.metres <= NEAR_M or found.alike >= FAR
