"""Reads of door lists: what was found, by result and by moo; no names. Inside a context that reads incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from maehia.emergency.models import DoorConflict, DoorList, DoorVisit, Incident
from maehia.emergency.rules.sync import RESULTS

STANDING = """
SELECT DISTINCT ON (v.house_key) v.house_key, v.result, v.people, v.moo, v.event_at, v.list_id
FROM emergency_doorvisit v JOIN emergency_doorlist l ON l.id = v.list_id
WHERE l.incident_id = %s ORDER BY v.house_key, v.rank_at DESC, v.turn DESC, v.instance::text DESC
"""
GIVEN = """
SELECT d.house_key, max(d.moo) FROM emergency_door d JOIN emergency_doorlist l ON l.id = d.list_id
WHERE l.incident_id = %s GROUP BY d.house_key
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """doors: houses on the lists of an incident; by_result, by_moo: by what was found last; people: met there."""

    doors: int = 0
    people: int = 0
    by_result: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RESULTS, 0))
    by_moo: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return sum(self.by_result.values())

    @property
    def left(self) -> int:
        """Doors where nobody was yet."""
        return self.doors - self.done


def reached(incident: Incident | UUID) -> Reached:
    """What stands at the doors of an incident now: each house once, its latest result."""
    key = incident.pk if isinstance(incident, Incident) else incident
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [key])
        moo_of = {house: str(moo or "") for house, moo in cursor.fetchall()}
        cursor.execute(STANDING, [key])
        standing = cursor.fetchall()
    found = Reached(doors=len(moo_of), people=sum(row[2] or 0 for row in standing if row[1] == "reached"))
    for moo in moo_of.values():
        one = found.by_moo.setdefault(moo, {"doors": 0, **dict.fromkeys(RESULTS, 0)})
        one["doors"] += 1
    for house, result, *_ in standing:
        found.by_result[result] += 1
        found.by_moo[moo_of.get(house, "")][result] += 1
    return found


def latest(houses: Sequence[UUID], incident: UUID) -> dict[UUID, Any]:
    """Per house its latest visit (with note), as far as it was visited."""
    rows = DoorVisit.objects.filter(list__incident_id=incident, house_key__in=list(houses)).select_related("note")
    return {row.house_key: row for row in rows.order_by("rank_at", "turn", "instance")}


def lists(incident: UUID) -> list[DoorList]:
    """Lists of an incident, the newest first, each with `.total`, `.visited` (doors) and `.open_conflicts`."""
    rows = DoorList.objects.filter(incident_id=incident).select_related("team").annotate(
        total=Count("doors", distinct=True), visited=Count("visits__door", distinct=True),
    )  # fmt: skip
    return list(rows.order_by("-number"))


def lists_of(account: UUID, incident: UUID) -> list[DoorList]:
    """Lists that an account, or a team it belongs to, was given in an incident; the open ones first."""
    mine = Q(account=account) | Q(team__members__account=account, team__members__ends_at=None)
    rows = DoorList.objects.filter(mine, incident_id=incident).select_related("team").annotate(
        total=Count("doors", distinct=True), visited=Count("visits__door", distinct=True),
    )  # fmt: skip
    return sorted(rows.distinct(), key=lambda row: (row.ended_at is not None, -row.number))


def conflicts(incident: UUID, *, settled: bool = False) -> list[DoorConflict]:
    """What waits for a decision, the oldest first."""
    rows = DoorConflict.objects.filter(list__incident_id=incident).select_related("list", "visit__door", "door")
    return list((rows.exclude(choice="") if settled else rows.filter(choice="")).order_by("received_at"))
