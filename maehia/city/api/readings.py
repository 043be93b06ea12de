"""POST /api/readings/: stations and gateways send values, as JSON or CSV, with a key in the header.

    Authorization: Bearer mhr_...
    Content-Type: application/json   [{"station": "AQ1", "quantity": "pm25",
                                       "at": "2026-11-21T14:00:00+07:00", "value": 41.2}]
    Content-Type: text/csv           station,quantity,at,value

Good rows are kept even when others are refused; the same reading twice is kept once, so a batch may be sent again.
200 all taken, 401 key, 405 not a POST, 413 too large, 415 neither JSON nor CSV, 422 unreadable or some rows refused,
429 too often.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from maehia.base import Problem
from maehia.city.actions import Reading, add_readings, reading_key
from maehia.city.models import Quantity, ReadingKey, Station
from maehia.kit import clock, rates

MAX_BYTES = 2**20
MAX_ROWS = 5000
POSTS_PER_MINUTE = 120
FAILURES_PER_MINUTE = 20
AHEAD = timedelta(minutes=10)
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
FIELDS = ("station", "quantity", "at", "value")


@dataclass(frozen=True, slots=True)
class Known:
    """What a row is checked against: stations of the key, quantities, and how late it is."""

    stations: frozenset[str]
    allowed: frozenset[str]
    quantities: frozenset[str]
    latest: datetime


class Refused(Exception):
    """The whole request is refused: status and problem."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(problem.code)
        self.status, self.problem = status, problem


@csrf_exempt
@never_cache
def post(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return answer(405, [ONLY_POST.as_dict()], Allow="POST")
    try:
        key = checked_key(request)
        rows = read_rows(request)
    except rates.TooOften as error:
        return answer(429, [error.problem.as_dict()], **{"Retry-After": "60"})
    except Refused as error:
        return answer(error.status, [error.problem.as_dict()])
    known, good, problems = knowledge(key), [], []
    for number, row in enumerate(rows, start=1):
        found = read_row(row, known)
        if isinstance(found, Problem):
            problems.append({"row": number, **found.as_dict()})
        else:
            good.append(found)
    added = add_readings(good, origin=f"post:{key.pk}") if good else 0
    counts = {"received": len(rows), "added": added, "same": len(good) - added, "refused": len(problems)}
    return answer(422 if problems else 200, problems, counts)


def answer(
    status: int, problems: list[dict[str, Any]], counts: dict[str, int] | None = None, **headers: str
) -> JsonResponse:
    body = {**(counts or {}), "problems": problems}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def checked_key(request: HttpRequest) -> ReadingKey:
    """The key in force behind the header. Raises Refused 401, TooOften for a key or a guesser in a hurry."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = reading_key(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        place = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]
        rates.limit(f"reading-key-failures:{place}", FAILURES_PER_MINUTE, 60)
        raise Refused(
            401, Problem("bad_key", "กุญแจไม่ถูกต้องหรือถูกยกเลิกแล้ว", "Authorization", "ขอกุญแจใหม่จากผู้ดูแลระบบของเทศบาล")
        )
    rates.limit(f"readings:{key.pk}", POSTS_PER_MINUTE, 60)
    return key


def read_rows(request: HttpRequest) -> list[Mapping[str, Any]]:
    """Rows of the body. Raises Refused 413, 415, 422."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BYTES:
        raise Refused(413, TOO_LARGE)
    body = request.body
    if len(body) > MAX_BYTES:
        raise Refused(413, TOO_LARGE)
    reader = READERS.get((request.content_type or "").lower())
    if reader is None:
        raise Refused(
            415, Problem("unknown_type", "รับเฉพาะ JSON และ CSV", "Content-Type", "ใช้ application/json หรือ text/csv")
        )
    try:
        rows = reader(body.decode("utf-8-sig"))
    except (ValueError, csv.Error, RecursionError) as error:
        raise Refused(
            422, Problem("unreadable", "อ่านข้อมูลที่ส่งมาไม่ได้", str(error)[:120], "ตรวจรูปแบบ JSON หรือ CSV และรหัสอักขระ UTF-8")
        ) from error
    if len(rows) > MAX_ROWS:
        raise Refused(413, TOO_LARGE)
    return rows


ONLY_POST = Problem("only_post", "ที่อยู่นี้รับค่าที่ส่งมาเท่านั้น", "method", "ส่งด้วย POST")
TOO_LARGE = Problem("too_large", f"ส่งได้ครั้งละไม่เกิน {MAX_ROWS} แถวและ 1 MB", "", "แบ่งส่งเป็นหลายครั้ง")


def read_json(text: str) -> list[Mapping[str, Any]]:
    found = json.loads(text, parse_constant=_no_constant)
    rows = found.get("readings") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("a list of objects is expected")
    return rows


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def read_csv(text: str) -> list[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = set(FIELDS) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"missing columns: {', '.join(sorted(missing))}")
    rows: Iterable[Mapping[str, Any]] = reader
    return list(rows)


READERS: dict[str, Callable[[str], list[Mapping[str, Any]]]] = {"application/json": read_json, "text/csv": read_csv}


def knowledge(key: ReadingKey) -> Known:
    stations = frozenset(Station.objects.values_list("code", flat=True))
    allowed = frozenset(key.stations) or stations
    return Known(stations, allowed, frozenset(Quantity.objects.values_list("key", flat=True)), clock.now() + AHEAD)


def read_row(row: Mapping[str, Any], known: Known) -> Reading | Problem:
    """One reading, or what is wrong with the row."""
    station, quantity = str(row.get("station") or "").strip(), str(row.get("quantity") or "").strip()
    if station not in known.stations:
        return Problem("unknown_station", f"ไม่รู้จักสถานี {station[:40]}", "station", "ตรวจรหัสสถานี")
    if station not in known.allowed:
        return Problem("station_not_yours", f"กุญแจนี้ส่งค่าของสถานี {station[:40]} ไม่ได้", "station", "ใช้กุญแจของสถานีนั้น")
    if quantity not in known.quantities:
        return Problem("unknown_quantity", f"ไม่รู้จักค่าที่วัด {quantity[:30]}", "quantity", "ดูรายชื่อค่าที่รับได้จากเทศบาล")
    at = read_time(row.get("at"), known.latest)
    if isinstance(at, Problem):
        return at
    value = read_value(row.get("value"))
    return value if isinstance(value, Problem) else Reading(station, quantity, at, value)


def read_time(text: Any, latest: datetime) -> datetime | Problem:
    try:
        at = datetime.fromisoformat(str(text).strip())
    except ValueError:
        return Problem("bad_time", "อ่านเวลาไม่ได้", "at", "ใช้รูปแบบ 2026-11-21T14:30:00+07:00")
    if at.tzinfo is None:
        return Problem("naive_time", "เวลาไม่ได้ระบุเขตเวลา", "at", "เติม +07:00 ท้ายเวลา")
    if at < OLDEST:
        return Problem("old_time", "เวลาของค่าเก่าเกินกว่าที่เป็นไปได้", "at", "ตั้งนาฬิกาของเครื่องวัดให้ตรง")
    if at > latest:
        return Problem("future_time", "เวลาของค่าอยู่ในอนาคต", "at", "ตั้งนาฬิกาของเครื่องวัดให้ตรง")
    return at


def read_value(value: Any) -> float | Problem | None:
    """A finite number, or None for "no value"."""
    if value is None or value == "":
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        return Problem("bad_value", "ค่าที่ส่งไม่ใช่ตัวเลข", "value", "ส่งเป็นตัวเลข เช่น 41.2 หรือเว้นว่างถ้าไม่มีค่า")
    return number
