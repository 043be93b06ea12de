"""The after-action review: generated from the log, completed by people, ended by what is done about each gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from maehia.access.models import Account
from maehia.base import Problem
from maehia.emergency.actions import guards, log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import CorrectiveAction, Finding, Incident, Review
from maehia.emergency.models.recovery import ACTION
from maehia.emergency.queries.review import observed
from maehia.kit.acting import required
from maehia.kit.clock import now, today


def open_review(incident: UUID) -> Review:
    """Open the review of an incident, with everything that the log shows; opening it again adds what is new.

    Raises ProblemError no_incident, too_early (the response has not begun), review_agreed.
    """
    row = locked(incident)
    if row.state in ("reported", "verified"):
        raise refused("too_early", "เหตุนี้ยังไม่ได้เริ่มเผชิญเหตุ จึงยังทบทวนไม่ได้", row.number)
    review, made = Review.objects.get_or_create(
        incident=row, defaults={"mode": row.mode, "opened_at": now(), "opened_by": required().actor}
    )
    if review.agreed_at:
        raise refused("review_agreed", "การทบทวนนี้รับรองแล้ว", row.number)
    known = set(review.findings.exclude(code="").values_list("code", flat=True))
    found = [one for one in observed(row) if one.code not in known]
    Finding.objects.bulk_create([
        Finding(review=review, mode=row.mode, kind=one.kind, code=one.code, text=one.th, text_en=one.en,
                seqs=list(one.seqs), measured=one.measured, target=one.target)
        for one in found
    ])  # fmt: skip
    if made or found:
        gaps = sum(one.kind == "gap" for one in found)
        log.append(row, "review", after="opened", value={"gaps": gaps, "strengths": len(found) - gaps})
    return review


def add_finding(review: Review, kind: str, text: str, *, root_cause: str = "", seqs: Sequence[int] = ()) -> Finding:
    """A strength or gap that a person saw. Raises ProblemError no_text, bad_kind, review_agreed."""
    _still_open(review)
    if kind not in Finding.Kind.values:
        raise refused("bad_kind", "เลือกว่าเป็นสิ่งที่ทำได้ดีหรือสิ่งที่ต้องแก้ไข", "kind")
    if not text.strip():
        raise refused("no_text", "ยังไม่มีข้อความ", "text", "เขียนสิ่งที่พบ")
    return Finding.objects.create(
        review=review, mode=review.mode, kind=kind, text=text.strip(), root_cause=root_cause.strip(), seqs=list(seqs)
    )


def set_root_cause(finding: Finding, text: str) -> Finding:
    """Why it was so. Raises ProblemError review_agreed."""
    _still_open(finding.review)
    finding.root_cause = text.strip()
    finding.save(update_fields=["root_cause"])
    return finding


def correct(finding: Finding, text: str, *, owner: Account, due: date) -> CorrectiveAction:
    """What will be done about a gap, by whom, until when. Raises ProblemError not_a_gap, no_text, due_past."""
    if finding.kind != Finding.Kind.GAP:
        raise refused("not_a_gap", "การแก้ไขผูกได้กับสิ่งที่ต้องแก้ไขเท่านั้น", "finding")
    if not text.strip():
        raise refused("no_text", "ยังไม่ได้เขียนว่าจะทำอะไร", "text", "เขียนสิ่งที่จะทำ")
    if due < today():
        raise refused("due_past", "วันครบกำหนดผ่านไปแล้ว", "due", "เลือกวันข้างหน้า")
    made = CorrectiveAction.objects.create(
        finding=finding, mode=finding.mode, text=text.strip(), owner=owner.pk, due=due
    )
    log.append(finding.review.incident_id, "correction", made.text, after=made.state,
               value={"id": str(made.pk), "finding": str(finding.pk), "due": due.isoformat()})  # fmt: skip
    return made


def move_action(action: UUID, to: str, *, evidence: str = "") -> CorrectiveAction:
    """Move a corrective action by its table. It is verified by another than who did it, and with evidence.

    Raises ProblemError no_action, move_refused, guard_evidence, guard_other_person.
    """
    row = CorrectiveAction.objects.select_for_update().select_related("finding__review").filter(pk=action).first()
    if row is None:
        raise refused("no_action", "ไม่พบการแก้ไขนี้")
    found = ACTION.find(row.state, to)
    if found is None:
        raise refused("move_refused", f"จากสถานะ “{ACTION.states[row.state].th}” ไปสถานะนี้ไม่ได้", to)
    actor = required().actor
    row.evidence = evidence.strip() or row.evidence
    if to == "verified" and not row.evidence:
        raise refused("guard_evidence", "ยังไม่มีหลักฐานว่าทำแล้ว", "evidence", "เขียนหลักฐานหรือแนบเลขเอกสาร")
    if to == "verified" and actor == row.done_by:
        raise refused("guard_other_person", "ผู้ทำตรวจงานของตนเองไม่ได้", "verified_by", "ให้ผู้อื่นตรวจ")
    before, row.state = row.state, to
    if to == "done":
        row.done_by = actor
    row.verified_by = actor if to == "verified" else ""
    row.save(update_fields=["state", "evidence", "done_by", "verified_by"])
    log.append(
        row.finding.review.incident_id, "correction", row.evidence, before=before, after=to, value={"id": str(row.pk)}
    )
    return row


def agree(review: Review, summary: str) -> Review:
    """Agree on the review; afterwards findings stand. Every gap needs a corrective action or a root cause.

    Raises ProblemError review_agreed, gaps_open, no_text.
    """
    _still_open(review)
    bare = review.findings.filter(kind=Finding.Kind.GAP, actions=None, root_cause="").count()
    if bare:
        raise refused(
            "gaps_open", f"ยังมีสิ่งที่ต้องแก้ไข {bare} ข้อที่ไม่มีสาเหตุหรือการแก้ไข", "findings", "เขียนสาเหตุหรือมอบหมายการแก้ไข"
        )
    if not summary.strip():
        raise refused("no_text", "ยังไม่มีบทสรุป", "summary", "เขียนบทสรุปสั้น ๆ")
    review.summary, review.agreed_at, review.agreed_by = summary.strip(), now(), required().actor
    review.save(update_fields=["summary", "agreed_at", "agreed_by"])
    log.append(review.incident_id, "review", review.summary, before="opened", after="agreed")
    return review


def retest(action: UUID, exercise: str) -> CorrectiveAction:
    """Say which exercise tries it again (its number)."""
    row = CorrectiveAction.objects.select_related("finding__review").get(pk=action)
    row.retest, row.retested = exercise, ""
    row.save(update_fields=["retest", "retested"])
    log.append(
        row.finding.review.incident_id, "correction", value={"id": str(row.pk), "retest": exercise}, after="retest"
    )
    return row


def note_retest(action: UUID, *, passed: bool) -> CorrectiveAction:
    """How the exercise went for it; a failed one is opened again."""
    row = CorrectiveAction.objects.select_for_update().select_related("finding__review").get(pk=action)
    row.retested = "passed" if passed else "failed"
    if not passed and row.state in ("done", "verified"):
        row.state, row.verified_by = "in_progress", ""
    row.save(update_fields=["retested", "state", "verified_by"])
    log.append(row.finding.review.incident_id, "correction", after=row.state,
               value={"id": str(row.pk), "retest": row.retest, "passed": passed})  # fmt: skip
    return row


def _still_open(review: Review) -> None:
    if review.agreed_at:
        raise refused("review_agreed", "การทบทวนนี้รับรองแล้ว แก้ไขไม่ได้", fix="บันทึกเพิ่มในการแก้ไขแต่ละข้อ")


def _review_opened(incident: Incident, _told: object) -> Problem | None:
    if Review.objects.filter(incident=incident).exists():
        return None
    return Problem("guard_review_opened", "ยังไม่ได้เปิดการทบทวนหลังเหตุการณ์", fix="เปิดการทบทวน ระบบจะรวบรวมจากบันทึกให้")


guards.provide("review_opened", _review_opened)
