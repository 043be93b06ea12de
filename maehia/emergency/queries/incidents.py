"""Finding incidents. A number says its mode, so that a page knows in which context to look."""

from __future__ import annotations

from uuid import UUID

from maehia.city.queries.town import read_town
from maehia.emergency.models import Incident
from maehia.emergency.workflow import LIVE_STATES, OPEN_STATES

EXERCISE = "EX"


def prefix(mode: str = "live") -> str:
    """The letters before an incident's number: EX for exercises, else what the town's profile says (extra)."""
    if mode == "exercise":
        return EXERCISE
    town = read_town()
    return str(town.extra.get("incident_prefix", "IC")) if town else "IC"


def mode_of(number: str) -> str:
    """live or exercise, as the number says."""
    return "exercise" if number.startswith(f"{EXERCISE}-") else "live"


def find(number: str) -> Incident | None:
    """The incident, as far as the context at hand sees it."""
    return (
        Incident.objects.select_related("footprint", "merged_into")
        .defer("footprint__depth")
        .filter(number=number)
        .first()
    )


def get(key: UUID) -> Incident | None:
    return Incident.objects.filter(pk=key).first()


def open_ones() -> list[Incident]:
    """Incidents of the context's mode that are not over, the newest first."""
    return list(Incident.objects.filter(state__in=OPEN_STATES).order_by("-started_at"))


def live_ones() -> list[Incident]:
    """Incidents of the context's mode that are being fought."""
    return list(Incident.objects.filter(state__in=LIVE_STATES).order_by("-started_at"))
