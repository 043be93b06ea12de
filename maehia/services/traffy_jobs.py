"""The exchange with Traffy, run by the worker."""

from __future__ import annotations

from typing import Any

from maehia.kit.jobs import Running, job, periodic
from maehia.services.peers.traffy import link, taking, work


@job("services.traffy_hints")
def hints(running: Running) -> dict[str, Any]:
    """A webhook came."""
    if link.state() == "off":
        return {}
    with link.client() as client:
        return {"hints": taking.work_on_hints(client)}


@periodic("services.traffy", "*/2 * * * *")
def tick() -> None:
    """Hints whose job was lost, new cases and changes of ours."""
    work.run()


@periodic("services.traffy_poll", "*/15 * * * *")
def poll() -> None:
    """Tickets that no webhook told of."""
    work.run(poll=True)
