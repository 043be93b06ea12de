"""Every read of a person leaves a line; odd reading is noticed at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Max

from maehia.access import purposes, registry
from maehia.access.models import Account, Alert
from maehia.access.queries import account_of, holders_of
from maehia.access.rules import MANY_WINDOW, REASON_LETTERS, letters, worth_telling
from maehia.base import Problem, ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import Context, acting, required

for key, thai, english in (
    (
        "access.alert_kin",
        "มีผู้ดูข้อมูลคนนามสกุลหรือบ้านเดียวกับตน จำนวน {count} คน",
        "Somebody read data of own surname or house: {count} people",
    ),
    (
        "access.alert_many",
        "มีผู้ดูข้อมูลเกิน 50 คนในหนึ่งชั่วโมง ขณะนี้ {count} คน",
        "Somebody read data of more than 50 people in an hour: {count} now",
    ),
    (
        "access.cli_work",
        "มีการทำงานจากเครื่องแม่ข่าย ({what}) โดยผู้ใช้ระบบ {os_user}",
        "Work at the server itself ({what}) by the system user {os_user}",
    ),
    (
        "access.cli_read",
        "มีการอ่านข้อมูลในนามของคุณจากเครื่องแม่ข่าย โดยผู้ใช้ระบบ {os_user} จำนวน {count} คน",
        "Data of {count} people was read in your name at the server by the system user {os_user}",
    ),
):
    notices.register_text(key, thai, english)

INSERT = """
INSERT INTO access_read (at, actor, purpose, mode, entity, key, via, unit, "grant")
SELECT %s, %s, %s, %s, %s, k, %s, coalesce((SELECT a.unit FROM access_account a WHERE a.id = %s), ''), %s
FROM unnest(%s::uuid[]) k
"""
RECENT = """
SELECT count(DISTINCT key) FROM access_read WHERE actor = %s AND at > %s AND NOT purpose = ANY (%s)
"""


def log_read(entity: str, keys: Iterable[UUID], *, via: str = "page") -> int:
    """Write down that the context at hand saw these people's data; returns how many lines.

    entity: what was shown ("person", "need", ...). via: "page", "search", "export", "cli:<os user>", ...
    Call it inside the `acting()` of the read, before anything is shown. It also raises the alerts.
    """
    context = required()
    unique = list(dict.fromkeys(keys))
    if not unique:
        return 0
    now, account_id = clock.now(), _account_id(context)
    grant = context.scope.values[0] if context.scope and context.scope.kind == "grant" else None
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [now, context.actor, context.purpose, context.mode, entity, via, account_id, grant, unique],
        )
    if account_id is not None:
        _watch(context, account_id, unique)
        if via.startswith("cli"):
            os_user = via.partition(":")[2] or "?"
            notices.notify(context.actor, "access.cli_read", os_user=os_user, count=len(unique))
    return len(unique)


def _account_id(context: Context) -> UUID | None:
    kind, _, key = context.actor.partition(":")
    return UUID(key) if kind == "user" else None


def _watch(context: Context, account_id: UUID, keys: Sequence[UUID]) -> None:
    """Alerts: own surname or house, and too many people in an hour. One's own data is one's own."""
    if context.scope is not None and context.scope.kind == "subject":
        return
    account = account_of(account_id)
    if account is not None and account.person_key is not None and registry.kin.function is not None:
        close = [key for key in registry.kin.function(account.person_key, keys) if key != account.person_key]
        close += [key for key in keys if key == account.person_key]
        if close:
            _raise_alert(context, Alert.Kind.KIN, len(close), account)
    info = purposes.published().get(context.purpose)
    if info is None or not info.bulk:
        count = _people_of_the_hour(context.actor)
        if worth_telling(count, 0) and worth_telling(count, _told_lately(context.actor)):
            _raise_alert(context, Alert.Kind.MANY, count, account)


def _people_of_the_hour(actor: str) -> int:
    bulk = [p.key for p in purposes.published().values() if p.bulk]
    with connection.cursor() as cursor:
        cursor.execute(RECENT, [actor, clock.now() - MANY_WINDOW, bulk])
        return int(cursor.fetchone()[0])


def _told_lately(actor: str) -> int:
    """The largest number of people that an alert of this hour named."""
    lately = Alert.objects.filter(actor=actor, kind=Alert.Kind.MANY, at__gt=clock.now() - MANY_WINDOW)
    return lately.aggregate(most=Max("count"))["most"] or 0


def _raise_alert(context: Context, kind: Alert.Kind, count: int, account: Account | None) -> None:
    Alert.objects.create(at=clock.now(), actor=context.actor, kind=kind, purpose=context.purpose, count=count)
    tell_overseers(context.actor, account, f"access.alert_{kind.value}", "/staff/reads/alerts/", count=count)


def note_kin(account: Account, count: int) -> None:
    """Raise the alert of one's own kin for a grant that opens them; nothing for none."""
    if count:
        _raise_alert(required(), Alert.Kind.KIN, count, account)


def tell_overseers(actor: str, account: Account | None, text: str, link: str, **params: str | int) -> None:
    """A notice to the supervisor (or whoever reviews) and to the DPO, never to the one it is about."""
    told = {holder.actor for holder in holders_of("access.oversee")}
    if account is not None and account.supervisor_id:
        told.add(f"user:{account.supervisor_id}")
    else:
        told |= {holder.actor for holder in holders_of("access.review")}
    for key in sorted(told - {actor}):
        notices.notify(key, text, link, **params)


def close_alert(alert: Alert, note: str) -> None:
    """An overseer has looked into it and says what it was. Not one's own alert."""
    context = required()
    if alert.actor == context.actor:
        raise ProblemError(Problem("own_alert", "ผู้ที่ถูกแจ้งเตือนปิดเรื่องของตนเองไม่ได้"))
    if letters(note) < REASON_LETTERS:
        raise ProblemError(Problem("reason_too_short", "คำอธิบายต้องมีอย่างน้อย 10 ตัวอักษร"))
    alert.closed_at, alert.closed_by, alert.note = clock.now(), context.actor, note
    alert.save(update_fields=["closed_at", "closed_by", "note"])


def tell_cli_read(actor: str, what: str) -> None:
    """Work at the server's own keyboard opened personal data: the DPO is told. Call it outside of `acting()`.

    actor: "cli:<os user>"; what: the command and its source, no personal data.
    """
    with acting(actor, "access.request"):
        for holder in holders_of("access.oversee"):
            os_user = actor.partition(":")[2]
            notices.notify(holder.actor, "access.cli_work", "/staff/reads/", what=what, os_user=os_user)
