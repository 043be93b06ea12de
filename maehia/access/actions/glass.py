"""Break-glass: one person or one drawn area, for at most two hours, seen by others, reviewed by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from maehia.access import registry, rules
from maehia.access.actions.reading import note_kin, tell_overseers
from maehia.access.models import Account, BreakGlass
from maehia.access.permissions import can
from maehia.access.queries import Ground, account_of, glass_to_review, grounds
from maehia.base import Problem, ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import acting, required
from maehia.kit.models import Scope as Grant
from maehia.kit.models import ScopeKey

MOST_KEYS = 5_000  # a drawn area, not the town; whoever helps a whole zone has `emergency.affected`
REVIEW_URL = "/staff/break-glass/review/"
for key, thai, english in (
    (
        "access.glass",
        "มีการเปิดข้อมูลฉุกเฉินของ {count} คน โดย {unit} ต้องตรวจทานภายใน 7 วัน",
        "Break-glass by {unit}: data of {count} people; review within 7 days",
    ),
    (
        "access.glass_due",
        "การเปิดข้อมูลฉุกเฉิน {count} ครั้งยังไม่ได้ตรวจทานและครบกำหนดแล้ว",
        "{count} break-glass reviews are overdue",
    ),
    (
        "access.glass_justified",
        "ผลตรวจทานการเปิดข้อมูลฉุกเฉินของคุณ: มีเหตุสมควร",
        "Review of your break-glass: justified",
    ),
    (
        "access.glass_unjustified",
        "ผลตรวจทานการเปิดข้อมูลฉุกเฉินของคุณ: ไม่มีเหตุสมควร",
        "Review of your break-glass: not justified",
    ),
):
    notices.register_text(key, thai, english)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. area: a GEOS polygon in EPSG:4326; either a person or an area. hours: up to 2."""

    ground: str
    reason: str
    person: UUID | None = None
    area: Any = None
    hours: float = 2
    incident_no: str = ""
    cannot_consent: bool = False


def break_glass(account: Account, ask: Ask) -> BreakGlass:
    """Open a person's or an area's minimum fields to one account; supervisor and DPO are told at once.

    It opens contexts of its own, so call it outside of `acting()`. Raises ProblemError: not_allowed,
    unknown_ground, must_be_unable_to_consent, reason_too_short, one_person_or_area, too_long, bad_area,
    nobody_there, area_too_large.
    """
    chosen = _checked(account, ask)
    keys = [ask.person] if ask.person else _keys_in(ask.area)
    near = _kin_among(account, keys)
    opened = _database_now()
    expires = opened + rules.glass_hours(ask.hours)
    with acting(account.actor, "access.request"):
        grant = Grant.objects.create(actor=account.actor, purpose=chosen.purpose, starts_at=opened, expires_at=expires)
        ScopeKey.objects.bulk_create([ScopeKey(scope=grant, key=key) for key in keys])
        glass = BreakGlass.objects.create(
            actor=account.actor, ground=ask.ground, purpose=chosen.purpose, reason=ask.reason.strip(),
            incident_no=ask.incident_no, person_key=ask.person, area=ask.area, keys_count=len(keys),
            grant=grant.pk, opened_at=opened, expires_at=expires, review_due=rules.review_due(opened),
        )  # fmt: skip
        note_kin(account, near)
        tell_overseers(account.actor, account, "access.glass", REVIEW_URL, unit=account.unit or "-", count=len(keys))
    return glass


def _checked(account: Account, ask: Ask) -> Ground:
    """The ground, after everything that can be refused has been."""
    if not can(account, "access.break_glass"):
        raise _problem("not_allowed", "บัญชีนี้ไม่มีสิทธิ์เปิดข้อมูลฉุกเฉิน", "ติดต่อผู้บังคับบัญชา")
    chosen = grounds().get(ask.ground)
    if chosen is None:
        raise _problem("unknown_ground", "ยังไม่ได้เลือกฐานทางกฎหมาย", "เลือกฐานทางกฎหมายจากรายการ")
    if chosen.cannot_consent and not ask.cannot_consent:
        raise _problem(
            "must_be_unable_to_consent",
            "ฐานนี้ใช้ได้เมื่อเจ้าของข้อมูลให้ความยินยอมไม่ได้เท่านั้น",
            "ยืนยันว่าเจ้าของข้อมูลให้ความยินยอมไม่ได้ หรือเลือกฐานอื่น",
        )
    if not rules.reason_suffices(ask.reason):
        raise _problem("reason_too_short", "เหตุผลต้องมีอย่างน้อย 10 ตัวอักษร", "เขียนเหตุที่ต้องเปิดข้อมูลให้ชัดเจน")
    if (ask.person is None) == (ask.area is None):
        raise _problem("one_person_or_area", "เลือกบุคคลหนึ่งคน หรือวาดพื้นที่หนึ่งพื้นที่", "เลือกอย่างใดอย่างหนึ่ง")
    try:
        rules.glass_hours(ask.hours)
    except ValueError as error:
        raise _problem("too_long", "เปิดได้ไม่เกิน 2 ชั่วโมง", "ลดเวลาลง แล้วขอใหม่เมื่อจำเป็น") from error
    return chosen


