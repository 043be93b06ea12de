"""The list on the screen: numbers first, then who and why; refused with a way for who is not assigned."""

from __future__ import annotations

from maehia.access.models import Read
from maehia.city.tests.cast import text_of
from maehia.emergency.actions import affected as readings
from maehia.emergency.actions.footprints import Shape, set_footprint
from maehia.emergency.models import LogLine, Snapshot
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.riverside import box, build_bank, person_key, water
from maehia.emergency.tests.test_affected import Flooded
from maehia.kit.testing import NOW, AppTestCase


class TestPages(Flooded, Desk, AppTestCase):
    def path(self, part="", incident=None):
        return f"/staff/emergency/{(incident or self.incident).number}/affected/{part}"

    def see(self, account=None, status=200, **query):
        self.enter(account or self.commander)
        return text_of(self.page(self.path(), status, **query))

    def test_numbers_come_before_names_and_names_before_reasons(self):
        shown = self.see()
        order = [shown.index(word) for word in ("ครัวเรือน", "กาญจนา ริมน้ำ", "081-111-1111", "ต้องใช้เปล", "ติดเตียง +40")]
        assert order == sorted(order)

    def test_the_page_of_a_live_incident_says_so_and_shows_no_exercise(self):
        with self.acting(mode="exercise"):
            build_bank("exercise", offset=500)
        drill = self.fought("exercise")
        self.enter(self.commander)
        page = self.page(self.path(incident=drill))
        assert 'data-mode="exercise"' in page
        assert "กาญจนา สมมติ" in page
        assert "ริมน้ำ" not in page.replace("ถนนริมน้ำ", "")
        live = self.page(self.path())
        assert 'data-mode="live"' in live
        assert "สมมติ" not in text_of(live).replace("(ข้อมูลสมมติ)", "")

    def test_water_is_told_from_the_floor_where_its_height_is_known(self):
        set_footprint(self.commander, self.incident.pk, Shape(box(-40, -30, 550, 40), "raster", NOW, water(0.8, 0.4)))
        shown = self.see()
        assert "น้ำเหนือพื้นบ้าน 0.5 ม. +15" in shown
        assert "น้ำ 0.4 ม. +12" in shown

    def test_filters_of_the_address_narrow_the_list(self):
        shown = self.see(need="oxygen")
        assert "กาญจนา" in shown
        assert "สมบูรณ์" not in shown
        assert "ไม่มีครัวเรือนตามที่เลือก" in self.see(moo="9")
        assert "กาญจนา" in self.see(moo="x", access="?", after="-1")  # what cannot be read narrows nothing

    def test_who_is_not_assigned_gets_numbers_and_the_way_to_break_the_glass(self):
        shown = self.see(self.officer, 403)
        assert "คุณไม่ได้เป็นผู้อำนวยการ" in shown
        assert "ขอเปิดข้อมูลฉุกเฉินเป็นรายกรณี" in shown
        assert "กาญจนา" not in shown
        assert "ครัวเรือน" in shown
        with self.acting():
            assert not Read.objects.filter(actor=self.officer.actor).exists()

    def test_who_may_not_break_the_glass_is_told_whom_to_ask(self):
        shown = self.see(self.volunteer, 403)
        assert "ติดต่อผู้อำนวยการเหตุการณ์" in shown
        assert "เป็นรายกรณี" not in shown.replace("หรือขอเปิดข้อมูลฉุกเฉินเป็นรายกรณี", "")

    def test_an_incident_without_footprint_says_what_to_do(self):
        with self.command():
            bare = self.flood()
        self.enter(self.commander)
        assert self.client.get(self.path(incident=bare)).status_code == 403

    def test_the_file_names_who_took_it_in_every_row_and_the_log_says_so(self):
        self.enter(self.commander)
        answer = self.send(self.path("affected.csv"), query="need=oxygen")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert "กาญจนา" in lines[1]
        assert "วิชัย กล้าหาญ (commander)" in lines[1]
        with self.command():
            assert LogLine.objects.get(incident=self.incident, kind="export").value["households"] == 1
        with self.acting():
            assert set(Read.objects.filter(via="export", entity="person").values_list("key", flat=True)) == {
                person_key(1), person_key(2)}  # fmt: skip

    def test_nobody_else_gets_the_file(self):
        self.enter(self.officer)
        answer = self.send(self.path("affected.csv"), query="")
        assert answer.status_code == 302
        assert b"\xef\xbb\xbf" not in answer.content

    def test_reading_again_from_the_page_makes_one_reading_however_often_it_is_sent(self):
        self.enter(self.commander)
        with self.command():
            before = Snapshot.objects.count()
        for _ in range(2):
            assert self.send(self.path("again/"), idempotency_key="one-and-the-same-key-0001").status_code == 302
        with self.command():
            assert Snapshot.objects.count() == before + 1

    def test_pages_go_on_where_the_last_one_ended(self):
        self.enter(self.commander)
        page = self.page(self.path(), after="5")
        assert "กลับหน้าแรก" in page
        assert "กาญจนา" not in page

    def test_no_person_stands_in_an_address_of_the_page(self):
        self.enter(self.commander)
        page = self.page(self.path())
        assert str(person_key(1)) not in page
        assert "no-store" in self.client.get(self.path())["Cache-Control"]

    def test_reading_is_refused_to_the_page_of_others(self):
        self.enter(self.officer)
        self.send(self.path("again/"))
        with self.command():
            assert Snapshot.objects.filter(footprint=self.footprint).count() == 2
        assert readings.take_snapshot(self.footprint).number == 3
