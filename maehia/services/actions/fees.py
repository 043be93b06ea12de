"""Invoices and payments: made once, paid once, whoever asks twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.base import Problem
from maehia.kit.acting import required
from maehia.kit.clock import now, today
from maehia.kit.series import buddhist_year, next_number
from maehia.services.actions.base import append, locked, refused, save
from maehia.services.actions.hooks import provide_dues, provide_withdrawn
from maehia.services.actions.permit_papers import paid, provide_bill
from maehia.services.models import BankFile, BankLine, Case, Invoice, Payment
from maehia.services.rules.bank import Layout, Line, Matched, Owed, read_bank_file, reconcile
from maehia.services.rules.tariff import Fee

PAY_DAYS = 30
BANK = "system:bank"


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """What is owed and by whom. lines: [{...}] as they are printed; amount: their sum, checked."""

    about: str
    amount: Decimal
    lines: Sequence[Mapping[str, str]] = ()
    case_id: UUID | None = None
    person_key: UUID | None = None
    payer: str = ""
    account_no: str = ""
    due_on: date | None = None


def bill_case(case: Case, fee: Fee, by: str) -> None:
    """The invoice of an application's fee; a second call finds the first one. For `permit_papers.provide_bill`."""
    if Invoice.objects.filter(case_id=case.pk).exclude(state=Invoice.State.CANCELLED).exists():
        return
    make_invoice(
        NewInvoice(about=case.service.name_th, amount=fee.total, lines=lines_of(fee), case_id=case.pk,
                   person_key=case.person_key), by=by,
    )  # fmt: skip


def lines_of(fee: Fee) -> list[dict[str, str]]:
    """The charges as they are kept and printed: amounts as text, never a float."""
    return [
        {"code": c.code, "th": c.name.th, "en": c.name.en, "per": c.per, "quantity": str(c.quantity),
         "rate": str(c.rate), "amount": str(c.amount), "source": c.source, "verified": "yes" if c.verified else "no"}
        for c in fee.charges
    ]  # fmt: skip


@transaction.atomic
def make_invoice(new: NewInvoice, *, by: str) -> Invoice:
    """Raises ProblemError bad_amount, lines_differ."""
    if not new.amount.is_finite() or new.amount <= 0 or new.amount != new.amount.quantize(Decimal("0.01")):
        raise refused("bad_amount", "จำนวนเงินต้องมากกว่า 0 และมีทศนิยมไม่เกินสองตำแหน่ง", str(new.amount))
    if new.lines and sum((Decimal(line["amount"]) for line in new.lines), Decimal(0)) != new.amount:
        raise refused("lines_differ", "ผลรวมของรายการไม่เท่ากับจำนวนเงิน", str(new.amount))
    year = buddhist_year()
    number = next_number("services.invoice", year)
    invoice = Invoice(
        number=f"{year}-{number:06d}", case_id=new.case_id, person_key=new.person_key, payer=new.payer.strip() or None,
        about=new.about, account_no=new.account_no, lines=list(new.lines), amount=new.amount,
        ref1=f"{year}{number:08d}", ref2=f"MH{number % 97:02d}",
        due_on=new.due_on or today() + timedelta(days=PAY_DAYS),
        made_by=by, made_at=now(), mode=required().mode,
    )  # fmt: skip
    invoice.save(force_insert=True)
    _tell_case(invoice, by, {"invoice": invoice.number, "amount": str(invoice.amount)})
    return invoice


def _tell_case(invoice: Invoice, by: str, value: Mapping[str, str]) -> None:
    if invoice.case_id:
        case = locked(invoice.case_id)
        append(case, "payment", by=by, value=value, is_public=False)
        save(case)


@transaction.atomic
def pay(
    invoice_id: UUID, *, way: str, by: str, amount: Decimal | None = None, paid_at: datetime | None = None,
    transaction_no: str = "",
) -> Payment:  # fmt: skip
    """Record that an invoice was paid in full. A second payment is refused by code and by the database.

    Raises ProblemError: no_invoice, paid_already, invoice_cancelled, wrong_amount.
    """
    invoice = _locked(invoice_id)
    if invoice.state == Invoice.State.PAID:
        raise refused("paid_already", "ใบแจ้งนี้ชำระแล้ว จึงไม่บันทึกซ้ำ", invoice.number, "ดูใบรับแจ้งการชำระเดิม")
    if invoice.state == Invoice.State.CANCELLED:
        raise refused("invoice_cancelled", "ใบแจ้งนี้ยกเลิกแล้ว", invoice.number, "ออกใบแจ้งใหม่")
    if amount is not None and amount != invoice.amount:
        raise refused("wrong_amount", f"จำนวนเงินไม่ตรงกับใบแจ้ง ({invoice.amount} บาท)", invoice.number, "ตรวจจำนวนเงิน")
    year = buddhist_year()
    payment = Payment(
        invoice=invoice, way=way, amount=invoice.amount, paid_at=paid_at or now(), recorded_at=now(), by=by,
        transaction=transaction_no, acknowledgement=f"รช{year}-{next_number('services.acknowledgement', year):06d}",
    )  # fmt: skip
    payment.save(force_insert=True)
    invoice.state, invoice.ended_at, invoice.ended_by = Invoice.State.PAID, payment.paid_at, by
    invoice.save(update_fields=["state", "ended_at", "ended_by"])
    _tell_case(invoice, by, {"paid": invoice.number, "way": way, "acknowledgement": payment.acknowledgement})
    paid(invoice.case_id, by)
    return payment


def _locked(invoice_id: UUID) -> Invoice:
    invoice = Invoice.objects.select_for_update().filter(pk=invoice_id).first()
    if invoice is None:
        raise refused("no_invoice", "ไม่พบใบแจ้งนี้")
    return invoice


