"""Sending what is due, and working on what came in."""

from __future__ import annotations

import time
from typing import Any

from maehia.kit.jobs import Running, job, periodic
from maehia.message.actions.send import send_due
from maehia.message.actions.settle import forget_old
from maehia.message.actions.webhook import work_on_new

LONGEST_SECONDS = 45.0


@job("message.send")
def send(running: Running) -> dict[str, Any]:
    """Somebody queued something urgent."""
    return {"sent": tick()}


@job("message.inbound")
def inbound(running: Running) -> dict[str, Any]:
    """Events of LINE wait."""
    return {"events": work_on_new()}


@periodic("message.forget", "40 20 * * *")
def forget_old_words() -> None:
    """At night: what was said in the chat long ago."""
    forget_old()


@periodic("message.tick", "* * * * *")
def tick() -> int:
    """What is due goes, a batch at a time; between batches whoever writes is answered. Returns how many were taken.

    It ends after most of a minute: the other jobs of the worker wait for it, and the next tick goes on.
    """
    end, taken = time.monotonic() + LONGEST_SECONDS, 0
    while time.monotonic() < end:
        work_on_new()  # also events whose own job was lost
        now = send_due("live") + send_due("exercise")
        if not now:
            break
        taken += now
    return taken
