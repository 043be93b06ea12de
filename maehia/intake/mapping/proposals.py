"""A proposed mapping: by the words above the columns, by what the cells look like, and by what was confirmed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from maehia.intake.mapping.layout import Layout, LayoutChange, compare_layout, follow
from maehia.intake.mapping.mapping import Mapping
from maehia.intake.mapping.matching import Match, match_columns, match_parts
from maehia.intake.mapping.profiles import ColumnProfile
from maehia.intake.words import Kind, bare, forms, kinds, words

NEEDS_SHAPE = {"road", "waterway", "area", "building"}
KEY_FILLED = 0.97
# Share of different values that a key needs: a number made for the list may repeat by mistake, a person by right.
KEY_DISTINCT = {"ext_id": 0.8, "account_no": 0.9, "license_no": 0.9}


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can say. options: (value, Thai label), the proposed one first."""

    code: str
    text: str
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Proposal:
    """kind, fields and transforms as in `Mapping`; confidence 0-1 per canonical column and overall.

    unmapped: headings that hold values and go nowhere. unsure: True = a person must look before it is used.
    """

    kind: str
    fields: dict[str, str | list[str]]
    transforms: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    confidence: float = 0.0
    field_confidence: dict[str, float] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    change: LayoutChange | None = None
    base: Mapping | None = None

    @property
    def unsure(self) -> bool:
        return self.confidence < 0.6 or bool(self.questions)

    def mapping(self, layout: Sequence[str] = ()) -> Mapping:
        """The proposal as a mapping, to be confirmed; settled coordinates, repairs and contracts stay."""
        mapping = replace(self.base) if self.base else Mapping(self.kind, {})
        mapping.kind, mapping.fields, mapping.constants = self.kind, dict(self.fields), dict(self.constants)
        mapping.key, mapping.transforms, mapping.layout = list(self.key), dict(self.transforms), list(layout)
        return mapping


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the columns: geometry types of the layer, and names (file, sheet, titles) that may hint."""

    geometry: Sequence[str] = ()
    names: Sequence[str] = ()


def propose(
    profiles: Sequence[ColumnProfile],
    kind: str | None = None,
    remembered: Mapping | None = None,
    around: Around | None = None,
) -> Proposal:
    """The best mapping for these columns.

    remembered: what was confirmed for this source; it is used again, and a changed layout becomes questions.
    """
    if remembered is not None:
        return _again(profiles, remembered)
    known = _known_layout(profiles)
    if known and kind in {None, known.kind}:
        return known
    place = around or Around()
    tried = [_for_kind(profiles, kinds()[name], place) for name in ([kind] if kind else kinds())]
    tried.sort(key=lambda pair: -pair[0])
    best = tried[0][1]
    margin = tried[0][0] - tried[1][0] if len(tried) > 1 else tried[0][0]
    if len(tried) > 1 and margin < 1.0:
        options = [(found.kind, kinds()[found.kind].label) for _, found in tried[:3]]
        best.questions.insert(0, Question("which_kind", "ไฟล์นี้เป็นรายการของอะไร", options))
    best.confidence = round(min(best.confidence, 0.5 + margin / 8), 2)
    return best


def _for_kind(profiles: Sequence[ColumnProfile], kind: Kind, around: Around) -> tuple[float, Proposal]:
    parts = match_parts(profiles, kind)
    taken = {heading for headings in parts.values() for heading in headings}
    rest = [column for column in profiles if column.name not in taken]
    matches = match_columns(rest, kind, skip=set(parts))
    fields: dict[str, str | list[str]] = {match.field: match.column.name for match in matches}
    fields |= parts
    scores = {match.field: round(match.score, 2) for match in matches} | dict.fromkeys(parts, 0.9)
    used = taken | {match.column.name for match in matches}
    proposal = Proposal(kind.name, fields, field_confidence=scores)
    proposal.unmapped = [
        c.name for c in profiles if c.filled and c.name not in used and bare(c.name) not in words().ignored
    ]
    proposal.confidence = sum(scores.values()) / len(scores) if scores else 0.0
    proposal.key = _key(profiles, kind, fields)
    proposal.transforms, proposal.questions = _details(matches)
    proposal.questions += [_missing(group, kind) for group in _unmet(proposal, kind, around)]
    return _strength(proposal, kind, around, profiles), proposal


def _strength(proposal: Proposal, kind: Kind, around: Around, profiles: Sequence[ColumnProfile]) -> float:
    """How well a kind explains the table: its telling columns, the share of columns used, geometry, names, needs."""
    signs = sum(weight * proposal.field_confidence.get(name, 0.0) for name, weight in kind.signs.items())
    filled = [column for column in profiles if column.filled]
    cover = 1 - len(proposal.unmapped) / max(1, len(filled))
    missing = len(_unmet(proposal, kind, around))
    own = sum(1 for column in filled if set(forms(column.name)) & words().only(kind.name))
    hint = any(word in bare(name) for name in around.names for word in map(bare, kind.hints))
    return signs + 4 * cover + own + 2.5 * hint - 6 * missing + _shape_score(kind, around)


def _unmet(proposal: Proposal, kind: Kind, around: Around) -> list[list[str]]:
    """Groups of columns of which the kind needs one and the table has none."""
    have = set(proposal.fields) | ({"geometry"} if around.geometry else set())
    return [group for group in kind.needs if not have & set(group)]


def _missing(group: Sequence[str], kind: Kind) -> Question:
    names = " หรือ ".join(group)
    return Question("need_missing", f"ไม่พบคอลัมน์ {names} ซึ่งรายการ{kind.label}ต้องมี โปรดเลือกคอลัมน์")


def _shape_score(kind: Kind, around: Around) -> float:
    if not around.geometry:
        return -3.0 if kind.name in NEEDS_SHAPE else 0.0
    if not kind.geometry:
        return -6.0
    fits = sum(1 for name in around.geometry if name in kind.geometry) / len(around.geometry)
    return 3.0 * fits - 4.0 * (1 - fits)


def _key(profiles: Sequence[ColumnProfile], kind: Kind, fields: dict[str, str | list[str]]) -> list[str]:
    """The first set of key columns that is filled and, as far as the columns tell, unique."""
    by_name = {column.name: column for column in profiles}
    for names in kind.key:
        if not all(isinstance(fields.get(name), str) for name in names):
            continue
        columns = [by_name[str(fields[name])] for name in names]
        filled = min(column.filled / max(1, column.rows) for column in columns)
        distinct = max(column.distinct / max(1, column.filled) for column in columns)
        # Whether several columns are unique together is not known here; the check of duplicates says so later.
        unique = len(names) > 1 or distinct >= KEY_DISTINCT.get(names[0], 0.98)
        if filled >= KEY_FILLED and unique and not any(column.ruined for column in columns):
            return list(names)
    return []


def _details(matches: Sequence[Match]) -> tuple[dict[str, str], list[Question]]:
    """Transforms that the values ask for, and what must be asked."""
    transforms: dict[str, str] = {}
    questions: list[Question] = []
    for match in matches:
        column = match.column
        if match.type == "date" and column.share("excel_day") > 0.9 and column.share("date") < 0.1:
            transforms[match.field] = "excel_serial"
        if match.type in {"national_id", "owner_id"} and column.ruined:
            what = f"คอลัมน์ “{column.name}” ถูกโปรแกรมตารางทำเลข 13 หลักเสียเป็นแบบ 3.1E+12 จะไม่นำเข้าคอลัมน์นี้"
            questions.append(Question("excel_float", what, [("refuse", "ไม่นำเข้าคอลัมน์นี้")]))
        if match.type in {"lon", "lat"} and max(column.share("east_m"), column.share("north_m")) > 0.9:
            questions.append(Question("crs_unknown", f"พิกัดในคอลัมน์ “{column.name}” เป็นเมตร ต้องเลือกระบบพิกัด"))
    return transforms, questions


def _known_layout(profiles: Sequence[ColumnProfile]) -> Proposal | None:
    by_word = {bare(column.name): column.name for column in profiles}
    for layout in words().layouts:
        if all(bare(heading) in by_word for heading in layout["when"]):
            fields = {name: by_word[bare(h)] for name, h in layout["fields"].items() if bare(h) in by_word}
            used = set(fields.values())
            rest = [c.name for c in profiles if c.filled and c.name not in used and bare(c.name) not in words().ignored]
            sure = dict.fromkeys(fields, 1.0)
            return Proposal(
                layout["kind"], dict(fields), constants=dict(layout.get("constants", {})), key=["code"], confidence=1.0,
                field_confidence=sure, unmapped=rest,
            )  # fmt: skip
    return None


def _again(profiles: Sequence[ColumnProfile], remembered: Mapping) -> Proposal:
    """The confirmed mapping for a new file; with questions when the layout is not the confirmed one."""
    new = Layout([column.name for column in profiles], {})
    old = Layout(remembered.layout or sorted(remembered.used), {})
    change = compare_layout(old, new)
    mapping = remembered if change.same else follow(remembered, change)
    mapping = _spelled(mapping, new)
    proposal = Proposal(mapping.kind, dict(mapping.fields), dict(mapping.transforms), dict(mapping.constants),
                        list(mapping.key), confidence=1.0, change=change, base=mapping)  # fmt: skip
    proposal.field_confidence = dict.fromkeys(mapping.fields, 1.0)
    proposal.unmapped = [name for name in change.new if bare(name) not in words().ignored]
    for a, b, likeness in change.renamed:
        if a in remembered.used:
            options = [(b, b), ("", "ไม่มีคอลัมน์นี้แล้ว")]
            proposal.questions.append(Question("column_renamed", f"คอลัมน์ “{a}” ครั้งก่อน คือ “{b}” ใช่หรือไม่", options))
            proposal.confidence = min(proposal.confidence, likeness)
    for name in change.missing:
        if name in remembered.used:
            proposal.questions.append(Question("column_missing", f"ไฟล์นี้ไม่มีคอลัมน์ “{name}” ที่เคยใช้"))
            proposal.confidence = min(proposal.confidence, 0.5)
    for name in proposal.unmapped if remembered.new_columns != "discard" else []:
        proposal.questions.append(Question("new_column", f"มีคอลัมน์ใหม่ “{name}” จะรับหรือไม่", [("", "ไม่รับ")]))
    return proposal


def _spelled(mapping: Mapping, layout: Layout) -> Mapping:
    """Headings as this file spells them (spaces and punctuation may differ)."""
    by_word = {bare(name): name for name in layout.columns}
    fields: dict[str, str | list[str]] = {}
    for name in mapping.fields:
        headings = [by_word.get(bare(h), h) for h in mapping.columns_of(name)]
        fields[name] = headings if len(headings) > 1 else headings[0]
    return replace(mapping, fields=fields)
