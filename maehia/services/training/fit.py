"""The model that suggests a category: one linear separator a category, scores turned into calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from maehia.demo.reports import Report
from maehia.services.rules import suggest
from maehia.services.rules.suggest import Floats, Ints

SOFTNESS = 1.0  # of the margins; 0.3 to 1 gave the same figures on phrasings left out
STEPS = 127  # a weight is one of 255 steps


def matrix(texts: Sequence[str]) -> csr_matrix:
    """One row a text: each bucket once, rows of length one."""
    rows = [suggest.buckets(text) for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(max(len(row), 1))) for row in rows])
    return csr_matrix((values, np.concatenate(rows), ends), shape=(len(rows), 1 << suggest.BITS))


def labels(reports: Sequence[Report], codes: Sequence[str]) -> Ints:
    place = {code: n for n, code in enumerate(codes)}
    return np.array([place[report.category] for report in reports])


def fit(texts: csr_matrix, wanted: Ints) -> LinearSVC:
    return LinearSVC(C=SOFTNESS, random_state=0).fit(texts, wanted)


def temperature(scores: Floats, wanted: Ints) -> float:
    """What the scores are divided by, so that a text at 70 % is right seven times in ten (least log-loss)."""

    def loss(log_temperature: float) -> float:
        chances = suggest.probabilities(scores / np.exp(log_temperature))
        return -float(np.log(chances[np.arange(len(wanted)), wanted] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def threshold(chances: Floats, wanted: Ints, right: float) -> float:
    """The least probability from which on that share of first hints is right."""
    best, hit = chances.max(axis=1), chances.argmax(axis=1) == wanted
    order = np.argsort(-best)
    share = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= right)
    return round(float(best[order][good[-1]]), 2) if len(good) else 1.0


def packed(fitted: LinearSVC, codes: Sequence[str], cool: float, least: float) -> dict[str, Any]:
    """The arrays of the model's file."""
    weights = fitted.coef_.T
    scale = np.abs(weights).max(axis=0) / STEPS
    return {
        "codes": np.array(codes),
        "weights": np.round(weights / scale).astype(np.int8),
        "scale": scale,
        "bias": fitted.intercept_,
        "temperature": np.float64(cool),
        "threshold": np.float64(least),
    }
