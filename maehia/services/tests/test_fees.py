"""Invoices and payments: nothing is paid twice, whoever asks."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from maehia.base import ProblemError
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW, ConcurrentTestCase, in_threads
from maehia.services import actions
from maehia.services.actions import fees
from maehia.services.models import BankFile, BankLine, Invoice, Payment
from maehia.services.queries import cases
from maehia.services.tests.case_cast import DEVICE, OTHER_DEVICE, StreetCase, build_street, dark_lamp
from maehia.services.tests.desk_cast import build_town
from maehia.services.tests.test_bank_rules import LAYOUT

FINANCE = f"user:{uuid.UUID(int=601)}"
TWENTY = Decimal("20.00")


def code_of(work, *args, **said) -> str:
    with pytest.raises(ProblemError) as caught:
        work(*args, **said)
    return caught.value.problem.code


class FeeCase(StreetCase):
    def fees(self):
        return acting(FINANCE, "services.fees")

    def invoice(self, amount: Decimal = TWENTY, **more) -> Invoice:
        with self.fees():
            return fees.make_invoice(fees.NewInvoice("ค่าใบอนุญาต", amount, **more), by=FINANCE)

    def import_(self, *rows: str, name: str = "bank.csv"):
        text = "Payment Date,Time,Payer,Ref1,Ref2,Amount,Txn ID\n" + "".join(f"{row}\n" for row in rows)
        with self.fees():
            return fees.import_bank(text.encode(), name, LAYOUT, by=FINANCE)


class InvoiceTests(FeeCase):
    def test_each_invoice_has_its_own_number_and_references(self):
        first, second = self.invoice(), self.invoice()
        assert (first.number, second.number) == ("2569-000001", "2569-000002")
        assert (first.ref1, first.ref2) != (second.ref1, second.ref2)

    def test_an_amount_that_is_none_or_does_not_add_up_is_refused(self):
        for amount in ("0", "-1", "1.005", "NaN", "Infinity"):
            assert code_of(self.invoice, Decimal(amount)) == "bad_amount"
        lines = [{"code": "a", "amount": "19.99"}]
        assert code_of(self.invoice, TWENTY, lines=lines) == "lines_differ"

    def test_only_who_may_see_the_case_sees_its_invoice(self):
        mine, other = self.file(), self.file(by=OTHER_DEVICE)
        self.invoice(case_id=mine.pk)
        for case, seen in ((mine, 1), (other, 0)):
            with acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
                assert Invoice.objects.count() == seen
        with acting("system:public", "services.public"):
            assert Invoice.objects.count() == Payment.objects.count() == 0

    def test_invoice_and_payment_stand_in_the_history_of_the_case(self):
        case = self.file()
        invoice = self.invoice(case_id=case.pk)
        with self.fees():
            assert fees.is_due(case)
            payment = fees.pay(invoice.pk, way="cash", by=FINANCE)
            assert not fees.is_due(case)
            values = [e.value for e in case.events.filter(kind="payment")]
            assert cases.check_chain(case.pk) is None
        assert values[0] == {"invoice": invoice.number, "amount": "20.00"}
        assert values[1]["acknowledgement"] == payment.acknowledgement == "รช2569-000001"

    def test_a_cancelled_invoice_is_not_paid_and_a_paid_one_not_cancelled(self):
        one, two = self.invoice(), self.invoice()
        with self.fees():
            assert code_of(fees.cancel_invoice, one.pk, by=FINANCE, why=" ") == "no_reason"
            fees.cancel_invoice(one.pk, by=FINANCE, why="ผู้ขอถอนเรื่อง")
            assert code_of(fees.pay, one.pk, way="cash", by=FINANCE) == "invoice_cancelled"
            fees.pay(two.pk, way="cash", by=FINANCE)
            assert code_of(fees.cancel_invoice, two.pk, by=FINANCE, why="ผิดคน") == "paid_already"
            assert code_of(fees.pay, uuid.uuid4(), way="cash", by=FINANCE) == "no_invoice"

    def test_the_database_refuses_a_second_payment_even_without_the_code(self):
        invoice = self.invoice()
        with self.fees():
            first = fees.pay(invoice.pk, way="cash", by=FINANCE)
            first.pk, first.acknowledgement = None, "รช2569-999999"
            with pytest.raises(IntegrityError), transaction.atomic():
                first.save(force_insert=True)


class BankTests(FeeCase):
    def line(self, invoice: Invoice, amount: str = "20.00", number: str = "T1") -> str:
        return f"18/11/2026,09:05,นางมาลี,{invoice.ref1},{invoice.ref2},{amount},{number}"

    def test_a_line_pays_its_invoice_and_the_same_file_again_changes_nothing(self):
        invoice = self.invoice()
        done = self.import_(self.line(invoice))
        assert (done.paid, done.again, done.open) == (1, 0, 0)
        assert code_of(self.import_, self.line(invoice)) == "file_twice"
        again = self.import_(self.line(invoice), self.line(self.invoice(), number="T2"))
        assert (again.paid, again.again) == (1, 1)
        with self.acting():
            assert Payment.objects.count() == 2
            assert Payment.objects.get(invoice=invoice).transaction == "T1"

    def test_what_does_not_fit_waits_for_a_person_with_its_reason(self):
        invoice = self.invoice()
        rows = (self.line(invoice, "19.00", "T1"), self.line(invoice, number="T2"), self.line(invoice, number="T3"),
                "18/11/2026,,,X1,,5,T4", "เสีย,,,X1,,5,T5")  # fmt: skip
        done = self.import_(*rows)
        assert (done.paid, done.open, [p.where for p in done.problems]) == (1, 3, ["แถว 6"])
        with self.fees():
            found = dict(BankLine.objects.values_list("transaction", "verdict"))
            assert found == {"T1": "wrong_amount", "T2": "pays", "T3": "paid_already", "T4": "unknown_reference"}
            waiting = BankLine.objects.get(transaction="T3")
            fees.settle(waiting.pk, by=FINANCE, how="คืนเงินทางธนาคารแล้ว")
            assert code_of(fees.settle, waiting.pk, by=FINANCE, how="อีกครั้ง") == "settled_already"

    def test_a_file_without_lines_leaves_no_trace(self):
        done = self.import_("เสีย,,,,,,")
        assert (done.file, done.paid, len(done.problems)) == (None, 0, 1)
        with self.acting():
            assert not BankFile.objects.exists()

    def test_what_was_paid_in_cash_before_is_not_paid_again_by_the_bank(self):
        invoice = self.invoice()
        with self.fees():
            fees.pay(invoice.pk, way="cash", by=FINANCE)
        done = self.import_(self.line(invoice))
        assert (done.paid, done.open) == (0, 1)

    def test_an_official_receipt_is_written_once_and_belongs_to_one_payment(self):
        one, two = (self.invoice() for _ in range(2))
        with self.fees():
            first, second = (fees.pay(i.pk, way="cash", by=FINANCE).acknowledgement for i in (one, two))
            assert fees.set_receipt(first, "RC-1") == ""
            assert fees.set_receipt(first, "RC-1") == ""
            assert fees.set_receipt(first, "RC-2") == "other_receipt_stands"
            assert fees.set_receipt(second, "RC-1") == "receipt_twice"
            assert fees.set_receipt(second, " ") == "no_receipt"
            assert fees.set_receipt("รช0000", "RC-3") == "unknown_acknowledgement"


class DoubleClickTests(ConcurrentTestCase):
    def test_a_double_click_on_pay_and_the_bank_at_the_same_time_make_one_payment(self):
        with self.acting():
            build_town()
            build_street()
        case = actions.file_case(dark_lamp(), by=DEVICE).case
        with acting(FINANCE, "services.fees"):
            invoice = fees.make_invoice(fees.NewInvoice("ค่าใบอนุญาต", TWENTY, case_id=case.pk), by=FINANCE)
        row = f"Payment Date,Ref1,Ref2,Amount,Txn ID\n18/11/2026,{invoice.ref1},{invoice.ref2},20.00,T1\n"

        def work(n):
            with acting(FINANCE, "services.fees"):
                if n == 0:
                    return fees.import_bank(row.encode(), "bank.csv", LAYOUT, by=FINANCE)
                return fees.pay(invoice.pk, way="cash", by=FINANCE)

        made = in_threads(4, work)
        with self.acting():
            assert Payment.objects.count() == 1
            assert Payment.objects.get().recorded_at == NOW
        refused = [m.problem.code for m in made if isinstance(m, ProblemError)]
        assert set(refused) == {"paid_already"}
        assert not [m for m in made if isinstance(m, Exception) and not isinstance(m, ProblemError)]
