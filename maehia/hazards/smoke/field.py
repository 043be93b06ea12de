"""The field: stations spread over a grid by the method that the trial favours, with doubt, and unknown where no one
can know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from maehia.hazards.smoke.aqi import AqiField, aqi_of
from maehia.hazards.smoke.methods import Drift, idw, krige
from maehia.hazards.smoke.reach import Reach
from maehia.hazards.smoke.readings import Readings
from maehia.hazards.smoke.stations import Stations
from maehia.hazards.smoke.trial import METHODS, Trial, cross_validate
from maehia.hazards.smoke.variogram import PRIOR, Variogram
from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.checks import Floats

UNIT = "ug/m3"
DAY_HOURS = 24


@dataclass(frozen=True, slots=True, eq=False)
class SmokeField:
    """PM2.5 of one moment on a grid; make it with `make_field`. Arrays are (ny, nx), row 0 southernmost.

    value: ug/m3, NaN where unknown. std: kriging's standard deviation of the air (station noise left out), ug/m3; None
    for a method that has none. method: mean, idw or kriging. reason: why that one. unknown: rule -> cells it hides.
    """

    grid: Grid
    stations: Stations
    variogram: Variogram
    method: str
    reason: str
    value: Floats
    std: Floats | None
    work_mean: Floats
    work_variance: Floats
    unknown: dict[str, npt.NDArray[np.bool_]]
    drift: Drift | None
    trial: Trial | None

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return np.isfinite(self.value)

    @property
    def known_share(self) -> float:
        """Share of the grid's cells of which the field says anything."""
        return float(self.known.mean())

    def interval(self, level: float = 0.90) -> tuple[Floats, Floats]:
        """(low, high) ug/m3 of the air, NaN where unknown; of kriging only (ArgumentError else)."""
        if not 0 < level < 1:
            raise ArgumentError("level", f"is {level}, expected above 0 and below 1.")
        if self.method != "kriging":
            raise ArgumentError("method", f"{self.method} has no interval.", fix="Use the trial's RMSE.")
        ends = (self.variogram.quantile(self.work_mean, self.work_variance, share)
                for share in ((1 - level) / 2, (1 + level) / 2))  # fmt: skip
        low, high = (np.where(self.known, end, np.nan) for end in ends)
        return low, high

    def aqi(self) -> AqiField:
        """The Thai index of the field. Raises ArgumentError when the stations hold means of less than a day: the index
        of an hour does not exist. Stations that do not say (`hours` None) are taken at the caller's word.
        """
        if self.stations.hours is not None and self.stations.hours != DAY_HOURS:
            raise ArgumentError("field", f"holds {self.stations.hours}-hour means, the index is of {DAY_HOURS} hours.",
                                fix="Use Readings.running_mean().", code="not_a_day")  # fmt: skip
        return aqi_of(self.value)

    def to_hazard(self, frequency: float = 0.0) -> Hazard:
        """One event; see `to_hazard`."""
        return to_hazard(self.grid, [self.value], [frequency])


def make_field(
    stations: Stations,
    grid: Grid,
    variogram: Variogram = PRIOR,
    *,
    method: str = "auto",
    history: Readings | None = None,
    reach: Reach = Reach(),  # noqa: B008 - frozen
    elevation: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    power: float = 2.0,
    neighbours: int | None = None,
) -> SmokeField:
    """Spread the stations over the grid, whose crs must be metres.

    method: "auto" takes the winner of leave-one-out (`cross_validate`) over `history`, or over this moment alone when
    no history is given (with a handful of stations that is weak evidence); else "mean", "idw" or "kriging". A history
    holds what the stations hold, best one row a day of 24-hour means (`readings.running_mean().every(24)`).
    elevation: (at stations (S,), at cells (ny, nx)) as external drift of kriging. What lies beyond `reach` is NaN.
    """
    if CRS.from_user_input(grid.crs).is_geographic:
        raise ArgumentError(
            "grid", f"is in degrees ({grid.crs}).", fix="Use metres, EPSG:32647.", code="crs_not_metres"
        )
    if method not in ("auto", *METHODS):
        raise ArgumentError("method", f"is {method!r}, expected auto, {', '.join(METHODS)}.")
    trial = _trial(stations, variogram, history, elevation, power) if method == "auto" else None
    chosen = trial.best() if trial else method
    x, y = grid.centre_of(np.arange(grid.size))
    drift = Drift.of(*elevation, stations.size, grid.size) if elevation is not None else None  # type: ignore[arg-type]
    mean, variance = krige(stations, variogram, x, y, drift)
    value, std = variogram.back(mean, variance)
    if chosen == "idw":
        value = idw(stations, x, y, power=power, neighbours=neighbours)
    elif chosen == "mean":
        value = np.full(grid.size, stations.value.mean())
    unknown = reach.unknown(stations, grid, variogram, variance)
    hidden = np.logical_or.reduce(list(unknown.values()))
    value, std = (np.where(hidden, np.nan, array.reshape(grid.shape)) for array in (value, std))
    reason = trial.reason() if trial else f"{chosen}: asked for by the caller."
    return SmokeField(grid, stations, variogram, chosen, reason, value, std if chosen == "kriging" else None,
                      mean.reshape(grid.shape), variance.reshape(grid.shape), unknown, drift, trial)  # fmt: skip


def _trial(
    stations: Stations,
    variogram: Variogram,
    history: Readings | None,
    elevation: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    power: float,
) -> Trial:
    height = None if elevation is None else np.asarray(elevation[0], np.float64)
    if history is None:
        return cross_validate(stations.x, stations.y, stations.value, variogram, error=stations.error, power=power,
                              drift=height)  # fmt: skip
    columns = list(range(len(history.name)))
    if height is not None:
        columns = [at for at, name in enumerate(history.name) if name in stations.name]
        height = height[[stations.name.index(history.name[at]) for at in columns]]
    return cross_validate(history.x[columns], history.y[columns], history.value[:, columns], variogram, power=power,
                          drift=height)  # fmt: skip


def to_hazard(grid: Grid, fields: Iterable[npt.NDArray[Any]], frequency: Sequence[float]) -> Hazard:
    """(ny, nx) arrays of ug/m3, NaN where unknown -> a Hazard of one event each, unit "ug/m3".

    A known 0 is listed as 0; an unknown cell is not listed. `assess` counts no harm in a cell that is not listed: say
    beside every result how many people stand in unknown cells (`people_by_band`).
    """
    return Hazard.from_events(grid, (_listed(grid, field) for field in fields), frequency, UNIT)


def _listed(grid: Grid, field: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    if field.shape != grid.shape:
        raise ArgumentError("fields", f"has shape {field.shape}, expected {grid.shape}.")
    cells = np.flatnonzero(np.isfinite(field))
    return cells, field.ravel()[cells]
