"""What a delivery would change: new, changed field by field, gone, the same. Two million rows in seconds, in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from maehia.intake.checking.scratch import scratch

BESIDE = frozenset({"row_no", "sheet", "geometry_original"})  # where a row stood is no change of what it says
SHAPE = "geometry"
SHAPE_GRID = 1e-7  # degrees: shapes that differ by less than a centimetre are the same
CHANGED = pa.schema([("key", pa.string()), ("column", pa.string()), ("before", pa.string()), ("after", pa.string())])


@dataclass(slots=True)
class Diff:
    """new, gone: rows. changed: one row per changed field (key, column, before, after); same: rows without a change."""

    new: pa.Table
    changed: pa.Table
    gone: pa.Table
    same: int

    @property
    def changed_rows(self) -> int:
        return len(self.changed["key"].unique())

    def counts(self) -> dict[str, int]:
        return {"new": len(self.new), "changed": self.changed_rows, "gone": len(self.gone), "same": self.same}


def difference(old: pa.Table | pd.DataFrame, new: pa.Table | pd.DataFrame, key: str = "ext_id") -> Diff:
    """Compare two frames by `key`. A column that only one frame has counts as empty in the other.

    Raises ValueError when a key stands twice in a frame (`check` has put such rows aside).
    """
    before, after = _table(old, key), _table(new, key)
    columns = [
        name for name in dict.fromkeys([*before.column_names, *after.column_names]) if name not in {key, *BESIDE}
    ]
    with scratch() as base:
        base.register("o", _padded(before, columns))
        base.register("n", _padded(after, columns))
        _refuse_copies(base, key)
        changed = _changed(base, key, columns)
        gone = base.execute(f'SELECT o.* FROM o ANTI JOIN n USING ("{key}")').to_arrow_table()  # noqa: S608
        come = base.execute(f'SELECT n.* FROM n ANTI JOIN o USING ("{key}")').to_arrow_table()  # noqa: S608
    same = after.num_rows - come.num_rows - len(changed["key"].unique())
    return Diff(come, changed, gone, same)


def _table(frame: pa.Table | pd.DataFrame, key: str) -> pa.Table:
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    table = table.set_column(table.column_names.index(key), key, table[key].cast(pa.string()))
    if SHAPE in table.column_names and not pa.types.is_string(table[SHAPE].type):
        place = table.column_names.index(SHAPE)
        table = table.set_column(place, SHAPE, shape_text(table[SHAPE]))
    return table


def shape_text(column: pa.ChunkedArray) -> pa.Array:
    """Shapes as rounded WKT, so that noise in the last digits is no change."""
    shapes = shapely.from_wkb(column.to_pylist(), on_invalid="ignore")
    rounded = shapely.normalize(shapely.set_precision(shapes, SHAPE_GRID, mode="pointwise"))
    texts = np.where(shapely.is_missing(shapes), None, shapely.to_wkt(rounded, rounding_precision=7))
    return pa.array(texts, pa.string(), from_pandas=True)


def _padded(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    for name in columns:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def _refuse_copies(base: duckdb.DuckDBPyConnection, key: str) -> None:
    for side, name in (("o", "old"), ("n", "new")):
        count, different = base.execute(f'SELECT count(*), count(DISTINCT "{key}") FROM {side}').fetchall()[0]  # noqa: S608
        if count != different:
            raise ValueError(f"{count - different} keys are empty or stand twice in the {name} frame")


def _changed(base: duckdb.DuckDBPyConnection, key: str, columns: Sequence[str]) -> pa.Table:
    if not columns:
        return CHANGED.empty_table()
    both = ", ".join(
        f'CAST(o."{name}" AS VARCHAR) AS o{place}, CAST(n."{name}" AS VARCHAR) AS n{place}'
        for place, name in enumerate(columns)
    )
    unlike = " OR ".join(f"o{place} IS DISTINCT FROM n{place}" for place in range(len(columns)))
    base.execute(
        f'CREATE TEMP TABLE j AS SELECT * FROM (SELECT "{key}" AS key, {both} '  # noqa: S608
        f'FROM o JOIN n USING ("{key}")) WHERE {unlike}'
    )
    each = " UNION ALL ".join(
        f"SELECT key, '{name}' AS \"column\", o{place} AS before, n{place} AS after FROM j "  # noqa: S608
        f"WHERE o{place} IS DISTINCT FROM n{place}"
        for place, name in enumerate(columns)
    )
    return base.execute(each + ' ORDER BY key, "column"').to_arrow_table().cast(CHANGED)
