"""Rain in time: design storms out of rain statistics, and measured series out of files; the total is kept exactly.

No areal reduction: a design storm is the rain at a point, laid over the whole terrain. On catchments beyond some
10 km2 that is too much rain; no reduction factor for Thailand with a source was at hand.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from maehia.hazards.flood.sources import Rain
from maehia.hazards.idf import RainStatistics
from maehia.hazards.infiltration import HANDBOOK, excess_steps
from maehia.impact.checks import Floats, finite, not_negative, vector
from maehia.impact.errors import ArgumentError

BUDDHIST_YEAR = 2400  # a year above this was written in the Buddhist era


@dataclass(frozen=True, slots=True, eq=False)
class Hyetograph:
    """Rain of equal steps: depth_mm (K,) fell in each step of step_s seconds, from time 0 on."""

    step_s: float
    depth_mm: Floats

    def __post_init__(self) -> None:
        if not (self.step_s > 0 and math.isfinite(self.step_s)):
            raise ArgumentError("step_s", f"is {self.step_s}, expected more than 0.")
        object.__setattr__(self, "depth_mm", vector(self.depth_mm, "depth_mm", (np.float64,)))
        if self.depth_mm.size == 0:
            raise ArgumentError("depth_mm", "has no step.")
        finite(self.depth_mm, "depth_mm")
        not_negative(self.depth_mm, "depth_mm")

    @property
    def total_mm(self) -> float:
        return math.fsum(self.depth_mm)

    @property
    def duration_s(self) -> float:
        return self.step_s * self.depth_mm.size

    @property
    def times_s(self) -> Floats:
        """(K,) start of each step."""
        return np.asarray(np.arange(self.depth_mm.size) * self.step_s, dtype=np.float64)

    @property
    def intensity_mm_h(self) -> Floats:
        """(K,) mean intensity of each step."""
        return self.depth_mm * (3600.0 / self.step_s)

    @property
    def peak_mm_h(self) -> float:
        return float(self.intensity_mm_h.max())

    def cumulative_mm(self) -> Floats:
        """(K,) rain fallen by the end of each step."""
        return np.cumsum(self.depth_mm)

    def scaled_to(self, total_mm: float) -> Hyetograph:
        """The same shape with another total: a daily total laid on a design storm's shape, for example."""
        if not (total_mm >= 0 and math.isfinite(total_mm)) or self.total_mm == 0:
            raise ArgumentError("total_mm", f"is {total_mm}, or there is no rain to scale.")
        return replace(self, depth_mm=_exactly(self.depth_mm * (total_mm / self.total_mm), total_mm))

    def delayed(self, steps: int) -> Hyetograph:
        """The same rain after some dry steps."""
        if steps < 0 or int(steps) != steps:
            raise ArgumentError("steps", f"is {steps}, expected a whole number of at least 0.")
        return replace(self, depth_mm=np.concatenate([np.zeros(int(steps)), self.depth_mm]))

    def falling(self, *, factor: Floats | None = None) -> Rain:
        """As `simulate` takes it; factor: (ny, nx), multiplies the rain of each cell."""
        edges: Floats = np.asarray(np.arange(self.depth_mm.size + 1) * self.step_s, dtype=np.float64)
        return Rain(edges, self.intensity_mm_h, factor=factor)

    def runoff(self, cn: float, *, initial_ratio: float = HANDBOOK) -> Hyetograph:
        """What runs off of it on ground of one curve number."""
        return replace(self, depth_mm=excess_steps(self.depth_mm, cn, initial_ratio=initial_ratio))


def uniform(total_mm: float, duration_s: float, step_s: float) -> Hyetograph:
    """The same rain in every step."""
    steps = _steps(duration_s, step_s)
    if not (total_mm >= 0 and math.isfinite(total_mm)):
        raise ArgumentError("total_mm", f"is {total_mm}, expected 0 or more.")
    return Hyetograph(step_s, _exactly(np.full(steps, total_mm / steps), total_mm))


