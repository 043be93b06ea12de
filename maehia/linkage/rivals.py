"""Candidates compete: a record is one person, so what speaks for one candidate speaks against the others.

A pair's own probability counts "somebody else" as if nothing were known of him. The register knows: most
people stand in some list, and the other candidates of a name are there to be counted. With W the odds of a
pair, its probability among rivals is

    W / (W + q + sum of W of the rivals that cannot be the same person)

where q is the chance that the record's person stands nowhere else (estimated from the data itself).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from maehia.linkage.cluster import AUTO, Forest, roots
from maehia.linkage.lists import ListFacts, share_alone

# Edges as strong as this (bits) are joined before any competition.
SURE = 10.0
ROUNDS = 4
# Chance of standing alone: never taken below this; of a cluster that has joined already, this.
_LEAST_ALONE, _JOINED_ALONE = 0.04, 0.5


@dataclass(slots=True)
class Edges:
    """Pairs as arrays, strongest first: positions a < b, log2 odds, and the bit of a list that both stand in."""

    a: np.ndarray
    b: np.ndarray
    odds: np.ndarray
    paid: list[int]


@dataclass(slots=True)
class Toll:
    """What it costs (bits, negative) to give a person a second row in the lists that two clusters share."""

    bits: list[float]
    known: dict[int, float]

    def of(self, shared: int) -> float:
        if shared not in self.known:
            self.known[shared] = sum(b for i, b in enumerate(self.bits) if shared >> i & 1)
        return self.known[shared]


@dataclass(slots=True)
class Candidate:
    """The best edge between two clusters and its probability among rivals."""

    spot: int
    left: int
    right: int
    odds: float
    p: float = 0.0


def make_edges(
    a: np.ndarray, b: np.ndarray, weight: np.ndarray, kin: np.ndarray, facts: ListFacts
) -> Edges:
    """Edges with the lists' own priors, strongest first, ties by position."""
    one, two = facts.code[a], facts.code[b]
    odds = np.round(weight + facts.shift[one, two] - np.log2(1 + 2.0 ** np.minimum(kin, 60)), 6)
    order = np.lexsort((b, a, -odds))
    paid = np.where(one == two, 1 << one, 0)[order]
    return Edges(a[order], b[order], odds[order], paid.tolist())


def candidates(forest: Forest, edges: Edges, toll: Toll) -> tuple[list[Candidate], dict[int, str]]:
    """One candidate per pair of clusters (its strongest edge), and the edges that a guard forbids."""
    root = roots(forest)
    left, right = root[edges.a], root[edges.b]
    low, high = np.minimum(left, right), np.maximum(left, right)
    # Edges stand strongest first, so the first of each pair of clusters is its best.
    _, first = np.unique(low * len(root) + high, return_index=True)
    first = np.sort(first[low[first] != high[first]])
    found, refused = [], {}
    for spot, x, y in zip(first.tolist(), low[first].tolist(), high[first].tolist(), strict=True):
        reason = forest.conflict(x, y)
        if reason:
            refused[spot] = reason
        else:
            odds = edges.odds[spot] + tolled(forest, edges, toll, spot, x, y)
            found.append(Candidate(spot, x, y, float(2.0 ** min(odds, 60.0))))
    return found, refused


def tolled(forest: Forest, edges: Edges, toll: Toll, spot: int, x: int, y: int) -> float:
    """The toll of joining the clusters x and y along an edge (whose own odds have paid for its own list)."""
    lists = forest.states.lists
    shared = lists[x] & lists[y]
    if not shared:
        return 0.0
    own = edges.paid[spot]
    return toll.of(shared & ~own)


def compete(found: list[Candidate], alone: np.ndarray) -> None:
    """Set p of each candidate. alone[root]: chance that the cluster's person stands in no other list."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for c in found:
        near[c.left][c.right] = c.odds
        near[c.right][c.left] = c.odds
    for c in found:
        rivals = max(_against(near, c.left, c.right), _against(near, c.right, c.left))
        nobody = min(alone[c.left], alone[c.right])
        c.p = c.odds / (c.odds + nobody + rivals)


def _against(near: dict[int, dict[int, float]], one: int, other: int) -> float:
    """Odds of the candidates of `one` that are certainly not `other`."""
    mine, theirs = near[one], near[other]
    if len(mine) == 1:
        return 0.0
    return sum(odds for root, odds in mine.items() if root != other and root not in theirs)


def settle(
    forest: Forest, edges: Edges, cleaned: pa.Table, facts: ListFacts
) -> tuple[list[Candidate], dict[int, str]]:
    """Join along the edges, sure ones first, then by competition until nothing changes.

    Gives what is left for review (with p among rivals) and what the guards refused, by edge position.
    """
    toll = Toll(np.diag(facts.shift).tolist(), {})
    _join_sure(forest, edges, toll)
    single = share_alone(cleaned, facts, roots(forest))
    found: list[Candidate] = []
    refused: dict[int, str] = {}
    for _ in range(ROUNDS):
        found, refused = candidates(forest, edges, toll)
        root = roots(forest)
        size = np.bincount(root, minlength=len(root))
        alone = np.where(size > 1, _JOINED_ALONE, np.maximum(single[facts.code], _LEAST_ALONE))
        compete(found, alone)
        if not _join_best(forest, found):
            break
    return found, refused


def _join_sure(forest: Forest, edges: Edges, toll: Toll) -> None:
    for spot in np.flatnonzero(edges.odds >= SURE).tolist():
        x, y = forest.find(int(edges.a[spot])), forest.find(int(edges.b[spot]))
        if x == y or forest.conflict(x, y):
            continue
        if edges.odds[spot] + tolled(forest, edges, toll, spot, x, y) >= SURE:
            forest.join(x, y)


def _join_best(forest: Forest, found: list[Candidate]) -> int:
    joined = 0
    for c in sorted((c for c in found if c.p >= AUTO), key=lambda c: (-c.p, c.spot)):
        x, y = forest.find(c.left), forest.find(c.right)
        if x != y and forest.conflict(x, y) is None:
            forest.join(x, y)
            joined += 1
    return joined
