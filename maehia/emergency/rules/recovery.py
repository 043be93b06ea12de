"""How each lifeline came back, from the lines of an incident's log. Hours count from the start of the incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from maehia.impact.recovery import Event, Functionality, Resilience, from_events, weighted

KIND = "lifeline"
HOUR = 3600.0
SHARES = (0.5, 0.8, 0.95)


class LogLike(Protocol):
    """A line of the log, as the rules read it."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def event_at(self) -> datetime: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Target:
    """What was meant before: hours until SHARES of a lifeline work for good. weight: share in the town's curve."""

    key: str
    th: str
    en: str
    weight: float
    hours: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Course:
    """A lifeline's way through the incident. met: per share of SHARES whether the target was kept, None: not known yet.

    touched: whether the log says anything about it; an untouched one counts as working all the time.
    """

    target: Target
    series: Functionality
    measures: Resilience
    met: tuple[bool | None, ...]
    touched: bool
    now: float


def courses(lines: Iterable[LogLike], targets: Sequence[Target], start: datetime, end: datetime) -> list[Course]:
    """The course of every lifeline over [start, end). Lines of other kinds are passed over.

    A line counts from when it happened (event_at); of equal moments the later written one holds. A line of before the
    start counts from the start; one of after the end is not known yet.
    """
    span = max((end - start).total_seconds() / HOUR, 1 / 60)
    said: dict[str, list[Event]] = {}
    for line in lines:
        if line.kind == KIND:
            hour = max((line.event_at - start).total_seconds() / HOUR, 0.0)
            if hour <= span:
                said.setdefault(line.value["lifeline"], []).append(Event(hour, "partial", line.value["level"] / 100))
    return [_course(target, said.get(target.key, []), span) for target in targets]


def _course(target: Target, events: list[Event], span: float) -> Course:
    series = from_events(events, until=span)
    measures = series.summary(0.0, span, SHARES)
    met = tuple(_met(time.lasting, hours, span) for time, hours in zip(measures.times, target.hours, strict=True))
    return Course(target, series, measures, met, bool(events), float(series.at(span)))


def _met(lasting: float | None, hours: float, span: float) -> bool | None:
    """Kept or missed; not known while the time allowed has not passed and it is not back."""
    if lasting is not None:
        return lasting <= hours
    return False if span > hours else None


def town_curve(found: Sequence[Course]) -> Functionality:
    """The whole town: the weighted mean of its lifelines at every hour."""
    return weighted([course.series for course in found], [course.target.weight for course in found])


@dataclass(frozen=True, slots=True)
class Backlog:
    """What still waits: how many, and how long the oldest and the middle one have waited (hours)."""

    count: int
    oldest_h: float = 0.0
    median_h: float = 0.0


def backlog(since: Sequence[datetime], moment: datetime) -> Backlog:
    """Ages of open things by when they began."""
    ages = sorted((moment - start).total_seconds() / HOUR for start in since)
    if not ages:
        return Backlog(0)
    middle = len(ages) // 2
    median = ages[middle] if len(ages) % 2 else (ages[middle - 1] + ages[middle]) / 2
    return Backlog(len(ages), ages[-1], median)


def open_things(lines: Iterable[LogLike], kind: str, done: frozenset[str], name: str = "id") -> list[datetime]:
    """When those things of a kind began that have not reached a state of `done`. value[name] names the thing."""
    began: dict[str, datetime] = {}
    ended: set[str] = set()
    for line in lines:
        if line.kind != kind or name not in line.value:
            continue
        key = str(line.value[name])
        began.setdefault(key, line.event_at)
        (ended.add if line.after in done else ended.discard)(key)
    return sorted(moment for key, moment in began.items() if key not in ended)


def as_data(course: Course) -> Mapping[str, Any]:
    """Plain numbers of a course, as a report keeps them. Hours, percent, percent times days."""
    times = course.measures.times
    return {
        "key": course.target.key, "th": course.target.th, "en": course.target.en, "now": round(course.now * 100, 1),
        "robustness": round(course.measures.robustness * 100, 1),
        "loss_percent_days": round(course.measures.loss_percent_days, 2),
        "hours": [None if time.lasting is None else round(time.lasting, 2) for time in times],
        "targets": list(course.target.hours), "met": list(course.met), "touched": course.touched,
    }  # fmt: skip
