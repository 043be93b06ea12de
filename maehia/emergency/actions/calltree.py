"""Call trees and call-outs: who rings whom, who answered when, and the next deputy after the tree's minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import (
    CallPerson,
    CallPost,
    CallRun,
    CallTree,
    CallTry,
    Contact,
    Incident,
)
from maehia.emergency.queries.calltree import posts_of, standing
from maehia.emergency.rules.calltree import ANSWERS, COMING, REACHED, Post, circle
from maehia.kit.acting import acting, required
from maehia.kit.clock import now
from maehia.kit.modes import current_mode
from maehia.kit.notices import notify, register_text

ACTOR, PURPOSE = "system:readiness", "emergency.command"
register_text("emergency.called", "เรียกเข้าปฏิบัติงาน: {words} กรุณาตอบว่ามาได้หรือไม่",
              "Called out: {words}. Please say whether you can come")  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post of a tree. people: contacts in order, the holder first; caller: the post whose holder rings this one."""

    name: str
    people: Sequence[UUID]
    caller: UUID | None = None
    order: int = 1


@transaction.atomic
def save_tree(key: UUID | None, name: str, minutes: int, *, active: bool = True) -> CallTree:
    """Add or change a tree. Raises ProblemError: no_name, bad_minutes, no_tree."""
    if not name.strip():
        raise refused("no_name", "ยังไม่มีชื่อผังการเรียก", "name")
    if not 1 <= minutes <= 120:
        raise refused("bad_minutes", "เวลารอต้องอยู่ระหว่าง 1 ถึง 120 นาที", "minutes")
    row = _tree(key) if key else CallTree(made_by=required().actor, made_at=now())
    row.name, row.minutes, row.active = name.strip()[:120], minutes, active
    row.save()
    return row


def _tree(key: UUID) -> CallTree:
    row = CallTree.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise refused("no_tree", "ไม่พบผังการเรียกนี้")
    return row


@transaction.atomic
def save_post(tree: UUID, key: UUID | None, new: NewPost) -> CallPost:
    """Add or change a post. Raises ProblemError: no_tree, no_name, no_people, same_person, no_contact,
    no_post, circle."""
    held = _tree(tree)
    _check_people(new)
    if new.caller and not CallPost.objects.filter(pk=new.caller, tree=held, removed_at=None).exists():
        raise refused("no_post", "ไม่พบตำแหน่งที่เป็นผู้โทร", "caller")
    row = CallPost.objects.filter(pk=key, tree=held, removed_at=None).first() if key else CallPost(tree=held)
    if row is None:
        raise refused("no_post", "ไม่พบตำแหน่งนี้ในผัง")
    row.name, row.caller_id, row.order = new.name.strip()[:120], new.caller, new.order
    row.save()
    if circle(posts_of(held)):
        raise refused("circle", "ตำแหน่งนี้จะรอสายจากตัวเอง", "caller", "เลือกผู้โทรตำแหน่งอื่น")
    CallPerson.objects.filter(post=row).delete()
    CallPerson.objects.bulk_create(
        [CallPerson(post=row, contact_id=contact, rank=rank) for rank, contact in enumerate(new.people, start=1)]
    )
    return row


def _check_people(new: NewPost) -> None:
    if not new.name.strip():
        raise refused("no_name", "ยังไม่มีชื่อตำแหน่ง", "name")
    if not new.people:
        raise refused("no_people", "ตำแหน่งนี้ยังไม่มีใคร", "people", "เลือกผู้รับผิดชอบและผู้แทน")
    if len(set(new.people)) != len(new.people):
        raise refused("same_person", "คนเดียวกันอยู่ในตำแหน่งนี้สองครั้ง", "people")
    if Contact.objects.filter(pk__in=new.people, active=True).count() != len(new.people):
        raise refused("no_contact", "มีผู้ที่ไม่อยู่ในทะเบียนหรือปิดใช้แล้ว", "people")


@transaction.atomic
def remove_post(key: UUID) -> CallPost:
    """Take a post out; those below it are rung by the one above. Earlier call-outs keep it. Raises no_post."""
    row = CallPost.objects.select_for_update().filter(pk=key, removed_at=None).first()
    if row is None:
        raise refused("no_post", "ไม่พบตำแหน่งนี้ในผัง")
    CallPost.objects.filter(caller=row).update(caller=row.caller)
    row.removed_at = now()
    row.save(update_fields=["removed_at"])
    return row


