"""Citizen and town talk on a case: notes, questions, answers, "me too", reopening, rating."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from maehia.kit.acting import Scope, acting
from maehia.services.actions.base import answered, append, locked, refused, save
from maehia.services.actions.moving import Said, apply, check, move
from maehia.services.actions.opening import LONGEST_TEXT, Contact, new_party, seal_photos
from maehia.services.actions.telling import tell, tell_party
from maehia.services.models import Case, Party

STARS = range(1, 6)


def _text(text: str) -> str:
    clean = text.strip()
    if not clean:
        raise refused("no_text", "ยังไม่ได้เขียนข้อความ", fix="เขียนข้อความก่อนส่ง")
    if len(clean.replace("\r\n", "\n")) > LONGEST_TEXT:
        raise refused("text_too_long", f"ข้อความยาวเกิน {LONGEST_TEXT:,} ตัวอักษร", fix="ย่อข้อความให้สั้นลง")
    return clean


@transaction.atomic
def add_note(case_id: UUID | str, text: str, *, by: str, public: bool = False) -> Case:
    """A line in the files, or (public) one that the citizen is told."""
    case = locked(case_id)
    append(case, "note", by=by, note=_text(text), is_public=public)
    if public:
        case.last_note = text.strip()
        save(case, "last_note", *answered(case, by), public=True)
        tell(case, "case.state", {"note": text.strip()})
    else:
        save(case)
    return case


def ask(case_id: UUID | str, question: str, *, by: str, version: int | None = None) -> Case:
    """Ask the citizen; the clock stands still until the answer."""
    return move(case_id, "waiting_citizen", by=by, version=version, question=question)


@transaction.atomic
def answer(case_id: UUID | str, text: str, *, by: str, photos: Sequence[UUID] = ()) -> Case:
    """The citizen answers or adds something; a case that waited for it goes on."""
    case = locked(case_id)
    if case.state_type not in ("open", "hidden"):
        raise refused("case_closed", "เรื่องนี้ปิดแล้ว", case.number, "หากยังไม่เรียบร้อย ให้ขอแก้ไขอีกครั้ง")
    value = {"photos": [str(p) for p in photos]} if photos else {}
    seal_photos(case, photos)
    append(case, "answer", by=by, note=_text(text), value=value, is_public=False)
    save(case)
    waiting = {"waiting_citizen": "in_progress", "returned": "resubmitted"}.get(case.state)
    if waiting:
        check(case, waiting, by, Said())
        apply(case, waiting, by=by, said=Said(), quiet=True)
    return case


@transaction.atomic
def reopen(case_id: UUID | str, *, by: str, reason: str = "", photos: Sequence[UUID] = ()) -> Case:
    """Not fixed after all ("ขอให้แก้ไขอีกครั้ง"): with a photo or a reason, within the window of the service.

    Raises ProblemError: not_closed (also for a hidden case: its reporter does not bring it back), and those of `move`.
    """
    case = locked(case_id)
    if case.state_type not in ("fixed", "closed"):
        raise refused("not_closed", "ขอแก้ไขอีกครั้งได้เมื่อปิดเรื่องแล้ว", case.number, "ติดตามเรื่องเดิมได้เลย")
    to = {"fixed": "in_progress", "withdrawn": "submitted"}.get(case.state, "submitted")
    said = Said(note=reason.strip(), reopen_photos=tuple(photos))
    check(case, to, by, said)
    seal_photos(case, photos)
    case.rating = None
    apply(case, to, by=by, said=said)
    save(case, "rating")
    return case


@transaction.atomic
def rate(case_id: UUID | str, stars: int, *, by: str, comment: str = "") -> Case:
    """1 to 5 stars for a closed case; the last rating counts. Raises ProblemError bad_stars, not_closed."""
    if stars not in STARS:
        raise refused("bad_stars", "คะแนนต้องเป็น 1 ถึง 5", fix="เลือกจำนวนดาว")
    case = locked(case_id)
    if case.state_type not in ("fixed", "closed"):
        raise refused("not_closed", "ให้คะแนนได้เมื่อปิดเรื่องแล้ว", case.number, "รอให้ดำเนินการเสร็จก่อน")
    case.rating = stars
    append(case, "rating", by=by, value={"stars": stars}, note=comment.strip()[:LONGEST_TEXT], is_public=False)
    save(case, "rating")
    return case


def follow_case(case_id: UUID, contact: Contact, *, by: str) -> Case:
    """`me_too` for somebody who sees nothing but the public part of that case."""
    with acting(by, "services.report", scope=Scope.subject(case_id)):
        return me_too(case_id, contact, by=by)


@transaction.atomic
def me_too(case_id: UUID | str, contact: Contact, *, by: str) -> Case:
    """One more who saw the same: counted once per actor, subscribed when she says how to reach her.

    Raises ProblemError case_closed, counted_already.
    """
    case = locked(case_id)
    if case.state_type != "open":
        raise refused("case_closed", "เรื่องนี้ปิดแล้ว", case.number, "แจ้งเป็นเรื่องใหม่")
    if case.events.filter(kind__in=("me_too", "opened"), actor=by).exists():
        raise refused("counted_already", "คุณแจ้งเรื่องนี้ไว้แล้ว", case.number, "ติดตามเรื่องเดิมได้เลย")
    case.me_too += 1
    append(case, "me_too", by=by, value={"count": case.me_too})
    save(case, "me_too", public=True)
    if not contact.is_empty:
        party = new_party(case, contact, "follower")
        party.save(force_insert=True)
        tell_party(party, case, "case.opened")
    return case


@transaction.atomic
def unfollow(party_id: int, *, by: str) -> None:
    """Stop the news for one party; her name stays on the case."""
    party = Party.objects.select_for_update().get(pk=party_id)
    party.wants = []
    party.save(update_fields=["wants"])
    case = locked(party.case_id)
    append(case, "note", by=by, note="ผู้ติดตามขอหยุดรับข่าว", is_public=False)
    save(case)
