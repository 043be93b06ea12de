"""How often a value belongs to somebody else: the data's own share, with the model's frozen share as a prior.

Rows are not counted but what stands for persons or families apart from the one compared: a first name by
the family names that it goes with, a family name by its houses, a house or telephone by first names. One of
them is the compared one itself; a value seen once gets the Good-Turing share of things seen once.
"""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

import duckdb
import pyarrow as pa

from maehia.linkage.model import Model
from maehia.linkage.spec import TF_COLUMNS

# The frozen frequencies count as this many persons; a name they do not know has the share UNSEEN.
PRIOR_PERSONS = 300
UNSEEN = 1e-4
# What tells bearers of a value apart.
_BEARERS = {"f": "lk", "fk": "lk", "l": "house", "lk": "house", "house": "fk", "hn": "moo", "phone": "fk"}
# Foreign names are a small world of their own: once the first name is Latin, the family name is one of few,
# so its share is taken among Latin names.
_BY_SCRIPT = ("l", "lk")
# The name columns that the model knows frozen shares of, and their text.
_NAMED = {"f": "fc", "l": "lc"}


def add_frequencies(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `score` from `based` with a column tf_<column> for each of TF_COLUMNS."""
    for column in TF_COLUMNS:
        shares = model.names.get(column, {})
        table = pa.table({"name": pa.array(list(shares), pa.string()),
                          "share": pa.array(list(shares.values()), pa.float64())})  # fmt: skip
        con.register("shares", table)
        con.execute(_frequency_sql(column))
        con.unregister("shares")
    joins = " ".join(f"LEFT JOIN tf_{c} USING ({c})" for c in TF_COLUMNS)
    con.execute(f"CREATE OR REPLACE TEMP TABLE score AS SELECT * FROM based {joins} ORDER BY idx")


def _frequency_sql(column: str) -> str:
    text = _NAMED.get(column, "NULL::VARCHAR")
    script = "bool_or(latin)" if column in _BY_SCRIPT else "false"
    return f"""
    CREATE OR REPLACE TEMP TABLE tf_{column} AS
    WITH own AS (SELECT {column}, any_value({text}) AS name, {script} AS latin,
                   greatest(count(DISTINCT {_BEARERS[column]}), 1) AS n
                 FROM based WHERE {column} IS NOT NULL GROUP BY {column}),
    once AS (SELECT least(greatest(2.0 * count(*) FILTER (n = 2) / greatest(count(*) FILTER (n = 1), 1), 0.1), 1)
             AS again FROM own)
    SELECT own.{column},
      (own.n - 1 + CASE WHEN own.n = 1 THEN again ELSE 0 END + {PRIOR_PERSONS} * coalesce(shares.share, {UNSEEN}))
      / (sum(own.n) OVER (PARTITION BY latin) + {PRIOR_PERSONS}) AS tf_{column}
    FROM own CROSS JOIN once LEFT JOIN shares USING (name)"""
