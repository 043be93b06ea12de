"""People on call, their shifts, things, numbers and undo: rules that the actions keep."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction

from maehia.base import BANGKOK, ProblemError
from maehia.city.models import Place
from maehia.emergency.actions import readiness, roster, roster_import
from maehia.emergency.actions.readiness import NewResource
from maehia.emergency.actions.readiness_changes import undo
from maehia.emergency.actions.roster import NewContact, NewNeed
from maehia.emergency.models import Contact, DutyShift, OutsideNumber, ReadinessChange, ResourceChange
from maehia.emergency.queries import log
from maehia.emergency.queries import readiness as queries
from maehia.emergency.rules.roster_csv import decode, read, when, write
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase

HOUR = timedelta(hours=1)
HEAD = "ชื่อ,โทรศัพท์,ประเภท,ความสามารถ,หมู่,เริ่ม,สิ้นสุด,ลำดับ\n"


def code_of(caught):
    return caught.value.problem.code


class Crew(Watch):
    def person(self, name="สมศรี ใจดี", phone="0812345678", **more):
        return roster.save_contact(None, NewContact(name, phone, **more))

    def on_call(self, who, start=-1, end=8, **more):
        return roster.add_shift(who.pk, NOW + HOUR * start, NOW + HOUR * end, **more)


class TestRoster(Crew, AppTestCase):
    def test_who_is_on_duty_by_moment_skill_and_zone(self):
        with self.command():
            boat = self.person("นาย เรือ", "0811111111", kind="civil_defence", skills=["boat"], moos=[5])
            pump = self.person("นาย สูบ", "0822222222", kind="vhv", skills=["pump"])
            self.on_call(boat, rank=2)
            self.on_call(pump)
            assert [one.name for one in queries.on_duty(NOW)] == ["นาย สูบ", "นาย เรือ"]
            assert [one.name for one in queries.on_duty(NOW, skill="boat")] == ["นาย เรือ"]
            assert [one.name for one in queries.on_duty(NOW, moo=4)] == ["นาย สูบ"]
            assert [one.name for one in queries.on_duty(NOW, skill="boat", moo=5)] == ["นาย เรือ"]
            assert queries.on_duty(NOW + HOUR * 8) == []

    def test_who_logs_in_is_called_by_the_name_of_the_account(self):
        with self.command():
            self.on_call(self.person("ชื่อเก่า", account=self.duty.pk))
            (one,) = queries.on_duty(NOW)
        assert (one.name, one.account) == ("ดวงใจ เฝ้ายาม", self.duty.pk)

    def test_nobody_is_on_call_twice_at_once(self):
        with self.command():
            who = self.person()
            first = self.on_call(who, 0, 8)
            with pytest.raises(ProblemError) as caught:
                self.on_call(who, 7, 9)
            assert code_of(caught) == "shift_overlaps"
            self.on_call(who, 8, 16)
            roster.cancel_shift(first.pk)
            assert queries.on_duty(NOW) == []
            roster.restore_shift(first.pk)
            assert len(queries.on_duty(NOW)) == 1
            assert DutyShift.objects.count() == 3

    def test_a_shift_that_ends_before_it_begins_is_refused_by_the_database_too(self):
        with self.command():
            who = self.person()
            with pytest.raises(ProblemError) as caught:
                self.on_call(who, 8, 0)
            assert code_of(caught) == "shift_backwards"
            with pytest.raises(DatabaseError), transaction.atomic():
                DutyShift.objects.create(contact=who, starts_at=NOW, ends_at=NOW, made_by="x", made_at=NOW)

    def test_names_and_phones_lie_encrypted(self):
        with self.command():
            self.person()
            with connection.cursor() as cursor:
                cursor.execute("SELECT name, phone FROM emergency_contact")
                cells = b"".join(bytes(cell) for cell in cursor.fetchone())
                cursor.execute("SELECT after FROM emergency_readinesschange")
                cells += bytes(cursor.fetchone()[0])
        assert "สมศรี".encode() not in cells
        assert b"0812345678" not in cells

    def test_the_list_is_closed_to_those_without_the_purpose(self):
        with self.command():
            self.person()
        with acting(self.officer.actor, "counter.service"):
            assert Contact.objects.count() == 0

    def test_an_exercise_sees_the_same_roster(self):
        with self.command():
            self.on_call(self.person())
        with self.command("exercise"):
            assert len(queries.on_duty(NOW)) == 1

    def test_bad_contacts_are_refused_in_words(self):
        bad = {
            "no_name": {"name": " "}, "bad_phone": {"phone": "12"}, "no_phone": {"phone": ""}, "bad_kind": {"kind": "x"},
            "bad_skill": {"skills": ["fly"]}, "bad_moo": {"moos": [0]}, "no_account": {"account": UUID(int=9)},
        }  # fmt: skip
        with self.command():
            for code, changes in bad.items():
                with pytest.raises(ProblemError) as caught:
                    self.person(**changes)
                assert code_of(caught) == code
            self.person()
            with pytest.raises(ProblemError) as caught:
                self.person(phone="081-234-5678")
            assert code_of(caught) == "contact_twice"

    def test_holes_are_told_until_somebody_stands_there(self):
        with self.command():
            roster.save_need(None, NewNeed("เวรกลางคืน", "duty", date(2026, 1, 1), "คำสั่ง 1", from_hour=20, to_hour=6))
            found = queries.open_holes(NOW, NOW + HOUR * 24)
            assert [(h.starts_at.astimezone(BANGKOK).hour, h.ends_at.astimezone(BANGKOK).hour) for h in found] == [
                (20, 6)
            ]
            who = self.person(skills=["duty"])
            roster.add_shift(who.pk, NOW, NOW + HOUR * 24)
            assert queries.open_holes(NOW, NOW + HOUR * 24) == []


class TestChanges(Crew, AppTestCase):
    def last(self):
        return ReadinessChange.objects.first()

    def test_a_change_is_undone_once_and_not_over_another(self):
        with self.command():
            who = self.person(note="เดิม")
            roster.save_contact(who.pk, NewContact("สมศรี ใจดี", "0812345678", note="ใหม่"))
            first = self.last()
            assert json.loads(first.before) == {"note": "เดิม"}
            undo(first.pk)
            assert Contact.objects.get().note == "เดิม"
            with pytest.raises(ProblemError) as caught:
                undo(first.pk)
            assert code_of(caught) == "already_undone"

    def test_what_was_changed_since_is_not_undone(self):
        with self.command():
            who = self.person(note="ก")
            roster.save_contact(who.pk, NewContact("สมศรี ใจดี", "0812345678", note="ข"))
            old = self.last()
            roster.save_contact(who.pk, NewContact("สมศรี ใจดี", "0812345678", note="ค"))
            with pytest.raises(ProblemError) as caught:
                undo(old.pk)
            assert code_of(caught) == "changed_since"

    def test_a_new_row_is_switched_off_not_removed(self):
        with self.command():
            self.person()
            undo(self.last().pk)
            assert [row.active for row in Contact.objects.all()] == [False]

    def test_dates_places_and_phones_come_back_as_they_were(self):
        with self.command():
            made = readiness.save_resource(None, NewResource("pump", "เครื่องสูบ", "โรงเก็บ", point=(98.95, 18.74)))
            readiness.save_resource(made.pk, NewResource("pump", "เครื่องสูบ", "โรงเก็บ", point=(98.96, 18.75)))
            undo(self.last().pk)
            made.refresh_from_db()
            assert made.point.equals_exact(Point(98.95, 18.74), 1e-9)
            who = self.person()
            roster.save_contact(who.pk, NewContact("สมศรี ใจดี", "0899999999"))
            undo(self.last().pk)
            roster_row = Contact.objects.get(pk=who.pk)
            assert (roster_row.phone, bytes(roster_row.phone_index)) == ("0812345678", bytes(who.phone_index))


class TestThings(Crew, AppTestCase):
    def pump(self, **more):
        return readiness.save_resource(None, NewResource("pump", "เครื่องสูบน้ำ 6 นิ้ว", "โรงเก็บ กองช่าง", **more))

    def test_where_a_thing_is_and_where_it_was(self):
        with self.command():
            made, incident = self.pump(), self.flood()
            assert [(r.state, r.place) for r in queries.resources()] == [("ready", "โรงเก็บ กองช่าง")]
            readiness.move_resource(made.pk, "in_use", place="สะพานกลาง หมู่ 5", incident=incident)
            with clock.at(NOW + HOUR):
                readiness.move_resource(made.pk, "ready", checked=True)
            assert [(r.state, r.place) for r in queries.history_of(made)] == [
                ("ready", "โรงเก็บ กองช่าง"), ("in_use", "สะพานกลาง หมู่ 5"),
            ]  # fmt: skip
            (line,) = log.lines(incident.pk, kinds=["resource"])
            assert (line.after, line.value["count"]) == ("in_use", 1)
            assert queries.resources()[0].checked_at == NOW + HOUR

    def test_an_exercise_moves_nothing_in_earnest(self):
        with self.command():
            made = self.pump()
        with self.command("exercise"):
            readiness.move_resource(made.pk, "in_use", place="ที่ซ้อม")
            assert queries.resources()[0].state == "in_use"
        with self.command():
            assert queries.resources()[0].state == "ready"

    def test_history_is_only_added_to(self):
        with self.command():
            readiness.move_resource(self.pump().pk, "repair")
            with transaction.atomic():
                try:
                    changed = ResourceChange.objects.update(state="ready")
                except DatabaseError:
                    transaction.set_rollback(True)
                    changed = 0
            assert changed == 0

    def test_more_than_there_are_and_points_the_wrong_way_round_are_refused(self):
        with self.command():
            made = self.pump(count=500, least=200, unit="ใบ")
            for code, work in (
                ("bad_count", lambda: readiness.move_resource(made.pk, "ready", count=501)),
                ("bad_point", lambda: self.pump(point=(18.74, 98.95))),
                ("bad_count", lambda: self.pump(count=1, least=2)),
                ("bad_state", lambda: readiness.move_resource(made.pk, "flying")),
            ):
                with pytest.raises(ProblemError) as caught:
                    work()
                assert code_of(caught) == code

    def test_a_number_is_verified_by_ringing_it(self):
        with self.command():
            readiness.load_defaults()
            row = OutsideNumber.objects.get(key="emergency_medical")
            assert (row.phone, row.verified, row.checked_on) == ("1669", False, None)
            readiness.check_number(row.pk, answered=True)
            row.refresh_from_db()
            assert (row.verified, row.checked_on) == (True, date(2026, 11, 18))
            unknown = OutsideNumber.objects.get(key="province_ddpm")
            with pytest.raises(ProblemError) as caught:
                readiness.check_number(unknown.pk, answered=True)
            assert code_of(caught) == "no_phone"

    def test_a_shelter_is_fit_only_when_somebody_looked(self):
        Place.objects.create(key=UUID(int=1), name="โรงเรียน", is_shelter=True, capacity=200)
        Place.objects.create(key=UUID(int=2), name="ตลาด", is_shelter=False)
        with self.command():
            assert [(one.name, one.check) for one in queries.shelters()] == [("โรงเรียน", None)]
            with pytest.raises(ProblemError) as caught:
                readiness.check_shelter(UUID(int=1), fit=False)
            assert code_of(caught) == "no_lack"
            with pytest.raises(ProblemError) as caught:
                readiness.check_shelter(UUID(int=2), fit=True)
            assert code_of(caught) == "no_place"
            readiness.check_shelter(UUID(int=1), fit=False, lacks="น้ำประปา")
            assert queries.shelters()[0].check.lacks == "น้ำประปา"


class TestCsv(Crew, AppTestCase):
    GOOD = HEAD + (
        "สมศรี ใจดี,081-234-5678,อสม.,ปฐมพยาบาล; ขับเรือ,๕,22/11/2569 20:00,23/11/2569 06:00,1\n"
        "บุญมา ทองดี,0822222222,อปพร.,กู้ภัย,,2026-11-22 20.00,2026-11-23 06.00,2\n"
    )

    def test_a_file_is_compared_first_and_applied_once(self):
        with self.command():
            shown = roster_import.plan(self.GOOD)
            assert (len(shown.new), len(shown.shifts), shown.problems) == (2, 2, [])
            assert Contact.objects.count() == 0
            assert roster_import.apply(self.GOOD).problems == []
            again = roster_import.apply(self.GOOD)
            assert (again.new, again.shifts, again.kept) == ([], [], 2)
            one = Contact.objects.get(kind="vhv")
            assert (one.skills, one.moos) == (["boat", "first_aid"], [5])
            assert DutyShift.objects.get(contact=one).starts_at == datetime(2026, 11, 22, 20, 0, tzinfo=BANGKOK)

    def test_what_is_exported_imports_as_nothing_new(self):
        with self.command():
            roster_import.apply(self.GOOD)
            text = roster_import.export(NOW, NOW + timedelta(days=30))
            again = roster_import.plan(decode(text.encode()))
        assert (again.new, again.changed, again.shifts, again.problems, again.kept) == ([], [], [], [], 2)

    def test_faults_are_told_with_line_and_column_and_good_lines_go_on(self):
        bad = self.GOOD + (
            ",0812345678,,,,,,\n"
            "ก,12,,,,,,\n"
            "ข,0833333333,ทหาร,บิน,ห้า,เมื่อวาน,,ที่หนึ่ง\n"
            "ค,0844444444,,,,2026-11-23 06:00,2026-11-22 06:00,\n"
        )
        good, problems = read(bad)
        assert [line.line for line in good] == [2, 3]
        assert [(p.code, p.where) for p in problems] == [
            ("csv_name", "4 ชื่อ"), ("csv_phone", "5 โทรศัพท์"), ("csv_kind", "6 ประเภท"), ("csv_skill", "6 ความสามารถ"),
            ("csv_moo", "6 หมู่"), ("csv_time", "6 เริ่ม"), ("csv_half", "6 สิ้นสุด"), ("csv_rank", "6 ลำดับ"),
            ("csv_backwards", "7 สิ้นสุด"),
        ]  # fmt: skip

    def test_an_overlapping_shift_in_a_file_is_told_and_the_rest_stands(self):
        more = self.GOOD + "สมศรี ใจดี,0812345678,อสม.,ปฐมพยาบาล; ขับเรือ,5,23/11/2569 05:00,23/11/2569 12:00,1\n"
        with self.command():
            found = roster_import.apply(more)
            assert [(p.code, p.where) for p in found.problems] == [("shift_overlaps", "4")]
            assert DutyShift.objects.count() == 2

    def test_files_of_windows_and_strange_ones_are_read_or_refused(self):
        assert read(decode(self.GOOD.encode("cp874")))[1] == []
        assert [p.code for p in read("")[1]] == ["csv_empty"]
        assert [p.code for p in read("a,b\n1,2\n")[1]] == ["csv_columns"]
        assert when("31/02/2569 10:00") is None
        assert when("22/11/2569 25:00") is None

    def test_a_cell_that_a_spreadsheet_would_run_is_kept_a_text(self):
        assert "'=1+1" in write([["=1+1", "", "", "", "", "", "", ""]])