@transaction.atomic
def cancel_invoice(invoice_id: UUID, *, by: str, why: str) -> Invoice:
    """Take an unpaid invoice back, with a reason. Raises ProblemError: paid_already, no_reason."""
    invoice = _locked(invoice_id)
    if invoice.state == Invoice.State.PAID:
        raise refused("paid_already", "ใบแจ้งนี้ชำระแล้ว จึงยกเลิกไม่ได้", invoice.number, "ทำเรื่องคืนเงินตามระเบียบ")
    if len(why.strip()) < 3:
        raise refused("no_reason", "ยังไม่มีเหตุผลที่ยกเลิก", invoice.number, "เขียนเหตุผล")
    invoice.state, invoice.ended_at, invoice.ended_by, invoice.why = Invoice.State.CANCELLED, now(), by, why.strip()
    invoice.save(update_fields=["state", "ended_at", "ended_by", "why"])
    _tell_case(invoice, by, {"cancelled": invoice.number})
    return invoice


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bank's file did. again: lines that had come before. open: lines that a person must look at."""

    file: BankFile | None
    paid: int
    again: int
    open: int
    problems: tuple[Problem, ...]


@transaction.atomic
def import_bank(raw: bytes, name: str, layout: Layout, *, by: str) -> Imported:
    """Read a bank's file and pay what it pays. The same file, or a line of it, changes nothing the second time.

    Raises ProblemError file_twice.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if BankFile.objects.filter(sha256=digest).exists():
        raise refused("file_twice", "ไฟล์นี้นำเข้าแล้ว จึงไม่นำเข้าซ้ำ", name)
    read = read_bank_file(raw, layout)
    if not read.lines:
        return Imported(None, 0, 0, 0, read.problems)
    owed = _owed(read.lines)
    numbers = [line.transaction for line in read.lines]
    seen = set(BankLine.objects.filter(transaction__in=numbers).values_list("transaction", flat=True))
    matched = reconcile(read.lines, owed, seen)
    file = BankFile.objects.create(sha256=digest, name=name[:200], layout=layout.key, rows=len(read.lines),
                                   problems=[p.as_dict() for p in read.problems], by=by, at=now())  # fmt: skip
    fresh = [m for m in matched if m.verdict != "came_before"]
    BankLine.objects.bulk_create([_bank_line(file, m) for m in fresh], batch_size=500)
    paying = [m for m in fresh if m.verdict == "pays"]
    for m in paying:
        pay(UUID(m.owed), way=Payment.Way.QR, by=by, amount=m.line.amount, paid_at=m.line.paid_at,
            transaction_no=m.line.transaction)  # fmt: skip
    return Imported(file, len(paying), len(matched) - len(fresh), len(fresh) - len(paying), read.problems)


def _owed(lines: Sequence[Line]) -> dict[tuple[str, str], Owed]:
    """The invoices that the lines name, locked in the order of their keys until the file is done."""
    refs = {line.ref1 for line in lines}
    rows = Invoice.objects.select_for_update().filter(ref1__in=refs).order_by("pk")
    return {(row.ref1, row.ref2): Owed(str(row.pk), row.amount, row.state) for row in rows}


def _bank_line(file: BankFile, m: Matched) -> BankLine:
    line = m.line
    return BankLine(
        file=file, number=line.number, paid_at=line.paid_at, amount=line.amount, ref1=line.ref1[:60],
        ref2=line.ref2[:60],
        transaction=line.transaction, payer=line.payer or None, verdict=m.verdict, invoice_id=m.owed or None,
    )  # fmt: skip


@transaction.atomic
def settle(line_id: int, *, by: str, how: str) -> BankLine:
    """A person has solved what the machine would not guess (refund, other account), in words."""
    line = BankLine.objects.select_for_update().get(pk=line_id)
    if line.settled_at is not None or line.verdict == "pays":
        raise refused("settled_already", "รายการนี้ดำเนินการแล้ว", str(line.number))
    if len(how.strip()) < 3:
        raise refused("no_reason", "ยังไม่ได้เขียนว่าดำเนินการอย่างไร")
    line.settled_at, line.settled_by, line.settled_how = now(), by, how.strip()
    line.save(update_fields=["settled_at", "settled_by", "settled_how"])
    return line


@transaction.atomic
def set_receipt(acknowledgement: str, receipt: str) -> str:
    """The treasury's receipt for an acknowledgement. "" when it stands now, else why not (for a row of an import)."""
    payment = Payment.objects.select_for_update().filter(acknowledgement=acknowledgement.strip()).first()
    if payment is None:
        return "unknown_acknowledgement"
    if payment.official_receipt:
        return "" if payment.official_receipt == receipt.strip() else "other_receipt_stands"
    if not receipt.strip():
        return "no_receipt"
    try:
        with transaction.atomic():
            payment.official_receipt, payment.receipt_at = receipt.strip()[:40], now()
            payment.save(update_fields=["official_receipt", "receipt_at"])
    except IntegrityError:
        return "receipt_twice"
    return ""


def take_back(case: Case, by: str) -> None:
    """Nobody owes the fee of an application that was withdrawn."""
    for key in Invoice.objects.filter(case_id=case.pk, state=Invoice.State.OPEN).values_list("pk", flat=True):
        cancel_invoice(key, by=by, why="ผู้ยื่นขอถอนคำขอ")


def is_due(case: Case) -> bool:
    """Whether an invoice of the case is open."""
    return Invoice.objects.filter(case_id=case.pk, state=Invoice.State.OPEN).exists()


def register() -> None:
    """Called once at start."""
    provide_dues(is_due)
    provide_withdrawn(take_back)
    provide_bill(bill_case)
