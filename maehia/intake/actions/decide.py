"""What a person says about a doubtful pair. It holds for every later run until it is undone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from maehia.base import Problem, ProblemError
from maehia.evidence.actions import rule_pair, undo_verdict
from maehia.evidence.models import Verdict
from maehia.intake.models import ReviewItem


@transaction.atomic
def decide(item: ReviewItem, *, same: bool, why: str) -> Verdict:
    """Rule on a pair of the queue. Raises ProblemError: already_decided, why_missing."""
    held = ReviewItem.objects.select_for_update().get(pk=item.pk)
    if held.verdict_id is not None:
        raise ProblemError(Problem("already_decided", "มีผู้วินิจฉัยคู่นี้ไปแล้ว", "", "ดูคู่ถัดไป หรือยกเลิกคำวินิจฉัยเดิมก่อน"))
    held.verdict = rule_pair(held.kind, held.ref_a, held.ref_b, same=same, why=why, mode=held.mode)
    held.save(update_fields=["verdict"])
    return held.verdict


def skip(item: ReviewItem) -> None:
    """Leave a pair for later: it moves behind the others."""
    ReviewItem.objects.filter(pk=item.pk, verdict=None).update(skipped=F("skipped") + 1)


@transaction.atomic
def undo_decision(verdict: Verdict, why: str) -> Verdict:
    """Take a ruling back; the pair is asked again after the next run."""
    undone = undo_verdict(verdict, why)
    ReviewItem.objects.filter(verdict=verdict).update(verdict=None)
    return undone
