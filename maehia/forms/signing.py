"""Addresses that open one file for a short while, in the context of whoever was shown the page.

A visitor needs none for what is released. Staff, link holders and owners get one with each page: it says who acts, for
what and how far, is signed, lasts minutes, and for an account works in that account's own session only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

from maehia.kit.acting import Context, Scope, required
from maehia.kit.clock import now

SALT = "maehia.forms.file"
LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token opens: one file or document, as `context`."""

    id: UUID
    context: Context


def make_token(id_: UUID, life: timedelta = LIFE) -> str:
    """A token for one file in the context at hand."""
    context = required()
    scope = str(context.scope) if context.scope else ""
    ends = int((now() + life).timestamp())
    return signing.dumps(
        [str(id_), context.actor, context.purpose, context.mode, scope, ends], salt=SALT, compress=True
    )


def read_token(token: str) -> Pass | None:
    """The pass of a token; None when it is forged, of another kind or past its time."""
    try:
        id_, actor, purpose, mode, scope, ends = signing.loads(token, salt=SALT)
        if now().timestamp() > ends:
            return None
        return Pass(UUID(id_), Context(actor, purpose, mode, _scope(scope)))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _scope(text: str) -> Scope | None:
    if not text:
        return None
    kind, _, values = text.partition(":")
    return Scope(kind, tuple(values.split(",")))


def same_person(request: Any, context: Context) -> bool:
    """Whether a token of an account is used by that account."""
    if not context.actor.startswith("user:"):
        return True
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and user.actor == context.actor)
