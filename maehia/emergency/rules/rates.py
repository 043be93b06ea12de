"""Which dated rate holds on a day, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

from maehia.base import Problem, ProblemError

FILE = Path(__file__).resolve().parent.parent / "data" / "relief_rates.yaml"
PER = {
    "household": ("ครัวเรือน", "household"), "house": ("หลัง", "house"), "person": ("คน", "person"),
    "month": ("เดือน", "month"), "rai": ("ไร่", "rai"), "meal": ("มื้อ", "meal"), "cost": ("ตามจริงไม่เกิน", "cost up to"),
}  # fmt: skip
SATANG = Decimal("0.01")


class Rate(Protocol):
    """What is needed of a row of rates."""

    item: str
    amount: Decimal
    per: str
    most: int | None
    rule_set: str
    valid_from: date
    valid_to: date | None


R = TypeVar("R", bound=Rate)


@cache
def built_in() -> list[dict[str, Any]]:
    """The rows that come with the system, as columns of `ReliefRate`."""
    data = yaml.safe_load(FILE.read_text("utf-8"))
    return [
        {"item": r["item"], "name_th": r["th"], "name_en": r["en"], "amount": Decimal(r["baht"]), "per": r["per"],
         "most": r.get("most"), "rule_set": group["rule_set"], "valid_from": r["from"], "valid_to": r.get("to"),
         "source": r["source"], "checked_on": data["checked_on"], "verified": bool(data["verified"])}
        for group in data["sets"] for r in group["rows"]
    ]  # fmt: skip


@cache
def set_names() -> dict[str, tuple[str, str]]:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    return {group["rule_set"]: (group["th"], group["en"]) for group in data["sets"]}


def rate_on(rates: Iterable[R], rule_set: str, item: str, day: date) -> R:
    """The newest row of a set for an item that holds on a day. Raises ProblemError no_rate."""
    good = [
        r
        for r in rates
        if (r.rule_set, r.item) == (rule_set, item)
        and r.valid_from <= day
        and (r.valid_to is None or day <= r.valid_to)
    ]
    if not good:
        raise ProblemError(Problem("no_rate", "ไม่มีอัตราของรายการนี้ในวันที่เกิดเหตุ", item, "เพิ่มอัตราพร้อมที่มาและวันที่ใช้"))
    return max(good, key=lambda r: r.valid_from)


def amount_of(rate: Rate, units: Decimal, cost: Decimal | None = None) -> tuple[Decimal, Decimal]:
    """(units that count, baht) of a rate: units at most what it allows; a cost up to the amount. Never rounded up.

    Raises ProblemError bad_units, no_cost.
    """
    if not units.is_finite() or units <= 0:
        raise ProblemError(Problem("bad_units", "จำนวนหน่วยต้องมากกว่า 0", "units", "กรอกจำนวนคน เดือน หรือไร่"))
    if rate.per == "cost":
        if cost is None or cost <= 0:
            raise ProblemError(Problem("no_cost", "ไม่มีรายการความเสียหายที่คิดเป็นเงินได้", rate.item, "ตรวจผลสำรวจ"))
        return Decimal(1), min(cost, rate.amount).quantize(SATANG, ROUND_DOWN)
    counted = Decimal(1) if rate.per in ("household", "house") else units
    counted = min(counted, Decimal(rate.most)) if rate.most else counted
    return counted, (rate.amount * counted).quantize(SATANG, ROUND_DOWN)
