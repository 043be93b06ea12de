"""Reads of the call-down: who is called next, how many are reached. Inside a context that reads relief."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from maehia.emergency.models import CallAnswer, CallDown, CallRound
from maehia.emergency.rules.calldown import CALL, REACHED, TO_VISIT, reached_curve
from maehia.kit.clock import now


@dataclass(frozen=True, slots=True)
class Board:
    """people: on the list; by_state; curve: (minutes since the alert, per cent reached)."""

    alerted_at: datetime
    people: int = 0
    by_state: dict[str, int] = field(default_factory=dict)
    by_moo: dict[str, dict[str, int]] = field(default_factory=dict)
    curve: list[tuple[int, float]] = field(default_factory=list)

    @property
    def reached(self) -> int:
        return sum(self.by_state.get(state, 0) for state in REACHED)

    @property
    def to_visit(self) -> int:
        return sum(self.by_state.get(state, 0) for state in TO_VISIT)

    @property
    def waiting(self) -> int:
        return self.by_state.get(CALL.start, 0)

    @property
    def percent(self) -> float:
        return 100 * self.reached / self.people if self.people else 0.0


def round_of(incident: UUID) -> CallRound | None:
    return CallRound.objects.filter(incident_id=incident).first()


def board(incident: UUID) -> Board | None:
    """Where the call-down stands; None before it began. Numbers only."""
    row = round_of(incident)
    if row is None:
        return None
    calls = CallDown.objects.filter(round=row)
    found = Board(row.alerted_at, people=calls.count())
    for state, moo, count in calls.values_list("state", "moo").annotate(n=Count("id")):
        found.by_state[state] = found.by_state.get(state, 0) + count
        one = found.by_moo.setdefault(str(moo or ""), {"people": 0, "reached": 0})
        one["people"] += count
        one["reached"] += count if state in REACHED else 0
    first = calls.exclude(first_at=None).values_list("first_at", flat=True)
    found.curve.extend(reached_curve(row.alerted_at, now(), [at for at in first if at], found.people))
    return found


def calls(incident: UUID, *states: str, limit: int = 200) -> list[CallDown]:
    """Calls in some states (all by default), the most urgent first."""
    rows = CallDown.objects.filter(round__incident_id=incident).order_by("-priority", "person_key")
    return list((rows.filter(state__in=states) if states else rows)[:limit])


def answers(call: UUID) -> list[CallAnswer]:
    return list(CallAnswer.objects.filter(call_id=call).order_by("number"))
