"""The house register: ten invented moo, house numbers as they grew, house codes."""

from __future__ import annotations

from dataclasses import dataclass

from .dice import Dice
from .serials import house_code

# Invented names; share of houses; where the moo lies is drawn in geo/areas.py.
MOO_NAMES = (
    "บ้านดอนไผ่งาม",
    "บ้านทุ่งแสงเดือน",
    "บ้านห้วยม่านหมอก",
    "บ้านท่าเรือนแก้ว",
    "บ้านเชิงดอยตะวัน",
    "บ้านหนองปลามัน",
    "บ้านไร่ฟ้าใส",
    "บ้านสันข่อยทอง",
    "บ้านต้นงิ้วงาม",
    "บ้านเหล่าเฮียะใหม่",
)
MOO_SHARES = (0.11, 0.13, 0.08, 0.12, 0.06, 0.10, 0.12, 0.10, 0.10, 0.08)
ESTATES = [
    "ร่มโพธิ์เงิน",
    "สวนลำพูทอง",
    "พฤกษาดอยงาม",
    "กุลพันธ์ริมธาร",
    "เชียงใหม่ทุ่งทอง",
    "ธาราเฮียะวิลล์",
    "อินทนนท์การ์เด้น",
    "ล้านตองเพลส",
    "บ้านสวนสายรุ้ง",
    "เดอะไผ่หลวง",
    "ริมห้วยแกรนด์วิลล์",
    "สันติภาพเลควิว",
    "ทิพย์ธานีดอย",
    "กาดเก่าทาวน์โฮม",
]
ROADS = ("เชียงใหม่-หางดอน", "เลียบลำเหมืองใหญ่", "ราชพฤกษ์ทอง", "เชิงดอยตะวัน", "สมโภชเมือง", "วงแหวนใต้")
TAMBON, DISTRICT, PROVINCE, POSTCODE = "แม่เหียะ", "เมืองเชียงใหม่", "เชียงใหม่", "50100"
TAMBON_CODE = "500109"


@dataclass(slots=True)
class House:
    """One house of the register. `estate`, `soi`, `road` may be empty; `kind`: its kind in the register."""

    index: int
    house_no: str
    moo: int
    estate: str
    soi: str
    road: str
    code: str
    kind: str = "บ้านเดี่ยว"
    lon: float = 0.0
    lat: float = 0.0
    x: float = 0.0
    y: float = 0.0


def _house_numbers(dice: Dice, count: int) -> list[str]:
    """Old plots count 1, 2, 3; later ones split as 12/1; an estate is 200/1 to 200/90 on one plot."""
    numbers: list[str] = []
    plot = 0
    while len(numbers) < count:
        plot += 1
        numbers.append(str(plot))
        if dice.chance(0.22):
            numbers.extend(f"{plot}/{n}" for n in range(1, dice.between(2, 9)))
        if plot > 30 and dice.chance(0.035):
            numbers.extend(f"{plot}/{n}" for n in range(1, dice.between(25, 120)))
    return numbers[:count]


def _estate_of(estates: dict[str, str], dice: Dice, moo: int, house_no: str, size: int) -> str:
    """Plots that were split into more than 20 houses are housing estates with a name."""
    plot = house_no.partition("/")[0]
    if size < 20:
        return ""
    return estates.setdefault(f"{moo}:{plot}", dice.pick(ESTATES))


def _kind(dice: Dice, estate: str) -> str:
    draw = dice.random()
    if estate:
        return "ทาวน์เฮาส์" if draw < 0.3 else "บ้านเดี่ยว"
    if draw < 0.72:
        return "บ้านเดี่ยว"
    return "ตึกแถว" if draw < 0.86 else ("หอพัก" if draw < 0.9 else "บ้านแฝด")


def make_houses(seed: int, count: int) -> list[House]:
    """`count` houses over the ten moo, in the order of moo and house number."""
    dice = Dice(seed, "houses")
    houses: list[House] = []
    for moo, share in enumerate(MOO_SHARES, start=1):
        here = count - len(houses) if moo == len(MOO_SHARES) else round(count * share)
        _add_moo(dice, houses, moo, max(here, 1))
    return houses


def _add_moo(dice: Dice, houses: list[House], moo: int, count: int) -> None:
    numbers = _house_numbers(dice, count)
    sizes: dict[str, int] = {}
    for number in numbers:
        plot = number.partition("/")[0]
        sizes[plot] = sizes.get(plot, 0) + 1
    estates: dict[str, str] = {}
    for number in numbers:
        index = len(houses)
        estate = _estate_of(estates, dice, moo, number, sizes[number.partition("/")[0]])
        soi = str(dice.between(1, 14)) if dice.chance(0.25) else ""
        road = dice.pick(ROADS) if dice.chance(0.15) else ""
        houses.append(House(index, number, moo, estate, soi, road, house_code(index + 1), _kind(dice, estate)))
