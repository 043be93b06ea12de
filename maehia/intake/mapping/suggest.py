"""The shortest way from a read sheet to a proposal, with all that stands around the table."""

from __future__ import annotations

import re
from datetime import date

import shapely

from maehia.intake.mapping.mapping import Mapping
from maehia.intake.mapping.profiles import profile
from maehia.intake.mapping.proposals import Around, Proposal, Question, propose
from maehia.intake.reading.book import Sheet
from maehia.intake.reading.crs import choices
from maehia.thai import parse_date

AS_OF = re.compile(
    r"(?:ณ\s*วันที่|ณ\s*วัน|ณ|ประจำวันที่|ปรับปรุงล่าสุด|ปรับปรุงเมื่อ(?:วันที่)?|as of)\s*([\d๐-๙]{1,2}[^,)\]]{3,25}?[\d๐-๙]{2,4})"
)


def about_sheet(sheet: Sheet, filename: str = "") -> Around:
    """Geometry types of the layer and the names around the table."""
    types: list[str] = []
    if sheet.geometry is not None:
        shapes = shapely.from_wkb(sheet.geometry.slice(0, 500).to_pylist(), on_invalid="ignore")
        types = [shape.geom_type for shape in shapes if shape is not None]
    return Around(types, [filename, sheet.name, *sheet.titles])


def propose_for(
    sheet: Sheet, filename: str = "", kind: str | None = None, remembered: Mapping | None = None
) -> Proposal:
    """Profile a sheet and propose a mapping; unsure coordinates become a question with their choices."""
    proposal = propose(profile(sheet), kind, remembered, about_sheet(sheet, filename))
    if sheet.crs and not sheet.crs.certain and not (remembered and remembered.crs):
        codes = dict.fromkeys(key.partition("#")[0] for key in sheet.crs.candidates)
        options = [(choice.key, choice.label) for code in codes for choice in choices(code)]
        proposal.questions.append(Question("crs_unknown", sheet.crs.reason, options))
    return proposal


def as_of(sheet: Sheet, today: date | None = None) -> date | None:
    """The day that the titles give for the list ("ข้อมูล ณ วันที่ 30 กันยายน 2567"), or None."""
    for title in sheet.titles:
        for text in AS_OF.findall(title):
            if found := parse_date(text, today):
                return found.value
    return None
