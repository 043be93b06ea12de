"""One cell at a time: what a dirty cell says, as pure functions. A cell that says nothing gives None.

Whatever is Thai public life (IDs, dates, names, addresses) is known by `maehia.thai`; here stands only
what linkage adds: the loose forms that still help to recognise a person.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from maehia import thai
from maehia.linkage.fold import fold
from maehia.linkage.skeleton import skeleton

_SEX = {
    "ช": "M", "ชาย": "M", "เพศชาย": "M", "ผู้ชาย": "M", "m": "M", "male": "M", "man": "M", "1": "M",
    "ญ": "F", "หญิง": "F", "เพศหญิง": "F", "ผู้หญิง": "F", "f": "F", "female": "F", "woman": "F", "2": "F",
}  # fmt: skip
_NOTHING = {"", "-", "--", "---", ".", "ไม่มี", "ไม่ระบุ", "ไม่ทราบ", "n/a", "na", "null", "none", "nan", "nil", "?", "0"}
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]|[(\[{].*$")
_NOT_NAME = re.compile(r"[^\u0e01-\u0e3a\u0e40-\u0e4eA-Za-z\u00c0-\u024f .'&/-]+")
_TWO_DIGIT_YEAR = re.compile(r"(?<![0-9๐-๙])[0-9๐-๙]{2}(?:\s*(?:\(.*\))?)$")
_SHORT_FORM = re.compile(r"^[0-9๐-๙]{1,2}\D.*\D[0-9๐-๙]{2}$")
_AGE = re.compile(r"(?:อายุ\s*)?([0-9]{1,3})\s*(?:ปี|ขวบ|years?|y\.?o\.?)?(?:\s*[0-9]{1,2}\s*เดือน)?", re.IGNORECASE)
_MIN_YEAR, _MAX_AGE = 1890, 115
# คุณ written together with the name is courtesy, unless a vowel shows that it is part of the name (คุณากร).
_COURTESY = re.compile(r"^คุณ(?=[ก-ฮเ-ไ][ก-๙]{2})")
_LATIN_TITLE = re.compile(r"^(?:Mr|Mrs|Ms|Miss|MR|MRS|MISS)\.?\s?(?=[A-Z])(?!S\b)")


class NameCell(NamedTuple):
    """A name cell taken apart; empty strings where nothing was said."""

    first: str | None
    last: str | None
    sex: str | None
    adult: bool | None


class BirthCell(NamedTuple):
    """day = yyyymmdd; exact = False when the day is not trusted; short = the year had two digits.

    age: years of age instead of a date ("57 ปี"), which mean something only with the list's as-of day.
    """

    day: int | None
    exact: bool
    short: bool
    age: int | None = None


class IdCell(NamedTuple):
    """number = 13 digits as written (12 or 14 when a digit was lost or doubled); good = check digit holds."""

    number: str | None
    good: bool


class PlaceCell(NamedTuple):
    """An address taken apart as far as linkage needs it."""

    no: str | None
    moo: int | None
    village: str | None
    tambon: str | None


class NameForms(NamedTuple):
    """What DuckDB compares: the folded name, its sound, its consonants in any script, whether it is Latin."""

    folded: str | None
    sound: str | None
    bones: str | None
    latin: bool


def is_nothing(text: str) -> bool:
    return text.strip().casefold() in _NOTHING


def plain_name(text: str | None) -> str | None:
    """A name without brackets, signs and double spaces."""
    if not text:
        return None
    kept = _NOT_NAME.sub("", _BRACKETS.sub(" ", text))
    name = " ".join(kept.split()).strip(" .-'/&")
    return None if is_nothing(name) else name


def read_name(text: str) -> NameCell:
    """A cell that holds a whole name, or a first name with or without its title."""
    if is_nothing(text):
        return NameCell(None, None, None, None)
    name = thai.parse_name(text)
    first = _LATIN_TITLE.sub("", _COURTESY.sub("", name.first)) if name.title == "" else name.first
    return NameCell(plain_name(first), plain_name(name.last), name.sex, name.adult)


def read_last(text: str) -> str | None:
    return None if is_nothing(text) else plain_name(thai.clean_text(text))


def read_title(text: str) -> NameCell:
    title = thai.parse_title(text)
    return NameCell(None, None, title.sex, title.adult)


def name_forms(name: str) -> NameForms:
    """Folded without spaces and hyphens (they come and go), and how it sounds."""
    tight = name.replace(" ", "").replace("-", "").replace(".", "")
    latin = not any("ก" <= ch <= "ฮ" for ch in tight)
    return NameForms(fold(tight) or None, thai.sound_key(tight) or None, skeleton(tight) or None, latin)


def read_id(text: str) -> IdCell:
    """The ID with its check. A spreadsheet's 3.1E+12 says nothing; all digits alike say nothing."""
    number = thai.normalize_id(text)
    if number is None:
        digits = re.sub(r"[^0-9]", "", thai.to_arabic(text))
        near = len(digits) in (12, 14) and not re.search(r"[A-Za-z,]", text)
        number = digits if near else None
    if number is None or len(set(number)) < 3:
        return IdCell(None, False)
    return IdCell(number, len(number) == 13 and thai.check_digit(number[:12]) == number[12])


def read_birth(text: str, today: date) -> BirthCell:
    """A birth date. 1 January stands for "day not known" in too many lists: only its year is trusted."""
    found = thai.parse_date(text, today)
    if found is None:
        told = _AGE.fullmatch(thai.clean_text(text))
        return BirthCell(None, False, False, int(told[1]) if told and int(told[1]) <= _MAX_AGE else None)
    if not _MIN_YEAR <= found.value.year <= today.year:
        return BirthCell(None, False, False)
    day = found.value
    exact = found.precision == "day" and (day.month, day.day) != (1, 1)
    cell = text.strip()
    short = bool(_SHORT_FORM.match(cell) and _TWO_DIGIT_YEAR.search(cell))
    return BirthCell(day.year * 10000 + day.month * 100 + day.day, exact, short)


def read_sex(text: str) -> str | None:
    return _SEX.get(thai.clean_text(text).casefold().strip(" ."))


def read_phone(text: str) -> str | None:
    return thai.normalize_phone(text)


def read_place(text: str) -> PlaceCell:
    """House number, moo, village and tambon of an address cell."""
    if is_nothing(text):
        return PlaceCell(None, None, None, None)
    found = thai.parse_address(text)
    no = thai.normalize_house_no(found.house_no) if found.house_no else None
    return PlaceCell(no or None, found.moo, found.village or found.soi or found.road or None, found.tambon or None)


def read_house_code(text: str) -> str | None:
    return thai.normalize_house_code(text)
