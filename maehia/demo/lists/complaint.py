"""The book of complaints as the counter kept it: who, from where, about what."""

from __future__ import annotations

from datetime import date

from ..files import NOTICE, Cell
from ..records import Rec
from .base import Listing, Table, World, slash_day

HEADER = ("เลขที่คำร้อง", "วันที่รับเรื่อง", "ผู้ร้อง", "เลขบัตรประชาชน", "เบอร์ติดต่อ", "ที่อยู่ผู้ร้อง", "เรื่อง", "สถานะ", "ที่มาข้อมูล")
_SUBJECTS = (
    "ไฟฟ้าสาธารณะดับ",
    "ถนนชำรุดเป็นหลุม",
    "ท่อระบายน้ำอุดตัน",
    "ขยะตกค้าง",
    "สุนัขจรจัด",
    "เสียงดังรบกวน",
    "เผาในที่โล่ง",
    "น้ำประปาไหลอ่อน",
    "กิ่งไม้พาดสายไฟ",
    "กลิ่นเหม็น",
)


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    dice = world.dice(rec)
    age = int(dice.random() ** 2 * 1100)
    state = "ดำเนินการแล้ว" if age > 40 or dice.chance(0.5) else "กำลังดำเนินการ"
    return [
        LISTING.key(rec),
        slash_day(day.toordinal() - age),
        rec.full,
        rec.nid,
        rec.phone,
        rec.address,
        dice.pick(_SUBJECTS),
        state,
        NOTICE,
    ]


def layout(world: World, recs: list[Rec], day: date) -> Table:
    return Table([list(HEADER)], [_row(world, rec, day) for rec in recs])


LISTING = Listing("complaint", "complaint.csv", "csv", "รท-", layout)
