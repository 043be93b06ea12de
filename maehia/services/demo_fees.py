"""Fees of the demo: a biller that is no bank's, waste fees in every state, a bank's file with doubts. All invented."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from maehia.evidence.models import Link
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.services import demo
from maehia.services.actions import fees
from maehia.services.actions.payee import set_payee
from maehia.services.models import Invoice
from maehia.services.queries.permit import WASTE_LIST
from maehia.services.rules.treasury import bank_layouts

BILLER, NAME = "099400099999900", "เมืองตัวอย่าง (ข้อมูลสมมติ)"  # no such tax id: its check digit is wrong
PAYERS, MONTHS = 36, (3, 6, 12)
MONTHLY = Decimal("30.00")


def load(seed: int) -> int:
    """Invoices and payments; how many invoices."""
    dice, today = random.Random(f"fees:{seed}"), clock.now()
    with acting(demo.ACTOR, demo.PURPOSE):
        set_payee(BILLER, NAME, (today - timedelta(days=700)).date(), by=demo.ACTOR)
        links = Link.objects.filter(kind="person", ref__startswith=f"{WASTE_LIST}:", ended_run=None).order_by("ref")
        payers = [(key, ref.rpartition(":")[2]) for key, ref in links.values_list("key", "ref")[:PAYERS]]
        made = [_invoice(dice, today, person, account) for person, account in payers]
        for invoice, fate in zip(made, _fates(dice, len(made)), strict=True):
            _settle(invoice, fate, dice, today)
        if made:
            fees.import_bank(_bank_file(made, today), "statement-demo.csv", bank_layouts()["generic"][0], by=demo.ACTOR)
    return len(made)


def _invoice(dice: random.Random, today: datetime, person: object, account: str) -> Invoice:
    months = dice.choice(MONTHS)
    amount = MONTHLY * months
    line = {"code": "small", "th": "ค่าธรรมเนียมเก็บขนขยะ", "en": "Waste fee", "per": "month", "quantity": str(months),
            "rate": str(MONTHLY), "amount": str(amount), "source": "สมมติ", "verified": "no"}  # fmt: skip
    with clock.at(today - timedelta(days=dice.randint(2, 90))):
        return fees.make_invoice(
            fees.NewInvoice("ค่าธรรมเนียมเก็บขนขยะมูลฝอย", amount, [line], person_key=person, account_no=account),  # type: ignore[arg-type]
            by=demo.ACTOR,
        )


def _fates(dice: random.Random, count: int) -> list[str]:
    return dice.choices(["cash", "bank", "open", "cancelled"], [4, 5, 4, 1], k=count)


def _settle(invoice: Invoice, fate: str, dice: random.Random, today: datetime) -> None:
    """Cash and cancelling at the counter; what the bank pays comes with its file."""
    if fate == "cash":
        with clock.at(min(today, invoice.made_at + timedelta(hours=dice.randint(1, 40)))):
            fees.pay(invoice.pk, way="cash", by=demo.ACTOR)
    elif fate == "cancelled":
        fees.cancel_invoice(invoice.pk, by=demo.ACTOR, why="ผู้ชำระย้ายออก (สมมติ)")
    invoice.refresh_from_db(fields=["state"])
    invoice.why = fate  # what the bank's file below is written by; not saved


def _bank_file(made: list[Invoice], today: datetime) -> bytes:
    """The bank's payers, and three lines that a person must look at."""
    rows = ["Payment Date,Time,Payer,Ref1,Ref2,Amount,Transaction ID"]
    day = f"{today:%d/%m}/{today.year + 543}"
    paying = [i for i in made if i.why == "bank"]
    rows += [f"{day},09:{n:02d},ผู้ชำระสมมติ,{i.ref1},{i.ref2},{i.amount},DEMO{n:04d}" for n, i in enumerate(paying)]
    if paying:
        first, last = paying[0], paying[-1]
        rows.append(f"{day},10:00,ผู้ชำระสมมติ,{first.ref1},{first.ref2},{first.amount},DEMO9001")
        rows.append(f"{day},10:05,ผู้ชำระสมมติ,{last.ref1},XX,{last.amount},DEMO9002")
    still = next((i for i in made if i.why == "open"), None)
    if still is not None:
        rows.append(f"{day},10:10,ผู้ชำระสมมติ,{still.ref1},{still.ref2},{still.amount - 1},DEMO9003")
    return "\n".join(rows).encode()


demo.add("fees", load, order=60)
