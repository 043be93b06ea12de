"""The chat's handlers, texts and things to tap, given to the room `message` at start."""

from __future__ import annotations

from maehia.message import registry as message
from maehia.services.line import follow, report, texts


def register() -> None:
    """Called once at start."""
    for template in texts.templates():
        message.templates.add(template)
    message.inbound.add("services.follow", follow.handle, order=40)
    message.inbound.add("services.report", report.handle, order=50)
    message.quick.add("case.closed", follow.closed_items)
    message.quick.add("case.question", follow.question_items)
    message.quick.add("case.opened", follow.opened_items)
