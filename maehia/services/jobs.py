"""What runs by itself: late cases are told, waiting ones are reminded, old ones are erased."""

from __future__ import annotations

from typing import Any

from maehia.kit.acting import acting
from maehia.kit.jobs import Running, job, periodic
from maehia.services import traffy_jobs
from maehia.services.actions import escalation, forecast, retention, waiting

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
    return retention.run()


@job(forecast.JOB)
def after_day(running: Running) -> dict[str, Any]:
    """A day of the working calendar was announced or taken back."""
    return {"moved": forecast.after_day(int(running.ids["day"]))}


@periodic("services.forecast_all", "40 18 * * *")
def count_anew() -> int:
    """At 01:40 in Bangkok: a calendar that came with a new version, or a job that was lost."""
    return forecast.run()
