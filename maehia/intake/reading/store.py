"""A read sheet put aside between the steps of a job, as one Parquet file that says all about itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pyarrow.parquet as pq

from maehia.intake.disk import whole_file
from maehia.intake.findings import Finding
from maehia.intake.reading.book import CrsGuess, Sheet

META = b"maehia.sheet"


def save_sheet(sheet: Sheet, path: Path) -> None:
    """Write a sheet. A full disk raises `ProblemError` (disk_full) and leaves nothing behind."""
    about = {
        "name": sheet.name, "header": sheet.header, "first_data_row": sheet.first_data_row, "titles": sheet.titles,
        "notes": sheet.notes, "hidden": sheet.hidden, "crs": asdict(sheet.crs) if sheet.crs else None,
        "findings": [asdict(finding) for finding in sheet.findings],
    }  # fmt: skip
    meta = {**(sheet.rows.schema.metadata or {}), META: json.dumps(about, ensure_ascii=False).encode()}
    with whole_file(path) as part:
        pq.write_table(sheet.rows.replace_schema_metadata(meta), part, compression="zstd")


def load_sheet(path: Path) -> Sheet:
    """The sheet that `save_sheet` wrote."""
    rows = pq.read_table(path)
    about = json.loads(rows.schema.metadata[META])
    crs = about.pop("crs")
    findings = [Finding(**finding) for finding in about.pop("findings")]
    return Sheet(rows=rows, crs=CrsGuess(**crs) if crs else None, findings=findings, **about)
