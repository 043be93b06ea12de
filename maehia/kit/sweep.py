"""Every table and view of schema public: protected by policies, or listed with a written reason.

`findings()` is the test that nothing personal lies open: an unlisted table is a finding, a listed one that is
protected too, a protected one without FORCE, a policy for PUBLIC, a right too many.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from django.db import connections

from maehia.base import Problem

FILE = Path(__file__).resolve().parent / "data" / "unprotected_tables.yaml"
COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}

RELATIONS = """
SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
  ARRAY(SELECT p.polcmd::text FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname <> 'mh_search') AS commands,
  EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY (p.polroles)) AS for_public,
  coalesce('security_invoker=true' = ANY (c.reloptions), false) AS invoker
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
RIGHTS = """
SELECT c.relname, r.role, has_table_privilege(r.role, c.oid, 'TRUNCATE')
FROM pg_class c, unnest(ARRAY['maehia_app', 'maehia_worker', 'maehia_search']) r(role)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND has_table_privilege(r.role, c.oid, 'TRUNCATE')
"""
ROLES = """
SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles
WHERE rolname IN ('maehia_app', 'maehia_worker', 'maehia_search', 'maehia_owner')
"""


class Relation(NamedTuple):
    """A row of RELATIONS."""

    name: str
    kind: str
    enabled: bool
    forced: bool
    commands: list[str]
    for_public: bool
    invoker: bool


@cache
def reasons() -> dict[str, str]:
    """Table -> why it needs no policy, from data/unprotected_tables.yaml."""
    listed: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8")) or {}
    return listed


def tables(using: str = "default") -> dict[str, str]:
    """Every relation -> "policies" or its written reason or "" (a finding)."""
    with connections[using].cursor() as cursor:
        cursor.execute(RELATIONS)
        return {row[0]: "policies" if row[2] else reason_of(row[0]) for row in cursor.fetchall()}


def reason_of(table: str) -> str:
    """The reason of a table; a line ending in * speaks for all tables that begin so."""
    listed = reasons()
    if table in listed:
        return listed[table]
    return next((why for name, why in listed.items() if name.endswith("*") and table.startswith(name[:-1])), "")


def findings(using: str = "default") -> list[Problem]:
    """What is open that should not be. Empty = good."""
    found: list[Problem] = []
    with connections[using].cursor() as cursor:
        cursor.execute(RELATIONS)
        for row in cursor.fetchall():
            found += _relation(Relation(*row))
        cursor.execute(RIGHTS)
        found += [_finding("may_truncate", f"{table}: {role}") for table, role, _ in cursor.fetchall()]
        cursor.execute(ROLES)
        found += [_finding("role_too_strong", name) for name, *strong in cursor.fetchall() if any(strong)]
    return found


def _relation(row: Relation) -> list[Problem]:
    name = row.name
    if not row.enabled:
        # A view of this kind reads with the rights of the one who asks.
        fine = reason_of(name) or (row.kind == "v" and row.invoker)
        return [] if fine else [_finding("table_not_listed", name)]
    found = [] if row.forced else [_finding("not_forced", name)]
    missing = set(COMMANDS) - set(row.commands)
    if missing:
        found.append(_finding("policy_missing", f"{name}: {', '.join(sorted(COMMANDS[c] for c in missing))}"))
    if row.for_public:
        found.append(_finding("policy_for_public", name))
    if name in reasons():
        found.append(_finding("listed_but_protected", name))
    return found


def _finding(code: str, where: str) -> Problem:
    return Problem(
        code,
        "ตารางหรือสิทธิ์นี้ไม่ตรงตามกฎการคุ้มครองข้อมูล",
        where,
        "เพิ่ม protect(...) ในไมเกรชัน หรือเขียนเหตุผลใน maehia/kit/data/unprotected_tables.yaml",
    )