@transaction.atomic
def start(tree: UUID, words: str, *, incident: Incident | None = None) -> CallRun:
    """Begin a call-out: the first of every post without a caller is to be rung now.

    Raises ProblemError: no_tree, no_words, no_posts, run_open (one of this tree is going on).
    """
    held = _tree(tree)
    if not words.strip():
        raise refused("no_words", "บอกสั้น ๆ ว่าเรียกทำไม ไปที่ไหน", "words")
    if not posts_of(held):
        raise refused("no_posts", "ผังการเรียกนี้ยังไม่มีตำแหน่ง", "tree")
    if CallRun.objects.filter(tree=held, ended_at=None).exists():
        raise refused("run_open", "ผังนี้กำลังเรียกอยู่", held.name, "ใช้การเรียกที่เปิดอยู่ หรือปิดก่อน")
    run = CallRun.objects.create(
        tree=held, incident=incident, words=words.strip()[:200], minutes=held.minutes, started_by=required().actor,
        started_at=now(),
    )  # fmt: skip
    called = _ring(run)
    if incident is not None:
        log.append(incident, "callout", held.name, after="started", value={"run": str(run.pk), "called": called})
    return run


def _ring(run: CallRun) -> int:
    """Write down everybody who is to be rung now, and tell those with a log-in. Returns how many."""
    moment, count = now(), 0
    for one in standing(run, moment):
        if one.next:
            _call(run, one.post, UUID(one.next), moment)
            count += 1
    return count


def _call(run: CallRun, post: Post, contact: UUID, moment: datetime) -> None:
    rank = post.people.index(str(contact)) + 1
    CallTry.objects.create(
        run=run, mode=run.mode, post_id=UUID(post.key), contact_id=contact, rank=rank, called_at=moment
    )
    account = Contact.objects.filter(pk=contact).values_list("account", flat=True).first()
    if account:
        notify(f"user:{account}", "emergency.called", f"/staff/call-out/{run.pk}/", words=run.words)


@transaction.atomic
def answer(run: UUID, post: UUID, contact: UUID, given: str, *, note: str = "", at: datetime | None = None) -> CallTry:
    """Write down what one said (at which time), and ring whoever comes next. A later answer replaces an earlier one
    only when she is coming after all. Raises ProblemError: no_run, no_try, bad_answer, answered, answer_ahead."""
    held = CallRun.objects.select_for_update().filter(pk=run, ended_at=None).first()
    if held is None:
        raise refused("no_run", "ไม่พบการเรียกนี้ หรือปิดไปแล้ว")
    row = CallTry.objects.select_for_update().filter(run=held, post_id=post, contact_id=contact).first()
    if row is None:
        raise refused("no_try", "ผู้นี้ยังไม่ถูกเรียกในตำแหน่งนี้")
    if given not in ANSWERS:
        raise refused("bad_answer", "ไม่รู้จักคำตอบนี้", "answer")
    if row.answer and not (given == COMING and row.answer != COMING):
        raise refused("answered", "บันทึกคำตอบของผู้นี้แล้ว", "answer")
    moment = at or now()
    if not row.called_at <= moment <= now() + timedelta(minutes=5):
        raise refused("answer_ahead", "เวลาตอบต้องอยู่หลังเวลาเรียกและไม่อยู่ในอนาคต", "at")
    row.answer, row.answered_at, row.note, row.noted_by = given, moment, note.strip()[:200], required().actor
    row.save(update_fields=["answer", "answered_at", "note", "noted_by"])
    _ring(held)
    _note(held, row)
    return row


def _note(run: CallRun, row: CallTry) -> None:
    if run.incident is None:
        return
    seconds = int((row.answered_at - row.called_at).total_seconds()) if row.answered_at else 0
    value = {"run": str(run.pk), "post": str(row.post_id), "contact": str(row.contact_id), "rank": row.rank,
             "seconds": seconds}  # fmt: skip
    log.append(run.incident, "callout", row.post.name, after=row.answer, value=value, event_at=row.answered_at)


@transaction.atomic
def end(run: UUID) -> CallRun:
    """Close a call-out. Raises ProblemError no_run."""
    row = CallRun.objects.select_for_update().filter(pk=run, ended_at=None).first()
    if row is None:
        raise refused("no_run", "ไม่พบการเรียกนี้ หรือปิดไปแล้ว")
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    if row.incident is not None:
        states = [one.state for one in standing(row, row.ended_at)]
        value = {"run": str(row.pk), "posts": len(states), "reached": states.count(REACHED)}
        log.append(row.incident, "callout", row.tree.name, after="ended", value=value)
    return row


def tick() -> int:
    """Ring the deputies that are due in every open call-out, live and exercise. Run by the worker each minute."""
    count = 0
    for mode in ("live", "exercise"):
        with acting(ACTOR, PURPOSE, mode=mode):
            for run in CallRun.objects.select_for_update(of=("self",)).filter(ended_at=None, mode=current_mode()):
                count += _ring(run)
    return count


def contact_of(account: Account) -> Contact | None:
    """Who an account is in the list of those on call."""
    return Contact.objects.filter(account=account.pk, active=True).first()
