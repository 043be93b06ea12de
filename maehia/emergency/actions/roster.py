"""People on call and their shifts. Each runs inside `emergency.command`; the page asks for emergency.prepare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.readiness_changes import save
from maehia.emergency.models import Contact, DutyNeed, DutyShift
from maehia.emergency.rules.roster import KINDS, SKILLS
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.crypto import blind_index
from maehia.thai import normalize_phone

LONGEST = timedelta(days=14)
MOST_MOOS = 99


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody who can be called out. phone: as typed, may be empty for an account. account: key of a log-in."""

    name: str
    phone: str = ""
    kind: str = "staff"
    skills: Sequence[str] = ()
    moos: Sequence[int] = ()
    account: UUID | None = None
    note: str = ""
    active: bool = True


def save_contact(key: UUID | None, new: NewContact) -> Contact:
    """Add (key None) or change a contact. Raises ProblemError: no_name, bad_kind, bad_skill, bad_moo, bad_phone,
    no_phone, no_account, contact_twice, no_row, nothing_changed."""
    values = checked(new)
    _refuse_twice(key, values)
    row = save("contact", key, values)
    assert isinstance(row, Contact)  # noqa: S101 (the table says so)
    return row


def checked(new: NewContact) -> dict[str, Any]:
    """The columns of a contact. Raises ProblemError like `save_contact`."""
    if not new.name.strip():
        raise refused("no_name", "ยังไม่มีชื่อ", "name", "เขียนชื่อและนามสกุล")
    if new.kind not in KINDS:
        raise refused("bad_kind", f"ไม่รู้จักประเภท {new.kind}", "kind", "เลือกจากรายการ")
    if strange := [skill for skill in new.skills if skill not in SKILLS]:
        raise refused("bad_skill", f"ไม่รู้จักความสามารถ {', '.join(strange)}", "skills", "เลือกจากรายการ")
    if any(not 1 <= moo <= MOST_MOOS for moo in new.moos):
        raise refused("bad_moo", "หมู่ต้องเป็นเลข 1 ถึง 99", "moos")
    phone = normalize_phone(new.phone) if new.phone.strip() else None
    if new.phone.strip() and phone is None:
        raise refused("bad_phone", "อ่านเบอร์โทรศัพท์นี้ไม่ออก", "phone", "กรอก 9 หรือ 10 หลัก เช่น 081-234-5678")
    if phone is None and new.account is None:
        raise refused("no_phone", "ผู้ไม่มีบัญชีต้องมีเบอร์โทรศัพท์ จึงจะเรียกได้", "phone")
    if new.account and not Account.objects.filter(pk=new.account, is_active=True).exists():
        raise refused("no_account", "ไม่มีบัญชีผู้ใช้นี้ หรือบัญชีถูกปิดแล้ว", "account")
    return {
        "name": new.name.strip()[:160], "phone": phone, "phone_index": blind_index("phone", phone) if phone else None,
        "kind": new.kind, "skills": sorted(set(new.skills), key=list(SKILLS).index), "moos": sorted(set(new.moos)),
        "account": new.account, "note": new.note.strip()[:200], "active": new.active,
    }  # fmt: skip


def _refuse_twice(key: UUID | None, values: dict[str, Any]) -> None:
    others = Contact.objects.exclude(pk=key) if key else Contact.objects.all()
    if values["account"] and others.filter(account=values["account"]).exists():
        raise refused("contact_twice", "บัญชีนี้อยู่ในทะเบียนแล้ว", "account", "แก้ไขรายการเดิม")
    if values["phone_index"] and any(
        row.name == values["name"] for row in others.filter(phone_index=values["phone_index"], active=True)
    ):
        raise refused("contact_twice", "ชื่อและเบอร์นี้อยู่ในทะเบียนแล้ว", "phone", "แก้ไขรายการเดิม")


