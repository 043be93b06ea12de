"""A roster from a CSV file: first what would change, then the same in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from maehia.base import BANGKOK, Problem, ProblemError
from maehia.emergency.actions.roster import NewContact, add_shift, save_contact
from maehia.emergency.models import Contact, DutyShift
from maehia.emergency.queries.readiness import account_names, contacts, name_of, shifts
from maehia.emergency.rules.roster import KINDS, SKILLS
from maehia.emergency.rules.roster_csv import Line, read, write
from maehia.kit.crypto import blind_index


@dataclass
class Plan:
    """What a file would do. new, changed: contacts; shifts: to add; kept: lines that change nothing."""

    new: list[Line] = field(default_factory=list)
    changed: list[tuple[UUID, Line]] = field(default_factory=list)
    shifts: list[Line] = field(default_factory=list)
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)


def plan(text: str) -> Plan:
    """Compare a file with what is held; nothing is written. One person is one phone (and name)."""
    lines, problems = read(text)
    found, seen = Plan(problems=problems), set()
    for line in lines:
        row, who = held(line), (line.name, line.phone)
        touched = _touch(found, line, row) if who not in seen else False
        seen.add(who)
        if line.starts and line.ends and not (row and _has_shift(row, line.starts, line.ends, line.rank)):
            found.shifts.append(line)
        elif not touched:
            found.kept += 1
    return found


def _touch(found: Plan, line: Line, row: Contact | None) -> bool:
    if row is None:
        found.new.append(line)
        return True
    if (row.kind, tuple(row.skills), tuple(row.moos)) != (line.kind, _ordered(line.skills), tuple(sorted(line.moos))):
        found.changed.append((row.pk, line))
        return True
    return False


def _ordered(skills: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(skills), key=list(SKILLS).index))


def held(line: Line) -> Contact | None:
    """Who of those on call a line means: the same phone, and of several on one phone the same name."""
    rows = list(Contact.objects.filter(phone_index=blind_index("phone", line.phone), active=True))
    names = account_names(rows)
    same = [row for row in rows if line.name in (row.name, name_of(row, names))]
    return same[0] if same else None


def _has_shift(row: Contact, starts: datetime, ends: datetime, rank: int) -> bool:
    same = DutyShift.objects.filter(contact=row, starts_at=starts, ends_at=ends, rank=rank, cancelled_at=None)
    return same.exists()


def apply(text: str) -> Plan:
    """Do what `plan` says; a line that is refused (a shift over another) is told, the others go on."""
    found = plan(text)
    for line in found.new:
        _try(found, line, lambda line=line: save_contact(None, _contact(line)))
    for key, line in found.changed:
        _try(found, line, lambda key=key, line=line: _change(key, line))
    for line in found.shifts:
        _try(found, line, lambda line=line: _shift(line))
    return found


def _try(found: Plan, line: Line, work: object) -> None:
    assert callable(work)  # noqa: S101 (given by `apply`)
    try:
        with transaction.atomic():
            work()
    except ProblemError as error:
        problem = error.problem
        found.problems.append(Problem(problem.code, problem.what, str(line.line), problem.fix))


def _contact(line: Line, row: Contact | None = None) -> NewContact:
    return NewContact(row.name if row else line.name, line.phone, line.kind, line.skills, line.moos,
                      row.account if row else None, row.note if row else "")  # fmt: skip


def _change(key: UUID, line: Line) -> None:
    save_contact(key, _contact(line, Contact.objects.get(pk=key)))


def _shift(line: Line) -> None:
    row = held(line)
    if row and line.starts and line.ends:
        add_shift(row.pk, line.starts, line.ends, rank=line.rank)


def export(start: datetime, end: datetime) -> str:
    """The roster of a span as CSV; those without a shift in it stand there too, so that the file is the whole list."""
    rows, people = shifts(start, end), contacts()
    names = account_names(people)
    with_shift = {row.contact_id for row in rows}
    lines = [_cells(row.contact, names, row) for row in rows]
    return write(lines + [_cells(one, names, None) for one in people if one.pk not in with_shift])


def _cells(who: Contact, names: dict[UUID, str], row: DutyShift | None) -> list[str]:
    times = [f"{at.astimezone(BANGKOK):%Y-%m-%d %H:%M}" for at in (row.starts_at, row.ends_at)] if row else ["", ""]
    return [
        name_of(who, names), who.phone or "", KINDS[who.kind][0], "; ".join(SKILLS[skill][0] for skill in who.skills),
        "; ".join(str(moo) for moo in who.moos), *times, str(row.rank) if row else "",
    ]  # fmt: skip
