"""Shelters and stays as machines, and how many people a site holds by planning ratios. No Django."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from maehia.base.machine import Move, State, machine, to

SHELTER = machine(
    "shelter", "planned",
    State("planned", "วางแผนไว้", "Planned", to("standby", "open", "closed"), "before"),
    State("standby", "เตรียมพร้อม", "On standby", to("open", "closed"), "before"),
    State("open", "เปิดรับ", "Open", to("closing"), "open"),
    State("closing", "กำลังปิด", "Closing", (*to("open"), Move("closed", ("empty",))), "closing"),
    State("closed", "ปิดแล้ว", "Closed", (), "closed"),
)  # fmt: skip
FULL = ("เต็ม", "Full")  # derived from the load, never kept
STAY = machine(
    "stay", "planned",
    State("planned", "จะเข้าพัก", "Expected", to("checked_in", "cancelled"), "planned"),
    State("checked_in", "อยู่ในศูนย์", "Inside", to("temporarily_out", "checked_out"), "open"),
    State("temporarily_out", "ออกชั่วคราว", "Out for a while", to("checked_in", "checked_out"), "open"),
    State("checked_out", "ออกแล้ว", "Left", (), "closed"),
    State("cancelled", "ไม่มา", "Did not come", (), "closed"),
)  # fmt: skip
OPEN_STAYS = STAY.of_kind("open")
OTHER_SHELTER = "other_shelter"
HOWS = {
    "home": ("กลับบ้าน", "Home"), "relative": ("ไปอยู่กับญาติ", "To relatives"),
    "hospital": ("ไปโรงพยาบาล", "To hospital"), OTHER_SHELTER: ("ย้ายศูนย์", "To another shelter"),
    "deceased": ("เสียชีวิต", "Deceased"),
}  # fmt: skip
PETS = {"no": ("ไม่รับ", "No pets"), "outside": ("รับ แยกบริเวณ", "In a place of their own"),
        "inside": ("รับ อยู่กับเจ้าของ", "With their owners")}  # fmt: skip
KINDS = {"in": ("เข้า", "In"), "away": ("ออกชั่วคราว", "Out for a while"), "back": ("กลับเข้ามา", "Back"),
         "out": ("ออก", "Out")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """How many people one ratio allows. ratio: its key in the data file."""

    ratio: str
    people: int


def limits(ratios: Mapping[str, float], area_m2: float | None, toilets: int | None, water_l_day: float | None
           ) -> list[Limit]:  # fmt: skip
    """What each known quantity allows, the tightest first. ratios: m2_per_person, people_per_toilet, water_l_day."""
    found = []
    if area_m2 is not None:
        found.append(Limit("m2_per_person", math.floor(area_m2 / ratios["m2_per_person"] + 1e-9)))
    if toilets is not None:
        found.append(Limit("people_per_toilet", math.floor(toilets * ratios["people_per_toilet"])))
    if water_l_day is not None:
        found.append(Limit("water_l_day", math.floor(water_l_day / ratios["water_l_day"] + 1e-9)))
    return sorted(found, key=lambda limit: (limit.people, limit.ratio))


AGE_BANDS = ((0, 4, "0-4"), (5, 14, "5-14"), (15, 59, "15-59"), (60, 200, "60+"))


def age_band(age: int | None) -> str:
    """The band of an age in years for the sheets; "" when it is not known."""
    return next((name for low, high, name in AGE_BANDS if age is not None and low <= age <= high), "")
