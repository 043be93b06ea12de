"""The list of `maehia affected` as CSV or JSON: things inside as numbers first, then households by priority."""

from __future__ import annotations

import csv
import json
from typing import Any, TextIO

from maehia.emergency.queries.affected import Affected, AffectedRow

COLUMNS = (
    "rank", "priority", "place", "moo", "people", "names", "phones", "needs", "why", "depth_m", "access", "shelter",
    "minutes", "lon", "lat",
)  # fmt: skip
RUNS = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet takes for a formula


def write(out: TextIO, form: str, found: Affected) -> None:
    """JSON: {"counts", "households"}; CSV: one line a household, the numbers before it as comment lines."""
    if form == "json":
        households = [household(row) for row in found.rows]
        json.dump({"counts": found.counts, "households": households}, out, ensure_ascii=False, indent=1)
        out.write("\n")
        return
    for name, number in found.counts.items():
        out.write(f"# {name}: {json.dumps(number, ensure_ascii=False)}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(line(row) for row in found.rows)


def household(row: AffectedRow) -> dict[str, Any]:
    return {
        "rank": row.rank, "priority": row.priority, "place": row.place, "moo": row.moo, "people": row.people,
        "members": [{"name": who.name, "phone": who.phone, "needs": [
            {"kind": need.kind, "level": need.level, "note": need.note} for need in who.needs]} for who in row.members],
        "terms": [term._asdict() for term in row.terms], "depth_m": row.depth_m, "access": row.access,
        "shelter": row.shelter, "minutes": row.minutes, "lon": row.lon, "lat": row.lat,
    }  # fmt: skip


def line(row: AffectedRow) -> list[Any]:
    cells = [
        row.rank, row.priority, row.place, row.moo, row.people, ", ".join(who.name for who in row.members),
        ", ".join(who.phone for who in row.members if who.phone),
        "; ".join(f"{who.name}: {need.kind} {need.level}".strip() for who in row.members for need in who.needs),
        ", ".join(f"{term.code} {term.number} +{term.points}" for term in row.terms), row.depth_m, row.access,
        row.shelter, row.minutes, row.lon, row.lat,
    ]  # fmt: skip
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(RUNS) else cell for cell in cells]
