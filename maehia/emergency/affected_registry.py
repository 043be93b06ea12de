"""What the list of people inside brings to the room: its tab, and the end of every grant when the fight is over."""

from __future__ import annotations

from django.db import transaction

from maehia.emergency.models import Incident
from maehia.emergency.workflow import LIVE_STATES


def register() -> None:
    """Called once at start."""
    from maehia.emergency.actions import footprints_access  # its job is known to the worker from here on
    from maehia.emergency.actions.incidents import on_move
    from maehia.emergency.queries.shelters import open_places
    from maehia.emergency.views.incident_tabs import Tab, tabs

    tabs.add(Tab("people", "ผู้ที่อยู่ในพื้นที่", "People inside", "emergency:affected", "emergency.see", order=30))
    on_move(end_when_over)
    footprints_access.provide_shelters(open_places)


def end_when_over(incident: Incident, before: str) -> None:
    """Grants end with the fight. After the commit, because they are the system's to end."""
    from maehia.emergency.actions.grants import end_all

    if before in LIVE_STATES and incident.state not in LIVE_STATES:
        transaction.on_commit(lambda: end_all(incident))
