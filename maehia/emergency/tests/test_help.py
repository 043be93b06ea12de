"""Who asks for help is written down at once, joined when it is the same call, moved by the table, never deleted."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import DatabaseError, connection, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import help as sos
from maehia.emergency.actions import help_desk as desk
from maehia.emergency.actions import incidents
from maehia.emergency.actions.help import Ask
from maehia.emergency.models import Footprint, HelpEvent, HelpRequest, Incident, Team
from maehia.emergency.queries import help as seen
from maehia.emergency.queries.log import newest
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase

HERE, NEXT_DOOR, FAR = (98.951, 18.744), (98.9512, 18.7441), (98.990, 18.780)
PHONE = "081-234-5678"


def code_of(caught) -> str:
    return caught.value.problem.code


class Case(Watch, AppTestCase):
    def asking(self, mode: str = "live"):
        return acting("device:phone-1", "emergency.help", mode=mode)

    def ask(self, mode: str = "live", **told) -> HelpRequest:
        with self.asking(mode):
            return sos.ask(Ask(**{"needs": ("trapped",), "phone": PHONE, "point": HERE, **told}))

    def live_flood(self, mode: str = "live") -> Incident:
        """A flood that is fought, with HERE inside its footprint."""
        with self.command(mode):
            made = self.flood(mode)
            shape = MultiPolygon(Polygon.from_bbox((98.94, 18.74, 98.96, 18.75)), srid=4326)
            made.footprint = Footprint.objects.create(
                incident=made, number=1, origin="drawn", geom=shape, area_m2=1, valid_at=NOW, made_at=NOW, made_by="t"
            )
            made.save(update_fields=["footprint"])
            return incidents.move(made.pk, "active")

    def team(self, incident: Incident) -> Team:
        return Team.objects.create(incident=incident, name="เรือ 1", mode=incident.mode)


class TestAsking(Case):
    def test_every_ask_gets_a_code_at_once_and_a_time_to_be_read_by(self):
        row = self.ask()
        assert (len(row.code), row.code.isdigit(), row.state) == (8, True, "new")
        assert row.read_due == NOW + timedelta(minutes=5)

    def test_nothing_that_is_told_badly_refuses_it(self):
        row = self.ask(needs=("dragons",), phone="โทรบ้านป้า 12", point=(999.0, -200.0), people=0, name="ก\x00ข")
        assert (row.needs, row.people, row.point, row.phone) == (["other"], 1, None, None)
        with self.command():
            assert "โทรบ้านป้า 12" in HelpRequest.objects.get(pk=row.pk).note

    def test_words_and_phones_lie_encrypted(self):
        row = self.ask(name="มาลี สุขใจดี", note="น้ำถึงอก", address="12/3 หมู่ 5")
        with self.command(), connection.cursor() as cursor:
            cursor.execute("SELECT t::text FROM emergency_helprequest t WHERE id = %s", [row.pk])
            stored = cursor.fetchone()[0]
        assert not [word for word in ("มาลี", "น้ำถึงอก", "0812345678", "หมู่ 5") if word in stored]

    def test_inside_a_footprint_it_belongs_to_that_incident_else_it_waits_for_the_duty_officer(self):
        flood = self.live_flood()
        assert self.ask().incident_id == flood.pk
        assert self.ask(phone="0899999999", point=FAR).incident_id is None
        assert self.ask(phone="0888888888", point=None).incident_id == flood.pk  # the only live one there is
        with self.command():
            assert (seen.waiting_count(), seen.open_count(flood)) == (1, 2)

    def test_two_live_incidents_and_no_place_wait_for_a_person_to_decide(self):
        self.live_flood()
        self.live_flood()
        assert self.ask(point=None).incident_id is None

    def test_a_wrong_clock_of_an_offline_phone_is_not_believed(self):
        early, ahead, long_ago = NOW - timedelta(hours=2), NOW + timedelta(hours=1), NOW - timedelta(days=30)
        assert self.ask(written_at=early).asked_at == early
        assert self.ask(phone="0811111111", written_at=ahead).asked_at == NOW
        assert self.ask(phone="0822222222", written_at=long_ago).asked_at == NOW

    def test_an_exercise_and_a_live_request_never_meet(self):
        self.ask()
        drill = self.ask("exercise")
        assert (drill.state, drill.same_as_id) == ("new", None)
        with self.command(), pytest.raises(ProblemError) as caught:
            desk.triage(drill.pk, 1)
        assert code_of(caught) == "no_request"
        flood = self.live_flood()
        with self.command("exercise"), transaction.atomic(), connection.cursor() as cursor:
            HelpRequest.objects.filter(pk=drill.pk).update(incident=flood.pk)
            with pytest.raises(DatabaseError):
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    def test_the_log_of_the_incident_holds_numbers_and_no_words_of_the_caller(self):
        flood = self.live_flood()
        self.ask(name="มาลี สุขใจดี", note="น้ำถึงอก", people=4)
        with self.command():
            line = newest(flood.pk, 1)[0]
        assert (line.kind, line.after, line.value["people"]) == ("help", "new", 4)
        assert not [word for word in ("มาลี", "น้ำ") if word in f"{line.text}{line.value}"]

    def test_other_purposes_do_not_see_who_asked(self):
        self.ask()
        for purpose in ("counter.service", "services.public", "emergency.field"):
            with acting(self.counter.actor, purpose):
                assert HelpRequest.objects.count() == 0


class TestDuplicates(Case):
    def test_the_same_phone_from_the_same_place_is_joined_and_kept(self):
        first = self.ask()
        again = self.ask(note="น้ำสูงขึ้น", point=NEXT_DOOR)
        assert (again.state, again.same_as_id, again.same_why) == ("duplicate", first.pk, "phone")
        with self.command():
            assert HelpRequest.objects.count() == 2
            assert [row.pk for row in seen.twins(HelpRequest.objects.get(pk=first.pk))] == [again.pk]

    def test_the_same_phone_for_another_place_is_a_request_of_its_own(self):
        first = self.ask()
        other = self.ask(point=FAR)
        assert (other.state, other.same_as_id) == ("new", first.pk)

    def test_neighbours_are_shown_side_by_side_not_joined(self):
        first = self.ask()
        near = self.ask(phone="0899999999", point=NEXT_DOOR)
        assert (near.state, near.same_as_id, near.same_why) == ("new", first.pk, "place")

    def test_one_house_is_linked_and_after_two_hours_a_place_is_not(self):
        house = uuid.uuid4()
        first = self.ask(house_key=house)
        with clock.at(NOW + timedelta(hours=3)):
            same = self.ask(phone="0899999999", house_key=house, point=None)
            later = self.ask(phone="0877777777")
        assert (same.same_as_id, same.same_why, later.same_as_id) == (first.pk, "house", None)

    def test_the_desk_joins_and_keeps_apart(self):
        first, near = self.ask(), self.ask(phone="0899999999", point=NEXT_DOOR)
        with self.command():
            assert desk.move(near.pk, "duplicate").same_as_id == first.pk
            back = desk.keep_apart(near.pk)
            assert (back.state, back.same_as_id) == ("new", None)
            with pytest.raises(ProblemError) as caught:
                desk.move(first.pk, "duplicate", original=first.pk)
            assert code_of(caught) == "no_original"

    def test_two_are_never_each_others_duplicate(self):
        first, near = self.ask(), self.ask(phone="0899999999", point=NEXT_DOOR)
        with self.command():
            desk.move(near.pk, "duplicate", original=first.pk)
            with pytest.raises(ProblemError) as caught:
                desk.move(first.pk, "duplicate", original=near.pk)
            assert code_of(caught) == "no_original"

    def test_nobody_deletes_a_request_or_its_history(self):
        row = self.ask()
        with self.command():
            for statement in ("DELETE FROM emergency_helprequest", "DELETE FROM emergency_helpevent",
                              "UPDATE emergency_helpevent SET value = '{}'"):  # fmt: skip
                with transaction.atomic(), connection.cursor() as cursor:
                    try:
                        cursor.execute(statement)
                        changed = cursor.rowcount
                    except DatabaseError:
                        transaction.set_rollback(True)
                        changed = 0
                assert changed == 0, statement
            assert HelpRequest.objects.filter(pk=row.pk).exists()


class TestDesk(Case):
    def test_from_the_ask_to_the_end_each_step_has_its_time(self):
        flood = self.live_flood()
        row = self.ask(written_at=NOW - timedelta(minutes=30))
        with self.command():
            team = self.team(flood)
            assert desk.triage(row.pk, 2).there_due == NOW + timedelta(minutes=30)
            desk.assign(row.pk, team.pk)
            desk.move(row.pk, "en_route")
            desk.move(row.pk, "on_scene", event_at=NOW - timedelta(minutes=5))
            done = desk.resolve(row.pk, "พาออกมาได้ 4 คน")
            assert (done.state, done.there_at) == ("resolved", NOW - timedelta(minutes=5))
            steps = list(HelpEvent.objects.filter(request=row).values_list("before", "after"))
            lines = [(line.after, line.value.get("minutes")) for line in newest(flood.pk, 2)]
        assert steps == [("", "new"), ("new", "triaged"), ("triaged", "assigned"), ("assigned", "en_route"),
                         ("en_route", "on_scene"), ("on_scene", "resolved")]  # fmt: skip
        assert lines == [("resolved", 30.0), ("on_scene", 25.0)]

    def test_moves_outside_the_table_and_without_what_they_need_are_refused(self):
        row = self.ask()
        with self.command():
            for to, more, wanted in (
                ("on_scene", {}, "move_refused"), ("triaged", {}, "needs_priority"), ("referred", {}, "needs_reason"),
                ("duplicate", {}, "no_original"),
            ):  # fmt: skip
                with pytest.raises(ProblemError) as caught:
                    desk.move(row.pk, to, **more)
                assert code_of(caught) == wanted, to
            desk.triage(row.pk, 1)
            with pytest.raises(ProblemError) as caught:
                desk.assign(row.pk, uuid.uuid4())
            assert code_of(caught) == "no_team"
            with pytest.raises(ProblemError) as caught:
                desk.move(row.pk, "unreachable", note="โทรไม่ติด", event_at=NOW + timedelta(hours=2))
            assert code_of(caught) == "time_ahead"

    def test_a_stale_page_changes_nothing(self):
        row = self.ask()
        with self.command():
            desk.triage(row.pk, 1, version=1)
            with pytest.raises(ProblemError) as caught:
                desk.triage(row.pk, 4, version=1)
            assert code_of(caught) == "stale_request"

    def test_the_duty_officer_takes_a_waiting_request_into_an_incident_once(self):
        row = self.ask()
        flood = self.live_flood()
        with self.command():
            desk.take_in(row.pk, flood)
            assert (seen.waiting_count(), seen.open_count(flood)) == (0, 1)
            with pytest.raises(ProblemError) as caught:
                desk.take_in(row.pk, flood)
            assert code_of(caught) == "taken_in"

    def test_an_incident_is_not_closed_while_somebody_waits_for_help(self):
        flood = self.live_flood()
        row = self.ask()
        with self.command():
            assert desk._requests_done(flood, {}).code == "guard_requests_done"
            desk.move(row.pk, "referred", note="ส่งต่อ 1669")
            assert desk._requests_done(flood, {}) is None

    def test_the_desk_counts_what_is_late_and_sorts_the_most_urgent_first(self):
        flood = self.live_flood()
        rows = [self.ask(phone=f"08100000{n:02d}", point=(98.941 + n / 500, 18.741)) for n in range(4)]
        with self.command():
            for row, priority in zip(rows, (4, 1, 2, None), strict=True):
                if priority:
                    desk.triage(row.pk, priority)
            order = [row.priority for row in seen.of_incident(flood)]
            counts = seen.counts(flood, NOW + timedelta(minutes=20))
        assert order == [None, 1, 2, 4]
        assert (counts.open, counts.late, counts.by_priority) == (4, 2, {1: 1, 2: 1, 4: 1})


class TestStatus(Case):
    def test_code_and_last_four_digits_open_it_and_nothing_else_does(self):
        row = self.ask(name="มาลี")
        with self.asking():
            assert seen.status(row.code, "5678").state == "new"
            assert seen.status(f"{row.code[:4]}-{row.code[4:]}", "๕๖๗๘").code == row.code
            for code, digits in ((row.code, "5679"), ("00000000", "5678"), (row.code, ""), ("", "5678"), ("x", "y")):
                assert seen.status(code, digits) is None

    def test_without_a_phone_four_digits_are_given_instead(self):
        row = self.ask(phone="")
        with self.asking():
            assert seen.status(row.code, sos.pin_of(row.code)).state == "new"

    def test_a_joined_request_shows_how_far_the_first_one_is(self):
        flood = self.live_flood()
        first, again = self.ask(), self.ask()
        with self.command():
            desk.triage(first.pk, 1)
            desk.assign(first.pk, self.team(flood).pk)
        with self.asking():
            found = seen.status(again.code, "5678")
        assert (found.joined, found.state, found.team) == (True, "assigned", "เรือ 1")


class TestSafe(Case):
    def test_a_phone_that_says_it_twice_is_counted_once_with_its_last_word(self):
        flood = self.live_flood()
        for people in (3, 5):
            with self.asking():
                sos.safe(Ask(phone=PHONE, people=people))
        with self.asking():
            sos.safe(Ask(people=2))
        with self.command():
            assert seen.safe_people(flood) == 7
            assert [line.value["people"] for line in newest(flood.pk, 3)] == [2, 5, 3]

    def test_who_is_safe_is_not_taken_off_the_list_but_marked(self):
        row = self.ask()
        with self.asking():
            sos.safe(Ask(phone=PHONE))
        with self.command():
            held = HelpRequest.objects.get(pk=row.pk)
        assert (held.state, held.safe_at) == ("new", NOW)

    def test_more_can_be_told_afterwards(self):
        row = self.ask(phone="", point=None)
        flood = self.live_flood()
        with self.asking():
            more = sos.add(row.pk, note="อยู่ชั้นสอง", point=HERE, phone=PHONE)
            assert (more.incident_id, more.point) == (flood.pk, HERE)
            assert seen.status(row.code, "5678") is not None


def test_a_place_is_measured_in_metres():
    from maehia.emergency.rules.help import metres

    assert abs(metres((98.95, 18.74), (98.95, 18.75)) - Point(0, 0).distance(Point(0, 0.01)) * 111_195) < 5
