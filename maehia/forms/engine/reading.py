"""One raw answer -> the value that is kept. Values are plain JSON; numbers are decimal text, so they stay exact.

text, longtext, person_id, phone, house, parcel: text. number: "120.5". date: "2026-11-22". choice: an option's value.
choices, photo, file: a list. yes_no: true or false. address: {house_no, moo, note}. point: {lon, lat} in degrees.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import date
from decimal import Decimal
from typing import Any

from maehia import thai
from maehia.forms.engine.conditions import number
from maehia.forms.engine.definition import Field

LENGTHS = {"text": 300, "longtext": 4000}
MOST_FILES = 5
YES = frozenset({"true", "yes", "1", "on", "ใช่"})
NO = frozenset({"false", "no", "0", "off", "ไม่ใช่"})
THAILAND = (97.0, 5.0, 106.0, 21.0)  # west, south, east, north
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,15})?(\.\d{0,9})?")
_HIDDEN = {
    c: None for c in (*range(0x20), 0x7F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)) if c not in (9, 10)
}


@dataclass(frozen=True, slots=True)
class Refused:
    """code: of `words`. values: what its sentence names."""

    code: str
    values: Mapping[str, Any] = field_of(default_factory=dict)


def clean_longtext(text: str) -> str:
    """What somebody typed, as text of lines: line ends are one character, and nothing invisible turns it around.

    Signs like < and & stay: it is text, and every page shows it as text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "ignore").decode("utf-8")  # half a surrogate pair cannot be stored
    return unicodedata.normalize("NFC", text.translate(_HIDDEN)).strip()


def clean_text_line(text: str) -> str:
    """As `clean_longtext`, on one line."""
    return " ".join(clean_longtext(text).split())


def read(field: Field, raw: Any, today: date) -> Any:
    """The value, None when nothing was answered, or Refused."""
    if raw is None or raw in ("", [], {}) or (isinstance(raw, str) and not raw.strip()):
        return None
    return READERS[field.type](field, raw, today)


def _line(raw: Any) -> str | None:
    """The text of a raw answer; a list of one (as some clients send) is that one."""
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    return clean_text_line(str(raw))


def _text(field: Field, raw: Any, _today: date) -> Any:
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Refused("unreadable")
    text = clean_longtext(str(raw)) if field.type == "longtext" else clean_text_line(str(raw))
    limit = field.length or LENGTHS[field.type]
    if len(text) > limit:
        return Refused("too_long", {"seen": len(text), "limit": limit})
    return text or None


def _number(field: Field, raw: Any, _today: date) -> Any:
    typed = thai.to_arabic(_line(raw) or "").replace(" ", "")
    if not typed or not _NUMBER.fullmatch(typed) or not any(c.isdigit() for c in typed):
        return Refused("number")
    found = number(typed.replace(",", ""))
    if found is None:
        return Refused("number")
    shown = format(found.normalize(), "f")
    if len(shown.partition(".")[2]) > field.decimals:
        return Refused("decimals" if field.decimals else "whole", {"limit": field.decimals})
    return _between(field, found) or ("0" if found == 0 else shown)


def _between(field: Field, found: Decimal) -> Refused | None:
    if field.min is not None and found < Decimal(field.min):
        return Refused("too_small", {"limit": field.min})
    if field.max is not None and found > Decimal(field.max):
        return Refused("too_large", {"limit": field.max})
    return None


def _date(field: Field, raw: Any, today: date) -> Any:
    typed = raw.isoformat() if isinstance(raw, date) else _line(raw)
    read_date = thai.parse_date(typed, today) if typed else None
    if read_date is None or read_date.precision != "day" or not isinstance(read_date.value, date):
        return Refused("date")
    found = read_date.value.isoformat()
    if field.min and found < field.min:
        return Refused("too_early", {"limit": thai.format_date(date.fromisoformat(field.min))})
    if field.max and found > field.max:
        return Refused("too_late", {"limit": thai.format_date(date.fromisoformat(field.max))})
    return found


def _choice(field: Field, raw: Any, _today: date) -> Any:
    chosen = _line(raw)
    return chosen if chosen and field.option(chosen) else Refused("not_an_option")


