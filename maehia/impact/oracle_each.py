"""The plain path asset by asset, for terms that are not linear in the values: one event after the other in NumPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves, segments
from maehia.impact.exposure import MAIN, Exposure, Wholes
from maehia.impact.hazard import Hazard
from maehia.impact.terms import Terms

Wide = npt.NDArray[np.uint64]


def assess_each_plain(
    hazard: Hazard, curves: Curves, exposure: Exposure, cell: Ints, terms: Terms, *, group: Ints, groups: int
) -> tuple[Floats, Floats]:
    """at (quantities, E, groups) and per_asset (quantities, N)."""
    at = np.zeros((len(exposure.names), hazard.events, groups))
    per_asset = np.zeros((len(exposure.names), exposure.size))
    struck = np.full(hazard.grid.size, np.nan)
    for event in range(hazard.events):
        cells, intensity = hazard.event(event)
        struck[cells] = intensity
        wet = np.flatnonzero((cell >= 0) & ~np.isnan(struck[cell]))
        for number, name in enumerate(exposure.names):
            loss = losses(curves, exposure, terms, name, (wet, struck[cell[wet]], event))
            at[number, event] = np.bincount(group[wet], weights=loss, minlength=groups)
            per_asset[number, wet] += hazard.frequency[event] * loss
        struck[cells] = np.nan
    return at, per_asset


def losses(
    curves: Curves, exposure: Exposure, terms: Terms, name: str, struck: tuple[Ints, Floats, int]
) -> Floats:  # fmt: skip
    """Loss of each struck asset. struck: (numbers of the assets, intensity at each, number of the event)."""
    wet, intensity, event = struck
    floor = terms.of_assets("floor", exposure.size)
    depth = intensity - floor[wet] if floor.size else intensity
    factor = factors(curves, terms, exposure.rows(name)[wet], depth, (wet, event))
    loss: Floats = exposure.metric(name).value[wet] * np.where(depth < 0, 0.0, factor)
    return _insured(terms, loss, wet, exposure.size) if name == MAIN else loss


def factors(curves: Curves, terms: Terms, rows: Wholes, x: Floats, key: tuple[Ints, int]) -> Floats:
    """Damage factor of each asset, of curve rows[j] at intensity x[j]. key: (numbers of the assets, of the event)."""
    segment = np.searchsorted(curves.intensity, x, side="right")
    left, base, slope = curves.segments()
    mean: Floats = base[rows, segment] + (x - left[segment]) * slope[rows, segment]
    if terms.std is None:
        return mean
    _, base, slope = segments(curves.intensity, terms.std)
    spread: Floats = base[rows, segment] + (x - left[segment]) * slope[rows, segment]
    return _drawn(mean, spread, terms, key)


def _drawn(mean: Floats, spread: Floats, terms: Terms, key: tuple[Ints, int]) -> Floats:
    chance = (mean > 0) & (spread > 0)
    one, two = uniforms(terms.seed, *key)
    normal = np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * two)
    safe = np.where(chance, mean, 1.0)
    # Farther apart the square overflows, and what is drawn is 0 in either case.
    with np.errstate(over="ignore"):
        variance = np.log1p(np.minimum(np.where(chance, spread, 1.0) / safe, 1e150) ** 2)
    drawn = np.minimum(safe * np.exp(np.sqrt(variance) * normal - 0.5 * variance), terms.most)
    return np.where(chance, drawn, mean)


def uniforms(seed: int, assets: Ints, event: int) -> tuple[Floats, Floats]:
    """Philox4x32-10 (Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3), counter (asset, event)."""
    low32, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    asset, when, key = assets.astype(np.uint64), np.uint64(event), np.uint64(seed)
    word: list[Wide] = [
        asset & low32,
        asset >> half,
        np.full_like(asset, when & low32),
        np.full_like(asset, when >> half),
    ]
    k, m = int(key & low32), int(key >> half)
    for _ in range(10):
        one, two = np.uint64(0xD2511F53) * word[0], np.uint64(0xCD9E8D57) * word[2]
        word = [
            (two >> half) ^ word[1] ^ np.uint64(k),
            two & low32,
            (one >> half) ^ word[3] ^ np.uint64(m),
            one & low32,
        ]
        k, m = (k + 0x9E3779B9) & 0xFFFFFFFF, (m + 0xBB67AE85) & 0xFFFFFFFF
    pair = [((word[j] << half) | word[j + 1]) >> np.uint64(11) for j in (0, 2)]
    first, second = ((half_bits.astype(np.float64) + 0.5) / 2.0**53 for half_bits in pair)
    return first, second


def _insured(terms: Terms, loss: Floats, wet: Ints, size: int) -> Floats:
    deductible, cover = terms.of_assets("deductible", size), terms.of_assets("cover", size)
    if deductible.size:
        loss = np.maximum(loss - deductible[wet], 0.0)
    return np.minimum(loss, cover[wet]) if cover.size else loss
