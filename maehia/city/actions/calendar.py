"""Announcing a day of the working calendar, and taking it back."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from maehia.base import Problem, ProblemError
from maehia.city.models import AnnouncedDay
from maehia.city.queries.calendar import effect_of
from maehia.kit.clock import now

LEAST_LETTERS = 3


@transaction.atomic
def announce_day(
    day: date, name: str, *, working: bool, announced: date | None, source: str, verified: bool, by: str
) -> AnnouncedDay:
    """Add a day. Raises ProblemError: no_name, no_source, day_twice, day_without_effect."""
    for text, code, what in ((name, "no_name", "กรุณาใส่ชื่อวัน"), (source, "no_source", "กรุณาใส่ที่มาของประกาศ")):
        if len(text.strip()) < LEAST_LETTERS:
            raise ProblemError(Problem(code, what))
    with connection.cursor() as cursor:
        # Two officers at once: the second waits here and then finds the first one's day.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('maehia.city.calendar'))")
    if AnnouncedDay.objects.filter(day=day, withdrawn_at=None).exists():
        raise ProblemError(Problem("day_twice", "วันนี้มีประกาศของเมืองอยู่แล้ว", fix="ถอนประกาศเดิมก่อนแล้วจึงเพิ่มใหม่"))
    if not effect_of(day, working=working).changes:
        what = "วันนี้เปิดทำการอยู่แล้ว" if working else "วันนี้เป็นวันหยุดอยู่แล้ว"
        raise ProblemError(Problem("day_without_effect", what, fix="ไม่ต้องเพิ่มในปฏิทิน"))
    return AnnouncedDay.objects.create(
        day=day, name=name.strip(), working=working, announced=announced, source=source.strip(), verified=verified,
        added_by=by, added_at=now(),
    )  # fmt: skip


@transaction.atomic
def withdraw_day(row_id: int, *, why: str, by: str) -> AnnouncedDay:
    """Take an announcement back; it stays readable. Raises ProblemError: not_found, already_withdrawn, no_reason."""
    row = AnnouncedDay.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise ProblemError(Problem("not_found", "ไม่พบวันนี้ในปฏิทิน"))
    if row.withdrawn_at:
        raise ProblemError(Problem("already_withdrawn", "ประกาศนี้ถูกถอนไปแล้ว", row.name))
    if len(why.strip()) < LEAST_LETTERS:
        raise ProblemError(Problem("no_reason", "กรุณาใส่เหตุผลที่ถอนประกาศ"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now(), by, why.strip()[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    return row
