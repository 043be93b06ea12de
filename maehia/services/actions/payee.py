"""To whom the bank's QR pays, from a day on."""

from __future__ import annotations

from datetime import date

from maehia.kit.clock import now
from maehia.services.actions.base import refused
from maehia.services.models import PayeeSetting
from maehia.services.rules.bill_qr import BILLER


def set_payee(biller_id: str, name: str, since: date, *, by: str) -> PayeeSetting:
    """Raises ProblemError bad_biller. An empty number takes the QR away from that day on."""
    digits = "".join(ch for ch in biller_id if ch.isalnum())
    if digits and not BILLER.fullmatch(digits):
        raise refused("bad_biller", "รหัสผู้รับชำระ (Biller ID) ต้องเป็นตัวเลข 15 หลัก", fix="ดูจากสัญญารับชำระเงินกับธนาคาร")
    return PayeeSetting.objects.create(since=since, biller_id=digits, name=name.strip(), made_by=by, made_at=now())
