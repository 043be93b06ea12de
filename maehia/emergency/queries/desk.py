"""Reads of the desk: what may be done now and what is missing, the briefing (ICS 201), the log as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from maehia.access.models import Account
from maehia.access.queries import account_of, accounts_by_actor, signers
from maehia.base import Problem
from maehia.base.machine import Move
from maehia.emergency.actions import guards
from maehia.emergency.models import (
    AuthorityNotice,
    ChecklistItem,
    Footprint,
    Handover,
    Incident,
    LogLine,
    Order,
    Shift,
    Team,
    TeamMember,
)
from maehia.emergency.workflow import INCIDENT
from maehia.kit import clock
from maehia.kit.clock import now

POWER = "order.disaster"
ASKED = ("reason", "into", "higher_authority")  # guards that the form of the move answers
NOT_KNOWN = Problem("guard_unknown", "ยังไม่มีส่วนงานที่ตอบเงื่อนไขนี้", fix="แจ้งผู้ดูแลระบบ")


@dataclass(frozen=True, slots=True)
class Offered:
    """A move of the table. asks: guards that its form answers; missing: what must be done first, each in words."""

    to: str
    asks: tuple[str, ...] = ()
    missing: Sequence[Problem] = field(default_factory=tuple)


def moves_of(incident: Incident) -> list[Offered]:
    """The moves from where the incident stands, with what is still missing for each."""
    return [
        Offered(move.to, tuple(name for name in move.guards if name in ASKED), missing(incident, move))
        for move in INCIDENT.states[incident.state].moves if not move.by_system
    ]  # fmt: skip


def missing(incident: Incident, move: Move) -> list[Problem]:
    """What stands against a move beyond what its form asks for. A guard that nobody answers stands against it too."""
    names = tuple(name for name in move.guards if name not in ASKED)
    known = tuple(name for name in names if name in guards.provided())
    return guards.unmet(known, incident, {}) + [NOT_KNOWN] * (len(names) - len(known))


def may_command(day: Any = None) -> list[Account]:
    """Accounts that may command and order in a disaster on a day: the holder, deputies in place, the delegated."""
    keys = list(dict.fromkeys(signer.account for signer in signers(POWER, day or clock.today())))
    found = {str(account.pk): account for account in Account.objects.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def open_handover(incident: Incident) -> Handover | None:
    return Handover.objects.filter(incident=incident, accepted_at=None, refused_at=None).first()


def waiting_for(account: Account) -> list[Handover]:
    """Handovers of the context's mode that this account has to answer."""
    rows = Handover.objects.filter(taker=account.pk, accepted_at=None, refused_at=None)
    return list(rows.select_related("incident").order_by("asked_at"))


def merge_targets(incident: Incident) -> list[Incident]:
    rows = Incident.objects.exclude(pk=incident.pk).exclude(state__in=("rejected", "merged", "closed"))
    return list(rows.order_by("-started_at")[:50])


def notices_of(incident: Incident) -> list[AuthorityNotice]:
    """Who must be told, the first due first."""
    return list(incident.notices.select_related("incident"))


def late_notices() -> int:
    """How many authorities of the context's mode should have been told by now."""
    return AuthorityNotice.objects.filter(sent_at=None, due_at__lt=now()).count()


def teams_of(incident: Incident, *, ended: bool = False) -> list[dict[str, Any]]:
    """Teams with their members' accounts; those that are back only when asked for."""
    rows = Team.objects.filter(incident=incident).order_by("ended_at", "name")
    teams = list(rows if ended else rows.filter(ended_at=None))
    members = TeamMember.objects.filter(team__in=teams).order_by("starts_at")
    accounts = {a.pk: a for a in Account.objects.filter(pk__in=[m.account for m in members])}
    return [
        {"team": team, "lead": accounts.get(team.lead) if team.lead else None,
         "members": [{"member": m, "account": accounts.get(m.account)} for m in members
                     if m.team_id == team.pk and m.ends_at is None]}
        for team in teams
    ]  # fmt: skip


def shift_of(incident: Incident) -> Shift | None:
    return incident.shifts.filter(closed_at=None).prefetch_related("posts", "objectives").first()


