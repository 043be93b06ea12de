"""Before any test: an own data folder and an own private cluster, so that tests run beside a demo.

Loaded by `-p maehia.cli.pytest_plugin` (pyproject.toml) before Django's settings are read. Every run has
a database of its own name, so that two runs at the same time do not meet.
"""

from __future__ import annotations

import os
from pathlib import Path

from maehia.cli import cluster, places

TEST_DATA = places.REPO / "var" / "test"
OUTSIDE = ("DATABASE_URL", "DATABASE_URL_OWNER", "DATABASE_URL_WORKER")


def prepare() -> None:
    """Point the settings at the test instance and start its cluster; xdist's workers find it done."""
    if os.environ.get("MAEHIA_TEST_DB"):
        return
    for name in OUTSIDE:
        os.environ.pop(name, None)
    os.environ["MAEHIA_DATA"] = str(TEST_DATA)
    os.environ["MAEHIA_TEST_DB"] = f"test_maehia_{os.getpid()}"
    drop_left_over(cluster.start())


def drop_left_over(found: cluster.Cluster) -> None:
    """Drop the databases of runs that were killed: their process number is nobody's any more."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(**found.dsn("maehia_owner"), autocommit=True) as connection:
        names = [
            row[0]
            for row in connection.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'test\_maehia\_%'")
        ]
        for name in names:
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


prepare()
