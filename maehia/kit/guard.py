"""The second lock: a statement on a protected table outside `acting()` raises in Python.

The database alone would answer with no rows, and an empty page with status 200 looks like the truth.
Which tables are protected is asked from the database, once per process and database.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from maehia.kit.acting import NoPurpose

_patterns: dict[tuple[str, str], re.Pattern[str] | None] = {}
_FREE = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)", re.IGNORECASE)


def install(sender: Any, connection: Any, **_: Any) -> None:
    """On each new connection of the serving roles. The owner works on tables, not on people."""
    if connection.vendor != "postgresql" or connection.alias == "owner":
        return
    if not any(isinstance(wrapper, Guard) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.insert(0, Guard(connection))


def after_migrate(using: str, **_: Any) -> None:
    from maehia.kit import purposes

    forget()
    if using == "owner":
        purposes.publish(using)


def forget() -> None:
    """Ask the database again which tables are protected."""
    _patterns.clear()


class Guard:
    """An execute wrapper of one connection."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not getattr(self.connection, "maehia_acting", None):
            self._refuse(str(sql))
        return execute(sql, params, many, context)

    def _refuse(self, sql: str) -> None:
        if _FREE.match(sql):
            return
        pattern = _pattern(self.connection)
        found = pattern.search(sql) if pattern else None
        if found:
            raise NoPurpose(f"table={found.group(1)}")


def _pattern(connection: Any) -> re.Pattern[str] | None:
    key = (connection.alias, connection.settings_dict["NAME"])
    if key not in _patterns:
        names = protected_tables(connection)
        found = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b") if names else None
        if found is None:  # before the first migration: ask again next time
            return None
        _patterns[key] = found
    return _patterns[key]


def protected_tables(connection: Any) -> list[str]:
    """Names of the tables of schema public that have row-level security."""
    with connection.connection.cursor() as cursor:  # psycopg's own cursor: the guard must not ask itself
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        return sorted((row[0] for row in cursor.fetchall()), key=len, reverse=True)
