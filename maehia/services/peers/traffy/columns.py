"""Traffy's two CSV layouts: the 21 columns of the Exchange API (with BOM) and the 16 of the public dump."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from maehia.services.peers.traffy.wire import Issue, TraffyError, read_issue, write_time

BOM = "\ufeff"
EXCHANGE = (
    "ticket_id", "type", "organization", "description", "photo", "latitude", "longitude", "address", "subdistrict",
    "district", "province", "timestamp", "photo_after", "timestamp_inprogress", "timestamp_finished", "org_finished",
    "status", "confirmed", "star", "count_reopen", "last_activity",
)  # fmt: skip
DUMP = (
    "ticket_id", "type", "organization", "comment", "photo", "photo_after", "coords", "address", "subdistrict",
    "district", "province", "timestamp", "state", "star", "count_reopen", "last_activity",
)  # fmt: skip
MOST_CELL = 200_000


@dataclass(frozen=True, slots=True)
class Row:
    """A public case as an export writes it. point: (lon, lat) as the public sees it."""

    ticket_id: str
    type: str
    organization: str
    description: str
    point: tuple[float, float] | None
    address: str
    at: datetime
    state: str
    last_activity: datetime
    photo: str = ""
    photo_after: str = ""
    in_progress_at: datetime | None = None
    finished_at: datetime | None = None
    star: int | None = None
    reopened: int = 0
    subdistrict: str = ""
    district: str = ""
    province: str = ""


def exchange_line(row: Row) -> dict[str, str]:
    """By the names of EXCHANGE. Times of the town without an offset; `confirmed` is unknown, so empty."""
    lon, lat = row.point or ("", "")
    values = {
        "latitude": lat, "longitude": lon, "description": row.description, "status": row.state,
        "timestamp_inprogress": _time(row.in_progress_at), "timestamp_finished": _time(row.finished_at),
        "org_finished": row.organization if row.finished_at else "",
    }  # fmt: skip
    return {name: str(values.get(name, "")) for name in EXCHANGE} | _common(row)


def dump_line(row: Row) -> dict[str, str]:
    """By the names of DUMP: types in braces, coords as lng,lat."""
    coords = f"{row.point[0]},{row.point[1]}" if row.point else ""
    own = {"comment": row.description, "coords": coords, "state": row.state, "type": f"{{{row.type}}}"}
    return {name: "" for name in DUMP} | _common(row) | own


def _common(row: Row) -> dict[str, str]:
    return {
        "ticket_id": row.ticket_id, "type": row.type, "organization": row.organization, "photo": row.photo,
        "photo_after": row.photo_after, "address": row.address, "subdistrict": row.subdistrict,
        "district": row.district, "province": row.province, "timestamp": _time(row.at), "star": str(row.star or ""),
        "count_reopen": str(row.reopened), "last_activity": _time(row.last_activity),
    }  # fmt: skip


def _time(moment: datetime | None) -> str:
    return write_time(moment) if moment else ""


def write_rows(names: Iterable[str], lines: Iterable[Mapping[str, str]], *, bom: bool) -> Iterator[str]:
    """The file in pieces, RFC 4180; a cell that a spreadsheet would run as a formula is kept as text."""
    columns = list(names)
    yield (BOM if bom else "") + line(columns)
    for row in lines:
        yield line([safe(row[name]) for name in columns])


def line(cells: Iterable[str]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow(cells)
    return target.getvalue()


def safe(cell: str) -> str:
    """A leading = + - @ makes a formula of a text; a number stays a number."""
    if cell[:1] in "=@\t\r" or (cell[:1] in "+-" and not cell[1:2].isdigit()):
        return f"'{cell}" if cell else cell
    return cell


def read_rows(text: str) -> Iterator[Issue | str]:
    """Tickets of either layout, or what is wrong with a row ("row 7: ..."); good rows go on.

    Raises ValueError when neither layout's columns stand in the first line.
    """
    csv.field_size_limit(MOST_CELL)
    reader = csv.DictReader(io.StringIO(text.removeprefix(BOM)))
    names = set(reader.fieldnames or ())
    if not (names >= {"ticket_id", "timestamp"} and names & {"status", "state"}):
        raise ValueError("ไม่พบคอลัมน์ของ Traffy (ticket_id, timestamp, status หรือ state)")
    try:
        for number, row in enumerate(reader, start=2):
            yield _issue(number, row)
    except csv.Error as error:
        yield f"แถว {reader.line_num}: อ่าน CSV ต่อไม่ได้ ({error})"


def _issue(number: int, row: Mapping[str, str]) -> Issue | str:
    renamed = dict(row)
    for theirs, name in (("comment", "description"), ("state", "status")):
        renamed.setdefault(name, renamed.get(theirs) or "")
    try:
        issue = read_issue(renamed)
    except TraffyError as error:
        return f"แถว {number}: ไม่มี ticket_id ({error.message})"
    return issue if issue.at else f"แถว {number}: อ่านเวลาของ {issue.ticket_id} ไม่ได้"
