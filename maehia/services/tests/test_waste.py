"""The waste account of a citizen: her own only, one open invoice at a time, exact amounts."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from maehia.evidence.actions import LinkChange, save_links
from maehia.kit.testing import NOW
from maehia.services.actions import fees
from maehia.services.models import Case, CaseDetail, Invoice, ServiceVersion
from maehia.services.tests.permit_cast import P_MALEE, P_OTHER, PermitCase

WASTE = "/me/waste/"


class WasteTest(PermitCase):
    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            links = {"waste:ขย-000001": P_MALEE, "waste:ขย-000002": P_OTHER, "utility:09-000001": P_MALEE}
            save_links(LinkChange("person", links, {}))
        self.enter(self.citizen)

    def page(self) -> str:
        answer = self.client.get(WASTE)
        assert answer.status_code == 200
        return answer.content.decode()

    def bill(self, account: str = "ขย-000001", months: Any = 3) -> Any:
        return self.send(WASTE, account=account, months=months)

    def grant(self, **answers: str) -> None:
        version = ServiceVersion.objects.get(service_id="waste_account")
        with self.acting():
            case = Case.objects.create(
                number=f"2569-{uuid.uuid4().int % 10**6:06d}", kind="service", service_id="waste_account", definition=version,
                workflow_version="1", channel="web", state="issued", state_type="fixed", received_at=NOW, recorded_at=NOW,
                updated_at=NOW, closed_at=NOW, person_key=P_MALEE,
            )  # fmt: skip
            CaseDetail.objects.create(case=case, answers={"account_no": "ขย-000001", **answers})

    def test_only_the_own_waste_account_is_shown(self) -> None:
        page = self.page()
        assert "ขย-000001" in page
        assert "ขย-000002" not in page
        assert "09-000001" not in page
        assert "ยังไม่ทราบ" in page

    def test_three_months_are_billed_and_paid_once(self) -> None:
        assert self.bill().status_code == 302
        with self.acting():
            invoice = Invoice.objects.get()
            assert (invoice.amount, invoice.account_no, invoice.person_key) == (Decimal("90.00"), "ขย-000001", P_MALEE)
            assert invoice.lines[0]["period"] == "2026-11/2027-01"
        again = self.bill()
        assert again.status_code == 422
        assert "มีใบแจ้งที่ยังไม่ชำระอยู่" in again.content.decode()
        with self.acting():
            fees.pay(invoice.pk, way="cash", by="user:counter")
        assert "ม.ค. 2570" in self.page()
        self.bill(months=1)
        with self.acting():
            assert Invoice.objects.get(state="open").lines[0]["period"] == "2027-02/2027-02"

    def test_the_amount_owed_changes_with_the_invoice(self) -> None:
        assert "0 บาท" in self.page()
        self.bill(months=2)
        assert "60 บาท" in self.page()

    def test_a_granted_larger_bin_costs_its_own_rate(self) -> None:
        self.grant(change="bin", bin="large")
        self.bill(months=1)
        with self.acting():
            assert Invoice.objects.get().amount == Decimal("50.00")

    def test_an_ended_account_is_billed_no_more(self) -> None:
        self.grant(change="cancel", last_day="2026-11-30")
        assert self.bill().status_code == 422
        assert "ยกเลิกแล้ว" in self.page()

    def test_somebody_elses_account_and_bad_months_are_refused(self) -> None:
        for account, months in (("ขย-000002", 1), ("", 1), ("ขย-000001", 0), ("ขย-000001", 13), ("ขย-000001", "สาม")):
            assert self.bill(account, months).status_code == 422
        with self.acting():
            assert not Invoice.objects.exists()

    def test_the_account_stands_in_the_form_of_the_application_already(self) -> None:
        page = self.client.get("/services/waste_account/apply/").content.decode()
        assert 'value="ขย-000001"' in page
        answer = self.send(
            "/services/waste_account/apply/", step="send", account_no="ขย-000001", change="bin", bin="large"
        )
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        with self.acting():
            assert CaseDetail.objects.get().answers == {"account_no": "ขย-000001", "change": "bin", "bin": "large"}
