"""Which limits hold, what the stations say about them, and what crossed them. Readings come from the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from maehia.base import BANGKOK
from maehia.city.models import LatestReading, Quantity, Station
from maehia.city.queries import readings
from maehia.emergency.models import Threshold, ThresholdCrossing, ThresholdState
from maehia.emergency.rules import thresholds as rules
from maehia.emergency.rules.thresholds import MEASURES, Limit, Sample, Track
from maehia.thai import mean_of_hours, thai_aqi_pm25

BEYOND_SCALE = 201.0  # above 200 the Thai index has no official slope: it counts as the first value of the last band
PREVIEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """One limit at one station now. state: normal, over or unknown; run: readings in a row towards the other one."""

    threshold: Threshold
    station: str
    name: str
    state: str
    value: float | None
    at: datetime | None
    since: datetime | None
    run: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a limit would have done at one station in the last days: moments at which it would have been reached."""

    station: str
    name: str
    state: str
    value: float | None
    reached: tuple[datetime, ...]


def holding(day: date) -> list[Threshold]:
    """The version of each limit that holds on a day, the gravest first."""
    rows = Threshold.objects.filter(valid_from__lte=day, withdrawn_at=None).order_by("key", "-valid_from", "-made_at")
    newest = [next(versions) for _, versions in groupby(rows, key=lambda row: row.key)]
    return sorted((row for row in newest if row.active), key=lambda row: (-row.stage, row.name_th))


def limit_of(row: Any) -> Limit:
    """The machine's limit of a row (or of what a form says: same names)."""
    return Limit(float(row.over), float(row.hysteresis), row.readings, timedelta(minutes=row.stale_minutes))


def stations_of(row: Any) -> list[Station]:
    """The stations that a limit looks at: the named one, or every one that has ever sent the quantity."""
    if row.station:
        return list(Station.objects.filter(code=row.station))
    codes = LatestReading.objects.filter(quantity=MEASURES[row.measure].quantity).values("station_code")
    return list(Station.objects.filter(code__in=codes).order_by("code"))


def samples(measure: str, station: str, since: datetime, now: datetime, over: float) -> list[Sample]:
    """Values of a measure after `since` and up to now (and a little ahead: clocks differ), oldest first.

    AQI: at each whole hour the index of the mean of 24 hours, of which 18 must be there, and the last one too. Rain:
    the sum at each reading. Anything that is not graded good has no value.
    """
    one = MEASURES[measure]
    if measure == "aqi_24h":
        return _aqi(station, one.quantity, since, now)
    start, end = since - timedelta(hours=2 * one.hours), now + rules.AHEAD
    held = [Sample(row.at, row.value if row.quality == "good" else None)
            for row in readings.series(station, one.quantity, start, end, limit=100_000)]  # fmt: skip
    found = rules.sums(held, one.hours, over) if one.hours else held
    return [sample for sample in found if sample.at > since]


def _aqi(station: str, quantity: str, since: datetime, now: datetime) -> list[Sample]:
    end, hour = readings.floor(now, "hour"), timedelta(hours=1)
    first = readings.floor(since, "hour") - timedelta(hours=24)
    means = [bucket.mean for bucket in readings.buckets(station, quantity, "hour", first, end)]
    found = []
    for n in range(24, len(means) + 1):
        at = first + hour * n
        if at > since:
            mean = mean_of_hours(means[n - 24 : n]) if means[n - 1] is not None else None
            found.append(Sample(at, _index(mean)))
    return found


def _index(mean: Any) -> float | None:
    aqi = thai_aqi_pm25(mean)
    return None if aqi is None else float(aqi.value) if aqi.value is not None else BEYOND_SCALE


def stale_minutes(measure: str) -> int:
    """What a form offers: the sheet's half hour, an hour and a half for means of hours, never beyond the quantity's."""
    offered = 90 if measure == "aqi_24h" else 30
    held = Quantity.objects.filter(pk=MEASURES[measure].quantity).values_list("stale_minutes", flat=True).first()
    return min(offered, held) if held else offered


def try_out(row: Any, now: datetime, days: int = PREVIEW_DAYS) -> list[Trial]:
    """What a limit that is not stored yet would have done in the last days. Nothing is written, nobody is told."""
    limit, found = limit_of(row), []
    for station in stations_of(row):
        rows = samples(row.measure, station.code, now - timedelta(days=days), now, limit.over)
        track, turns = rules.follow(Track(), rules.believed(rows, now), limit)
        found.append(Trial(station.code, station.name or station.code, rules.state_at(track, now, limit), track.value,
                           tuple(turn.sample.at for turn in turns if turn.over)))  # fmt: skip
    return found


def standings(now: datetime) -> list[Standing]:
    """How every limit that holds stands at each of its stations, in the context's mode: what is old is unknown."""
    held = {(row.key, row.station): row for row in ThresholdState.objects.all()}
    found = []
    for threshold in holding(now.astimezone(BANGKOK).date()):
        for station in stations_of(threshold):
            row = held.get((threshold.key, station.code)) or ThresholdState()
            found.append(Standing(threshold, station.code, station.name or station.code,
                                  state_of(row, threshold, now), row.value, row.at, row.since, row.run))  # fmt: skip
    return found


def state_of(row: ThresholdState, threshold: Threshold, now: datetime) -> str:
    """The state as it is now: a row that nobody has looked at since does not stay normal."""
    return rules.state_at(Track(over=bool(row.base.get("over_now")), at=row.at), now, limit_of(threshold))


def versions() -> list[Threshold]:
    """All versions of all limits, the newest first within each."""
    return list(Threshold.objects.order_by("key", "-valid_from", "-made_at"))


def crossings(*, only_open: bool = True, limit: int = 50) -> list[ThresholdCrossing]:
    """What was reached, newest first; only_open: what nobody has answered yet."""
    rows = ThresholdCrossing.objects.select_related("threshold", "incident")
    return list((rows.filter(answer="") if only_open else rows).order_by("-at")[:limit])


def station_names() -> dict[str, str]:
    return dict(Station.objects.values_list("code", "name"))
