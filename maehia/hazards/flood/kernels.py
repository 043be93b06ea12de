"""One time step over a strip of rows, in one pass, and the loops over a row that it is made of.

The pass computes the discharges a row ahead, holds back what a cell does not have, and writes the depths of the row
behind, so that each array is read and written once a step, while it is in the cache. The loops over a row are free
of branches and of calls, which lets the compiler use vectors; they take few arrays, since it proves at run time that
these do not overlap and gives up beyond eight comparisons.
"""
# ruff: noqa: PLR0917 (a compiled loop takes its arrays in order)

from __future__ import annotations

import numpy as np

from maehia.base.compiled import compiled
from maehia.hazards.flood.layout import Bytes, Fields, Pace
from maehia.impact.checks import Floats

# scratch rows: depth before, rain, friction of x and y faces, discharge (of y faces two rows), shares (two rows)
_OLD, _GAIN, _FX, _FY, _QX, _QY, _SHARE = 0, 1, 2, 3, 4, 5, 7


@compiled(contract=True)
def _inverse_cube_root(x: float) -> float:
    """x^(-1/3) for normal x > 0, to 2 units in the last place: a guess from the exponent within 3.5 %, then two steps
    of r <- r (1 - e)^(-1/3) as a series in e = 1 - x r^3. No branch, no division."""
    high = np.float64(x).view(np.int64) >> 32
    r = np.int64((np.int64(0x553EE000) - ((high * np.int64(0x55555556)) >> 32)) << 32).view(np.float64)
    e = 1.0 - x * r * r * r
    r = r + r * e * (1 / 3 + e * (2 / 9 + e * (14 / 81 + e * (35 / 243))))
    e = 1.0 - x * r * r * r
    return r + r * e * (1 / 3 + e * (2 / 9))


@compiled(contract=True)
def _discharge(deep: float, rise: float, q: float, beside: float, friction: float, gk: float, theta: float,
               side: float) -> float:  # fmt: skip
    """de Almeida et al. (2012) eq. 14 for one face of flow depth `deep`: friction is g dt n^2, gk is g dt / dx."""
    root = _inverse_cube_root(deep)
    p = deep * deep * deep * (root * root)  # deep^(7/3)
    return (theta * q + side * beside - gk * deep * rise) * p / (p + friction * abs(q))


@compiled(contract=True)
def _faces(h0: Floats, z0: Floats, h1: Floats, z1: Floats, q: Floats, qa: Floats, qb: Floats, friction: Floats,
           out: Floats, gk: float, pace: Pace) -> None:  # fmt: skip
    """New discharge of a line of faces between cells 0 and 1; qa, qb: the next faces before and behind each."""
    for j in range(out.size):
        low, high = h0[j] + z0[j], h1[j] + z1[j]
        deep = max(low, high) - max(z0[j], z1[j])
        flows = deep > pace.dry
        value = _discharge(deep if flows else 1.0, high - low, q[j], qa[j] + qb[j], friction[j], gk, pace.theta,
                           pace.side)  # fmt: skip
        out[j] = value if flows else 0.0


@compiled(contract=True)
def _again(h0: Floats, z0: Floats, h1: Floats, z1: Floats, q: Floats, qa: Floats, qb: Floats, friction: Floats,
           out: Floats, gk: float, pace: Pace, at: Bytes, crest: Floats, run: Floats) -> None:  # fmt: skip
    """The faces `at` that are not plain ground, once more. run 0: a barrier, the bed is at least its crest. Else the
    domain is open here and water leaves at normal depth, run h^(5/3), out of cell 0 (run > 0) or cell 1."""
    for k in range(at.size):
        j = at[k]
        if j < 0 or j >= out.size:
            continue
        if run[k] != 0.0:
            out[j] = run[k] * (h0[j] if run[k] > 0.0 else h1[j]) ** (5.0 / 3.0)
            continue
        low, high = h0[j] + z0[j], h1[j] + z1[j]
        deep = max(low, high) - max(z0[j], z1[j], crest[k])
        out[j] = 0.0
        if deep > pace.dry:
            out[j] = _discharge(deep, high - low, q[j], qa[j] + qb[j], friction[j], gk, pace.theta, pace.side)
            if pace.froude > 0.0:
                most = pace.froude * deep * np.sqrt(pace.g * deep)
                out[j] = min(max(out[j], -most), most)


