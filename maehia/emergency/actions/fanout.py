"""A published alert to everybody whom it reaches: one row and one letter for each, in batches that may be killed.

Only an alert of status Actual in mode live is ever put before anybody. Each batch is one transaction; who stands in
`AlertRecipient` has her letter, so a second worker and a second try repeat nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import connection
from django.db.models import Q

from maehia.base import ProblemError
from maehia.city.models import Area, Person
from maehia.emergency.actions import log
from maehia.emergency.actions.alerts_compose import message_of
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, AlertRecipient, Fanout
from maehia.emergency.rules.cap.texts import Texts, texts_of
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.jobs import enqueue
from maehia.message.actions import resend as send_again
from maehia.message.actions.queue import Recipient, new_row, wake
from maehia.message.models import LineFollower, LineLink, Message
from maehia.message.registry import Template

ACTOR, PURPOSE = "system:emergency", "emergency.warn"
TEMPLATE, KIND, JOB = "emergency.alert", "fanout", "emergency.fanout"
BATCH, METRES = 1000, 32647
LIVE_STATUS = "Actual"  # the whole list: what is not on it never leaves the house
GRAVE = ("Extreme", "Severe")
FAILED = (Message.State.PERMANENT, Message.State.TECHNICAL, Message.State.HELD)


def templates() -> list[Template]:
    return [Template(TEMPLATE, "alert", "{text}", "{text}", ("text",), "เมื่อประกาศเตือนภัย", "When a warning goes out")]


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to be told: where, and in which language."""

    to: Recipient
    lang: str = "th"
    how: str = field(default="")


def queue_fanout(alert: Alert) -> None:
    """The hook of publishing: ask for the job, for a live alert alone; an exercise asks for nothing."""
    if may_leave(alert):
        enqueue(JOB, actor=ACTOR, purpose=PURPOSE, alert=alert.pk)


def may_leave(alert: Alert) -> bool:
    """Whether an alert may reach anybody outside. Deny by default."""
    return alert.mode == "live" and alert.status == LIVE_STATUS and alert.state == "published"


def not_outside(alert: Alert) -> ProblemError:
    return refused("not_outside", "ประกาศนี้ไม่ใช่ประกาศจริงที่เผยแพร่แล้ว จึงไม่ส่งออกช่องทางภายนอก", alert.identifier)


def fan_out(key: UUID, *, after_batch: Callable[[int], None] | None = None) -> int:
    """Put a published alert before its recipients; safe to run again and again. Outside of any context.

    Returns how many letters this run queued. Raises ProblemError no_alert, not_outside (status or mode).
    """
    alert = begin(key)
    with acting(ACTOR, PURPOSE):
        texts = {lang: found for lang in ("th", "en") if (found := texts_of(message_of(alert), lang)[1])}
        everybody = list(targets(alert))
    total = 0
    for number, at in enumerate(range(0, len(everybody), BATCH)):
        total += put(alert, everybody[at : at + BATCH], texts)
        if after_batch:
            after_batch(number)
    end(alert, len(everybody))
    return total


def begin(key: UUID) -> Alert:
    with acting(ACTOR, PURPOSE):
        alert = Alert.objects.prefetch_related("infos").select_related("incident").filter(pk=key).first()
        if alert is None:
            raise refused("no_alert", "ไม่พบประกาศนี้")
        if not may_leave(alert):
            raise not_outside(alert)
        Fanout.objects.get_or_create(alert=alert, defaults={"status": alert.status, "mode": alert.mode,
                                                            "started_at": clock.now()})  # fmt: skip
        return alert


def put(alert: Alert, part: Sequence[Target], texts: dict[str, Texts]) -> int:
    """One batch: who has no row yet gets row and letter, both or none."""
    with acting(ACTOR, PURPOSE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"emergency.fanout:{alert.pk}"])
        by_index = {index: one for one in part if (index := one.to.index)}
        held = AlertRecipient.objects.filter(alert=alert, recipient_index__in=list(by_index))
        done = {bytes(index) for index in held.values_list("recipient_index", flat=True)}
        fresh = [(index, one, letter(alert, one, texts)) for index, one in by_index.items() if index not in done]
        moment = clock.now()
        Message.objects.bulk_create([row for _, _, row in fresh], batch_size=BATCH)
        AlertRecipient.objects.bulk_create(
            [AlertRecipient(alert=alert, mode=alert.mode, status=alert.status, recipient_index=index, how=one.how,
                            message=row.pk, queued_at=moment) for index, one, row in fresh]
        )  # fmt: skip
        if fresh:
            wake()
        return len(fresh)


