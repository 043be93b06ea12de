"""What a GET asks for, read from its parameters. An empty parameter is an absent one; an unknown one is ignored."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from maehia.base import BANGKOK
from maehia.services.api.open311.faults import Fault, about, bad, other_town

SPAN = timedelta(days=90)
MOST = 1000
LAST_PAGE = 100_000
STATUSES = ("open", "closed")
# A plus sign that nobody escaped arrives as a space.
BARE_PLUS = re.compile(r"^(\S+T\S+) (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of requests. ids override all else. start, end: on requested_datetime, both within; None = unbounded.

    page: from 1, or 0 when no pages were asked for (then newest first, at most 1000). bbox: west, south, east, north.
    """

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    page: int = 0
    page_size: int = MOST
    bbox: tuple[float, float, float, float] | None = None
    extensions: bool = False
    lang: str = "th"

    @property
    def offset(self) -> int:
        return max(0, self.page - 1) * self.page_size


def check_jurisdiction(given: Mapping[str, str], ours: str) -> None:
    """Raises Fault 404 for the id of another town."""
    if value(given, "jurisdiction_id") not in ("", ours):
        raise other_town()


def read_list(given: Mapping[str, str], now: datetime) -> Asked:
    """Raises Fault 400 that names the parameter."""
    if ids := commas(given, "service_request_id"):
        if len(ids) > MOST:
            raise bad("service_request_id", f"ขอได้ครั้งละไม่เกิน {MOST} เรื่อง", f"at most {MOST} ids")
        return Asked(ids=ids, extensions=read_flag(given, "extensions"), lang=read_lang(given))
    page, page_size = read_pages(given)
    after, before = read_moment(given, "updated_after"), read_moment(given, "updated_before")
    start, end = read_window(given, now, paged=page > 0, open_ended=bool(after or before))
    return Asked(
        (), commas(given, "service_code"), read_statuses(given), start, end, after, before, page, page_size,
        read_bbox(given), read_flag(given, "extensions"), read_lang(given),
    )  # fmt: skip


def value(given: Mapping[str, str], name: str) -> str:
    return (given.get(name) or "").replace("\x00", "").strip()


def commas(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Each once, in the order given."""
    return tuple(dict.fromkeys(part.strip() for part in value(given, name).split(",") if part.strip()))


def read_statuses(given: Mapping[str, str]) -> tuple[str, ...]:
    found = commas(given, "status")
    if set(found) - set(STATUSES):
        raise bad("status", "ใช้ได้เฉพาะ open และ closed", "only open and closed")
    return found


def read_window(
    given: Mapping[str, str], now: datetime, *, paged: bool, open_ended: bool
) -> tuple[datetime | None, datetime | None]:
    """The bounds of requested_datetime. open_ended: asked by time of change, so old requests count too.

    While somebody walks through pages the default window stands still for the day: a row that dropped out of it
    at the front would move all later ones by one.
    """
    start, end = read_moment(given, "start_date"), read_moment(given, "end_date")
    if start is None and end is None:
        return (None, None) if open_ended else (_day(now - SPAN) if paged else now - SPAN, now)
    start = start or (end or now) - SPAN
    end = end or start + SPAN
    if start > end:
        raise bad("start_date", "อยู่หลัง end_date", "is after end_date")
    if end - start > SPAN:
        raise Fault(400, about("start_date, end_date", "ช่วงเวลายาวเกิน 90 วัน", "more than 90 days apart"))
    return start, end


def _day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(BANGKOK).date(), time(), BANGKOK)


def read_moment(given: Mapping[str, str], name: str) -> datetime | None:
    """An aware time, or a date as its midnight here. Raises Fault 400 without an offset or beyond the calendar."""
    text = BARE_PLUS.sub(r"\1+\2", value(given, name))
    if not text:
        return None
    try:
        found = datetime.combine(date.fromisoformat(text), time(), BANGKOK) if len(text) == 10 else _aware(text)
        sane = 1900 <= found.year < 2400 and found.astimezone(BANGKOK) is not None
    except (ValueError, OverflowError):
        sane = False
    if not sane:
        en = "ISO 8601 with offset, Gregorian year, as 2026-11-21T08:00:00+07:00"
        raise bad(name, "อ่านเวลาไม่ได้ ใช้แบบ 2026-11-21T08:00:00+07:00 (ปี ค.ศ.)", en)
    return found


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no offset")
    return found


def read_pages(given: Mapping[str, str]) -> tuple[int, int]:
    page, size = value(given, "page"), value(given, "page_size")
    if not page and not size:
        return 0, MOST
    return read_whole("page", page or "1", LAST_PAGE), read_whole("page_size", size or str(MOST), MOST)


def read_whole(name: str, text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 1 <= number <= most:
        raise bad(name, f"ใช้จำนวนเต็มตั้งแต่ 1 ถึง {most}", f"a whole number from 1 to {most}")
    return number


def read_bbox(given: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    if not value(given, "bbox"):
        return None
    numbers = [finite(part) for part in value(given, "bbox").split(",")]
    box = tuple(n for n in numbers if n is not None)
    if len(numbers) != 4 or len(box) != 4 or not (-180 <= box[0] <= box[2] <= 180 and -90 <= box[1] <= box[3] <= 90):
        raise bad("bbox", "ใช้ minlon,minlat,maxlon,maxlat", "use minlon,minlat,maxlon,maxlat")
    return box[0], box[1], box[2], box[3]


def finite(text: str) -> float | None:
    """A finite number, None for anything else ("nan", "1e999", "1_0")."""
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_flag(given: Mapping[str, str], name: str) -> bool:
    text = value(given, name).lower()
    if text not in ("", "true", "false", "1", "0"):
        raise bad(name, "ใช้ true หรือ false", "use true or false")
    return text in ("true", "1")


def read_lang(given: Mapping[str, str]) -> str:
    text = value(given, "lang") or "th"
    if text not in ("th", "en"):
        raise bad("lang", "ใช้ th หรือ en", "use th or en")
    return text
