"""The register of dogs and cats of the rabies campaign: the animal in front, its owner behind."""

from __future__ import annotations

from datetime import date

from ..files import Cell
from ..records import Rec
from .base import Listing, Table, World, thai_day, titled

HEADER = (
    "เลขทะเบียนสัตว์",
    "ชนิดสัตว์",
    "ชื่อสัตว์",
    "เพศสัตว์",
    "สี",
    "วันฉีดวัคซีนล่าสุด",
    "ทำหมัน",
    "คำนำหน้าเจ้าของ",
    "ชื่อเจ้าของ",
    "นามสกุลเจ้าของ",
    "เลขบัตรเจ้าของ",
    "ที่อยู่เจ้าของ",
    "โทรศัพท์เจ้าของ",
)
_NAMES = "ข้าวตู ถุงเงิน ปุยฝ้าย มะขาม โอเลี้ยง ส้มจี๊ด ทองแท้ น้ำตาล แต้ม ดำเกิง หมูหยอง ขนมปัง ไข่ดาว ตาหวาน มอมแมม ลำไย ฟักทอง ชาเย็น"
_COLOURS = ("ดำ", "ขาว", "น้ำตาล", "ขาวดำ", "ลายเสือ", "ส้ม", "เทา")


def _row(world: World, rec: Rec, day: date) -> list[Cell]:
    dice = world.dice(rec)
    species = "สุนัข" if dice.chance(0.78) else "แมว"
    vaccinated = date.fromordinal(day.toordinal() - dice.between(1, 700)) if dice.chance(0.85) else None
    owner = rec.full or rec.first
    return [
        LISTING.key(rec), species, dice.pick(_NAMES.split()), dice.pick(("ผู้", "เมีย")), dice.pick(_COLOURS), vaccinated,
        dice.pick(("ทำแล้ว", "ยังไม่ทำ", "")), rec.title, owner, rec.last, rec.nid, rec.address, rec.phone,
    ]  # fmt: skip


def layout(world: World, recs: list[Rec], day: date) -> Table:
    top, merges = titled(f"ทะเบียนสุนัขและแมว โครงการป้องกันโรคพิษสุนัขบ้า ณ {thai_day(day)}", HEADER)
    return Table(top, [_row(world, rec, day) for rec in recs], merges, sheet="ทะเบียนสัตว์")


LISTING = Listing("dog", "dog.xlsx", "xlsx", "สน-", layout)
