"""Waste fees: an invoice for the months that a citizen wants to pay."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from maehia.kit.clock import today
from maehia.services.actions.base import refused
from maehia.services.actions.fees import NewInvoice, lines_of, make_invoice
from maehia.services.models import Invoice
from maehia.services.queries import waste
from maehia.services.queries.tariffs import tariffs
from maehia.services.rules.tariff import fee

MOST_MONTHS = 12


@transaction.atomic
def bill_months(number: str, months: int, *, person_key: UUID, payer: str, by: str) -> Invoice:
    """An invoice for the next months of an own account. One at a time: an open one must be paid or cancelled first.

    Raises ProblemError: no_account, account_ended, bad_months, invoice_open.
    """
    with connection.cursor() as cursor:  # two taps at once wait here, so that the second one sees the first invoice
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"services.waste:{number}"])
    found = waste.account(number, person_key, today())
    if found is None:
        raise refused("no_account", "ไม่พบบัญชีค่าขยะนี้ในชื่อของคุณ", number, "ติดต่อศูนย์บริการหากบัญชีเป็นชื่อผู้อื่น")
    if found.ended:
        raise refused("account_ended", "บัญชีนี้ยกเลิกแล้ว", number)
    if not 1 <= months <= MOST_MONTHS:
        raise refused("bad_months", f"เลือกได้ 1 ถึง {MOST_MONTHS} เดือน", number)
    if found.open:
        raise refused("invoice_open", "มีใบแจ้งที่ยังไม่ชำระอยู่", found.open[0].number, "ชำระใบเดิมก่อน")
    first = waste.next_unpaid(found, today())
    due = fee(waste.TARIFFS[found.bin], today(), {"month": Decimal(months)}, tariffs())
    period = f"{first:%Y-%m}/{waste.add_months(first, months - 1):%Y-%m}"
    lines = [{**line, waste.PERIOD: period} for line in lines_of(due)]
    return make_invoice(
        NewInvoice(f"ค่าธรรมเนียมขยะ บัญชี {number} จำนวน {months} เดือน", due.total, lines, person_key=person_key,
                   payer=payer, account_no=number), by=by,
    )  # fmt: skip
