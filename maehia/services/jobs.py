"""What runs by itself: late cases are told, waiting ones are reminded, old ones are erased."""

from __future__ import annotations

from maehia.kit.acting import acting
from maehia.kit.jobs import periodic
from maehia.services import traffy_jobs
from maehia.services.actions import escalation, retention, waiting

__all__ = ["traffy_jobs"]  # told to the worker by being imported
BY, PURPOSE = "system:clock", "services.clock"


@periodic("services.climb", "*/15 * * * *")
def climb() -> int:
    with acting(BY, PURPOSE):
        return escalation.climb()


@periodic("services.waiting", "20 1 * * *")
def remind() -> tuple[int, int]:
    with acting(BY, PURPOSE):
        return waiting.look()


@periodic("services.retention", "10 19 * * *")
def erase() -> int:
    """At 02:10 in Bangkok."""
    with acting(BY, PURPOSE):
        return retention.run()
