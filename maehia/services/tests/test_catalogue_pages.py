"""The public catalogue, and the editor in which a town changes its services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from maehia.kit.testing import NOW
from maehia.services.actions.catalogue import retire
from maehia.services.models import Case, Service, ServiceVersion
from maehia.services.queries import catalogue
from maehia.services.rules.definition import to_yaml
from maehia.services.tests.permit_cast import PermitCase

EDIT = "/staff/services/edit/light/"


class PublicTest(PermitCase):
    def text(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def lay(self, count: int, minutes: int) -> None:
        version = ServiceVersion.objects.get(service_id="house_permit")
        with self.acting():
            for n in range(count):
                start = NOW - timedelta(days=30 + n)
                Case.objects.create(
                    number=f"2569-9{n:05d}", kind="service", service_id="house_permit", definition=version,
                    workflow_version="1", channel="web", state="issued", state_type="fixed", received_at=start,
                    recorded_at=start, updated_at=start, due_at=start + timedelta(hours=2),
                    closed_at=start + timedelta(minutes=minutes),
                )  # fmt: skip

    def test_the_page_of_a_service_says_what_to_bring_and_what_not(self) -> None:
        page = self.text("/services/house_permit/")
        for words in (
            "ไม่ต้องนำมา เพราะเทศบาลมีแล้ว",
            "ทะเบียนบ้าน",
            "แบบแปลนบ้าน",
            "2 ชั่วโมงทำการ",
            "พระราชบัญญัติควบคุมอาคาร พ.ศ. 2522",
        ):
            assert words in page
        assert "มาตรา" not in page
        assert "ยังไม่ได้ตรวจสอบ" in page

    def test_what_is_not_known_of_before_is_said_to_be_unknown(self) -> None:
        page = self.text("/services/house_permit/")
        assert "เดิม: 45 วัน" in page
        assert "เดิม: ยังไม่ทราบ" in page

    def test_the_after_is_measured_from_the_log_and_changes_with_one_row(self) -> None:
        self.lay(4, 90)
        assert "ปัจจุบัน: ยังไม่ทราบ" in self.text("/services/house_permit/")
        self.lay_one_more(90)
        assert "ปัจจุบัน: 90 นาที" in self.text("/services/house_permit/")
        with self.acting():
            Case.objects.filter(number="2569-900000").update(closed_at=NOW - timedelta(days=29))
            Case.objects.filter(number__in=["2569-900001", "2569-900002"]).update(closed_at=NOW - timedelta(days=1))
        assert "ปัจจุบัน: 90 นาที" not in self.text("/services/house_permit/")

    def lay_one_more(self, minutes: int) -> None:
        case = Case.objects
        with self.acting():
            one = case.get(number="2569-900000")
            one.pk, one.number, one._state.adding = None, "2569-900009", True
            one.id = __import__("uuid").uuid4()
            one.save(force_insert=True)

    def test_a_retired_service_has_no_page(self) -> None:
        retire("venue_tent", by="user:x")
        assert self.client.get("/services/venue_tent/").status_code == 404
        assert "venue_tent" not in self.text("/services/")

    def test_all_services_stand_in_the_list_by_group(self) -> None:
        page = self.text("/services/")
        for code in (
            "house_permit",
            "waste_account",
            "elderly_allowance",
            "disability_allowance",
            "cctv_footage",
            "tree_cutting",
            "venue_tent",
        ):
            assert f"/services/{code}/" in page

    def test_the_english_page_is_english(self) -> None:
        assert "Permit for a house up to 150" in self.text("/en/services/house_permit/")


class EditorTest(PermitCase):
    def setUp(self) -> None:
        super().setUp()
        self.enter(self.clerk)

    def guided(self, **changes: Any) -> dict[str, Any]:
        d = catalogue.definition("light")
        filled = {
            "how": "form", "name_th": d.name.th, "name_en": d.name.en, "text_th": d.description.th, "text_en": d.description.en,
            "unit": "works", "first_amount": 240, "first_unit": "working_minutes", "amount": 3, "amount_unit": "working_days",
            "fee": "", "radius": 40, "is_public": "on", "after_photo": "on", "source": d.source, "note": "",
        }  # fmt: skip
        return {**filled, **changes}

    def test_a_changed_promise_is_drafted_shown_and_published(self) -> None:
        assert self.send(EDIT, **self.guided(amount=2, note="มติที่ประชุม")).status_code == 302
        page = self.client.get(EDIT).content.decode()
        assert "<ins>+     amount: 2</ins>" in page
        assert catalogue.definition("light").resolve.amount == 3
        assert "ตัวอย่างฉบับร่าง" in self.client.get(f"{EDIT}preview/").content.decode()
        self.send(f"{EDIT}do/publish/")
        assert catalogue.definition("light").resolve.amount == 2
        self.send(f"{EDIT}do/back/", number="1")
        assert catalogue.definition("light").resolve.amount == 3

    def test_a_bad_number_comes_back_at_its_field(self) -> None:
        answer = self.send(EDIT, **self.guided(amount="สาม"))
        assert answer.status_code == 422
        assert 'id="id_amount_error"' in answer.content.decode()

    def test_a_bad_yaml_names_its_line_and_keeps_what_was_typed(self) -> None:
        text = to_yaml(catalogue.definition("light")).replace("unit: working_days", "unit: weeks", 1)
        answer = self.send(EDIT, how="yaml", text=text)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "บรรทัด " in page
        assert "unit: weeks" in page
        assert not ServiceVersion.objects.filter(state="draft").exists()

    def test_a_service_goes_off_and_on_again(self) -> None:
        self.send(f"{EDIT}do/retire/")
        assert Service.objects.get(pk="light").state == "retired"
        self.send(f"{EDIT}do/offer/")
        assert Service.objects.get(pk="light").state == "published"

    def test_what_is_exported_is_imported(self) -> None:
        text = self.client.get("/staff/services/export.yaml").content.decode()
        assert text.count("\ncode: ") + text.startswith("code:") == len(catalogue.published())
        assert self.send("/staff/services/import/", text=text).status_code == 302
        assert ServiceVersion.objects.filter(state="draft").count() == len(catalogue.published())
        assert self.send("/staff/services/import/", text="code: [").status_code == 422
        assert self.send("/staff/services/import/", text="").status_code == 422

    def test_the_list_shows_drafts_and_states(self) -> None:
        self.send(EDIT, **self.guided(radius=55))
        assert "มีฉบับร่าง" in self.client.get("/staff/services/").content.decode()

    def test_only_who_manages_services_enters(self) -> None:
        self.enter(self.counter)
        assert self.client.get("/staff/services/").status_code == 403
        assert self.send(f"{EDIT}do/publish/").status_code == 403
        assert self.client.get("/staff/services/edit/nothing/").status_code == 403

    def test_an_unknown_service_or_verb_is_not_found(self) -> None:
        assert self.client.get("/staff/services/edit/nothing/").status_code == 404
        assert self.send(f"{EDIT}do/explode/").status_code == 404
