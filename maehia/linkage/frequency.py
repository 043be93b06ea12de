"""How often a value occurs: the data's own share, with the model's frozen share as a prior."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from maehia.linkage.model import Model
from maehia.linkage.spec import TF_COLUMNS

# The frozen frequencies count as this many records; a name they do not know has the share UNSEEN.
PRIOR_RECORDS = 300
UNSEEN = 1e-4
# Of the records with a value, about this many belong to the person compared and tell nothing of others.
OWN_ROWS = 1.5
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
    con.execute(f"CREATE OR REPLACE TEMP TABLE score AS SELECT * FROM based {joins} ORDER BY idx")  # noqa: S608


def _frequency_sql(column: str) -> str:
    text = _NAMED.get(column, f"NULL::VARCHAR")
    return f"""
    CREATE OR REPLACE TEMP TABLE tf_{column} AS
    WITH own AS (SELECT {column}, any_value({text}) AS name, count(*) AS n FROM based
                 WHERE {column} IS NOT NULL GROUP BY {column})
    SELECT own.{column},
      (greatest(own.n - {OWN_ROWS}, 0.5) + {PRIOR_RECORDS} * coalesce(shares.share, {UNSEEN}))
      / ((SELECT sum(n) FROM own) + {PRIOR_RECORDS}) AS tf_{column}
    FROM own LEFT JOIN shares USING (name)"""  # noqa: S608
