"""The form of a house permit: what stands there already, what is refused, and whom it is for."""

from __future__ import annotations

import re
import uuid

from maehia.forms.models import Attachment
from maehia.services.models import Case, Party
from maehia.services.tests.permit_cast import (
    LAT,
    OTHER_PARCEL,
    P_MALEE,
    P_OTHER,
    Filing,
    plan_file,
    posted,
)

APPLY = "/services/house_permit/apply/"


class FormTest(Filing):
    def test_the_citizen_types_nothing_that_the_town_knows(self) -> None:
        self.enter(self.citizen)
        page = self.client.get(APPLY).content.decode()
        assert "นางมาลี สุขสมมติ" in page
        assert "โฉนด 12345" in page
        assert "บัตรประชาชนของผู้ยื่น" in page  # among what she need not bring
        assert f'value="{LAT}' in page or re.search(r'name="centre_lat" value="18\.744', page)

    def test_checking_shows_the_findings_and_files_nothing(self) -> None:
        self.enter(self.citizen)
        page = self.send(APPLY, step="check", **posted()).content.decode()
        assert 'data-finding="flood" data-verdict="done"' in page
        assert "<svg" in page
        with self.acting():
            assert not Case.objects.exists()

    def test_sending_files_once_however_often_the_button_is_tapped(self) -> None:
        self.enter(self.citizen)
        sent = {"idempotency_key": "permit-key-0001", "step": "send", **posted()}
        first = self.client.post(APPLY, {**sent, "doc_plans": plan_file()})
        again = self.client.post(APPLY, {**sent, "doc_plans": plan_file()})
        assert first.status_code == 302, first.content.decode()[-3000:]
        assert first["Location"] == again["Location"]
        with self.acting():
            case = Case.objects.get()
            assert (case.person_key, case.channel, case.state) == (P_MALEE, "web", "submitted")
            assert Attachment.objects.get(about=case.pk).role == "plan"
            assert Party.objects.get(case=case).name == "นางมาลี สุขสมมติ"

    def test_a_plan_that_is_no_plan_is_refused_with_a_sentence(self) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        self.enter(self.citizen)
        fake = SimpleUploadedFile("plan.jpg", b"MZ\x90\x00 this is a program", "image/jpeg")
        answer = self.client.post(
            APPLY, {"idempotency_key": "permit-key-0002", "step": "send", **posted(), "doc_plans": fake}
        )
        assert answer.status_code == 422
        none = self.send(APPLY, step="send", **posted())
        assert "แบบแปลนบ้าน" in none.content.decode()
        with self.acting():
            assert not Case.objects.exists()

    def test_numbers_that_are_none_come_back_with_the_field_named(self) -> None:
        self.enter(self.citizen)
        answer = self.send(APPLY, step="check", **posted(width_m="กว้าง", height_m="-3"))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'id="id_width_m_error"' in page
        assert 'id="id_height_m_error"' in page

    def test_who_is_not_known_is_told_how_to_become_it(self) -> None:
        page = self.client.get(APPLY)
        assert page.status_code == 200
        assert "เข้าสู่ระบบ" in page.content.decode()
        self.enter(self.stranger)
        assert "ยืนยันตัวตนที่ศูนย์บริการ" in self.client.get(APPLY).content.decode()
        assert self.client.get("/services/light/apply/").status_code == 404
        assert self.client.get("/services/nothing/apply/").status_code == 404

    def test_somebody_elses_parcel_is_not_mine(self) -> None:
        self.enter(self.citizen)
        page = self.send(f"{APPLY}?other=1", step="check", **posted(parcel=str(OTHER_PARCEL))).content.decode()
        assert 'data-finding="owner" data-verdict="late"' in page

    def test_the_counter_files_for_one_person_and_nothing_leaks_into_the_next(self) -> None:
        self.enter(self.counter)
        path = "/staff/services/house_permit/for/{}/apply/"
        first = self.client.post(path.format(P_MALEE), {"idempotency_key": "counter-0001", "step": "send", **posted(),
                                                        "doc_plans": plan_file()})  # fmt: skip
        assert first.status_code == 302
        page = self.client.get(path.format(P_OTHER)).content.decode()
        assert "มาลี" not in page
        assert "โฉนด 12345" not in page
        assert "ใจดี" in page
        with self.acting():
            case = Case.objects.get()
            assert (case.person_key, case.channel) == (P_MALEE, "counter")
            assert Party.objects.get(case=case).account_id is None
        assert self.client.get(path.format(uuid.uuid4())).status_code == 404

    def test_a_script_in_an_answer_is_text(self) -> None:
        self.enter(self.citizen)
        evil = "<script>alert(1)</script>"
        page = self.send(APPLY, step="check", **posted(**{"x-phone": evil, "width_m": evil})).content.decode()
        assert evil not in page
