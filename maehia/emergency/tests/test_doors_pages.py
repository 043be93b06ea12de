"""Pages of door lists and of the call-down: who sees what, what the forms do, what the phone is told."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

from maehia.access.models import Read
from maehia.city.tests.cast import text_of
from maehia.emergency.actions import calldown, doors
from maehia.emergency.models import CallDown, DoorList, DoorVisit
from maehia.emergency.queries.doors import reached
from maehia.emergency.tests.doors_cast import HOUSES, PEOPLE, Soi
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase


class Paged(Soi):
    def setUp(self):
        super().setUp()
        self.incident = self.fight()

    def url(self, row=None, part=""):
        return f"/staff/emergency/{self.incident.number}/doors/" + (f"{row.pk}/{part}" if row else part)

    def calls(self, part=""):
        return f"/staff/emergency/{self.incident.number}/calldown/{part}"

    def post_json(self, path, body):
        return self.client.post(path, json.dumps(body), content_type="application/json")


class TestDoorPages(Paged, AppTestCase):
    def test_the_commander_gives_houses_and_ends_the_list(self):
        self.enter(self.commander)
        page = self.page(self.url())
        assert "มอบบ้านให้ไปเยี่ยม" in page
        who = f"account:{self.volunteer.pk}"
        answer = self.send(self.url(part="give/"), who=who, moo="", first="3", hours="4", title="ซอยทดสอบ")
        assert answer.status_code == 302, text_of(answer.content.decode())
        with self.command():
            row = DoorList.objects.get()
            assert (row.doors.count(), row.expires_at) == (3, NOW + timedelta(hours=4))
        listed = self.page(self.url())
        assert "ไปแล้ว 0 จาก 3 หลัง" in listed
        standing = self.page(self.url(row))
        assert "ยังไม่ได้ไป" in standing
        assert not any(name in standing for name in ("มาลี", "บุญมี"))
        self.send(self.url(row, "end/"))
        assert "ปิดแล้ว" in self.page(self.url())

    def test_the_same_giving_ten_times_is_one_list(self):
        self.enter(self.commander)
        form = {"who": f"account:{self.volunteer.pk}", "first": "3", "hours": "4", "idempotency_key": uuid4().hex}
        for _ in range(10):
            assert self.send(self.url(part="give/"), **form).status_code == 302
        with self.command():
            assert DoorList.objects.count() == 1

    def test_what_is_wrong_with_a_list_is_said_beside_its_form(self):
        self.enter(self.commander)
        who = f"account:{self.volunteer.pk}"
        for changes in ({"first": "0"}, {"hours": "99"}, {"who": "account:x"}, {"area": "[[["}, {"moo": "99"}):
            form = {"who": who, "first": "3", "hours": "4", **changes}
            assert self.send(self.url(part="give/"), **form).status_code == 422
        drawn = '{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'
        answer = self.send(self.url(part="give/"), who=who, first="3", hours="4", area=drawn)
        assert "ตัดกันเอง" in answer.content.decode()
        with self.command():
            assert DoorList.objects.count() == 0

    def test_the_volunteer_sees_her_doors_with_names_phone_needs_and_way(self):
        row = self.give(self.incident, first=8)
        self.enter(self.volunteer)
        page = self.page(self.url(row))
        read = text_of(page)
        assert "นางมาลี สมมติ" in read
        assert "ต้องใช้ออกซิเจน" in read
        assert "โรคปอดอุดกั้น" not in page
        assert 'href="tel:0810000001"' in page
        assert "โรงเรียนบนดอย (สมมติ)" in read
        assert "เลี้ยวซ้ายเข้าทางอ้อม" in read
        assert page.count("<svg") >= 8
        with self.acting():
            assert set(Read.objects.filter(via="doors", entity="need").values_list("key", flat=True)) == {PEOPLE[0]}

    def test_a_visitor_gets_the_same_page_empty_whatever_she_asks_for(self):
        row = self.give(self.incident)
        real, made_up = (self.client.get(self.url(part=f"{key}/")) for key in (row.pk, uuid4()))
        assert real.status_code == made_up.status_code == 200
        for answer in (real, made_up):
            page = answer.content.decode()
            assert "data-unlock" in page
            assert "ซอยทดสอบ" not in page
            assert "csrfmiddlewaretoken" not in page

    def test_others_do_not_open_it(self):
        row = self.give(self.incident)
        self.enter(self.officer)
        # The officer commands nothing; the finance clerk does not go out at all.
        assert self.client.get(self.url(row)).status_code == 404
        assert self.client.post(self.url(row, "keep/")).status_code == 422
        assert self.post_json(self.url(row, "sync/"), {"reports": [], "sent_at": 0}).status_code == 404
        self.enter(self.finance)
        assert self.client.get(self.url(row)).status_code == 404
        assert self.client.post(self.url(row, "keep/")).status_code == 403

    def test_a_form_without_script_counts_once(self):
        row = self.give(self.incident, first=2)
        self.enter(self.volunteer)
        with self.command():
            door = row.doors.get(house_key=HOUSES[0])
        form = {"door": door.pk, "result": "reached", "people": "1", "note": "", "idempotency_key": uuid4().hex,
                "asked_ms": str(round(NOW.timestamp() * 1000))}  # fmt: skip
        for minute in range(10):
            with clock.at(NOW + timedelta(minutes=minute)):
                answer = self.client.post(self.url(row, "done/"), form, follow=True)
        assert "บันทึกแล้ว: พบแล้ว" in answer.content.decode()
        with self.command():
            assert DoorVisit.objects.count() == 1
            assert reached(self.incident).by_result["reached"] == 1
        other = self.client.post(self.url(row, "done/"), {**form, "result": "moved"}, follow=True)
        assert "ศูนย์จะเป็นผู้ตัดสิน" in other.content.decode()
        self.enter(self.commander)
        page = self.page(self.url())
        assert "ผลที่ขัดกัน รอการตัดสิน" in page

    def test_the_desk_decides_what_contradicts(self):
        self.test_a_form_without_script_counts_once()
        with self.command():
            from maehia.emergency.models import DoorConflict

            key = DoorConflict.objects.get().pk
        self.send(self.url(part=f"conflicts/{key}/"), choice="other")
        with self.command():
            assert reached(self.incident).by_result["moved"] == 1
        assert "ผลที่ขัดกัน" not in self.page(self.url())

    def test_the_phone_fetches_brings_back_and_hears_that_it_is_over(self):
        row = self.give(self.incident, first=2)
        self.enter(self.volunteer)
        kept = self.client.post(self.url(row, "keep/")).json()
        assert "นางมาลี สมมติ" in kept["html"]
        assert "csrfmiddlewaretoken" not in kept["html"]
        assert kept["expires_ms"] - kept["now_ms"] == 8 * 3600 * 1000
        state = self.client.get(self.url(row, "state/")).json()
        assert (state["open"], state["account"]) == (True, str(self.volunteer.pk))
        with self.command():
            door = row.doors.first()
        report = {"id": str(uuid4()), "door": str(door.pk), "result": "moved", "phone_at": kept["now_ms"], "turn": 1}
        told = {"reports": [report, {**report, "id": "x"}], "sent_at": kept["now_ms"]}
        first, again = (self.post_json(self.url(row, "sync/"), told).json()["answers"] for _ in range(2))
        assert first == again
        assert [one["state"] for one in first] == ["taken", "refused"]
        doors.end_list(self.commander, row.pk, mode="live")
        assert self.client.get(self.url(row, "state/")).json()["open"] is False
        assert self.client.get(self.url(row)).status_code == 410
        assert self.client.post(self.url(row, "keep/")).json()["problem"]["code"] == "list_ended"

    def test_broken_queues_are_refused_with_a_sentence(self):
        row = self.give(self.incident, first=2)
        self.enter(self.volunteer)
        for body in ("", "[]", "{}", '{"sent_at": "x"}', '{"reports": 5, "sent_at": 1e99}'):
            answer = self.client.post(self.url(row, "sync/"), body, content_type="application/json")
            assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "bad_queue")
        answer = self.post_json(self.url(row, "sync/"), {"reports": 5, "sent_at": 1}).json()
        assert answer["answers"][0]["problem"]["code"] == "bad_queue"

    def test_an_exercise_is_marked_and_apart(self):
        drill = self.fight(mode="exercise")
        page = self.client.get(f"/staff/emergency/{drill.number}/doors/{uuid4()}/").content.decode()
        assert 'data-mode="exercise"' in page
        self.enter(self.commander)
        assert 'data-mode="exercise"' in self.page(f"/staff/emergency/{drill.number}/doors/")


class TestCallPages(Paged, AppTestCase):
    def test_start_call_answer_and_see_the_board_move(self):
        self.enter(self.commander)
        assert "ยังไม่เริ่มโทรติดตาม" in self.page(self.calls())
        self.send(self.calls("start/"))
        with clock.at(NOW + timedelta(minutes=7)):
            at = self.send(self.calls("next/"))["Location"]
            page = self.page(at)
            assert "นางมาลี สมมติ" in page
            assert 'href="tel:0810000001"' in page
            assert "โรคปอดอุดกั้น" not in page
            key = uuid4().hex
            for _ in range(10):
                self.send(at, answer="reached_safe", note="อยู่กับลูก", idempotency_key=key)
            board = text_of(self.page(self.calls()))
        assert "ติดต่อได้แล้ว 1 จาก 2 คน (50%)" in board
        assert "มาลี" not in board
        with self.command():
            assert CallDown.objects.get(person_key=PEOPLE[0]).tries == 1

    def test_a_wrong_answer_comes_back_with_what_is_wrong(self):
        self.enter(self.commander)
        self.send(self.calls("start/"))
        at = self.send(self.calls("next/"))["Location"]
        assert self.send(at, answer="").status_code == 422
        self.send(at, answer="moved")
        assert "บันทึกผลนี้กับสถานะปัจจุบันไม่ได้" in self.send(at, answer="refused").content.decode()

    def test_who_is_not_assigned_calls_nobody(self):
        calldown.start(self.commander, self.incident)
        with self.command():
            row = CallDown.objects.first()
        self.enter(self.volunteer)
        answer = self.client.post(self.calls("next/"), follow=True)
        assert "คุณไม่ได้เป็นผู้อำนวยการหรืออยู่ในชุดปฏิบัติการ" in answer.content.decode()
        assert self.client.get(self.calls(f"{row.pk}/")).status_code == 302
        self.enter(self.counter)
        assert self.client.get(self.calls()).status_code == 403