def alternating_block(
    statistics: RainStatistics, return_period: float, duration_s: float, step_s: float, *, peak: float = 0.5
) -> Hyetograph:
    """Design storm whose every central duration has the rain of the statistics (Chow, Maidment, Mays 1988, 14.4).

    The k-th hardest step is the depth of k steps less that of k - 1; the hardest lies at `peak` (0 to 1) of the
    duration and the others right and left of it by turns, as far as there is room.
    """
    steps = _steps(duration_s, step_s)
    _fraction(peak)
    depths = _depths(statistics, [k * step_s / 60.0 for k in range(steps + 1)], return_period)
    blocks = np.sort(np.diff(depths))[::-1]
    depth = np.empty(steps)
    depth[_around(steps, int(peak * (steps - 1)))] = blocks
    return Hyetograph(step_s, _exactly(depth, float(depths[-1])))


def chicago(
    statistics: RainStatistics, return_period: float, duration_s: float, step_s: float, *, peak: float = 0.4
) -> Hyetograph:
    """Design storm of Keifer and Chu (1957): with D(t) the rain of duration t, the t seconds before the peak hold
    r D(t / r) and the t seconds after it (1 - r) D(t / (1 - r)), r = `peak`; steps take differences of these."""
    steps = _steps(duration_s, step_s)
    _fraction(peak)
    if not 0 < peak < 1:
        raise ArgumentError("peak", f"is {peak}, expected between 0 and 1.")
    edges: Floats = np.asarray(np.arange(steps + 1) * step_s - peak * duration_s, dtype=np.float64)
    share = np.where(edges < 0, peak, 1.0 - peak)
    minutes: Floats = np.minimum(np.abs(edges) / share, duration_s) / 60.0
    grown = np.sign(edges) * share * _depths(statistics, minutes, return_period)
    total = float(_depths(statistics, [duration_s / 60.0], return_period)[0])
    return Hyetograph(step_s, _exactly(np.diff(grown), total))


def read_rain(
    path: str | Path, *, time: str = "time", depth: str = "rain_mm", start: str | None = None, end: str | None = None
) -> Hyetograph:
    """A measured series from a CSV with a header: when each step ended or began (ISO, Gregorian) and its rain in mm.

    Ten-minute, hourly or daily rows alike: the step is the time between two rows and must be the same throughout.
    start, end: first and last time to take. Raises ArgumentError with the data row (from 0) for a time or number
    that cannot be read, an empty value, a negative one (-9999 of a logger too), rows out of order, twice the same
    time, a gap, and times of which some name their zone and some do not. What is missing is never taken for dry:
    fill it knowingly, or cut the series.
    """
    rows = _rows(Path(path))
    for name in (time, depth):
        if rows and name not in rows[0]:
            raise ArgumentError(str(path), f"has no column {name!r}.", fix=f"It has {', '.join(rows[0])}.")
    times = [_moment(row[time], number) for number, row in enumerate(rows)]
    kept = [n for n, at in enumerate(times) if _between(at, _limit("start", start), _limit("end", end))]
    return _series([times[n] for n in kept], [_number(rows[n][depth], n) for n in kept], kept)