def letter(alert: Alert, one: Target, texts: dict[str, Texts]) -> Message:
    """The letter of one recipient: short for a telephone, whole inside LINE. Urgent: there are no quiet hours."""
    said = texts.get(one.lang) or texts["th"]
    row = new_row(TEMPLATE, said.sms, to=one.to, about=alert.pk, lang=one.lang, urgent=True, mode=alert.mode)
    if one.to.line_user:
        row.payload = bubble(said.line)
    return row


@lru_cache(maxsize=8)
def bubble(text: str) -> str:
    """The LINE objects of a text, made once for all who get it."""
    return json.dumps([{"type": "text", "text": text[:5000]}], ensure_ascii=False)


def end(alert: Alert, people: int) -> None:
    """Write down that everybody has a letter, once."""
    with acting(ACTOR, PURPOSE):
        held = Fanout.objects.select_for_update().get(alert=alert)
        held.queued = AlertRecipient.objects.filter(alert=alert).count()
        first, held.done_at = held.done_at is None, held.done_at or clock.now()
        held.save(update_fields=["queued", "done_at"])
        if first and alert.incident is not None:
            log.append(alert.incident, KIND, after="queued",
                       value={"alert": str(alert.pk), "queued": held.queued, "found": people})  # fmt: skip


def targets(alert: Alert) -> Iterator[Target]:
    """Everybody in the area who can be reached: followers of its villages, then people of the register with a phone."""
    moos = moos_of(alert)
    links = dict(LineLink.objects.filter(unlinked_at=None).values_list("person_key", "line_user"))
    yield from followers(alert, moos)
    for key, phone in people_with_phone(alert):
        line = str(links.get(key, ""))
        yield Target(Recipient(line_user=line, phone=phone, wants=("line", "sms") if line else ("sms",)),
                     how="line" if line else "sms")  # fmt: skip


def followers(alert: Alert, moos: Sequence[str]) -> Iterator[Target]:
    """Followers of the villages, and those who have not said where they live. A grave warning reaches also those who
    take no news: it is not news."""
    rows = LineFollower.objects.filter(unfollowed_at=None).filter(Q(moo__in=moos) | Q(moo=""))
    if alert.severity not in GRAVE:
        rows = rows.filter(news=True)
    for row in rows.order_by("pk").iterator(chunk_size=2000):
        yield Target(Recipient(line_user=str(row.line_user), wants=("line",)), row.lang, "line")


def people_with_phone(alert: Alert) -> Iterator[tuple[UUID, str]]:
    """(key, phone) of the living in houses of the area. A phone of a whole family comes once: it has one index."""
    rows = Person.objects.filter(died=None, phone__isnull=False)
    if (shape := shape_of(alert)) is not None:
        rows = rows.filter(house__geom__intersects=shape)
    seen: set[bytes] = set()
    for key, held, index in rows.order_by("pk").values_list("pk", "phone", "phone_index").iterator(chunk_size=2000):
        phone = str(held or "")
        mark = bytes(index or b"") or phone.encode()
        if phone and mark not in seen:
            seen.add(mark)
            yield key, phone


def shape_of(alert: Alert) -> GEOSGeometry | None:
    """The area of an alert in EPSG:4326, a circle as its polygon; None for the whole town."""
    if alert.geom is not None:
        return alert.geom
    if not alert.circle:
        return None
    centre, _, radius_km = alert.circle.partition(" ")
    lat, lon = map(float, centre.split(","))
    middle = Point(lon, lat, srid=4326).transform(METRES, clone=True)
    return middle.buffer(float(radius_km) * 1000).transform(4326, clone=True)


def moos_of(alert: Alert) -> list[str]:
    """Villages that the area of an alert touches; all of them when it names no shape."""
    rows = Area.objects.filter(area_kind="moo")
    if (shape := shape_of(alert)) is not None:
        rows = rows.filter(geom__intersects=shape)
    return sorted({str(int(code[-2:])) for code in rows.values_list("code", flat=True) if code[-2:].isdigit()})


def unfinished() -> list[UUID]:
    """Live alerts that were published and not yet put before everybody. Inside `emergency.warn`."""
    rows = Alert.objects.filter(mode="live", status=LIVE_STATUS, state="published", expires__gt=clock.now())
    return list(rows.filter(Q(fanout=None) | Q(fanout__done_at=None)).values_list("pk", flat=True))


def resend(alert: Alert) -> int:
    """Send again what has failed, with attempts of its own. Inside `emergency.warn`; returns how many."""
    if not may_leave(alert):
        raise not_outside(alert)
    rows = Message.objects.filter(about=alert.pk, template=TEMPLATE, state__in=FAILED)
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        send_again(key)
    if keys and alert.incident is not None:
        log.append(alert.incident, KIND, after="resent", value={"alert": str(alert.pk), "resent": len(keys)})
    return len(keys)
