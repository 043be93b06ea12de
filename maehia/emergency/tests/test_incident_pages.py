"""The pages of an incident's desk, as the crew opens and sends them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

from maehia.city.tests.cast import text_of
from maehia.emergency.actions import desk, desk_shifts, incidents, playbooks
from maehia.emergency.models import (
    Footprint,
    Handover,
    Incident,
    LogLine,
    Order,
    Playbook,
    Team,
    Threshold,
    ThresholdCrossing,
)
from maehia.emergency.queries.log import lines
from maehia.emergency.tests.cast import Desk
from maehia.kit import clock
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase

SQUARE = {"type": "Polygon", "coordinates": [[[98.950, 18.740], [98.955, 18.740], [98.955, 18.745], [98.950, 18.745],
                                              [98.950, 18.740]]]}  # fmt: skip
BOW = {"type": "Polygon", "coordinates": [[[98.95, 18.74], [98.96, 18.75], [98.96, 18.74], [98.95, 18.75],
                                           [98.95, 18.74]]]}  # fmt: skip
WORLD = {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}
FLAT = {"type": "Polygon", "coordinates": [[[98.95, 18.74], [98.96, 18.74], [98.95, 18.74], [98.95, 18.74]]]}


class PagesOfDesk(Desk, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.command():
            self.incident = self.flood()
        self.here = f"/staff/emergency/{self.incident.number}/"
        self.enter(self.commander)

    def act(self, verb, status=302, **fields):
        answer = self.send(f"{self.here}do/{verb}/", **fields)
        assert answer.status_code == status, text_of(answer.content.decode())[:800]
        return answer

    def as_it_is(self) -> Incident:
        with self.command():
            return Incident.objects.get(pk=self.incident.pk)

    def rows(self, model, **filters):
        with self.command():
            return list(model.objects.filter(incident=self.incident, **filters))


class TestList(PagesOfDesk):
    def test_exercises_stand_apart_from_what_is_real(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        page = self.page("/staff/emergency/")
        live, exercise = page.split('class="mode-exercise"')
        assert self.incident.number in live
        assert drill.number not in live
        assert drill.number in exercise

    def test_every_page_of_an_incident_says_which_kind_it_is(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        for part in ("", "area/", "plans/", "teams/", "shifts/", "log/", "log/print/", "ics/201/", "ics/202/", "ics/205A/",
                     "ics/214/"):  # fmt: skip
            real, played = self.page(f"{self.here}{part}"), self.page(f"/staff/emergency/{drill.number}/{part}")
            assert 'data-mode="live"' in real, part
            assert 'data-mode="exercise"' not in real, part
            assert 'data-mode="exercise"' in played, part
            assert 'data-mode="live"' not in played, part

    def test_three_taps_open_an_incident(self):
        answer = self.send("/staff/emergency/new/", hazard="fire")
        with self.command():
            made = Incident.objects.get(hazard="fire")
        assert answer.url.endswith(f"/staff/emergency/{made.number}/")
        assert (made.name, made.state, made.mode) == ("อัคคีภัย", "reported", "live")

    def test_what_is_typed_is_kept_and_a_time_may_be_thai(self):
        self.send("/staff/emergency/new/", hazard="fire", place="ตลาด", clock="๐๙.๓๐ น.")
        with self.command():
            made = Incident.objects.get(hazard="fire")
        assert (made.name, made.place) == ("อัคคีภัย ตลาด", "ตลาด")
        assert NOW - made.started_at == timedelta(minutes=30)

    def test_a_form_sent_ten_times_opens_one(self):
        key = new_key()
        answers = {self.send("/staff/emergency/new/", hazard="fire", idempotency_key=key).url for _ in range(10)}
        with self.command():
            assert Incident.objects.filter(hazard="fire").count() == len(answers) == 1

    def test_what_cannot_be_opened_is_refused_with_a_sentence(self):
        for fields, words in (({}, "ภัย"), ({"hazard": "dragons"}, "dragons"), ({"hazard": "fire", "clock": "25:99"}, "14:30"),
                              ({"hazard": "fire", "clock": "23:59"}, "อยู่ในอนาคต")):  # fmt: skip
            answer = self.send("/staff/emergency/new/", **fields)
            assert answer.status_code == 422, fields
            assert words in answer.content.decode()

    def test_a_point_of_the_map_says_where(self):
        page = self.page("/staff/emergency/new/", point="98.95100,18.74400")
        assert "18.74400, 98.95100" in page
        self.send("/staff/emergency/new/", hazard="fire", point="98.951,18.744")
        with self.command():
            line = LogLine.objects.get(kind="note", incident__hazard="fire")
        assert line.value == {"point": [98.951, 18.744]}
        assert 'value="0.0' not in self.page("/staff/emergency/new/", point="0,0; drop")

    def test_a_limit_that_was_reached_opens_what_it_says(self):
        with self.command():
            limit = Threshold.objects.create(
                key="p1", name_th="ห้วยแม่เหียะ วิกฤต", measure="water_level", over=3, hysteresis=0, hazard="flood", source="ทดสอบ",
                valid_from=NOW.date(), made_by="x", made_at=NOW,
            )  # fmt: skip
            crossing = ThresholdCrossing.objects.create(threshold=limit, station="P1", value=3.2, at=NOW, found_at=NOW)
        page = self.page("/staff/emergency/new/", crossing=str(crossing.pk))
        assert "ห้วยแม่เหียะ วิกฤต (P1)" in page
        self.send("/staff/emergency/new/", hazard="flood", source=f"threshold:{crossing.pk}", name="น้ำล้นตลิ่ง")
        with self.command():
            crossing.refresh_from_db()
            assert crossing.incident.name == "น้ำล้นตลิ่ง"
        assert "ห้วยแม่เหียะ วิกฤต" not in self.page("/staff/emergency/new/", crossing=str(crossing.pk))
        self.page("/staff/emergency/new/", crossing="nonsense")

    def test_an_exercise_is_opened_by_those_who_run_exercises(self):
        self.send("/staff/emergency/new/?mode=exercise", hazard="fire")
        with self.command("exercise"):
            assert Incident.objects.get(hazard="fire").number.startswith("EX-")
        self.enter(self.mayor)
        self.page("/staff/emergency/new/", status=403, mode="exercise")

    def test_who_may_not_open_or_command_only_looks(self):
        self.enter(self.volunteer)
        assert "data-mode" in self.page(self.here)
        self.page("/staff/emergency/new/", status=403)
        self.act("level", 403, **{"level-level": "1"})
        self.act("tick", 422, target="1", state="done")
        self.page(f"/staff/emergency/{self.incident.number[:-4]}9999/", status=404)


class TestCommandPage(PagesOfDesk):
    def test_it_says_who_commands_by_which_power_and_what_is_missing(self):
        told = text_of(self.page(self.here))
        for words in (
            "วิชัย กล้าหาญ",
            "คำสั่งมอบอำนาจ คำสั่ง 12/2569",
            "ระดับ 1 ขนาดเล็ก",
            "ยังไม่มีพื้นที่ประสบภัย",
            "แจ้งอำเภอและจังหวัด",
        ):
            assert words in told

    def test_a_move_that_the_table_does_not_have_is_refused(self):
        answer = self.act("move", 422, target="closed")
        assert "ไปสถานะนี้ไม่ได้" in answer.content.decode()
        assert self.as_it_is().state == "verified"

    def test_a_move_without_its_guards_is_refused_in_their_words(self):
        assert "ยังไม่มีพื้นที่ประสบภัย" in self.act("move", 422, target="active").content.decode()
        assert "เหตุผล" in self.act("move", 422, target="rejected").content.decode()
        self.act("move", target="rejected", **{"rejected-reason": "ท่อประปาแตก"})
        assert self.as_it_is().state == "rejected"

    def test_the_second_of_two_officers_sees_what_the_first_did(self):
        seen = self.as_it_is()
        self.act(
            "level", version=seen.version, seq=seen.seq, **{"level-level": "2", "level-level_by": "ผู้ว่าฯ คำสั่ง 9/2569"}
        )
        answer = self.act("level", 409, version=seen.version, seq=seen.seq, **{"level-level": "1"})
        page = text_of(answer.content.decode())
        assert "มีผู้อื่นแก้ไขเหตุการณ์นี้ไปแล้ว" in page
        assert "ระดับ 2 ขนาดกลาง" in page
        assert self.as_it_is().level == 2

    def test_the_town_does_not_declare_higher_levels(self):
        assert "เทศบาลประกาศเองไม่ได้" in self.act("level", 422, **{"level-level": "3"}).content.decode()

    def test_an_order_names_the_power_of_its_signer(self):
        assert "นายกเทศมนตรี · คำสั่งมอบอำนาจ คำสั่ง 12/2569" in text_of(self.page(self.here))
        self.act("order", **{"order-kind": "evacuate", "order-text": "ให้อพยพหมู่ 5"})
        [order] = self.rows(Order)
        assert (order.ground, order.signer) == ("delegation", self.commander.pk)
        self.enter(self.duty)
        assert "คุณไม่มีอำนาจลงนามคำสั่งสาธารณภัยในวันนี้" in self.page(self.here)
        self.act("order", 422, **{"order-kind": "other", "order-text": "ลองสั่ง"})

    def test_a_double_click_gives_one_order(self):
        key = new_key()
        for _ in range(3):
            self.act("order", idempotency_key=key, **{"order-kind": "evacuate", "order-text": "ให้อพยพหมู่ 5"})
        assert len(self.rows(Order)) == 1

    def test_an_authority_that_was_not_told_in_time_is_red_until_it_is_told(self):
        with clock.at(NOW + timedelta(minutes=45)):
            assert "เกินเวลาแล้ว" in self.page(self.here)
            assert "ยังไม่ได้แจ้งหน่วยเหนือตามเวลา 1 แห่ง" in self.page("/staff/emergency/")
            [district] = [row for row in self.rows_of_notices() if row.rule == "district"]
            self.act("tell", target=district.pk, **{"tell0-how": "phone", "tell0-receiver": "ปลัดอำเภอเวร"})
            assert "เกินเวลาแล้ว" not in self.page(self.here)
        assert "น้ำป่าเข้าหมู่ 5" in self.page(f"{self.here}notices/{district.pk}/")

    def rows_of_notices(self):
        with self.command():
            return list(self.incident.notices.all())

    def test_a_note_takes_its_time_and_post(self):
        self.act("note", **{"note-text": "สะพานขาด", "note-post": "recorder", "note-clock": "09:55"})
        line = self.rows(LogLine, kind="note")[0]
        assert (line.value, NOW - line.event_at) == ({"post": "recorder"}, timedelta(minutes=5))
        for fields in (
            {"note-text": ""},
            {"note-text": "ก", "note-clock": "เที่ยง"},
            {"note-text": "ก", "note-clock": "22:00"},
        ):
            self.act("note", 422, **fields)


class TestHandoverPage(PagesOfDesk):
    def test_the_other_reads_what_was_frozen_and_accepts_on_her_phone(self):
        self.act("handover", **{"to-who": str(self.mayor.pk)})
        [held] = self.rows(Handover)
        self.act("note", **{"note-text": "เขียนหลังส่งมอบ"})
        where = f"{self.here}handover/{held.pk}/"
        assert "รับมอบการบังคับบัญชา" not in text_of(self.page(where))
        self.enter(self.mayor)
        assert "รอคุณตอบ" in text_of(self.page("/staff/emergency/"))
        page = text_of(self.page(where))
        assert "รับมอบการบังคับบัญชา" in page
        assert "เขียนหลังส่งมอบ" not in page
        self.send(where, answer="accept")
        assert self.as_it_is().commander == self.mayor.pk

    def test_nobody_else_answers_and_a_refusal_says_why(self):
        self.act("handover", **{"to-who": str(self.mayor.pk)})
        [held] = self.rows(Handover)
        where = f"{self.here}handover/{held.pk}/"
        assert self.send(where, answer="accept").status_code == 422
        self.enter(self.mayor)
        assert self.send(where, answer="refuse").status_code == 422
        assert self.send(where, answer="refuse", note="ไม่อยู่ในพื้นที่").status_code == 302
        assert self.as_it_is().commander == self.commander.pk

    def test_command_is_not_offered_to_who_holds_no_power(self):
        self.act("handover", 422, **{"to-who": str(self.officer.pk)})
        assert self.rows(Handover) == []


class TestArea(PagesOfDesk):
    def test_a_drawing_becomes_the_next_version(self):
        answer = self.send(f"{self.here}area/", shape=json.dumps(SQUARE), note="วิทยุจากชุด 1")
        assert answer.status_code == 302
        [made] = self.rows(Footprint)
        assert (made.number, made.origin, made.note) == (1, "drawn", "วิทยุจากชุด 1")
        assert "วิทยุจากชุด 1" in self.page(f"{self.here}area/")
        self.act("move", target="active")
        assert self.as_it_is().state == "active"

    def test_what_is_no_area_is_refused_with_a_sentence(self):
        for shape in (BOW, WORLD, FLAT, {"type": "Point", "coordinates": [98.95, 18.74]}):
            answer = self.send(f"{self.here}area/", shape=json.dumps(shape))
            assert answer.status_code == 422, shape
            assert re.search(r'role="alert".*?<h2>[^<]{10,}', answer.content.decode(), re.S)
        for fields in ({}, {"shape": "{"}, {"shape": json.dumps(SQUARE), "clock": "99:99"}):
            assert self.send(f"{self.here}area/", **fields).status_code == 422
        assert self.rows(Footprint) == []

    def test_a_file_is_taken_as_well(self):
        file = io.BytesIO(json.dumps({"type": "Feature", "geometry": SQUARE, "properties": {}}).encode())
        file.name = "flood.geojson"
        self.send(f"{self.here}area/", file=file)
        assert [one.origin for one in self.rows(Footprint)] == ["geojson"]

    def test_those_who_do_not_command_do_not_draw(self):
        self.enter(self.volunteer)
        assert self.send(f"{self.here}area/", shape=json.dumps(SQUARE)).status_code == 422
        assert self.rows(Footprint) == []


class TestLogPage(PagesOfDesk):
    def test_it_is_filtered_proven_and_taken_away(self):
        with self.command():
            desk.note(self.incident.pk, "=SUM(A1) สะพานขาด", post="operations")
        page = text_of(self.page(f"{self.here}log/"))
        assert "ตรวจแล้วไม่มีการแก้ไข" in page
        found = text_of(self.page(f"{self.here}log/", q="สะพาน", post="operations", kind="note"))
        assert "สะพานขาด" in found
        assert "สะพานขาด" not in text_of(self.page(f"{self.here}log/", kind="level"))
        rows = list(csv.DictReader(io.StringIO(self.page(f"{self.here}log.csv").lstrip("\ufeff"))))
        with self.command():
            assert [int(row["seq"]) for row in rows] == [line.seq for line in lines(self.incident.pk)]
        assert rows[-1]["text"] == "'=SUM(A1) สะพานขาด"

    def test_tampering_is_shown_in_red(self):
        with self.acting("system.redact"):
            LogLine.objects.filter(incident=self.incident, seq=2).update(text="แก้ทีหลัง")
        assert "บันทึกถูกแก้ไขที่บรรทัด 2" in self.page(f"{self.here}log/")


class TestTeamsAndShifts(PagesOfDesk):
    def test_a_team_is_made_joined_and_ended(self):
        self.act(
            "team",
            **{"team-name": "ชุด 1", "team-kind": "field", "team-moos": "หมู่ ๒, 5", "team-lead": str(self.engineer.pk)},
        )
        [team] = self.rows(Team)
        assert team.moos == ["2", "5"]
        self.act("join", target=team.pk, who=self.volunteer.pk)
        assert "สมศรี ใจดี" in self.page(f"{self.here}teams/")
        self.act("leave", target=team.pk, who=self.volunteer.pk)
        self.act("end-team", target=team.pk)
        self.act("join", 422, target=team.pk, who=self.volunteer.pk)
        self.act("join", 422, target=team.pk, who="nobody")
        self.act("join", 404, target="1", who=self.volunteer.pk)

    def test_a_shift_goes_from_posts_to_its_papers(self):
        self.act("begin")
        self.act("man", **{"man-role": "recorder", "man-who": str(self.duty.pk)})
        self.act("objective", text="ทุกบ้านในหมู่ 5 ได้รับแจ้งก่อน 12:00 น.")
        self.act("approve")
        assert "ยังไม่มีบันทึกของตำแหน่ง" in self.act("close-shift", 422).content.decode()
        self.act("note", **{"note-text": "เปิดศูนย์บัญชาการ", "note-post": "recorder"})
        self.act("reach", target="1", state="reached")
        assert "ทุกบ้านในหมู่ 5" in self.page(f"{self.here}ics/202/")
        assert "เปิดศูนย์บัญชาการ" in self.page(f"{self.here}ics/214/", post="recorder")
        assert "ดวงใจ เฝ้ายาม" in self.page(f"{self.here}ics/205A/")
        self.act("close-shift", text="ฝากเฝ้าระวังต่อ")
        assert "ฝากเฝ้าระวังต่อ" in self.page(f"{self.here}shifts/")
        self.page(f"{self.here}ics/999/", status=404)


class TestPlans(PagesOfDesk):
    def test_a_plan_is_started_and_ticked_and_what_is_late_stands_out(self):
        with self.command():
            playbooks.load_shipped()
        self.act("start", target="flash-flood")
        with self.command():
            item = self.incident.checklists.get().items.first()
        with clock.at(NOW + timedelta(minutes=6)):
            assert "check-late" in self.page(f"{self.here}plans/")
            assert "แผนเผชิญเหตุมีขั้นตอนเกินเวลา 1 ข้อ" in self.page(self.here)
            self.act("tick", target=item.pk, state="done")
            assert "check-late" not in self.page(f"{self.here}plans/")
        self.act("tick", 422, target=item.pk, state="done")
        self.act("tick", target=item.pk, state="open")
        self.act("tick", 422, target=item.pk, state="unneeded")
        self.act("start", 422, target="flash-flood")

    def test_a_plan_is_edited_previewed_published_and_restored_in_the_browser(self):
        self.send("/staff/emergency/playbooks/new/", what="shipped")
        where = "/staff/emergency/playbooks/fire/"
        rows = {"steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0", "steps-0-th": "โทร 199", "steps-0-role": "operations",
                "steps-0-minutes": "2", "steps-1-th": "", "steps-2-th": "นับคน", "steps-2-role": "recorder",
                "steps-2-minutes": "1"}  # fmt: skip
        assert self.send(where, name_th="อัคคีภัย ๒", seen="1", **rows).status_code == 302
        assert self.send(where, name_th="ชนกัน", seen="1", **rows).status_code == 422
        page = text_of(self.page(where))
        assert page.index("นับคน") < page.index("โทร 199")
        assert self.send(f"{where}publish/").status_code == 302
        with self.command():
            assert Playbook.objects.get(pk="fire").current.name_th == "อัคคีภัย ๒"
        assert self.send(f"{where}restore/", number="1").status_code == 302
        assert self.send(f"{where}restore/", number="99").status_code == 422
        assert self.send(f"{where}discard/").status_code == 302
        assert self.send(f"{where}publish/").status_code == 422
        assert self.send(f"{where}burn/").status_code == 404

    def test_an_empty_plan_is_not_published(self):
        answer = self.send("/staff/emergency/playbooks/new/", **{"new-hazard": "earthquake", "new-name_th": "แผ่นดินไหว"})
        assert "แผนยังไม่มีขั้นตอน" in self.send(f"{answer.url}publish/").content.decode()
        self.enter(self.officer)
        self.page("/staff/emergency/playbooks/", status=403)


class TestInEnglish(PagesOfDesk):
    def test_the_desk_answers_in_the_language_of_the_reader(self):
        page = text_of(self.page(f"/en{self.here}"))
        assert "Level 1, small" in page
        assert "Flash flood" in page

    def test_an_answer_of_another_part_is_not_asked_for_again(self):
        with self.command():
            desk_shifts.begin(self.incident.pk)
            made = incidents.open_incident(incidents.NewIncident("ซ้ำ", "flash_flood"))
        self.act("move", target="merged", **{"merged-into": str(made.pk)})
        assert made.number in self.page(self.here)
