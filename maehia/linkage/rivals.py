"""Candidates compete: a record is one person, so what speaks for one candidate speaks against the others.

A pair's own probability counts "somebody else" as if nothing were known of him. The register knows: most
people stand in some list, and the other candidates of a name are there to be counted. With W the odds of a
pair, its probability among rivals is

    W / (W + q + sum of W of the rivals that cannot be the same person)

where q is the chance that the record's person stands nowhere else (estimated from the data itself).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from maehia.linkage.forest import AUTO, Forest, roots
from maehia.linkage.lists import ListFacts, Pairs, share_alone

# Edges as strong as this (bits) are joined before any competition.
SURE, CERTAIN = 7.0, 10.0
# ... unless, short of CERTAIN, somebody else does nearly as well (bits).
TIE = 1.0
ROUNDS = 6
# Groups are weighed as a whole from this round on; many comparisons give chance more chances (bits per log2).
_POOL_FROM, _POOL_COST = 2, 0.5
# Chance of standing alone: never taken below this; of a cluster that has joined already, this.
_LEAST_ALONE, _JOINED_ALONE = 0.04, 0.25
# No town is quite as the model thinks it: what speaks against a pair counts this much more.
_CAUTION = 1.25
# Against odds like these only a rival who is certainly another person counts.
_CLEAR = 2.0**6


@dataclass(slots=True)
class Edges:
    """Pairs as arrays, strongest first: positions a < b, log2 odds, and the bit of a list that both stand in."""

    a: np.ndarray
    b: np.ndarray
    odds: np.ndarray
    paid: list[int]


@dataclass(frozen=True, slots=True)
class Toll:
    """What a person's second row in a list costs, in bits by list (negative)."""

    repeat: list[float]

    def of(self, forest: Forest, ends: tuple[int, int], paid: int = 0) -> float:
        """Cost of joining two clusters. paid: bit of the list whose cost the edge's own odds hold already."""
        lists = forest.states.lists
        shared = lists[ends[0]] & lists[ends[1]] & ~paid
        return sum(b for i, b in enumerate(self.repeat) if shared >> i & 1) if shared else 0.0


@dataclass(slots=True)
class Candidate:
    """The best edge between two clusters and its probability among rivals."""

    spot: int
    left: int
    right: int
    odds: float
    p: float = 0.0


def make_edges(pairs: Pairs, facts: ListFacts) -> Edges:
    """Edges with the lists' own priors, strongest first, ties by position."""
    a, b, weight, kin = pairs
    one, two = facts.code[a], facts.code[b]
    odds = np.round(weight + facts.shift[one, two] - np.log2(1 + 2.0 ** np.minimum(kin, 60)), 6)
    order = np.lexsort((b, a, -odds))
    paid = np.where(one == two, 1 << one, 0)[order]
    return Edges(a[order], b[order], odds[order], paid.tolist())


@dataclass(slots=True)
class Field:
    """Where the competition stands: candidates, edges that a guard forbids, and the odds of clusters that a
    guard keeps apart: where all else says that they are one person (a slip in an ID), they are no rivals."""

    found: list[Candidate]
    refused: dict[int, str]
    split: dict[tuple[int, int], float]


def candidates(forest: Forest, edges: Edges, toll: Toll) -> Field:
    """One candidate per pair of clusters, by its strongest edge."""
    root = roots(forest)
    left, right = root[edges.a], root[edges.b]
    low, high = np.minimum(left, right), np.maximum(left, right)
    # Edges stand strongest first, so the first of each pair of clusters is its best.
    _, first = np.unique(low * len(root) + high, return_index=True)
    first = np.sort(first[low[first] != high[first]])
    field = Field([], {}, {})
    for spot, x, y in zip(first.tolist(), low[first].tolist(), high[first].tolist(), strict=True):
        reason = forest.conflict(x, y)
        if reason:
            field.refused[spot] = reason
            field.split[x, y] = float(2.0 ** min(edges.odds[spot], 60.0))
        else:
            odds = edges.odds[spot] + toll.of(forest, (x, y), edges.paid[spot])
            field.found.append(Candidate(spot, x, y, float(2.0 ** min(odds, 60.0))))
    return field


