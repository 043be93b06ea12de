"""The engine's own files: Parquet at rest, a folder of memory maps for instant opening.

Both hold rows (event, cell, intensity) sorted by event, then cell. The Parquet schema's metadata, and header.json of
the folder, hold the grid, the frequencies and the unit as JSON under the key "maehia.hazard".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from maehia.impact.checks import Floats
from maehia.impact.formats.faults import FileError, PathLike, existing
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard

KEY = b"maehia.hazard"
VERSION = 1
ROWS = 1 << 20  # of a row group and of a record batch: 12 MB in memory
ARRAYS = ("indptr", "cell", "intensity", "frequency")


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """What the rows alone do not say: the grid, (E,) frequencies per year, the unit of intensity."""

    grid: Grid
    frequency: Floats
    unit: str


def _header_json(hazard: Hazard) -> dict[str, Any]:
    return {"version": VERSION, "grid": asdict(hazard.grid), "unit": hazard.unit}


def write_parquet(path: PathLike, hazard: Hazard, *, rows: int = ROWS) -> None:
    """Write `hazard` as one Parquet file, zstd, `rows` rows a row group. float32 and int32 stay what they are."""
    about = {**_header_json(hazard), "frequency": hazard.frequency.tolist()}
    schema = pa.schema(
        [("event", pa.int32()), ("cell", pa.from_numpy_dtype(hazard.cell.dtype)),
         ("intensity", pa.from_numpy_dtype(hazard.intensity.dtype))],
        metadata={KEY: json.dumps(about)},
    )  # fmt: skip
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches(hazard, rows=rows, schema=schema):
            writer.write_batch(batch, row_group_size=rows)


def batches(hazard: Hazard, *, rows: int = ROWS, schema: pa.Schema | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a hazard as record batches (event, cell, intensity); an event may lie in two of them."""
    for start in range(0, hazard.nnz, rows):
        part = slice(start, min(start + rows, hazard.nnz))
        number = np.arange(part.start, part.stop)
        event = (np.searchsorted(hazard.indptr, number, side="right") - 1).astype(np.int32)
        arrays = [pa.array(event), pa.array(hazard.cell[part]), pa.array(hazard.intensity[part])]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema or _plain_schema(arrays))


def _plain_schema(arrays: list[Any]) -> pa.Schema:
    return pa.schema([(name, a.type) for name, a in zip(("event", "cell", "intensity"), arrays, strict=True)])


def read_header(path: PathLike) -> Header:
    """The header of a Parquet file; its rows are not touched."""
    stored = _parquet(path).schema_arrow.metadata or {}
    if KEY not in stored:
        raise FileError(path, "has no header of a hazard.", code="not_a_hazard",
                        fix="Write it with maehia.impact.formats.interior.write_parquet.")  # fmt: skip
    about = json.loads(stored[KEY])
    return Header(_grid(about, path), np.asarray(about["frequency"], np.float64), about["unit"])


def _grid(about: dict[str, Any], path: PathLike) -> Grid:
    if about.get("version") != VERSION:
        raise FileError(path, f"is of version {about.get('version')}, this program reads {VERSION}.", code="version")
    return Grid(**about["grid"])


def _parquet(path: PathLike) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(existing(path), memory_map=True)
    except pa.ArrowInvalid as error:
        raise FileError(path, "is not a Parquet file, or is cut short.", code="not_parquet") from error


def row_groups(path: PathLike) -> int:
    """How many parts `stream` can be given separately."""
    return int(_parquet(path).num_row_groups)


def stream(path: PathLike, *, groups: list[int] | None = None, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """Record batches of at most `rows` rows, of all row groups or of some; memory does not grow with the file."""
    yield from _parquet(path).iter_batches(batch_size=rows, row_groups=groups)


def read_parquet(path: PathLike) -> Hazard:
    """The whole file as a Hazard. Raises FileError when its rows are not sorted by event."""
    header = read_header(path)
    table = _parquet(path).read()
    event, cell, intensity = (table[name].to_numpy() for name in ("event", "cell", "intensity"))
    if event.size and (event[0] < 0 or event[-1] >= header.frequency.size or (np.diff(event) < 0).any()):
        raise FileError(path, "has rows that are not sorted by event, or events beyond its frequencies.",
                        code="events_unsorted")  # fmt: skip
    indptr = np.searchsorted(event, np.arange(header.frequency.size + 1))
    return Hazard(header.grid, indptr, cell, intensity, header.frequency, header.unit)


def write_folder(path: PathLike, hazard: Hazard) -> None:
    """Write `hazard` as a folder of .npy files. The header is written last: a folder without one is not whole."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    header = folder / "header.json"
    header.unlink(missing_ok=True)
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(hazard, name))
    header.write_text(json.dumps({**_header_json(hazard), "events": hazard.events, "nnz": hazard.nnz}))


def open_folder(path: PathLike, *, check: bool = False) -> Hazard:
    """Open a folder as a Hazard whose arrays stay on disk (memory-mapped): milliseconds whatever its size.

    Lengths are always compared with the header. check: also read and validate every value, as Hazard does; without
    it the folder is trusted, since only a valid Hazard is ever written.
    """
    folder = existing(path)
    header = folder / "header.json"
    if not header.is_file():
        raise FileError(path, "has no header.json: it is not a hazard, or was not written to its end.",
                        code="not_a_hazard")  # fmt: skip
    about = json.loads(header.read_text())
    grid = _grid(about, path)
    arrays = {name: _mapped(folder / f"{name}.npy", path) for name in ARRAYS}
    expected = {"indptr": about["events"] + 1, "frequency": about["events"], "cell": about["nnz"],
                "intensity": about["nnz"]}  # fmt: skip
    for name, length in expected.items():
        if arrays[name].shape != (length,):
            raise FileError(path, f"has {arrays[name].size} values of {name}, its header says {length}.", code="cut")
    if check:
        return Hazard(grid, unit=about["unit"], **arrays)
    return Hazard.trusted(grid, tuple(arrays[name] for name in ARRAYS), about["unit"])  # type: ignore[arg-type]


def _mapped(file: Path, path: PathLike) -> npt.NDArray[Any]:
    try:
        mapped: npt.NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
        return mapped
    except (OSError, ValueError) as error:
        raise FileError(path, f"lacks a whole {file.name} ({error}).", code="cut") from error
