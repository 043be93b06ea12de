"""Positions, and who signs in whose stead. Runs inside `acting(..., "access.manage")`; leaves history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from maehia.access.actions.accounts import history
from maehia.access.models import Account, Delegation, LegalHolder
from maehia.access.queries import positions, powers
from maehia.base import Problem, ProblemError

ONE_AT_A_TIME = frozenset({"mayor", "clerk"})


@transaction.atomic
def appoint(
    position: str, account: Account, *, starts_on: date, order_no: str, ends_on: date | None = None
) -> LegalHolder:
    """Say who holds a position from a day. There is one mayor and one clerk on any day.

    Raises ProblemError: unknown_position, no_order, dates_reversed, position_held.
    """
    if position not in positions():
        raise ProblemError(Problem("unknown_position", "ไม่มีตำแหน่งนี้", position))
    _check_days(starts_on, ends_on, order_no)
    Account.objects.select_for_update().get(pk=account.pk)
    if position in ONE_AT_A_TIME and _overlapping(position, starts_on, ends_on):
        raise ProblemError(
            Problem(
                "position_held",
                "มีผู้ดำรงตำแหน่งนี้อยู่แล้วในช่วงวันที่เลือก",
                positions()[position],
                "บันทึกวันพ้นตำแหน่งของคนเดิมก่อน",
            )
        )
    with history():
        return LegalHolder.objects.create(
            position=position, account=account, starts_on=starts_on, ends_on=ends_on, order_no=order_no
        )


def _overlapping(position: str, starts_on: date, ends_on: date | None) -> bool:
    others = LegalHolder.objects.filter(position=position).filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    return (others.filter(starts_on__lte=ends_on) if ends_on else others).exists()


def delegate(
    holder: LegalHolder,
    deputy: Account,
    *,
    chosen_powers: Iterable[str],
    starts_on: date,
    order_no: str,
    ends_on: date | None = None,
) -> Delegation:
    """Let a deputy use some of a holder's powers. Raises ProblemError: not_delegable, own_deputy, and of days."""
    _check_days(starts_on, ends_on, order_no)
    wanted = sorted(set(chosen_powers))
    for key in wanted or [""]:
        power = powers().get(key)
        if power is None or not power["delegable"] or holder.position not in power["positions"]:
            raise ProblemError(Problem("not_delegable", "อำนาจนี้มอบไม่ได้ หรือผู้มอบไม่มีอำนาจนี้", key, "เลือกเฉพาะอำนาจที่มอบได้"))
    if deputy.pk == holder.account_id:
        raise ProblemError(Problem("own_deputy", "มอบอำนาจให้ตนเองไม่ได้"))
    with history():
        return Delegation.objects.create(
            holder=holder, deputy=deputy, powers=wanted, starts_on=starts_on, ends_on=ends_on, order_no=order_no
        )


def end_signing(row: LegalHolder | Delegation, last_day: date) -> None:
    """Say the last day of a holding or a delegation."""
    if last_day < row.starts_on:
        raise ProblemError(Problem("dates_reversed", "วันสิ้นสุดอยู่ก่อนวันเริ่ม"))
    with history():
        row.ends_on = last_day
        row.save(update_fields=["ends_on"])


def _check_days(starts_on: date, ends_on: date | None, order_no: str) -> None:
    if not order_no.strip():
        raise ProblemError(Problem("no_order", "ยังไม่ได้ระบุคำสั่งแต่งตั้งหรือมอบอำนาจ", fix="กรอกเลขที่คำสั่ง"))
    if ends_on is not None and ends_on < starts_on:
        raise ProblemError(Problem("dates_reversed", "วันสิ้นสุดอยู่ก่อนวันเริ่ม"))
