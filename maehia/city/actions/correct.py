"""Correcting a value from the page: the decision, and the register brought up to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction

from maehia.access.models import Account
from maehia.access.permissions import acting_as
from maehia.base import Problem, ProblemError
from maehia.city.actions.one import can_refresh_one, refresh_one
from maehia.city.queries.decisions import correctable
from maehia.evidence.actions import correct_value, undo_correction, undo_verdict
from maehia.evidence.models import Correction, Verdict
from maehia.kit.acting import acting
from maehia.kit.jobs import enqueue

PURPOSE = "register.correct"
REBUILD = "system.project"


@dataclass(frozen=True, slots=True)
class Corrected:
    """at_once: the register shows it now; otherwise a job replays the register in a minute."""

    correction: Correction
    at_once: bool


@transaction.atomic
def correct(account: Account, kind: str, key: uuid.UUID, field: str, value: str | None, *, why: str) -> Corrected:
    """Set the right value of a field. Raises ProblemError: not_correctable, why_missing, purpose_not_yours."""
    if field not in correctable(kind):
        raise ProblemError(Problem("not_correctable", "ช่องนี้แก้ที่ทะเบียนไม่ได้ ให้แก้ที่บัญชีต้นทาง", field))
    with acting_as(account, PURPOSE):
        made = correct_value(kind, key, field, value, why=why)
    return Corrected(made, _bring_up(account, kind, key))


@transaction.atomic
def undo_correct(account: Account, correction_id: int, *, why: str) -> Corrected:
    """Take a correction back: what the lists say stands again. Raises ProblemError: not_found, already_undone."""
    with acting_as(account, PURPOSE):
        held = Correction.objects.select_for_update().filter(pk=correction_id).first()
        if held is None:
            raise ProblemError(Problem("not_found", "ไม่พบการแก้ไขนี้"))
        undo_correction(held, why)
    return Corrected(held, _bring_up(account, held.kind, held.key))


@transaction.atomic
def undo_ruling(account: Account, verdict_id: int, *, why: str) -> Verdict:
    """Take a verdict (same, never the same) back. The pair is asked again after the next linkage run."""
    with acting_as(account, "intake.review"):
        held = Verdict.objects.select_for_update().filter(pk=verdict_id).first()
        if held is None:
            raise ProblemError(Problem("not_found", "ไม่พบคำวินิจฉัยนี้"))
        return undo_verdict(held, why)


def _bring_up(account: Account, kind: str, key: uuid.UUID) -> bool:
    if can_refresh_one(kind):
        with acting(account.actor, REBUILD):
            refresh_one(kind, key)
        return True
    enqueue("city.refresh", actor=account.actor, purpose=REBUILD)
    return False
