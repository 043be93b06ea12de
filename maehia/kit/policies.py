"""Row-level security as migration operations: one line in a migration protects a table.

    operations = [
        protect("city_person", "personal", moo="moo", key="key", mode="mode"),
        protect("city_need", "s26", moo="moo", key="person_id", mode="mode"),
        protect_history("access_roleevent", "account"),
        append_only("evidence_record"),
    ]

Every table gets SELECT, INSERT, UPDATE and DELETE policies: a Django save is INSERT ... RETURNING and an
UPDATE has a WHERE, so both need the SELECT policy too. Policies name their roles, never PUBLIC. The owner
is under the same policies (FORCE): it sees rows only inside `acting(..., using="owner")`.
Settings stand in `(SELECT ...)`: the planner evaluates them once per statement, not per row.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations
from django.db.models import Model

ROLES = "maehia_app, maehia_worker, maehia_owner"
SERVING = "maehia_app, maehia_worker"
CLASSES = ("open", "personal", "s26", "case", "sealed", "incident", "relief", "account", "audit", "system")
# Classes about people: a table without moo and key is hidden from a scoped reader.
SCOPED = ("personal", "s26", "case", "relief")

Table = str | type[Model]
Columns = str | Sequence[str] | None


def protect(
    table: Table,
    klass: str,
    *,
    moo: str | None = None,
    key: Columns = None,
    mode: str | None = None,
    scoped: bool | None = None,
    search: bool = False,
    reads: str = "",
    inserts: str = "",
    only: str = "",
) -> migrations.RunSQL:
    """Protect a table by the class of its data.

    moo: column with the moo, compared as text with an area scope. key: uuid column(s) of the person (any of
    them in scope is enough). mode: column live/exercise. scoped: whether scopes narrow the rows (default: for
    the classes about people). search: maehia_search may read it. reads, inserts: SQL by which a row may be
    read or added beyond the class. only: SQL that a row must fulfil besides (not those of reads and inserts).
    """
    name = table_name(table)
    rows = _rows(klass, moo, key, mode, scoped) + (f" AND ({only})" if only else "")
    seen = f"(SELECT public.maehia_reads('{klass}')){rows}"
    if reads:
        seen = f"({seen}) OR ({reads})"
    written = f"(SELECT public.maehia_writes('{klass}')){rows}"
    policies = [
        policy(name, "select", f"USING ({seen})"),
        policy(name, "insert", f"WITH CHECK (({written}) OR ({inserts}))" if inserts else f"WITH CHECK ({written})"),
        policy(name, "update", f"USING ({written}) WITH CHECK ({written})"),
        policy(name, "delete", f"USING ({written})"),
    ]
    if search:
        policies.append(_search_policy(name))
    return _operation(name, policies, "SELECT, INSERT, UPDATE, DELETE")


def look_up_keys(
    table: Table, klass: str, *, key: str, moo: str | None = None, mode: str | None = None, one_by_one: bool = False
) -> migrations.RunSQL:
    """Let the planner look up a row's key in a grant instead of reading the whole grant first.

    The same rows as by `protect` with the same arguments, which came before: `key IN (SELECT maehia_scope_keys())`
    builds a table of all keys of the grant in every statement, dear for a grant of a whole city. Here the keys of a
    grant are asked by EXISTS, which PostgreSQL answers by the index for a page of people and by a hash for many.
    one_by_one: never by a hash, for a table that is only read page by page: LIMIT does not tell the planner so.
    """
    name = table_name(table)
    mine = f"(SELECT public.maehia_reads('{klass}'))" + (f" AND {_mode(mode)}" if mode else "")
    before = f"{mine} AND {_scope(moo, key)}"
    tests = ["(SELECT public.maehia_scope_all())"]
    if moo:
        tests.append(f"{quote(moo)}::text = ANY ((SELECT public.maehia_scope_moos())::text[])")
    tests.append(in_scope(f"{quote(name)}.{quote(key)}", one_by_one=one_by_one))
    after = f"{mine} AND ({' OR '.join(tests)})"
    alter = f"ALTER POLICY {quote('mh_select')} ON {quote(name)} USING"
    return run_sql(f"{alter} ({after})", f"{alter} ({before})")


def in_scope(key: str, *, one_by_one: bool = False) -> str:
    """SQL: whether a key stands in the subject or the grant at hand; equal to `key IN (maehia_scope_keys())`."""
    again = f" AND held.key <= {key}" if one_by_one else ""  # says nothing new, but cannot be hashed
    return (
        f"{key} IN (SELECT substr(public.maehia_scope(), 9)::uuid"  # noqa: S608 (key is a quoted column)
        f" WHERE public.maehia_scope() LIKE 'subject:%' AND public.maehia_scope_fits())"
        f" OR EXISTS (SELECT FROM public.kit_scope_key held"
        f" WHERE held.scope_id = (SELECT public.maehia_grant()) AND held.key = {key}{again})"
    )


def protect_history(table: Table, klass: str, **options: object) -> migrations.RunSQL:
    """Protect a table whose rows are only added (history of triggers): no UPDATE, no DELETE, for nobody."""
    name = table_name(table)
    rows = _rows(klass, options.get("moo"), options.get("key"), options.get("mode"), options.get("scoped"))  # type: ignore[arg-type]
    policies = [
        policy(name, "select", f"USING ((SELECT public.maehia_reads('{klass}')){rows})"),
        policy(name, "insert", f"WITH CHECK ((SELECT public.maehia_writes('{klass}')){rows})"),
        *_altered(name),
    ]
    return _operation(name, policies, "SELECT, INSERT, UPDATE, DELETE", extra=_append_only(name))


def protect_log(
    table: Table, klass: str, *, actor: str = "actor", key: Columns = None, mode: str | None = None
) -> migrations.RunSQL:
    """Protect a log: whoever acts adds rows in his own name under any purpose; `klass` reads them all.

    The actor reads his own rows; a subject scope reads the rows about that subject, when `key` is given.
    """
    name = table_name(table)
    own = f"{quote(actor)} = (SELECT public.maehia_actor())"
    seen = f"(SELECT public.maehia_reads('{klass}')) OR {own}"
    for column in _columns(key):
        seen += (
            f" OR ((SELECT public.maehia_reads('personal'))"
            f" AND (SELECT public.maehia_scope()) LIKE 'subject:%'"
            f" AND {column} IN (SELECT public.maehia_scope_keys()))"
        )
    if mode:
        seen, own = f"({seen}) AND {_mode(mode)}", f"{own} AND {_mode(mode)}"
    policies = [policy(name, "select", f"USING ({seen})"), policy(name, "insert", f"WITH CHECK ({own})")]
    policies += _altered(name)
    return _operation(name, policies, "SELECT, INSERT, UPDATE, DELETE", extra=_append_only(name))


def append_only(table: Table) -> migrations.RunSQL:
    """Rows are added and never changed, by nobody: a trigger refuses UPDATE, DELETE and TRUNCATE."""
    name = table_name(table)
    return run_sql(_append_only(name), _drop_append_only(name))


def read_only(table: Table) -> migrations.RunSQL:
    """The serving roles only read this table; the owner writes it."""
    name = quote(table_name(table))
    return run_sql(
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {name} FROM {SERVING}",
        f"GRANT INSERT, UPDATE, DELETE ON {name} TO {SERVING}",
    )


def owned_by_search(signature: str) -> migrations.RunSQL:
    """Hand a SECURITY DEFINER function to maehia_search; only the serving roles may call it.

    signature: "public.city_search(text, integer)". The owner must be a member of maehia_search.
    """
    return run_sql(
        f"""GRANT CREATE ON SCHEMA public TO maehia_search;
        ALTER FUNCTION {signature} OWNER TO maehia_search;
        REVOKE CREATE ON SCHEMA public FROM maehia_search;
        SET LOCAL ROLE maehia_search;
        REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {signature} TO {ROLES};
        RESET ROLE""",
        "",
    )


def run_sql(forward: str, backward: str) -> migrations.RunSQL:
    """A migration operation that sends each text as it stands (function bodies hold semicolons)."""
    return migrations.RunSQL([forward], [backward] if backward else migrations.RunSQL.noop)


def table_name(table: Table) -> str:
    return table if isinstance(table, str) else table._meta.db_table


def quote(name: str) -> str:
    """A quoted identifier; refuses what is not one, because DDL takes no parameters."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise ValueError(f"not a table or column name: {name!r}")
    return f'"{name}"'


