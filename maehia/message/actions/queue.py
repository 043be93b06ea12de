"""Putting a text in the outbox: one row, inside the caller's transaction. A job sends it after the commit."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import current
from maehia.kit.crypto import blind_index
from maehia.kit.jobs import enqueue
from maehia.kit.modes import current_mode
from maehia.message import rules, terms
from maehia.message.models import Message
from maehia.message.registry import templates

ACTOR, PURPOSE = "system:message", "message.send"
WAKE_SECONDS = 5.0
_woken = [0.0]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where somebody can be reached. wants: channels that he asked for, the best first (empty: the town's order).

    account_key: key (or actor, "user:<key>") of a log-in; its linked LINE, address and preference are found by it.
    """

    line_user: str = ""
    phone: str = ""
    email: str = ""
    account_key: str = ""
    wants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "account_key", str(self.account_key).removeprefix("user:"))

    @property
    def index(self) -> bytes | None:
        """Equal for equal people, tells nothing else."""
        return address_index(self.line_user or self.account_key or self.phone or self.email)

    def as_json(self) -> str:
        return json.dumps({k: v for k, v in asdict(self).items() if v}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Recipient:
        held = json.loads(text)
        return cls(**{**held, "wants": tuple(held.get("wants", ()))})


def address_index(address: str) -> bytes | None:
    """The blind index of a LINE user id, an account key, a phone or an e-mail address."""
    return blind_index("subject", address.strip().lower()) if address.strip() else None


def queue(
    template: str,
    *,
    to: Recipient,
    about: UUID | None = None,
    values: Mapping[str, str] | None = None,
    lang: str = "th",
    urgent: bool = False,
    mode: str | None = None,
) -> Message:
    """Freeze a text for one recipient and put it in the outbox. One statement; nothing is sent before the commit.

    Raises ProblemError: unknown_template, placeholder_empty, nobody_to_tell.
    """
    found = templates.get(template)
    body, version = render(template, values or {}, lang)
    row = new_row(template, body, to=to, about=about, lang=lang, urgent=urgent, version=version, mode=mode)
    if found.kind == "state" and not urgent:
        row.bundle, row.next_at = True, row.created_at + timedelta(minutes=terms.number("bundle.minutes"))
    row.save(force_insert=True)
    if urgent:
        wake()
    return row


def render(template: str, values: Mapping[str, str], lang: str = "th") -> tuple[str, int]:
    """(text, version) of a template in a language, Thai where there is no other. Raises ProblemError."""
    found, own = templates.get(template), terms.wording(template)
    thai, english = (own.th, own.en) if own else (found.th, found.en)
    text = english if lang == "en" and english else thai
    return rules.fill(text, values), own.version if own else 0


def new_row(
    template: str,
    body: str,
    *,
    to: Recipient,
    about: UUID | None = None,
    lang: str = "th",
    urgent: bool = False,
    version: int = 0,
    mode: str | None = None,
) -> Message:
    """A message that is not stored yet. Raises ProblemError nobody_to_tell."""
    if to.index is None:
        raise ProblemError(Problem("nobody_to_tell", "ไม่มีช่องทางติดต่อผู้รับ", template, "ใส่เบอร์โทร อีเมล หรือ LINE ของผู้รับ"))
    now = clock.now()
    return Message(
        template=template, version=version, lang=lang, about=about, recipient=to.as_json(), recipient_index=to.index,
        body=body, urgent=urgent, next_at=now, created_at=now, mode=mode or current_mode(),
    )  # fmt: skip


def wake() -> None:
    """Ask the sender to look at once, after the commit; at most every few seconds for a process."""
    moment = time.monotonic()
    if moment - _woken[0] < WAKE_SECONDS:
        return
    _woken[0] = moment
    ask: Any = partial(enqueue, "message.send", actor=ACTOR, purpose=PURPOSE)
    transaction.on_commit(ask, robust=True)


def in_context() -> bool:
    """Whether a context is open under which something can be queued."""
    return current() is not None