@compiled(contract=True)
def _slow(h0: Floats, z0: Floats, h1: Floats, z1: Floats, out: Floats, pace: Pace) -> None:
    """Hold the Froude number of each face at its limit."""
    for j in range(out.size):
        deep = max(max(h0[j] + z0[j], h1[j] + z1[j]) - max(z0[j], z1[j]), 0.0)
        most = pace.froude * deep * np.sqrt(pace.g * deep)
        out[j] = min(max(out[j], -most), most)


@compiled(contract=True)
def _rub(n0: Floats, n1: Floats, out: Floats, gdt: float) -> None:
    """g dt n^2 of each face, n the mean of both cells."""
    for j in range(out.size):
        n = 0.5 * (n0[j] + n1[j])
        out[j] = gdt * n * n


@compiled(contract=True)
def _overdrawn(h: Floats, x: Floats, south: Floats, north: Floats, kx: float, ky: float) -> bool:
    """Does any cell send out more than stands in it?"""
    bad = False
    for j in range(h.size):
        out = kx * (max(x[j + 1], 0.0) + max(-x[j], 0.0)) + ky * (max(north[j], 0.0) + max(-south[j], 0.0))
        bad |= out > h[j]
    return bad


@compiled(contract=True)
def _shares(h: Floats, x: Floats, south: Floats, north: Floats, share: Floats, kx: float, ky: float) -> None:
    """The part of its outgoing discharge that each cell can pay for. Only the cell's own state decides."""
    for j in range(h.size):
        out = kx * (max(x[j + 1], 0.0) + max(-x[j], 0.0)) + ky * (max(north[j], 0.0) + max(-south[j], 0.0))
        share[j] = h[j] / out if out > h[j] else 1.0


@compiled(contract=True)
def _hold_back(q: Floats, share0: Floats, share1: Floats) -> None:
    """Each face gets the share of the cell that its water comes from."""
    for j in range(q.size):
        q[j] *= share0[j] if q[j] > 0.0 else share1[j]


@compiled(contract=True)
def _copy(source: Floats, target: Floats) -> None:
    for j in range(source.size):
        target[j] = source[j]


@compiled(contract=True)
def _look_up(table: Floats, kind: Bytes, out: Floats) -> None:
    for j in range(out.size):
        out[j] = table[kind[j]]


@compiled(contract=True)
def _deepen(old: Floats, x: Floats, south: Floats, north: Floats, gain: Floats, h: Floats, pace: Pace
            ) -> tuple[np.int64, bool]:  # fmt: skip
    """New depths. Gives the bits of the greatest (for depths >= 0 they order as the numbers do, and NaN is above
    all) and whether any cell crossed the wet threshold."""
    top, crossed = np.int64(0), False
    for j in range(h.size):
        # a cell that pays out all it has may be left 1e-17 below zero
        new = old[j] + (pace.kx * (x[j] - x[j + 1]) + pace.ky * (south[j] - north[j])) + gain[j]
        new = 0.0 if new < 0.0 else new
        h[j] = new
        top = max(top, np.float64(new).view(np.int64) & np.int64(0x7FFFFFFFFFFFFFFF))
        crossed |= (new >= pace.wet) != (old[j] >= pace.wet)
    return top, crossed


@compiled(contract=True)
def _record_crossing(old: Floats, h: Floats, arrival: Floats, wet_for: Floats, pace: Pace) -> None:
    """Duration is the sum of dry-again times minus the sum of wet times; a cell still wet is closed at the end."""
    for j in range(h.size):
        before, after = old[j] >= pace.wet, h[j] >= pace.wet
        if before != after:
            wet_for[j] += -pace.end if after else pace.end
            if after and np.isnan(arrival[j]):
                arrival[j] = pace.end


@compiled(contract=True)
def _record_depth(h: Floats, most: Floats) -> None:
    for j in range(h.size):
        most[j] = max(most[j], h[j])


@compiled(contract=True)
def _record_speed(h: Floats, x: Floats, south: Floats, north: Floats, most: Floats, wet: float) -> None:
    """Greatest square of the speed, from the means of opposite faces."""
    for j in range(h.size):
        u, v = x[j] + x[j + 1], south[j] + north[j]
        deep = h[j] >= wet
        square = 0.25 * (u * u + v * v) / (h[j] * h[j] if deep else 1.0)
        most[j] = max(most[j], square if deep else 0.0)