def _rows(path: Path) -> list[dict[str, str | None]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except UnicodeDecodeError as error:
        raise ArgumentError(str(path), "is not written in UTF-8.", fix='Save it as "CSV UTF-8".',
                            code="rain_not_utf8") from error  # fmt: skip


def measured(times: Sequence[datetime], depth_mm: Sequence[float]) -> Hyetograph:
    """A measured series from its times and depths; the step is the time between the first two."""
    if len(times) != len(depth_mm):
        raise ArgumentError("depth_mm", f"has length {len(depth_mm)}, expected {len(times)}.")
    return _series(times, depth_mm, range(len(times)))


def _series(times: Sequence[datetime], depth_mm: Sequence[float], rows: Sequence[int]) -> Hyetograph:
    """rows: the number of each row in its file, which errors name."""
    if len(times) < 2:
        raise ArgumentError("times", "has fewer than two rows, so no step is known.")
    for (before, at), number in zip(pairwise(times), rows[1:], strict=True):
        if (before.tzinfo is None) != (at.tzinfo is None):
            raise ArgumentError("time", "names its zone and the row before it does not, or the other way round.",
                                index=number, fix="Write all times with their zone, or none.",
                                code="rain_zone")  # fmt: skip
        _check_step(at - before, times[1] - times[0], number, before)
    for value, number in zip(depth_mm, rows, strict=True):
        if not (value >= 0 and math.isfinite(value)):
            what = "is empty or NaN." if math.isnan(value) else f"is {value:g} mm: negative or infinite."
            fix = "Loggers write -9999 or nothing when they have no value: fill it knowingly or cut the series."
            raise ArgumentError("rain", what, index=number, fix=fix, code="rain_missing_or_negative")
    step = times[1] - times[0]
    return Hyetograph(step.total_seconds(), np.asarray(depth_mm, dtype=np.float64))


def _check_step(now: timedelta, step: timedelta, number: int, before: datetime) -> None:
    if now <= timedelta(0):
        what = "has the time of the row before it." if now == timedelta(0) else "is earlier than the row before it."
        raise ArgumentError("time", what, index=number, fix="Sort the rows; keep one a time.", code="rain_unsorted")
    if now != step:
        what = f"comes {now} after {before.isoformat()}, where the step is {step}: there is a gap or another step."
        raise ArgumentError("time", what, index=number, fix="Fill the gap knowingly or cut the series.",
                            code="rain_gap")  # fmt: skip


def _moment(text: str | None, number: int | None, name: str = "time") -> datetime:
    try:
        at = datetime.fromisoformat((text or "").strip())
    except ValueError as error:
        what = f"{text!r} is no time."
        raise ArgumentError(name, what, index=number, fix="Write 2026-09-25T14:10.", code="rain_time") from error
    if at.year > BUDDHIST_YEAR:
        raise ArgumentError(name, f"{text!r} is in the Buddhist era.", index=number, fix="Take 543 off the year.",
                            code="rain_time")  # fmt: skip
    return at


def _limit(name: str, text: str | None) -> tuple[str, datetime] | None:
    return None if text is None else (name, _moment(text, None, name))


def _number(text: str | None, number: int) -> float:
    try:
        return float(text) if text and text.strip() else math.nan
    except ValueError as error:
        raise ArgumentError("rain", f"{text!r} is no number.", index=number, code="rain_number") from error


def _between(at: datetime, start: tuple[str, datetime] | None, end: tuple[str, datetime] | None) -> bool:
    for limit in (start, end):
        if limit is not None and (limit[1].tzinfo is None) != (at.tzinfo is None):
            raise ArgumentError(limit[0], "or the file names a zone, and the other does not.",
                                fix="Write it as the file writes its times.", code="rain_zone")  # fmt: skip
    return (start is None or at >= start[1]) and (end is None or at <= end[1])


def _steps(duration_s: float, step_s: float) -> int:
    if not (step_s > 0 and duration_s > 0 and math.isfinite(duration_s)):
        raise ArgumentError("duration_s", "and step_s must be above 0.")
    steps = round(duration_s / step_s)
    if steps < 1 or not math.isclose(steps * step_s, duration_s, rel_tol=1e-9):
        raise ArgumentError("duration_s", f"{duration_s:g} is no multiple of step_s {step_s:g}.")
    return steps


def _fraction(peak: float) -> None:
    if not 0 <= peak <= 1:
        raise ArgumentError("peak", f"is {peak}, expected between 0 and 1.")


def _depths(statistics: RainStatistics, minutes: Iterable[float], return_period: float) -> Floats:
    return np.array([statistics.depth_mm(float(one), return_period) for one in minutes], dtype=np.float64)


def _around(steps: int, middle: int) -> list[int]:
    """Places of the steps from the hardest on: the middle, then right and left by turns while there is room."""
    order = [middle]
    for away in range(1, steps):
        order += [place for place in (middle + away, middle - away) if 0 <= place < steps]
    return order


def _exactly(depth: Floats, total: float) -> Floats:
    """Depths whose exact sum rounds to `total`: what rounding left over goes to the hardest step, and what that one is
    too coarse to take to the finest that holds more."""
    place = int(depth.argmax())
    for _ in range(4):
        left = math.fsum([*depth, -total])
        if left == 0.0:
            break
        depth[place] -= left
        holds = np.where(depth > abs(left), depth, np.inf)
        place = int(holds.argmin()) if np.isfinite(holds).any() else place
    return depth
