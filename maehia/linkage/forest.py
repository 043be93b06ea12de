"""Guarded clustering: human decisions first, then the strongest edge first; a guard's refusal is kept.

Plain connected components join families through one careless row; here each union must pass the guards
of everything that the two clusters already know (`guards.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from maehia.linkage.guards import States, states_of

if TYPE_CHECKING:
    import pandas as pd

AUTO, REVIEW = 0.95, 0.05


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided, as pairs of rec_id; they hold in every later run."""

    same: Sequence[tuple[str, str]] = ()
    never: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Clustering:
    """assignment: rec_id -> cluster (the smallest rec_id in it).

    review: pairs for a human (rec_l, rec_r, p, reason); refused: pairs a guard stopped although p >= AUTO.
    """

    assignment: dict[str, str]
    review: pd.DataFrame
    refused: pd.DataFrame


@dataclass
class Forest:
    """Union-find with guarded state; the smaller position is always the root, so labels are stable."""

    states: States
    parent: list[int]
    never: dict[int, set[int]] = field(default_factory=dict)

    def find(self, x: int) -> int:
        parent = self.parent
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def forbid(self, a: int, b: int) -> None:
        ra, rb = self.find(a), self.find(b)
        if ra != rb:
            self.never.setdefault(ra, set()).add(rb)
            self.never.setdefault(rb, set()).add(ra)

    def conflict(self, ra: int, rb: int) -> str | None:
        if self.never and rb in self.never.get(ra, ()):
            return "never"
        return self.states.conflict(ra, rb)

    def join(self, ra: int, rb: int) -> None:
        keep, drop = (ra, rb) if ra < rb else (rb, ra)
        self.parent[drop] = keep
        self.states.merge(keep, drop)
        for other in self.never.pop(drop, ()):
            self.never[other].discard(drop)
            self.never[other].add(keep)
            self.never.setdefault(keep, set()).add(other)


def decide(forest: Forest, same: Iterable[tuple[int, int]], never: Iterable[tuple[int, int]]) -> None:
    """Replay human decisions: "same" overrides every guard, "never" holds against every later edge."""
    for a, b in same:
        ra, rb = forest.find(a), forest.find(b)
        if ra != rb:
            forest.join(ra, rb)
    for a, b in never:
        forest.forbid(a, b)


def join_edges(forest: Forest, a: Sequence[int], b: Sequence[int]) -> list[tuple[int, str]]:
    """Join along edges in the given order; gives (position of the edge, reason) of each refusal."""
    refused = []
    for spot, (x, y) in enumerate(zip(a, b, strict=True)):
        rx, ry = forest.find(x), forest.find(y)
        if rx == ry:
            continue
        reason = forest.conflict(rx, ry)
        if reason:
            refused.append((spot, reason))
        else:
            forest.join(rx, ry)
    return refused


def roots(forest: Forest) -> np.ndarray:
    """The root of each record, as positions."""
    return np.fromiter((forest.find(i) for i in range(len(forest.parent))), np.int64, len(forest.parent))


def new_forest(cleaned: pa.Table, single_lists: set[str]) -> Forest:
    return Forest(states_of(cleaned, single_lists), list(range(cleaned.num_rows)))
