"""Late cases climb a ladder: at each rung, once, those are told whose role stands there.

The town's own ladder (share of the promised time) holds for every case; a service may add rungs of its own, counted
in working time after the due moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from maehia.access.queries import holders_of, holders_of_role
from maehia.city.queries.calendar import working_calendar
from maehia.kit.clock import now
from maehia.kit.notices import notify, register_text
from maehia.services.actions.base import append, locked, save
from maehia.services.models import Case, EscalationRung, RungFired, UnitMember
from maehia.services.queries.current import definition_of
from maehia.services.rules.clock import Pause, Rung, rungs_reached, running
from maehia.thai import WorkingCalendar

register_text("services.late", "มีเรื่องเกินกำหนด {count} เรื่อง: {rung}", "{count} cases are late: {rung}")
HEAD = "head"  # of the unit that has the case; every other word is a role of the town
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung that a case has come to. key: its name for ever on this case; percent: of the promise that is used up.

    sealed: about staff or corruption; only those who may open it are told, not even its unit.
    """

    case_id: UUID
    number: str
    unit: str | None
    key: str
    name: str
    roles: tuple[str, ...]
    percent: int
    sealed: bool = False


def reached(at: datetime, rungs: Sequence[EscalationRung], since: datetime | None = None) -> list[Reached]:
    """What open cases have come to at a moment; nobody is told. since: only what was reached after it (a drill)."""
    calendar = working_calendar()
    rows = Case.objects.filter(state_type="open", due_at__isnull=False, received_at__lt=at).select_related("definition")
    found: list[Reached] = []
    for case in rows.defer("definition__definition").prefetch_related("pauses").iterator(BATCH):
        earlier = {one.key for one in _of_case(case, since, rungs, calendar)} if since else set()
        found += [one for one in _of_case(case, at, rungs, calendar) if one.key not in earlier]
    return found


def _of_case(case: Case, at: datetime, rungs: Iterable[EscalationRung], calendar: WorkingCalendar) -> list[Reached]:
    pauses = [Pause(p.start, p.end, p.cause) for p in case.pauses.all()]
    used = _percent(case, at, pauses)
    town = [_reached(case, f"town:{r.pk}", r.name_th, tuple(r.roles), used)
            for r in rungs if r.active and used >= r.after_percent]  # fmt: skip
    if case.due_at is None or at <= case.due_at:
        return town
    ladder = definition_of(case).ladder
    own = rungs_reached(case.due_at, at, ladder, fired=0, pauses=pauses, calendar=calendar)
    # Named with the definition: another category has a ladder of its own, which begins at its first rung.
    return town + [
        _reached(case, f"own:{case.definition_id}:{n}", _words(rung), (rung.role,), used) for n, rung in enumerate(own)
    ]


def _reached(case: Case, key: str, name: str, roles: tuple[str, ...], used: int) -> Reached:
    return Reached(case.pk, case.number, case.unit_id, key, name, roles, used, sealed=case.is_confidential)


UNITS = {"working_minutes": "นาทีทำการ", "working_days": "วันทำการ", "calendar_days": "วัน"}


def _words(rung: Rung) -> str:
    return f"เกินกำหนด {rung.exceeded_by.amount} {UNITS[rung.exceeded_by.unit]}"


def _percent(case: Case, at: datetime, pauses: Sequence[Pause]) -> int:
    """How much of the promised time is used up; while the clock stood still, nothing was."""
    promised = _ran(case.received_at, case.due_at or at, pauses)
    return int(_ran(case.received_at, at, pauses) / max(promised, timedelta(minutes=1)) * 100)


def _ran(start: datetime, end: datetime, pauses: Sequence[Pause]) -> timedelta:
    return sum((b - a for a, b in running(start, end, pauses)), timedelta(0))


@transaction.atomic
def climb(at: datetime | None = None) -> int:
    """Fire each rung that was reached and not told yet; how many. Run by the worker under services.clock."""
    told: Counter[tuple[str, str, bool]] = Counter()
    fired = 0
    for one in reached(at or now(), list(EscalationRung.objects.all())):
        row, new = RungFired.objects.get_or_create(case_id=one.case_id, rung=one.key, defaults={"at": now()})
        if not new:
            continue
        case = locked(one.case_id)
        if case.state_type != "open":  # closed since it was listed
            row.delete()
            continue
        fired += 1
        append(case, "rung", by="system:clock", is_public=False, value={"rung": one.name, "percent": one.percent})
        save(case)
        told.update((account, one.name, one.sealed) for account in listeners(one))
    for (account, name, sealed), count in told.items():
        link = "/staff/cases/confidential/" if sealed else "/staff/cases/?when=late"
        notify(account, "services.late", link=link, count=count, rung=name)
    return fired


def listeners(one: Reached) -> list[str]:
    """Account keys that a rung tells: heads of the unit, and the accounts that hold its roles today."""
    if one.sealed:
        return sorted(account.actor for account in holders_of("services.confidential"))
    found: set[str] = set()
    for role in one.roles:
        if role == HEAD:
            heads = UnitMember.objects.filter(unit_id=one.unit, is_head=True).values_list("account_id", flat=True)
            found |= {f"user:{key}" for key in heads}
        else:
            found |= {account.actor for account in holders_of_role(role)}
    return sorted(found)
