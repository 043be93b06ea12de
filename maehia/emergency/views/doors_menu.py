"""What door lists and the call-down bring to every page: tabs, a task, the page that opens without a signal."""

from __future__ import annotations

from maehia.emergency.actions import calldown, footprints_access
from maehia.emergency.models import Incident
from maehia.emergency.queries import calldown as calls
from maehia.emergency.queries import doors
from maehia.emergency.queries.shelters import open_places
from maehia.emergency.views import doors_layer
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.web import registry as web


def _left(incident: Incident) -> int | None:
    return doors.reached(incident).left or None


def _waiting(incident: Incident) -> int | None:
    found = calls.board(incident.pk)
    return found.waiting or None if found else None


TABS = (
    Tab("doors", "รายการบ้าน", "Door lists", "emergency:doors", "emergency.field", order=34, count=_left),
    Tab("calldown", "โทรติดตาม", "Call-down", "emergency:calldown", "emergency.people", order=36, count=_waiting),
)


def register() -> None:
    for tab in TABS:
        tabs.add(tab)
    web.offline_pages.add(web.OfflinePage("door-list", "/staff/emergency/*/doors/*/"))
    web.page_scripts.add(web.Script("doors-guard", "emergency/js/doors-guard.js"))
    footprints_access.provide_shelters(open_places)
    calldown.register()
    doors_layer.register()
