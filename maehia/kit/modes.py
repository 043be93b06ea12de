"""Live and exercise never mix: a row carries its mode, and keys carry it along.

    class Need(models.Model):
        mode = ModeField()

    operations = [
        mode_key("city_person", "key"),
        mode_foreign_key("city_need", "person_id", "city_person", "key"),
    ]

The foreign key is over (id, mode), so the database refuses a live row that points at an exercise one.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from maehia.kit.acting import current
from maehia.kit.policies import quote, run_sql

CHOICES = [("live", "จริง"), ("exercise", "ซ้อม")]


def current_mode() -> str:
    """The mode of the context at hand; live outside of one."""
    context = current()
    return context.mode if context else "live"


class ModeField(models.CharField):  # type: ignore[type-arg]
    """live or exercise, by default as the context says."""

    def __init__(self, **options: Any) -> None:
        options = {"max_length": 8, "default": current_mode, "choices": CHOICES, "editable": False, **options}
        super().__init__(**options)


def mode_key(table: str, pk: str = "id", column: str = "mode") -> migrations.RunSQL:
    """Make (pk, mode) a key that others can point at; only the two modes are values."""
    name = f"{table}_mode"[:50]
    return run_sql(
        f"ALTER TABLE {quote(table)}"
        f" ADD CONSTRAINT {quote(f'{name}_key')} UNIQUE ({quote(pk)}, {quote(column)}),"
        f" ADD CONSTRAINT {quote(f'{name}_check')} CHECK ({quote(column)} IN ('live', 'exercise'))",
        f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(f'{name}_key')}, DROP CONSTRAINT {quote(f'{name}_check')}",
    )


def mode_foreign_key(
    table: str, column: str, to_table: str, to_pk: str = "id", *, mode: str = "mode", to_mode: str = "mode"
) -> migrations.RunSQL:
    """Add the composite key that the database refuses to cross. It is checked at the end of the transaction.

    ON DELETE CASCADE is not needed: Django deletes the children first.
    """
    name = quote(f"{table}_{column}_mode_fk"[:60])
    return run_sql(
        f"ALTER TABLE {quote(table)} ADD CONSTRAINT {name}"
        f" FOREIGN KEY ({quote(column)}, {quote(mode)})"
        f" REFERENCES {quote(to_table)} ({quote(to_pk)}, {quote(to_mode)})"
        f" DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {quote(table)} DROP CONSTRAINT {name}",
    )
