"""Accounts and what they may do. Each verb runs inside `acting(..., "access.manage")` and leaves history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pghistory
import yaml
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction

from maehia.access import permissions, purposes
from maehia.access.models import Account, Assignment, Role
from maehia.access.queries import events_of, holders_of
from maehia.base import Problem, ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import required

notices.register_text(
    "access.rights_changed",
    "มีการเปลี่ยนสิทธิ์ ({what}) โปรดตรวจว่าถูกต้องและจำเป็น",
    "Rights were changed ({what}): check that this is right and needed",
)


def history() -> Any:
    """Name the actor on every row of history that the block writes."""
    return pghistory.context(actor=required().actor, purpose=required().purpose)


def create_account(login: str, display_name: str, *, password: str | None = None, **fields: Any) -> Account:
    """Make an account; without a password it can only be entered through an identity provider.

    fields: unit, email, supervisor, person_key. Raises ProblemError for a name in use or a weak password.
    """
    login = login.strip().lower()
    if not login or Account.objects.filter(login=login).exists():
        raise ProblemError(Problem("login_taken", "ชื่อเข้าระบบนี้ว่างเปล่าหรือมีผู้ใช้แล้ว", login, "เลือกชื่ออื่น"))
    account = Account(login=login, display_name=display_name, **fields)
    _set_password(account, password)
    account.save(force_insert=True)
    return account


def change_password(account: Account, password: str) -> None:
    """Give an account a new password. Raises ProblemError for a weak one."""
    _set_password(account, password)
    account.save(update_fields=["password"])


def _set_password(account: Account, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise ProblemError(Problem("weak_password", " ".join(error.messages))) from error
    account.set_password(password)


def describe(account: Account, *, display_name: str, unit: str, supervisor: UUID | str | None) -> None:
    """Change how an account is shown and whom it reports to. Raises ProblemError for one's own supervisor."""
    if supervisor is not None and str(supervisor) == str(account.pk):
        raise ProblemError(Problem("own_supervisor", "ผู้บังคับบัญชาต้องเป็นคนอื่น"))
    account.display_name, account.unit, account.supervisor_id = display_name, unit, supervisor
    account.save(update_fields=["display_name", "unit", "supervisor"])


def deactivate(account: Account) -> None:
    """Close an account: it cannot log in, and its assignments end today."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    with history():
        for row in account.assignments.filter(ends_on=None):
            end_assignment(row, clock.today())


def reset_factors(account: Account) -> int:
    """Take away an account's second factors (a lost phone); the next log-in must set one up. Returns how many."""
    count: int = Authenticator.objects.filter(user=account).delete()[0]
    _tell_dpo("2FA")
    return count


def tie_person(account: Account, person_key: UUID) -> None:
    """Say which person of the register an account belongs to, after the person has proved it."""
    account.person_key = person_key
    account.save(update_fields=["person_key"])


@transaction.atomic
def assign(
    account: Account, role: str, *, starts_on: date, ends_on: date | None = None, moos: Iterable[Any] = ()
) -> Assignment:
    """Give a role from a day to a day, in some moo or (none named) the whole town.

    Raises ProblemError when the days are the wrong way round, the same role overlaps, or for one's own account.
    """
    _refuse_own(account.actor)
    if ends_on is not None and ends_on < starts_on:
        raise ProblemError(Problem("dates_reversed", "วันสิ้นสุดอยู่ก่อนวันเริ่ม", fix="แก้วันที่แล้วบันทึกใหม่"))
    Account.objects.select_for_update().get(pk=account.pk)
    for other in account.assignments.filter(role_id=role):
        if (ends_on is None or other.starts_on <= ends_on) and (other.ends_on is None or starts_on <= other.ends_on):
            raise ProblemError(Problem("role_overlaps", "ผู้ใช้นี้มีบทบาทนี้อยู่แล้วในช่วงวันที่เลือก", role, "สิ้นสุดบทบาทเดิมก่อน"))
    _tell_dpo(role)
    with history():
        return Assignment.objects.create(
            account=account, role_id=role, moos=sorted({str(m) for m in moos}), starts_on=starts_on, ends_on=ends_on
        )


def _refuse_own(actor: str) -> None:
    if required().actor == actor:
        raise ProblemError(Problem("own_role", "เปลี่ยนบทบาทของบัญชีตนเองไม่ได้", fix="ให้ผู้ดูแลระบบอีกคนเป็นผู้ทำ"))


def _tell_dpo(what: str) -> None:
    """Who gives rights could give them to a friend: the overseers hear of it, except of what set-up does.

    what: the key of the role. Without a link: an overseer may not open the pages of accounts.
    """
    actor = required().actor
    if not actor.startswith("system:"):
        for holder in holders_of("access.oversee"):
            if holder.actor != actor:
                notices.notify(holder.actor, "access.rights_changed", what=what)


def end_assignment(row: Assignment, last_day: date) -> None:
    """End a role with a last day; one that has not begun yet is removed."""
    with history():
        if last_day < row.starts_on:
            row.delete()
            return
        row.ends_on = last_day
        row.save(update_fields=["ends_on"])


def save_role(role: Role, *, chosen_permissions: Iterable[str], chosen_purposes: Iterable[str]) -> Role:
    """Change what a role may do. Raises ProblemError for a right that nobody declared."""
    wanted, reads = sorted(set(chosen_permissions)), sorted(set(chosen_purposes))
    unknown = (set(wanted) - permissions.catalogue().keys()) | (set(reads) - purposes.published().keys())
    if unknown:
        raise ProblemError(Problem("unknown_right", "ไม่มีสิทธิ์นี้ในระบบ", ", ".join(sorted(unknown))))
    role.permissions, role.purposes = wanted, reads
    _tell_dpo(role.key)
    with history():
        role.save()
    return role


def undo(row: models.Model) -> models.Model | None:
    """Put a role or an assignment back to what it was before its last change; one just made is removed.

    The undoing is history too, so it can be undone in turn. Raises ProblemError when there is no change, or for a
    role of one's own account.
    """
    if isinstance(row, Assignment):
        _refuse_own(f"user:{row.account_id}")
    events = list(events_of(row)[:2])
    if not events:
        raise ProblemError(Problem("nothing_to_undo", "ไม่มีการเปลี่ยนแปลงให้ย้อนกลับ"))
    with history():
        if len(events) == 1:
            row.delete()
            return None
        for field in row._meta.local_concrete_fields:
            setattr(row, field.attname, getattr(events[1], field.attname))
        row.save()
    return row


def install_roles(using: str = "owner") -> None:
    """Roles of a new town, and what a new version adds to them. What the town changed stays changed."""
    data = yaml.safe_load(permissions.FILE.read_text(encoding="utf-8"))
    for entry in data["roles"]:
        _install(entry, using)


def _install(entry: dict[str, str], using: str) -> None:
    key = entry["key"]
    granted = [p for p, info in permissions.catalogue().items() if key in info["roles"]]
    reads = [p.key for p in purposes.published().values() if key in p.roles]
    role, _ = Role.objects.using(using).get_or_create(
        key=key, defaults={"name_th": entry["th"], "name_en": entry["en"]}
    )
    fresh = (set(granted) | set(reads)) - set(role.offered)
    if fresh:
        role.permissions = sorted({*role.permissions, *(fresh & set(granted))})
        role.purposes = sorted({*role.purposes, *(fresh & set(reads))})
        role.offered = sorted({*role.offered, *fresh})
        role.save(using=using)
