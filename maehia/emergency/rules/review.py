"""What an incident's log shows when it is read afterwards: strengths and gaps, each with the lines that prove it.

A rule looks at the log and at the terms that were set before (data/review.yaml) and returns what it found, or nothing
when the log says nothing about it. A person adds the causes and what only people know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maehia.emergency.rules.recovery import Course, LogLike

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Observation:
    """kind: strength or gap; seqs: numbers of the lines; measured and target as they are shown."""

    code: str
    kind: str
    th: str
    en: str
    seqs: tuple[int, ...] = ()
    measured: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A bar that was set before. limit: minutes, or a share in percent, as the rule says."""

    code: str
    th: str
    en: str
    limit: float
    unit: str


Rule = Callable[[Sequence[LogLike], Term], "Observation | None"]
_rules: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    def add(function: Rule) -> Rule:
        _rules[code] = function
        return function

    return add


def observations(lines: Iterable[LogLike], terms: Iterable[Term]) -> list[Observation]:
    """What every rule with a term found, in the order of the terms. Raises KeyError for a term without a rule."""
    read = list(lines)
    found = [_rules[term.code](read, term) for term in terms]
    return [one for one in found if one is not None]


def of_recovery(courses: Iterable[Course]) -> list[Observation]:
    """Targets of lifelines that were kept or missed, one observation each; those the log does not name are left out."""
    found = []
    for course in courses:
        if not course.touched or None in course.met:
            continue
        kept = all(course.met)
        worst = len(course.met) - 1 if kept else course.met.index(False)
        hours, share = course.measures.times[worst].lasting, f"{course.measures.times[worst].target:.0%}"
        found.append(Observation(
            f"lifeline_{course.target.key}", "strength" if kept else "gap",
            f"{course.target.th}: กลับมาใช้งาน{'ได้ตามเวลาที่ตั้งไว้' if kept else 'ช้ากว่าเวลาที่ตั้งไว้'}",
            f"{course.target.en}: back {'in' if kept else 'later than'} the time that was set",
            (), f"{share}: " + ("-" if hours is None else f"{hours:g} h"), f"<= {course.target.hours[worst]:g} h",
        ))  # fmt: skip
    return found


def _first(lines: Sequence[LogLike], kind: str, after: str = "") -> LogLike | None:
    return next((line for line in lines if line.kind == kind and after in ("", line.after)), None)


def _minutes(start: LogLike, end: LogLike) -> float:
    return (end.event_at - start.event_at).total_seconds() / MINUTE


def _timed(term: Term, start: LogLike | None, end: LogLike | None) -> Observation | None:
    """From one line to another in so many minutes; without the second one it is a gap, without the first nothing."""
    if start is None:
        return None
    if end is None:
        return Observation(term.code, "gap", f"{term.th}: ไม่มีบันทึก", f"{term.en}: nothing in the log", (start.seq,), "-",
                           _limit(term))  # fmt: skip
    minutes = _minutes(start, end)
    kind = "strength" if minutes <= term.limit else "gap"
    return Observation(term.code, kind, term.th, term.en, (start.seq, end.seq), f"{minutes:.0f} min", _limit(term))


def _share(term: Term, bad: Sequence[LogLike], of: int) -> Observation | None:
    """At most so many percent of the lines may be bad."""
    return _part(term, bad, len(bad), of)


def _part(term: Term, proof: Sequence[LogLike], bad: float, of: float, *, seqs: int = 20) -> Observation | None:
    """At most so many percent of the things may be bad; proof: the lines that tell of the bad ones."""
    if not of:
        return None
    share = 100 * bad / of
    kind = "strength" if share <= term.limit else "gap"
    return Observation(term.code, kind, term.th, term.en, tuple(line.seq for line in proof[:seqs]), f"{share:.0f} %",
                       _limit(term))  # fmt: skip


def _limit(term: Term) -> str:
    return f"<= {term.limit:g} {term.unit}"


@rule("activated")
def _activated(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _timed(term, _first(lines, "state", "reported"), _first(lines, "state", "active"))


@rule("footprint")
def _footprint(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _timed(term, _first(lines, "state", "reported"), _first(lines, "footprint"))


@rule("first_alert")
def _first_alert(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _timed(term, _first(lines, "footprint"), _first(lines, "alert", "published"))


@rule("approval")
def _approval(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _timed(term, _first(lines, "alert", "in_review"), _first(lines, "alert", "approved"))


@rule("authority_told")
def _authority(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _timed(term, _first(lines, "state", "reported"), _first(lines, "notice"))


@rule("written_late")
def _late(lines: Sequence[LogLike], term: Term) -> Observation | None:
    return _share(term, [line for line in lines if getattr(line, "late", False)], len(lines))


@rule("overfilled")
def _overfilled(lines: Sequence[LogLike], term: Term) -> Observation | None:
    """Places beyond what a shelter holds, as a share of the people who came in."""
    came = sum(_told(line).get("in", 0) for line in lines if line.kind == "stay")
    beyond = [line for line in lines if line.kind == "overfill" and _told(line).get("places", 0) > 0]
    return _part(term, beyond, sum(_told(line)["places"] for line in beyond), came)


@rule("doors_reached")
def _doors(lines: Sequence[LogLike], term: Term) -> Observation | None:
    """Of all visits, those where nobody was met."""
    visits = [line for line in lines if line.kind == "doors" and _told(line).get("visits")]
    empty = [line for line in visits if _told(line).get("not_there")]
    return _part(term, empty, sum(_told(line)["not_there"] for line in empty),
                 sum(_told(line)["visits"] for line in visits))  # fmt: skip


@rule("stock_lost")
def _lost(lines: Sequence[LogLike], term: Term) -> Observation | None:
    moves = [line for line in lines if line.kind == "stock"]
    return _share(term, [line for line in moves if _told(line).get("kind") == "loss"], len(moves))


@rule("plan_late")
def _plan(lines: Sequence[LogLike], term: Term) -> Observation | None:
    """Steps of the playbook that were done after their time."""
    steps = [line for line in lines if line.kind == "checklist" and line.after == "done"]
    return _share(term, [line for line in steps if _told(line).get("late_minutes", 0) > 0], len(steps))


def _told(line: LogLike) -> Mapping[str, Any]:
    return line.value if isinstance(line.value, Mapping) else {}
