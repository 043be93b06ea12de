"""Addresses as people write them -> house number, moo, village, soi, road, tambon, district, province.

ม.บ. and หมู่บ้าน are the name of a housing estate or village, not a moo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from maehia.thai.data import load_yaml
from maehia.thai.text import clean_text


@dataclass(frozen=True, slots=True)
class Address:
    """Parts of an address; None where it says nothing. `rest` holds what could not be placed."""

    house_no: str | None = None
    moo: int | None = None
    village: str | None = None
    soi: str | None = None
    road: str | None = None
    tambon: str | None = None
    district: str | None = None
    province: str | None = None
    postcode: str | None = None
    rest: str | None = None


_NUMBER = r"[0-9]{1,5}(?:\s?[/\-]\s?[0-9]{1,5})*(?:\s?[ก-ฮA-Za-z](?![ก-๙A-Za-z0-9.]))?"
_HOUSE_NO = re.compile(_NUMBER)
_SPLIT_HOUSE_NO = re.compile(r"(?<![0-9/\-])[0-9]{1,5}(?:/[0-9]{1,5})+$")
_HOUSE_LABEL = re.compile(r"^(?:บ้านเลขที่|เลขที่บ้าน|เลขที่|บ้าน)\s*")
_DASH = re.compile(r"\s*[/\-]\s*")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
# What a spreadsheet makes of 12/5: 2026-05-12 00:00:00, 12-May, 12-พ.ค., May-12.
_EXCEL_DATE = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}(?![0-9/\-])|[0-9]{1,2}-(?:[A-Za-z]{3}\b|[ก-ฮเ][ก-๙]?\.?[ก-ฮ]\.)|[A-Za-z]{3}-[0-9]{2}\b"
)
_MOO = re.compile(r"[\s.]*([0-9]{1,2})(?![0-9/])")
_EDGE = " .,-;:/()\"'"
_NEW = "(?<![ก-๙])"  # no Thai letter before: a word begins here
# ตำบลบ้านใหม่ is a tambon, not the village ใหม่.
_NO_OFFICE = r"(?<!\.)(?<!\.\s)(?<!ตำบล\s)(?<!แขวง\s)(?<!อำเภอ\s)(?<!เขต\s)"
# The first letters of all markers; without this guard every position of the text tries every marker.
_STARTS = "(?=[บเลหมซถตแอขจกรMm1-9])"
_MARKER = re.compile(
    rf"{_STARTS}(?:(?P<number>บ้านเลขที่|เลขที่บ้าน|{_NEW}เลขที่)"
    rf"|(?P<village>หมู่บ้าน|{_NEW}ม\s?\.?\s?บ\s?\.|{_NEW}มบ(?=\s)|{_NEW}ม\.(?=\s?[ก-ฮเ-ไ])|{_NEW}{_NO_OFFICE}บ้าน(?=\s?[ก-ฮเ-ไ]))"
    rf"|(?P<moo>หมู่\s?ที่|หมู่(?=[\s.]*[0-9])|{_NEW}ม(?=[\s.]*[0-9])|{_NEW}[Mm](?i:oo)(?=[\s.]*[0-9]))"
    r"|(?P<soi>ซอย|(?<![.ก-๙])ซ\s?\.)"
    rf"|(?P<road>{_NEW}{_NO_OFFICE}ถนน|(?<!\.)ถ\s?\.)"
    r"|(?P<tambon>ตำบล|แขวง|(?<!\.)ต\s?\.)"
    rf"|(?P<district>อำเภอ|{_NEW}เขต|(?<!\.)อ\s?\.)"
    rf"|(?P<province>จังหวัด|(?<!\.)จ\s?\.|(?=กรุงเทพ(?:มหานคร|ฯ|[\s.]|$))|{_NEW}(?=กทม))"
    r"|(?P<postcode>รหัสไปรษณีย์|(?<=[^0-9/\-])(?=[1-9][0-9]{4}$)))"
)


@cache
def _provinces() -> dict[str, str]:
    """Every way to write a province -> its name. Two-letter forms count only behind จ."""
    rows = load_yaml("provinces.yaml")["provinces"]
    return {written: row["name"] for row in rows for written in (row["name"], *row["short"])}


@lru_cache(maxsize=1 << 16)
def normalize_house_no(text: str | None) -> str | None:
    """A house number as 123/4: digits, dashes, labels and leading zeros put right; None without one."""
    cleaned = clean_text(text)
    found = _HOUSE_NO.match(_HOUSE_LABEL.sub("", cleaned))
    if not found or _EXCEL_DATE.match(cleaned):
        return None
    number = _ZEROS.sub("", _DASH.sub("/", found.group())).replace(" ", "").upper()
    return None if number.strip("0/") == "" else number


class _Reader:
    """Collects the parts of one address; what has no place goes to `loose`."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.moo: int | None = None
        self.loose: list[str] = []

    def keep(self, kind: str, value: str) -> None:
        if value and kind not in self.parts:
            self.parts[kind] = value
        elif value:
            self.loose.append(value)

    def number(self, value: str) -> None:
        found = _HOUSE_NO.match(value)
        if found and "number" not in self.parts:
            self.parts["number"] = found.group()
            value = value[found.end() :]
        self.add_loose(value)

    def take_moo(self, value: str) -> None:
        found = _MOO.match(value)
        if found and self.moo is None and int(found[1]) > 0:
            self.moo = int(found[1])
            value = value[found.end() :]
        value = value.strip(_EDGE)
        if "number" not in self.parts:
            self.number(value)
        else:
            self.add_loose(value)

    def take_first_word(self, kind: str, value: str) -> None:
        word, _, after = value.strip(_EDGE).partition(" ")
        self.keep(kind, word.strip(_EDGE))
        self.add_loose(after)

    def take_phrase(self, kind: str, value: str) -> None:
        """A name of several words; 22/56 at its end is the house number, if none came before."""
        value = value.strip(_EDGE)
        if "number" not in self.parts and (found := _SPLIT_HOUSE_NO.search(value)) and found.start():
            self.parts["number"] = found.group()
            value = value[: found.start()].strip(_EDGE)
        self.keep(kind, value)

    def add_loose(self, value: str) -> None:
        if value := value.strip(_EDGE):
            self.loose.append(value)

    def take(self, kind: str, value: str) -> None:
        if kind == "moo":
            self.take_moo(value)
        elif kind == "number":
            self.number(value.strip(_EDGE))
        elif kind in ("village", "soi", "road"):
            self.take_phrase(kind, value)
        else:
            self.take_first_word(kind, value)


