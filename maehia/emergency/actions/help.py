"""Asking for help and saying that one is safe: written down at once, joined when it is the same, never refused.

Runs inside the caller's context: `emergency.help` for those who ask, `emergency.command` for the desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils.crypto import salted_hmac

from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import HelpEvent, HelpRequest, Incident, SafeReport
from maehia.emergency.rules import help as rules
from maehia.emergency.rules.help_data import clocks, needs
from maehia.emergency.rules.help_machine import OPEN
from maehia.emergency.workflow import LIVE_STATES
from maehia.kit import clock
from maehia.kit.acting import required
from maehia.kit.crypto import blind_index
from maehia.thai import clean_text, normalize_phone

KIND = "help"
LONGEST, MOST_PEOPLE = 2000, 999
OLDEST = timedelta(days=3)  # an offline phone that says it wrote longer ago has a wrong clock
BOX_DEGREES = 0.01


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for, as far as she tells. point: (lon, lat); written_at: of a phone without a signal.

    incident: where the desk writes it down; else it is found by the place.
    """

    needs: Sequence[str] = ()
    people: int = 1
    name: str = ""
    phone: str = ""
    note: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    moo: int | None = None
    channel: str = "web"
    lang: str = "th"
    line_user: str = ""
    person_key: UUID | None = None
    house_key: UUID | None = None
    written_at: datetime | None = None
    incident: UUID | None = None


def ask(asked: Ask, *, key: UUID | None = None) -> HelpRequest:
    """Write a request down and give it a code. Nothing that is told badly refuses it: it stands in the note instead.

    key: the row's future id (a chat's). The same caller from the same place is joined to her open request; a likely
    twin (same house, within 50 m and 2 h) is linked and shown to the desk beside it.
    """
    asked = cleaned(asked)
    moment, phone = clock.now(), normalize_phone(asked.phone)
    incident = incident_of(asked)
    when = written(asked.written_at, moment)
    read_due, _ = rules.due(rules.clock_of(clocks(), clock.today()), when, None)
    code = new_code()
    row = HelpRequest(
        code=code, incident_id=incident, needs=list(asked.needs), people=asked.people, channel=asked.channel,
        lang=asked.lang, name=asked.name or None, phone=phone, note=asked.note or None, address=asked.address or None,
        phone_index=blind_index("phone", phone) if phone else None,
        last4_index=blind_index("phone4", phone or pin_of(code)), line_user=asked.line_user or None,
        line_index=blind_index("line", asked.line_user) if asked.line_user else None, person_key=asked.person_key,
        house_key=asked.house_key, moo=asked.moo, asked_at=when, recorded_at=moment, read_due=read_due,
    )  # fmt: skip
    if asked.point:
        row.lon, row.lat = asked.point
    row.pk = key or row.pk
    hold_caller(row)
    join_alike(row)
    row.save(force_insert=True)
    note_event(row, "", event_at=when)
    tell_log(row, "", event_at=when)
    return row


def cleaned(asked: Ask) -> Ask:
    """Words without control characters, kinds that exist, a place on the earth; what does not fit goes to the note."""
    kinds = [one for one in dict.fromkeys(asked.needs) if one in needs()]
    phone = clean_text(asked.phone)[:60]
    note = clean_text(asked.note)[:LONGEST]
    if phone and normalize_phone(phone) is None:
        note = f"{note} (โทร: {phone})".strip()
    point = asked.point
    if point and not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        point = None
    return replace(
        asked, needs=kinds or ["other"], people=min(max(asked.people, 1), MOST_PEOPLE), point=point, phone=phone,
        note=note, name=clean_text(asked.name)[:120], address=clean_text(asked.address)[:300],
    )  # fmt: skip


def written(told: datetime | None, moment: datetime) -> datetime:
    """When it was asked: the phone's word when it can be, else now. A clock that runs ahead or far behind is wrong."""
    return told if told and moment - OLDEST <= told <= moment else moment


def new_code() -> str:
    """Eight digits that nobody has: they are read out on the phone, so no letters."""
    while True:
        code = f"{secrets.randbelow(10**8):08d}"
        if not HelpRequest.objects.filter(code=code).exists():
            return code


def pin_of(code: str) -> str:
    """Four digits in place of the phone of who gave none: made of the code, so that they can be shown again."""
    digest = salted_hmac("maehia.emergency.help.pin", code).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**4:04d}"


def incident_of(asked: Ask) -> UUID | None:
    """The live incident it belongs to: by its footprint; without a place, the only one. None: it waits."""
    if asked.incident:
        return asked.incident
    live = Incident.objects.filter(state__in=LIVE_STATES)
    if asked.point:
        inside = live.filter(footprint__geom__intersects=Point(*asked.point, srid=4326))
        return inside.order_by("-started_at").values_list("pk", flat=True).first()
    keys = list(live.values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


def hold_caller(row: HelpRequest) -> None:
    """One after the other for one caller: two posts of the same phone at the same moment see each other."""
    mark = row.phone_index or row.line_index
    if mark:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(mark[:8], "big", signed=True)])


def join_alike(row: HelpRequest) -> None:
    """Link to the open request that this one is likely the same as; join it when it surely is."""
    found = rules.likeness(spot(row), [spot(one) for one in near(row)])
    if found:
        row.same_as_id, row.same_why = found.id, found.why
        row.state = "duplicate" if found.sure else row.state


