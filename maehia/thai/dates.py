"""Dates as Thai lists write them: พ.ศ. and ค.ศ., Thai digits, names of months, parts of a date.

Years 24xx and 25xx are พ.ศ. and are 543 ahead of ค.ศ. Until พ.ศ. 2483 the year began on 1 April, so
January to March of พ.ศ. 2482 and before are 542 ahead, and พ.ศ. 2483 has no January to March.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from maehia.base import BANGKOK, Problem
from maehia.thai.text import clean_text, to_arabic

Precision = Literal["day", "month", "year"]

BE_OFFSET = 543
_BE_YEARS = range(2400, 2600)
_CE_YEARS = range(1857, 2057)
# The last year of the calendar that began on 1 April, and the year that lost its January to March.
_SHORT_YEAR = 2483
_NUMBERED_AT_BIRTH = 1984
_APRIL_YEARS_END = 1940
# พ.ศ. of "now" for two-digit years when the caller gives no `today`.
_DEFAULT_PIVOT = 2569

MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
WEEKDAYS_LONG = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_TAILS = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date and how much of it is known; unknown parts stand at 1 (year only: 1 January of its ค.ศ.)."""

    value: date
    precision: Precision = "day"


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a text is no date: a key of `_WHY`."""

    code: str


def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for number, (short, long) in enumerate(zip(MONTHS_SHORT, MONTHS_LONG, strict=True), start=1):
        names |= dict.fromkeys((short.replace(".", ""), long, long.removesuffix("คม").removesuffix("ยน")), number)
    for number, (short, tail) in enumerate(zip(_ENGLISH, _ENGLISH_TAILS, strict=True), start=1):
        names |= dict.fromkeys((short, short + tail), number)
    # Spellings that lists really hold.
    return names | {"sept": 9, "กุมภา": 2, "กุมภาพัน": 2, "กรกฏาคม": 7, "กรกฏา": 7, "พฤษจิกายน": 11, "พฤศจิกา": 11}


_MONTHS = _month_names()
_NAME = r"[ก-๙][ก-๙. ]{1,13}?|[a-z]{3,9}\.?"
_ERA = r"(?:\s*(?:พ\s?\.?\s?ศ\s?\.?|ค\s?\.?\s?ศ\s?\.?|พุทธศักราช|คริสต์ศักราช|b\.?e\.?|a\.?d\.?|c\.?e\.?))?"
_TIME = r"(?:[ t]+(?:เวลา\s*)?[0-9]{1,2}[:.][0-9]{2}.*|\s*น\.)?"
_WEEKDAY = "(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)?"
_LEAD = re.compile(rf"^(?:(?:วัน)?{_WEEKDAY}(?:ที่)?|เมื่อวันที่|เกิด(?:วันที่)?)\s*(?=[0-9])")
_SEP = r"\s?[-/.]\s?"
_GAP = rf"(?:{_SEP}|\s)"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}})(?:{_SEP}([0-9]{{1,2}}))?{_TIME}")
_ANY_YEAR = "([0-9]{4}|[0-9]{2})"
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){_GAP}([0-9]{{1,2}}){_GAP}{_ANY_YEAR}{_TIME}")
_NAMED = re.compile(rf"([0-9]{{1,2}})?\s*[-/. ]?\s*(?:เดือน\s*)?({_NAME})[\s,\-/]*(?:ปี\s*)?{_ERA}\s*{_ANY_YEAR}{_TIME}")
_ENGLISH_FIRST = re.compile(rf"([a-z]{{3,9}})\.?\s*([0-9]{{1,2}})\s*,?\s+([0-9]{{4}}){_TIME}")
_ZONED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}(?::[0-9.]+)?\s?(?:z|[+-][0-9]{2}:?[0-9]{2})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})\s?[-/.]\s?([0-9]{4})")
_EIGHT = re.compile(r"[0-9]{8}")
_YEAR = re.compile(rf"(?:ปี\s*)?{_ERA}\s*([0-9]{{4}})(?:\.0+)?")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")


def _gregorian_year(year: int, month: int) -> int | _Fault:
    """ค.ศ. of a written year (month 0 = not known)."""
    if year in _CE_YEARS:
        return year
    if year not in _BE_YEARS:
        return _Fault("year_out_of_range")
    if year <= _SHORT_YEAR and 1 <= month <= 3:
        return _Fault("calendar_gap") if year == _SHORT_YEAR else year - BE_OFFSET + 1
    return year - BE_OFFSET


def _build(year: int, month: int, day: int) -> PartialDate | _Fault:
    """From written numbers; 0 says that a part is not known."""
    if not (year or month or day):
        return _Fault("empty_date")  # 00/00/0000 says nothing
    if month > 12:
        return _Fault("no_such_month")
    gregorian = _gregorian_year(year, month)
    if isinstance(gregorian, _Fault):
        return gregorian
    if month == 0:
        return PartialDate(date(gregorian, 1, 1), "year")
    if day == 0:
        return PartialDate(date(gregorian, month, 1), "month")
    try:
        return PartialDate(date(gregorian, month, day))
    except ValueError:
        return _Fault("no_such_day")


def _full_year(digits: str, pivot: int) -> int:
    """Two digits are พ.ศ.: up to the pivot's own they belong to 25xx, above to 24xx."""
    if len(digits) == 4:
        return int(digits)
    century = pivot - pivot % 100
    return century + int(digits) if int(digits) <= pivot % 100 else century - 100 + int(digits)


