"""One new record at a counter against the whole register, while the citizen waits."""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from maehia.linkage.clean import INPUT_COLUMNS, clean_table, cleaned_from_frame
from maehia.linkage.model import Model
from maehia.linkage.score import connect, load_new, load_scores, score_sql

if TYPE_CHECKING:
    import pandas as pd


class CleanedIndex:
    """Cleaned records kept ready for `match_one`. Build once (about a second for 20,000), ask many times."""

    def __init__(self, cleaned: pa.Table | pd.DataFrame, model: Model | None = None) -> None:
        self.model = model or Model.load()
        table = cleaned if isinstance(cleaned, pa.Table) else cleaned_from_frame(cleaned)
        self.ids: list[str] = table["rec_id"].to_pylist()
        self.con: duckdb.DuckDBPyConnection = connect()
        self.size = load_scores(self.con, table, self.model)

    def close(self) -> None:
        self.con.close()


def match_one(
    record: Mapping[str, Any], index: CleanedIndex, as_of: date | None = None, keep: float = 0.01
) -> pd.DataFrame:
    """rec_id, p, weight of the index's records that may be the new one's person, likeliest first.

    record: raw cells by the column names of the CLI contract. as_of: the day it speaks of.
    """
    import pandas as pd

    row = {name: str(record.get(name) or "") for name in INPUT_COLUMNS}
    load_new(index.con, clean_table(pa.Table.from_pylist([row]), {row["source"]: as_of} if as_of else None))
    index.con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {_candidates_sql(index.model)}")
    sql = score_sql(index.model, index.size, "asked", left="fresh")
    found = index.con.execute(f"SELECT b, p, weight FROM ({sql}) WHERE p >= ? ORDER BY p DESC, weight DESC, b", [keep])
    rows = [(index.ids[b], p, weight) for b, p, weight in found.fetchall()]
    return pd.DataFrame(rows, columns=["rec_id", "p", "weight"])


def _candidates_sql(model: Model) -> str:
    """Records that share a blocking key with the one in `fresh`; giant keys are no trouble for one record."""
    shared = [
        "SELECT s.idx FROM score s, fresh n WHERE " + " AND ".join(f"s.{c} = n.{c}" for c in block.columns)
        for block in model.blocks
    ]
    return f"SELECT 0 AS a, idx AS b FROM ({' UNION '.join(shared)})"