@compiled(contract=True)
def _row_x(s: Fields, i: int, a: int, b: int, pace: Pace) -> None:
    """Faces a..b of row i (between cells a - 1 and b) into the scratch row."""
    out, friction = s.work[_QX, a : b + 1], s.work[_FX, a : b + 1]
    if s.n.shape[0] > 1:
        _rub(s.n[i, a - 1 : b], s.n[i, a : b + 1], friction, pace.g * pace.dt)
    s.qx[i, 0], s.qx[i, -1] = s.qx[i, 1], s.qx[i, -2]
    h0, z0, h1, z1 = s.h[i, a - 1 : b], s.z[i, a - 1 : b], s.h[i, a : b + 1], s.z[i, a : b + 1]
    q, qa, qb = s.qx[i, a : b + 1], s.qx[i, a - 1 : b], s.qx[i, a + 1 : b + 2]
    gk = pace.g * pace.kx
    _faces(h0, z0, h1, z1, q, qa, qb, friction, out, gk, pace)
    if pace.froude > 0.0:
        _slow(h0, z0, h1, z1, out, pace)
    first, last = s.x_first[i], s.x_first[i + 1]
    if last > first:
        _again(h0, z0, h1, z1, q, qa, qb, friction, out, gk, pace, s.x_at[first:last] - a, s.x_crest[first:last],
               s.x_run[first:last])  # fmt: skip


@compiled(contract=True)
def _row_y(s: Fields, i: int, pace: Pace) -> None:
    """Faces between row i - 1 and row i into one of two scratch rows."""
    a, b = _columns_between(s, i)
    if b <= a:
        return
    out, friction = s.work[_QY + (i & 1), a:b], s.work[_FY, a:b]
    if s.n.shape[0] > 1:
        _rub(s.n[i - 1, a:b], s.n[i, a:b], friction, pace.g * pace.dt)
    h0, z0, h1, z1 = s.h[i - 1, a:b], s.z[i - 1, a:b], s.h[i, a:b], s.z[i, a:b]
    q, qa, qb = s.qy[i, a:b], s.qy[i - 1, a:b], s.qy[i + 1, a:b]
    gk = pace.g * pace.ky
    _faces(h0, z0, h1, z1, q, qa, qb, friction, out, gk, pace)
    if pace.froude > 0.0:
        _slow(h0, z0, h1, z1, out, pace)
    first, last = s.y_first[i], s.y_first[i + 1]
    if last > first:
        _again(h0, z0, h1, z1, q, qa, qb, friction, out, gk, pace, s.y_at[first:last] - a, s.y_crest[first:last],
               s.y_run[first:last])  # fmt: skip


@compiled(contract=True)
def _limit(s: Fields, i: int, a: int, b: int, pace: Pace) -> bool:
    """Shares of row i, and its x faces held back by them. Returns whether any share is below 1."""
    share = s.work[_SHARE + (i & 1)]
    x, south, north = s.work[_QX, a : b + 1], s.work[_QY + (i & 1), a:b], s.work[_QY + ((i + 1) & 1), a:b]
    h = s.h[i, a:b]
    if not _overdrawn(h, x, south, north, pace.kx, pace.ky):
        return False
    _shares(h, x, south, north, share[a:b], pace.kx, pace.ky)
    _hold_back(x, share[a - 1 : b], share[a : b + 1])
    return True


@compiled(contract=True)
def _finish(s: Fields, i: int, gain: Floats, pace: Pace) -> int:
    """Depths and statistics of own row i; returns the bits of its greatest depth."""
    a, b = _columns(s, i)
    if b <= a:
        return 0
    old, h, x = s.work[_OLD, a:b], s.h[i, a:b], s.qx[i, a : b + 1]
    south, north, more = s.qy[i, a:b], s.qy[i + 1, a:b], s.work[_GAIN, a:b]
    _copy(h, old)
    if gain.size > 1:
        _look_up(gain, s.kind[i, a:b], more)
    top, crossed = _deepen(old, x, south, north, more, h, pace)
    if crossed:
        _record_crossing(old, h, s.arrival[i, a:b], s.wet_for[i, a:b], pace)
    _record_depth(h, s.most[i, a:b])
    _record_speed(h, x, south, north, s.speed[i, a:b], pace.wet)
    return int(top)


