"""A town sets the rates of its ordinances, from a day on, and takes a slip back. What was billed stays as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from maehia.kit.clock import now
from maehia.services.actions.base import refused
from maehia.services.models import TariffRate
from maehia.services.rules.tariff import SATANG, shipped_tariffs

MOST = Decimal("1000000")


@transaction.atomic
def set_rate(
    tariff: str, line: str, *, start: date, amount: Decimal, source: str, verified: bool, by: str
) -> TariffRate:
    """A rate from a day on. Raises ProblemError: unknown_tariff, bad_amount, no_source, rate_stands (that day)."""
    known = shipped_tariffs().get(tariff)
    if known is None or all(one.code != line for one in known.lines):
        raise refused("unknown_tariff", "ไม่มีอัตรานี้", f"{tariff}.{line}")
    if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(SATANG):
        raise refused("bad_amount", "จำนวนเงินต้องไม่ติดลบและมีทศนิยมไม่เกินสองตำแหน่ง", str(amount))
    if not source.strip():
        raise refused("no_source", "ยังไม่ได้ระบุเทศบัญญัติหรือประกาศที่เป็นที่มา", tariff, "เขียนชื่อและปีของเทศบัญญัติ")
    row = TariffRate(tariff=tariff, line=line, start=start, amount=amount, source=source.strip(), verified=verified,
                     made_by=by, made_at=now())  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refused("rate_stands", "มีอัตราที่เริ่มวันเดียวกันอยู่แล้ว", tariff, "ยกเลิกอัตราเดิมก่อน") from error
    return row


@transaction.atomic
def withdraw_rate(pk: int, *, by: str) -> TariffRate:
    """From now on it counts no more, as if it had not been set. Raises ProblemError no_rate."""
    row = TariffRate.objects.select_for_update().filter(pk=pk, withdrawn_at=None).first()
    if row is None:
        raise refused("no_rate", "ไม่พบอัตรานี้ หรือยกเลิกไปแล้ว")
    row.withdrawn_by, row.withdrawn_at = by, now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return row
