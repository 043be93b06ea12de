"""What shelters bring: a tab, a menu entry, the desk's page without a signal, the job of the evening."""

from __future__ import annotations

from maehia.emergency import shelters_jobs  # noqa: F401 (the count at 20:00)
from maehia.emergency.actions import shelters  # noqa: F401 (answers the guard no_open_stay)
from maehia.emergency.models import Incident
from maehia.emergency.queries.shelters import load
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.web import registry as web

GROUP = {"group_th": "ภาวะฉุกเฉิน", "group_en": "Emergency"}
MENU = web.MenuEntry("emergency-sites", "สถานที่เตรียมเป็นศูนย์พักพิง", "Shelter sites", "emergency:shelter_sites",
                     permission="emergency.prepare", icon="house", order=18, **GROUP)  # fmt: skip


def _inside(incident: Incident) -> int | None:
    return sum(one.inside for one in load(incident)) or None


def register() -> None:
    """Called once at start."""
    web.menu.add(MENU)
    web.offline_pages.add(web.OfflinePage("shelter-desk", "/shelter-desk/"))
    tabs.add(Tab("shelters", "ศูนย์พักพิง", "Shelters", "emergency:shelters", "emergency.see", order=45, count=_inside))
