"""Quick entry: by phone, letter or at the door; on the clock from when it came; nothing of the last citizen stays."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point

from maehia.city.models import Asset, House
from maehia.city.tests.cast import text_of
from maehia.kit.testing import NOW
from maehia.services.models import Case, CaseDetail, CaseEvent, Party, Service
from maehia.services.tests.desk_cast import HallCase, lay, photo_file

CALL = {"channel": "phone", "service": "street_light", "text": "ไฟหน้าบ้านดับมาสองคืน", "name": "คำปัน ใจดี", "phone": "0812345678",
        "address": "ปากซอย 3"}  # fmt: skip


class Entries(HallCase):
    def setUp(self):
        super().setUp()
        self.enter(self.counter)

    def post(self, status=302, **changes):
        answer = self.send("/staff/cases/new/", **{**CALL, **changes})
        assert answer.status_code == status, text_of(answer.content.decode())[:1500]
        return answer

    def case(self, **where):
        with self.acting():
            return Case.objects.select_related("detail").get(**where)

    def test_a_call_becomes_a_case_with_its_channel_and_caller(self):
        told = text_of(self.client.get(self.post()["Location"]).content.decode())
        case = self.case()
        assert case.number in told
        assert "คำปัน" not in told
        assert (case.channel, case.unit_id, case.detail.description) == ("phone", "works", CALL["text"])
        with self.acting():
            party = Party.objects.get(case=case)
            assert (party.name, party.phone) == ("คำปัน ใจดี", "0812345678")
            assert CaseEvent.objects.get(case=case).actor == self.counter.actor

    def test_nothing_of_the_last_citizen_stands_in_the_next_form(self):
        self.post()
        answer = self.client.get("/staff/cases/new/")
        page = answer.content.decode()
        for words in ("คำปัน", "0812345678", "ไฟหน้าบ้าน", "ปากซอย"):
            assert words not in page, words
        assert "no-store" in answer["Cache-Control"]
        assert 'autocomplete="off"' in page

    def test_sent_twice_is_one_case_and_one_answer(self):
        fields = {**CALL, "idempotency_key": "a" * 32}
        first, second = (self.client.post("/staff/cases/new/", fields) for _ in range(2))
        assert first["Location"] == second["Location"]
        with self.acting():
            assert Case.objects.count() == 1
        assert self.client.post("/staff/cases/new/", {**fields, "text": "อย่างอื่น"}).status_code == 409

    def test_the_clock_runs_from_the_day_on_the_letter(self):
        self.post(channel="letter", day_day="16", day_month="11", day_year="2569", hour="10:00")
        case = self.case()
        assert case.received_at < NOW - timedelta(days=1)
        assert case.recorded_at == NOW
        with self.acting():
            assert CaseEvent.objects.get(case=case).event_at == case.received_at

    def test_a_letter_from_the_future_is_refused_and_what_was_typed_stays(self):
        page = self.post(422, day_day="30", day_month="11", day_year="2569").content.decode()
        assert "อยู่ในอนาคต" in page
        assert CALL["text"] in page

    def test_a_house_number_gives_the_pin(self):
        with self.acting():
            House.objects.create(key=uuid4(), house_no="12/3", moo=5, geom=Point(98.951, 18.744, srid=4326))
        self.post(house_no="๑๒/๓", moo="5", address="")
        case = self.case()
        assert (round(case.detail.point.x, 3), case.detail.address) == (98.951, "บ้านเลขที่ 12/3 หมู่ 5")

    def test_the_code_on_a_lamp_ties_the_case_to_it(self):
        with self.acting():
            lamp = Asset.objects.create(
                key=uuid4(), code="L-17", asset_kind="ไฟถนน", geom=Point(98.95, 18.74, srid=4326)
            )
        self.post(asset="l-17")
        assert self.case().asset_key == lamp.pk
        assert "ไม่มีทรัพย์สินรหัสนี้" in self.post(422, asset="L-99").content.decode()

    def test_what_was_reported_before_is_shown_once_and_can_be_joined(self):
        with self.acting():
            old = lay("ไฟถนนดับปากซอย 3", number="2569-000900")
        page = self.post(200, lat="18.744", lon="98.951").content.decode()
        assert "2569-000900" in page
        self.post(lat="18.744", lon="98.951", same=str(old.pk), sure="1")
        case = self.case(channel="phone")
        assert (case.state, case.parent_id) == ("duplicate", old.pk)
        with self.acting():
            assert Party.objects.get(moved_from=case.pk).case_id == old.pk
            assert Case.objects.get(pk=old.pk).me_too == 1

    def test_a_new_one_beside_it_is_opened_when_the_officer_is_sure(self):
        with self.acting():
            lay("ไฟถนนดับปากซอย 3")
        self.post(lat="18.744", lon="98.951", sure="1")
        assert self.case(channel="phone").state == "submitted"

    def test_without_a_category_the_words_offer_one_and_the_choice_is_measured(self):
        with self.acting():
            first = Service.objects.get(pk="street_light")
            Service.objects.create(code="light", kind="report", name_th="ไฟถนนดับหรือชำรุด", state="published",
                                   current=first.current)  # fmt: skip
        page = self.post(422, service="", text="ไฟถนนหน้าบ้านดับ มืดมากเดินไม่ได้").content.decode()
        assert 'name="service" value="light"' in page
        self.post(service="light", text="ไฟถนนหน้าบ้านดับ มืดมากเดินไม่ได้", hinted="1")
        assert self.case().detail.suggested[0][0] == "light"

    def test_half_a_pin_and_a_pin_out_of_range_are_refused(self):
        self.post(422, lat="18.744", lon="")
        self.post(422, lat="95", lon="98.9")

    def test_a_complaint_about_staff_goes_past_whoever_typed_it(self):
        answer = self.post(service="staff_conduct", text="เจ้าหน้าที่พูดไม่สุภาพ")
        case = self.case()
        assert case.is_confidential
        told = self.client.get(answer["Location"]).content.decode()
        assert case.number in told
        assert "เปิดเรื่องนี้" not in told
        assert self.client.get(f"/staff/cases/{case.pk}/").status_code == 404

    def test_a_photo_comes_along_and_another_kind_of_file_does_not(self):
        self.post(photos=photo_file())
        page = self.post(422, text="อีกเรื่อง", photos=photo_file(b"%PDF-1.4 x")).content.decode()
        assert "ไม่ใช่ภาพ" in page
        with self.acting():
            assert Case.objects.count() == 1

    def test_only_whoever_typed_it_sees_the_answer_page(self):
        where = self.post()["Location"]
        self.enter(self.works)
        assert self.client.get(where)["Location"].endswith("/staff/cases/new/")
        with self.acting():
            key = CaseDetail.objects.get().pk
        assert isinstance(key, UUID)