def inside_counts(footprint: Footprint | None) -> dict[str, int]:
    """Houses inside a footprint, by what is known of the way out. No people."""
    if footprint is None:
        return {}
    row: dict[str, int] = footprint.inside.aggregate(houses=Count("pk"), cut_off=Count("pk", Q(access="cut_off")))
    return row


def briefing(incident: Incident) -> dict[str, Any]:
    """The ICS 201 briefing as it stands now, as JSON: situation, objectives, organisation, orders, what is open."""
    shift, print_ = shift_of(incident), incident.footprint
    commander = account_of(incident.commander) if incident.commander else None
    return {
        "at": now().isoformat(), "number": incident.number, "name": incident.name, "hazard": incident.hazard,
        "state": incident.state, "level": incident.level, "level_by": incident.level_by, "place": incident.place,
        "started_at": incident.started_at.isoformat(),
        "commander": {"name": commander.display_name if commander else "", "ground": incident.ground,
                      "order": incident.ground_order},
        "footprint": {"id": str(print_.pk), "version": print_.number, "area_m2": round(print_.area_m2),
                      **inside_counts(print_)} if print_ else {},
        "shift": shift.number if shift else None,
        "objectives": [{"text": o.text, "state": o.state} for o in shift.objectives.all()] if shift else [],
        "posts": [{"role": p.role, "name": p.name} for p in shift.posts.all() if p.ends_at is None] if shift else [],
        "teams": [_team_line(row) for row in teams_of(incident)],
        "orders": [{"number": o.number, "text": o.text, "by": o.signer_name, "at": o.at.isoformat()}
                   for o in orders_of(incident)[:10]],
        "notices": [{"to": n.to_th, "sent": n.sent_at.isoformat() if n.sent_at else "",
                     "due": n.due_at.isoformat()} for n in notices_of(incident)],
        "todo": [{"role": item.role, "text": item.text_th, "text_en": item.text_en, "due": item.due_at.isoformat()}
                 for item in open_items(incident)[:20]],
        "recent": [{"seq": line.seq, "kind": line.kind, "text": line.text, "after": line.after,
                    "at": line.event_at.isoformat()} for line in LogLine.objects.filter(incident=incident)
                   .order_by("-seq")[:15]],
    }  # fmt: skip


def _team_line(row: Mapping[str, Any]) -> dict[str, Any]:
    lead = row["lead"]
    return {"name": row["team"].name, "lead": lead.display_name if lead else "", "phone": row["team"].phone,
            "members": len(row["members"]), "moos": row["team"].moos}  # fmt: skip


def orders_of(incident: Incident) -> list[Order]:
    """Orders, the newest first."""
    return list(Order.objects.filter(incident=incident).order_by("-at", "-number"))


def open_items(incident: Incident) -> list[ChecklistItem]:
    """Steps of running checklists that are still to be done, the first due first."""
    rows = ChecklistItem.objects.filter(checklist__incident=incident, state="open")
    return list(rows.select_related("checklist").order_by("due_at", "number"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log is shown. text: inside the line; post: written for or by it; since, until: of the event."""

    kinds: tuple[str, ...] = ()
    text: str = ""
    post: str = ""
    since: datetime | None = None
    until: datetime | None = None


def log_lines(incident: UUID, wanted: Wanted) -> QuerySet[LogLine]:
    """Lines that fit, the newest first."""
    rows = LogLine.objects.filter(incident_id=incident).order_by("-seq")
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.text:
        rows = rows.filter(text__icontains=wanted.text)
    if wanted.post:
        rows = rows.filter(value__post=wanted.post)
    if wanted.since:
        rows = rows.filter(event_at__gte=wanted.since)
    return rows.filter(event_at__lte=wanted.until) if wanted.until else rows


def kinds_of(incident: UUID) -> list[tuple[str, int]]:
    """(kind, count) of an incident's log."""
    rows = LogLine.objects.filter(incident_id=incident).order_by("kind").values_list("kind")
    return list(rows.annotate(n=Count("pk")))


def names_of(lines: Sequence[LogLine]) -> dict[str, str]:
    """Actor -> name of the account; what is no account is left out."""
    return {actor: a.display_name for actor, a in accounts_by_actor([line.actor for line in lines]).items()}
