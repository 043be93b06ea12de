"""How often something is reached: curves over return periods.

All curves follow one rule: values sorted falling, frequencies cumulated, return period = 1 / cumulated frequency,
linear in return period between the points, NaN outside their range. Of equal values the rarest comes first: a wall
that holds back five floods leaves five zeros, which must not depend on the order in which the floods are listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError


def exceedance_curve(values: Floats, frequency: Floats) -> tuple[Floats, Floats]:
    """(return periods, values), both rising, one point an event. Events of frequency 0 have no part."""
    part = frequency > 0
    order = np.lexsort((frequency[part], -values[part]))
    often = np.cumsum(frequency[part][order])
    return 1.0 / often[::-1], values[part][order][::-1]


def exceedance_at(values: Floats, frequency: Floats, return_periods: npt.ArrayLike) -> Floats:
    """Value at each return period, linear between the points of the curve; NaN outside their range."""
    wanted = periods_of(return_periods)
    periods, rising = exceedance_curve(values, frequency)
    if not periods.size:
        return np.full(wanted.shape, np.nan)
    return np.interp(wanted, periods, rising, left=np.nan, right=np.nan)


def periods_of(return_periods: npt.ArrayLike) -> Floats:
    """Return periods as float64, refused where not above 0."""
    wanted = np.asarray(return_periods, dtype=np.float64)
    checks.refuse(~(wanted > 0), "return_periods", "is not above 0.")
    return wanted


@dataclass(frozen=True, slots=True, eq=False)
class YearEvents:
    """Which events happen in which simulated year: occurrence j is event[j] in year[j].

    year: (J,) whole numbers, 0 to years - 1. event: (J,) rows of the hazard. years: how many were simulated, the
    quiet ones included. Raises ArgumentError with the first bad index.
    """

    year: Ints
    event: Ints
    years: int

    def __post_init__(self) -> None:
        if self.years < 1 or int(self.years) != self.years:
            raise ArgumentError("years", f"is {self.years}, expected a whole number from 1.")
        year = checks.vector(self.year, "year", (np.int64,))
        event = checks.vector(self.event, "event", (np.int64,), size=year.size)
        checks.refuse((year < 0) | (year >= self.years), "year", f"is not one of 0 to {self.years - 1}.")
        checks.not_negative(event, "event")
        object.__setattr__(self, "year", year)
        object.__setattr__(self, "event", event)


@dataclass(frozen=True, slots=True, eq=False)
class Annual:
    """Impact by simulated year, (years,): sum of its events and the largest of them."""

    total: Floats
    largest: Floats

    def aep(self, return_periods: npt.ArrayLike) -> Floats:
        """Aggregate exceedance: the year's total that is reached once in each return period."""
        return _of_years(self.total, return_periods)

    def oep(self, return_periods: npt.ArrayLike) -> Floats:
        """Occurrence exceedance: the year's largest event that is reached once in each return period."""
        return _of_years(self.largest, return_periods)


def _of_years(values: Floats, return_periods: npt.ArrayLike) -> Floats:
    """The k-th largest of n years is reached once in n / k years; linear between, NaN outside 1 to n."""
    periods = values.size / np.arange(values.size, 0, -1.0)
    return np.interp(periods_of(return_periods), periods, np.sort(values), left=np.nan, right=np.nan)


def annual(at_event: Floats, table: YearEvents) -> Annual:
    """Impacts of the events that each year has; a year without events has 0."""
    checks.refuse(table.event >= at_event.size, "event", f"is not one of the {at_event.size} events of the hazard.")
    impacts = at_event[table.event]
    largest = np.zeros(table.years)
    np.maximum.at(largest, table.year, impacts)
    total = np.zeros(table.years)
    np.add.at(total, table.year, impacts)
    return Annual(total, largest)
