"""Appending readings: graded as they come, the same value at the same time is taken once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from maehia.base import Problem, ProblemError
from maehia.city.models import LatestReading, Quantity, Station
from maehia.city.readings import Last, Limits, grade, moved_on
from maehia.kit.clock import now

BATCH_ROWS = 5000
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value: station code, quantity key, aware time, value in the quantity's unit (None = no value)."""

    station: str
    quantity: str
    at: datetime
    value: float | None


@transaction.atomic
def add_readings(readings: Iterable[Reading], *, origin: str) -> int:
    """Store readings and keep `LatestReading`. Returns how many were new. Raises ProblemError: unknown_station,
    unknown_quantity, naive_time."""
    rows = sorted(readings, key=lambda r: (r.station, r.quantity, r.at))
    _refuse_unknown(rows)
    limits = {q.key: Limits(q.low, q.high, q.stuck_minutes, q.stale_minutes) for q in Quantity.objects.all()}
    stations = {r.station for r in rows}
    last = {
        (row.station_code, row.quantity): Last(row.at, row.value, row.since)
        for row in LatestReading.objects.select_for_update().filter(station_code__in=stations)
    }
    received = now()
    graded: list[Row] = []
    newest: dict[tuple[str, str], tuple[Last, str]] = {}
    for r in rows:
        pair = (r.station, r.quantity)
        before = last.get(pair)
        if before and r.at < before.at:
            before = None  # late: graded by its range alone, the newest value stays
        quality = grade(r.value, r.at, limits[r.quantity], before)
        graded.append((r.station, r.quantity, r.at, r.value, quality, received, origin))
        if pair not in last or r.at >= last[pair].at:
            last[pair] = moved_on(r.value, r.at, last.get(pair))
            newest[pair] = (last[pair], quality)
    added = sum(_insert(part) for part in _parts(graded))
    _keep_latest(newest)
    return added


def _refuse_unknown(rows: list[Reading]) -> None:
    unknown = {r.station for r in rows} - set(Station.objects.values_list("code", flat=True))
    if unknown:
        raise ProblemError(
            Problem(
                "unknown_station",
                f"ไม่รู้จักสถานี {', '.join(sorted(unknown)[:5])}",
                "",
                "นำเข้าบัญชีสถานีก่อน หรือตรวจรหัสสถานี",
            )
        )
    strange = {r.quantity for r in rows} - set(Quantity.objects.values_list("key", flat=True))
    if strange:
        raise ProblemError(Problem("unknown_quantity", f"ไม่รู้จักค่าที่วัด {', '.join(sorted(strange)[:5])}"))
    if any(r.at.tzinfo is None for r in rows):
        raise ProblemError(Problem("naive_time", "เวลาของค่าที่วัดต้องระบุเขตเวลา", "", "ใช้รูปแบบ 2026-11-21T14:30:00+07:00"))


def _parts(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), BATCH_ROWS):
        yield rows[start : start + BATCH_ROWS]


def _insert(rows: list[Row]) -> int:
    columns = "station_code, quantity, at, value, quality, received_at, origin"
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO city_observation ({columns}) VALUES {marks} ON CONFLICT DO NOTHING",  # noqa: S608
            [value for row in rows for value in row],
        )
        return int(cursor.rowcount)


def _keep_latest(newest: dict[tuple[str, str], tuple[Last, str]]) -> None:
    LatestReading.objects.bulk_create(
        [
            LatestReading(
                station_code=s, quantity=q, at=found.at, value=found.value, quality=quality, since=found.since
            )
            for (s, q), (found, quality) in newest.items()
        ],
        update_conflicts=True,
        unique_fields=["station_code", "quantity"],
        update_fields=["at", "value", "quality", "since"],
    )
