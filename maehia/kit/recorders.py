"""What a piece of code asked the database, and how the database answers it. For tests and benchmarks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext


@contextmanager
def assert_queries(most: int, using: str = DEFAULT_DB_ALIAS) -> Iterator[CaptureQueriesContext]:
    """Fail when the block asks more than `most` questions; says which ones."""
    with CaptureQueriesContext(connections[using]) as captured:
        yield captured
    if len(captured) > most:
        listed = "\n".join(query["sql"][:200] for query in captured.captured_queries)
        raise AssertionError(f"{len(captured)} queries, at most {most} allowed:\n{listed}")


def explain(query: QuerySet[Any] | str, params: Any = None, *, analyze: bool = False) -> dict[str, Any]:
    """The plan of a queryset or of SQL text, as PostgreSQL's JSON: run inside `acting()`, as the app role."""
    if isinstance(query, QuerySet):
        sql, params = query.query.sql_with_params()
    else:
        sql = query
    options = "FORMAT JSON, ANALYZE, BUFFERS OFF" if analyze else "FORMAT JSON"
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        answer = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan, from the top."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def indexes_used(plan: dict[str, Any]) -> set[str]:
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}


def assert_index_used(query: QuerySet[Any] | str, index: str, params: Any = None) -> None:
    """Fail unless the planner uses this index, with sequential scans priced out for small test tables."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        try:
            used = indexes_used(explain(query, params))
        finally:
            cursor.execute("SELECT set_config('enable_seqscan', %s, true)", [before])
    if index not in used:
        raise AssertionError(f"index {index} is not used; the plan uses {sorted(used) or 'none'}")
