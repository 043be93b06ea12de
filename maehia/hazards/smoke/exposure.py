"""Who breathes what: people by band of the index, and days over a limit; those in unknown cells are counted apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.hazards.smoke.aqi import IMPLAUSIBLE, aqi_of
from maehia.impact import ArgumentError, Grid, checks
from maehia.impact.checks import Floats, Ints

# The daily limit of PM2.5 in Thailand, ug/m3 over 24 hours (not checked in the notice itself).
DAY_LIMIT = 37.5


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """by_band: (5,) people in bands 1 (best) to 5. unknown: people in cells the field does not reach.

    mean: PM2.5 weighted by the people in known cells, NaN without any; it says nothing of the others.
    """

    by_band: Floats
    unknown: float
    mean: float

    @property
    def total(self) -> float:
        return float(self.by_band.sum() + self.unknown)


def people_on(grid: Grid, x: npt.ArrayLike, y: npt.ArrayLike, count: npt.ArrayLike) -> tuple[Floats, float]:
    """((ny, nx) people in each cell, people off the grid) from points with their number of people."""
    people = checks.vector(count, "count", (np.float64,))
    checks.finite(people, "count")
    checks.not_negative(people, "count")
    cell = grid.cell_of(x, y)
    if cell.shape != people.shape:
        raise ArgumentError("count", f"has length {people.size}, expected {cell.size}.")
    on = cell >= 0
    summed: Floats = np.bincount(cell[on], people[on], minlength=grid.size).astype(np.float64).reshape(grid.shape)
    return summed, float(people[~on].sum())


def people_by_band(pm25: npt.NDArray[Any], people: npt.NDArray[Any]) -> People:
    """People (ny, nx) by the Thai AQI band of a 24-hour field (ny, nx) ug/m3, NaN where unknown."""
    if pm25.shape != people.shape:
        raise ArgumentError("people", f"has shape {people.shape}, expected {pm25.shape}.")
    checks.finite(people, "people")
    checks.not_negative(people, "people")
    sums: Floats = np.bincount(aqi_of(pm25).band.ravel(), people.ravel(), minlength=6).astype(np.float64)
    known = (pm25 >= 0) & (pm25 < IMPLAUSIBLE)
    reached = float(people[known].sum())
    mean = float((pm25[known] * people[known]).sum() / reached) if reached > 0 else float("nan")
    return People(sums[1:], float(sums[0]), mean)


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """over: (ny, nx) days above the limit. known: (ny, nx) days of which the field says anything."""

    over: Ints
    known: Ints

    @property
    def share(self) -> Floats:
        """over / known, NaN where no day is known."""
        return np.where(self.known > 0, self.over / np.maximum(self.known, 1), np.nan)


def days_over(days: Iterable[npt.NDArray[Any]], limit: float = DAY_LIMIT) -> Days:
    """Count days above `limit` ug/m3 from one (ny, nx) field of 24-hour means a day; unknown is neither over nor under.

    Raises ArgumentError for no day at all, for days of unlike shape and a limit that is no number.
    """
    if not limit >= 0:
        raise ArgumentError("limit", f"is {limit}, expected 0 or more.")
    over: Any = None
    known: Any = None
    for number, day in enumerate(days):
        if over is None:
            over, known = np.zeros(day.shape, np.int64), np.zeros(day.shape, np.int64)
        if day.shape != over.shape:
            raise ArgumentError("days", f"has shape {day.shape}, expected {over.shape}.", index=number)
        says = (day >= 0) & (day < IMPLAUSIBLE)
        over += says & (day > limit)
        known += says
    if over is None:
        raise ArgumentError("days", "is empty.")
    return Days(over, known)
