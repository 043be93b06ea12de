"""Special needs and benefits (class S26): what the town has to see, never a diagnosis. All invented."""

from __future__ import annotations

from typing import NamedTuple

from .dice import Dice
from .people import Person

DISABILITIES = (
    "พิการทางการเคลื่อนไหว",
    "พิการทางการเห็น",
    "พิการทางการได้ยิน",
    "พิการทางจิตใจ",
    "พิการทางสติปัญญา",
    "พิการทางการเรียนรู้",
    "ออทิสติก",
)
ALONE, BEDRIDDEN, OXYGEN, DIALYSIS, DEMENTIA = "อยู่ลำพัง", "ติดเตียง", "ใช้ออกซิเจน", "ฟอกไต", "หลงลืม"
LEVELS = ("ช่วยเหลือตัวเองได้", "ต้องมีผู้ช่วย", "พึ่งพาผู้อื่นทั้งหมด")
_NOTES = {
    BEDRIDDEN: "ต้องใช้เปลและรถพยาบาลในการเคลื่อนย้าย",
    OXYGEN: "ใช้เครื่องผลิตออกซิเจน ไฟฟ้าดับได้ไม่เกิน 4 ชั่วโมง",
    DIALYSIS: "ฟอกไตสัปดาห์ละ 3 ครั้ง",
    ALONE: "ไม่มีผู้ดูแลในบ้าน",
    DEMENTIA: "อาจหลงทาง ไม่ควรอพยพตามลำพัง",
}
ELDERLY, DISABLED, NEWBORN = "เบี้ยยังชีพผู้สูงอายุ", "เบี้ยความพิการ", "เงินอุดหนุนเด็กแรกเกิด"


class Need(NamedTuple):
    """kinds: words of this module; level: one of LEVELS or ''; amount: baht a month."""

    kinds: tuple[str, ...]
    level: str
    note: str
    benefits: tuple[str, ...]
    amount: int


def _elderly_amount(age: float) -> int:
    return 600 if age < 70 else (700 if age < 80 else (800 if age < 90 else 1000))


def _elderly_kinds(dice: Dice, age: float, alone: bool) -> list[str]:
    kinds = [ALONE] if alone else []
    frail = max(0.0, (age - 60) / 100)
    for kind, p in ((BEDRIDDEN, 0.12), (OXYGEN, 0.03), (DIALYSIS, 0.03), (DEMENTIA, 0.12)):
        if dice.chance(p * frail):
            kinds.append(kind)
    if dice.chance(0.06):
        kinds.append(dice.pick(DISABILITIES[:3]))
    return kinds


def need_of(seed: int, person: Person, day: int, alone: bool) -> Need:
    """What the welfare roll says of a person. alone: nobody else lives in her house. The same at every call."""
    dice = Dice(seed, f"need:{person.key}")
    age = person.age(day)
    if age < 6:
        return Need((), "", "", (NEWBORN,), 600)
    kinds = _elderly_kinds(dice, age, alone) if age >= 60 else [dice.pick(DISABILITIES)]
    if age < 60 and dice.chance(0.05):
        kinds.append(dice.pick((BEDRIDDEN, DIALYSIS, OXYGEN)))
    disabled = any(kind in DISABILITIES for kind in kinds)
    benefits = ((ELDERLY,) if age >= 60 else ()) + ((DISABLED,) if disabled else ())
    amount = (_elderly_amount(age) if age >= 60 else 0) + ((1000 if age < 18 else 800) if disabled else 0)
    note = "; ".join(_NOTES[kind] for kind in kinds if kind in _NOTES)
    return Need(tuple(kinds), _level(dice, kinds), note, benefits, amount)


def _level(dice: Dice, kinds: list[str]) -> str:
    if BEDRIDDEN in kinds:
        return LEVELS[2]
    if not kinds or kinds == [ALONE]:
        return LEVELS[0] if kinds else ""
    return LEVELS[1] if dice.chance(0.6) else LEVELS[0]
