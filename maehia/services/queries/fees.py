"""Invoices, payments and lines of the bank, for the desk and for those who pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import segno
from django.db.models import Count, Q, QuerySet, Sum

from maehia.base import BANGKOK
from maehia.kit.clock import today
from maehia.services.models import BankLine, Invoice, PayeeSetting, Payment
from maehia.services.rules.bill_qr import bill_payment
from maehia.services.rules.treasury import Paid
from maehia.thai import clean_text

STATES = ("open", "paid", "cancelled")


@dataclass(frozen=True, slots=True)
class PayCode:
    """What a banking app scans. svg: the picture, without a script in it."""

    text: str
    svg: str
    biller: str
    name: str


def invoices(state: str = "", words: str = "") -> QuerySet[Invoice]:
    """Newest first; words: a number or reference, or part of what it is for."""
    found = Invoice.objects.select_related("case")
    if state in STATES:
        found = found.filter(state=state)
    words = clean_text(words)
    if words:
        found = found.filter(
            Q(number__icontains=words) | Q(ref1__startswith=words) | Q(about__icontains=words)
            | Q(account_no=words) | Q(case__number=words)
        )  # fmt: skip
    return found


def counts() -> Mapping[str, int]:
    """How many invoices stand in each state, "" for all."""
    rows = dict(Invoice.objects.values_list("state").annotate(n=Count("id")).order_by())
    return {"": sum(rows.values()), **{state: rows.get(state, 0) for state in STATES}}


def of_case(case_id: UUID | str) -> list[Invoice]:
    return list(Invoice.objects.filter(case_id=case_id).exclude(state="cancelled").select_related("payment"))


def of_person(person_key: UUID) -> list[Invoice]:
    return list(Invoice.objects.filter(person_key=person_key).exclude(state="cancelled").select_related("payment"))


def payee(day: date | None = None) -> PayeeSetting | None:
    """The setting that holds on a day, None without a biller."""
    found = PayeeSetting.objects.filter(since__lte=day or today()).first()
    return found if found and found.biller_id else None


def pay_code(invoice: Invoice) -> PayCode | None:
    """The QR of an open invoice, None while the town has no biller number."""
    to = payee()
    if to is None or invoice.state != Invoice.State.OPEN:
        return None
    text = bill_payment(to.biller_id, invoice.ref1, invoice.ref2, invoice.amount)
    svg = segno.make(text, error="m").svg_inline(border=3, dark="#17211f", light="#ffffff", omitsize=True)
    return PayCode(text, svg, to.biller_id, to.name)


def paid_on(day: date) -> list[Payment]:
    """Payments of a day in Bangkok, in the order in which they came."""
    start = datetime.combine(day, time(), BANGKOK)
    rows = Payment.objects.filter(paid_at__gte=start, paid_at__lt=start + timedelta(days=1))
    return list(rows.select_related("invoice").order_by("paid_at", "pk"))


def total(rows: list[Payment]) -> Decimal:
    return sum((row.amount for row in rows), Decimal("0.00"))


def for_treasury(rows: list[Payment]) -> list[Paid]:
    return [
        Paid(row.paid_at, row.acknowledgement, row.invoice.number, row.invoice.about, row.invoice.payer or "",
             row.amount, row.get_way_display(), row.transaction)
        for row in rows
    ]  # fmt: skip


def open_lines() -> list[BankLine]:
    """Lines of the bank that a person must look at, oldest first."""
    rows = BankLine.objects.exclude(verdict="pays").filter(settled_at=None)
    return list(rows.select_related("invoice").order_by("paid_at", "pk")[:200])


def owed() -> tuple[int, Decimal]:
    """(how many, how much) of what is open."""
    found: dict[str, Any] = Invoice.objects.filter(state="open").aggregate(n=Count("id"), baht=Sum("amount"))
    return found["n"], found["baht"] or Decimal("0.00")
