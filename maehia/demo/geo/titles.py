"""What the land office and the tax map say of each parcel: deed, survey sheet, tax code, use, area, owner."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shapely.geometry import Polygon

from ..dice import Dice, Weighted
from ..houses import House
from ..serials import juristic_id
from ..town import Town
from .parcels import Plot
from .plane import EAST, NORTH

DEEDS = Weighted(("โฉนด", "น.ส.3ก", "น.ส.3", "ส.ป.ก.4-01", ""), (0.83, 0.1, 0.03, 0.025, 0.015))
LAND_OFFICE = "สำนักงานที่ดินจังหวัดเชียงใหม่ (สมมติ)"
SHEET = "4799II"  # no such sheet of the 1:50,000 map exists
_COMPANY_WORDS = (
    ("เฮียะทองพร็อพเพอร์ตี้", "ดอยตะวันเรียลเอสเตท", "ม่านหมอกรีสอร์ท", "ไผ่งามค้าวัสดุ", "ล้านฟ้าใสก่อสร้าง", "ทุ่งแสงเดือนการ์เด้น"),
    ("", " เชียงใหม่", " กรุ๊ป", " 2565", " นอร์ท"),
)


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company with a valid 0-number."""

    name: str
    juristic_id: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel. owner: key of a person, or -1 - index of a company; area in m2 as the deed says."""

    ltax: str
    deed_kind: str
    deed_no: str
    sheet: str
    land_no: int
    use: str
    area: float
    owner: int
    house: int
    shape: Polygon


def companies(seed: int, count: int) -> list[Company]:
    dice = Dice(seed, "companies")
    heads, tails = _COMPANY_WORDS
    names = dice.shuffled([f"บริษัท {h}{t} จำกัด" for h in heads for t in tails])
    return [Company(names[n % len(names)], juristic_id(n + 1)) for n in range(min(count, len(names)))]


def _tax_codes(plots: list[Plot], houses: list[House], moo_of: list[int]) -> list[str]:
    """Zone = moo, block letter for each 300 lots, lots from west to east and north to south: 01A001."""
    order = sorted(range(len(plots)), key=lambda n: (moo_of[n], _cell_order(plots[n])))
    codes = [""] * len(plots)
    running: Counter[int] = Counter()
    for n in order:
        moo = moo_of[n]
        block, lot = divmod(running[moo], 300)
        running[moo] += 1
        codes[n] = f"{moo:02d}{chr(65 + block)}{lot + 1:03d}"
    return codes


def _cell_order(plot: Plot) -> tuple[int, int, float]:
    x, y = plot.shape.centroid.coords[0]
    return int((x - EAST) // 300), -int((y - NORTH) // 300), x


def _sheet_of(plot: Plot) -> str:
    x, y = plot.shape.centroid.coords[0]
    return f"{SHEET}{int(x // 1000) % 100:02d}{int(y // 1000) % 100:02d}"


def _use(dice: Dice, plot: Plot, houses: list[House]) -> str:
    if plot.house >= 0:
        kind = houses[plot.house].kind
        return {"ตึกแถว": "พาณิชย์", "หอพัก": "พาณิชย์", "วัด": "ศาสนสถาน"}.get(kind, "อยู่อาศัย")
    if plot.shape.area > 2500:
        return "เกษตรกรรม" if dice.chance(0.75) else "รกร้างว่างเปล่า"
    return "รกร้างว่างเปล่า" if dice.chance(0.6) else "เกษตรกรรม"


def make_parcels(town: Town, plots: list[Plot], firms: list[Company], moo_of: list[int]) -> list[Parcel]:
    """moo_of: the moo of each plot. House parcels belong to the owner of the house, fields to anybody."""
    dice = Dice(town.seed, "titles")
    codes = _tax_codes(plots, town.houses, moo_of)
    holders = sorted(set(town.owners.values()))
    running: Counter[str] = Counter()
    parcels = []
    for number, (plot, code) in enumerate(zip(plots, codes, strict=True), start=1):
        sheet = _sheet_of(plot)
        running[sheet] += 1
        owner = town.owners[plot.house] if plot.house >= 0 else dice.pick(holders)
        if firms and plot.house < 0 and dice.chance(0.06):
            owner = -1 - dice.below(len(firms))
        kind = str(DEEDS.pick(dice))
        use, area = _use(dice, plot, town.houses), plot.shape.area * dice.spread(0.985, 1.015)
        parcels.append(
            Parcel(
                code,
                kind,
                str(20_000 + number) if kind else "",
                sheet,
                running[sheet],
                use,
                area,
                owner,
                plot.house,
                plot.shape,
            )
        )
    return parcels


def rai_ngan_wa(area: float) -> tuple[int, int, float]:
    """Square metres -> rai (1,600 m2), ngan (400 m2), square wa (4 m2, to a tenth)."""
    tenths = round(area / 0.4)
    rai, rest = divmod(tenths, 4000)
    ngan, wa = divmod(rest, 1000)
    return rai, ngan, wa / 10
