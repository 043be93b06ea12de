"""Goods as pure values: packs, first expiry first out, and the states of requests and loads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.base.machine import State, machine, to

STEP = Decimal("0.001")
MOST = Decimal("99999999999.999")

REQUEST = machine(
    "relief_request", "draft",
    State("draft", "ร่าง", "Draft", to("submitted", "cancelled"), "new"),
    State("submitted", "ส่งคำขอแล้ว", "Submitted", to("approved", "rejected", "cancelled"), "new"),
    State("approved", "อนุมัติ", "Approved", to("partially_allocated", "allocated", "cancelled"), "work"),
    State("partially_allocated", "จัดสรรบางส่วน", "Partly allocated",
          to("allocated", "partially_fulfilled", "fulfilled", "approved", "cancelled"), "work"),
    State("allocated", "จัดสรรครบ", "Allocated",
          to("partially_allocated", "partially_fulfilled", "fulfilled", "approved", "cancelled"), "work"),
    State("partially_fulfilled", "ได้รับบางส่วน", "Partly fulfilled", to("fulfilled", "cancelled"), "work"),
    State("fulfilled", "ได้รับครบ", "Fulfilled", (), "closed"),
    State("rejected", "ไม่อนุมัติ", "Rejected", (), "closed"),
    State("cancelled", "ยกเลิก", "Cancelled", (), "closed"),
)  # fmt: skip
DISPATCH = machine(
    "dispatch", "preparing",
    State("preparing", "กำลังจัดของ", "Preparing", to("in_transit"), "open"),
    State("in_transit", "ระหว่างขนส่ง", "In transit", to("received", "returned", "lost"), "open"),
    State("received", "รับแล้ว", "Received", (), "closed"),
    State("returned", "ส่งคืน", "Returned", (), "closed"),
    State("lost", "สูญหาย", "Lost", (), "closed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """So much of one lot stands on a shelf. lot: its key; expires_on: last day of use; came_on: when it came."""

    lot: Any
    qty: Decimal
    expires_on: date | None
    came_on: date


def quantity(value: Any, where: str = "qty") -> Decimal:
    """A quantity above zero with at most three decimals. Raises ProblemError bad_quantity."""
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except ArithmeticError:
        raise bad_quantity(where) from None
    if not number.is_finite() or not 0 < number <= MOST or number != number.quantize(STEP):
        raise bad_quantity(where)
    return number.quantize(STEP)


def bad_quantity(where: str) -> ProblemError:
    return ProblemError(
        Problem("bad_quantity", "จำนวนต้องมากกว่า 0 และมีทศนิยมไม่เกิน 3 ตำแหน่ง", where, "ตรวจจำนวนแล้วกรอกใหม่")
    )


def in_units(qty: Decimal, unit: str, own: str, packs: Sequence[Mapping[str, Any]]) -> Decimal:
    """A quantity of packs in the item's own unit, by an exact ratio of whole numbers.

    Raises ProblemError unknown_unit, not_whole (the ratio gives more than three decimals).
    """
    if unit in ("", own):
        return quantity(qty)
    pack = next((p for p in packs if p["unit"] == unit), None)
    if pack is None:
        raise ProblemError(Problem("unknown_unit", f"สิ่งของนี้ไม่มีหน่วย “{unit}”", "unit", f"ใช้ {own} หรือเพิ่มหน่วยบรรจุก่อน"))
    exact = Fraction(quantity(qty)) * Fraction(int(pack["num"]), int(pack["den"]))
    thousandths = exact * 1000
    if thousandths.denominator != 1:
        raise ProblemError(Problem("not_whole", "จำนวนนี้แปลงเป็นหน่วยนับไม่ลงตัว", "qty", f"กรอกเป็น {own}"))
    return quantity(Decimal(thousandths.numerator).scaleb(-3))


def first_out(shelves: Iterable[Shelf], wanted: Decimal, today: date) -> list[tuple[Any, Decimal]]:
    """Which lots give how much: first expiry first, then first come; what is past its day is not given.

    Raises ProblemError too_little with what is there.
    """
    good = [s for s in shelves if s.qty > 0 and (s.expires_on is None or s.expires_on >= today)]
    good.sort(key=lambda s: (s.expires_on or date.max, s.came_on, str(s.lot)))
    chosen, left = [], wanted
    for shelf in good:
        if left <= 0:
            break
        taken = min(left, shelf.qty)
        chosen.append((shelf.lot, taken))
        left -= taken
    if left > 0:
        raise too_little(wanted, wanted - left)
    return chosen


def too_little(wanted: Decimal, there: Decimal) -> ProblemError:
    return ProblemError(
        Problem("too_little", f"ของไม่พอ ต้องการ {show(wanted)} มีให้ใช้ {show(there)}", "qty", "ลดจำนวน หรือรับของเข้าก่อน")
    )


def show(qty: Decimal) -> str:
    """Without zeros that say nothing: 12.000 -> 12."""
    text = f"{qty:,.3f}".rstrip("0").rstrip(".")
    return text or "0"


def request_state(asked: Decimal, reserved: Decimal, fulfilled: Decimal) -> str:
    """The state of an approved request line by its numbers."""
    if fulfilled >= asked:
        return "fulfilled"
    if fulfilled > 0:
        return "partially_fulfilled"
    if reserved >= asked:
        return "allocated"
    return "partially_allocated" if reserved > 0 else "approved"
