"""Pages of damage and money: a citizen's own report, the survey, papers, claims, each for who may."""

from __future__ import annotations

import json
import re

from maehia.city.tests.cast import H_12_3, build_street, text_of
from maehia.emergency.models import Claim, Committee, Incident, Payment, ReliefRate, Survey, SurveyConflict
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.damage_cast import ALL_PAPERS, Damaged, photo
from maehia.kit.idempotency import new_key
from maehia.kit.testing import AppTestCase


class Case(Desk, Damaged, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            build_street()
        self.flooded()
        with self.command():
            Incident.objects.filter(pk=self.incident.pk).update(state="active")
        self.at = f"/staff/emergency/{self.incident.number}/damage/"
        self.money = f"/staff/emergency/{self.incident.number}/claims/"

    def typed(self, **more):
        return {"holder": "มาลี สุขใจดี", "phone": "081-234-5678", "house_no": "12/3", "moo": "5", "occupancy": "owner",
                "is_registered": "yes", "people": "3", "storeys": "1", "flooded_floors": "1", "depth_m": "0.8",
                "days": "2", "qty-roof": "40", "share-roof": "50", **more}  # fmt: skip

    def the_survey(self):
        with self.relief():
            return Survey.objects.get()


class TestCitizen(Case):
    def tell(self, **more):
        fields = {"incident": self.incident.number, "holder": "มาลี สุขใจดี", "phone": "0812345678", "house_no": "12/3",
                  "moo": "5", "told": "น้ำท่วมถึงเอว", **more}  # fmt: skip
        return self.send("/damage/", **fields)

    def test_she_tells_without_a_log_in_and_asks_later_how_far_it_is(self):
        answer = self.tell(photos=photo())
        assert answer.status_code == 302
        code = re.search(r"/damage/sent/(\w{8})/", answer["Location"])[1]
        assert code in self.page(answer["Location"])
        found = self.client.post("/damage/status/", {"code": code, "last4": "๕๖๗๘"})
        assert "แจ้งความเสียหายแล้ว" in found.content.decode()
        for wrong in (
            {"code": code, "last4": "0000"},
            {"code": "XXXXXXXX", "last4": "5678"},
            {"code": "' OR 1", "last4": "5678"},
        ):
            assert self.client.post("/damage/status/", wrong).status_code == 404
        row = self.the_survey()
        assert (row.state, row.told, row.is_self_reported) == ("reported", "น้ำท่วมถึงเอว", True)

    def test_a_double_tap_is_one_report(self):
        key = new_key()
        codes = {self.tell(idempotency_key=key)["Location"] for _ in range(3)}
        assert len(codes) == 1

    def test_what_is_missing_is_told_and_what_was_typed_stays(self):
        answer = self.tell(phone="12")
        assert answer.status_code == 400
        assert "น้ำท่วมถึงเอว" in answer.content.decode()
        assert self.tell(incident="EX-2569-0001").status_code == 400
        assert self.tell(idempotency_key="x").status_code == 400

    def test_a_file_that_is_no_photo_is_refused(self):
        bad = photo()
        bad.file.seek(0)
        bad.file.truncate(0)
        bad.file.write(b"<svg onload=alert(1)>")
        bad.file.seek(0)
        bad.size = 21
        assert self.tell(photos=bad).status_code == 400

    def test_without_an_open_incident_the_page_says_whom_to_call(self):
        with self.command():
            Incident.objects.update(state="closed")
        assert "ไม่มีเหตุที่เปิดรับแจ้ง" in self.page("/damage/")


class TestSurveyPages(Case):
    def test_a_survey_finds_the_house_and_keeps_place_and_time_of_a_photo(self):
        self.enter(self.officer)
        taken = json.dumps([{"at": 1795000000000, "lon": 98.95, "lat": 18.74}])
        answer = self.send(f"{self.at}survey/", **self.typed(photos=photo(), taken=taken, lon="98.951", lat="18.744"))
        assert answer.status_code == 302, answer.content.decode()[:900]
        row = self.the_survey()
        assert (row.house_key, row.grade, row.point.x) == (H_12_3, "minor", 98.951)
        page = self.page(answer["Location"])
        assert "26,000.00" in page
        assert "GPS" in page
        small = re.search(r'<img src="([^"]+)" alt="ภาพ', page)[1].replace("&amp;", "&")
        assert self.client.get(small)["Content-Type"] == "image/jpeg"
        self.enter(self.volunteer)
        assert self.client.get(small).status_code == 404

    def test_garbage_about_the_photos_is_left_out(self):
        self.enter(self.officer)
        for n, taken in enumerate(("{", "7", '[{"lon": "x"}]', '[{"lon": 999, "lat": 1, "at": 5}]')):
            fields = self.typed(photos=photo(), taken=taken, device_at="9", house_no=f"{n}/9")
            assert self.send(f"{self.at}survey/", **fields).status_code == 302

    def test_wrong_numbers_are_told_where_they_stand(self):
        self.enter(self.officer)
        for wrong in (
            {"qty-roof": "-1"},
            {"share-roof": "500"},
            {"people": "0"},
            {"flooded_floors": "3"},
            {"holder": ""},
        ):
            assert self.send(f"{self.at}survey/", **self.typed(**wrong)).status_code == 400
        assert self.send(f"{self.at}survey/", **self.typed(idempotency_key="x")).status_code == 400

    def test_the_same_form_with_other_content_is_settled_by_a_person(self):
        self.enter(self.officer)
        key = new_key()
        self.send(f"{self.at}survey/", **self.typed(idempotency_key=key))
        self.send(f"{self.at}survey/", **self.typed(idempotency_key=key, people="9"))
        with self.relief():
            conflict = SurveyConflict.objects.get()
        page = f"{self.at}conflicts/{conflict.pk}/"
        assert str(conflict.pk) in self.page(self.at)
        assert "ไม่ตรง" in text_of(self.page(page))
        self.client.post(page, {"take": "1"})
        assert self.the_survey().people == 9

    def test_others_do_not_open_a_home(self):
        row = self.certified()
        self.enter(self.volunteer)
        for path in (self.at, f"{self.at}{row.pk}/", f"{self.at}{row.pk}/certificate.pdf", f"{self.at}survey/"):
            self.page(path, 403)
        self.enter(self.officer)
        self.page(f"{self.at}00000000-0000-0000-0000-000000000001/", 404)


class TestMoneyPages(Case):
    def test_the_whole_way_from_certificate_to_payment(self):
        row, _ = self.survey()
        self.review(row)
        self.enter(self.mayor)
        assert self.send(f"{self.at}{row.pk}/act/", to="certified").status_code == 302
        pdf = self.client.get(f"{self.at}{row.pk}/certificate.pdf")
        assert pdf["Content-Type"] == "application/pdf"
        self.enter(self.officer)
        empty = self.send(f"{self.at}{row.pk}/claim/", source="advance")
        assert empty.status_code == 400
        self.send(f"{self.at}{row.pk}/claim/", source="advance", asked=["advance:house-repair", "advance:clothes"],
                  **{"units-advance-clothes": "3"})  # fmt: skip
        self.send(f"{self.money}committee/", source="advance", order_no="40/2569", appointed_on="18/11/2569",
                  members="ประธาน\nกรรมการ\nเลขานุการ")  # fmt: skip
        with self.relief():
            claim, who = Claim.objects.get(), Committee.objects.get()
        assert str(claim.amount) == "52800.00"
        one = f"{self.money}{claim.pk}/"
        assert self.send(f"{one}act/", to="submitted", committee=str(who.pk), papers=["id_card"]).status_code == 400
        self.send(f"{one}act/", to="submitted", committee=str(who.pk), papers=ALL_PAPERS)
        assert self.send(f"{one}act/", to="approved", decision="3/2569").status_code == 404
        self.enter(self.clerk)
        self.send(f"{one}act/", to="approved", decision="ครั้งที่ 3/2569")
        self.enter(self.finance)
        assert claim.number in self.page(f"{self.money}pay/")
        assert self.send(f"{one}act/", to="paid", way="transfer", paper="ฎ 1").status_code == 302
        again = self.send(f"{one}act/", to="paid", way="transfer")
        assert again.status_code == 400
        assert "ไม่จ่ายซ้ำ" in again.content.decode()
        with self.relief():
            assert Payment.objects.get().words == "ห้าหมื่นสองพันแปดร้อยบาทถ้วน"
        csv = self.client.get(f"{self.money}treasury.csv").content.decode()
        assert "52800.00" in csv
        assert "มาลี สุขใจดี" in csv

    def test_officers_do_not_take_the_list_of_the_treasury(self):
        self.enter(self.officer)
        self.page(f"{self.money}treasury.csv", 403)
        assert "houses_affected" in self.page(f"{self.at}card.csv")

    def test_a_rate_is_added_with_its_source_by_who_pays(self):
        self.enter(self.finance)
        new = {"rule_set": "advance", "item": "kitchen", "amount": "4,000", "per": "household", "valid_from": "1/1/2569",
               "source": "ประกาศ 1/2569"}  # fmt: skip
        assert self.send(f"{self.money}rates/", **{**new, "valid_from": "เมื่อวาน"}).status_code == 400
        assert self.send(f"{self.money}rates/", **{**new, "item": "ghost"}).status_code == 400
        assert self.send(f"{self.money}rates/", **new).status_code == 302
        with self.relief():
            assert ReliefRate.objects.filter(item="kitchen", amount=4000, verified=False).count() == 1
        assert "ยังไม่ได้ตรวจสอบ" in self.page(f"{self.money}rates/")
        self.enter(self.engineer)
        assert self.send(f"{self.money}rates/", **{**new, "valid_from": "2/1/2569"}).status_code == 404

    def test_what_a_home_is_not_entitled_to_is_shown_with_why(self):
        row = self.certified(occupancy="landlord")
        self.enter(self.officer)
        page = self.page(f"{self.at}{row.pk}/claim/")
        assert "ผู้เช่าเป็นผู้มีสิทธิ" in page
        assert self.send(f"{self.at}{row.pk}/claim/", source="advance", asked=["advance:kitchen"]).status_code == 400