def policy(table: str, command: str, body: str) -> str:
    name = quote(f"mh_{command}")
    return f"CREATE POLICY {name} ON {quote(table)} FOR {command.upper()} TO {ROLES} {body}"


def _rows(klass: str, moo: str | None, key: Columns, mode: str | None, scoped: bool | None) -> str:
    """The part of a policy that looks at the row."""
    if klass not in CLASSES:
        raise ValueError(f"unknown class {klass!r}")
    tests = [_mode(mode)] if mode else []
    if klass in SCOPED if scoped is None else scoped:
        tests.append(_scope(moo, key))
    return "".join(f" AND {test}" for test in tests)


def _mode(column: str) -> str:
    return f"{quote(column)} = (SELECT public.maehia_mode())"


def _scope(moo: str | None, key: Columns) -> str:
    tests = ["(SELECT public.maehia_scope_all())"]
    if moo:
        tests.append(f"{quote(moo)}::text = ANY ((SELECT public.maehia_scope_moos())::text[])")
    tests += [f"{column} IN (SELECT public.maehia_scope_keys())" for column in _columns(key)]
    return f"({' OR '.join(tests)})"


def _columns(key: Columns) -> list[str]:
    return [quote(column) for column in ([key] if isinstance(key, str) else key or [])]


def _altered(name: str) -> list[str]:
    """Append-only rows change only under a purpose that alters (rotation, redaction)."""
    allowed = "(SELECT public.maehia_alters())"
    return [
        policy(name, "update", f"USING ({allowed}) WITH CHECK ({allowed})"),
        policy(name, "delete", f"USING ({allowed})"),
    ]


def _search_policy(name: str) -> str:
    # USING (true): the search function itself checks the purpose; a filter here would cost the index.
    return (
        f"CREATE POLICY mh_search ON {quote(name)} FOR SELECT TO maehia_search USING (true);"
        f"GRANT SELECT ON {quote(name)} TO maehia_search"
    )


def _append_only(name: str) -> str:
    table = quote(name)
    return (
        f"CREATE TRIGGER mh_append_only BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION public.maehia_append_only()"
    )


def _drop_append_only(name: str) -> str:
    return f"DROP TRIGGER IF EXISTS mh_append_only ON {quote(name)}"


def _operation(name: str, policies: list[str], rights: str, extra: str = "") -> migrations.RunSQL:
    table = quote(name)
    forward = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *policies,
        f"REVOKE ALL ON {table} FROM PUBLIC, {SERVING}",
        f"GRANT {rights} ON {table} TO {SERVING}",
        *([extra] if extra else []),
    ]
    names = ("select", "insert", "update", "delete", "search")
    backward = [
        *(f"DROP POLICY IF EXISTS mh_{kind} ON {table}" for kind in names),
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        *([_drop_append_only(name)] if extra else []),
    ]
    return run_sql(";\n".join(forward), ";\n".join(backward))
