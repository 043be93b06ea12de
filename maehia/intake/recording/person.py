"""A row that speaks of a person -> the values of a person record and of its needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from maehia.intake.recording import values as v
from maehia.thai import (
    id_holders,
    is_organisation,
    normalize_house_code,
    normalize_house_no,
    normalize_id,
    normalize_phone,
    parse_address,
    parse_name,
    parse_title,
    to_arabic,
)

_SEX = {
    "ช": "M",
    "ชาย": "M",
    "m": "M",
    "male": "M",
    "1": "M",
    "ญ": "F",
    "หญิง": "F",
    "f": "F",
    "female": "F",
    "2": "F",
}
_SPLIT = re.compile(r"[,;/、+]|\s{2,}")


def names_organisation(name: str, national_id: str | None) -> bool:
    """Whether a list of people names a company, a temple or an office: kept as evidence, never linked as a person."""
    return is_organisation(name) or bool(national_id and "juristic" in id_holders(national_id) and not name)


def person_values(row: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Values of `PersonRecord` from canonical cells. `as_of` is the day of the list (for two-digit years)."""
    said: dict[str, Any] = {
        "role": v.text(row.get("role")) or "resident",
        "national_id": normalize_id(v.text(row.get("national_id"))) or None,
        "phone": normalize_phone(v.text(row.get("phone"))) or None,
        "mother_id": normalize_id(v.text(row.get("mother_id"))) or None,
        "amount_baht": v.decimal(row.get("amount_baht")),
    }
    for name in (
        "nationality",
        "status",
        "household_no",
        "relation",
        "account_no",
        "benefit",
        "about_kind",
        "about_ref",
    ):
        said[name] = v.text(row.get(name))
    for name in ("moved_in", "moved_out", "died"):
        said[name] = v.day(row.get(name), as_of)
    said |= _names(row)
    if names_organisation(said["full_name"], said["national_id"]):
        said["role"] = "organisation"
    said |= _birth(row.get("birth"), as_of)
    said["sex"] = _sex(row.get("sex"), said["title"])
    said |= address_values(row)
    return said


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    title, first, last, full = (v.text(row.get(n)) for n in ("title", "first_name", "last_name", "full_name"))
    if full and not first:
        name = parse_name(full)
        first, last = name.first or "", last or name.last or ""
        return {"title": title or name.title or "", "first_name": first, "last_name": last, "full_name": full}
    whole = f"{title}{first} {last}".strip()
    glued = parse_name(f"{first} {last}") if not title else None
    if glued and glued.title:
        title, first, last = glued.title, glued.first or "", glued.last or last
    known = parse_title(title).text if title else ""
    return {"title": known or title, "first_name": first, "last_name": last, "full_name": full or whole}


def _birth(value: Any, as_of: date) -> dict[str, Any]:
    found = v.dated(value, as_of)
    said = {"birth": None, "birth_precision": "", "birth_text": v.text(value)[:40]}
    return said | {"birth": found.value, "birth_precision": found.precision} if found else said


def _sex(value: Any, title: str) -> str:
    return _SEX.get(v.text(value).lower()) or (parse_title(title).sex if title else None) or ""


def address_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """house_no, moo, village, house_code and the address as written; own columns win over the parsed text."""
    written = v.text(row.get("address"))
    found = parse_address(written) if written else None
    moo = v.whole(re.sub(r"\D", "", to_arabic(v.text(row.get("moo")))))
    return {
        "address": written,
        "house_no": normalize_house_no(v.text(row.get("house_no"))) or (found.house_no if found else None) or "",
        "moo": moo if moo is not None else (found.moo if found else None),
        "village": v.text(row.get("village")) or (found.village if found else None) or "",
        "house_code": normalize_house_code(v.text(row.get("house_code"))) or "",
    }


def need_rows(row: Mapping[str, Any], person_ref: str, ground: str) -> list[dict[str, Any]]:
    """One row per need that the cell names; without a legal ground none is kept."""
    cell = v.text(row.get("need_kinds"))
    if not cell or not ground:
        return []
    kinds = [kind for part in _SPLIT.split(cell) if (kind := need_kind(part))]
    return [
        {"ref": f"{person_ref}/need/{kind}", "person_ref": person_ref, "need_kind": kind, "ground": ground,
         "level": v.text(row.get("need_level")), "note": v.text(row.get("need_note")) or None}
        for kind in dict.fromkeys(kinds)
    ]  # fmt: skip


def need_kind(word: str) -> str:
    """The kind of need behind a word of a list; an unknown word is kept as "other"; "no need" gives ""."""
    plain = word.strip().lower()
    if not plain or plain in v.NO or plain in {"ปกติ", "ไม่มีความต้องการพิเศษ", "none"}:
        return ""
    for kind, words in NEED_WORDS.items():
        if plain == kind or any(part in plain for part in words):
            return kind
    return "other"


# Order matters: the narrower word first. The kinds are what a responder must prepare for, not a diagnosis.
NEED_WORDS: dict[str, tuple[str, ...]] = {
    "bedridden": ("ติดเตียง", "bedridden"),
    "homebound": ("ติดบ้าน", "homebound"),
    "oxygen": ("ออกซิเจน", "oxygen", "เครื่องช่วยหายใจ"),
    "dialysis": ("ฟอกไต", "ล้างไต", "dialysis"),
    "wheelchair": ("รถเข็น", "เคลื่อนไหว", "ร่างกาย", "wheelchair", "mobility"),
    "blind": ("มองเห็น", "ตาบอด", "สายตา", "blind", "visual"),
    "deaf": ("ได้ยิน", "หูหนวก", "สื่อความหมาย", "deaf", "hearing"),
    "mental": ("จิตใจ", "จิตเวช", "พฤติกรรม", "mental"),
    "intellectual": ("สติปัญญา", "intellectual"),
    "learning": ("การเรียนรู้", "learning"),
    "autism": ("ออทิส", "autis"),
    "dementia": ("สมองเสื่อม", "หลงลืม", "dementia"),
    "pregnant": ("ตั้งครรภ์", "pregnan"),
    "infant": ("ทารก", "เด็กเล็ก", "infant"),
    "alone": ("อยู่คนเดียว", "อยู่ลำพัง", "ตามลำพัง", "alone"),
    "chronic": ("โรคเรื้อรัง", "ยาต่อเนื่อง", "chronic"),
    "disability": ("พิการ", "disab"),
}
