"""Bringing the register up to evidence and decisions, and proving that it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Model

from maehia.city.projection import Rows, Written, project, write
from maehia.city.projection.write import columns, held_rows


@dataclass(slots=True)
class Checked:
    """Per table: keys only in the rebuilt one, only in the register, and with other values."""

    missing: dict[str, list[object]] = field(default_factory=dict)
    surplus: dict[str, list[object]] = field(default_factory=dict)
    differing: dict[str, list[object]] = field(default_factory=dict)
    rows: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.surplus or self.differing)


@transaction.atomic
def refresh() -> Written:
    """Replay evidence and decisions; only rows that differ are touched. The linkage model is never run here."""
    with connection.cursor() as cursor:
        # One projection at a time: a second one waits here instead of writing between the first one's reads.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('maehia.city.project'))")
    return write(project())


@transaction.atomic
def check_projection() -> Checked:
    """Build the register into the scratch schema and compare it with the living one, value by value.

    The scratch tables live in temporary space of this connection: nothing is left behind, whatever happens.
    """
    rows = project()
    found = Checked()
    held = {model: {row[0]: row[1:] for row in held_rows(model, columns(model))} for model in rows}
    with connection.cursor() as cursor:
        for model in rows:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS) ON COMMIT DROP")
    try:
        _fill_and_compare(rows, held, found)
    finally:
        _drop(rows)
    return found


def _fill_and_compare(rows: Rows, held: dict[type[Model], dict[object, tuple]], found: Checked) -> None:  # type: ignore[type-arg]
    write(rows)
    for model, was in held.items():
        names, table = columns(model), model._meta.db_table
        built = {row[0]: row[1:] for row in held_rows(model, names)}
        found.rows += len(built)
        _note(found.missing, table, built.keys() - was.keys())
        _note(found.surplus, table, was.keys() - built.keys())
        _note(found.differing, table, {key for key in built.keys() & was.keys() if built[key] != was[key]})


def _note(where: dict[str, list[object]], table: str, keys: set[object]) -> None:
    if keys:
        where[table] = sorted(keys, key=str)


def _drop(rows: Rows) -> None:
    """Temporary tables hide the real ones by name; they go before anyone else uses this connection."""
    if connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        for model in rows:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{connection.ops.quote_name(model._meta.db_table)}")
