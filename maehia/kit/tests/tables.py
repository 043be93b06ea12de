"""Two protected tables for the tests of kit itself, made by the owner inside the test database."""

from __future__ import annotations

from maehia.kit import guard, modes, policies
from maehia.kit.testing import owner_connection

PERSON = """CREATE TABLE kit_test_person (
  key uuid PRIMARY KEY, name text NOT NULL, moo smallint, mode varchar(8) NOT NULL DEFAULT 'live')"""
NEED = """CREATE TABLE kit_test_need (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id uuid NOT NULL, kind text NOT NULL,
  mode varchar(8) NOT NULL DEFAULT 'live')"""
LOG = """CREATE TABLE kit_test_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text NOT NULL, key uuid, note text)"""


def make() -> None:
    """Create the tables with their policies; safe to repeat."""
    operations = [
        policies.protect("kit_test_person", "personal", moo="moo", key="key", mode="mode"),
        policies.protect("kit_test_need", "s26", key="person_id", mode="mode"),
        policies.protect_log("kit_test_log", "audit", key="key"),
        modes.mode_key("kit_test_person", "key"),
        modes.mode_foreign_key("kit_test_need", "person_id", "kit_test_person", "key"),
    ]
    with owner_connection().cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.kit_test_person')")
        if cursor.fetchone()[0]:
            return
        for sql in (PERSON, NEED, LOG):
            cursor.execute(sql)
        for operation in operations:
            for sql in operation.sql:
                cursor.execute(sql)
    guard.forget()


def drop() -> None:
    with owner_connection().cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kit_test_need, kit_test_person, kit_test_log")
    guard.forget()
