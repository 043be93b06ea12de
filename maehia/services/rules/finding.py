"""Finding a category by the words of a citizen: inside words, past tone-mark slips, by common synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz

from maehia.thai import clean_text

# Groups of words that people use for one thing; the first one is looked for where any of them was typed.
SYNONYMS = (
    ("ไฟถนน", "ไฟทาง", "ไฟส่องสว่าง", "ไฟสาธารณะ", "ไฟริมทาง", "ไฟกิ่ง", "โคมไฟ", "หลอดไฟ", "เสาไฟ", "ไฟดับ", "ไฟเสีย"),
    ("ถนน", "ทางหลวง", "ผิวจราจร", "หลุมบ่อ", "ถนนพัง", "ถนนเป็นหลุม"),
    ("ทางเท้า", "ฟุตบาท", "ฟุตปาธ", "บาทวิถี"),
    ("ท่อระบายน้ำ", "ท่อตัน", "ฝาท่อ", "รางระบายน้ำ", "บ่อพัก", "ร่องน้ำ"),
    ("น้ำท่วม", "น้ำขัง", "น้ำรอระบาย", "น้ำเอ่อ"),
    ("ขยะ", "ถังขยะ", "รถขยะ", "ของเสีย", "เศษวัสดุ"),
    ("หมา", "สุนัข", "หมาจร", "หมาดุ"),
    ("เผา", "เผาขยะ", "เผาหญ้า", "เผาป่า", "เผาไร่"),
    ("ควัน", "ฝุ่น", "หมอกควัน", "pm2.5", "พีเอ็ม"),
    ("ยุง", "ยุงลาย", "ไข้เลือดออก", "ลูกน้ำ", "พ่นยา"),
    ("กล้องวงจรปิด", "cctv", "กล้อง"),
    ("น้ำประปา", "น้ำไม่ไหล", "ประปา", "ท่อแตก"),
)
TONES = re.compile("[่้๊๋็์]")
GOOD, SLIP = 100.0, 78.0  # of 100: what a sure hit gets, and how near a misspelt word must be
SHORTEST = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found. names weigh most, then keywords, then the description."""

    code: str
    names: Sequence[str]
    keywords: Sequence[str] = ()
    text: str = ""


def fold(text: str) -> str:
    """A text as it is compared: one form, small letters, no tone marks, no blanks."""
    return TONES.sub("", clean_text(text).casefold()).replace(" ", "")


SAME = tuple(tuple(fold(word) for word in group) for group in SYNONYMS)


def find(typed: str, entries: Iterable[Entry]) -> list[str]:
    """Codes of the entries that fit what was typed, the best first; none for less than two letters."""
    asked = fold(typed)[:200]
    if len(asked) < SHORTEST:
        return []
    wanted = widened(asked)
    scored = [(_score(asked, wanted, entry), place, entry.code) for place, entry in enumerate(entries)]
    return [code for score, _, code in sorted(scored, key=lambda row: (-row[0], row[1])) if score > 0]


def widened(asked: str) -> set[str]:
    """The folded text and the synonyms of every word that it holds."""
    return {asked}.union(*(group for group in SAME if any(word in asked for word in group)))


def _score(asked: str, wanted: set[str], entry: Entry) -> float:
    names, words = [fold(name) for name in entry.names], [fold(word) for word in entry.keywords]
    if any(asked in name for name in names):
        return GOOD + 30
    # A keyword inside a whole sentence, or what was typed inside a keyword. Longer words say more.
    said = [word for word in words + names if len(word) > SHORTEST and word in asked]
    if said:
        return GOOD + min(max(map(len, said)), 20)
    if any(asked in word for word in words) or wanted & set(words) or any(w in n for w in wanted for n in names):
        return GOOD
    if asked in fold(entry.text):
        return GOOD - 10
    near = max((fuzz.ratio(asked, word) for word in words + names), default=0.0)
    return near - 20 if near >= SLIP else 0.0
