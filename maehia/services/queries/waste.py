"""The waste accounts of a citizen: what each costs, what is owed, until when it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from maehia.services.models import CaseDetail, Invoice
from maehia.services.queries.permit import waste_accounts
from maehia.services.queries.tariffs import tariffs
from maehia.services.rules.tariff import Charge, fee

SERVICE = "waste_account"
TARIFFS = {"small": "waste_household", "large": "waste_household_large"}
PERIOD = "period"  # code of the part of an invoice's line that says the months, as "2026-11/2027-01"


@dataclass(frozen=True, slots=True)
class WasteAccount:
    """bin: small or large. monthly: today's rate. paid_until: first day of the last month paid here; None = the lists
    do not tell. open: unpaid invoices. ended: the town has granted the end of the account."""

    number: str
    bin: str
    monthly: Charge
    paid_until: date | None
    open: tuple[Invoice, ...]
    ended: bool

    @property
    def owed(self) -> Decimal:
        return sum((invoice.amount for invoice in self.open), Decimal("0.00"))


def accounts(person_key: UUID, on: date) -> list[WasteAccount]:
    """Of the person whose scope is at hand (me.services), or of anybody at the counter."""
    return [_account(number, person_key, on) for number in waste_accounts(person_key)]


def account(number: str, person_key: UUID, on: date) -> WasteAccount | None:
    """One own account; None for a number that is not hers."""
    return next((a for a in accounts(person_key, on) if a.number == number), None)


def _account(number: str, person_key: UUID, on: date) -> WasteAccount:
    changes = _granted(number, person_key)
    bins = [answers["bin"] for answers in changes if answers.get("change") == "bin" and answers.get("bin") in TARIFFS]
    size = bins[-1] if bins else "small"
    invoices = list(Invoice.objects.filter(account_no=number, person_key=person_key).order_by("made_at"))
    return WasteAccount(
        number, size, fee(TARIFFS[size], on, {"month": 1}, tariffs()).charges[0], _paid_until(invoices),
        tuple(i for i in invoices if i.state == Invoice.State.OPEN),
        any(answers.get("change") == "cancel" for answers in changes),
    )  # fmt: skip


def _granted(number: str, person_key: UUID) -> list[dict[str, str]]:
    """Answers of the changes that the town has granted for an account, the oldest first."""
    rows = CaseDetail.objects.filter(
        case__service_id=SERVICE, case__state="issued", case__person_key=person_key, answers__account_no=number
    )
    return list(rows.order_by("case__closed_at").values_list("answers", flat=True))


def _paid_until(invoices: Sequence[Invoice]) -> date | None:
    ends = [end for i in invoices if i.state == Invoice.State.PAID for end in [_last_month(i)] if end]
    return max(ends) if ends else None


def _last_month(invoice: Invoice) -> date | None:
    period = next((line[PERIOD] for line in invoice.lines if line.get(PERIOD)), "")
    return date.fromisoformat(f"{period.partition('/')[2]}-01") if period else None


def add_months(month: date, count: int) -> date:
    """The first day of the month so many months later."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def next_unpaid(found: WasteAccount, on: date) -> date:
    """The month with which the next invoice begins: after what is paid here, else this month."""
    return add_months(found.paid_until, 1) if found.paid_until else on.replace(day=1)
