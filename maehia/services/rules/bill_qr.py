"""The Bill Payment QR of Thai banks: an EMVCo merchant-presented code with tag 30 (biller, Ref1, Ref2).

Format: tag, length in two digits, value; last the CRC-16/CCITT-FALSE of everything before it. The libraries of PyPI
write tag 29 (a person's PromptPay) only; a well-kept one for JavaScript is the oracle of the tests.
"""

from __future__ import annotations

import binascii
import re
from decimal import Decimal

from maehia.base import Problem, ProblemError

AID_BILL = "A000000677010112"
STATIC, DYNAMIC = "11", "12"
BAHT, THAILAND = "764", "TH"
BILLER = re.compile(r"\d{15}")
REFERENCE = re.compile(r"[A-Z0-9]{1,20}")
MOST = Decimal("9999999999.99")
CRC_START = 0xFFFF


def _refused(code: str, what: str, where: str) -> ProblemError:
    return ProblemError(Problem(code, what, where, "ตรวจการตั้งค่าการรับชำระเงิน"))


def bill_payment(biller_id: str, ref1: str, ref2: str = "", amount: Decimal | None = None) -> str:
    """The text of the QR. biller_id: 13 digits of tax id and 2 of suffix; references: 1-20 of A-Z and 0-9.

    amount: baht with at most two decimals, None to let the payer type it. Raises ProblemError: bad_biller,
    bad_reference, bad_amount.
    """
    if not BILLER.fullmatch(biller_id):
        raise _refused("bad_biller", "รหัสผู้รับชำระ (Biller ID) ต้องเป็นตัวเลข 15 หลัก", biller_id)
    for name, value in (("Ref1", ref1), ("Ref2", ref2)):
        if not REFERENCE.fullmatch(value) and not (name == "Ref2" and not value):
            raise _refused("bad_reference", "เลขอ้างอิงใช้ได้เฉพาะ A-Z และ 0-9 ไม่เกิน 20 ตัว", f"{name} {value}")
    account = _tag("00", AID_BILL) + _tag("01", biller_id) + _tag("02", ref1) + (_tag("03", ref2) if ref2 else "")
    money = "" if amount is None else _tag("54", _amount(amount))
    kind = STATIC if amount is None else DYNAMIC
    body = _tag("00", "01") + _tag("01", kind) + _tag("30", account) + _tag("53", BAHT) + _tag("58", THAILAND) + money
    return with_crc(body)


def _tag(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _amount(amount: Decimal) -> str:
    """ "240.50": two decimals, no sign, no separator."""
    exact = amount.quantize(Decimal("0.01")) if amount.is_finite() else Decimal(0)
    if not 0 < exact <= MOST or exact != amount:
        raise _refused("bad_amount", "จำนวนเงินต้องมากกว่า 0 และมีทศนิยมไม่เกินสองตำแหน่ง", str(amount))
    return f"{exact:.2f}"


def with_crc(body: str) -> str:
    """The text with its check value, as scanners compute it."""
    open_end = body + "6304"
    return f"{open_end}{binascii.crc_hqx(open_end.encode(), CRC_START):04X}"


def parse(text: str) -> dict[str, str]:
    """Top-level tags of a code, those of tag 30 as "30.00" ... Raises ProblemError bad_code for a broken one."""
    if len(text) < len("6304FFFF") or with_crc(text[:-8]) != text:
        raise _refused("bad_code", "รหัส QR ไม่สมบูรณ์", text[:20])
    found = dict(_split(text[:-8]))
    return found | {f"30.{tag}": value for tag, value in _split(found.get("30", ""))}


def _split(text: str) -> list[tuple[str, str]]:
    parts, at = [], 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not length.isdigit() or at + 4 + int(length) > len(text):
            raise _refused("bad_code", "รหัส QR ไม่สมบูรณ์", text[:20])
        parts.append((tag, text[at + 4 : at + 4 + int(length)]))
        at += 4 + int(length)
    return parts
