"""How clerks, volunteers and spreadsheets spoil a value. Every function is a pure function of its generator."""

from __future__ import annotations

from datetime import date
from random import Random

SOUND_TWINS = ["สศษ", "นณ", "ทธฑฒ", "พภ", "ยญ", "ใไ", "รล", "ขค", "ตฏ", "ิี", "ุู", "ดฎ", "ชซ"]
MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
FULL_MONTHS = [
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
MARKS = "่้๊๋์็"


def thai_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def _twin(rng: Random, text: str) -> str:
    spots = [(i, g) for i, ch in enumerate(text) for g in SOUND_TWINS if ch in g]
    if not spots:
        return text
    i, group = rng.choice(spots)
    return text[:i] + rng.choice([c for c in group if c != text[i]]) + text[i + 1 :]


def _drop_mark(rng: Random, text: str) -> str:
    spots = [i for i, ch in enumerate(text) if ch in MARKS]
    if not spots:
        return _twin(rng, text)
    i = rng.choice(spots)
    # The killed letter often goes with its mark: จันทร์ -> จันท.
    start = i - 1 if text[i] == "์" and rng.random() < 0.5 else i
    return text[:start] + text[i + 1 :]


def typo(rng: Random, text: str) -> str:
    """One misspelling: by sound, by a lost mark, or by the keyboard."""
    if len(text) < 2:
        return text
    kind = rng.random()
    if kind < 0.4:
        return _twin(rng, text)
    if kind < 0.65:
        return _drop_mark(rng, text)
    i = rng.randrange(len(text) - 1)
    if kind < 0.75:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if kind < 0.9:
        return text[:i] + text[i + 1 :]
    return text[:i] + rng.choice("กนรมาเยบ") + text[i + 1 :]


def digit_slip(rng: Random, text: str) -> str:
    """One wrong digit or two neighbours swapped."""
    spots = [i for i, ch in enumerate(text) if ch.isdigit()]
    if len(spots) < 2:
        return text
    i = rng.choice(spots[:-1])
    if rng.random() < 0.4 and text[i + 1].isdigit():
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + rng.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :]


def unseen(rng: Random, text: str) -> str:
    """Dirt that a person does not see: zero-width marks, a taken-apart ำ, doubled blanks, two เ for แ."""
    kind = rng.randrange(4)
    if kind == 0 and len(text) > 2:
        return text[:2] + "\u200b" + text[2:]
    if kind == 1:
        return text.replace("ำ", "ํา").replace("แ", "เเ")
    if kind == 2:
        return " " + text.replace(" ", "  ") + " "
    return text + " "


def write_id(rng: Random, nid: str) -> str:
    style = rng.random()
    if style < 0.6:
        return nid
    if style < 0.9:
        return f"{nid[0]}-{nid[1:5]}-{nid[5:10]}-{nid[10:12]}-{nid[12]}"
    return thai_digits(nid) if style < 0.95 else f" {nid[0]} {nid[1:5]} {nid[5:10]} {nid[10:12]} {nid[12]}"


def write_phone(rng: Random, phone: str) -> str:
    style = rng.random()
    if style < 0.5:
        return phone
    if style < 0.8:
        return f"{phone[:3]}-{phone[3:]}"
    return phone[1:] if style < 0.9 else "+66" + phone[1:]


def write_date(rng: Random, day: date, style: str) -> str:
    be = day.year + 543
    forms = {
        "iso": f"{day:%Y-%m-%d}",
        "iso_be": f"{be}-{day:%m-%d}",
        "slash": f"{day.day}/{day.month}/{be}",
        "slash0": f"{day:%d/%m}/{be}",
        "thai": f"{day.day} {MONTHS[day.month - 1]} {be}",
        "thai2": f"{day.day} {MONTHS[day.month - 1]} {be % 100:02d}",
        "long": f"{day.day} {FULL_MONTHS[day.month - 1]} {be}",
        "digits": thai_digits(f"{day.day}/{day.month}/{be}"),
        "year": str(be),
        "stamp": f"{day:%Y-%m-%d} 00:00:00",
        "packed": f"{be}0000",
    }
    return forms[style]


def write_address(rng: Random, no: str, moo: int, village: str, style: int) -> str:
    forms = (
        f"{no} ม.{moo}",
        f"{no} หมู่ {moo}",
        f"บ้านเลขที่ {no} หมู่ที่ {moo} ต.แม่เหียะ อ.เมือง จ.เชียงใหม่",
        f"{no} ม.{moo} ต.แม่เหียะ",
        thai_digits(f"{no} หมู่ {moo}"),
        f"{no}ม.{moo}",
        f"{no} หมู่ {moo} หมู่บ้าน{village}" if village else f"{no} หมู่ที่ {moo}",
        f"{no} ม.บ.{village}" if village else no,
    )
    return forms[style]
