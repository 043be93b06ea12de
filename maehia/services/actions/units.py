"""Units of the town hall, who works in them, and the ladder of reminders: changed in the browser by whoever manages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.base import Problem, ProblemError
from maehia.services.models import Case, EscalationRung, RoutingVersion, Unit, UnitMember

KEY = re.compile(r"[a-z][a-z0-9_]{1,29}")
MOST_PERCENT = 1000


def _refused(code: str, what: str, fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, fix=fix))


@transaction.atomic
def save_unit(
    key: str, *, name_th: str, name_en: str = "", phone: str = "", active: bool = True, order: int = 100
) -> Unit:
    """Add or change a unit. The key is its name for ever.

    Raises ProblemError: bad_key, no_name, unit_has_cases (to be closed while open cases or routing rules lead to it).
    """
    if not KEY.fullmatch(key):
        raise _refused("bad_key", "รหัสหน่วยงานใช้อักษรอังกฤษตัวเล็ก ตัวเลข และ _ เริ่มด้วยอักษร", "เช่น works หรือ public_health")
    if not name_th.strip():
        raise _refused("no_name", "ยังไม่มีชื่อหน่วยงาน", "เขียนชื่อภาษาไทย")
    row = Unit.objects.select_for_update().filter(pk=key).first() or Unit(key=key)
    if row.active and not active:
        _check_empty(key)
    row.name_th, row.name_en, row.phone = name_th.strip(), name_en.strip(), phone.strip()
    row.active, row.order = active, order
    row.save()
    return row


def _check_empty(key: str) -> None:
    waiting = Case.objects.filter(unit_id=key, state_type="open").count()
    if waiting:
        raise _refused("unit_has_cases", f"หน่วยงานนี้มีเรื่องที่ยังไม่ปิด {waiting:,} เรื่อง", "ส่งเรื่องให้หน่วยงานอื่นก่อน")
    rules = RoutingVersion.objects.filter(state="published").values_list("rules", flat=True).first() or []
    if any(rule["unit"] == key for rule in rules):
        raise _refused("unit_has_rules", "กฎเส้นทางเรื่องยังส่งเรื่องมาที่หน่วยงานนี้", "แก้เส้นทางเรื่องก่อน")


@transaction.atomic
def add_member(unit: str, account_id: UUID, *, is_head: bool = False) -> UnitMember:
    """Let an account work in a unit; again changes whether it is its head. Raises ProblemError no_account, no_unit."""
    if not Account.objects.filter(pk=account_id, is_active=True).exists():
        raise _refused("no_account", "ไม่มีบัญชีผู้ใช้นี้ หรือบัญชีถูกปิดแล้ว")
    if not Unit.objects.filter(pk=unit).exists():
        raise _refused("no_unit", "ไม่มีหน่วยงานนี้")
    row, _ = UnitMember.objects.update_or_create(unit_id=unit, account_id=account_id, defaults={"is_head": is_head})
    return row


@transaction.atomic
def remove_member(unit: str, account_id: UUID) -> int:
    """Take an account out of a unit; its open cases there have nobody in charge then. Returns how many those are."""
    UnitMember.objects.filter(unit_id=unit, account_id=account_id).delete()
    return Case.objects.filter(unit_id=unit, assignee=account_id, state_type="open").count()


@transaction.atomic
def save_rung(
    pk: int | None, *, name_th: str, after_percent: int, roles: Sequence[str], active: bool = True
) -> EscalationRung:
    """Add or change a rung of the town's ladder. Raises ProblemError: no_name, bad_percent, no_roles."""
    if not name_th.strip():
        raise _refused("no_name", "ยังไม่มีชื่อขั้น")
    if not 1 <= after_percent <= MOST_PERCENT:
        raise _refused("bad_percent", f"ร้อยละของเวลาต้องอยู่ระหว่าง 1 ถึง {MOST_PERCENT}")
    if not roles:
        raise _refused("no_roles", "ยังไม่ได้เลือกว่าเตือนใคร")
    row = EscalationRung.objects.filter(pk=pk).first() if pk else None
    row = row or EscalationRung()
    row.name_th, row.after_percent, row.roles, row.active = name_th.strip(), after_percent, list(roles), active
    row.save()
    return row
