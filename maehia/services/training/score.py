"""What a model is worth, as figures for people: how often right, how sure, how often silent, and on which text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from maehia.services.rules.suggest import Floats, Ints

BINS = 10


def calibration_error(chances: Floats, wanted: Ints) -> float:
    """Mean distance between how sure the first hint was and how often it was right, in ten bins of equal width."""
    best, hit = chances.max(axis=1), chances.argmax(axis=1) == wanted
    bins = np.minimum((best * BINS).astype(int), BINS - 1)
    parts = [(bins == b) for b in range(BINS)]
    return float(sum(abs(best[part].mean() - hit[part].mean()) * part.mean() for part in parts if part.any()))


def top(chances: Floats, wanted: Ints, limit: int) -> float:
    best = np.argsort(-chances, axis=1)[:, :limit]
    return float((best == wanted[:, None]).any(axis=1).mean())


def per_category(chances: Floats, wanted: Ints, codes: Sequence[str], least: float | Floats) -> dict[str, Any]:
    """Of the first hints that are given: precision, and recall over all texts of the category."""
    hint = np.where(chances.max(axis=1) >= least, chances.argmax(axis=1), -1)
    found = {}
    for n, code in enumerate(codes):
        hit = int(((hint == n) & (wanted == n)).sum())
        given, there = int((hint == n).sum()), int((wanted == n).sum())
        found[code] = {"texts": there, "precision": _share(hit, given), "recall": _share(hit, there)}
    return found


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def figures(chances: Floats, wanted: Ints, codes: Sequence[str], least: float | Floats) -> dict[str, Any]:
    given = chances.max(axis=1) >= least
    return {
        "texts": len(wanted),
        "top1": round(top(chances, wanted, 1), 3),
        "top3": round(top(chances, wanted, 3), 3),
        "calibration_error": round(calibration_error(chances, wanted), 3),
        "silent_share": round(float((~given).mean()), 3),
        "right_when_it_speaks": round(top(chances[given], wanted[given], 1), 3) if given.any() else None,
        "top3_when_it_speaks": round(top(chances[given], wanted[given], 3), 3) if given.any() else None,
        "per_category": per_category(chances, wanted, codes, least),
    }