def _keys_in(area: Any) -> Sequence[UUID]:
    """Keys of the people in a drawn area, from the room that knows where people live."""
    if not area.valid or area.srid != 4326 or area.geom_type not in {"Polygon", "MultiPolygon"}:
        raise _problem("bad_area", "รูปพื้นที่ที่วาดใช้ไม่ได้", "วาดพื้นที่ใหม่โดยไม่ให้เส้นตัดกัน")
    if registry.area_keys.function is None:
        raise _problem("no_register", "ยังไม่มีทะเบียนเมืองให้ค้นตามพื้นที่", "")
    with acting("system:break_glass", "break_glass.resolve"):
        keys = list(dict.fromkeys(registry.area_keys.function(area)))
    if not keys:
        raise _problem("nobody_there", "ไม่พบผู้อยู่อาศัยในพื้นที่ที่วาด", "วาดพื้นที่ใหม่ให้ครอบบ้านที่ต้องการ")
    if len(keys) > MOST_KEYS:
        raise _problem("area_too_large", f"พื้นที่นี้มีผู้อยู่อาศัยเกิน {MOST_KEYS:,} คน", "วาดพื้นที่ให้เล็กลง")
    return keys


def _kin_among(account: Account, keys: Sequence[UUID]) -> int:
    """How many of the people are the asker's own kin: looked up here, because the grant hides his own row from him."""
    if account.person_key is None or registry.kin.function is None:
        return 0
    with acting("system:break_glass", "break_glass.resolve"):
        return len(set(registry.kin.function(account.person_key, keys)) | ({account.person_key} & set(keys)))


def end_glass(glass: BreakGlass) -> None:
    """Close it before its time; by the one who opened it, or an overseer."""
    with acting(glass.actor, "access.request"):
        now = clock.now()
        Grant.objects.filter(pk=glass.grant, ended_at=None).update(ended_at=now)
        BreakGlass.objects.filter(pk=glass.pk, ended_at=None).update(ended_at=now)


def review_glass(glass: BreakGlass, *, verdict: str, note: str) -> BreakGlass:
    """Say whether it was justified. Needs `acting(..., "access.oversee")`; never by the one who opened it."""
    context = required()
    if context.actor == glass.actor:
        raise _problem("own_review", "ผู้ที่เปิดข้อมูลตรวจทานของตนเองไม่ได้", "ให้ผู้บังคับบัญชาหรือ DPO ตรวจทาน")
    if verdict not in BreakGlass.Verdict.values:
        raise _problem("no_verdict", "ยังไม่ได้เลือกผลการตรวจทาน", "เลือกผลการตรวจทาน")
    if rules.letters(note) < rules.REASON_LETTERS:
        raise _problem("reason_too_short", "ความเห็นต้องมีอย่างน้อย 10 ตัวอักษร", "เขียนความเห็นให้ชัดเจน")
    locked = BreakGlass.objects.select_for_update().get(pk=glass.pk)
    if locked.reviewed_at is not None:
        raise _problem("already_reviewed", "รายการนี้ตรวจทานแล้ว", "")
    locked.reviewed_by, locked.reviewed_at = context.actor, clock.now()
    locked.verdict, locked.review_note = verdict, note
    locked.save(update_fields=["reviewed_by", "reviewed_at", "verdict", "review_note"])
    notices.notify(glass.actor, f"access.glass_{verdict}", "/staff/break-glass/")
    return locked


def remind_reviews() -> int:
    """Tell the overseers about reviews past their day; returns how many. Run by the worker each morning."""
    with acting("system:glass", "access.oversee"):
        overdue = glass_to_review().filter(review_due__lt=clock.now())
        actors: dict[str, int] = {}
        for actor in overdue.values_list("actor", flat=True):
            actors[actor] = actors.get(actor, 0) + 1
        for actor, count in actors.items():
            account = account_of(actor.partition(":")[2])
            tell_overseers(actor, account, "access.glass_due", REVIEW_URL, count=count)
        return sum(actors.values())


def _database_now() -> datetime:
    """The database decides when a grant ends, so its clock says when it begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _problem(code: str, what: str, fix: str) -> ProblemError:
    return ProblemError(Problem(code, what, fix=fix))
