"""The state of the database's tables against this version of the code. Needs Django set up."""

from __future__ import annotations

from maehia.base import Problem, ProblemError

OWNER = "owner"


def _loader():  # type: ignore[no-untyped-def]
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connections[OWNER])


def is_empty() -> bool:
    """Whether nothing was ever migrated here."""
    return not _loader().applied_migrations


def pending() -> list[str]:
    """Migrations of the code that the database does not have."""
    loader = _loader()
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations.keys() - loader.applied_migrations.keys()
                  if not loader.disk_migrations[app, name].replaces)  # fmt: skip


def newer() -> list[str]:
    """Migrations of the database that the code does not know: the database was used by a later version."""
    loader = _loader()
    ours = {app for app, _name in loader.disk_migrations}
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys() - replaced
    return sorted(f"{app}.{name}" for app, name in unknown if app in ours)


def refuse_newer() -> None:
    if found := newer():
        raise ProblemError(
            Problem(
                "database_newer",
                f"ฐานข้อมูลนี้ถูกใช้กับรุ่นที่ใหม่กว่าแล้ว ({', '.join(found[:3])})",
                fix="ใช้โปรแกรมรุ่นใหม่กว่า หรือนำข้อมูลสำรองก่อนปรับรุ่นกลับมาด้วย maehia restore",
            )
        )


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
