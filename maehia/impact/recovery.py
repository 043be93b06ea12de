"""How a service comes back: functionality as exact step series, and the measures of resilience taken from it.

Functionality Q(t) is 1 when all works and 0 when nothing does. Bruneau et al. (2003), Earthquake Spectra 19:733-752:
robustness is the lowest Q, rapidity the slope of the way back, the loss of resilience the integral of 1 - Q. All
integrals here are exact sums over steps, never a sampling in time. Times are hours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError

FULL = 1.0
TARGETS = (0.5, 0.8, 0.95)
KINDS = {"down": 0.0, "up": 1.0, "partial": None}


@dataclass(frozen=True, slots=True, eq=False)
class Functionality:
    """Q(t) as a step series, right-continuous: level[k] from time[k] on, until time[k + 1].

    time: (K,) hours, rising, finite; level: (K,) in 0..1; before: level before time[0] (K = 0: always). until: the
    hour up to which it is known (an open end is inf); a measure past it is refused, since what is not finished is
    censored and not zero. Neighbouring equal levels are merged.
    """

    time: Floats
    level: Floats
    before: float = FULL
    until: float = math.inf

    def __post_init__(self) -> None:
        time: Floats = checks.vector(self.time, "time", (np.float64,))
        level: Floats = checks.vector(self.level, "level", (np.float64,), size=time.size)
        checks.finite(time, "time")
        late = checks.first(np.diff(time) <= 0)
        if late is not None:
            raise ArgumentError("time", "is not after the one before it.", index=late + 1)
        checks.refuse(~((level >= 0) & (level <= 1)), "level", "is outside 0 to 1.", code="level_outside")
        if not 0 <= self.before <= 1:
            raise ArgumentError("before", f"is {self.before}, expected 0 to 1.")
        if math.isnan(self.until) or (time.size and time[-1] > self.until):
            raise ArgumentError("until", f"is {self.until}, before the last change.")
        kept = np.diff(level, prepend=self.before) != 0
        object.__setattr__(self, "time", time[kept])
        object.__setattr__(self, "level", level[kept])

    @classmethod
    def always(cls, level: float = FULL) -> Functionality:
        """The same level for ever."""
        return cls(np.zeros(0), np.zeros(0), before=level)

    def at(self, time: npt.ArrayLike) -> Floats:
        """Level at each time, any shape; NaN after `until`."""
        when = np.asarray(time, dtype=np.float64)
        levels = np.concatenate([[self.before], self.level])
        return np.where(when <= self.until, levels[np.searchsorted(self.time, when, side="right")], np.nan)

    def steps(self, start: float, end: float) -> tuple[Floats, Floats]:
        """(bounds (S + 1,), levels (S,)) of the steps inside [start, end): what all measures are sums over.

        Raises ArgumentError for an end that is not after start, or past `until`.
        """
        if not (math.isfinite(start) and math.isfinite(end) and start < end):
            raise ArgumentError("end", f"is {end}, expected a finite hour after start = {start}.")
        if end > self.until:
            raise ArgumentError("end", f"is {end}, but this is known until {self.until} only.", code="censored")
        inside = self.time[(self.time > start) & (self.time < end)]
        bounds = np.concatenate([[start], inside, [end]])
        return bounds, self.at(bounds[:-1])

    def loss(self, start: float, end: float) -> float:
        """Loss of resilience: integral of 1 - Q over [start, end), in hours of full outage."""
        bounds, levels = self.steps(start, end)
        return math.fsum((1.0 - levels) * np.diff(bounds))

    def resilience(self, start: float, end: float) -> float:
        """Mean of Q over [start, end): 1 when nothing was lost, 0 when nothing worked."""
        return 1.0 - self.loss(start, end) / (end - start)

    def robustness(self, start: float, end: float) -> float:
        """Lowest level in [start, end)."""
        return float(self.steps(start, end)[1].min())

    def rapidity(self, start: float, end: float, target: float = FULL) -> float | None:
        """Mean slope of the way back, share per hour: from the end of the lowest level to the lasting `target`.

        inf when it comes back in one step; 0 when nothing was lost; None when it does not come back before `end`.
        """
        bounds, levels = self.steps(start, end)
        if levels.min() >= target:
            return 0.0
        if self.time_to(target, start, end).lasting is None:
            return None
        # Of the bounds themselves: hours taken off and put on again would leave a way back of 1e-16 h.
        way = float(bounds[np.flatnonzero(levels < target)[-1] + 1] - bounds[1:][levels == levels.min()][-1])
        return math.inf if way == 0 else (target - float(levels.min())) / way

    def time_to(self, target: float, start: float, end: float) -> TimeTo:
        """When the level is back at `target` or more, in hours after `start`: first time, and for good."""
        if not 0 < target <= 1:
            raise ArgumentError("target", f"is {target}, expected more than 0 and at most 1.")
        bounds, levels = self.steps(start, end)
        low = np.flatnonzero(levels < target)
        if not low.size:
            return TimeTo(target, 0.0, 0.0)
        up_again = np.flatnonzero(levels[low[0] :] >= target)
        first = float(bounds[low[0] + up_again[0]]) - start if up_again.size else None
        ends_low = low[-1] == levels.size - 1
        return TimeTo(target, first, None if ends_low else float(bounds[low[-1] + 1]) - start)

    def summary(self, start: float, end: float, targets: Sequence[float] = TARGETS) -> Resilience:
        """All measures over [start, end)."""
        times = tuple(self.time_to(target, start, end) for target in targets)
        return Resilience(
            start, end, self.robustness(start, end), self.rapidity(start, end), self.loss(start, end),
            self.resilience(start, end), times, self.time_to(FULL, start, end).lasting is None,
        )  # fmt: skip

    def known_until(self, until: float) -> Functionality:
        """The same series, cut off: what is known at the hour `until`."""
        kept = self.time <= until
        return replace(self, time=self.time[kept], level=self.level[kept], until=min(until, self.until))


@dataclass(frozen=True, slots=True)
class TimeTo:
    """Hours after the start until a target was reached. 0 when it was never left.

    first: the first time it is reached again after being lost. lasting: from when on it is never lost again, up to
    the end looked at. None: not within that time (censored: later, or never; nobody knows).
    """

    target: float
    first: float | None
    lasting: float | None

    @property
    def censored(self) -> bool:
        return self.lasting is None


@dataclass(frozen=True, slots=True)
class Resilience:
    """Measures over [start, end) hours. loss in hours of full outage; rapidity in share per hour.

    censored: full functionality was not back (for good) at the end, so that the whole loss is larger than `loss`.
    """

    start: float
    end: float
    robustness: float
    rapidity: float | None
    loss: float
    resilience: float
    times: tuple[TimeTo, ...]
    censored: bool

    @property
    def loss_percent_days(self) -> float:
        """The loss in percent times days, as emergency reports give it: half of all for ten days is 500."""
        return self.loss * 100.0 / 24.0


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a log: at this hour it went down, up, or to a part of its level."""

    time: float
    kind: str
    level: float | None = None


