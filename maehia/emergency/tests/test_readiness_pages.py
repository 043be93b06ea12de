"""The pages of readiness: what an officer on duty sees and does there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import Place, Station
from maehia.emergency.actions import calltree, readiness, roster, thresholds
from maehia.emergency.actions.calltree import NewPost
from maehia.emergency.actions.roster import NewContact
from maehia.emergency.actions.thresholds import NewThreshold
from maehia.emergency.models import (
    CallTry,
    Contact,
    CorrectiveAction,
    DutyShift,
    Finding,
    Incident,
    Item,
    OutsideNumber,
    Review,
    Threshold,
    ThresholdCrossing,
)
from maehia.emergency.queries import readiness_checks
from maehia.emergency.queries.readiness_checks import Line
from maehia.emergency.tests.cast import Desk
from maehia.kit import clock
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase

HOUR = timedelta(hours=1)
DAY_FIELDS = {"day_day": "18", "day_month": "11", "day_year": "2569"}
FROM_FIELDS = {"valid_from_day": "1", "valid_from_month": "1", "valid_from_year": "2569"}
STREAM = {
    "name_th": "ห้วยแม่เหียะ", "measure": "water_level", "station": "WL01", "over": "3.70", "hysteresis": "0.10",
    "readings": "2", "stale_minutes": "30", "stage": "2", "hazard": "flash_flood", "source": "คู่มือเวร", "active": "on",
    **FROM_FIELDS,
}  # fmt: skip


def words(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


class Pages(Desk, AppTestCase):
    def setUp(self):
        super().setUp()
        load_quantities()
        Station.objects.create(key=UUID(int=1), code="WL01", name="เสาวัดน้ำ 1")
        self.enter(self.duty)

    def contact(self, name="สมศรี ใจดี", phone="0812345678", **more):
        with self.command():
            return roster.save_contact(None, NewContact(name, phone, **more))

    def measured(self, *values):
        first = NOW - timedelta(minutes=15) * (len(values) - 1)
        rows = [Reading("WL01", "water_level", first + timedelta(minutes=15) * n, v) for n, v in enumerate(values)]
        add_readings(rows, origin="test")


class TestReadinessPage(Pages):
    def test_it_says_who_has_to_do_what(self):
        Place.objects.create(key=UUID(int=7), name="โรงเรียนบ้านดอย", is_shelter=True, capacity=200)
        with self.command():
            readiness.load_defaults()
            pump = readiness.save_resource(None, readiness.NewResource("pump", "เครื่องสูบ 1", "โรงเก็บ"))
            readiness.move_resource(pump.pk, "repair")
        text = words(self.page("/staff/readiness/"))
        for part in ("เวรศูนย์สั่งการ ตลอด 24 ชั่วโมง", "มี 0 จาก 1 คน", "โรงเรียนบ้านดอย: ตรวจล่าสุด ไม่เคยตรวจ", "เครื่องสูบ 1: ใช้ได้ 0 จากที่ต้องมี 1",
                     "เสาวัดน้ำ 1: ไม่เคยส่งค่า", "ยังไม่ทราบหมายเลข สำนักงาน ปภ. จังหวัด", "ยังไม่มีผังการเรียกคน", "ไม่มีใครอยู่เวรขณะนี้",
                     "ฝึกซ้อมครั้งล่าสุด: ไม่เคยซ้อม"):  # fmt: skip
            assert part in text, part

    def test_a_stale_gauge_is_named_and_a_fresh_one_is_not(self):
        self.measured(3.0, 3.1)
        assert "ไม่ทราบค่า" not in words(self.page("/staff/readiness/"))
        with clock.at(NOW + 5 * HOUR):
            self.enter(self.duty)
            assert "เสาวัดน้ำ 1: ระดับน้ำ ไม่ทราบค่า" in words(self.page("/staff/readiness/"))

    def test_other_parts_bring_their_lines_and_one_that_fails_is_not_shown_as_fit(self):
        def broken(_moment):
            raise RuntimeError

        readiness_checks.add(
            "test-drills", lambda _m: [Line("late", "ซ้อมเกินกำหนด 40 วัน", "ปลัด", "ซ้อม", "/x/")], th="การซ้อม"
        )
        readiness_checks.add("test-broken", broken, th="หมวดที่เสีย")
        try:
            text = words(self.page("/staff/readiness/"))
        finally:
            readiness_checks.remove("test-drills")
            readiness_checks.remove("test-broken")
        assert "ซ้อมเกินกำหนด 40 วัน" in text
        assert "ตรวจหมวดนี้ไม่ได้" in text

    def test_short_goods_and_late_corrections_of_both_modes_stand_there(self):
        day = NOW.date() - timedelta(days=3)
        with self.command():
            Item.objects.create(code="water", name_th="น้ำดื่ม", name_en="Water", unit="ขวด", least=500)
        for mode in ("live", "exercise"):
            with self.command(mode):
                review = Review.objects.create(incident=self.flood(mode), opened_at=NOW, opened_by="x")
                found = Finding.objects.create(review=review, kind="gap", text="ช้า")
                CorrectiveAction.objects.create(finding=found, text=f"แก้ {mode}", owner=self.clerk.pk, due=day)
        text = words(self.page("/staff/readiness/"))
        for part in (
            "น้ำดื่ม: มี 0 จากที่ต้องมี 500 ขวด",
            "แก้ live: เกินกำหนด 15 พ.ย. 2569",
            "แก้ exercise: เกินกำหนด",
            "ประสิทธิ์ ปลัดดี",
        ):
            assert part in text, part

    def test_who_may_not_open_incidents_does_not_see_it(self):
        self.enter(self.volunteer)
        self.page("/staff/readiness/", 403)
        self.enter(self.mayor)
        self.page("/staff/readiness/")
        self.page("/staff/roster/shift/", 403)

    def test_numbers_are_rung_and_a_changed_one_is_unverified_again(self):
        with self.command():
            readiness.load_defaults()
            row = OutsideNumber.objects.get(key="district")
        fields = {"name_th": row.name_th, "phone": "053-000000", "source": "เว็บไซต์อำเภอ", **FROM_FIELDS}
        assert self.send(f"/staff/readiness/numbers/{row.pk}/", **fields).status_code == 302
        self.send(f"/staff/readiness/numbers/{row.pk}/check/", answered="yes")
        with self.command():
            row.refresh_from_db()
        assert (row.phone, row.verified, row.checked_on) == ("053-000000", True, date(2026, 11, 18))
        self.send(f"/staff/readiness/numbers/{row.pk}/", **{**fields, "phone": "053-111111"})
        with self.command():
            row.refresh_from_db()
        assert (row.verified, row.checked_on) == (False, None)
        page = self.page("/staff/readiness/changes/")
        change = re.search(r"changes/(\d+)/undo/", page)[1]
        self.send(f"/staff/readiness/changes/{change}/undo/")
        with self.command():
            row.refresh_from_db()
        assert (row.phone, row.verified) == ("053-000000", True)

    def test_a_shelter_is_looked_at(self):
        Place.objects.create(key=UUID(int=7), name="โรงเรียนบ้านดอย", is_shelter=True)
        self.send(f"/staff/readiness/shelters/{UUID(int=7)}/", fit="no", lacks="")
        assert "ยังไม่เคยตรวจ" in self.page("/staff/readiness/shelters/")
        self.send(f"/staff/readiness/shelters/{UUID(int=7)}/", fit="no", lacks="น้ำประปา")
        text = words(self.page("/staff/readiness/shelters/"))
        assert "ขาด น้ำประปา" in text
        assert "ดวงใจ" in text


class TestRosterPages(Pages):
    def test_a_hole_is_filled_and_the_same_form_twice_fills_it_once(self):
        with self.command():
            readiness.load_defaults()
        who = self.contact(skills=["duty"])
        assert "ยังขาดคน" in self.page("/staff/roster/")
        fields = {
            "contact": who.pk,
            "start": "0",
            "hours": "24",
            "rank": "1",
            "idempotency_key": new_key(),
            **DAY_FIELDS,
        }
        for _ in range(3):
            assert self.send("/staff/roster/shift/", **fields).status_code == 302
        with self.command():
            assert DutyShift.objects.count() == 1
        page = self.page("/staff/roster/")
        assert "สมศรี ใจดี" in page
        assert "081-234-5678" in page

    def test_an_overlap_is_told_beside_its_field(self):
        who = self.contact()
        fields = {"contact": who.pk, "start": "8", "hours": "12", "rank": "1", **DAY_FIELDS}
        self.send("/staff/roster/shift/", **fields)
        answer = self.send("/staff/roster/shift/", **fields)
        assert answer.status_code == 422
        assert "มีเวรซ้อนในช่วงเวลานี้อยู่แล้ว" in answer.content.decode()

    def test_a_cancelled_shift_is_put_back_with_one_button(self):
        who = self.contact()
        with self.command():
            row = roster.add_shift(who.pk, NOW + HOUR, NOW + 9 * HOUR)
        answer = self.client.post(f"/staff/roster/shift/{row.pk}/cancel/")
        page = self.client.get(answer["Location"]).content.decode()
        assert f"/staff/roster/shift/{row.pk}/restore/" in page
        self.client.post(f"/staff/roster/shift/{row.pk}/restore/")
        with self.command():
            assert DutyShift.objects.filter(cancelled_at=None).count() == 1

    def test_people_are_added_and_stopped(self):
        fields = {
            "name": "บุญมา ทองดี",
            "phone": "๐๘๒-๒๒๒-๒๒๒๒",
            "kind": "civil_defence",
            "skills": ["rescue"],
            "moos": "3, 5",
        }
        assert self.send("/staff/roster/people/new/", **fields).status_code == 302
        with self.command():
            row = Contact.objects.get()
        assert (row.phone, row.moos, row.skills) == ("0822222222", [3, 5], ["rescue"])
        self.send(f"/staff/roster/people/{row.pk}/", **fields, off="1")
        assert "บุญมา" not in self.page("/staff/roster/people/")
        assert "หยุดเรียก" in self.page("/staff/roster/people/", all="")
        bad = self.send("/staff/roster/people/new/", name="ก", kind="vhv", moos="ห้า")
        assert bad.status_code == 422

    def test_a_file_is_shown_before_it_is_applied(self):
        text = "ชื่อ,โทรศัพท์,เริ่ม,สิ้นสุด\nบุญมา,0822222222,22/11/2569 20:00,23/11/2569 06:00\n,,,\nก,1,,\n"
        answer = self.client.post("/staff/roster/file/", {"file": SimpleUploadedFile("r.csv", text.encode())})
        page = answer.content.decode()
        assert "ผู้ปฏิบัติงานใหม่ 1 คน" in page
        assert "แถว 4 โทรศัพท์" in page
        with self.command():
            assert Contact.objects.count() == 0
        self.client.post("/staff/roster/file/", {"text": text})
        with self.command():
            assert (Contact.objects.count(), DutyShift.objects.count()) == (1, 1)
        csv = self.client.get("/staff/roster/roster.csv")
        assert "บุญมา,0822222222" in csv.content.decode()
        assert "no-store" in csv["Cache-Control"]

    def test_a_need_is_set_and_changed(self):
        fields = {"name_th": "เวรเรือ", "skill": "boat", "from_hour": "20", "to_hour": "6", "least": "2", "source": "คำสั่ง 5",
                  **FROM_FIELDS}  # fmt: skip
        self.send("/staff/roster/needs/new/", **fields)
        text = words(self.page("/staff/roster/needs/"))
        assert "20:00–06:00" in text
        assert "อย่างน้อย 2 คน" in text


class TestThings(Pages):
    def test_a_boat_goes_out_and_comes_back(self):
        fields = {"kind": "boat", "name": "เรือท้องแบน 1", "home": "ศูนย์ดับเพลิง", "count": "1", "least": "1", "unit": "ลำ",
                  "check_days": "30", "lon": "98.95", "lat": "18.74"}  # fmt: skip
        self.send("/staff/resources/new/", **fields)
        page = self.page("/staff/resources/")
        key = re.search(r"/staff/resources/([0-9a-f-]{36})/", page)[1]
        self.send(f"/staff/resources/{key}/", state="in_use", place="หมู่ 5")
        self.send(f"/staff/resources/{key}/", state="ready", place="", checked="on")
        text = words(self.page(f"/staff/resources/{key}/"))
        assert text.index("พร้อมใช้ ศูนย์ดับเพลิง") < text.index("กำลังใช้งาน หมู่ 5")
        wrong = self.send("/staff/resources/new/", **{**fields, "lon": "18.74", "lat": "98.95"})
        assert "ลองจิจูดมาก่อนละติจูด" in wrong.content.decode()


class TestCallPages(Pages):
    def tree(self):
        one, two = self.contact(account=self.volunteer.pk), self.contact("บุญมา", "0822222222")
        with self.command():
            tree = calltree.save_tree(None, "น้ำป่า", 5)
            post = calltree.save_post(tree.pk, None, NewPost("หัวหน้าชุด", [one.pk, two.pk]))
        return tree, post, one, two

    def test_a_tree_is_made_in_the_browser(self):
        one, two = self.contact(), self.contact("บุญมา", "0822222222")
        made = self.send("/staff/call-trees/new/", name="ไฟป่า", minutes="3")
        at = made["Location"]
        self.send(f"{at}posts/new/", name="หัวหน้า", person0=one.pk, person1=two.pk, order="1")
        text = words(self.page(at))
        assert "ผู้แทน 1 บุญมา" in text
        twice = self.send(f"{at}posts/new/", name="ซ้ำ", person0=one.pk, person1=one.pk, order="1")
        assert "คนเดียวกันอยู่ในตำแหน่งนี้สองครั้ง" in twice.content.decode()

    def test_who_is_called_answers_for_herself_and_only_for_herself(self):
        tree, post, one, two = self.tree()
        at = self.send(f"/staff/call-trees/{tree.pk}/start/", words="รวมที่ศูนย์")["Location"]
        self.enter(self.volunteer)
        assert self.client.get("/staff/call-out/")["Location"] == at
        assert "รวมที่ศูนย์" in self.page(at)
        self.client.post(at, {"post": post.pk, "contact": two.pk, "answer": "coming"})
        self.client.post(at, {"post": post.pk, "contact": one.pk, "answer": "cannot"})
        with self.command():
            assert list(CallTry.objects.order_by("rank").values_list("answer", flat=True)) == ["cannot", ""]
        page = self.page(at)
        assert "บุญมา" not in page
        self.enter(self.duty)
        self.client.post(at, {"post": post.pk, "contact": two.pk, "answer": "coming"})
        text = words(self.page(at))
        assert "มา 1 จาก 1 ตำแหน่ง" in text

    def test_a_call_out_to_train_is_blue_and_stays_apart(self):
        tree, *_ = self.tree()
        at = self.send(f"/staff/call-trees/{tree.pk}/start/", words="ลองเรียก", mode="exercise")["Location"]
        page = self.page(at)
        assert 'data-mode="exercise"' in page
        with self.command():
            assert CallTry.objects.count() == 0


class TestThresholdPages(Pages):
    def test_a_limit_is_previewed_then_saved_then_withdrawn(self):
        self.measured(3.8, 3.8, 3.0, 3.0, 3.8, 3.8)
        page = self.send("/staff/thresholds/new/", **STREAM).content.decode()
        assert "ถึงเกณฑ์ 2 ครั้ง" in page
        with self.command():
            assert Threshold.objects.count() == 0
        assert self.send("/staff/thresholds/new/", **STREAM, save="1").status_code == 302
        with self.command():
            row = Threshold.objects.get()
        assert (row.key, row.over, row.readings) == ("water-level_wl01_3-7", Decimal("3.70"), 2)
        newer = {**STREAM, "over": "4.2", "valid_from_day": "2", "save": "1"}
        self.send(f"/staff/thresholds/{row.key}/edit/", **newer)
        assert "มีฉบับใหม่แทน" in self.page("/staff/thresholds/")
        with self.command():
            latest = Threshold.objects.get(over=Decimal("4.20"))
        self.client.post(f"/staff/thresholds/{latest.pk}/withdraw/")
        assert "เพิกถอนแล้ว" in self.page("/staff/thresholds/")

    def test_a_bad_limit_is_told_beside_its_field(self):
        answer = self.send("/staff/thresholds/new/", **{**STREAM, "hysteresis": "9"})
        assert answer.status_code == 422
        assert "ระยะกันแกว่งต้องไม่ติดลบและน้อยกว่าค่าเกณฑ์" in answer.content.decode()

    def test_the_duty_officer_opens_an_incident_from_what_was_reached(self):
        self.reached()
        page = self.page("/staff/thresholds/crossings/")
        link = re.search(r'href="([^"]*\?crossing=[^"]+)"', page)[1]
        form = self.page(link)
        source = re.search(r'name="source"[^>]*value="([^"]+)"', form)[1]
        self.send(link, hazard="flash_flood", place="หมู่ 5", name="น้ำป่า", source=source)
        with self.command():
            crossing = ThresholdCrossing.objects.get()
            assert crossing.incident == Incident.objects.get()
        assert "ไม่มีค่าที่รอการตัดสินใจ" in self.page("/staff/thresholds/crossings/")

    def test_or_says_why_not(self):
        crossing = self.reached()
        self.client.post(f"/staff/thresholds/crossings/{crossing.pk}/dismiss/", {"reason": "ขยะติดเครื่องวัด"})
        assert "ขยะติดเครื่องวัด" in self.page("/staff/thresholds/crossings/")

    def test_it_waits_among_the_tasks_of_the_day(self):
        self.reached()
        assert "ค่าที่วัดถึงเกณฑ์" in self.page("/staff/")

    def reached(self):
        with self.command():
            thresholds.set_threshold(NewThreshold(
                "s", "ห้วยแม่เหียะ", "water_level", Decimal("3.7"), "flash_flood", "คู่มือ", date(2026, 1, 1), station="WL01"))  # fmt: skip
        self.measured(3.8, 3.9)
        (found,) = thresholds.evaluate()
        return found
