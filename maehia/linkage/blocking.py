"""Which pairs are compared at all: records that share a key, giant keys left out, each pair once."""

# SQL is built from this room's own constants, never from data.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from maehia.linkage.spec import Block

PAIRS_AT_ONCE = 4_000_000


def make_keys(con: duckdb.DuckDBPyConnection, blocks: tuple[Block, ...]) -> int:
    """Make the table `block_keys` (key, idx) of keys shared by 2..cap records; gives the number of pairs."""
    con.execute("CREATE OR REPLACE TEMP TABLE block_keys (key UBIGINT, idx INTEGER)")
    total = 0
    for number, block in enumerate(blocks):
        columns = ", ".join(block.columns)
        known = " AND ".join(f"{column} IS NOT NULL" for column in block.columns)
        mixed = " AND bool_or(latin) AND NOT bool_and(latin)" if block.mixed else ""
        con.execute(f"""
            INSERT INTO block_keys
            WITH keyed AS (SELECT hash({number}, {columns}) AS key, idx, latin FROM score WHERE {known}),
            kept AS (SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND {block.cap}{mixed})
            SELECT key, idx FROM keyed SEMI JOIN kept USING (key)""")
    row = con.execute("SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM "
                      "(SELECT count(*) AS n FROM block_keys GROUP BY key)").fetchone()  # fmt: skip
    total += int(row[0]) if row else 0
    return total


def pair_parts(con: duckdb.DuckDBPyConnection, blocks: tuple[Block, ...]) -> Iterator[str]:
    """Fill the table `pairs` (a < b) part by part, so that memory stays bounded; yields its name each time."""
    parts = make_keys(con, blocks) // PAIRS_AT_ONCE + 1
    for part in range(parts):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE pairs AS
            SELECT DISTINCT x.idx AS a, y.idx AS b FROM block_keys x JOIN block_keys y
            ON x.key = y.key AND x.idx < y.idx WHERE x.idx % {parts} = {part}""")
        yield "pairs"