def from_events(events: Iterable[Event], *, before: float = FULL, until: float = math.inf) -> Functionality:
    """The step series of a log. Order does not matter but for equal hours: of those the later line holds.

    kind: "down" (0), "up" (1) or "partial" with a level. Events after `until` are refused.
    Raises ArgumentError with the index of the first bad event.
    """
    listed = list(events)
    levels = [_level(event, index) for index, event in enumerate(listed)]
    times = np.array([event.time for event in listed], dtype=np.float64)
    checks.refuse(~np.isfinite(times), "events", "has an hour that is NaN or infinite.")
    checks.refuse(times > until, "events", f"is after until = {until}.")
    order = np.argsort(times, kind="stable")
    last = np.append(np.diff(times[order]) > 0, True)[: times.size]
    return Functionality(times[order][last], np.asarray(levels, np.float64)[order][last], before, until)


def _level(event: Event, index: int) -> float:
    if event.kind not in KINDS:
        raise ArgumentError("events", f"is of kind {event.kind!r}, expected {', '.join(KINDS)}.", index=index)
    fixed = KINDS[event.kind]
    if fixed is not None:
        if event.level not in (None, fixed):
            raise ArgumentError("events", f"is {event.kind!r} with level {event.level}.", index=index)
        return fixed
    if event.level is None or not 0 <= event.level <= 1:
        raise ArgumentError("events", f"is partial with level {event.level}, expected 0 to 1.", index=index)
    return float(event.level)


def at_least(count: int, series: Sequence[Functionality]) -> Functionality:
    """Level that `count` of the series reach: count = all of them is AND (the lowest), 1 is OR (the highest)."""
    if count not in range(1, len(series) + 1):
        raise ArgumentError("count", f"is {count}, expected a whole number of 1 to {len(series)}.")
    time, levels, before = _aligned(series)
    pick = len(series) - int(count)
    return Functionality(time, np.sort(levels, axis=0)[pick], float(np.sort(before)[pick]), _until(series))


def all_of(series: Sequence[Functionality]) -> Functionality:
    """The weakest of several at every hour: a chain. Of none: always full."""
    return at_least(len(series), series) if series else Functionality.always()


def any_of(series: Sequence[Functionality]) -> Functionality:
    """The best of several at every hour: redundancy."""
    return at_least(1, series)


def weighted(series: Sequence[Functionality], weights: npt.ArrayLike) -> Functionality:
    """Weighted mean at every hour: share of customers or households served. Weights >= 0, their sum > 0."""
    parts: Floats = checks.vector(weights, "weights", (np.float64,), size=len(series))
    checks.finite(parts, "weights")
    checks.not_negative(parts, "weights")
    if not parts.sum() > 0:
        raise ArgumentError("weights", "sum to 0, expected more.")
    time, levels, before = _aligned(series)
    counted = np.column_stack([before, levels])[parts > 0]
    # Divided last, so that 16 of 20 pumps are 0.8; and a mean lies between its parts, whatever the rounding: neither
    # a fully served town nor one that is back at its target may stay a hair below.
    mean = parts[parts > 0] @ counted / parts.sum()
    mixed = np.clip(mean, counted.min(axis=0), counted.max(axis=0))
    return Functionality(time, mixed[1:], float(mixed[0]), _until(series))


def _aligned(series: Sequence[Functionality]) -> tuple[Floats, Floats, Floats]:
    """(time (T,), levels (S, T), before (S,)) on the union of all changes that are known of all."""
    time = np.unique(np.concatenate([one.time for one in series]))
    time = time[time <= _until(series)]
    levels = np.stack([one.at(time) for one in series])
    return time, levels, np.array([one.before for one in series])


def _until(series: Sequence[Functionality]) -> float:
    return min(one.until for one in series)