def _month_number(name: str) -> int | None:
    return _MONTHS.get(name.replace(".", "").replace(" ", ""))


def _eight(digits: str) -> PartialDate | _Fault:
    """25640615, 25390000, 20210615; or 15062564 when the front is no year."""
    year = int(digits[:4])
    if year in _BE_YEARS or year in _CE_YEARS:
        return _build(year, int(digits[4:6]), int(digits[6:]))
    return _build(int(digits[4:]), int(digits[2:4]), int(digits[:2]))


def _zoned(text: str) -> PartialDate | _Fault:
    """A moment of another zone is its day in Thailand: 17:00 in UTC is already tomorrow."""
    try:
        local = datetime.fromisoformat(text.upper()).astimezone(BANGKOK)
    except (ValueError, OverflowError):
        return _Fault("unreadable_date")
    return _build(local.year, local.month, local.day)


def _numeric(text: str, pivot: int) -> PartialDate | _Fault | None:
    if _ZONED.fullmatch(text):
        return _zoned(text)
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _build(_full_year(year, pivot), int(month), int(day))
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day_or_none = found.groups()
        return _build(int(year), int(month), int(day_or_none or 0))
    if _EIGHT.fullmatch(text):
        return _eight(text)
    if found := _MONTH_YEAR.fullmatch(text):
        return _build(int(found[2]), int(found[1]), 0)
    return None


def _worded(text: str, pivot: int) -> PartialDate | _Fault | None:
    if found := _YEAR.fullmatch(text):
        return _build(int(found[1]), 0, 0)
    if found := _NAMED.fullmatch(text):
        day, name, year = found.groups()
        month = _month_number(name)
        return _build(_full_year(year, pivot), month, int(day or 0)) if month else _Fault("unreadable_date")
    if found := _ENGLISH_FIRST.fullmatch(text):
        month = _month_number(found[1])
        return _build(int(found[3]), month, int(found[2])) if month else _Fault("unreadable_date")
    return None


@lru_cache(maxsize=1 << 16)
def _read(text: str, pivot: int) -> PartialDate | _Fault:
    cleaned = clean_text(text)
    if not any(c.isdigit() for c in cleaned):
        return _Fault("empty_date" if not cleaned.strip("-–—. ") else "unreadable_date")
    lowered = _LEAD.sub("", cleaned.lower(), count=1)
    found = _numeric(lowered, pivot) or _worded(lowered, pivot)
    if found is None:
        return _Fault("excel_serial" if _SERIAL.fullmatch(lowered) else "unreadable_date")
    return found


def _pivot(today: date | None) -> int:
    return buddhist_year(today) if today else _DEFAULT_PIVOT


def _from_serial(text: str) -> PartialDate | None:
    if not _SERIAL.fullmatch(text):
        return None
    # Excel counts from 30 Dec 1899 (for days after its invented 29 Feb 1900).
    day = date(1899, 12, 30) + timedelta(days=int(float(text)))
    return PartialDate(day) if day.year in _CE_YEARS else None


def parse_date(text: str | None, today: date | None = None, *, excel_serial: bool = False) -> PartialDate | None:
    """The date in the text with its precision, or None; `explain_date` tells why. Raises nothing.

    today: decides two-digit years (up to this พ.ศ. 25xx, above 24xx).
    excel_serial: set only for a column known to hold a spreadsheet's day numbers; else 24000 is no date.
    """
    if not text:
        return None
    if excel_serial and (found := _from_serial(clean_text(text))):
        return found
    read = _read(text, _pivot(today))
    return read if isinstance(read, PartialDate) else None


