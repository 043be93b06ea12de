"""Limits are set as dated data and looked at every few minutes. A crossing is a suggestion: it opens and sends nothing.

Parts that draft something from a crossing hang themselves on `on_crossed`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.city.models import Station
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import on_open, refused
from maehia.emergency.models import Incident, Threshold, ThresholdCrossing, ThresholdState
from maehia.emergency.queries import thresholds as queries
from maehia.emergency.rules import thresholds as rules
from maehia.emergency.rules.thresholds import MEASURES, Limit, Sample, Track
from maehia.emergency.workflow import HAZARDS
from maehia.kit.acting import acting, required
from maehia.kit.clock import now, today

ACTOR, PURPOSE = "system:readiness", "emergency.command"
LATE = timedelta(hours=2)  # readings that come late by less than this still fall into their place
BACK = timedelta(hours=24)  # how far a limit looks back when it is new
SOURCE = "threshold:"
Hook = Callable[[ThresholdCrossing], None]
_hooks: list[Hook] = []
logger = logging.getLogger(__name__)


def on_crossed(hook: Hook) -> None:
    """Call a part when a limit was reached, in the same transaction, so that it may draft something. Never to send.

    What a hook raises is logged and takes back only what that hook wrote.
    """
    if hook not in _hooks:
        _hooks.append(hook)


@dataclass(frozen=True, slots=True)
class NewThreshold:
    """A version of a limit as a form gives it; names as in the table."""

    key: str
    name_th: str
    measure: str
    over: Decimal
    hazard: str
    source: str
    valid_from: date
    name_en: str = ""
    station: str = ""
    hysteresis: Decimal = Decimal(0)
    readings: int = 2
    stale_minutes: int = 30
    stage: int = 1
    advice_th: str = ""
    advice_en: str = ""
    verified: bool = False
    active: bool = True


def check(new: NewThreshold) -> None:
    """Raises ProblemError: no_name, unknown_measure, unknown_hazard, unknown_station, bad_limit, bad_hysteresis,
    bad_readings, bad_stale, bad_stage, no_source."""
    if not (new.key.strip() and new.name_th.strip()):
        raise refused("no_name", "ยังไม่ได้ตั้งรหัสหรือชื่อเกณฑ์", "name_th", "ตั้งชื่อสั้น ๆ ที่บอกสถานีและระดับ")
    if new.measure not in MEASURES:
        raise refused("unknown_measure", "ไม่มีค่าที่วัดนี้", "measure", "เลือกจากรายการ")
    if new.hazard not in dict(HAZARDS):
        raise refused("unknown_hazard", "ไม่มีประเภทภัยนี้", "hazard", "เลือกประเภทภัยจากรายการ")
    if new.station and not Station.objects.filter(code=new.station).exists():
        raise refused("unknown_station", f"ไม่มีสถานี {new.station}", "station", "เลือกสถานีจากรายการ หรือเว้นว่างเพื่อใช้ทุกสถานี")
    _check_numbers(new)
    if not new.source.strip():
        raise refused("no_source", "ยังไม่ได้ระบุที่มาของเกณฑ์", "source", "เขียนชื่อประกาศ คู่มือ หรือผู้กำหนด")


def _check_numbers(new: NewThreshold) -> None:
    if not new.over.is_finite() or not 0 < new.over < 100_000:
        raise refused("bad_limit", "ค่าเกณฑ์ต้องเป็นจำนวนที่มากกว่าศูนย์", "over")
    if not new.hysteresis.is_finite() or not 0 <= new.hysteresis < new.over:
        raise refused("bad_hysteresis", "ระยะกันแกว่งต้องไม่ติดลบและน้อยกว่าค่าเกณฑ์", "hysteresis")
    if not 1 <= new.readings <= 10:
        raise refused("bad_readings", "จำนวนครั้งที่วัดต้องอยู่ระหว่าง 1 ถึง 10", "readings")
    if not 1 <= new.stale_minutes <= 1440:
        raise refused("bad_stale", "อายุของค่าต้องอยู่ระหว่าง 1 ถึง 1,440 นาที", "stale_minutes")
    if new.stage not in rules.STAGES:
        raise refused("bad_stage", "ไม่มีระดับนี้", "stage", "เลือก เฝ้าระวัง เตือนภัย หรือวิกฤต")


@transaction.atomic
def set_threshold(new: NewThreshold) -> Threshold:
    """A version from a day on; the newest that holds counts. Raises ProblemError: see `check`, threshold_stands."""
    check(new)
    given = {name: getattr(new, name) for name in NewThreshold.__slots__}
    given |= {"key": new.key.strip(), "name_th": new.name_th.strip(), "source": new.source.strip()}
    row = Threshold(**given, made_by=required().actor, made_at=now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refused("threshold_stands", "มีเกณฑ์นี้ที่เริ่มใช้วันเดียวกันอยู่แล้ว", new.key,
                      "เพิกถอนฉบับเดิมก่อน หรือเลือกวันอื่น") from error  # fmt: skip
    return row


@transaction.atomic
def withdraw(pk: UUID) -> Threshold:
    """Undo a version: the one before it counts again. Raises ProblemError no_threshold."""
    row = Threshold.objects.select_for_update().filter(pk=pk, withdrawn_at=None).first()
    if row is None:
        raise refused("no_threshold", "ไม่พบเกณฑ์นี้ หรือเพิกถอนไปแล้ว")
    row.withdrawn_by, row.withdrawn_at = required().actor, now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return row


def evaluate() -> list[ThresholdCrossing]:
    """Look at every limit that holds, at each of its stations. Returns the new crossings. Run by the worker."""
    moment, found = now(), []
    with acting(ACTOR, PURPOSE):
        limits = [(row, station.code) for row in queries.holding(today()) for station in queries.stations_of(row)]
    for threshold, station in limits:
        with acting(ACTOR, PURPOSE):
            found += _look(threshold, station, moment)
    return found


def _look(threshold: Threshold, station: str, moment: datetime) -> list[ThresholdCrossing]:
    """One limit at one station, from its base on: late readings fall into their place."""
    row, limit = _locked(threshold, station, moment), queries.limit_of(threshold)
    base = track_of(row, threshold)
    since = base.at or moment - BACK
    held = rules.believed(queries.samples(threshold.measure, station, since, moment, limit.over), moment)
    settled, _ = rules.follow(base, [s for s in held if s.at <= moment - LATE], limit)
    return _store(row, threshold, limit, held, moment, start=base, base=settled)


def feed(key: str, station: str, given: Sequence[Sample]) -> list[ThresholdCrossing]:
    """Readings of an exercise, into its own state; the city's observations are not touched.

    Inside a context of mode exercise. Raises ProblemError: not_exercise, no_threshold.
    """
    if required().mode != "exercise":
        raise refused("not_exercise", "ค่าที่สมมติใช้ได้เฉพาะในการฝึกซ้อม", key)
    threshold = next((row for row in queries.holding(today()) if row.key == key), None)
    if threshold is None:
        raise refused("no_threshold", "ไม่มีเกณฑ์นี้ที่ใช้อยู่วันนี้", key)
    moment, limit = now(), queries.limit_of(threshold)
    row = _locked(threshold, station, moment)
    base, held = track_of(row, threshold), rules.believed(given, moment)
    settled, _ = rules.follow(base, held, limit)
    return _store(row, threshold, limit, held, moment, start=base, base=settled)


def _locked(threshold: Threshold, station: str, moment: datetime) -> ThresholdState:
    ThresholdState.objects.get_or_create(
        key=threshold.key, station=station, mode=required().mode, defaults={"checked_at": moment}
    )
    return ThresholdState.objects.select_for_update().get(key=threshold.key, station=station)


def track_of(row: ThresholdState, threshold: Threshold) -> Track:
    """The machine as of the base; a new version of the limit begins anew."""
    base = row.base
    if base.get("version") != str(threshold.pk):
        return Track()
    times = {name: datetime.fromisoformat(base[name]) if base.get(name) else None for name in ("at", "since")}
    return Track(base["over"], base["run"], times["at"], base["value"], times["since"])


def _store(
    row: ThresholdState, threshold: Threshold, limit: Limit, held: Sequence[Sample], moment: datetime, *,
    start: Track, base: Track,
) -> list[ThresholdCrossing]:  # fmt: skip
    track, turns = rules.follow(start, held, limit)
    fresh = row.base.get("version") != str(threshold.pk)
    # A limit that is new today tells only of what is still over, not of all that it would have told of before.
    first = (turns[-1].sample.at.isoformat() if turns else "") if fresh else row.base["tells_since"]
    row.base = {
        "tells_since": first,
        "version": str(threshold.pk), "over": base.over, "run": base.run, "value": base.value, "over_now": track.over,
        "at": base.at.isoformat() if base.at else "", "since": base.since.isoformat() if base.since else "",
    }  # fmt: skip
    row.state, row.value, row.at = rules.state_at(track, moment, limit), track.value, track.at
    row.since, row.run, row.checked_at = track.since, track.run, moment
    row.save()
    told = [turn for turn in turns if not first or turn.sample.at >= datetime.fromisoformat(first)]
    return _cross(threshold, row.station, told, moment)


def _cross(
    threshold: Threshold, station: str, turns: Sequence[rules.Turn], moment: datetime
) -> list[ThresholdCrossing]:
    made: list[ThresholdCrossing] = []
    for turn in turns:
        if not turn.over:
            ThresholdCrossing.objects.filter(
                threshold__key=threshold.key, station=station, cleared_at=None, at__lt=turn.sample.at
            ).update(cleared_at=turn.sample.at)
            for one in made:
                one.cleared_at = one.cleared_at or turn.sample.at
            continue
        crossing, new = ThresholdCrossing.objects.get_or_create(
            threshold=threshold, station=station, at=turn.sample.at, mode=required().mode,
            defaults={"value": turn.sample.value or 0.0, "found_at": moment},
        )  # fmt: skip
        if new:
            made.append(crossing)
    _call_hooks([one for one in made if one.cleared_at is None])
    return made


def _call_hooks(made: Sequence[ThresholdCrossing]) -> None:
    for crossing in made:
        for hook in _hooks:
            try:
                with transaction.atomic():
                    hook(crossing)
            except Exception as error:
                logger.exception("threshold hook %s: %s", getattr(hook, "__name__", "?"), type(error).__name__)


@transaction.atomic
def dismiss(pk: UUID, reason: str) -> ThresholdCrossing:
    """The officer on duty says why nothing is opened. Raises ProblemError: no_reason, no_crossing, answered."""
    if not reason.strip():
        raise refused("no_reason", "ต้องบอกเหตุผลที่ไม่เปิดเหตุการณ์", "reason", "เขียนสั้น ๆ เช่น ตรวจแล้วเครื่องวัดเสีย")
    return _answer(pk, "dismissed", reason=reason.strip()[:300])


@transaction.atomic
def lead_to(pk: UUID, incident: Incident) -> ThresholdCrossing:
    """The crossing led to this incident, and stands in its log. Raises ProblemError: no_crossing, answered."""
    row = _answer(pk, "incident", incident=incident)
    held = row.threshold
    value = {"threshold": held.key, "measure": held.measure, "limit": float(held.over), "station": row.station,
             "value": row.value}  # fmt: skip
    log.append(incident, "threshold", held.name_th, value=value, event_at=min(row.at, now()))
    return row


def _answer(pk: UUID, answer: str, **more: Any) -> ThresholdCrossing:
    row = ThresholdCrossing.objects.select_for_update(of=("self",)).select_related("threshold").filter(pk=pk).first()
    if row is None:
        raise refused("no_crossing", "ไม่พบข้อเสนอนี้ หรือคุณไม่มีสิทธิ์เปิด")
    if row.answer:
        raise refused("answered", "มีผู้ตอบข้อเสนอนี้ไปแล้ว", row.threshold.name_th, "อ่านข้อมูลล่าสุด")
    row.answer, row.answered_by, row.answered_at = answer, required().actor, now()
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["answer", "answered_by", "answered_at", *more])
    return row


def opened_from(incident: Incident) -> None:
    """When an incident says that it was opened from a crossing (`source` = threshold:<key>), tie the two."""
    if not incident.source.startswith(SOURCE):
        return
    try:
        key = UUID(incident.source.removeprefix(SOURCE))
    except ValueError:
        return
    if ThresholdCrossing.objects.filter(pk=key, answer="").exists():
        lead_to(key, incident)


on_open(opened_from)
