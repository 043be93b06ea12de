"""What reading gives: a book of sheets, every cell as text, every row with its number in the original file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from maehia.base import Problem
from maehia.intake.findings import Finding

ROW_NO = "row_no"
GEOMETRY = "__geometry__"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file we are willing to take. Sizes in bytes; ratio = unpacked / packed."""

    max_file_bytes: int = 2 * 1024**3
    max_unpacked_bytes: int = 4 * 1024**3
    max_ratio: float = 200.0
    ratio_from_bytes: int = 64 * 1024**2  # small files may pack well without being a bomb
    max_entries: int = 10_000
    max_rows: int = 5_000_000
    max_columns: int = 500
    max_cell_chars: int = 32_767  # what a spreadsheet cell can hold
    max_findings: int = 5_000  # of one kind and sheet; the rest is summed up in one line
    header_rows: int = 40
    chunk_rows: int = 50_000
    work_dir: Path | None = None  # private folder for unpacking; None = the system's


@dataclass(frozen=True, slots=True)
class CrsGuess:
    """In which coordinates a layer is.

    declared: "EPSG:32647" or None. candidates: keys of `crs.candidates()`, likeliest first.
    certain: False = a person must choose before the geometry is used.
    """

    declared: str | None
    candidates: list[str]
    reason: str
    certain: bool


@dataclass(slots=True)
class Sheet:
    """One table of a file.

    rows: Arrow table of text columns named as in `header`, an int64 `row_no` (1-based row of the original file)
    and, for a layer, the binary column `__geometry__` (WKB in the file's own coordinates).
    titles: text that stood above the header. notes: what was left out and why, for the officer to read.
    findings: rows that could not be read as they are; those of severity "error" are not in `rows`.
    """

    name: str
    header: list[str]
    rows: pa.Table
    first_data_row: int = 1
    titles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    hidden: bool = False
    crs: CrsGuess | None = None

    @property
    def geometry(self) -> pa.ChunkedArray | None:
        """The WKB column, or None for a plain table."""
        return self.rows.column(GEOMETRY) if GEOMETRY in self.rows.column_names else None

    def column(self, name: str) -> list[str | None]:
        """The cells of one column; None where empty."""
        values: list[str | None] = self.rows.column(name).to_pylist()
        return values

    def row_numbers(self) -> list[int]:
        numbers: list[int] = self.rows.column(ROW_NO).to_pylist()
        return numbers

    def __len__(self) -> int:
        return int(self.rows.num_rows)


@dataclass(slots=True)
class Book:
    """A file that was read. `refused` = nothing can be taken from it; `problems` then say why."""

    sheets: list[Sheet]
    encoding: str
    format: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return not self.sheets

    def sheet(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)
