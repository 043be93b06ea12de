"""What a service costs on a day: dated rates in baht, Decimal only, each with its source and a verified mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.base import Problem, ProblemError
from maehia.services.rules.definition import Text

SATANG = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """Baht for one of what its line is counted by, from a day on (to None: until the next rate)."""

    start: date
    amount: Decimal
    source: str
    verified: bool
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tariff. per: permit, m2, month, day ...: what a quantity is given for."""

    code: str
    name: Text
    per: str
    rates: tuple[Rate, ...]

    def rate_on(self, day: date) -> Rate | None:
        """The newest rate that holds on the day."""
        held = [r for r in self.rates if r.start <= day and (r.end is None or day <= r.end)]
        return max(held, key=lambda rate: rate.start) if held else None


@dataclass(frozen=True, slots=True)
class Tariff:
    key: str
    name: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """quantity of `per` at `rate` baht is `amount`, rounded half up to the satang."""

    code: str
    name: Text
    per: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to be paid, line by line. verified: every rate of it was."""

    tariff: str
    on: date
    charges: tuple[Charge, ...]

    @property
    def total(self) -> Decimal:
        return sum((charge.amount for charge in self.charges), Decimal("0.00"))

    @property
    def verified(self) -> bool:
        return all(charge.verified for charge in self.charges)


def read_tariffs(data: Mapping[str, Any]) -> Mapping[str, Tariff]:
    """Tariffs of the data of tariffs.yaml. Raises ProblemError for an amount that is no exact text of baht."""
    return {key: Tariff(key, Text(**row["name"]), tuple(_line(key, line) for line in row["lines"]))
            for key, row in data["tariffs"].items()}  # fmt: skip


def _line(tariff: str, row: Mapping[str, Any]) -> Line:
    rates = tuple(_rate(f"{tariff}.{row['code']}", rate) for rate in row["rows"])
    return Line(row["code"], Text(**row["name"]), row["per"], rates)


def _rate(where: str, row: Mapping[str, Any]) -> Rate:
    return Rate(_day(row["from"]), _baht(where, row["amount"]), row["source"], row["verified"], _day(row.get("to")))


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _baht(where: str, value: Any) -> Decimal:
    """A number in YAML is a float already and has lost its satang, so amounts are written as text."""
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal() and value.isascii():
        exact = Decimal(value)
        if exact == exact.quantize(SATANG):
            return exact
    raise ProblemError(Problem("bad_amount", f"อัตรา “{value}” ไม่ใช่จำนวนเงินบาท", where, 'เขียนเป็นข้อความ เช่น "20.00"'))


@cache
def shipped_tariffs() -> Mapping[str, Tariff]:
    """The tariffs of this version (services/data/tariffs.yaml)."""
    return read_tariffs(yaml.safe_load((files("maehia.services") / "data" / "tariffs.yaml").read_text("utf-8")))


def fee(
    tariff: str, on: date, quantities: Mapping[str, Decimal | int], tariffs: Mapping[str, Tariff] | None = None
) -> Fee:
    """The fee on a day. quantities: how many of each `per` ({"permit": 1, "m2": Decimal("96.5")}).

    A line without a quantity costs nothing here. Raises KeyError for an unknown tariff, ProblemError (no_rate) when
    a line has no rate on the day, (bad_quantity) for a negative quantity or a float.
    """
    found = (tariffs or shipped_tariffs())[tariff]
    charges = tuple(_charge(line, on, quantities[line.per]) for line in found.lines if line.per in quantities)
    return Fee(tariff, on, charges)


def _charge(line: Line, on: date, quantity: Decimal | int) -> Charge:
    if isinstance(quantity, bool | float) or not Decimal(quantity).is_finite() or quantity < 0:
        raise ProblemError(
            Problem("bad_quantity", f"จำนวน {quantity} ใช้คิดค่าธรรมเนียมไม่ได้", line.name.th, "ใช้จำนวนที่ไม่ติดลบ")
        )
    rate = line.rate_on(on)
    if rate is None:
        raise ProblemError(Problem("no_rate", "ยังไม่มีอัตราค่าธรรมเนียมสำหรับวันนี้", line.name.th, "เพิ่มอัตราในหน้าบริการ"))
    amount = (Decimal(quantity) * rate.amount).quantize(SATANG, ROUND_HALF_UP)
    return Charge(line.code, line.name, line.per, Decimal(quantity), rate.amount, amount, rate.source, rate.verified)
