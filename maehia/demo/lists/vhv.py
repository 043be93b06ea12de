"""The health volunteers' household survey (อสม.): typed at home, two title rows, two header rows, Thai digits."""

from __future__ import annotations

from datetime import date

from ..dice import Dice
from ..dirt import THAI_DIGITS, Ledger
from ..files import NOTICE, Cell
from ..records import Rec
from .base import Listing, Table, World, far_future, impossible_day, plant, some, thai_day

GROUPS = {0: "แบบสำรวจ", 2: "ข้อมูลบุคคล", 7: "ที่อยู่ปัจจุบัน", 10: "การติดต่อและหมายเหตุ"}
HEADER = (
    "ที่",
    "เลขแบบสำรวจ",
    "ชื่อ - สกุล",
    "เลขบัตร ปชช.",
    "ว/ด/ป เกิด",
    "เพศ",
    "สัญชาติ",
    "บ้านเลขที่/หมู่",
    "รหัสบ้าน",
    "ครัวเรือนที่",
    "เบอร์โทร",
    "การอยู่อาศัย",
    "หมายเหตุ",
)
MERGES = ["A1:M1", "A2:M2", "A3:B3", "C3:G3", "H3:J3", "K3:M3"]
_SHORT_SEX = {"ชาย": "ช", "หญิง": "ญ", "": ""}


def _row(world: World, number: int, rec: Rec) -> list[Cell]:
    person, dice = world.person(rec), world.dice(rec)
    stays = "อยู่จริง" if person.registered else "ไม่มีชื่อในทะเบียนบ้าน"
    note = "ย้ายมาใหม่" if person.came and dice.chance(0.3) else ""
    return [
        str(number).translate(THAI_DIGITS), LISTING.key(rec), rec.full, rec.nid, rec.birth, _SHORT_SEX[rec.sex],
        person.nation if person.nation != "ไทย" or dice.chance(0.5) else "", rec.address, rec.house_code,
        person.household + 1, rec.phone, stays, note,
    ]  # fmt: skip


def layout(world: World, recs: list[Rec], day: date) -> Table:
    groups: list[Cell] = [GROUPS.get(i, "") for i in range(len(HEADER))]
    top: list[list[Cell]] = [
        [f"แบบสำรวจข้อมูลครัวเรือนโดย อสม. {NOTICE}"],
        [f"ข้อมูล ณ วันที่ {thai_day(day, thai_digits=True)}"],
        groups,
        list(HEADER),
    ]
    rows = [_row(world, number, rec) for number, rec in enumerate(recs, start=1)]
    total = f"รวมทั้งสิ้น {len(recs):,} คน".translate(THAI_DIGITS)
    return Table(top, rows, MERGES, [[total]], sheet="สำรวจ")


def _plant(world: World, recs: list[Rec], dice: Dice, ledger: Ledger) -> None:
    plant(recs, dice, ledger, "impossible_day", count=some(len(recs), 0.0006), spoil=impossible_day)
    plant(recs, dice, ledger, "future_day", count=some(len(recs), 0.0003), spoil=far_future)
    plant(recs, dice, ledger, "placeholder_id", count=some(len(recs), 0.0008), spoil=_placeholder)
    plant(recs, dice, ledger, "moo_unknown", count=some(len(recs), 0.0005), spoil=_moo_15)
    ledger.note("vhv", "total_row")


def _placeholder(rec: Rec) -> None:
    """What a volunteer types when the form wants a number and the person has none at hand."""
    rec.nid = "0000000000000"


def _moo_15(rec: Rec) -> None:
    rec.address = f"{rec.house_no} ม.15"


LISTING = Listing("vhv", "vhv.xlsx", "xlsx", "อสม-", layout, _plant)
