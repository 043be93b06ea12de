"""From a stored file to rows that could be applied. The file is read again at each step: nothing half-done is kept.

read -> map (by the confirmed mapping, else by a proposal) -> check -> batches of record values + problems.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from maehia.base import Problem, ProblemError
from maehia.city.queries import read_town
from maehia.evidence.actions import Batch, open_file
from maehia.evidence.models import AreaRecord, Delivery, PlaceCodeRecord
from maehia.intake.checking import Repair, TownFacts, check, joined
from maehia.intake.mapping import (
    Mapped,
    Mapping,
    Proposal,
    Question,
    apply_mapping,
    follow,
    layout_of,
    propose_for,
    sheets_for,
)
from maehia.intake.reading import Book, Sheet, read_file
from maehia.intake.recording import make_batches
from maehia.intake.sources import need_ground, role_of
from maehia.kit.crypto import blind_index

Words = Callable[[str], None]


def silent(_words: str) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class Prepared:
    """What a file would bring. `proposal` is set when a person must confirm the mapping first."""

    book: Book
    mapping: Mapping
    rows: int = 0
    good: int = 0
    batches: list[Batch] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    readings: pa.Table | None = None
    repairs: list[Repair] = field(default_factory=list)
    proposal: Proposal | None = None


def prepare(delivery: Delivery, say: Words = silent, *, confirmed: Mapping | None = None) -> Prepared:
    """Read, map and check the file of a delivery. Writes nothing.

    confirmed: the mapping that the officer just confirmed; else the delivery's own, else the source's remembered one,
    else a proposal that is sure of itself. Raises ProblemError when nothing can be taken from the file.
    """
    with open_file(delivery) as path:
        say("กำลังอ่านไฟล์")
        book = read_file(path, delivery.filename)
        if book.refused:
            raise ProblemError(book.problems[0] if book.problems else _nothing(delivery))
        mapping, proposal = mapping_for(delivery, book, confirmed)
        found = Prepared(book, mapping, proposal=proposal)
        if proposal is None:
            say("กำลังตรวจสอบทีละแถว")
            _take(delivery, sheets_for(book, mapping) or [main_sheet(book)], mapping, found)
    return found


def _nothing(delivery: Delivery) -> Problem:
    return Problem("nothing_to_read", "ไม่พบตารางข้อมูลในไฟล์นี้", delivery.filename, "ตรวจว่าส่งไฟล์ถูกต้อง")


def mapping_for(delivery: Delivery, book: Book, confirmed: Mapping | None) -> tuple[Mapping, Proposal | None]:
    """The mapping to use, and the proposal when a person must look at it first."""
    if confirmed is not None:
        return confirmed, None
    if delivery.mapping:
        return Mapping.from_dict(delivery.mapping), None
    remembered = Mapping.from_dict(delivery.source.mapping) if delivery.source.mapping else None
    sheet = main_sheet(book, remembered)
    proposal = propose_for(sheet, delivery.filename, delivery.source.kind, remembered)
    if remembered and _unlike(proposal, remembered):
        proposal = propose_for(sheet, delivery.filename, delivery.source.kind)
        proposal.questions.insert(0, OTHER_LAYOUT)
    mapping = proposal.mapping(sheet.header)
    if remembered:
        mapping = _as_agreed(mapping, remembered, proposal)
    return mapping, proposal if proposal.unsure else None


def _as_agreed(mapping: Mapping, remembered: Mapping, proposal: Proposal) -> Mapping:
    """What was agreed with the source beside its columns: coordinates, repairs, constants, what new columns do."""
    return replace(
        mapping, constants={**mapping.constants, **remembered.constants}, crs=remembered.crs, sheets=remembered.sheets,
        repairs=list(remembered.repairs), new_columns=remembered.new_columns,
        also=[follow(other, proposal.change) if proposal.change else other for other in remembered.also],
    )  # fmt: skip


# More than this share of the columns that were used before is gone: it is another list, or a new form of it.
UNLIKE = 0.5
OTHER_LAYOUT = Question(
    "other_layout", "คอลัมน์ส่วนใหญ่ของรอบก่อนไม่มีในไฟล์นี้ ตรวจว่าเลือกบัญชีถูกหรือไม่ ถ้าถูกแล้ว ให้ยืนยันความหมายของคอลัมน์ใหม่"
)


def _unlike(proposal: Proposal, remembered: Mapping) -> bool:
    """Whether the file has so little of the confirmed layout that asking column by column would only confuse."""
    gone = set(proposal.change.missing) & remembered.used if proposal.change else set()
    return len(gone) > UNLIKE * len(remembered.used)


def main_sheet(book: Book, mapping: Mapping | None = None) -> Sheet:
    """The sheet that the mapping is for, else the largest visible one."""
    fitting = sheets_for(book, mapping) if mapping else []
    visible = fitting or [sheet for sheet in book.sheets if not sheet.hidden] or book.sheets
    return max(visible, key=len)


def layout_dict(book: Book, mapping: Mapping) -> dict[str, Any]:
    """The layout as it is remembered with the source."""
    return {"columns": layout_of(main_sheet(book, mapping)).columns}


def row_secret(source: str) -> bytes:
    """The key under which row keys made of personal columns are hashed: steady for a source, of no use to others."""
    return blind_index("subject", f"intake.row_keys:{source}")


def _take(delivery: Delivery, sheets: list[Sheet], mapping: Mapping, found: Prepared) -> None:
    """Lay the mapping over the sheets and check them as one, so that a key repeated across sheets is seen."""
    secret = row_secret(delivery.source_id)
    laid = [apply_mapping(sheet, mapping, today=delivery.as_of, secret=secret) for sheet in sheets]
    found.rows = sum(len(sheet) for sheet in sheets)
    town = town_facts(delivery)
    _check(delivery, joined(laid), town, found)
    for parts in zip(*(one.also for one in laid), strict=True):
        _check(delivery, joined(parts), town, found)


def town_facts(delivery: Delivery) -> TownFacts:
    """What the checks may know of this town: from records, which stand there before the register does."""
    town = read_town()
    if town is None:
        return TownFacts(delivery.as_of)
    moos = AreaRecord.objects.current().filter(area_kind="moo").values_list("code", flat=True)
    tambons = dict(PlaceCodeRecord.objects.current().filter(level="tambon").values_list("code", "name_th"))
    return TownFacts(
        today=delivery.as_of,
        moos=tuple(sorted({int(code[-2:]) for code in moos if code[-2:].isdigit()})),
        place_codes=frozenset(tambons),
        place_names=tambons,
        outline=bytes(town.outline.wkb) if town.outline else None,
        code=town.tambon_codes[0] if len(town.tambon_codes) == 1 else "",
        name=town.name_th,
        area_km2=float(town.area_km2) if town.area_km2 else None,
    )


def _check(delivery: Delivery, mapped: Mapped, town: TownFacts, found: Prepared) -> None:
    checked = check(mapped, town)
    found.findings += checked.problems.to_pylist()
    found.good += checked.good.num_rows
    found.repairs += checked.repairs
    if mapped.kind == "reading":
        found.readings = checked.good
        return
    constants = {"role": role_of(delivery.source_id)} if mapped.kind == "person" else {}
    found.batches += make_batches(
        delivery.source_id, mapped.kind, checked.good.to_pylist(), as_of=delivery.as_of, constants=constants,
        need_ground=need_ground(delivery.source),
    )  # fmt: skip
