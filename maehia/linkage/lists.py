"""What the lists tell about themselves: how often a list repeats a person, which lists overlap, who stands alone.

A pair inside one list is far less often one person than a pair across lists. How much less differs from
list to list and is estimated from the pairs themselves, by expectation maximisation over the prior alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Pairs' worth of belief that two lists overlap like any others.
_BELIEF = 10.0
_ROUNDS = 5
_MOST, _LEAST = 3.0, -12.0
# A list with fewer repeats than this per row holds a person once; the civil list does by law.
_REPEATS, _CIVIL_REPEATS, _ROWS = 0.0003, 0.003, 1500


class Pairs(NamedTuple):
    """Scored pairs as arrays: positions a < b, bits for one person, bits for kin."""

    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray
    kin: np.ndarray


@dataclass(frozen=True)
class ListFacts:
    """names: sources in order; code: source of each record; shift[s, t]: bits added to a pair's weight.

    repeats: share of a list's rows that repeat a person of the same list.
    """

    names: list[str]
    code: np.ndarray
    shift: np.ndarray
    repeats: np.ndarray

    def single_lists(self) -> set[str]:
        """Sources where one person has one row."""
        rows = np.bincount(self.code, minlength=len(self.names))
        return {
            n for n, repeats, count in zip(self.names, self.repeats, rows, strict=True) if _single(n, repeats, count)
        }


def _single(name: str, repeats: float, rows: int) -> bool:
    """The civil list, until many of its rows say otherwise; another list, once many rows say so."""
    if name.startswith("civil"):
        return rows < _ROWS or repeats < _CIVIL_REPEATS
    return rows >= _ROWS and repeats < _REPEATS


def list_facts(cleaned: pa.Table, pairs: Pairs, prior: float) -> ListFacts:
    """Facts from scored pairs; prior: chance that two rows are one person."""
    a, b, weight, kin = pairs
    names = sorted(pc.unique(cleaned["source"]).to_pylist())
    code = pc.index_in(cleaned["source"], pa.array(names, pa.string())).to_numpy().astype(np.int64)
    count = len(names)
    rows = np.bincount(code, minlength=count).astype(float)
    possible = np.outer(rows, rows)
    np.fill_diagonal(possible, rows * (rows - 1) / 2)
    cell = np.minimum(code[a], code[b]) * count + np.maximum(code[a], code[b])
    expected = np.triu(possible) * prior
    shift = np.zeros((count, count))
    seen: np.ndarray = expected
    for _ in range(_ROUNDS):
        p = 1 / (1 + 2.0 ** np.clip(-(weight + shift.ravel()[cell]), -60, 60) * (1 + 2.0 ** np.clip(kin, -60, 60)))
        seen = np.bincount(cell, p, count * count).reshape(count, count)
        shift = np.clip(np.log2((seen + _BELIEF) / (expected + _BELIEF)), _LEAST, _MOST)
    repeats = np.diag(seen) / np.maximum(rows, 1)
    # Inside a list the belief is that nobody is repeated, or the small lists would never learn it.
    inside = np.log2((np.diag(seen) + 0.2) / (np.diag(expected) + 0.2))
    np.fill_diagonal(shift, np.clip(np.minimum(inside, 0), _LEAST, 0))
    return ListFacts(names, code, np.triu(shift) + np.triu(shift, 1).T, repeats)


def share_alone(cleaned: pa.Table, facts: ListFacts, roots: np.ndarray) -> np.ndarray:
    """Per source: the share of well-described rows that no sure edge joins to another row."""
    size = np.bincount(roots, minlength=len(roots))[roots]
    rich = np.asarray(cleaned["nid_ok"]) | np.asarray(cleaned["birth_ok"])
    total = np.bincount(facts.code[rich], minlength=len(facts.names)).astype(float)
    single = np.bincount(facts.code[rich & (size == 1)], minlength=len(facts.names)).astype(float)
    overall = (single.sum() + 1) / (total.sum() + 4)
    share: np.ndarray = (single + 20 * overall) / (total + 20)
    return share