def _choices(field: Field, raw: Any, _today: date) -> Any:
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    if not all(isinstance(one, str) and field.option(one) for one in given):
        return Refused("not_an_option")
    found = [option.value for option in field.options if option.value in given]  # each once, in the form's order
    if field.min and len(found) < int(field.min):
        return Refused("too_few", {"limit": field.min})
    if field.max and len(found) > int(field.max):
        return Refused("too_many", {"limit": field.max})
    return found


def _yes_no(_field: Field, raw: Any, _today: date) -> Any:
    if isinstance(raw, bool):
        return raw
    typed = (_line(raw) or "").lower()
    return True if typed in YES else False if typed in NO else Refused("yes_no")


def _person_id(_field: Field, raw: Any, _today: date) -> Any:
    found = thai.normalize_id(_line(raw) or "")
    if found is None:
        return Refused("id_length")
    return found if thai.is_national_id(found) else Refused("id_check")


def _phone(_field: Field, raw: Any, _today: date) -> Any:
    return thai.normalize_phone(_line(raw) or "") or Refused("phone")


def _address(_field: Field, raw: Any, _today: date) -> Any:
    if not isinstance(raw, Mapping):
        raw = {"note": raw}
    parts = {name: _line(raw.get(name)) or "" for name in ("house_no", "moo", "note")}
    if not any(parts.values()):
        return None
    moo = thai.to_arabic(parts["moo"]).lstrip("0")
    if parts["moo"] and not re.fullmatch(r"[1-9][0-9]?", moo):
        return Refused("moo")
    if not (parts["house_no"] or parts["note"]):
        return Refused("address")
    if len(parts["note"]) > LENGTHS["text"] or len(parts["house_no"]) > 40:
        return Refused("too_long", {"seen": max(map(len, parts.values())), "limit": LENGTHS["text"]})
    found = {"house_no": thai.to_arabic(parts["house_no"]), "moo": moo, "note": parts["note"]}
    return {name: value for name, value in found.items() if value}


def _point(_field: Field, raw: Any, _today: date) -> Any:
    if not isinstance(raw, Mapping):
        return Refused("point_half")
    ends = [_line(raw.get(name)) or "" for name in ("lon", "lat")]
    if not any(ends):
        return None
    if not all(ends):
        return Refused("point_half")
    lon, lat = (number(thai.to_arabic(end)) for end in ends)
    west, south, east, north = THAILAND
    if lon is None or lat is None or not (west <= lon <= east and south <= lat <= north):
        return Refused("point")
    return {"lon": round(float(lon), 7), "lat": round(float(lat), 7)}


def _files(field: Field, raw: Any, _today: date) -> Any:
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    limit = field.most or MOST_FILES
    if len(given) > limit:
        return Refused("too_many_files", {"limit": limit})
    found = [key for one in given if (key := _key(one))]
    return list(dict.fromkeys(found)) if len(found) == len(given) else Refused("files")


def _key(raw: Any) -> str | None:
    """A random key as its usual text."""
    try:
        return str(uuid.UUID(str(raw))) if len(str(raw)) <= 45 else None
    except ValueError:
        return None


def _house(_field: Field, raw: Any, _today: date) -> Any:
    """A key of the register, or a house code of 11 digits."""
    typed = _line(raw) or ""
    return _key(typed) or thai.normalize_house_code(typed) or Refused("house")


def _parcel(_field: Field, raw: Any, _today: date) -> Any:
    """A key of the register, or the number of a deed as it was typed."""
    typed = _line(raw)
    if not typed or len(typed) > 80:
        return Refused("unreadable")
    return _key(typed) or thai.to_arabic(typed)


Reader = Callable[[Field, Any, date], Any]
READERS: Mapping[str, Reader] = {
    "text": _text, "longtext": _text, "number": _number, "date": _date, "choice": _choice, "choices": _choices,
    "yes_no": _yes_no, "person_id": _person_id, "phone": _phone, "address": _address, "point": _point,
    "photo": _files, "file": _files, "house": _house, "parcel": _parcel,
}  # fmt: skip
