"""A limit on readings as a pure machine: over after N readings, normal again only below the hysteresis, and what is
old is unknown, never normal. Nothing here knows a clock or a database.

`follow` gives the same for the same set of readings in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

NORMAL, OVER, UNKNOWN = "normal", "over", "unknown"
STATES = {NORMAL: ("ปกติ", "Normal"), OVER: ("ถึงเกณฑ์", "Reached"), UNKNOWN: ("ไม่ทราบ", "Unknown")}
STAGES = {1: ("เฝ้าระวัง", "Watch"), 2: ("เตือนภัย", "Warning"), 3: ("วิกฤต", "Critical")}
MEMORY = timedelta(hours=24)  # after a silence as long as this a station begins anew
AHEAD = timedelta(minutes=5)  # a station's clock may run fast by this much; later readings are not believed
SHARE = 0.75  # of the readings of a span that must be there before a low sum says anything


UNITS = {"m": ("ม.", "m"), "mm": ("มม.", "mm"), "AQI": ("AQI", "AQI")}


class Measure(NamedTuple):
    """What a limit looks at. quantity: key of the city's quantities; hours: of the mean or the sum, 0 = the reading."""

    quantity: str
    hours: int
    th: str
    en: str
    unit: str


MEASURES = {
    "aqi_24h": Measure(
        "pm25", 24, "ดัชนีคุณภาพอากาศ (PM2.5 เฉลี่ย 24 ชั่วโมง)", "Air quality index (PM2.5, 24 h mean)", "AQI"
    ),
    "water_level": Measure("water_level", 0, "ระดับน้ำ", "Water level", "m"),
    "rain_1h": Measure("rain", 1, "ฝนสะสม 1 ชั่วโมง", "Rain in 1 hour", "mm"),
    "rain_3h": Measure("rain", 3, "ฝนสะสม 3 ชั่วโมง", "Rain in 3 hours", "mm"),
    "rain_12h": Measure("rain", 12, "ฝนสะสม 12 ชั่วโมง", "Rain in 12 hours", "mm"),
    "rain_24h": Measure("rain", 24, "ฝนสะสม 24 ชั่วโมง", "Rain in 24 hours", "mm"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """over: reached or passed counts. hysteresis: so much below it before it can be normal again (same unit)."""

    over: float
    hysteresis: float = 0.0
    readings: int = 2
    stale: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Sample:
    """One value at an aware time; None = measured nothing that can be believed."""

    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """What the machine remembers. over: whether it was raised; run: readings in a row that speak for the other state;
    at, value: of the newest known reading; since: of the reading with which the state began."""

    over: bool = False
    run: int = 0
    at: datetime | None = None
    value: float | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The machine turned at this reading."""

    over: bool
    sample: Sample


def step(track: Track, sample: Sample, limit: Limit) -> Track:
    """One more known reading, newer than the last. An older one, or one without a value, changes nothing."""
    if sample.value is None or (track.at is not None and sample.at <= track.at):
        return track
    silence = sample.at - track.at if track.at else None
    if silence is None or silence > MEMORY:
        track = Track(since=sample.at)
    elif silence > limit.stale:
        track = replace(track, run=0)  # readings in a row are not in a row over a hole
    against = sample.value < limit.over - limit.hysteresis if track.over else sample.value >= limit.over
    run = track.run + 1 if against else 0
    if run >= limit.readings:
        return Track(not track.over, 0, sample.at, sample.value, sample.at)
    return replace(track, run=run, at=sample.at, value=sample.value)


def follow(track: Track, samples: Iterable[Sample], limit: Limit) -> tuple[Track, list[Turn]]:
    """The machine after a set of readings in whatever order, and where it turned. Two at one moment: the higher."""
    turns = []
    for sample in in_order(samples):
        before, track = track, step(track, sample, limit)
        if track is not before and track.since == sample.at and (track.over or before.over):
            turns.append(Turn(track.over, sample))
    return track, turns


def in_order(samples: Iterable[Sample]) -> list[Sample]:
    """Known readings by time, one a moment."""
    best: dict[datetime, Sample] = {}
    for sample in samples:
        held = best.get(sample.at)
        if sample.value is not None and (held is None or held.value is None or sample.value > held.value):
            best[sample.at] = sample
    return [best[at] for at in sorted(best)]


def state_at(track: Track, now: datetime, limit: Limit) -> str:
    """normal, over, or unknown when the newest known reading is too old to speak for now (or from the future)."""
    if track.at is None or now - track.at > limit.stale or track.at - now > AHEAD:
        return UNKNOWN
    return OVER if track.over else NORMAL


def believed(samples: Iterable[Sample], now: datetime) -> list[Sample]:
    """Without those from the future."""
    return [sample for sample in samples if sample.at - now <= AHEAD]


def sums(samples: Sequence[Sample], hours: int, over: float) -> list[Sample]:
    """The sum of the last `hours` at each reading. samples: amounts since the reading before, any order.

    With fewer than 75 % of the readings a sum is only a lower bound: it counts when it is over all the same, else the
    value is not known. How often a station should send is the median of its own gaps.
    """
    rows = sorted(samples, key=lambda s: s.at)
    span = timedelta(hours=hours)
    gaps = [(b.at - a.at).total_seconds() for a, b in pairwise(rows) if b.at > a.at]
    due = span.total_seconds() / median(gaps) if gaps else float("inf")
    return [_sum(sample.at, [s for s in rows if sample.at - span < s.at <= sample.at], due, over) for sample in rows]


def _sum(at: datetime, inside: Sequence[Sample], due: float, over: float) -> Sample:
    known = [s.value for s in inside if s.value is not None and s.value >= 0]
    total = sum(known)
    return Sample(at, total if total >= over or len(known) >= SHARE * max(due, 1.0) else None)
