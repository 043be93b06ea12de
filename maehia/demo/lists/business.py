"""Licensed businesses: shops at houses of the town, some of them companies with a 0-number."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from ..dice import Dice
from ..dirt import Ledger
from ..files import NOTICE, Cell, Sheet, write_xlsx
from ..houses import House
from ..serials import juristic_id, mobile
from ..town import Town
from .base import thai_day, titled

HEADER = (
    "เลขที่ใบอนุญาต",
    "ชื่อสถานประกอบการ",
    "เลขทะเบียนนิติบุคคล",
    "ประเภทกิจการ",
    "ผู้ประกอบการ",
    "บ้านเลขที่",
    "หมู่ที่",
    "โทรศัพท์",
    "ละติจูด",
    "ลองจิจูด",
    "วันหมดอายุใบอนุญาต",
)
_KINDS = (
    ("ร้านอาหาร", "ครัว"),
    ("ร้านขายของชำ", "ร้านชำ"),
    ("ซ่อมรถ", "อู่"),
    ("เสริมสวย", "ซาลอน"),
    ("ซักรีด", "ซักรีด"),
    ("วัสดุก่อสร้าง", "วัสดุ"),
    ("หอพัก", "หอพัก"),
    ("โรงงานขนาดเล็ก", "โรงงาน"),
    ("คลินิก", "คลินิก"),
    ("ร้านกาแฟ", "กาแฟ"),
)
_WORDS = (
    *("ดอกปีบ", "ใบเฮียะ", "ฟ้าหลังฝน", "ข้าวหอม", "ลุงดำ", "ป้าแก้ว", "สองพี่น้อง"),
    *("ริมเหมือง", "ดอยหมอก", "ตะวันทอง", "กล้วยไม้", "เรือนคำ", "น้ำใส", "ไผ่สาน"),
)


def _row(dice: Dice, town: Town, number: int, house: House, day: date) -> list[Cell]:
    kind, word = dice.pick(_KINDS)
    firm = dice.chance(0.42)
    name = f"{word}{dice.pick(_WORDS)}" + (f" {house.moo}" if dice.chance(0.3) else "")
    owner = town.people[town.owners[house.index]].then(day.toordinal())
    ends = day + timedelta(days=dice.between(-200, 360))
    return [
        f"กอ2-{number:04d}/{2560 + number % 10}",
        f"บริษัท {name} จำกัด" if firm else name,
        juristic_id(1000 + number) if firm else "",
        kind,
        f"{owner.title}{owner.first} {owner.last}".strip(),
        house.house_no,
        house.moo,
        mobile(2_500_000 + number),
        house.lat,
        house.lon,
        ends,
    ]


def write(path: Path, town: Town, day: date, ledger: Ledger) -> int:
    dice = Dice(town.seed, "businesses")
    count = max(6, len(town.houses) // 15)
    rows = [_row(dice, town, n, house, day) for n, house in enumerate(dice.sample(town.houses, count), start=1)]
    for row in dice.sample(rows, max(1, count // 120)):
        row[8], row[9] = row[9], row[8]
        ledger.note("business", "swapped_lat_lon")
    for row in dice.sample([row for row in rows if row[2]], 2):
        row[2] = f"{str(row[2])[:12]}{(int(str(row[2])[12]) + 1) % 10}"
        ledger.note("business", "juristic_id_slip")
    top, merges = titled(f"ทะเบียนสถานประกอบการ ข้อมูล ณ {thai_day(day)}", HEADER)
    write_xlsx(path, [Sheet("กิจการ", [*top, *rows], merges)], NOTICE)
    return len(rows)
