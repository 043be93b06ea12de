"""What the stations say now, and what they said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from maehia.base import BANGKOK
from maehia.city.models import LatestReading, Observation, Quantity, Station
from maehia.city.readings import Limits, is_stale
from maehia.thai import collation_key, mean_of_hours

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Bucket:
    """An hour or a day of one quantity: mean, lowest, highest and sum of its good values; `used` of `of` values."""

    at: datetime
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    used: int = 0
    of: int = 0


def latest(now: datetime, station: str = "") -> list[StationNow]:
    """Every station and quantity, in Thai order of names; a stale value is marked, never shown as the present."""
    stations = {s.code: s for s in Station.objects.all()}
    quantities = {q.key: q for q in Quantity.objects.all()}
    rows = LatestReading.objects.filter(station_code=station) if station else LatestReading.objects.all()
    found = []
    for row in rows:
        where, quantity = stations.get(row.station_code), quantities.get(row.quantity)
        if where is None or quantity is None:
            continue
        limits = Limits(quantity.low, quantity.high, quantity.stuck_minutes, quantity.stale_minutes)
        state = "stale" if is_stale(row.at, now, limits) else row.quality
        found.append(StationNow(where, quantity, row.at, row.value, state))
    return sorted(found, key=lambda r: (collation_key(r.station.name), r.station.code, r.quantity.key))


def silent_stations() -> list[Station]:
    """Stations that never sent a value."""
    spoken = LatestReading.objects.values("station_code")
    return sorted(Station.objects.exclude(code__in=spoken), key=lambda s: (collation_key(s.name), s.code))


def unwell(now: datetime) -> int:
    """How many values are not to be relied on now."""
    return sum(1 for row in latest(now) if not row.is_known)


def series(station: str, quantity: str, start: datetime, end: datetime, limit: int = 10_000) -> list[Observation]:
    """Observations from `start` up to, not including, `end`, oldest first."""
    rows = Observation.objects.filter(station_code=station, quantity=quantity, at__gte=start, at__lt=end)
    return list(rows.order_by("at")[:limit])


BUCKETS = """
SELECT station_code, date_trunc(%s, at, 'Asia/Bangkok') AS slot,
  avg(value) FILTER (WHERE quality = 'good'), min(value) FILTER (WHERE quality = 'good'),
  max(value) FILTER (WHERE quality = 'good'), sum(value) FILTER (WHERE quality = 'good'),
  count(*) FILTER (WHERE quality = 'good'), count(*)
FROM city_observation
WHERE quantity = %s AND at >= %s AND at < %s AND (%s = '' OR station_code = %s)
GROUP BY 1, 2
"""


def _by_station(unit: str, quantity: str, start: datetime, end: datetime, station: str) -> dict[str, list[Bucket]]:
    with connection.cursor() as cursor:
        cursor.execute(BUCKETS, [unit, quantity, start, end, station, station])
        found: dict[str, list[Bucket]] = defaultdict(list)
        for code, slot, *row in cursor.fetchall():
            found[code].append(Bucket(slot.astimezone(BANGKOK), *row))
    return found


def buckets(station: str, quantity: str, unit: str, start: datetime, end: datetime) -> list[Bucket]:
    """Hours or days (unit "hour", "day") of Thai time without a hole: a slot without values is there, empty."""
    held = {bucket.at: bucket for bucket in _by_station(unit, quantity, start, end, station).get(station, [])}
    step = HOUR if unit == "hour" else DAY
    slot, found = floor(start, unit), []
    while slot < end:
        found.append(held.get(slot, Bucket(slot)))
        slot += step
    return found


def floor(at: datetime, unit: str) -> datetime:
    """The start of the Thai hour or day (Thailand keeps one offset all year)."""
    local = at.astimezone(BANGKOK).replace(minute=0, second=0, microsecond=0)
    return local.replace(hour=0) if unit == "day" else local


def day_means(quantity: str, now: datetime) -> dict[str, Decimal | None]:
    """Mean of the 24 whole hours before now per station; None where fewer than 18 hours have a good value."""
    end = floor(now, "hour")
    start = end - DAY
    found: dict[str, Decimal | None] = {}
    for code, hours in _by_station("hour", quantity, start, end, "").items():
        held = {bucket.at: bucket.mean for bucket in hours}
        values = [held.get(start + HOUR * n) for n in range(24)]
        found[code] = mean_of_hours(values)
    return found
