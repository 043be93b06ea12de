"""A reading that a script gives: put to the town's limits in the exercise's own state, never to real observations."""

from __future__ import annotations

from maehia.base import ProblemError
from maehia.emergency.actions import exercises, thresholds
from maehia.emergency.models import Incident, Inject
from maehia.emergency.rules.thresholds import Sample
from maehia.kit.clock import now

STATION = "ฝึกซ้อม"


@exercises.plays("reading")
def put_to_limits(incident: Incident, inject: Inject) -> None:
    """payload: {threshold: key of a limit, value, station (optional)}. A crossing suggests, as a real one would.

    A town that has withdrawn the limit still hears the reading; nothing is crossed then.
    """
    told = inject.payload
    sample = Sample(now(), float(told["value"]))
    try:
        found = thresholds.feed(told["threshold"], told.get("station", STATION), [sample])
    except ProblemError as error:
        if error.problem.code != "no_threshold":
            raise
        return
    for crossing in found:
        if not crossing.answer:
            thresholds.lead_to(crossing.pk, incident)
