"""What the queue does by the clock: end the day, mark who did not come, remind who comes tomorrow."""

from __future__ import annotations

from datetime import timedelta

from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.jobs import periodic
from maehia.services.actions import booking, queue

ACTOR, PURPOSE = "system:services", "services.clock"


@periodic("services.queue_day", "30 13 * * *")
def end_day() -> None:
    """At 20:30 in Thailand; the day before again, for a worker that slept."""
    today = clock.now().astimezone(BANGKOK).date()
    for day in (today - timedelta(days=1), today):
        with acting(ACTOR, PURPOSE):
            queue.close_day(day)
            booking.mark_missed(day)


@periodic("services.queue_remind", "0 8 * * *")
def remind() -> None:
    """At 15:00 in Thailand, while the service centre still answers the phone."""
    with acting(ACTOR, PURPOSE):
        booking.remind(clock.now().astimezone(BANGKOK).date())
