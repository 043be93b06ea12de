"""What is broken, what its repair costs, and the grade that follows: by dated data, exact to the satang."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.base import Problem, ProblemError

FILE = Path(__file__).resolve().parent.parent / "data" / "damage_lines.yaml"
SATANG, PERCENT, STEP = Decimal("0.01"), Decimal("0.01"), Decimal("0.001")
HUNDRED = Decimal(100)
MOST = Decimal("999999.999")


@dataclass(frozen=True, slots=True)
class Cost:
    """Baht for one unit of repair from a day on. key: names this row for a line that used it."""

    baht: Decimal
    valid_from: date
    key: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a home. weight: percent of the whole house."""

    key: str
    th: str
    en: str
    unit: str
    weight: Decimal
    costs: tuple[Cost, ...]

    def cost_on(self, day: date) -> Cost:
        """The cost that holds on a day; the oldest one for a day before all."""
        before = [c for c in self.costs if c.valid_from <= day]
        return max(before, key=lambda c: c.valid_from) if before else self.costs[0]


@dataclass(frozen=True, slots=True)
class Bands:
    """How a lost share (percent) becomes a grade. Below minor_below is minor, up to major_up_to (included) major."""

    key: str
    valid_from: date
    minor_below: Decimal
    major_up_to: Decimal
    verified: bool

    def grade(self, share: Decimal) -> str:
        """none, minor, major or total."""
        if share <= 0:
            return "none"
        if share < self.minor_below:
            return "minor"
        return "major" if share <= self.major_up_to else "total"


@dataclass(frozen=True, slots=True)
class Broken:
    """So much of a part on a floor: qty in the part's unit, share of the part that is lost in percent."""

    part: str
    qty: Decimal
    share: Decimal
    floor: int = 1


@dataclass(frozen=True, slots=True)
class Priced:
    """A broken part with what its repair costs."""

    broken: Broken
    part: Part
    cost: Cost
    amount: Decimal


@cache
def parts() -> dict[str, Part]:
    data = _data()
    return {row["key"]: _part(row, bool(data["verified"])) for row in data["parts"]}


def _part(row: Mapping[str, Any], verified: bool) -> Part:
    costs = tuple(
        Cost(Decimal(c["baht"]), c["valid_from"], f"{row['key']}:{c['valid_from']:%Y-%m-%d}", verified)
        for c in row["costs"]
    )
    return Part(row["key"], row["th"], row["en"], row["unit"], Decimal(row["weight"]), costs)


def bands_on(day: date) -> Bands:
    """The bands that hold on a day."""
    rows = [
        Bands(b["key"], b["valid_from"], Decimal(b["minor_below"]), Decimal(b["major_up_to"]), bool(b["verified"]))
        for b in _data()["bands"]
    ]
    before = [b for b in rows if b.valid_from <= day]
    return max(before, key=lambda b: b.valid_from) if before else rows[0]


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def broken(part: str, qty: Any, share: Any, floor: Any = 1) -> Broken:
    """One line as it was typed. Raises ProblemError unknown_part, bad_quantity, bad_share, bad_floor."""
    if part not in parts():
        raise _bad("unknown_part", "ไม่มีส่วนของบ้านนี้ในรายการ", part)
    name = parts()[part].th
    amount, lost, storey = _number(qty), _number(share), _number(floor)
    if amount is None or not 0 < amount <= MOST or amount != amount.quantize(STEP):
        raise _bad("bad_quantity", "จำนวนที่เสียหายต้องมากกว่า 0", name)
    if lost is None or not 0 < lost <= HUNDRED:
        raise _bad("bad_share", "ร้อยละที่เสียหายต้องอยู่ระหว่าง 0 ถึง 100", name)
    if storey is None or storey != storey.to_integral_value() or not 1 <= storey <= 20:
        raise _bad("bad_floor", "ชั้นต้องเป็นเลข 1 ถึง 20", name)
    return Broken(part, amount.quantize(STEP), lost.quantize(PERCENT), int(storey))


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _bad(code: str, what: str, where: str) -> ProblemError:
    return ProblemError(Problem(code, what, where, "ตรวจตัวเลขแล้วกรอกใหม่"))


def price(lines: Iterable[Broken], day: date) -> list[Priced]:
    """Each line with the cost of its day. Raises ProblemError line_twice for a part twice on one floor."""
    made, seen = [], set()
    for line in lines:
        if (line.part, line.floor) in seen:
            raise _bad("line_twice", "ส่วนเดียวกันในชั้นเดียวกันมีสองรายการ", parts()[line.part].th)
        seen.add((line.part, line.floor))
        part = parts()[line.part]
        cost = part.cost_on(day)
        made.append(Priced(line, part, cost, (line.qty * cost.baht).quantize(SATANG, ROUND_HALF_UP)))
    return made


def house_share(lines: Sequence[Broken], storeys: int = 1) -> Decimal:
    """Percent of the whole house that is lost: each part's weight, spread over its storeys, times its own share."""
    floors = max(1, storeys)
    lost = sum((parts()[n.part].weight * n.share / HUNDRED / floors for n in lines), Decimal(0))
    return min(HUNDRED, lost).quantize(PERCENT, ROUND_HALF_UP)
