"""Two groups of records weighed together: a move, a marriage and a new telephone seldom stand in one row."""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

import duckdb
import pyarrow as pa

from maehia.linkage.model import Model
from maehia.linkage.score import pooled_sql

# Of a large cluster this many rows speak.
_SPEAKERS = 8


class Pool:
    """Gives log2 odds of groups from the table `score`."""

    def __init__(self, con: duckdb.DuckDBPyConnection, model: Model, size: int) -> None:
        self._con, self._model, self._size = con, model, size

    def __call__(self, groups: list[tuple[int, list[int], list[int]]]) -> dict[int, float]:
        """groups: (name, positions, positions); gives name -> log2 odds that both are one person."""
        rows = [(spot, a, b) for spot, left, right in groups for a in left[:_SPEAKERS] for b in right[:_SPEAKERS]]
        if not rows:
            return {}
        spots, one, two = zip(*rows, strict=True)
        table = pa.table({"spot": pa.array(spots, pa.int64()), "a": pa.array(one, pa.int32()),
                          "b": pa.array(two, pa.int32())})  # fmt: skip
        self._con.register("grouped", table)
        sql = pooled_sql(self._model, self._size, "grouped")
        found = self._con.execute(f"SELECT spot, weight - log2(1 + 2 ** kin) FROM ({sql})").fetchall()
        self._con.unregister("grouped")
        return {spot: round(odds, 6) for spot, odds in found}
