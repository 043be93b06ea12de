"""Pages of the fees: what is owed, the QR, the counter, the bank's file, the treasury's file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from maehia.access.actions import assign, create_account
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.actions import fees
from maehia.services.actions.payee import set_payee
from maehia.services.models import Invoice, Payment
from maehia.services.rules.treasury import Paid, exports, write
from maehia.services.tests.desk_cast import SINCE
from maehia.services.tests.test_bank_rules import BILLER
from maehia.services.tests.test_fees import FINANCE, FeeCase, code_of

ORACLE_PLACE = "0016A0000006770101120115" + BILLER


class PageTests(FeeCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            self.finance = create_account("finance", "บัญชา คลังดี (สมมติ)", unit="กองคลัง")
            assign(self.finance, "finance", starts_on=SINCE)
        self.enter(self.finance)

    def set_payee(self):
        set_payee(BILLER, "เทศบาลตัวอย่าง (สมมติ)", NOW.date(), by=FINANCE)

    def test_without_a_biller_there_is_no_code_and_the_page_says_where_to_pay(self):
        invoice = self.invoice()
        page = self.page(f"/staff/fees/{invoice.pk}/")
        assert "<svg" not in page.split("paycode")[-1].split("</figure>")[0] or "paycode" not in page
        assert "ชำระได้ที่ศูนย์บริการ" in page
        self.set_payee()
        assert "paycode" in self.page(f"/staff/fees/{invoice.pk}/")

    def test_a_bad_biller_is_refused_with_words(self):
        answer = self.send(
            "/staff/fees/payee/", biller_id="123", name="x", since_day="18", since_month="11", since_year="2569"
        )
        assert answer.status_code == 422
        assert "15 หลัก" in answer.content.decode()
        assert code_of(set_payee, "ก" * 15, "x", NOW.date(), by=FINANCE) == "bad_biller"

    def test_the_list_counts_what_it_lists(self):
        for amount in ("20.00", "35.50"):
            self.invoice(Decimal(amount))
        page = self.page("/staff/fees/")
        assert "55.50" in page
        assert page.count("2569-00000") >= 2
        with self.fees():
            fees.pay(Invoice.objects.get(amount=Decimal("20.00")).pk, way="cash", by=FINANCE)
        page = self.page("/staff/fees/")
        assert "35.50" in page
        assert "20.00" in page  # received today

    def test_a_double_click_at_the_counter_pays_once(self):
        invoice = self.invoice()
        key = new_key()
        for _ in range(2):
            answer = self.client.post(f"/staff/fees/{invoice.pk}/pay/", {"way": "cash", "idempotency_key": key})
            assert answer.status_code == 302
        with self.acting():
            assert Payment.objects.count() == 1
        again = self.client.post(
            f"/staff/fees/{invoice.pk}/pay/", {"way": "cash", "idempotency_key": new_key()}, follow=True
        )
        assert "ชำระแล้ว จึงไม่บันทึกซ้ำ" in again.content.decode()

    def test_without_a_way_nothing_is_paid(self):
        invoice = self.invoice()
        self.send(f"/staff/fees/{invoice.pk}/pay/", way="seashells")
        with self.acting():
            assert not Payment.objects.exists()

    def test_the_payer_sees_her_invoice_by_her_link_and_nobody_elses(self):
        case, other = self.file(), self.file(by="device:22222222-2222-4222-8222-222222222222")
        invoice = self.invoice(case_id=case.pk, payer="ยายคำ (สมมติ)")
        self.client.logout()
        page = self.page(f"/follow/{actions.secret_of(case.pk)}/fees/")
        assert invoice.number in page
        assert invoice.number not in self.page(f"/follow/{actions.secret_of(other.pk)}/fees/")
        assert self.client.get("/follow/xxxxxxxxxxxxxxxxxxxxxx/fees/").status_code == 404

    def test_an_officer_without_the_right_sees_no_fees(self):
        self.enter(self.data)
        assert self.client.get("/staff/fees/").status_code == 403

    def test_the_banks_file_pays_and_lists_what_is_left(self):
        invoice = self.invoice()
        text = f"Payment Date,Ref1,Ref2,Amount,Txn ID\n18/11/2569,{invoice.ref1},{invoice.ref2},20.00,T1\n18/11/2569,X,,5,T2\n"
        for status in (200, 422):
            file = SimpleUploadedFile("bank.csv", text.encode(), "text/csv")
            answer = self.client.post("/staff/fees/bank/", {"layout": "generic", "file": file})
            assert answer.status_code == status
        assert "นำเข้าแล้ว จึงไม่นำเข้าซ้ำ" in answer.content.decode()
        assert "ไม่รู้จักเลขอ้างอิง" in self.page("/staff/fees/bank/")

    def test_receipts_come_back_row_by_row(self):
        invoice = self.invoice()
        with self.fees():
            ack = fees.pay(invoice.pk, way="cash", by=FINANCE).acknowledgement
        file = SimpleUploadedFile("r.csv", f"ใบรับแจ้ง,ใบเสร็จ\n{ack},RC-1\nรช0000,RC-2\n".encode(), "text/csv")
        page = self.client.post("/staff/fees/receipts/", {"file": file}).content.decode()
        assert "1 รายการ" in page
        assert "ไม่มีใบรับแจ้งเลขที่นี้" in page
        assert "RC-1" in self.page(f"/staff/fees/{invoice.pk}/acknowledgement/")

    def test_the_file_of_a_day_has_each_payment_once_in_the_layout_that_is_asked(self):
        for amount in ("20.00", "35.50"):
            with self.fees():
                fees.pay(self.invoice(Decimal(amount)).pk, way="cash", by=FINANCE)
        day = {"day_day": "18", "day_month": "11", "day_year": "2569", "download": "1"}
        plain = self.client.get("/staff/fees/daily/", {**day, "layout": "generic"}).content.decode("utf-8-sig")
        lines = plain.strip().split("\r\n")
        assert len(lines) == 3
        assert sum(Decimal(line.split(",")[6]) for line in lines[1:]) == Decimal("55.50")
        assert lines[1].startswith("18/11/2569,10:00,รช2569-000001,2569-000001")
        other = self.client.get("/staff/fees/daily/", {**day, "layout": "satang"}).content.decode("cp874")
        assert other.split("\r\n")[1].split("|")[3] == "3550"
        empty = self.client.get("/staff/fees/daily/", {**day, "day_day": "17", "layout": "satang"})
        assert empty.content == b""


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_the_treasurys_file_runs_as_a_formula(cell):
    row = Paid(NOW, "รช1", "1", cell, "", Decimal("1.00"), "เงินสด", "")
    assert f"'{cell}" in write(exports()["generic"], [row]).decode("utf-8-sig")
