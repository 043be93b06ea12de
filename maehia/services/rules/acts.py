"""Which act governs a service on a day, and what it obliges the town to: a dated rule set, never printed as fact
before somebody has verified it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.services.rules.clock import Pause, Promise, due_at
from maehia.services.rules.definition import Text
from maehia.thai import WorkingCalendar

MOST_NOTICES = 60  # more than a year of weekly notices: somebody has to look at such a case, not a letter


@dataclass(frozen=True, slots=True)
class Duty:
    """What an act obliges to. section: its number, to be shown only when `verified`. deadline: to be done within;
    every: to be repeated after each such time while late."""

    code: str
    what: Text
    section: str
    source: str
    verified: bool
    deadline: Promise | None = None
    every: Promise | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """in_force_from None: announced, governs nothing yet. applies_to: kinds of cases that it governs by itself."""

    key: str
    name: Text
    source: str
    verified: bool
    in_force_from: date | None = None
    in_force_to: date | None = None
    checked_on: date | None = None
    applies_to: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()

    def holds_on(self, day: date) -> bool:
        return self.in_force_from is not None and _inside(day, self.in_force_from, self.in_force_to)

    def duty(self, code: str, on: date) -> Duty | None:
        """The duty as it stands on a day, None when the act has none then."""
        if not self.holds_on(on):
            return None
        return next((d for d in self.duties if d.code == code and _inside(on, d.in_force_from, d.in_force_to)), None)


def _inside(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def read_acts(data: Mapping[str, Any]) -> Mapping[str, Act]:
    """Acts of the data of acts.yaml. Raises KeyError or TypeError for data of another form."""
    return {key: _act(key, row) for key, row in data["acts"].items()}


def _act(key: str, row: Mapping[str, Any]) -> Act:
    parts = {**row, "name": Text(**row["name"]), "applies_to": tuple(row.get("applies_to", ()))}
    return Act(key=key, **{**parts, "duties": tuple(_duty(d) for d in row.get("duties", ()))})


def _duty(row: Mapping[str, Any]) -> Duty:
    times = {name: Promise(**row[name]) for name in ("deadline", "every") if name in row}
    return Duty(**{**row, "what": Text(**row["what"]), **times})


@cache
def shipped_acts() -> Mapping[str, Act]:
    """The acts of this version (services/data/acts.yaml)."""
    return read_acts(yaml.safe_load((files("maehia.services") / "data" / "acts.yaml").read_text("utf-8")))


def cite(act: str, on: date, *, duty: str = "", lang: str = "th", acts: Mapping[str, Act] | None = None) -> str:
    """How a text may name an act on a day: its name, and the section of the duty only when that was verified.

    "" when the act does not hold on that day. Raises KeyError for an unknown act.
    """
    found = (acts or shipped_acts())[act]
    if not found.holds_on(on):
        return ""
    about = found.duty(duty, on) if duty else None
    if about is None or not about.verified or not about.section:
        return found.name.in_(lang)
    word = "section" if lang == "en" else "มาตรา"
    return f"{found.name.in_(lang)} {word} {about.section}"


def governing(act: str, kind: str, on: date, acts: Mapping[str, Act] | None = None) -> tuple[Act, ...]:
    """The acts that hold for a case: the one that its service names first, then those that govern its kind."""
    known = acts or shipped_acts()
    named = [known[act]] if act in known else []
    general = [one for one in known.values() if kind in one.applies_to and one not in named]
    return tuple(one for one in (*named, *general) if one.holds_on(on))


def legal_deadline(act: str, on: date, acts: Mapping[str, Act] | None = None) -> Promise | None:
    """The longest time that the act gives for a decision, None when none is known."""
    found = (acts or shipped_acts()).get(act)
    duty = found.duty("decide", on) if found else None
    return duty.deadline if duty else None


def late_notices(
    due: datetime, now: datetime, every: Promise, pauses: list[Pause], calendar: WorkingCalendar
) -> list[datetime]:
    """The moments until now at which the applicant must have been told why the decision is late, oldest first.

    The first is when the promise was used up (`due`), then one after each `every`; at most MOST_NOTICES.
    """
    found: list[datetime] = []
    at: datetime | None = due
    while at is not None and at <= now and len(found) < MOST_NOTICES:
        found.append(at)
        at = due_at(at, every, pauses, calendar)
    return found
