"""Exercises: an incident of mode exercise with a script, invented people and a clock that can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml

from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import NewIncident, open_incident, refused
from maehia.emergency.models import Exercise, Incident, Inject
from maehia.kit.clock import now

Player = Callable[[Incident, Inject], None]
_players: dict[str, Player] = {}


def plays(kind: str) -> Callable[[Player], Player]:
    """Register what an inject of a kind does besides being told (a reading is put to the thresholds ...)."""

    def add(player: Player) -> Player:
        _players[kind] = player
        return player

    return add


@cache
def scripts() -> dict[str, dict[str, Any]]:
    """The scripts of this version (data/exercises.yaml) by key."""
    data = yaml.safe_load((files("maehia.emergency") / "data" / "exercises.yaml").read_text("utf-8"))
    return {row["key"]: row for row in data["scripts"]}


def prepare(
    script: str,
    *,
    name: str = "",
    planned_on: date | None = None,
    retests: Sequence[Mapping[str, Any]] = (),
    place: str = "",
) -> Exercise:
    """An exercise ready to be played: its incident, paused, and the injects of its script. In mode exercise.

    Raises ProblemError: unknown_script, not_exercise (the context is live).
    """
    from maehia.kit.modes import current_mode

    if current_mode() != "exercise":
        raise refused("not_exercise", "จัดการฝึกซ้อมได้ในโหมดฝึกซ้อมเท่านั้น")
    found = scripts().get(script)
    if found is None:
        raise refused("unknown_script", "ไม่มีบทฝึกนี้", "script", "เลือกบทฝึกจากรายการ")
    incident = open_incident(NewIncident(name or found["name"], found["hazard"], place, source=f"บทฝึก {script}"))
    Incident.objects.filter(pk=incident.pk).update(paused_at=now())
    made = Exercise.objects.create(
        incident=incident, mode="exercise", script=script, objectives=found["objectives"], retests=list(retests),
        planned_on=planned_on,
    )  # fmt: skip
    Inject.objects.bulk_create([
        Inject(exercise=made, mode="exercise", minute=row["minute"], kind=row["kind"], text=row["text"],
               payload=row.get("payload", {}))
        for row in found["injects"]
    ])  # fmt: skip
    log.append(incident, "exercise", after="prepared", value={"script": script, "injects": len(found["injects"])})
    return made


def held(incident: UUID) -> Exercise:
    """The exercise of an incident, locked. Raises ProblemError no_exercise."""
    row = Exercise.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=incident).first()
    if row is None:
        raise refused("no_exercise", "ไม่พบการฝึกซ้อมนี้")
    return row


def elapsed(exercise: Exercise) -> timedelta:
    """How far the script's clock is."""
    running = (now() - exercise.running_since).total_seconds() if exercise.running_since else 0.0
    return timedelta(seconds=exercise.elapsed_s + running)


def start(incident: UUID) -> Exercise:
    """Let the script's clock run. Raises ProblemError no_exercise, exercise_over."""
    row = held(incident)
    if row.ended_at:
        raise refused("exercise_over", "การฝึกซ้อมนี้จบแล้ว", row.incident.number)
    if row.running_since is None:
        row.running_since = now()
        row.save(update_fields=["running_since"])
        Incident.objects.filter(pk=incident).update(paused_at=None)
        log.append(incident, "exercise", before="paused", after="running", value={"minute": _minute(row)})
    return row


def pause(incident: UUID) -> Exercise:
    """Stop the script's clock; nothing is lost."""
    row = held(incident)
    if row.running_since is not None:
        row.elapsed_s, row.running_since = elapsed(row).total_seconds(), None
        row.save(update_fields=["elapsed_s", "running_since"])
        Incident.objects.filter(pk=incident).update(paused_at=now())
        log.append(incident, "exercise", before="running", after="paused", value={"minute": _minute(row)})
    return row


def play_due(incident: UUID) -> list[Inject]:
    """Play every inject whose minute has come while the clock runs; each is played once."""
    row = held(incident)
    if row.running_since is None:
        return []
    due = row.injects.filter(played_at=None, minute__lte=_minute(row)).order_by("minute", "id")
    return [play(row, inject) for inject in due]


def play(exercise: Exercise, inject: Inject) -> Inject:
    """Tell an inject now, by the clock or because the director says so; a second time changes nothing."""
    if inject.played_at is not None:
        return inject
    inject.played_at = now()
    inject.save(update_fields=["played_at"])
    if inject.kind in _players:
        _players[inject.kind](exercise.incident, inject)
    log.append(exercise.incident_id, "inject", inject.text, after=inject.kind, value={"minute": inject.minute})
    return inject


def end(incident: UUID) -> Exercise:
    """The exercise is over: its clock stands, injects that were not played stay so."""
    row = pause(incident)
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    left = row.injects.filter(played_at=None).count()
    log.append(incident, "exercise", after="ended", value={"minute": _minute(row), "left": left})
    return row


def _minute(exercise: Exercise) -> int:
    return int(elapsed(exercise).total_seconds() // 60)