@compiled()
def _spread(s: Fields, raining: bool) -> None:
    """Columns that water can reach in this step: one cell beyond those of the row and of its neighbours."""
    rows, cols = s.h.shape
    if raining:
        s.low[:], s.high[:] = 0, cols
        return
    below_low, below_high = cols, 0
    for i in range(rows):
        low, high = s.low[i], s.high[i]
        above = min(i + 1, rows - 1)
        s.low[i] = max(min(below_low, low, s.low[above]) - 1, 0)
        s.high[i] = min(max(below_high, high, s.high[above]) + 1, cols) if max(below_high, high, s.high[above]) else 0
        if s.high[i] == 0:
            s.low[i] = cols
        below_low, below_high = low, high


@compiled()
def shrink(s: Fields) -> None:
    """Columns of each row that hold water or a discharge, nothing else."""
    rows, cols = s.h.shape
    for i in range(rows):
        a, b = s.low[i], s.high[i]
        while a < b and s.h[i, a] == 0.0 and s.qx[i, a + 1] == 0.0 and s.qy[i, a] == 0.0 and s.qy[i + 1, a] == 0.0:
            a += 1
        while b > a and s.h[i, b - 1] == 0.0 and s.qx[i, b - 1] == 0.0 and s.qy[i, b - 1] == 0.0 and (
            s.qy[i + 1, b - 1] == 0.0
        ):  # fmt: skip
            b -= 1
        s.low[i], s.high[i] = (a, b) if a < b else (cols, 0)


@compiled(contract=True)
def _prepare(s: Fields, gain: Floats, pace: Pace) -> None:
    """Scratch rows as a step expects them, and the columns that it has to visit."""
    _spread(s, gain.max() > 0.0)
    if s.n.shape[0] == 1:
        s.work[_FX : _FY + 1] = pace.g * pace.dt * s.n[0, 0] * s.n[0, 0]
    s.work[_GAIN] = gain[0]
    s.work[_QX : _QY + 2] = 0.0
    s.work[_SHARE : _SHARE + 2] = 1.0


@compiled()
def _columns(s: Fields, i: int) -> tuple[int, int]:
    """First own column of row i that may hold water, and the one after the last."""
    return max(s.low[i], 1), min(s.high[i], s.h.shape[1] - 1)


@compiled()
def _columns_between(s: Fields, i: int) -> tuple[int, int]:
    """Columns of the faces between rows i - 1 and i over which water may pass."""
    below, above = _columns(s, i - 1), _columns(s, i)
    return min(below[0], above[0]), max(below[1], above[1])


@compiled(contract=True)
def _settle(s: Fields, i: int, limited: bool) -> None:
    """Write the faces between rows i - 1 and i, held back to what their cells can pay for."""
    a, b = _columns_between(s, i)
    if b > a:
        q = s.work[_QY + (i & 1), a:b]
        if limited:
            _hold_back(q, s.work[_SHARE + ((i - 1) & 1), a:b], s.work[_SHARE + (i & 1), a:b])
        _copy(q, s.qy[i, a:b])


@compiled(contract=True)
def _flow(s: Fields, i: int, pace: Pace) -> bool:
    """Discharges out of row i: west and east of its cells, written, and north of it, held in scratch.

    Returns whether any cell had to be held back.
    """
    a, b = _columns(s, i)
    if b <= a:
        return False
    _row_x(s, i, a, b, pace)
    limited = _limit(s, i, a, b, pace)
    _copy(s.work[_QX, a : b + 1], s.qx[i, a : b + 1])
    return limited


@compiled(contract=True)
def sweep(s: Fields, gain: Floats, beyond_south: bool, beyond_north: bool, pace: Pace) -> int:
    """One step of the strip in place. gain: metres of rain by kind; one entry is the same for all cells.

    beyond_*: another strip lies there, and its rows are in the halo; else the domain ends. Returns the bits of the
    greatest depth.
    """
    own = s.h.shape[0] - 4
    top = 0
    _prepare(s, gain, pace)
    limited_below = limited = False
    for i in range(own + 3):
        if limited_below:  # by the row two below, whose shares lie where this row's will
            s.work[_SHARE + (i & 1)] = 1.0
        limited_below, limited = limited, False
        if (i > 0 or beyond_south) and (i <= own + 1 or beyond_north):
            _row_y(s, i + 1, pace)
        if (i > 1 or (i == 1 and beyond_south)) and (i < own + 2 or beyond_north):
            limited = _flow(s, i, pace)
        if i > 1:
            _settle(s, i, limited or limited_below)
        if i > 2:
            top = max(top, _finish(s, i - 1, gain, pace))
    return top
