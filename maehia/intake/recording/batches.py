"""One file row can speak of a person, her needs, a thing and its owner: each becomes a record of its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from maehia.evidence.actions import Batch
from maehia.evidence.queries import source_ref
from maehia.intake.recording.person import need_rows, person_values
from maehia.intake.recording.things import owner_row, thing_values

Row = Mapping[str, Any]
Made = defaultdict[str, list[dict[str, Any]]]


def make_batches(
    source: str,
    kind: str,
    rows: Iterable[Row],
    *,
    as_of: date,
    constants: Row | None = None,
    need_ground: str = "",
) -> list[Batch]:
    """Record rows per kind from canonical rows that carry `ext_id`, `row_no` and `sheet`.

    constants: values that hold for the whole list (role, benefit ...). need_ground: the legal ground under
    which this source may bring needs; "" keeps them out.
    """
    made: Made = defaultdict(list)
    for row in rows:
        full = {**(constants or {}), **{k: value for k, value in row.items() if value not in (None, "")}}
        if kind == "person":
            _person(source, full, as_of, need_ground, made)
        else:
            _thing(source, kind, full, as_of, made)
    kinds = [kind] + (["need"] if kind == "person" and need_ground else [])
    return [Batch(name, made[name]) for name in dict.fromkeys([*kinds, *made])]


def _place(row: Row) -> dict[str, Any]:
    return {"row_no": row.get("row_no"), "sheet": row.get("sheet")}


def _person(source: str, row: Row, as_of: date, ground: str, made: Made) -> None:
    ref = source_ref(source, str(row["ext_id"]))
    made["person"].append({"ref": ref, **_place(row), **person_values(row, as_of)})
    made["need"] += [{**need, **_place(row)} for need in need_rows(row, ref, ground)]


def _thing(source: str, kind: str, row: Row, as_of: date, made: Made) -> None:
    ref = source_ref(source, str(row["ext_id"]))
    made[kind].append({"ref": ref, **_place(row), **thing_values(kind, row, as_of)})
    if owner := owner_row(kind, row, ref):
        owner_ref = source_ref(source, str(row["ext_id"]), "owner")
        made["person"].append({"ref": owner_ref, **_place(row), **person_values(owner, as_of)})
