"""The civil register (ทร.14) as the registrar's office prints it: clean, with a few old numbers and gaps."""

from __future__ import annotations

from datetime import date

from ..dice import Dice
from ..dirt import Ledger
from ..files import Cell
from ..houses import TAMBON
from ..life import WINDOW
from ..people import Person
from ..records import Rec
from .base import Listing, Table, World, plant, slash_day, some, thai_day, titled

HEADER = (
    "เลขที่รายการ",
    "เลขประจำตัวประชาชน",
    "คำนำหน้านาม",
    "ชื่อตัว",
    "ชื่อสกุล",
    "เพศ",
    "วันเดือนปีเกิด",
    "สัญชาติ",
    "สถานภาพในทะเบียนบ้าน",
    "ความเกี่ยวพันกับเจ้าบ้าน",
    "เลขรหัสประจำบ้าน",
    "บ้านเลขที่",
    "หมู่ที่",
    "ตำบล",
    "เลขประจำตัวมารดา",
    "วันที่ย้ายเข้า",
)


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    person, dice = world.person(rec), world.dice(rec)
    head = person.role == "เจ้าบ้าน"
    mother = world.town.people[person.mother].nid if person.mother >= 0 and dice.chance(0.8) else ""
    moved = [c.day for c in person.changes if c.what == "house" and c.day <= day.toordinal()]
    since = moved[-1] if moved else _settled(world, person, dice)
    return [
        LISTING.key(rec),
        rec.nid,
        rec.title,
        rec.first,
        rec.last,
        rec.sex,
        rec.birth,
        person.nation,
        "เจ้าบ้าน" if head else "ผู้อาศัย",
        "" if head else person.role.replace("ผู้อาศัย", "ญาติ"),
        rec.house_code,
        rec.house_no,
        rec.moo,
        TAMBON if rec.house_no else "",
        mother,
        slash_day(since),
    ]


def _settled(world: World, person: Person, dice: Dice) -> int:
    """The day of moving in of those who have not moved lately: at birth or some years after it."""
    since = person.birth + (0 if dice.chance(0.4) else dice.below(4000))
    return since if since < world.town.day.toordinal() - WINDOW else max(person.birth, person.came)


def layout(world: World, recs: list[Rec], day: date) -> Table:
    top, merges = titled(f"รายการบุคคลตามทะเบียนราษฎร ข้อมูล ณ วันที่ {thai_day(day)}", HEADER)
    return Table(top, [_row(world, rec, day) for rec in recs], merges, sheet="ทร14")


def _central(rec: Rec) -> None:
    """Moved to the central register: an entry of the office, not a dwelling."""
    rec.house_no, rec.moo, rec.house_code, rec.address, rec.house = "ทะเบียนบ้านกลาง", "", "", "ทะเบียนบ้านกลาง", -1


def _plant(world: World, recs: list[Rec], dice: Dice, ledger: Ledger) -> None:
    plant(recs, dice, ledger, "central_register", count=some(len(recs), 0.003), spoil=_central)


LISTING = Listing("civil", "civil.xlsx", "xlsx", "ทร", layout, _plant)
