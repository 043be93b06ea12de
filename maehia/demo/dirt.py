"""Dirt as small functions: each takes a clean text and gives it back as a tired clerk would have typed it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from .dice import Dice
from .houses import DISTRICT, POSTCODE, PROVINCE, TAMBON, House

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT_MONTHS = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
]
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad")
TONES = "่้๊๋"
UPPER = "ิีึืั"
# Letters and endings that sound alike and are mixed up in writing.
_ALIKE = (
    ("ศิริ", "สิริ"),
    ("สิริ", "ศิริ"),
    ("พงษ์", "พงศ์"),
    ("พงศ์", "พงษ์"),
    ("วงศ์", "วงค์"),
    ("วงค์", "วงศ์"),
    ("พันธ์", "พันธุ์"),
    ("พันธุ์", "พันธ์"),
    ("ศักดิ์", "ศักดิ"),
    ("วรรณ", "วรรณ์"),
    ("รัตน์", "รัตน"),
    ("ลักษณ์", "ลักษ์"),
    ("จันทร์", "จันทน์"),
    ("ชัย", "ไชย"),
    ("ไชย", "ชัย"),
    ("ณัฐ", "ณัฎฐ"),
    ("ณัฐ", "นัฐ"),
    ("ธิดา", "ทิดา"),
    ("ญา", "ยา"),
    ("สุวรรณ", "สุวรรณ์"),
    ("ภรณ์", "ภรน์"),
    ("กาญจน", "กาญจณ"),
    ("ศ", "ส"),
    ("ณ", "น"),
    ("ภ", "พ"),
    ("ธ", "ท"),
    ("ฐ", "ถ"),
    ("ใ", "ไ"),
    ("ฤ", "รึ"),
    ("์", ""),
    ("ี", "ิ"),
    ("ู", "ุ"),
    ("รร", "ร"),
    ("ร", "ล"),
)


@dataclass
class Ledger:
    """What was dirtied: a count for each (source, class), and where, when `places` is wanted."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: list[tuple[str, str]] | None = None

    def note(self, source: str, kind: str, rec_id: str = "") -> None:
        self.counts[source, kind] += 1
        if self.places is not None and rec_id:
            self.places.append((rec_id, kind))

    def as_dict(self) -> dict[str, dict[str, int]]:
        out: dict[str, dict[str, int]] = {}
        for (source, kind), count in sorted(self.counts.items()):
            out.setdefault(source, {})[kind] = count
        return out


def respelled(dice: Dice, name: str) -> str:
    """Another spelling of the same sound; a slip of the keyboard where no pair of letters fits."""
    fitting = [pair for pair in _ALIKE if pair[0] in name]
    if not fitting:
        return slipped(dice, name)
    old, new = dice.pick(fitting)
    return name.replace(old, new, 1)


def slipped(dice: Dice, name: str) -> str:
    """One letter doubled or left out, never the first."""
    if len(name) < 4:
        return name + name[-1:]
    at = dice.between(2, len(name) - 2)
    if dice.chance(0.5) and name[at] not in "เ์ิีึืุูั็่้๊๋ำ":
        return name[:at] + name[at:][:1] + name[at:]
    return name[:at] + name[at + 1 :]


def id_slip(dice: Dice, nid: str) -> str:
    """One wrong digit (never the third: the check digit would not notice) or two neighbours swapped."""
    at = dice.pick((1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
    if at < 12 and nid[at] != nid[at + 1] and at != 2 and dice.chance(0.35):
        return nid[:at] + nid[at + 1] + nid[at] + nid[at + 2 :]
    return nid[:at] + str((int(nid[at]) + dice.between(1, 9)) % 10) + nid[at + 1 :]


def hidden_mark(dice: Dice, text: str) -> str:
    """A character that nobody sees, somewhere inside."""
    at = dice.between(1, max(1, len(text) - 1))
    return text[:at] + dice.pick(INVISIBLE) + text[at:]


def printed_id(form: str, nid: str) -> str:
    if form == "dash" and len(nid) == 13:
        return f"{nid[0]}-{nid[1:5]}-{nid[5:10]}-{nid[10:12]}-{nid[12]}"
    return f"{nid[0]} {nid[1:5]} {nid[5:10]} {nid[10:12]} {nid[12]}" if form == "space" and len(nid) == 13 else nid


def printed_phone(form: str, phone: str) -> str:
    if form == "dash":
        return f"{phone[:3]}-{phone[3:6]}-{phone[6:]}" if len(phone) == 10 else f"{phone[:3]}-{phone[3:]}"
    if form == "one_dash":
        return f"{phone[:3]}-{phone[3:]}"
    if form == "space":
        return f"{phone[:3]} {phone[3:6]} {phone[6:]}"
    if form == "country":
        return f"+66{phone[1:]}"
    return phone[1:] if form == "no_zero" else phone


def thai_year(day: date) -> int:
    """Year of the Buddhist era. Until 2483 it began on 1 April: January to March belonged to the year before."""
    return day.year + (542 if day.year <= 1940 and day.month <= 3 else 543)


def printed_date(form: str, day: date) -> str:
    """A day in one of the shapes of Thai offices; 'year' and 'year_zeros' keep the year only."""
    be, d, m = thai_year(day), day.day, day.month
    if form == "slash":
        return f"{d:02d}/{m:02d}/{be}"
    if form == "short_month":
        return f"{d} {SHORT_MONTHS[m - 1]} {be}"
    if form == "two_digit":
        return f"{d} {SHORT_MONTHS[m - 1]} {be % 100:02d}"
    if form == "long_month":
        return f"{d} {MONTHS[m - 1]} {be}"
    if form == "iso_be":
        return f"{be}-{m:02d}-{d:02d}"
    if form == "compact":
        return f"{be}{m:02d}{d:02d}"
    if form == "christian":
        return f"{day.year}-{m:02d}-{d:02d}"
    return f"{be}0000" if form == "year_zeros" else str(be)


def printed_address(form: str, house: House) -> str:
    """The address of a house of the town in one of eight shapes."""
    no, moo = house.house_no, house.moo
    if form == "moo_dot":
        return f"{no} ม.{moo}"
    if form == "glued":
        return f"{no}ม.{moo}"
    if form == "moo_word":
        return f"{no} หมู่ {moo} ต.{TAMBON}"
    if form == "dash":
        return f"{no.replace('/', '-')} หมู่{moo}"
    if form == "estate":
        return f"{no} ม.บ.{house.estate}"
    if form == "estate_moo":
        return f"{no} หมู่บ้าน{house.estate} หมู่ที่ {moo}"
    if form == "soi":
        return f"{no} ซ.{house.soi} ม.{moo} ต.{TAMBON}"
    return f"บ้านเลขที่ {no} หมู่ที่ {moo} ต.{TAMBON} อ.{DISTRICT.replace('เชียงใหม่', '')} จ.{PROVINCE} {POSTCODE}"


def address_form(dice: Dice, house: House) -> str:
    if house.estate and dice.chance(0.35):
        return "estate" if dice.chance(0.3) else "estate_moo"
    if house.soi and dice.chance(0.5):
        return "soi"
    return dice.pick(("moo_dot", "moo_dot", "moo_word", "moo_word", "glued", "dash", "long", "long"))
