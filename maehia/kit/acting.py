"""Who reads, and for what: the context that row-level security decides by.

Nothing of a protected table is seen or written outside `with acting(actor, purpose)`. The context lives in
the database transaction (SET LOCAL), so it can neither leak through a connection pool nor survive a commit.
A savepoint does not end it, therefore it is put back on exit.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from maehia.base import Problem, ProblemError
from maehia.kit import purposes

MODES = ("live", "exercise")


class NoPurpose(ProblemError):
    """Personal data was asked for without saying who asks and for what."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Problem(
                "no_purpose",
                "ระบบไม่ให้อ่านหรือเขียนข้อมูลที่คุ้มครอง เพราะไม่ได้ระบุผู้ใช้และวัตถุประสงค์",
                where=detail,
                fix="ระบุผู้ใช้และวัตถุประสงค์ก่อนเปิดข้อมูล",
            )
        )


class Widening(ProblemError):
    """Inside one context, code asked for more than that context allows."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Problem(
                "acting_widened",
                "งานที่ซ้อนอยู่ขอสิทธิ์กว้างกว่างานที่เปิดไว้ ระบบจึงไม่ให้ทำ",
                where=detail,
                fix="เปิดงานใหม่ด้วยวัตถุประสงค์ที่ถูกต้อง อย่าซ้อนในงานเดิม",
            )
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the rows that a context may see.

    kind "area": `values` are moo codes as text. "subject": one person's key. "grant": the id of a row of
    kit_scope, whose keys and end the database looks up itself.
    """

    kind: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.kind not in {"area", "subject", "grant"}:
            raise ValueError(f"unknown scope kind {self.kind!r}")
        if self.kind != "area":
            if len(self.values) != 1:
                raise ValueError(f"a {self.kind} scope has exactly one key")
            object.__setattr__(self, "values", (str(UUID(str(self.values[0]))),))
        if any(not v or "," in v or ":" in v for v in self.values):
            raise ValueError("a scope value is empty or holds a separator")

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(self.values)}"

    @classmethod
    def area(cls, moos: Any) -> Scope:
        return cls("area", tuple(sorted({str(m) for m in moos})))

    @classmethod
    def subject(cls, key: UUID | str) -> Scope:
        return cls("subject", (str(key),))

    @classmethod
    def grant(cls, grant_id: UUID | str) -> Scope:
        return cls("grant", (str(grant_id),))

    def within(self, outer: Scope | None) -> bool:
        """Whether this scope shows nothing that `outer` hides."""
        if outer is None or outer == self:
            return True
        return self.kind == outer.kind == "area" and set(self.values) <= set(outer.values)


@dataclass(frozen=True, slots=True)
class Context:
    """What the database knows of the one who asks."""

    actor: str
    purpose: str
    mode: str = "live"
    scope: Scope | None = None

    def settings(self) -> tuple[str, str, str, str]:
        return self.actor, self.purpose, self.mode, str(self.scope) if self.scope else ""


def current(using: str = DEFAULT_DB_ALIAS) -> Context | None:
    """The innermost context of this thread's connection, or None."""
    stack = _stack(connections[using])
    return stack[-1] if stack else None


def required(using: str = DEFAULT_DB_ALIAS) -> Context:
    """The innermost context. Raises NoPurpose when there is none."""
    found = current(using)
    if found is None:
        raise NoPurpose("")
    return found


@contextmanager
def acting(
    actor: str, purpose: str, *, mode: str = "live", scope: Scope | None = None, using: str = DEFAULT_DB_ALIAS
) -> Iterator[Context]:
    """Open the row-level-security context, in a transaction of its own when there is none.

    actor: "user:<uuid>", "system:<part>", "cli:<os user>", "device:<id>". purpose: key of the published list.
    mode: "live" or "exercise". scope: None = all rows that the purpose allows.
    Nested, it may repeat or narrow the outer context; anything more raises Widening.
    Raises NoPurpose for an empty actor or an unknown purpose, RuntimeError inside an event loop.
    """
    _refuse_event_loop()
    context = _checked(actor, purpose, mode, scope)
    connection = connections[using]
    stack = _stack(connection)
    outer = stack[-1] if stack else None
    if outer == context:
        yield context
        return
    if outer is not None:
        _refuse_widening(outer, context)
    with transaction.atomic(using=using):
        nested = len(connection.savepoint_ids) > 0
        _set(connection, context)
        stack.append(context)
        try:
            yield context
        finally:
            stack.pop()
        # A rollback to our savepoint restores the settings by itself; a commit ends them.
        if nested and not connection.needs_rollback:
            _set(connection, outer)


def _stack(connection: Any) -> list[Context]:
    stack: list[Context] | None = getattr(connection, "maehia_acting", None)
    if stack is None:
        stack = connection.maehia_acting = []
    return stack


def _checked(actor: str, purpose: str, mode: str, scope: Scope | None) -> Context:
    if not actor or not actor.strip():
        raise NoPurpose("actor")
    if purposes.find(purpose) is None:
        raise NoPurpose(f"purpose={purpose}")
    if mode not in MODES:
        raise ValueError(f"unknown mode {mode!r}")
    return Context(actor, purpose, mode, scope)


def _refuse_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    if os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE"):  # Django's own way out, for browser tests
        return
    raise RuntimeError("acting() is for sync code: call it inside sync_to_async, not in a coroutine")


def _refuse_widening(outer: Context, inner: Context) -> None:
    had, wanted = purposes.get(outer.purpose), purposes.get(inner.purpose)
    if inner.actor != outer.actor:
        raise Widening("actor")
    if inner.mode != outer.mode:
        raise Widening("mode")
    if not (wanted.reads <= had.reads and wanted.writes <= had.writes and wanted.alters <= had.alters):
        raise Widening(f"{outer.purpose} -> {inner.purpose}")
    if inner.scope is None and outer.scope is not None:
        raise Widening("scope")
    if inner.scope is not None and not inner.scope.within(outer.scope):
        raise Widening("scope")


def _set(connection: Any, context: Context | None) -> None:
    values = context.settings() if context else ("", "", "", "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('maehia.actor', %s, true), set_config('maehia.purpose', %s, true),"
            " set_config('maehia.mode', %s, true), set_config('maehia.scope', %s, true)",
            values,
        )
