"""A DuckDB that lives in memory only: rows of people never reach a temporary file, and rules never reach the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

QUIET = (
    "SET enable_progress_bar = false",  # it would write into the output of a command
    "SET temp_directory = ''",
    "SET threads = 2",
    "SET enable_external_access = false",
)


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database that is gone afterwards."""
    with duckdb.connect() as base:
        for setting in QUIET:
            base.execute(setting)
        yield base
