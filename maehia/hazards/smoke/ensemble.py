"""Many fields that all agree with the stations: what a single map hides, as the events of a hazard."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from maehia.hazards.smoke.field import SmokeField, to_hazard
from maehia.hazards.smoke.methods import CHUNK, kriging_of
from maehia.impact import ArgumentError, Hazard
from maehia.impact.checks import Floats

MODES = 500


def members(field: SmokeField, count: int, *, seed: int, modes: int = MODES) -> Iterator[Floats]:
    """Yield `count` equally likely fields (ny, nx) ug/m3, NaN where the field is unknown; same seed, same fields.

    Conditioning by kriging (Journel and Huijbregts 1978, ch. VII): a free random field r by GSTools' randomisation
    method, made to agree with the stations by adding the kriging of (reading - r - noise) at them. Their mean, variance
    AND the covariance between cells are kriging's, so that sums over people are spread rightly. GSTools' own CondSRF
    scales r by the kriging deviation instead: right cell by cell, but not for sums. Without noise every member equals
    the readings at the stations. seed: 0 <= seed < 2^63; member m draws from Philox of (seed, m). modes: waves of the
    free field; fewer is faster and less normal. Costs about 4 CPU seconds a member, 250,000 cells and 1,000 modes.
    Raises ArgumentError for a field that was not kriged.
    """
    if field.method != "kriging":
        raise ArgumentError("field", f"was made by {field.method}, which says nothing of its doubt.",
                            fix='Make it with method="kriging".')  # fmt: skip
    if count < 1 or seed < 0:
        raise ArgumentError("count" if count < 1 else "seed", "is too small.")
    return (_member(field, np.random.Generator(np.random.Philox(key=[seed, number])), modes) for number in range(count))


def _member(field: SmokeField, dice: np.random.Generator, modes: int) -> Floats:
    import gstools as gs

    stations, variogram = field.stations, field.variogram
    cells = np.flatnonzero(field.known)
    x, y = field.grid.centre_of(cells)
    free = gs.SRF(variogram.model, seed=int(dice.integers(2**31)), mode_no=modes)
    everywhere = (np.concatenate([stations.x, x]), np.concatenate([stations.y, y]))
    # GSTools adds the nugget to a free field; it belongs to the stations alone and is drawn with their noise.
    raw = np.asarray(free.generator(np.asarray(everywhere), add_nugget=False))
    here, there = raw[: stations.size], raw[stations.size :]
    noise = np.sqrt(variogram.nugget + variogram.forward_error(stations.error, stations.value) ** 2)
    off = variogram.forward(stations.value) - here - noise * dice.standard_normal(stations.size)
    heights = None if field.drift is None else field.drift.at_points[cells]
    correction = kriging_of(stations, variogram, off, field.drift)(
        (x, y), chunk_size=CHUNK, store=False, return_var=False, ext_drift=heights
    )
    work = there + np.asarray(correction)
    found = np.full(field.grid.size, np.nan)
    found[cells] = np.exp(work) if variogram.log else np.maximum(work, 0.0)
    return found.reshape(field.grid.shape)


def ensemble(field: SmokeField, count: int, *, seed: int, frequency: float = 0.0, modes: int = MODES) -> Hazard:
    """`count` members as events that share `frequency` (per year of this moment's smoke) equally."""
    return to_hazard(field.grid, members(field, count, seed=seed, modes=modes), [frequency / count] * count)