def compete(field: Field, forest: Forest, alone: np.ndarray) -> None:
    """Set p of each candidate. alone[root]: chance that the cluster's person stands in no other list."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for c in field.found:
        near[c.left][c.right] = c.odds
        near[c.right][c.left] = c.odds
    contest = _Contest(near, {r: dict.fromkeys(mine, 1.0) for r, mine in near.items()}, field.split, forest)
    # First only what is certain counts as a rival; then also candidates that are hardly one person.
    for certain in (True, False):
        for c in field.found:
            if c.odds >= _CLEAR and not certain:
                continue
            rivals = max(contest.against(c.left, c.right, certain), contest.against(c.right, c.left, certain))
            c.p = c.odds / (c.odds + _CAUTION * (min(alone[c.left], alone[c.right]) + rivals))
        for c in field.found:
            contest.linked[c.left][c.right] = contest.linked[c.right][c.left] = c.p


@dataclass(slots=True)
class _Contest:
    """near: odds of each candidate; linked: chance, as known so far, that two clusters are one person."""

    near: dict[int, dict[int, float]]
    linked: dict[int, dict[int, float]]
    split: dict[tuple[int, int], float]
    forest: Forest

    def against(self, one: int, other: int, certain: bool) -> float:
        """Odds of the candidates of `one` that are somebody else than `other`."""
        mine = self.near[one]
        if len(mine) == 1:
            return 0.0
        states = self.forest.states
        vague = not (certain or states.nid[one] or states.births[one])
        return sum(odds * self._apart(root, other, vague) for root, odds in mine.items() if root != other)

    def _apart(self, root: int, other: int, vague: bool) -> float:
        """Chance that two candidates are two persons; for a well-described record only what is certain counts."""
        kept_apart = self.split.get((min(root, other), max(root, other)))
        if kept_apart is not None:
            return 1 / (1 + kept_apart)
        linked = self.linked[other].get(root)
        if linked is not None:
            return 1 - linked if vague else 0.0
        return 1.0 if vague or self.forest.conflict(root, other) else 0.0


Pool = Callable[[list[tuple[int, list[int], list[int]]]], dict[int, float]]


def settle(forest: Forest, edges: Edges, cleaned: pa.Table, facts: ListFacts, pool: Pool | None = None) -> Field:
    """Join along the edges, sure ones first, then by competition until nothing changes.

    pool: gives the log2 odds of two groups of records taken together; asked where single edges left doubt.
    """
    toll = Toll(np.diag(facts.shift).tolist())
    _join_sure(forest, edges, toll)
    single = share_alone(cleaned, facts, roots(forest))
    field = Field([], {}, {})
    for number in range(ROUNDS):
        field = candidates(forest, edges, toll)
        root = roots(forest)
        size = np.bincount(root, minlength=len(root))
        if pool and number >= _POOL_FROM:
            _pool(field, forest, toll, pool)
        alone = np.where(size > 1, _JOINED_ALONE, np.maximum(single[facts.code], _LEAST_ALONE))
        compete(field, forest, alone)
        if not _join_best(forest, field.found) and (pool is None or number >= _POOL_FROM):
            break
    return field


def _pool(field: Field, forest: Forest, toll: Toll, pool: Pool) -> None:
    """Weigh candidates of more than two records by all that both sides say."""
    root = roots(forest)
    size = np.bincount(root, minlength=len(root))
    members: dict[int, list[int]] = defaultdict(list)
    wanted = {r for c in field.found for r in (c.left, c.right)}
    for spot, r in enumerate(root.tolist()):
        if r in wanted:
            members[r].append(spot)
    many = [c for c in field.found if size[c.left] + size[c.right] > 2]
    odds = pool([(c.spot, members[c.left], members[c.right]) for c in many])
    for c in many:
        cost = toll.of(forest, (c.left, c.right)) - _POOL_COST * math.log2(size[c.left] * size[c.right])
        c.odds = max(c.odds, 2.0 ** min(odds[c.spot] + cost, 60.0))


def _join_sure(forest: Forest, edges: Edges, toll: Toll) -> None:
    """Strongest first. Short of certainty a tie between two persons is left to the competition."""
    ends = _Ends(forest, edges)
    for spot in np.flatnonzero(edges.odds >= SURE).tolist():
        x, y = forest.find(int(edges.a[spot])), forest.find(int(edges.b[spot]))
        if x == y or forest.conflict(x, y) or ends.tied(spot):
            continue
        if edges.odds[spot] + toll.of(forest, (x, y), edges.paid[spot]) >= SURE:
            forest.join(x, y)


class _Ends:
    """The strong edges at each record, to see whether another person would do as well."""

    def __init__(self, forest: Forest, edges: Edges) -> None:
        self._forest, self._edges = forest, edges
        self._at: dict[int, list[int]] = defaultdict(list)
        strong = np.flatnonzero((edges.odds >= SURE - TIE) & (edges.odds < CERTAIN + TIE))
        for spot, a, b in zip(strong.tolist(), edges.a[strong].tolist(), edges.b[strong].tolist(), strict=True):
            self._at[a].append(spot)
            self._at[b].append(spot)

    def tied(self, spot: int) -> bool:
        """Whether an end of the edge has one nearly as strong to somebody who is not the other end's person."""
        edges = self._edges
        if edges.odds[spot] >= CERTAIN:
            return False
        a, b = int(edges.a[spot]), int(edges.b[spot])
        return self._leads_away(a, b, spot) or self._leads_away(b, a, spot)

    def _leads_away(self, here: int, there: int, spot: int) -> bool:
        edges, forest = self._edges, self._forest
        least = edges.odds[spot] - TIE
        for other in self._at[here]:
            if other == spot or edges.odds[other] < least:
                continue
            rival = int(edges.a[other] + edges.b[other]) - here
            if forest.conflict(forest.find(rival), forest.find(there)):
                return True
        return False


def _join_best(forest: Forest, found: list[Candidate]) -> int:
    joined = 0
    for c in sorted((c for c in found if c.p >= AUTO), key=lambda c: (-c.p, c.spot)):
        x, y = forest.find(c.left), forest.find(c.right)
        if x != y and forest.conflict(x, y) is None:
            forest.join(x, y)
            joined += 1
    return joined
