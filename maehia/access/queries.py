"""Reads of access: who holds what, who may sign, who looked at whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.apps import apps
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from maehia.access import purposes, rules
from maehia.access.models import Account, Alert, Assignment, BreakGlass, Consent, Delegation, LegalHolder, Read
from maehia.kit import clock
from maehia.web.registry import in_language

fields_of = purposes.fields_of
DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Look:
    """One line of "who looked at me": officers appear as their unit, never by name."""

    at: datetime
    unit: str
    purpose: str
    basis: str
    verified: bool
    entity: str
    via: str
    times: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal ground for breaking the glass, from data/grounds.yaml."""

    key: str
    th: str
    en: str
    purpose: str
    cannot_consent: bool
    source: str
    verified: bool

    @property
    def title(self) -> str:
        return in_language(self.th, self.en)


@cache
def grounds() -> dict[str, Ground]:
    entries = yaml.safe_load((DATA / "grounds.yaml").read_text(encoding="utf-8"))
    return {entry["key"]: Ground(**entry) for entry in entries}


@cache
def powers() -> dict[str, dict[str, Any]]:
    """Power -> {th, positions, delegable, source, verified}."""
    entries = yaml.safe_load((DATA / "powers.yaml").read_text(encoding="utf-8"))["powers"]
    return {entry["key"]: entry for entry in entries}


@cache
def positions() -> dict[str, str]:
    """Position -> its Thai name."""
    entries = yaml.safe_load((DATA / "powers.yaml").read_text(encoding="utf-8"))["positions"]
    return {entry["key"]: entry["th"] for entry in entries}


def account_of(account_id: UUID | str) -> Account | None:
    return Account.objects.filter(pk=account_id).first()


def accounts_by_actor(actors: Sequence[str]) -> dict[str, Account]:
    """Actor text -> account, for pages that name who did something."""
    ids = [actor.partition(":")[2] for actor in set(actors) if actor.startswith("user:")]
    return {account.actor: account for account in Account.objects.filter(pk__in=ids)}


def holders_of(permission: str, day: date | None = None) -> list[Account]:
    """Active accounts that hold a permission on a day (default: today)."""
    day = day or clock.today()
    rows = (
        Assignment.objects.filter(role__permissions__contains=[permission], starts_on__lte=day)
        .filter(Q(ends_on=None) | Q(ends_on__gte=day))
        .values("account_id")
    )
    return list(Account.objects.filter(pk__in=rows, is_active=True).order_by("display_name"))


def holders_of_role(role: str, day: date | None = None) -> list[Account]:
    """Active accounts that have a role on a day (default: today)."""
    day = day or clock.today()
    rows = Assignment.objects.filter(role_id=role, starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return list(Account.objects.filter(pk__in=rows.values("account_id"), is_active=True).order_by("display_name"))


def events_of(row: models.Model) -> QuerySet[Any]:
    """History of one row of a tracked table, newest first."""
    event = apps.get_model("access", f"{type(row).__name__}Event")
    events: QuerySet[Any] = event._default_manager.filter(pgh_obj_id=row.pk).order_by("-pgh_id")
    return events


def signers(power: str, day: date) -> list[rules.Signer]:
    """Who may use a power on a day, holders first. Account keys as text. Raises KeyError."""
    entry = powers()[power]
    return rules.signers(
        rules.Power(power, frozenset(entry["positions"]), bool(entry["delegable"])), day, _holdings(), _delegations()
    )


def may_sign(account: Account, power: str, day: date) -> rules.Signer | None:
    """In which capacity an account may sign on a day; None when it may not."""
    return next((s for s in signers(power, day) if s.account == str(account.pk)), None)


def _holdings() -> list[rules.Holding]:
    active = LegalHolder.objects.filter(account__is_active=True)
    return [rules.Holding(h.position, str(h.account_id), h.starts_on, h.ends_on, h.pk) for h in active]


def _delegations() -> list[rules.Delegated]:
    return [
        rules.Delegated(d.holder_id, str(d.deputy_id), frozenset(d.powers), d.starts_on, d.ends_on)
        for d in Delegation.objects.filter(deputy__is_active=True)
    ]


def who_looked(person_key: UUID, days: int = 365) -> list[Look]:
    """Who saw a person's data, newest first, day by day; one's own looks are left out, a carer's are not.

    Run it under `me.data` with the person as subject, or under a purpose that reads the log.
    """
    since = clock.now() - timedelta(days=days)
    rows = (
        Read.objects.filter(key=person_key, at__gte=since)
        .exclude(Q(purpose__startswith="me.") & ~Q(purpose=BY_CARER))
        .values("at__date", "unit", "purpose", "entity", "via")
        .annotate(last=models.Max("at"), times=Count("id"))
        .order_by("-last")
    )
    return [_look(dict(row)) for row in rows]


BY_CARER = "me.care"
VIA = {
    "page": gettext_lazy("หน้าข้อมูล"),
    "search": gettext_lazy("ค้นหา"),
    "house": gettext_lazy("หน้าบ้าน"),
    "household": gettext_lazy("หน้าครัวเรือน"),
    "history": gettext_lazy("ประวัติ"),
    "review": gettext_lazy("ตรวจคู่ระเบียน"),
    "intake": gettext_lazy("รับข้อมูล"),
    "reveal": gettext_lazy("เปิดเลขเต็ม"),
    "map": gettext_lazy("แผนที่"),
    "export": gettext_lazy("ส่งออกไฟล์"),
    "break_glass": gettext_lazy("ข้อมูลฉุกเฉิน"),
    "cli": gettext_lazy("เครื่องแม่ข่าย"),
    "own": gettext_lazy("ข้อมูลของฉัน"),
    "care": gettext_lazy("ผู้ดูแล"),
    "counter": gettext_lazy("ศูนย์บริการ"),
}


def via_words(via: str) -> str:
    """ "reveal:national_id" -> "เปิดเลขเต็ม"; a way nobody named is shown as it is."""
    return str(VIA.get(via.partition(":")[0], via))


def _look(row: dict[str, Any]) -> Look:
    info = purposes.published().get(row["purpose"])
    return Look(
        at=row["last"],
        unit=str(VIA["care"]) if row["purpose"] == BY_CARER else row["unit"],
        purpose=info.title if info else row["purpose"],
        basis=info.basis if info else "",
        verified=info.verified if info else False,
        entity=row["entity"],
        via=via_words(row["via"]),
        times=row["times"],
    )


def reads(*, actor: str = "", key: UUID | None = None, purpose: str = "", day: date | None = None) -> QuerySet[Read]:
    """Lines of the read log for the overseer, newest first."""
    found = Read.objects.order_by("-id")
    if actor:
        found = found.filter(actor=actor)
    if key:
        found = found.filter(key=key)
    if purpose:
        found = found.filter(purpose=purpose)
    return found.filter(at__date=day) if day else found


def open_alerts() -> QuerySet[Alert]:
    return Alert.objects.filter(closed_at=None)


def glass_to_review() -> QuerySet[BreakGlass]:
    """Broken glass without a review, the most urgent first."""
    return BreakGlass.objects.filter(reviewed_at=None).order_by("review_due")


def glass_of(actor: str) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(actor=actor)


def consented(person_key: UUID, purpose: str) -> bool:
    """Whether a person's consent to a purpose stands. Run under a purpose that reads people."""
    return Consent.objects.filter(person_key=person_key, purpose=purpose, withdrawn_at=None).exists()
