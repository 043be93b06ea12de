"""Who repairs what when: a deterministic schedule of repair crews, and the recovery that comes of it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from maehia.impact.errors import ArgumentError
from maehia.impact.recovery import FULL, Functionality


@dataclass(frozen=True, slots=True)
class Job:
    """A repair. hours: crew time. priority: smaller goes first. ready: hour from which it can be begun (water gone,
    parts there). after: names of jobs that must be finished before. level: functionality while it is not done."""

    name: str
    hours: float
    priority: float = 0.0
    ready: float = 0.0
    after: tuple[str, ...] = ()
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class Repair:
    """When a job ran. None: not begun, or not finished, before the end of the simulation (censored)."""

    job: Job
    crew: int | None
    start: float | None
    finish: float | None

    @property
    def censored(self) -> bool:
        return self.finish is None


def schedule(jobs: Sequence[Job], crews: int, *, start: float = 0.0, until: float = math.inf) -> tuple[Repair, ...]:
    """Repairs in the order of `jobs`, by list scheduling: a free crew takes the waiting job of smallest priority.

    Ties go to the job ready earlier, then to the smaller name; among free crews the smallest number goes: the result
    does not depend on the order of `jobs`. A crew stays with its job until it is finished; nobody waits for a more
    urgent job that is not ready. It is a rule that a dispatcher can follow, not the optimum. Jobs that would finish
    after `until` (hours) have finish None.
    Raises ArgumentError for no crew, bad hours, a name used twice, an unknown `after`, or a circle of them.
    """
    _check(jobs, crews)
    waiting = {job.name: job for job in jobs}
    finished: dict[str, float] = {}
    done: dict[str, Repair] = {}
    free = [(start, crew) for crew in range(crews)]
    while waiting:
        now, crew = heapq.heappop(free)
        if now > until:
            break
        job, begin = _next(waiting, finished, now)
        if job is None:
            if begin is None:
                break
            heapq.heappush(free, (begin, crew))
            continue
        del waiting[job.name]
        done[job.name] = _run(job, crew, now, until)
        finished[job.name] = now + job.hours
        heapq.heappush(free, (now + job.hours, crew))
    return tuple(done.get(job.name, Repair(job, None, None, None)) for job in jobs)


def _next(waiting: Mapping[str, Job], finished: Mapping[str, float], now: float) -> tuple[Job | None, float | None]:
    """The job to begin now; else (None, hour at which one can be begun), (None, None) when none ever can."""
    opens = {name: _opens(job, finished) for name, job in waiting.items()}
    ready = [job for name, job in waiting.items() if opens[name] <= now]
    if ready:
        return min(ready, key=lambda job: (job.priority, job.ready, job.name)), now
    soonest = min(opens.values())
    return None, soonest if math.isfinite(soonest) else None


def _opens(job: Job, finished: Mapping[str, float]) -> float:
    """Hour from which the job can be begun; inf while a job before it has not even been begun."""
    return max([job.ready, *(finished.get(name, math.inf) for name in job.after)])


def _run(job: Job, crew: int, now: float, until: float) -> Repair:
    return Repair(job, crew, now, now + job.hours if now + job.hours <= until else None)


def _check(jobs: Sequence[Job], crews: int) -> None:
    if not (math.isfinite(crews) and crews >= 1 and int(crews) == crews):
        raise ArgumentError("crews", f"is {crews}, expected a whole number of at least 1.")
    names = {job.name for job in jobs}
    seen: set[str] = set()
    for index, job in enumerate(jobs):
        if job.name in seen:
            raise ArgumentError("jobs", f"has the name {job.name!r} twice.", index=index)
        seen.add(job.name)
        if not job.hours >= 0 or math.isnan(job.priority) or not math.isfinite(job.ready) or not 0 <= job.level <= 1:
            raise ArgumentError("jobs", f"has hours {job.hours}, priority {job.priority}, ready {job.ready}, level "
                                f"{job.level}: hours >= 0, numbers and a level of 0 to 1 are expected.",
                                index=index)  # fmt: skip
        unknown = [name for name in job.after if name not in names]
        if unknown:
            raise ArgumentError("jobs", f"comes after {unknown[0]!r}, which is no job.", index=index)
    try:
        TopologicalSorter({job.name: job.after for job in jobs}).prepare()
    except CycleError as error:
        raise ArgumentError("jobs", f"wait in a circle: {' -> '.join(error.args[1])}.") from error


def recovery_of(repairs: Sequence[Repair], *, struck: float = 0.0, until: float = math.inf) -> dict[str, Functionality]:
    """Functionality of each job's service by name: full before `struck`, its job's level until the repair is finished.

    Censored repairs are known until `until` only (give the end of the simulation).
    """
    return {repair.job.name: _recovered(repair, struck, until) for repair in repairs}


def _recovered(repair: Repair, struck: float, until: float) -> Functionality:
    if repair.finish is not None and repair.finish <= struck:
        return Functionality.always()
    times, levels = [struck], [repair.job.level]
    if repair.finish is not None:
        times, levels = [*times, repair.finish], [*levels, FULL]
    return Functionality(np.array(times), np.array(levels), until=until if repair.censored else math.inf)
