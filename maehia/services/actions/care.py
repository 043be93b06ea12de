"""ผู้ดูแล: a citizen gives a relative leave to see, file and be told for her; either of them ends it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.access.models import Account
from maehia.access.permissions import acting_as
from maehia.city.models import Person
from maehia.kit import clock, rates
from maehia.services.actions.opening import Contact, new_party
from maehia.services.actions.queue import refused
from maehia.services.models import CareCode, Caring, CaringWho, Case, Party

OWN = "me.services"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are misheard or misread
LENGTH, LIFE = 8, timedelta(minutes=15)
CODES_PER_HOUR, TRIES_PER_HOUR = 10, 10
COUNTER = "แสดงเอกสารที่ศูนย์บริการ: {paper}"
IN_APP = "ให้สิทธิ์ในระบบด้วยตนเอง"


@dataclass(frozen=True, slots=True)
class Leave:
    """What the carer may. may: "see" or "file"; until: last day, None = until one of them ends it."""

    may: str = "file"
    alerts: bool = True
    relation: str = ""
    until: date | None = None


def make_code(account: Account) -> tuple[str, CareCode]:
    """A code that a carer reads out to her relative: ABCD-EFGH, once, for a quarter of an hour. Raises TooOften."""
    rates.limit(f"care.code:{account.actor}", CODES_PER_HOUR, 3600)
    with acting_as(account, OWN):
        me = _person(account.person_key)
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        row = CareCode(
            hash=_hash(letters), carer_key=me.key, account_id=account.pk, name=me.full_name,
            phone=me.phone or None, expires_at=clock.now() + LIFE,
        )  # fmt: skip
        row.save(force_insert=True)
    return f"{letters[:4]}-{letters[4:]}", row


def _person(key: UUID | None) -> Person:
    found = Person.objects.filter(pk=key).first() if key else None
    if found is None:
        raise refused("no_person", "ไม่พบบุคคลนี้ในทะเบียน", fix="ติดต่อศูนย์บริการ")
    return found


def _hash(typed: str) -> bytes:
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return hashlib.sha256(f"care:{letters}".encode()).digest()


def look_up(account: Account, typed: str) -> CareCode:
    """The carer behind a code. Raises ProblemError wrong_code, own_code; TooOften.

    Tries are counted, so call it outside of a transaction: a refusal would take the count back.
    """
    rates.limit(f"care.try:{account.actor}", TRIES_PER_HOUR, 3600)
    found = CareCode.objects.filter(pk=_hash(typed), used_at=None, expires_at__gt=clock.now()).first()
    if found is None:
        raise refused("wrong_code", "รหัสผู้ดูแลไม่ถูกต้องหรือหมดอายุแล้ว", fix="ขอรหัสใหม่จากผู้ดูแล รหัสใช้ได้ 15 นาที")
    if found.carer_key == account.person_key:
        raise refused("own_code", "นี่คือรหัสของคุณเอง", fix="ใช้รหัสจากเครื่องของผู้ดูแล")
    return found


def grant(account: Account, typed: str, leave: Leave) -> Caring:
    """The cared one gives her leave, by the carer's code. Raises as `look_up`, care_stands, bad_until."""
    code = look_up(account, typed)
    with acting_as(account, OWN):
        row = _store(_person(account.person_key), code.carer_key, leave, by=account.actor, how=IN_APP)
        CaringWho(
            caring=row, cared_name=_person(account.person_key).full_name, carer_name=code.name,
            carer_account=code.account_id, carer_phone=code.phone,
        ).save(force_insert=True)  # fmt: skip
        if not CareCode.objects.filter(pk=code.pk, used_at=None).update(used_at=clock.now()):
            raise refused("wrong_code", "รหัสนี้ใช้ไปแล้ว", fix="ขอรหัสใหม่จากผู้ดูแล")
    return row


@transaction.atomic
def grant_at_counter(cared_key: UUID, carer_key: UUID, paper: str, leave: Leave, *, by: str) -> Caring:
    """By the paper shown at the counter, inside counter.service. Raises no_paper, care_self, care_stands, bad_until."""
    if len(paper.strip()) < 3:
        raise refused("no_paper", "ต้องบันทึกเอกสารที่แสดง", fix="เช่น หนังสือมอบอำนาจ หรือสูติบัตร")
    cared, carer = _person(cared_key), _person(carer_key)
    row = _store(cared, carer.key, leave, by=by, how=COUNTER.format(paper=paper.strip())[:200])
    account = Account.objects.filter(person_key=carer.key, is_active=True).first()
    CaringWho(
        caring=row, cared_name=cared.full_name, carer_name=carer.full_name, carer_phone=carer.phone or None,
        carer_account=account.pk if account else None,
    ).save(force_insert=True)  # fmt: skip
    return row


def _store(cared: Person, carer_key: UUID, leave: Leave, *, by: str, how: str) -> Caring:
    if cared.key == carer_key:
        raise refused("care_self", "ผู้ดูแลต้องเป็นคนละคนกับผู้รับการดูแล")
    if leave.until is not None and leave.until < clock.today():
        raise refused("bad_until", "วันสิ้นสุดผ่านไปแล้ว", fix="เลือกวันในอนาคต หรือเว้นว่างไว้")
    _end_expired(cared.key, carer_key, by)
    row = Caring(
        cared_key=cared.key, carer_key=carer_key, may=leave.may, alerts=leave.alerts, relation=leave.relation[:40],
        granted_by=by, how=how, at=clock.now(), until=leave.until,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refused("care_stands", "คนนี้เป็นผู้ดูแลอยู่แล้ว", fix="ยกเลิกสิทธิ์เดิมก่อน ถ้าต้องการเปลี่ยน") from error
    return row


def _end_expired(cared_key: UUID, carer_key: UUID, by: str) -> None:
    """A leave that ran out is closed, so that a new one can stand."""
    over = Caring.objects.filter(cared_key=cared_key, carer_key=carer_key, ended_at=None, until__lt=clock.today())
    over.update(ended_at=clock.now(), ended_by=by)


@transaction.atomic
def end(account: Account, caring_id: int) -> None:
    """Either of the two ends it, at once. Raises ProblemError no_care for a row of others."""
    with acting_as(account, OWN):
        ended = Caring.objects.filter(pk=caring_id, ended_at=None).update(ended_at=clock.now(), ended_by=account.actor)
    if not ended:
        raise refused("no_care", "ไม่พบการดูแลนี้ หรือสิ้นสุดแล้ว")


@transaction.atomic
def set_alerts(account: Account, caring_id: int, *, alerts: bool) -> None:
    """Whether the carer gets the news; either may switch it."""
    with acting_as(account, OWN):
        if not Caring.objects.filter(pk=caring_id, ended_at=None).update(alerts=alerts):
            raise refused("no_care", "ไม่พบการดูแลนี้ หรือสิ้นสุดแล้ว")


@transaction.atomic
def note_carer(case_id: UUID, row: Caring) -> None:
    """Say on a case that the carer filed it, inside `queries.care.acting_for`.

    The one cared for is its applicant: the carer's account gets no standing of its own that would outlive the care.
    """
    who: CaringWho = getattr(row, "who")  # noqa: B009 (the checker knows the way back only sometimes)
    Party.objects.filter(case_id=case_id, role="applicant").update(account_id=None)
    contact = Contact(name=who.carer_name, role="carer")
    new_party(Case.objects.get(pk=case_id), contact, "carer").save(force_insert=True)
