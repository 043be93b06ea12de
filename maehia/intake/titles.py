"""The day of a list as its own title rows give it, before anything is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from maehia.intake.mapping import as_of
from maehia.intake.reading import Limits, read_file
from maehia.kit import clock

LARGEST = 40 * 2**20  # a larger file is read by the worker only
# This read happens while somebody waits, in the process that serves everybody: less than the worker takes.
HERE = Limits(max_file_bytes=LARGEST, max_unpacked_bytes=400 * 2**20, max_rows=300_000)


def day_of(path: Path, filename: str) -> date | None:
    """ "ข้อมูล ณ วันที่ 30 กันยายน 2567" above the table; None where no sheet says it, or the file cannot be read."""
    if path.stat().st_size > LARGEST:
        return None
    today = clock.today()
    book = read_file(path, filename, HERE)
    found = [day for sheet in book.sheets if (day := as_of(sheet, today)) and day <= today]
    return max(found) if found else None
