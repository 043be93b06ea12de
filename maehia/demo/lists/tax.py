"""Owners of the land and building tax (ภ.ด.ส.): persons and companies, with the codes of their parcels."""

from __future__ import annotations

from datetime import date

from ..dice import Dice
from ..dirt import Ledger
from ..files import Cell
from ..records import Rec, elsewhere
from .base import Listing, Table, World, thai_day, titled

HEADER = (
    "เลขที่ผู้เสียภาษี",
    "ชื่อเจ้าของทรัพย์สิน",
    "เลขประจำตัวประชาชน/เลขทะเบียนนิติบุคคล",
    "ที่อยู่เจ้าของ",
    "รหัสประจำบ้าน",
    "โทรศัพท์",
    "จำนวนแปลง",
    "รหัสแปลงที่ดิน",
)


def _row(world: World, rec: Rec) -> list[Cell]:
    codes = world.ltax.get(rec.person, [])
    return [
        LISTING.key(rec), rec.full, rec.nid, rec.address, rec.house_code, rec.phone, len(codes) or "", ", ".join(codes),
    ]  # fmt: skip


def _company_rows(world: World) -> list[list[Cell]]:
    dice = Dice(world.town.seed, "tax:companies")
    return [
        [f"ภดส-น{number:05d}", name, juristic, elsewhere(dice), "", "", len(codes), ", ".join(codes)]
        for number, (name, juristic, codes) in enumerate(world.companies, start=1)
    ]


def layout(world: World, recs: list[Rec], day: date) -> Table:
    top, merges = titled(f"ทะเบียนเจ้าของที่ดินและสิ่งปลูกสร้าง ข้อมูล ณ {thai_day(day)}", HEADER)
    return Table(top, [_row(world, rec) for rec in recs], merges, _company_rows(world), sheet="ผู้เสียภาษี")


def _plant(world: World, recs: list[Rec], dice: Dice, ledger: Ledger) -> None:
    for _ in world.companies:
        ledger.note("tax", "juristic_owner")


LISTING = Listing("tax", "tax.xlsx", "xlsx", "ภดส-", layout, _plant)
