"""What still waits in an incident, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from maehia.emergency.models import Incident, LogLine
from maehia.emergency.rules.recovery import Backlog, backlog, open_things
from maehia.kit import clock
from maehia.web.registry import in_language

WAITING = (
    # kind of line, name of the thing in its value, states in which it is done, words
    ("help", "request", frozenset({"resolved", "unreachable", "duplicate", "referred"}),
     "คำขอความช่วยเหลือ", "Requests for help"),
    ("claim", "claim", frozenset({"paid", "rejected"}), "คำขอเงินช่วยเหลือ", "Claims for relief money"),
    ("correction", "id", frozenset({"verified"}), "การแก้ไขหลังการทบทวน", "Corrections after the review"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits."""

    words: str
    found: Backlog


def backlogs(incident: Incident) -> list[Waiting]:
    """Kinds that have something waiting now."""
    kinds = [row[0] for row in WAITING]
    lines = list(LogLine.objects.filter(incident=incident, kind__in=kinds).order_by("seq"))
    found = [
        Waiting(in_language(th, en), backlog(open_things(lines, kind, done, name), clock.now()))
        for kind, name, done, th, en in WAITING
    ]
    return [one for one in found if one.found.count]
