"""The sheets of a shelter as rows: daily report, in and out, summary, register of people.

What the forms of ปภ. ask for by their contents; the numbers of those forms are not verified and stand nowhere here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from maehia.base import BANGKOK
from maehia.emergency.models import Shelter, Stay, StayEvent
from maehia.emergency.queries.shelters_words import need_words
from maehia.emergency.queries.stays import during
from maehia.emergency.rules.shelters import AGE_BANDS, HOWS, KINDS, OPEN_STAYS, STAY, age_band
from maehia.web.formats import english, show_datetime

KEYS = ("daily", "in-out", "summary", "register")
NAMED = ("in-out", "register")  # with names: watermarked, and only for who works in shelters


@dataclass(frozen=True, slots=True)
class Sheet:
    """title: of the paper; head and rows: of its table, ready to read; as_of: the moment."""

    key: str
    title: str
    head: list[str]
    rows: list[list[Any]]
    as_of: datetime
    watermark: str = ""


def titles() -> dict[str, str]:
    return {
        "daily": gettext("รายงานประจำวันของศูนย์พักพิง"), "in-out": gettext("บัญชีรายการเข้าและออก"),
        "summary": gettext("สรุปเพศ อายุ และความต้องการพิเศษ"), "register": gettext("ทะเบียนผู้พักพิง"),
    }  # fmt: skip


def make(key: str, shelter: Shelter, day: date, moment: datetime, watermark: str) -> Sheet:
    """A sheet of one day. Raises KeyError for an unknown one."""
    start = datetime.combine(day, datetime.min.time(), BANGKOK)
    end = min(start + timedelta(days=1), moment + timedelta(microseconds=1))
    head, rows = {"daily": _daily, "in-out": _in_out, "summary": _summary, "register": _register}[key](
        shelter, start, end
    )
    return Sheet(key, titles()[key], head, rows, moment, watermark if key in NAMED else "")


Made = tuple[list[str], list[list[Any]]]


def word(pair: tuple[str, str]) -> str:
    return pair[1] if english() else pair[0]


def _standing(stay: Stay, at: datetime) -> bool:
    """Whether a stay was open at a moment."""
    return bool(stay.in_at and stay.in_at < at and (stay.out_at is None or stay.out_at >= at))


def _daily(shelter: Shelter, start: datetime, end: datetime) -> Made:
    there = during(shelter.pk, start, end)
    left = Counter(stay.how for stay in there if stay.out_at and start <= stay.out_at < end)
    rows = [
        [gettext("ยอดยกมาเมื่อเริ่มวัน"), sum(_standing(stay, start) for stay in there)],
        [gettext("เข้าใหม่ในวัน"), sum(bool(stay.in_at and stay.in_at >= start) for stay in there)],
        [gettext("ออกในวัน"), sum(left.values())],
        *[[f"– {word(HOWS[how])}", number] for how, number in sorted(left.items())],
        [gettext("ยอดกลางวัน (ทุกคนที่อยู่ในวันนั้น)"), len(there)],
        [gettext("ยอดคงอยู่เมื่อสิ้นช่วง"), sum(_standing(stay, end) for stay in there)],
        [gettext("ยอดค้างคืน"), sum(_standing(stay, end) and stay.overnight for stay in there)],
        [gettext("ความจุกลางคืน"), shelter.capacity_night],
        [gettext("สัตว์เลี้ยง"), sum(stay.pets for stay in there if _standing(stay, end))],
    ]
    return [gettext("รายการ"), gettext("จำนวน")], rows


def _in_out(shelter: Shelter, start: datetime, end: datetime) -> Made:
    events = StayEvent.objects.filter(shelter=shelter, state="applied", at__gte=start, at__lt=end).order_by("at", "id")
    found = list(events)
    people = Stay.objects.in_bulk({event.stay_key for event in found})
    rows = [[number, show_datetime(event.at), word(KINDS[event.kind]), *_who(people[event.stay_key]),
             word(HOWS[event.how]) if event.how else "", ""]
            for number, event in enumerate(found, 1) if event.stay_key in people]  # fmt: skip
    return [gettext("ลำดับ"), gettext("เวลา"), gettext("รายการ"), gettext("ชื่อ"), gettext("สายรัด"), gettext("ไปที่"),
            gettext("ลงชื่อ")], rows  # fmt: skip


def _who(stay: Stay) -> list[str]:
    return [stay.name or gettext("ไม่ทราบชื่อ"), stay.band]


def _summary(shelter: Shelter, start: datetime, end: datetime) -> Made:
    """By age and sex, then what is needed. Of those who are there at the end of the span."""
    there = [stay for stay in during(shelter.pk, start, end) if _standing(stay, end)]
    by = Counter((age_band(stay.age), stay.sex) for stay in there)
    bands = [*((name, name) for _, _, name in AGE_BANDS), ("", gettext("ไม่ทราบอายุ"))]
    rows: list[list[Any]] = [[title, *_sexes(by, band)] for band, title in bands]
    rows.append([gettext("รวม"), *(sum(row[n] for row in rows) for n in range(1, 5))])
    needs = Counter(row.need for stay in there for row in stay.needs.all())
    rows += [[word(need_words()[code]), "", "", "", number] for code, number in sorted(needs.items())]
    return [gettext("กลุ่ม"), gettext("ชาย"), gettext("หญิง"), gettext("อื่นหรือไม่ทราบ"), gettext("รวม")], rows


def _sexes(by: Counter[tuple[str, str]], band: str) -> list[int]:
    men, women = by[band, "m"], by[band, "f"]
    other = sum(number for (found, sex), number in by.items() if found == band and sex not in ("m", "f"))
    return [men, women, other, men + women + other]


def _register(shelter: Shelter, start: datetime, end: datetime) -> Made:
    there = during(shelter.pk, start, end)
    rows = [[number, *_who(stay), sex_word(stay.sex), stay.age if stay.age is not None else "", stay.moo or "",
             stay.phone or "", show_datetime(stay.in_at), show_datetime(stay.out_at) if stay.out_at else "",
             state_word(stay)] for number, stay in enumerate(there, 1)]  # fmt: skip
    return [gettext("ลำดับ"), gettext("ชื่อ"), gettext("สายรัด"), gettext("เพศ"), gettext("อายุ"), gettext("หมู่"),
            gettext("โทรศัพท์"), gettext("เข้า"), gettext("ออก"), gettext("สถานะ")], rows  # fmt: skip


def sex_word(sex: str) -> str:
    return {"m": gettext("ชาย"), "f": gettext("หญิง"), "x": gettext("อื่น")}.get(sex, "")


def state_word(stay: Stay) -> str:
    found = STAY.states[stay.state]
    words = found.en if english() else found.th
    return words if stay.state in OPEN_STAYS or not stay.how else f"{words}: {word(HOWS[stay.how])}"
