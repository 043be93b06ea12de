"""Values as people read them, in the language of the page: พ.ศ. in Thai, ค.ศ. in English; masked unless asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from django.utils.translation import get_language, gettext, ngettext

from maehia import thai
from maehia.base import BANGKOK
from maehia.kit import clock

Style = Literal["short", "long"]
NOTHING = "–"
_EN_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EN_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def english() -> bool:
    return (get_language() or "th").startswith("en")


def local_day(value: date | datetime) -> date:
    """The day in Thailand."""
    if isinstance(value, datetime):
        return (value.astimezone(BANGKOK) if value.tzinfo else value).date()
    return value


def show_date(value: date | datetime | None, style: Style = "short") -> str:
    """21 พ.ย. 2569; on English pages 21 Nov 2026."""
    if not isinstance(value, date):
        return NOTHING
    day = local_day(value)
    if english():
        return f"{day.day} {(_EN_LONG if style == 'long' else _EN_SHORT)[day.month - 1]} {day.year}"
    return thai.format_date(day, style)


def show_datetime(value: datetime | None, style: Style = "short") -> str:
    """21 พ.ย. 2569 14:30 น.; a naive time is taken as Thai time."""
    if not isinstance(value, datetime):
        return show_date(value, style)
    local = value.astimezone(BANGKOK) if value.tzinfo else value.replace(tzinfo=BANGKOK)
    if english():
        return f"{show_date(local, style)}, {local:%H:%M}"
    return thai.format_datetime(local, style)


def show_since(value: datetime | None, now: datetime | None = None) -> str:
    """ "2 นาทีที่แล้ว": only ever beside the absolute time."""
    if value is None:
        return NOTHING
    gone = (now or clock.now()) - value
    if gone < timedelta(minutes=1):
        return gettext("เมื่อสักครู่")
    return gettext("%(span)sที่แล้ว") % {"span": show_span(gone)}


def show_span(span: timedelta | float) -> str:
    """A length of time in its largest unit: "3 วัน", "2 ชั่วโมง", "5 นาที". A number is seconds."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else float(span)
    for size, unit in ((86400, _days), (3600, _hours), (60, _minutes)):
        if seconds >= size:
            return unit(int(seconds // size))
    return ngettext("%(n)d วินาที", "%(n)d วินาที", int(seconds)) % {"n": int(seconds)}


def _days(n: int) -> str:
    return ngettext("%(n)d วัน", "%(n)d วัน", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)d ชั่วโมง", "%(n)d ชั่วโมง", n) % {"n": n}


def _minutes(n: int) -> str:
    return ngettext("%(n)d นาที", "%(n)d นาที", n) % {"n": n}


def show_number(value: object, places: int | None = None) -> str:
    """1,234.5; `places` fixes the decimals. What is no number is shown as it is; None as a dash."""
    if value is None or value == "":
        return NOTHING
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return NOTHING
    if places is None:
        return f"{number:,f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:,f}"
    return f"{number:,.{places}f}"


def show_baht(value: object) -> str:
    """1,234.50 บาท."""
    shown = show_number(value, 2)
    return shown if shown == NOTHING else gettext("%(amount)s บาท") % {"amount": shown}


def show_national_id(value: object, how: str = "masked") -> str:
    """Masked: x-xxxx-xxxxx-12-1 (last three digits); "full": grouped; "grouped" is a synonym of full."""
    digits = thai.normalize_id(str(value)) if value else None
    if digits is None:
        return NOTHING if not value else str(value) if how != "masked" else "x" * len(str(value))
    if how == "masked":
        return f"x-xxxx-xxxxx-{digits[10:12]}-{digits[12]}"
    return thai.format_national_id(digits)


def show_phone(value: object, how: str = "full") -> str:
    """053-123-456 or 081-234-5678; "masked": 081-xxx-5678."""
    if not value:
        return NOTHING
    shown = thai.format_phone(str(value)) or str(value)
    if how != "masked":
        return shown
    digits = [c for c in shown if c.isdigit()]
    return f"{''.join(digits[:3])}-xxx-{''.join(digits[-4:])}" if len(digits) >= 9 else "x" * len(shown)


def show_house_code(value: object) -> str:
    return (thai.format_house_code(str(value)) or str(value)) if value else NOTHING


def show_size(count: int | None) -> str:
    """Bytes as "4.2 MB"."""
    if count is None:
        return NOTHING
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