def _read(text: str) -> _Reader:
    reader = _Reader()
    kind, start = "number", 0
    for marker in _MARKER.finditer(text):
        reader.take(kind, text[start : marker.start()])
        kind, start = marker.lastgroup or "number", marker.end()
    reader.take(kind, text[start:])
    return reader


def _find_unmarked(reader: _Reader) -> None:
    """แม่เหียะ เมือง เชียงใหม่ without ต. อ. จ.: known by the province at the end."""
    parts = reader.parts
    in_village = not reader.loose and " " in parts.get("village", "")
    words = parts["village"].split() if in_village else " ".join(reader.loose[-1:]).split()
    if not words:
        return
    if "province" not in parts:
        name = _provinces().get(words[-1].rstrip("."))
        if name is None or (len(words[-1]) < 3 and not words[-1].endswith(".")):
            return
        parts["province"] = words.pop()
    elif not parts["province"].startswith("กทม") and not parts["province"].startswith("กรุงเทพ"):
        return
    for kind in ("district", "tambon"):
        if words and kind not in parts and not words[-1].isdigit():
            parts[kind] = words.pop().strip(_EDGE)
    _put_back(reader, words, in_village)


def _put_back(reader: _Reader, words: list[str], in_village: bool) -> None:
    """What is left of the words goes where it came from; without a village, บ้าน belonged to the tambon."""
    left = " ".join(words).strip(_EDGE)
    if not in_village:
        reader.loose[-1:] = [left] if left else []
    elif left:
        reader.parts["village"] = left
    else:
        del reader.parts["village"]
        reader.parts["tambon"] = f"บ้าน{reader.parts['tambon']}"


def _district(name: str | None, province: str | None) -> str | None:
    if name not in ("เมือง", "เมืองฯ") or not province or province == "กรุงเทพมหานคร":
        return name
    return f"เมือง{province}"


@lru_cache(maxsize=1 << 17)
def parse_address(text: str | None) -> Address:
    """The parts of an address as written in one cell. Raises nothing; unknown parts are None.

    `123/4 ม.5` -> house_no "123/4", moo 5; `22/56 ม.บ.ร่มโพธิ์` -> village "ร่มโพธิ์" and no moo.
    อ.เมือง gets its official name with the province: เมืองเชียงใหม่.
    """
    reader = _read(clean_text(text))
    _find_unmarked(reader)
    part = reader.parts.get
    written = part("province")
    province = _provinces().get(written.rstrip("."), written) if written else None
    rest = " ".join(piece for piece in reader.loose if piece)
    return Address(
        house_no=normalize_house_no(part("number")),
        moo=reader.moo,
        village=part("village"),
        soi=part("soi"),
        road=part("road"),
        tambon=part("tambon"),
        district=_district(part("district"), province),
        province=province,
        postcode=part("postcode"),
        rest=rest or None,
    )


def looks_like_excel_date(text: str | None) -> bool:
    """True for a house number that a spreadsheet has made a date (12/5 -> 12-May): it cannot be told back."""
    return _EXCEL_DATE.match(clean_text(text)) is not None


def format_address(address: Address) -> str:
    """The address in one line as in official letters, from the house number to the postcode."""
    bangkok = address.province == "กรุงเทพมหานคร"
    parts = (
        ("", address.house_no),
        ("หมู่ที่ ", address.moo),
        ("หมู่บ้าน", address.village),
        ("ซอย", address.soi),
        ("ถนน", address.road),
        ("แขวง" if bangkok else "ตำบล", address.tambon),
        ("เขต" if bangkok else "อำเภอ", address.district),
        ("" if bangkok else "จังหวัด", address.province),
        ("", address.postcode),
    )
    return " ".join(f"{label}{value}" for label, value in parts if value is not None)
