"""Reading requests for help: the desk's list, the waiting list, and what a caller sees of her own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from maehia.emergency.models import HelpRequest, Incident, SafeReport
from maehia.emergency.rules.help import read_digits
from maehia.emergency.rules.help_machine import OPEN
from maehia.kit.crypto import blind_index

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Status:
    """What the one who asked sees: no name, no place. state: of the request that it was joined to, when it was."""

    code: str
    state: str
    joined: bool
    asked_at: datetime
    changed_at: datetime
    priority: int | None
    team: str


def status(code: str, last4: str) -> Status | None:
    """The request of a code, for who knows the last four digits. None for a wrong code and wrong digits alike."""
    code, last4 = read_digits(code), read_digits(last4)
    if len(code) != CODE_LENGTH or len(last4) != 4:
        return None
    rows = HelpRequest.objects.select_related("same_as", "team", "same_as__team")
    row = rows.filter(code=code, last4_index=blind_index("phone4", last4)).first()
    return status_of(row) if row else None


def status_of(row: HelpRequest) -> Status:
    joined = row.state == "duplicate" and row.same_as is not None
    shown = row.same_as if joined and row.same_as else row
    last = shown.events.order_by("-seq").first()
    changed = last.event_at if last else shown.asked_at
    return Status(row.code, shown.state, joined, row.asked_at, changed, shown.priority,
                  shown.team.name if shown.team else "")  # fmt: skip


def get(code: str) -> HelpRequest | None:
    """By its code, whole; for the desk."""
    return HelpRequest.objects.select_related("team", "same_as", "incident").filter(code=read_digits(code)).first()


def by_key(key: UUID) -> HelpRequest | None:
    return HelpRequest.objects.select_related("team", "same_as").filter(pk=key).first()


def newest_of_chat(line_index: bytes) -> HelpRequest | None:
    """The newest request of a chat."""
    rows = HelpRequest.objects.select_related("team", "same_as", "same_as__team").filter(line_index=line_index)
    return rows.order_by("-asked_at", "-recorded_at").first()


def of_incident(incident: Incident | None, *, done: bool = False) -> QuerySet[HelpRequest]:
    """The desk's list: what is open (or over), the most urgent first, then the oldest. incident None: waiting list."""
    rows = HelpRequest.objects.filter(incident=incident).select_related("team", "same_as")
    rows = rows.exclude(state__in=OPEN) if done else rows.filter(state__in=OPEN)
    return rows.annotate(twins=Count("same_ones")).order_by(F("priority").asc(nulls_first=True), "asked_at")


def open_count(incident: Incident) -> int:
    """How many requests of an incident are not over."""
    return HelpRequest.objects.filter(incident=incident, state__in=OPEN).count()


def waiting_count() -> int:
    """How many requests stand outside of any incident and are not over."""
    return HelpRequest.objects.filter(incident=None, state__in=OPEN).count()


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of the desk. safe: people who said they are safe, each phone once."""

    by_state: dict[str, int]
    by_priority: dict[int, int]
    open: int
    late: int
    asked: int
    joined: int
    safe: int


def counts(incident: Incident | None, moment: datetime) -> Counts:
    rows = list(HelpRequest.objects.filter(incident=incident).values_list("state", "priority", "read_due", "there_due"))
    open_ones = [row for row in rows if row[0] in OPEN]
    late = sum(is_late(state, read, there, moment) for state, _, read, there in open_ones)
    states = Counter(row[0] for row in rows)
    return Counts(dict(states), dict(Counter(row[1] for row in open_ones if row[1])), len(open_ones), late, len(rows),
                  states.get("duplicate", 0), safe_people(incident))  # fmt: skip


def is_late(state: str, read_due: datetime, there_due: datetime | None, moment: datetime) -> bool:
    """Past the time by which it should be read, or somebody be there."""
    if state == "new":
        return moment > read_due
    return state != "on_scene" and there_due is not None and moment > there_due


def safe_people(incident: Incident | None) -> int:
    """People who said that they are safe; the same phone counts once, with what it said last."""
    firsts = SafeReport.objects.filter(incident=incident, again_of=None)
    renewed = SafeReport.objects.filter(incident=incident).exclude(again_of=None)
    latest: dict[Any, int] = {}
    for first, people in renewed.order_by("asked_at").values_list("again_of", "people"):
        latest[first] = people
    alone = firsts.exclude(pk__in=latest).aggregate(Sum("people"))["people__sum"] or 0
    return int(alone) + sum(latest.values())


def twins(row: HelpRequest) -> list[HelpRequest]:
    """Requests that are linked to this one, the earlier one first."""
    around = [row.same_as] if row.same_as else []
    return [*around, *row.same_ones.order_by("asked_at")]
