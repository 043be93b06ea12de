"""What is in each column, counted in bulk; the shapes are judged on a sample of different values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from maehia.intake.findings import mask
from maehia.intake.mapping.shapes import PERSONAL, shapes_of
from maehia.intake.reading.book import Sheet
from maehia.thai import parse_date, to_arabic

SAMPLE = 1200
SHOWN = 5


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column. shapes: share (0-1) of its different values that fit a shape; only shares above 0.

    low, high: smallest and largest number or ISO date, "" for other text. samples: masked when personal.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    samples: list[str]
    shapes: dict[str, float] = field(default_factory=dict)
    low: str = ""
    high: str = ""

    def share(self, shape: str) -> float:
        return self.shapes.get(shape, 0.0)

    @property
    def personal(self) -> bool:
        return any(self.share(shape) >= 0.3 for shape in PERSONAL)

    @property
    def ruined(self) -> bool:
        """A spreadsheet turned its 13-digit numbers into 3.1E+12, as text or as digits with a tail of zeros."""
        return self.share("excel_float") >= 0.02 or self.share("ruined_id") >= 0.2


def profile(sheet: Sheet) -> list[ColumnProfile]:
    """The columns of a sheet, in their order."""
    return [_column(name, sheet.rows.column(name)) for name in sheet.header]


def _column(name: str, cells: pa.ChunkedArray) -> ColumnProfile:
    filled = len(cells) - cells.null_count
    distinct = int(pc.count_distinct(cells, mode="only_valid").as_py())
    values = _sample(cells)
    counts: Counter[str] = Counter()
    for value in values:
        counts.update(shapes_of(value))
    shapes = {shape: round(count / len(values), 4) for shape, count in counts.items()}
    low, high = _ends(values, shapes)
    found = ColumnProfile(name, len(cells), filled, distinct, [], shapes, low, high)
    shown = [mask(value, found.personal) for value in values[:SHOWN]]
    hide = found.personal and shapes.get("date", 0) < 0.5
    return ColumnProfile(name, len(cells), filled, distinct, shown, shapes, *(("", "") if hide else (low, high)))


def _sample(cells: pa.ChunkedArray) -> list[str]:
    """Up to SAMPLE different values, taken evenly over the column so that the tail of a file is seen too."""
    valid = cells.drop_null()
    if not len(valid):
        return []
    step = max(1, len(valid) // (SAMPLE * 3))
    some = valid.take(pa.array(range(0, len(valid), step), pa.int64()))
    values: list[str] = pc.unique(some).to_pylist()
    return values[:SAMPLE] if len(values) <= SAMPLE else values[:: len(values) // SAMPLE][:SAMPLE]


def _ends(values: Sequence[str], shapes: dict[str, float]) -> tuple[str, str]:
    if shapes.get("number", 0) >= 0.9:
        numbers = sorted(float(text.replace(",", "")) for text in map(to_arabic, values) if "number" in shapes_of(text))
        return f"{numbers[0]:.15g}", f"{numbers[-1]:.15g}"
    if shapes.get("date", 0) >= 0.6:
        days = sorted(found.value.isoformat() for found in map(parse_date, values) if found)
        return (days[0], days[-1]) if days else ("", "")
    return "", ""