def near(row: HelpRequest) -> list[HelpRequest]:
    """Open requests that may be the same: same caller, same house, or close by and recent."""
    since = row.asked_at - rules.SAME_FOR
    open_ones = HelpRequest.objects.filter(state__in=OPEN, asked_at__gte=since).defer("name", "note", "address")
    found: list[HelpRequest] = []
    for name in ("phone_index", "line_index", "house_key"):
        if value := getattr(row, name):
            found += open_ones.filter(**{name: value})[:20]
    if row.point:
        lon, lat = row.point
        found += open_ones.filter(
            asked_at__gte=row.asked_at - rules.NEAR_FOR, lat__range=(lat - BOX_DEGREES, lat + BOX_DEGREES),
            lon__range=(lon - BOX_DEGREES, lon + BOX_DEGREES),
        )[:200]  # fmt: skip
    return list({one.pk: one for one in found}.values())


def spot(row: HelpRequest) -> rules.Spot:
    indexes = [bytes(value) if value else None for value in (row.phone_index, row.line_index)]
    return rules.Spot(row.pk, row.asked_at, row.point, indexes[0], row.house_key, indexes[1])


def note_event(
    row: HelpRequest, before: str, note: str = "", *, event_at: datetime | None = None, **value: Any
) -> None:
    """One more line of a request's own history. The caller holds the row."""
    moment = clock.now()
    HelpEvent.objects.create(
        request=row, mode=row.mode, seq=row.events.count() + 1, before=before, after=row.state, note=note or None,
        value=value, actor=required().actor, event_at=event_at or moment, at=moment,
    )  # fmt: skip


def tell_log(row: HelpRequest, before: str, *, event_at: datetime | None = None, **value: Any) -> None:
    """A line of the incident's log: numbers and keys only, never who asked. Nothing outside of an incident."""
    if row.incident_id is None:
        return
    told = {"request": str(row.pk), "people": row.people, "priority": row.priority, "needs": row.needs,
            "channel": row.channel, **value}  # fmt: skip
    log.append(row.incident_id, KIND, before=before, after=row.state, value=told, event_at=event_at)


def safe(asked: Ask) -> SafeReport:
    """Write down that somebody is safe. The same phone is counted once; her open requests are marked for the desk."""
    asked = cleaned(asked)
    moment, phone = clock.now(), normalize_phone(asked.phone)
    incident = incident_of(asked)
    row = SafeReport(
        incident_id=incident, people=asked.people, channel=asked.channel, name=asked.name or None, phone=phone,
        phone_index=blind_index("phone", phone) if phone else None, note=asked.note or None, moo=asked.moo,
        line_index=blind_index("line", asked.line_user) if asked.line_user else None, person_key=asked.person_key,
        house_key=asked.house_key, asked_at=written(asked.written_at, moment), recorded_at=moment,
    )  # fmt: skip
    row.again_of = earlier_safe(row)
    row.save(force_insert=True)
    mark_safe(row)
    if incident:
        value = {"people": row.people, "channel": row.channel, "again": row.again_of_id is not None}
        log.append(incident, "safe", value=value, event_at=row.asked_at)
    return row


def earlier_safe(row: SafeReport) -> SafeReport | None:
    known = {name: value for name in ("phone_index", "line_index", "person_key") if (value := getattr(row, name))}
    for name, value in known.items():
        same = SafeReport.objects.filter(incident=row.incident, again_of=None, **{name: value})
        if found := same.order_by("asked_at").first():
            return found
    return None


def mark_safe(row: SafeReport) -> None:
    """An open request of the same phone or chat is not closed by it: the desk sees it and calls back."""
    for name in ("phone_index", "line_index"):
        if value := getattr(row, name):
            HelpRequest.objects.filter(state__in=OPEN, **{name: value}).update(safe_at=row.asked_at)


def add(key: UUID, *, note: str = "", point: tuple[float, float] | None = None, phone: str = "") -> HelpRequest:
    """Something more from the one who asked: words, a place, a phone. Raises ProblemError no_request."""
    row = held(key)
    if point and row.point is None:
        row.lon, row.lat = point
        found = incident_of(Ask(point=point)) if row.incident_id is None else row.incident_id
        row.incident_id = found
    if phone and row.phone is None and (number := normalize_phone(phone)):
        row.phone, row.phone_index = number, blind_index("phone", number)
        row.last4_index = blind_index("phone4", number)
    row.note = " ".join(part for part in (row.note, clean_text(note)) if part)[:LONGEST] or None
    row.version += 1
    row.save()
    added = [name for name, it in (("note", note), ("place", point), ("phone", phone)) if it]
    note_event(row, row.state, note, added=added)
    return row


def held(key: UUID, version: int | None = None) -> HelpRequest:
    """The request, locked. Raises ProblemError no_request, stale_request."""
    row = HelpRequest.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise refused("no_request", "ไม่พบคำขอนี้ หรือคุณไม่มีสิทธิ์เปิด")
    if version is not None and version != row.version:
        raise refused("stale_request", "มีผู้อื่นแก้ไขคำขอนี้ไปแล้ว", rules.show_code(row.code), "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    return row
