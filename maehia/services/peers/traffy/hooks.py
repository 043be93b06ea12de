"""What Traffy's webhooks say: hints that a ticket changed. Nobody signs them, so none is believed: the ticket is read.

The secret stands in the address, the body is small, and the same hint twice is one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from maehia.services.peers.traffy.wire import read_time, text

MOST_BYTES = 64 * 1024
KINDS = ("chat", "rating", "comment", "chat_staff_only")
What = Literal["issue", "status", "talk"]


@dataclass(frozen=True, slots=True)
class Hint:
    """A ticket to look at. event: of a talk (chat, rating, comment, chat_staff_only), else "". digest: the same hint
    again has the same. words: of a talk only; a status is read from the ticket, never from here."""

    what: What
    ticket_id: str
    at: datetime | None
    event: str
    message_id: str
    from_reporter: bool
    words: str
    digest: bytes


def read_hint(method: str, body: bytes) -> Hint:
    """Raises ValueError for what is no webhook of Traffy."""
    if len(body) > MOST_BYTES:
        raise ValueError("too large")
    data = json.loads(body)
    if not isinstance(data, Mapping):
        raise ValueError("no object")
    ticket = text(data.get("ticket_id"))
    if not ticket or len(ticket) > 40 or not ticket.isprintable():
        raise ValueError("no ticket_id")
    event = text(data.get("event"))
    if event and event not in KINDS:
        raise ValueError("unknown event")
    return Hint(
        _what(method, event), ticket, read_time(data.get("timestamp")), event,
        text(data.get("message_comment_id"))[:80], not text(data.get("sender_org_id")),
        text(data.get("comment"))[:4000] if event else "",
        digest(method, data),
    )  # fmt: skip


def _what(method: str, event: str) -> What:
    if method == "PATCH":
        return "status"
    return "talk" if event else "issue"


def digest(method: str, data: Mapping[str, Any]) -> bytes:
    """sha256 over (method, ticket_id, timestamp, event, message_comment_id)."""
    parts = [method, *(text(data.get(name)) for name in ("ticket_id", "timestamp", "event", "message_comment_id"))]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()
