"""What people decide: same, never the same, the right value. Each can be undone, with a reason."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.evidence.models import Correction, Verdict
from maehia.evidence.rules import ordered_pair
from maehia.kit.acting import required
from maehia.kit.clock import now

MIN_WHY = 3
DecisionT = TypeVar("DecisionT", Verdict, Correction)


def _need_why(why: str) -> str:
    if len(why.strip()) < MIN_WHY:
        raise ProblemError(Problem("why_missing", "กรุณาระบุเหตุผลของการตัดสินใจ"))
    return why.strip()


@transaction.atomic
def rule_pair(kind: str, ref_a: str, ref_b: str, *, same: bool, why: str, mode: str = "live") -> Verdict:
    """Record that two source entities are (never) the same. The opposite ruling in force is undone first."""
    if ref_a == ref_b:
        raise ProblemError(Problem("same_ref", "ทั้งสองรายการเป็นรายการเดียวกันอยู่แล้ว"))
    first, second = ordered_pair(ref_a, ref_b)
    standing = Verdict.objects.select_for_update().filter(
        kind=kind, ref_a=first, ref_b=second, mode=mode, undone_at=None
    )
    for verdict in standing:
        if verdict.same == same:
            return verdict
        undo_verdict(verdict, "มีคำวินิจฉัยใหม่แทนที่")
    return Verdict.objects.create(
        kind=kind,
        ref_a=first,
        ref_b=second,
        same=same,
        mode=mode,
        by=required().actor,
        at=now(),
        why=_need_why(why),
    )


def undo_verdict(verdict: Verdict, why: str) -> Verdict:
    return _undo(verdict, why)


@transaction.atomic
def correct_value(
    kind: str, key: uuid.UUID, field: str, value: str | None, *, why: str, mode: str = "live"
) -> Correction:
    """Set the right value of one field of one entity; a standing correction of the same field is undone."""
    standing = Correction.objects.select_for_update().filter(kind=kind, key=key, field=field, mode=mode, undone_at=None)
    for correction in standing:
        undo_correction(correction, "มีค่าที่ถูกต้องใหม่แทนที่")
    return Correction.objects.create(
        kind=kind,
        key=key,
        field=field,
        value=value,
        mode=mode,
        by=required().actor,
        at=now(),
        why=_need_why(why),
    )


def undo_correction(correction: Correction, why: str) -> Correction:
    return _undo(correction, why)


def _undo(decision: DecisionT, why: str) -> DecisionT:
    if decision.undone_at is not None:
        raise ProblemError(Problem("already_undone", "การตัดสินใจนี้ถูกยกเลิกไปแล้ว"))
    decision.undone_at, decision.undone_by, decision.undone_why = now(), required().actor, _need_why(why)
    decision.save(update_fields=["undone_at", "undone_by", "undone_why"])
    return decision
