"""Who stays where. Each read runs inside the caller's context; names are read only where a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from maehia.emergency.models import Stay
from maehia.emergency.models.shelters import OPEN
from maehia.emergency.rules.shelters import OPEN_STAYS


def open_of(*, person_key: UUID | None = None, id_index: bytes | None = None, band: str = "") -> list[Stay]:
    """Open stays of a person (by key or by the index of her national ID) or of a wristband, in this mode."""
    wanted = Q()
    if person_key is not None:
        wanted |= Q(person_key=person_key)
    if id_index is not None:
        wanted |= Q(id_index=id_index)
    if band:
        wanted |= Q(band=band)
    return list(Stay.objects.select_related("shelter").filter(OPEN).filter(wanted)) if wanted else []


def get(key: UUID) -> Stay | None:
    return Stay.objects.select_related("shelter__incident", "came_from__shelter").filter(pk=key).first()


def inside(shelter: UUID, states: Sequence[str] = OPEN_STAYS) -> list[Stay]:
    """Stays of a shelter in some states, parties together, who came first stands first."""
    rows = list(
        Stay.objects.filter(shelter=shelter, state__in=states).prefetch_related("needs").order_by("in_at", "id")
    )
    first: dict[object, int] = {}
    for number, row in enumerate(rows):
        first.setdefault(row.party or row.pk, number)
    return sorted(rows, key=lambda row: first[row.party or row.pk])


def together(stay: Stay) -> list[Stay]:
    """Open stays of those who came with her, without herself."""
    if stay.party is None:
        return []
    return list(Stay.objects.filter(OPEN, party=stay.party, shelter=stay.shelter_id).exclude(pk=stay.pk).order_by("id"))


def during(shelter: UUID, start: datetime, end: datetime) -> list[Stay]:
    """Everybody who was there at some moment from start to before end."""
    rows = Stay.objects.filter(shelter=shelter, in_at__lt=end).filter(Q(out_at=None) | Q(out_at__gte=start))
    return list(rows.exclude(state__in=("planned", "cancelled")).prefetch_related("needs").order_by("in_at", "id"))


def newest_of(key: UUID) -> UUID:
    """The stay that a person has now: the one she was moved to, and on from there."""
    for _ in range(50):
        after = Stay.objects.filter(came_from=key).values_list("pk", flat=True).first()
        if after is None:
            break
        key = after
    return key
