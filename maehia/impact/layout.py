"""Curves, quantities and work laid out for the compiled pass."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves, segments
from maehia.impact.records import Panels, Ruler

# Sums of a tile (V and g) may take this much: they stay in the second cache beside what streams through it.
TILE_BYTES = 1 << 18
# Sums of one lane may take this much where events list so few cells that small tiles would be walked in vain.
WIDE_BYTES = 1 << 26
# Below this many listed cells an event and tile, walking from event to event costs more than the work.
FEW_CELLS = 16
# Clearing the sums of one more tile takes about as long as looking where this many events stand.
EVENTS_A_TILE = 3000
BUCKETS = 1024
# Results of all lanes together, before they are summed.
LANE_BYTES = 1 << 26


def fours(curves: int) -> int:
    """Number of curves, filled up to whole vectors of four."""
    return -(-curves // 4) * 4


def ruler(curves: Curves) -> Ruler:
    """Tables of segments and of the buckets that lead to them.

    Bucket of x = (x - low) * scale. A bucket's entry counts the points that lie in buckets before it: since the
    formula never falls with x, they all lie at or below any x of the bucket, and the few of its own bucket remain
    to be stepped over. So the segment found is that of a full search, to the bit.
    """
    points = curves.intensity
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scale = float(BUCKETS / (points[-1] - points[0])) if points[-1] > points[0] else 0.0
        scale = scale if np.isfinite(scale) else 0.0
        of_point = np.nan_to_num(np.clip((points - points[0]) * scale, 0, BUCKETS - 1)).astype(np.int64)
    start = np.searchsorted(of_point, np.arange(BUCKETS), side="left").astype(np.int32)
    left = curves.segments()[0]
    coef = coefficients(points, curves.damage)
    return Ruler(float(points[0]), scale, BUCKETS - 1.0, start, np.append(points, np.inf), left, coef)


def coefficients(points: Floats, table: Floats) -> Floats:
    """[segment, (base, slope), curve] flat, curves filled up to fours with zeros."""
    _, base, slope = segments(points, table)
    coef = np.zeros((points.size + 1, 2, fours(table.shape[0])))
    coef[:, 0, : table.shape[0]] = base.T
    coef[:, 1, : table.shape[0]] = slope.T
    return coef.ravel()


def panels(curve: npt.NDArray[np.int32], curves: int, groups: int) -> Panels:
    """Which (quantity, four curves) occur; curve: (quantities, n)."""
    count = max(1, fours(curves) // 4)
    occurs = np.zeros((curve.shape[0], count), dtype=bool)
    for number, rows in enumerate(curve):
        occurs[number, np.flatnonzero(np.bincount(rows >> 2, minlength=count))] = True
    quantity, four = np.nonzero(occurs)
    of = np.full(occurs.shape, -1, dtype=np.int64)
    of[quantity, four] = np.arange(quantity.size)
    return Panels(of, quantity, four, groups)


def steps(nnz: int, events: int, tiles: int, tile_bytes: int) -> int:
    """How many tiles to take at a time: one, or more where an event lists few cells in each."""
    if not events or nnz >= FEW_CELLS * events * tiles:
        return 1
    wanted = -(-FEW_CELLS * events * tiles // max(1, nnz))
    return int(max(1, min(wanted, tiles, 1 + events // EVENTS_A_TILE, WIDE_BYTES // max(1, tile_bytes))))


def lanes(work: int, strides: int, lane_bytes: int) -> int:
    """In how many lanes to cut the tiles: a matter of the problem alone, so that sums come out the same anywhere."""
    wanted = 1 if work < 1 << 17 else min(16, max(4, work >> 22))
    return int(max(1, min(wanted, strides, LANE_BYTES // max(1, lane_bytes))))


def lane_cuts(start: Ints, step: int, count: int) -> list[tuple[int, int]]:
    """[first tile, last tile) of each lane, whole steps."""
    tiles = start.size - 1
    strides = -(-tiles // step)
    edge = [min(tiles, strides * k // count * step) for k in range(count + 1)]
    return [(a, b) for a, b in pairwise(edge) if a < b]