def parse_birth(text: str | None, today: date | None = None) -> PartialDate | None:
    """A day of birth: as `parse_date`, but never after today, and 1 January of elders is only their year.

    Born before 1984, when numbers began to be given at birth, people whose day was not known were entered
    under 1 January [house rule, unverified].
    """
    found = parse_date(text, today)
    if found is None or (today is not None and found.value > today):
        return None
    day = found.value
    if found.precision != "day" or (day.month, day.day) != (1, 1) or day.year >= _NUMBERED_AT_BIRTH:
        return found
    # Such an entry means the พ.ศ. year itself, whatever month that year began with.
    written_in_ce = str(day.year) in to_arabic(text or "")
    return PartialDate(day if written_in_ce else date(buddhist_year(day) - BE_OFFSET, 1, 1), "year")


def possible_days(partial: PartialDate) -> tuple[date, date]:
    """First and last day that the date can mean. A year up to พ.ศ. 2482 ran until March of the next."""
    first = partial.value
    if partial.precision == "day":
        return first, first
    if partial.precision == "month":
        return first, _month_end(first)
    return first, date(first.year + 1, 3, 31) if first.year < _APRIL_YEARS_END else date(first.year, 12, 31)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def age_on(birth: date, day: date) -> int:
    """Completed years on a day; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_range(birth: PartialDate, day: date) -> tuple[int, int]:
    """Lowest and highest age that fit what is known of the birth."""
    first, last = possible_days(birth)
    return age_on(last, day), age_on(first, day)


_WHY = {
    "empty_date": ("ไม่มีวันที่", "หากไม่ทราบวัน ให้ใส่เฉพาะปี เช่น 2539"),
    "unreadable_date": ("อ่าน “{text}” เป็นวันที่ไม่ได้", "เขียนเป็น วัน เดือน ปี พ.ศ. เช่น 15 มิ.ย. 2564"),
    "no_such_day": ("“{text}” ไม่มีวันนี้ในปฏิทิน", "ตรวจวันที่และเดือนกับเอกสารต้นทาง"),
    "no_such_month": ("“{text}” มีเลขเดือนเกิน 12", "ตรวจว่าเรียงเป็น วัน/เดือน/ปี แล้วแก้ที่ต้นทาง"),
    "year_out_of_range": ("ปีใน “{text}” อยู่นอกช่วง พ.ศ. 2400-2599", "ตรวจปีกับเอกสารต้นทาง"),
    "calendar_gap": (
        "“{text}” ไม่มีจริง เพราะ พ.ศ. 2483 เริ่ม 1 เมษายน และไม่มีเดือนมกราคมถึงมีนาคม",
        "ตรวจว่าเป็น พ.ศ. 2482 หรือ 2484 จากเอกสารต้นทาง",
    ),
    "excel_serial": (
        "“{text}” เป็นเลขลำดับวันของโปรแกรมตาราง ไม่ใช่วันที่",
        "จัดรูปแบบคอลัมน์เป็นวันที่ หรือยืนยันว่าเป็นเลขลำดับวัน",
    ),
}


def explain_date(text: str | None, today: date | None = None) -> Problem | None:
    """Why `parse_date` gives None, as a problem for the list's owner; None when it gives a date."""
    read = _read(text or "", _pivot(today))
    if isinstance(read, PartialDate):
        return None
    what, fix = _WHY[read.code]
    return Problem(read.code, what.format(text=clean_text(text)[:40]), fix=fix)


def buddhist_year(day: date) -> int:
    """พ.ศ. of a day, with the calendar that was in use on it."""
    return day.year + (BE_OFFSET - 1 if day.year <= 1940 and day.month <= 3 else BE_OFFSET)


def format_date(day: date, style: Literal["short", "long"] = "short") -> str:
    """21 พ.ย. 2569, or 21 พฤศจิกายน 2569. An aware datetime is shown as its day in Thailand."""
    if isinstance(day, datetime) and day.tzinfo:
        day = day.astimezone(BANGKOK)
    months = MONTHS_LONG if style == "long" else MONTHS_SHORT
    return f"{day.day} {months[day.month - 1]} {buddhist_year(day)}"


def format_datetime(moment: datetime, style: Literal["short", "long"] = "short") -> str:
    """21 พ.ย. 2569 14:30 น. in Thai time; refuses a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("format_datetime needs an aware datetime")
    local = moment.astimezone(BANGKOK)
    return f"{format_date(local, style)} {local:%H:%M} น."


def format_partial_date(partial: PartialDate, style: Literal["short", "long"] = "short") -> str:
    """As much as is known: 15 มิ.ย. 2564, มิ.ย. 2564 or พ.ศ. 2564."""
    if partial.precision == "year":
        return f"พ.ศ. {partial.value.year + BE_OFFSET}"
    shown = format_date(partial.value, style)
    return shown if partial.precision == "day" else shown.split(" ", 1)[1]
