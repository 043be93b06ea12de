"""The welfare rolls (class S26): allowances of the elderly and disabled, newborn grants, special needs."""

from __future__ import annotations

from datetime import date

from ..dice import Dice
from ..dirt import Ledger
from ..files import Cell
from ..needs import need_of
from ..records import Rec
from .base import Listing, Table, World, far_future, impossible_day, plant, some, thai_day, titled

HEADER = (
    "เลขทะเบียนผู้รับ",
    "คำนำหน้า",
    "ชื่อ",
    "นามสกุล",
    "เลขประจำตัวประชาชน",
    "วันเกิด",
    "เพศ",
    "ที่อยู่ตามทะเบียนบ้าน",
    "รหัสประจำบ้าน",
    "โทรศัพท์",
    "ประเภทเบี้ย",
    "จำนวนเงิน (บาท/เดือน)",
    "ความต้องการพิเศษ",
    "ระดับการพึ่งพา",
    "หมายเหตุการดูแล",
    "วันที่ขึ้นทะเบียน",
)


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    person, dice = world.person(rec), world.dice(rec)
    need = need_of(world.town.seed, person, day.toordinal(), world.lives_alone(person, day.toordinal()))
    enrolled = date.fromordinal(day.toordinal() - dice.between(30, 1500))
    return [
        LISTING.key(rec),
        rec.title,
        rec.first,
        rec.last,
        rec.nid,
        rec.birth,
        rec.sex,
        rec.address,
        rec.house_code,
        rec.phone,
        ", ".join(need.benefits),
        need.amount,
        ", ".join(need.kinds),
        need.level,
        need.note,
        enrolled,
    ]


def layout(world: World, recs: list[Rec], day: date) -> Table:
    top, merges = titled(f"บัญชีผู้มีสิทธิรับเงินเบี้ยยังชีพและสวัสดิการ ณ วันที่ {thai_day(day)}", HEADER)
    return Table(top, [_row(world, rec, day) for rec in recs], merges, sheet="สวัสดิการ")


def _plant(world: World, recs: list[Rec], dice: Dice, ledger: Ledger) -> None:
    plant(recs, dice, ledger, "impossible_day", count=some(len(recs), 0.001), spoil=impossible_day)
    plant(recs, dice, ledger, "future_day", count=some(len(recs), 0.0005), spoil=far_future)


LISTING = Listing("welfare", "welfare.xlsx", "xlsx", "สว69-", layout, _plant)
