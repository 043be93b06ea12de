"""For the tests of every room: the database belongs to the owner, the code under test is maehia_app.

`AppTestCase`: each test in a transaction that is rolled back. `ConcurrentTestCase`: real transactions and
threads; tables are emptied by the owner afterwards.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import connections
from django.test import TestCase, TransactionTestCase

from maehia.kit import clock, purposes
from maehia.kit.acting import acting

# A Wednesday, 10:00 in Bangkok, พ.ศ. 2569.
NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)

EVERYTHING = purposes.Purpose("test.everything", purposes.CLASSES, purposes.CLASSES)


class FrozenTime:
    """Mixed into test cases: `clock.now()` is NOW."""

    now: ClassVar[datetime] = NOW

    def run(self, result: Any = None) -> Any:
        with clock.at(self.now):
            return super().run(result)  # type: ignore[misc]


class AppTestCase(FrozenTime, TestCase):
    """A test as maehia_app, rolled back at its end. The owner's connection is out of reach."""

    databases = {"default"}

    def acting(self, purpose: str = "test.everything", **options: Any) -> Any:
        """Act as the test itself: for arranging and looking, not for what is tested."""
        return acting("system:test", purpose, **options)


class ConcurrentTestCase(FrozenTime, TransactionTestCase):
    """Real commits, for threads and workers. Emptied by the owner, who alone may TRUNCATE."""

    databases = {"default", "owner"}

    def acting(self, purpose: str = "test.everything", **options: Any) -> Any:
        return acting("system:test", purpose, **options)

    @classmethod
    def _fixture_setup(cls) -> None:
        """No flush before: what the last test left was removed by its teardown."""

    def _fixture_teardown(self) -> None:
        truncate_all()


def truncate_all() -> None:
    """Empty every table but those that migrations fill. Run as the owner."""
    kept = {
        "django_migrations", "kit_purpose", "spatial_ref_sys", "django_content_type", "auth_permission",
        *EXTRA_KEPT,
    }  # fmt: skip
    owner = owner_connection()
    with owner.cursor() as cursor:
        # Emptying a table makes new files for it and each of its indexes: only those that hold something are.
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND c.relnamespace = 'public'::regnamespace"
            " AND pg_has_role(current_user, c.relowner, 'USAGE')"
            " AND CASE c.relkind WHEN 'r' THEN pg_relation_size(c.oid) > 0"
            " ELSE (SELECT sum(pg_relation_size(relid)) > 0 FROM pg_partition_tree(c.oid)) END"
        )
        names = sorted({row[0] for row in cursor.fetchall()} - kept)
        if names:
            quoted = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
    forget_reads()


def forget_reads() -> None:
    """Numbers of rows begin anew, so what the queries keep by number would be another test's."""
    for name, module in list(sys.modules.items()):
        if name.startswith("maehia.") and ".queries" in name:
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


# Tables that another room's migrations fill; add names at import of the room's test base.
EXTRA_KEPT: set[str] = set()


def owner_connection() -> Any:
    """The owner's connection, for arranging and cleaning only."""
    return connections["owner"]


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run work(0..count-1) at the same moment, each on its own connection; results or exceptions."""
    gate, results = threading.Barrier(count), [None] * count

    def one(number: int) -> None:
        try:
            gate.wait(timeout=20)
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            results[number] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
