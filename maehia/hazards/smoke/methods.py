"""From stations to any point: inverse distance as the plain baseline, ordinary kriging by GSTools beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from maehia.hazards.smoke.stations import Stations
from maehia.hazards.smoke.variogram import Variogram
from maehia.impact import ArgumentError, checks
from maehia.impact.checks import Floats

if TYPE_CHECKING:
    import gstools as gs

CHUNK = 16_384


def idw(stations: Stations, x: Floats, y: Floats, *, power: float = 2.0, neighbours: int | None = None) -> Floats:
    """Shepard's (1968) inverse distance weighting, ug/m3: (N,) like x and y; a station's own value at the station.

    power > 0. neighbours: only that many nearest stations (k-d tree); None takes all.
    """
    if not power > 0:
        raise ArgumentError("power", f"is {power}, expected more than 0.")
    if neighbours is not None and neighbours < 1:
        raise ArgumentError("neighbours", f"is {neighbours}, expected at least 1.")
    at = np.column_stack([np.ravel(x), np.ravel(y)])
    found = np.empty(len(at))
    tree = cKDTree(stations.points) if neighbours is not None and neighbours < stations.size else None
    for start in range(0, len(at), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = _weighted(stations, at[part], power, tree, neighbours)
    return found


def _weighted(stations: Stations, at: Floats, power: float, tree: cKDTree | None, neighbours: int | None) -> Floats:
    if tree is None:
        weight = shepard_weights(cdist(at, stations.points, "sqeuclidean"), power)
        return np.asarray((weight @ stations.value) / weight.sum(axis=1))
    distance, which = tree.query(at, k=np.arange(1, (neighbours or 1) + 1))
    weight = shepard_weights(distance**2, power)
    return np.asarray((weight * stations.value[which]).sum(axis=1) / weight.sum(axis=1))


def shepard_weights(squared: Floats, power: float) -> Floats:
    """(nearest / distance) ** power of each row of squared distances: free of overflow, exact at distance 0."""
    nearest = squared.min(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        ratio = np.divide(nearest, squared, out=np.ones_like(squared), where=squared > 0)
    ratio[(nearest == 0)[:, 0]] = 0.0
    ratio[squared == nearest] = 1.0
    return np.asarray(ratio if power == 2.0 else ratio ** (power / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """A trend that follows something known everywhere, mostly the elevation: its value at stations and points."""

    at_stations: Floats
    at_points: Floats

    @classmethod
    def of(cls, at_stations: Floats, at_points: Floats, stations: int, points: int) -> Drift:
        """Both moved and scaled by the stations' mean and spread, so that the kriging system stays well conditioned."""
        here = checks.vector(at_stations, "drift", (np.float64,), size=stations)
        there = checks.vector(np.ravel(at_points), "drift", (np.float64,), size=points)
        checks.finite(here, "drift")
        checks.finite(there, "drift")
        if np.ptp(here) == 0 or stations < 4:
            what = "needs at least 4 stations, not all at the same elevation."
            raise ArgumentError("drift", what, code="drift_not_identified")
        centre, spread = here.mean(), here.std()
        return cls((here - centre) / spread, (there - centre) / spread)


def kriging_of(stations: Stations, variogram: Variogram, work: Floats, drift: Drift | None = None) -> gs.Krige:
    """GSTools' ordinary (or external-drift) kriging of working values, with each station's own noise.

    Its error at a station is nugget + error^2; the points are free of it: without noise the field is exact there.
    """
    import gstools as gs

    noise = variogram.nugget + variogram.forward_error(stations.error, stations.value) ** 2
    return gs.Krige(variogram.model, [stations.x, stations.y], work, cond_err=noise,
                    ext_drift=None if drift is None else drift.at_stations)  # fmt: skip


def krige(
    stations: Stations, variogram: Variogram, x: Floats, y: Floats, drift: Drift | None = None
) -> tuple[Floats, Floats]:
    """(mean, variance) of the air at points, each (N,), on the variogram's working scale; nugget left out.

    `variogram.back` and `variogram.quantile` bring them to ug/m3.
    """
    system = kriging_of(stations, variogram, variogram.forward(stations.value), drift)
    at = (np.ravel(x), np.ravel(y))
    mean, variance = system(at, chunk_size=CHUNK, store=False, ext_drift=None if drift is None else drift.at_points)
    return np.asarray(mean), np.maximum(np.asarray(variance) - variogram.nugget, 0.0)