@transaction.atomic
def add_shift(contact: UUID, starts_at: datetime, ends_at: datetime, *, rank: int = 1) -> DutyShift:
    """Put somebody on call. Nobody is on call twice at once: her row is locked while we look.

    Raises ProblemError: no_contact, shift_backwards, shift_long, bad_rank, shift_overlaps.
    """
    who = Contact.objects.select_for_update().filter(pk=contact, active=True).first()
    if who is None:
        raise refused("no_contact", "ไม่พบผู้นี้ในทะเบียน หรือปิดใช้แล้ว", "contact")
    if ends_at <= starts_at:
        raise refused("shift_backwards", "เวลาออกเวรต้องหลังเวลาเข้าเวร", "ends_at", "ตรวจวันและเวลา")
    if ends_at - starts_at > LONGEST:
        raise refused("shift_long", "เวรหนึ่งช่วงยาวได้ไม่เกิน 14 วัน", "ends_at", "แบ่งเป็นหลายช่วง")
    if not 1 <= rank <= 9:
        raise refused("bad_rank", "ลำดับต้องเป็น 1 ถึง 9", "rank")
    mine = DutyShift.objects.filter(contact=who, cancelled_at=None)
    if mine.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise refused("shift_overlaps", "ผู้นี้มีเวรซ้อนในช่วงเวลานี้อยู่แล้ว", "starts_at", "ยกเลิกเวรเดิมก่อน หรือเลือกเวลาอื่น")
    return DutyShift.objects.create(
        contact=who, starts_at=starts_at, ends_at=ends_at, rank=rank, made_by=required().actor, made_at=now()
    )


@transaction.atomic
def cancel_shift(pk: UUID) -> DutyShift:
    """Take a shift back; it stays on record. Raises ProblemError no_shift."""
    row = DutyShift.objects.select_for_update().filter(pk=pk, cancelled_at=None).first()
    if row is None:
        raise refused("no_shift", "ไม่พบเวรนี้ หรือยกเลิกไปแล้ว")
    row.cancelled_by, row.cancelled_at = required().actor, now()
    row.save(update_fields=["cancelled_by", "cancelled_at"])
    return row


@transaction.atomic
def restore_shift(pk: UUID) -> DutyShift:
    """Undo a cancelling. Raises ProblemError: no_shift, shift_overlaps and the others of `add_shift`."""
    row = DutyShift.objects.select_for_update().filter(pk=pk).exclude(cancelled_at=None).first()
    if row is None:
        raise refused("no_shift", "ไม่พบเวรที่ยกเลิกนี้")
    return add_shift(row.contact_id, row.starts_at, row.ends_at, rank=row.rank)


@dataclass(frozen=True, slots=True)
class NewNeed:
    """What a roster must cover; hours are Thai, equal ones mean the whole day."""

    name_th: str
    skill: str
    valid_from: date
    source: str
    name_en: str = ""
    moo: int | None = None
    from_hour: int = 0
    to_hour: int = 0
    least: int = 1
    valid_to: date | None = None
    verified: bool = False


def save_need(key: int | None, new: NewNeed) -> DutyNeed:
    """Add or change what must be covered. Raises ProblemError: no_name, bad_skill, bad_hours, bad_least, bad_moo,
    no_source, ends_early, no_row, nothing_changed."""
    if not new.name_th.strip():
        raise refused("no_name", "ยังไม่มีชื่อ", "name_th")
    if new.skill and new.skill not in SKILLS:
        raise refused("bad_skill", f"ไม่รู้จักความสามารถ {new.skill}", "skill")
    if not (0 <= new.from_hour <= 23 and 0 <= new.to_hour <= 23):
        raise refused("bad_hours", "ชั่วโมงต้องเป็น 0 ถึง 23", "from_hour")
    if not 1 <= new.least <= 99:
        raise refused("bad_least", "จำนวนคนอย่างน้อยต้องเป็น 1 ถึง 99", "least")
    if new.moo is not None and not 1 <= new.moo <= MOST_MOOS:
        raise refused("bad_moo", "หมู่ต้องเป็นเลข 1 ถึง 99", "moo")
    if not new.source.strip():
        raise refused("no_source", "ยังไม่ได้ระบุที่มา เช่น คำสั่งเวร", "source")
    if new.valid_to and new.valid_to < new.valid_from:
        raise refused("ends_early", "วันสิ้นสุดอยู่ก่อนวันเริ่มใช้", "valid_to")
    row = save("need", key, {name: getattr(new, name) for name in NewNeed.__slots__})
    assert isinstance(row, DutyNeed)  # noqa: S101 (the table says so)
    return row
