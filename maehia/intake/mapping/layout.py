"""The layout of a source: noticed when it changes, so that nobody maps last year's columns onto this year's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from rapidfuzz.fuzz import ratio

from maehia.base import Problem
from maehia.intake.findings import Finding
from maehia.intake.mapping.mapping import Mapping
from maehia.intake.mapping.profiles import ColumnProfile, profile
from maehia.intake.reading.book import Sheet
from maehia.intake.words import bare

ALIKE = 0.55
TELLING = (
    "national_id", "id_13", "house_code", "phone", "titled_name", "address", "ltax", "lon", "lat", "datetime", "date",
    "title", "sex", "person_name", "number",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Headings in order, and the most telling shape of each ("" = plain text)."""

    columns: list[str]
    shapes: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same headings in the same order, whatever their spacing."""
        return sha256("\x1f".join(map(bare, self.columns)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """What differs. renamed: (old heading, new heading, likeness 0-1)."""

    renamed: list[tuple[str, str, float]] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    reordered: bool = False

    @property
    def same(self) -> bool:
        """Nothing a mapping by heading would notice."""
        return not (self.renamed or self.new or self.missing)


def layout_of(sheet: Sheet, profiles: Sequence[ColumnProfile] | None = None) -> Layout:
    found = profiles or profile(sheet)
    return Layout(list(sheet.header), {column.name: _telling(column) for column in found})


def _telling(column: ColumnProfile) -> str:
    return next((shape for shape in TELLING if column.share(shape) >= 0.6), "")


def compare_layout(old: Layout, new: Layout) -> LayoutChange:
    """Renamed, new and missing columns. A heading that differs in spacing or punctuation only is no change."""
    before = {bare(name): name for name in old.columns}
    after = {bare(name): name for name in new.columns}
    gone = [name for word, name in before.items() if word not in after]
    come = [name for word, name in after.items() if word not in before]
    likely = sorted(
        ((_likeness(old, new, a, b), a, b) for a in gone for b in come), key=lambda pair: (-pair[0], pair[1], pair[2])
    )
    renamed: list[tuple[str, str, float]] = []
    for score, a, b in likely:
        if score >= ALIKE and a in gone and b in come:
            renamed.append((a, b, round(score, 2)))
            gone.remove(a)
            come.remove(b)
    kept_before = [word for word in before if word in after]
    kept_after = [word for word in after if word in before]
    return LayoutChange(renamed, come, gone, kept_before != kept_after)


def _likeness(old: Layout, new: Layout, a: str, b: str) -> float:
    """Words count half, the shape of the values and the place in the table the rest."""
    shape = old.shapes.get(a, "")
    same_shape = 0.35 if shape and shape == new.shapes.get(b, "") else 0.0
    place = 0.15 if abs(old.columns.index(a) - new.columns.index(b)) <= 1 else 0.0
    return 0.5 * ratio(bare(a), bare(b)) / 100 + same_shape + place


def follow(mapping: Mapping, change: LayoutChange) -> Mapping:
    """The mapping with renamed headings replaced; columns that are gone are left out."""
    names = {a: b for a, b, _ in change.renamed}
    fields: dict[str, str | list[str]] = {}
    for name in mapping.fields:
        headings = [names.get(h, h) for h in mapping.columns_of(name) if h not in change.missing]
        if headings:
            fields[name] = headings if len(headings) > 1 else headings[0]
    return replace(mapping, fields=fields, also=[follow(other, change) for other in mapping.also])


def layout_problems(change: LayoutChange, mapping: Mapping, where: str = "") -> list[Problem]:
    """What must be asked before the file is taken with this mapping. Empty = the layout is the one we know."""
    used = mapping.used
    asked = [
        Problem("column_renamed", f"คอลัมน์ “{a}” ครั้งก่อน น่าจะเป็น “{b}” ในไฟล์นี้", where, "ยืนยันหรือเลือกคอลัมน์ใหม่ในหน้าตรวจ")
        for a, b, _ in change.renamed
    ]
    asked += [
        Problem("column_missing", f"ไฟล์นี้ไม่มีคอลัมน์ “{name}” ที่ครั้งก่อนใช้นำเข้า", where, "ตรวจว่าส่งไฟล์ถูก หรือยืนยันว่าไม่มีข้อมูลนี้แล้ว")
        for name in change.missing
        if name in used
    ]
    return asked + [_about_new(name, mapping, where) for name in change.new if mapping.new_columns != "discard"]


def _about_new(name: str, mapping: Mapping, where: str) -> Problem:
    if mapping.new_columns == "freeze":
        what = f"มีคอลัมน์ใหม่ “{name}” ซึ่งแหล่งข้อมูลนี้ตกลงไว้ว่าไม่รับโดยไม่ตรวจ ไฟล์นี้จึงรอการตัดสินใจ"
        return Problem("new_column_frozen", what, where, "เลือกว่าจะรับหรือไม่รับคอลัมน์นี้ แล้วส่งต่อ")
    return Problem("new_column", f"มีคอลัมน์ใหม่ “{name}” ที่ยังไม่ได้จับคู่ แถวอื่นนำเข้าตามเดิม", where, "เลือกว่าจะรับคอลัมน์นี้หรือไม่")


def discarded(change: LayoutChange, mapping: Mapping, sheet: str) -> list[Finding]:
    """New columns left out by the source's contract are still told, as notes."""
    if mapping.new_columns != "discard":
        return []
    what = "คอลัมน์ใหม่นี้ไม่นำเข้า ตามที่ตกลงไว้กับแหล่งข้อมูล"
    return [Finding(sheet, None, name, "new_column_discarded", what, "", "note") for name in change.new]
