"""What shelters do by the clock: the count at 20:00."""

from __future__ import annotations

from maehia.emergency.actions.shelters_night import take_all
from maehia.kit.jobs import periodic


@periodic("emergency.shelter_night", "0 13-16 * * *")
def count_tonight() -> None:
    """At 20:00 in Thailand; the hours after it are for a worker that slept. It counts once a day."""
    take_all()
