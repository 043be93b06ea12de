"""Sending what is due, and working on what came in."""

from __future__ import annotations

from typing import Any

from maehia.kit.jobs import Running, job, periodic
from maehia.message.actions.send import send_all
from maehia.message.actions.settle import forget_old
from maehia.message.actions.webhook import work_on_new


@job("message.send")
def send(running: Running) -> dict[str, Any]:
    """Somebody queued something urgent."""
    return {"sent": send_all()}


@job("message.inbound")
def inbound(running: Running) -> dict[str, Any]:
    """Events of LINE wait."""
    return {"events": work_on_new()}


@periodic("message.forget", "40 20 * * *")
def forget_old_words() -> None:
    """At night: what was said in the chat long ago."""
    forget_old()


@periodic("message.tick", "* * * * *")
def tick() -> None:
    """What is due goes; events whose job was lost are found again."""
    work_on_new()
    send_all()
