"""Customers of the waste collection: one payer a house, UTF-8."""

from __future__ import annotations

from datetime import date

from ..files import NOTICE, Cell
from ..records import Rec
from .base import Listing, Table, World

HEADER = ("เลขที่บัญชี", "ผู้ชำระค่าธรรมเนียม", "ที่อยู่", "โทรศัพท์", "ค่าธรรมเนียม (บาท/เดือน)", "ชำระถึงเดือน", "ที่มาข้อมูล")


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    dice = world.dice(rec)
    fee = dice.pick((25, 30, 30, 30, 50))
    paid = date.fromordinal(day.toordinal() - dice.pick((20, 20, 50, 80, 200, 400)))
    return [LISTING.key(rec), rec.full, rec.address, rec.phone, fee, f"{paid.month:02d}/{paid.year + 543}", NOTICE]


def layout(world: World, recs: list[Rec], day: date) -> Table:
    return Table([list(HEADER)], [_row(world, rec, day) for rec in recs])


LISTING = Listing("waste", "waste.csv", "csv", "ขย-", layout)
