"""The demo's stations go on sending: what they measured a year ago comes again, so that the town stays alive.

Only in a database that carries the demo mark; in a real town nothing is ever invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

YEAR = timedelta(days=364)  # whole weeks, so that weekdays meet weekdays
MOST_DAYS = 30
ORIGIN = "demo"


def feed() -> int:
    """Add the readings between the newest one and now. Returns how many; 0 in a real town."""
    from maehia.city.actions import add_readings
    from maehia.city.models import LatestReading
    from maehia.kit import clock
    from maehia.kit.demo import is_demo

    if not is_demo():
        return 0
    now = clock.now()
    rows = [
        reading
        for latest in LatestReading.objects.order_by("station_code", "quantity")
        for reading in due(latest.station_code, latest.quantity, latest.at, now)
    ]
    return add_readings(rows, origin=ORIGIN) if rows else 0


def due(station: str, quantity: str, last: datetime, now: datetime) -> Iterator[object]:
    """Last year's readings of the time that is missing, moved to this year."""
    from maehia.city.actions import Reading
    from maehia.city.models import Observation

    start = max(last, now - timedelta(days=MOST_DAYS))
    past = Observation.objects.filter(
        station_code=station, quantity=quantity, quality="good", at__gt=start - YEAR, at__lte=now - YEAR
    )
    for at, value in past.order_by("at").values_list("at", "value"):
        yield Reading(station, quantity, at + YEAR, value)
