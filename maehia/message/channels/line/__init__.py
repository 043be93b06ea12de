"""LINE Messaging API: replies and pushes, webhook signature, ID tokens, the rich menu."""

from __future__ import annotations

from maehia.message.channels.line.channel import LineChannel

__all__ = ["LineChannel"]
