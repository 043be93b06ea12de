"""Work of the release of alerts beside the pages: calling approvers, and putting a warning before everybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from maehia.emergency.actions import fanout, release
from maehia.kit.acting import acting
from maehia.kit.jobs import Running, job, periodic

CALLS = "emergency.approvals"


@job(CALLS)
def call(running: Running) -> dict[str, Any]:
    """Somebody has just submitted an alert."""
    return {"called": release.call_due(running.mode)}


@periodic("emergency.approvals_tick", "* * * * *")
def call_everybody() -> None:
    """The next approver, when nobody answered."""
    for mode in ("live", "exercise"):
        release.call_due(mode)


@job(fanout.JOB)
def fan_out(running: Running) -> dict[str, Any]:
    """A live alert was published."""
    return {"queued": fanout.fan_out(UUID(str(running.ids["alert"])))}


@periodic("emergency.fanout_tick", "* * * * *")
def take_up() -> None:
    """What a killed worker has left goes on."""
    with acting(fanout.ACTOR, fanout.PURPOSE):
        left = fanout.unfinished()
    for key in left:
        fanout.fan_out(key)
