"""Water customers from an old billing program: TIS-620, no ID, no birth, names as on the first contract."""

from __future__ import annotations

from datetime import date

from ..files import NOTICE, Cell
from ..records import Rec
from .base import Listing, Table, World

HEADER = ("เลขที่ผู้ใช้น้ำ", "ชื่อผู้ใช้น้ำ", "สถานที่ใช้น้ำ", "รหัสประจำบ้าน", "เบอร์โทรศัพท์", "ประเภทผู้ใช้น้ำ", "วันที่ติดตั้ง", "ที่มาข้อมูล")


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    dice = world.dice(rec)
    kind = dice.pick(("ที่อยู่อาศัย", "ที่อยู่อาศัย", "ที่อยู่อาศัย", "ธุรกิจขนาดเล็ก"))
    laid = date.fromordinal(day.toordinal() - dice.between(60, 9000))
    installed = f"{laid.day:02d}/{laid.month:02d}/{(laid.year + 543) % 100:02d}"
    return [LISTING.key(rec), rec.full, rec.address, rec.house_code, rec.phone, kind, installed, NOTICE]


def layout(world: World, recs: list[Rec], day: date) -> Table:
    return Table([list(HEADER)], [_row(world, rec, day) for rec in recs])


LISTING = Listing("utility", "utility.csv", "tis620", "09-", layout)
