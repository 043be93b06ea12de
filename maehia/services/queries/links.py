"""Secret addresses of tickets and appointments: the row's id and a seal that only the town's keys can make."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Literal
from uuid import UUID

from maehia.kit.crypto import blind_index

Kind = Literal["ticket", "booking"]
LONGEST = 64


def token_of(kind: Kind, key: UUID) -> str:
    """The secret of a ticket or appointment; the same each time, so that a repeated POST gets it again."""
    return base64.urlsafe_b64encode(key.bytes + _seal(kind, key)).decode().rstrip("=")


def key_of(kind: Kind, token: str) -> UUID | None:
    """The id behind a secret; None for one that this town did not make."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) <= 16:
        return None
    key = UUID(bytes=raw[:16])
    return key if hmac.compare_digest(raw[16:], _seal(kind, key)) else None


def _seal(kind: Kind, key: UUID) -> bytes:
    return blind_index("link", f"{kind}:{key}")
