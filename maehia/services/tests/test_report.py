"""A report by web, without a script: what it is, where, a photo, send; and what is said when something is wrong."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from maehia.forms.models import Attachment
from maehia.kit.idempotency import new_device, new_key
from maehia.services import actions
from maehia.services.actions.catalogue import retire
from maehia.services.models import Case, CaseEvent
from maehia.services.tests.case_cast import AT_LAMP_A, AT_LAMP_B, LAMP_A, LAMP_B, OUTSIDE
from maehia.services.tests.citizen_cast import CitizenCase, photo, text_of
from maehia.services.views import visitors
from maehia.web.body_limit import BodyLimit

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class StartTests(CitizenCase):
    def test_every_published_category_is_offered_and_a_retired_one_is_not(self):
        page = self.page("/report/")
        assert all(f"/report/{code}/tell/" in page for code in ("light", "road", "corruption", "other"))
        with self.acting():
            retire("road", by="system:test")
        assert "/report/road/tell/" not in self.page("/report/")
        self.page("/report/road/tell/", status=404)

    def test_a_synonym_finds_the_lamp_and_says_how_likely_it_is(self):
        page = self.page("/report/", q="ไฟทางดับหน้าบ้าน")
        found = page[page.index('id="found"') : page.index('id="first"')]
        assert found.index("/report/light/tell/") < found.index("</a>")
        assert "น่าจะเป็นเรื่องนี้" in found
        assert "คุณเป็นผู้เลือก" in found

    def test_while_typing_only_the_found_part_is_sent(self):
        answer = self.client.get("/report/", {"q": "ขยะล้น"}, headers={"HX-Request": "true"})
        assert b"<html" not in answer.content
        assert b"/report/waste/tell/" in answer.content

    def test_an_emergency_shows_the_number_before_any_category(self):
        page = self.page("/report/", q="ไฟไหม้บ้านในซอย มีคนเจ็บ")
        assert page.index("tel:1669") < page.index("/report/") or page.index("tel:199") < page.index('id="first"')
        found = page[page.index('id="found"') :]
        assert found.index("tel:199") < found.index("/tell/")
        assert "tel:1669" not in self.page("/report/", q="ไฟทางดับ")

    def test_nonsense_leads_to_other_matters(self):
        assert "/report/other/tell/" in self.page("/report/", q="ฮฮฮฮฮ")


class SendTests(CitizenCase):
    def test_a_lamp_with_photo_and_pin_becomes_a_case_with_number_lamp_and_day(self):
        answer = self.report(photos=[photo()], phone="081-000-0001")
        case = self.only()
        assert answer.headers["Location"] == f"/follow/{actions.secret_of(case.pk)}/sent/"
        assert (case.number, case.service_id, case.channel, case.asset_key) == ("2569-000001", "light", "web", LAMP_A)
        with self.acting():
            assert Attachment.objects.get(about=case.pk).role == "photo"
        shown = text_of(self.page(answer.headers["Location"]))
        assert "2569-000001" in shown
        assert "23 พ.ย. 2569" in shown  # three working days after a Wednesday
        assert "กองช่าง" in shown
        assert "เราจะส่งข่าวให้คุณ" in shown

    def test_the_page_after_sending_has_link_code_and_a_way_into_line(self):
        page = self.page(self.report().headers["Location"])
        secret = actions.secret_of(self.only().pk)
        assert f"http://testserver/follow/{secret}/" in page
        assert "<svg" in page
        assert 'class="qr"' in page
        assert "https://line.me/R/share?text=" in page
        assert "คุณไม่ได้ให้ช่องทางติดต่อ" in page

    def test_a_double_click_makes_one_case_and_shows_the_same_page(self):
        form = self.form(photos=[photo()])
        first = self.client.post("/report/light/tell/", form)
        again = self.client.post("/report/light/tell/", {**form, "photos": [photo()]})
        assert first.headers["Location"] == again.headers["Location"]
        with self.acting():
            assert Case.objects.count() == Attachment.objects.count() == 1

    def test_the_same_key_with_other_words_is_refused(self):
        form = self.form()
        self.client.post("/report/light/tell/", form)
        assert self.client.post("/report/light/tell/", {**form, "description": "อื่น"}).status_code == 409
        self.only()

    def test_a_pin_beside_a_lamp_is_taken_to_the_lamp(self):
        self.report(lon=str(AT_LAMP_B[0] + 0.0001))
        case = self.only()
        assert case.asset_key == LAMP_B
        assert case.public_point.coords == pytest.approx(AT_LAMP_B)

    def test_whoever_says_it_is_not_that_lamp_keeps_the_pin_alone(self):
        self.report(asset="none")
        assert self.only().asset_key is None

    def test_the_number_on_the_pole_is_a_place(self):
        self.report(lon="", lat="", asset_code="l-002")
        assert self.only().asset_key == LAMP_B

    def test_a_village_and_a_landmark_are_a_place(self):
        self.report(lon="", lat="", moo="5", note="ปากซอยข้างวัด")
        case = self.only()
        assert case.public_point is None
        assert case.detail.address == "หมู่ 5 ปากซอยข้างวัด"

    def test_answers_are_kept_and_a_wrong_one_is_said_at_its_question(self):
        answer = self.report(**{"answer-fault": "no-such-thing"})
        assert answer.status_code == 422
        assert "answer-fault" in answer.content.decode().split("error-summary")[1][:400]
        self.report(**{"answer-fault": "flicker"})
        assert self.only().detail.answers == {"fault": "flicker"}

    def test_what_was_suggested_is_kept_beside_what_was_chosen(self):
        self.report(typed="ไฟทางดับหน้าบ้าน")
        assert self.only().detail.suggested[0][0] == "light"

    def test_the_english_form_makes_an_english_case(self):
        assert "Street light" in self.page("/en/report/light/tell/")
        self.client.post("/en/report/light/tell/", self.form())
        assert self.only().lang == "en"


class RefusedTests(CitizenCase):
    def refused(self, code: str = "light", **fields) -> str:
        answer = self.report(code, **fields)
        assert answer.status_code == 422, answer.headers
        with self.acting():
            assert not Case.objects.exists()
        return text_of(answer.content.decode())

    def test_a_pin_outside_the_town_is_told_who_is_responsible(self):
        assert "อบต.ข้างเคียง (สมมติ)" in self.refused(lon=str(OUTSIDE[0]), lat=str(OUTSIDE[1]))

    def test_a_latitude_without_its_longitude_is_no_place(self):
        assert "พิกัดไม่ครบคู่" in self.refused(lon="")

    def test_nowhere_and_nothing_are_told_at_their_fields(self):
        shown = self.refused(lon="", lat="", description="")
        assert "ยังไม่ได้บอกว่าเกิดเหตุที่ใด" in shown
        assert "กรุณาเล่าสั้น ๆ หรือแนบรูป" in shown

    def test_a_program_with_the_name_of_a_photo_is_refused_and_the_words_stay(self):
        for body in (
            b"MZ\x90\x00" + b"\0" * 400,
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        ):
            fake = SimpleUploadedFile("lamp.jpg", body, "image/jpeg")
            shown = self.refused(photos=[fake], description="ไฟดับหน้าบ้านยายคำ")
            assert "ไม่ใช่ภาพ" in shown
            assert "ไฟดับหน้าบ้านยายคำ" in shown

    def test_six_photos_are_one_too_many(self):
        assert "ไม่เกิน 5 รูป" in self.refused(photos=[photo() for _ in range(6)])

    def test_a_bad_phone_and_a_bad_address_are_said_in_words(self):
        assert "อ่านเบอร์โทรศัพท์นี้ไม่ออก" in self.refused(phone="12")
        self.refused(email="no address")

    def test_a_photo_is_not_asked_for_again_after_an_error(self):
        form = self.form(photos=[photo()], lon="", lat="")
        page = self.client.post("/report/light/tell/", form).content.decode()
        assert "แนบไว้แล้ว 1 รูป" in page
        draft = page.split('name="draft" value="')[1].split('"')[0]
        again = {**form, "photos": [], "draft": draft, "note": "หน้าวัด", "description": ""}
        assert self.client.post("/report/light/tell/", again).status_code == 302
        with self.acting():
            assert Attachment.objects.get().about == Case.objects.get().pk

    def test_another_ones_draft_is_not_taken(self):
        self.report(draft="forged:value")
        self.only()

    def test_without_a_key_nothing_is_stored(self):
        assert self.report(idempotency_key="").status_code == 400
        assert self.report(idempotency_device="forged").status_code == 400

    def test_a_flood_of_tries_gets_429_and_when_to_come_again(self):
        with patch.object(visitors, "POSTS_PER_ADDRESS", 2):
            answers = [self.report(note=str(n), idempotency_device=new_device()) for n in range(3)]
        assert [a.status_code for a in answers] == [302, 302, 429]
        assert int(answers[2].headers["Retry-After"]) > 0
        assert "รอสักครู่" in text_of(answers[2].content.decode())

    def test_one_device_in_a_hurry_does_not_stop_the_others(self):
        device = new_device()
        with patch.object(visitors, "POSTS_PER_DEVICE", 1):
            assert self.report(idempotency_device=device).status_code == 302
            assert self.report(idempotency_device=device).status_code == 429
            assert self.report(idempotency_key=new_key()).status_code == 302

    def test_photos_of_visitors_are_let_through_and_two_hundred_megabytes_are_not(self):
        gate = BodyLimit(None, 6 * 2**20, {})
        scope = {"path": "/report/light/tell/", "headers": []}
        assert 5 * 12 * 2**20 < gate.limit_of(scope) < 200 * 2**20
        assert gate.limit_of({**scope, "path": "/report/"}) == 6 * 2**20


class AlikeTests(CitizenCase):
    def test_an_open_report_of_the_same_lamp_is_shown_once_before_sending(self):
        other = self.file()
        answer = self.report(looked="", photos=[photo()])
        page = answer.content.decode()
        assert answer.status_code == 200
        assert other.number in page
        assert f"/cases/{other.number}/me-too/" in page
        draft = page.split('name="draft" value="')[1].split('"')[0]
        sent = self.report(looked="1", draft=draft)
        assert sent.status_code == 302
        with self.acting():
            assert Case.objects.count() == 2
            assert Attachment.objects.get().about != other.pk

    def test_one_tap_counts_me_and_makes_no_second_case(self):
        other = self.file()
        answer = self.client.post(f"/cases/{other.number}/me-too/", self.form(phone="081-999-9999"))
        assert answer.headers["Location"] == f"/cases/{other.number}/"
        assert self.only().me_too == 1
        assert "มีผู้พบเหตุเดียวกันอีก 1 คน" in text_of(self.page(f"/cases/{other.number}/"))

    def test_around_a_pin_stand_the_lamp_its_village_and_what_is_alike(self):
        other = self.file()
        part = self.page("/report/light/around/", lon=AT_LAMP_A[0], lat=AT_LAMP_A[1])
        assert "<html" not in part
        assert f'value="{LAMP_A}"' in part
        assert other.number in part
        assert "หมู่ 5" in self.page("/report/road/around/", lon=AT_LAMP_A[0], lat=AT_LAMP_A[1])
        assert "อบต.ข้างเคียง" in self.page("/report/light/around/", lon=OUTSIDE[0], lat=OUTSIDE[1])


class SeenTests(CitizenCase):
    def test_who_sees_what_is_said_before_sending(self):
        assert "ทุกคนเห็นประเภทเรื่อง สถานะ และตำแหน่งที่เกิด ส่วนข้อความ" in text_of(self.page("/report/light/tell/"))
        assert "ช่อง 50 เมตร" in text_of(self.page("/report/burning/tell/"))
        assert "ไม่แสดงต่อสาธารณะ" in text_of(self.page("/report/noise/tell/"))
        assert "เรื่องลับ" in text_of(self.page("/report/corruption/tell/"))

    def test_a_sealed_report_is_nowhere_in_public_and_its_photos_are_sealed_too(self):
        self.report("corruption", lon="", lat="", photos=[photo()])
        case = self.only()
        assert case.is_confidential
        with self.acting():
            assert Attachment.objects.get().is_confidential
        self.page(f"/cases/{case.number}/", status=404)
        assert case.number not in self.page("/cases/")
        assert case.number in self.page(f"/follow/{actions.secret_of(case.pk)}/")

    def test_script_in_every_field_is_shown_as_text(self):
        self.report(description=SCRIPT, note=SCRIPT, name=SCRIPT[:100], typed=SCRIPT)
        case = self.only()
        with self.acting():
            actions.release_text(case.pk, SCRIPT, by="user:x")
        secret = actions.secret_of(case.pk)
        pages = (
            f"/follow/{secret}/",
            f"/follow/{secret}/sent/",
            f"/cases/{case.number}/",
            "/cases/",
            "/report/?q=" + SCRIPT,
        )
        for path in (*pages, "/report/light/tell/?q=" + SCRIPT):
            page = self.page(path)
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        assert "&lt;script&gt;" in self.page(f"/cases/{case.number}/")

    def test_the_history_of_a_visitor_names_a_device_and_no_person(self):
        self.report()
        with self.acting():
            assert CaseEvent.objects.get().actor.startswith("device:")
