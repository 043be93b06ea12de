"""Hourly readings of many stations: from a long table to a (hours, stations) array, its running day and its moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from maehia.hazards.smoke.moments import moments, refuse_far_apart
from maehia.hazards.smoke.stations import Stations
from maehia.impact import ArgumentError, checks
from maehia.impact.checks import Floats
from maehia.thai.aqi import MINIMUM_SHARE

Hours = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """value: (T, S) ug/m3, NaN where there is none; hour: (T,) datetime64[h], one row an hour without gaps.

    A row holds the readings taken from its hour on (08:00 to 08:59 is hour 08). Times have no zone: use one zone for
    all. x, y: (S,) metres. set_aside: reason -> number of readings that are not used. hours: over how many hours each
    value is a mean.
    """

    name: tuple[str, ...]
    x: Floats
    y: Floats
    hour: Hours
    value: Floats
    set_aside: dict[str, int] = field(default_factory=dict)
    hours: int = 1

    @classmethod
    def from_table(
        cls,
        name: Sequence[str],
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        station: Sequence[str],
        time: npt.ArrayLike,
        value: npt.ArrayLike,
        low: float = 0.0,
        high: float = 990.0,
        stuck_hours: int | None = None,
    ) -> Readings:
        """From stations (S,) and a long table with a row a reading.

        Not used, but counted: values outside low..high (-1, 999 and 9999 are "no data" in many feeds), rows of a
        station that is not listed, equal rows after the first, runs of at least `stuck_hours` equal hourly values.
        Several readings in an hour are averaged. Raises ArgumentError for unequal lengths, an empty table, times that
        say their zone and a time 60 years from the others.
        """
        names = tuple(map(str, name))
        xs = checks.vector(x, "x", (np.float64,), size=len(names))
        ys = checks.vector(y, "y", (np.float64,), size=len(names))
        for array, argument in ((xs, "x"), (ys, "y")):
            checks.finite(array, argument)
        if len(set(names)) != len(names):
            raise ArgumentError("name", "lists a station twice.", code="station_duplicate")
        rows = _rows(names, station, time, value, (low, high))
        hour, hourly = _hourly(rows, len(names))
        stuck = _stuck(hourly, stuck_hours)
        hourly[stuck] = np.nan
        return cls(names, xs, ys, hour, hourly, {**rows.set_aside, "stuck": int(stuck.sum())})

    def running_mean(self, hours: int = 24, share: float = float(MINIMUM_SHARE)) -> Readings:
        """The mean of the last `hours` rows up to each row; NaN when fewer than `share` of them have a value.

        Rounded to 1e-9 ug/m3, so that a mean that is 15.05 on paper is 15.05 here and rounds half up to 15.1.
        """
        if hours < 1 or not 0 <= share <= 1:
            raise ArgumentError("hours" if hours < 1 else "share", "is outside 1 and more, or 0 to 1 for the share.")
        before = np.full((hours - 1, len(self.name)), np.nan)
        windows = sliding_window_view(np.concatenate([before, self.value]), hours, axis=0)
        count = np.isfinite(windows).sum(axis=-1)
        total = np.where(np.isfinite(windows), windows, 0.0).sum(axis=-1)
        enough = (count >= share * hours) & (count > 0)
        mean = np.where(enough, np.round(total / np.maximum(count, 1), 9), np.nan)
        return replace(self, value=mean, hours=hours)

    def at(self, hour: np.datetime64 | str, *, max_age_h: int = 0, error: npt.ArrayLike | None = None) -> Stations:
        """The stations at one hour; with `max_age_h`, a station without a value lends its last one of those hours.

        Stations without a value are left out and counted. Raises ArgumentError for an hour outside the table.
        """
        if max_age_h < 0:
            raise ArgumentError("max_age_h", f"is {max_age_h}, expected 0 or more.")
        wanted = moments([hour], "hour")[0].astype("datetime64[h]")
        row = -1 if np.isnat(wanted) else int((wanted - self.hour[0]) / np.timedelta64(1, "h"))
        if not 0 <= row < self.hour.size:
            raise ArgumentError("hour", f"{hour} is outside {self.hour[0]} to {self.hour[-1]}.")
        recent = self.value[max(0, row - max_age_h) : row + 1][::-1]
        newest = np.argmax(np.isfinite(recent), axis=0)
        value = recent[newest, np.arange(len(self.name))]
        return Stations.of(self.x, self.y, value, error=error, name=self.name, missing="skip", hours=self.hours)

    def every(self, hours: int, start: int = 0) -> Readings:
        """Each `hours`-th row from row `start` on, for a history of days that do not overlap."""
        if hours < 1 or start < 0:
            raise ArgumentError("hours" if hours < 1 else "start", "is too small.")
        return replace(self, hour=self.hour[start::hours], value=self.value[start::hours])


@dataclass(frozen=True, slots=True)
class _Rows:
    column: npt.NDArray[np.int64]
    time: Hours
    value: Floats
    set_aside: dict[str, int]


def _rows(names: tuple[str, ...], station: Sequence[str], time: Any, value: Any, limits: tuple[float, float]) -> _Rows:
    """The rows that can be used: known station, plausible value, each once."""
    numbers = np.asarray(value, dtype=np.float64)
    when = moments(time, "time")
    if not len(station) == numbers.size == when.size:
        raise ArgumentError("value", f"has length {numbers.size}; station {len(station)}, time {when.size}.")
    place = {one: at for at, one in enumerate(names)}
    column = np.asarray([place.get(str(one), -1) for one in station], dtype=np.int64)
    unlisted, no_time = column < 0, np.isnat(when)
    implausible = ~unlisted & ~no_time & ~((numbers >= limits[0]) & (numbers <= limits[1]))
    keep = np.flatnonzero(~unlisted & ~no_time & ~implausible)
    if not keep.size:
        raise ArgumentError("value", "has no usable reading.", code="no_readings")
    refuse_far_apart(when[keep], keep)
    table = np.column_stack([column[keep], when[keep].astype(np.int64), numbers[keep]])
    once = np.sort(np.unique(table, axis=0, return_index=True)[1])
    aside = {"unlisted": unlisted.sum(), "no_time": no_time.sum(), "implausible": implausible.sum(),
             "repeated": keep.size - once.size}  # fmt: skip
    kept = keep[once]
    return _Rows(column[kept], when[kept], numbers[kept], {reason: int(n) for reason, n in aside.items()})


def _hourly(rows: _Rows, stations: int) -> tuple[Hours, Floats]:
    """(hour, value): the mean of each station's readings of each hour from the first to the last."""
    hours = rows.time.astype("datetime64[h]")
    first = hours.min()
    at = (hours - first).astype(np.int64)
    shape = (int(at.max()) + 1, stations)
    cell = at * stations + rows.column
    count = np.bincount(cell, minlength=shape[0] * stations)
    total = np.bincount(cell, rows.value, minlength=shape[0] * stations)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan).reshape(shape)
    return first + np.arange(shape[0]) * np.timedelta64(1, "h"), mean


def _stuck(value: Floats, hours: int | None) -> npt.NDArray[np.bool_]:
    """Members of runs of at least `hours` equal values in a column."""
    stuck = np.zeros(value.shape, dtype=bool)
    if hours is None:
        return stuck
    for column in range(value.shape[1]):
        new = np.concatenate([[True], np.diff(value[:, column]) != 0])
        run = np.cumsum(new) - 1
        stuck[:, column] = np.bincount(run)[run] >= hours
    return stuck & np.isfinite(value)
