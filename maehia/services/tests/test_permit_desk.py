"""A house permit from the form to the signature, and what is refused on the way."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape

from django.test import TestCase

from maehia.access.actions import delegate
from maehia.city.models import Area, Parcel, Tie
from maehia.forms.models import Document
from maehia.forms.queries import open_document
from maehia.kit import clock
from maehia.kit.testing import NOW
from maehia.services.actions import permit as acts
from maehia.services.actions.opening import secret_of
from maehia.services.models import Case, CaseEvent, Invoice
from maehia.services.queries import permit
from maehia.services.tests.permit_cast import (
    FLOOD,
    LAT,
    LON,
    PARCEL,
    SINCE,
    STEP_X,
    Filing,
    polygon,
)

APPLY = "/services/house_permit/apply/"


class WayTest(Filing):
    def test_from_the_application_to_a_permit_that_can_be_verified_and_revoked(self) -> None:
        key = self.to_decision()
        with clock.at(NOW + timedelta(minutes=75)):
            case = self.issued(key, self.mayor)
        assert (case.state, case.state_type) == ("issued", "fixed")
        with self.acting():
            paper = Document.objects.get(about=key)
            assert open_document(paper.pk).startswith(b"%PDF-")
            assert (paper.kind, paper.signed_name, paper.signed_position) == (
                "building_permit",
                "สมบูรณ์ เมืองงาม",
                "นายกเทศมนตรี",
            )
            assert paper.holder == "มาลี สุขสมมติ"
        assert self.seen(key).took == timedelta(minutes=75)
        face = self.client.get(f"/verify/{paper.code}/").content.decode()
        assert paper.number_text in face
        self.do(acts.revoke, key, by=self.mayor, reason="แบบแปลนไม่ตรงกับที่ได้รับอนุญาต")
        assert "เพิกถอน" in self.client.get(f"/verify/{paper.code}/").content.decode()

    def test_the_applicant_pays_and_downloads_behind_her_link_and_nobody_else(self) -> None:
        key = self.to_decision()
        self.do(acts.sign, key, "issued", by=self.mayor)
        path = f"/follow/{secret_of(key)}/"
        assert f"{path}fees/" in self.client.get(path).content.decode()
        self.pay(key)
        page = self.client.get(path).content.decode()
        assert "โฉนด 12345" in page
        found = re.search(r'href="(/documents/[^"]+)"', page)
        assert found
        assert self.client.get(unescape(found[1]))["Content-Type"] == "application/pdf"
        assert self.client.get(unescape(found[1]).partition("?")[0]).status_code in (302, 403, 404)

    def test_the_clock_of_the_town_stops_at_the_signature(self) -> None:
        key = self.to_decision()
        with clock.at(NOW + timedelta(minutes=30)):
            self.do(acts.sign, key, "issued", by=self.mayor)
        with clock.at(NOW + timedelta(days=3)):
            assert self.seen(key).took == timedelta(minutes=30)

    def test_an_application_is_checked_at_once_and_the_findings_are_kept(self) -> None:
        found = self.seen(self.file())
        assert {f.code: f.verdict for f in found.findings if f.verdict != "pass"} == {}
        assert {"owner", "covers", "zone", "flood", "access"} <= {f.code for f in found.findings}

    def test_one_changed_row_of_the_register_changes_its_own_finding(self) -> None:
        before = {f.code: f.verdict for f in self.seen(self.file()).findings}
        with self.acting():
            Area.objects.filter(pk=FLOOD).update(geom=polygon(-50, -50, 50, 50))
        after = {f.code: f.verdict for f in self.seen(self.file()).findings}
        assert {code for code in before if before[code] != after[code]} == {"flood"}
        assert after["flood"] == "fail"
        with self.acting():
            Tie.objects.filter(about_key=PARCEL).delete()
        assert {f.code: f.verdict for f in self.seen(self.file()).findings}["owner"] == "fail"

    def test_a_doubt_goes_to_a_visit_and_its_result_stands(self) -> None:
        key = self.file(centre={"lon": LON - 5.2 * STEP_X, "lat": LAT})  # 2.3 m from the western boundary
        [doubt] = self.seen(key).doubts
        assert doubt.code.startswith("side_")
        self.do(acts.recommend, key, "issued", by=self.counter)
        assert self.refusal(acts.review, key, "issued", by=self.engineer) == "doubt_open"
        self.do(acts.send_to_visit, key, by=self.engineer, note="นัดดูสถานที่ 19 พ.ย. 09.00 น.")
        assert self.refusal(acts.visited, key, {"owner": "pass"}, by=self.engineer, note="วัด") == "not_in_doubt"
        assert self.refusal(acts.visited, key, {doubt.code: "pass"}, by=self.engineer, note=" ") == "no_note"
        self.do(acts.visited, key, {doubt.code: "pass"}, by=self.engineer, note="วัดจากหลักเขตได้ 2.45 ม.")
        assert not self.seen(key).doubts
        assert self.do(acts.review, key, "issued", by=self.engineer).state == "decision"

    def test_a_failed_check_can_be_granted_only_with_a_reason(self) -> None:
        key = self.file(height_m="9.5")
        self.do(acts.recommend, key, "issued", by=self.counter)
        assert self.refusal(acts.review, key, "issued", by=self.engineer) == "fail_stands"
        assert self.do(acts.review, key, "issued", by=self.engineer, note="หลังคาทรงไทย เข้าข้อยกเว้น").state == "decision"

    def test_a_refusal_needs_words_for_the_applicant_and_issues_no_permit(self) -> None:
        key = self.to_decision()
        assert self.refusal(acts.sign, key, "refused", by=self.mayor) == "guard_public_reason"
        case = self.do(acts.sign, key, "refused", by=self.mayor, note="ที่ดินอยู่ในแนวเวนคืน")
        assert case.state == "refused"
        with self.acting():
            assert not Document.objects.filter(about=key).exists()


class RightsTest(Filing):
    def test_who_is_no_holder_cannot_sign_until_the_power_is_delegated(self) -> None:
        key = self.to_decision()
        assert self.refusal(acts.sign, key, "issued", by=self.clerk) == "not_a_signer"
        with self.acting():
            delegate(self.holder, self.clerk, chosen_powers=["sign.permit"], starts_on=SINCE, order_no="คำสั่ง 5/2569")
        self.issued(key, self.clerk)
        with self.acting():
            assert Document.objects.get(about=key).signed_position == "รองปลัดเทศบาล ปฏิบัติราชการแทนนายกเทศมนตรี"

    def test_who_reviewed_does_not_sign(self) -> None:
        key = self.file()
        with self.acting():
            delegate(self.holder, self.clerk, chosen_powers=["sign.permit"], starts_on=SINCE, order_no="คำสั่ง 5/2569")
        self.do(acts.recommend, key, "issued", by=self.clerk)
        self.do(acts.review, key, "issued", by=self.engineer)
        assert self.refusal(acts.sign, key, "issued", by=self.clerk) == "same_person"

    def test_the_counter_does_not_review_and_the_engineer_does_not_sign(self) -> None:
        key = self.file()
        self.do(acts.recommend, key, "issued", by=self.counter)
        assert self.refusal(acts.review, key, "issued", by=self.counter) == "not_allowed"
        self.do(acts.review, key, "issued", by=self.engineer)
        assert self.refusal(acts.sign, key, "issued", by=self.engineer) == "not_allowed"

    def test_nothing_is_signed_twice_and_nobody_signs_before_the_review(self) -> None:
        key = self.file()
        assert self.refusal(acts.sign, key, "issued", by=self.mayor) == "move_refused"
        self.do(acts.recommend, key, "issued", by=self.counter)
        self.do(acts.review, key, "issued", by=self.engineer)
        self.do(acts.sign, key, "issued", by=self.mayor)
        assert self.refusal(acts.sign, key, "issued", by=self.mayor) == "move_refused"

    def test_two_officers_at_once_one_is_told(self) -> None:
        key = self.file()
        with self.acting():
            version = Case.objects.get(pk=key).version
        self.do(acts.recommend, key, "issued", by=self.counter, version=version)
        assert self.refusal(acts.review, key, "issued", by=self.engineer, version=version) == "stale_case"

    def test_a_missing_plan_is_asked_for_once(self) -> None:
        key = self.file(plan=False)
        assert self.refusal(acts.recommend, key, "issued", by=self.counter) == "guard_complete"
        self.do(acts.ask_for_papers, key, by=self.counter, note="ขาดแบบแปลนบ้าน")
        with self.acting():
            assert Case.objects.get(pk=key).due_at is None


class FeeTest(Filing):
    def test_a_fee_comes_before_the_document_and_the_clock_stands_still(self) -> None:
        key = self.to_decision()
        assert self.do(acts.sign, key, "issued", by=self.mayor).state == "payment"
        with self.acting():
            assert str(Invoice.objects.get(case_id=key).amount) == "56.00"  # 20 and 72 m2 at 0.50
            assert not Document.objects.filter(about=key).exists()
            assert Case.objects.get(pk=key).due_at is None

    def test_a_payment_brings_the_document_by_itself_and_only_once(self) -> None:
        key = self.to_decision()
        self.do(acts.sign, key, "issued", by=self.mayor)
        assert self.pay(key).state == "issued"
        with self.acting():
            assert acts.finish(key, by="system:fees").state == "issued"
            assert Document.objects.filter(about=key).count() == 1


class DeskPageTest(Filing):
    def test_each_officer_sees_the_step_that_is_hers(self) -> None:
        key = self.file()
        for account, mine, other in ((self.counter, "/recommend/", "/sign/"), (self.mayor, "", "/recommend/")):
            self.enter(account)
            page = self.client.get(f"/staff/applications/{key}/").content.decode()
            assert not mine or f"{key}{mine}" in page
            assert f"{key}{other}" not in page

    def test_the_way_through_the_pages(self) -> None:
        key = self.file()
        base = f"/staff/applications/{key}/"
        for account, step, outcome in (
            (self.counter, "recommend", "issued"),
            (self.engineer, "review", "issued"),
            (self.mayor, "sign", "issued"),
        ):
            self.enter(account)
            answer = self.send(f"{base}{step}/", outcome=outcome, note="")
            assert answer.status_code == 302, answer.content.decode()[:2000]
        assert self.pay(key).state == "issued"
        page = self.client.get(base).content.decode()
        assert "ใบอนุญาตก่อสร้างอาคาร" in page
        listed = self.client.get("/staff/applications/?stage=done").content.decode()
        assert str(key) in listed

    def test_a_refused_step_says_why_and_changes_nothing(self) -> None:
        key = self.file(plan=False)
        self.enter(self.counter)
        answer = self.send(f"/staff/applications/{key}/recommend/", outcome="issued")
        assert answer.status_code == 422
        assert "แบบแปลนบ้าน" in answer.content.decode()
        with self.acting():
            assert Case.objects.get(pk=key).state == "submitted"

    def test_citizens_and_visitors_see_no_desk(self) -> None:
        key = self.file()
        assert self.client.get(f"/staff/applications/{key}/").status_code == 302
        self.enter(self.citizen)
        assert self.client.get(f"/staff/applications/{key}/").status_code == 403

    def test_the_history_holds_every_step(self) -> None:
        key = self.to_decision()
        self.issued(key, self.mayor)
        with self.acting():
            kinds = list(CaseEvent.objects.filter(case_id=key).order_by("seq").values_list("kind", flat=True))
        assert kinds == [
            "opened",
            "check",
            "recommend",
            "state",
            "recommend",
            "state",
            "sign",
            "payment",
            "state",
            "payment",
            "document",
            "state",
        ]


class OutlineTest(TestCase):
    """What needs no case."""

    databases = {"default"}

    def test_a_parcel_is_found_by_its_deed_only_when_there_is_one(self) -> None:
        Parcel.objects.create(key=uuid.uuid4(), deed_no="7")
        assert permit.parcel_of({"parcel": "7"}) is not None
        Parcel.objects.create(key=uuid.uuid4(), deed_no="7")
        assert permit.parcel_of({"parcel": "7"}) is None
        assert permit.parcel_of({}) is None
