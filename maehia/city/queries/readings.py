"""What the stations say now, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from maehia.city.models import LatestReading, Observation, Quantity, Station
from maehia.city.readings import Limits, is_stale


@dataclass(frozen=True, slots=True)
class StationNow:
    """The newest value of one quantity at one station. `state`: good, range, stuck, missing or stale (= unknown)."""

    station: Station
    quantity: Quantity
    at: datetime
    value: float | None
    state: str

    @property
    def is_known(self) -> bool:
        return self.state == "good"


def latest(now: datetime) -> list[StationNow]:
    """Every station and quantity, in Thai order of names; a stale value is marked, never shown as the present."""
    stations = {s.code: s for s in Station.objects.all()}
    quantities = {q.key: q for q in Quantity.objects.all()}
    found = []
    for row in LatestReading.objects.all():
        station, quantity = stations.get(row.station_code), quantities.get(row.quantity)
        if station is None or quantity is None:
            continue
        limits = Limits(quantity.low, quantity.high, quantity.stuck_minutes, quantity.stale_minutes)
        state = "stale" if is_stale(row.at, now, limits) else row.quality
        found.append(StationNow(station, quantity, row.at, row.value, state))
    return sorted(found, key=lambda r: (r.station.code, r.quantity.key))


def series(station: str, quantity: str, start: datetime, end: datetime, limit: int = 10_000) -> list[Observation]:
    """Observations from `start` up to, not including, `end`, oldest first."""
    rows = Observation.objects.filter(station_code=station, quantity=quantity, at__gte=start, at__lt=end)
    return list(rows.order_by("at")[:limit])
