"""What somebody would try who wants to see, send or forge more than is his."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from maehia.access.actions import assign, create_account
from maehia.base import ProblemError
from maehia.city.models import House, Person
from maehia.city.queries.labels import house_label
from maehia.city.tests.cast import build_street
from maehia.emergency.actions import alerts, alerts_release, calldown
from maehia.emergency.actions.alerts_settings import set_setting
from maehia.emergency.models import (
    CallDown,
    Entitlement,
    Footprint,
    HelpRequest,
    Incident,
    Shelter,
    Stay,
    StayNeed,
    Team,
    TeamMember,
)
from maehia.emergency.queries import release as reading
from maehia.emergency.rules.calldown import TO_VISIT
from maehia.emergency.tests.alert_cast import Warned, flash_flood
from maehia.emergency.tests.cast import SINCE, Desk
from maehia.emergency.tests.doors_cast import Soi
from maehia.emergency.tests.relief_cast import Goods
from maehia.emergency.tests.test_picture import Scene
from maehia.emergency.views.affected import few
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase


class TestExercise(Desk, AppTestCase):
    def test_who_is_logged_in_stays_unknown_to_an_exercise(self):
        with self.command("exercise"):
            self.flood("exercise")
        with self.acting():
            mine = Person.objects.create(key=uuid4(), first_name="มาลี", phone="0812345678", moo=5)
            citizen = create_account("malee", "มาลี สุขใจดี", person_key=mine.pk)
            assign(citizen, "citizen", starts_on=SINCE)
        self.enter(citizen)
        assert 'value="0812345678"' in self.page("/help/need/")
        assert 'value="0812345678"' not in self.page("/help/exercise/need/")
        assert self.send("/help/exercise/need/", needs=["trapped"]).status_code == 302
        with self.command("exercise"):
            row = HelpRequest.objects.get()
            assert (row.person_key, row.house_key, row.phone) == (None, None, None)


class TestPlaces(Scene, AppTestCase):
    def test_where_somebody_asked_for_help_is_for_those_who_answer(self):
        made = self.scene()
        self.enter(self.engineer)
        self.page(f"/staff/emergency/{made.number}/picture/requests.json", 404)
        assert "requests.json" not in self.page(f"/staff/emergency/{made.number}/picture/")

    def test_a_volunteer_sees_the_picture_without_those_who_asked(self):
        made = self.scene()
        at = f"/staff/emergency/{made.number}/picture/"
        self.enter(self.volunteer)
        assert json.loads(self.page(f"{at}teams.json"))["features"][0]["properties"]["title"] == "ชุดเรือ 1"
        for key in ("footprint", "shelters", "closures", "readings"):
            self.page(f"{at}{key}.json")
        for key in ("requests", "doors", "door-results"):
            self.page(f"{at}{key}.json", 404)


class TestCallDown(Soi, AppTestCase):
    def test_houses_where_nobody_answered_are_for_the_assigned(self):
        incident = self.fight()
        calldown.start(self.commander, incident, alerted_at=NOW - timedelta(minutes=30))
        with self.command():
            row = CallDown.objects.filter(round__incident=incident).exclude(house_key=None)[0]
            CallDown.objects.filter(pk=row.pk).update(state=TO_VISIT[0])
            label = house_label(House.objects.get(pk=row.house_key))
        for account, sees in ((self.commander, True), (self.engineer, False)):
            self.enter(account)
            assert (label in self.page(f"/staff/emergency/{incident.number}/calldown/")) is sees, account.login

    def test_what_was_found_at_which_door_is_for_the_assigned(self):
        at = f"/staff/emergency/{self.fight().number}/picture/door-results.json"
        for account, status in ((self.commander, 200), (self.engineer, 404)):
            self.enter(account)
            self.page(at, status)

    def test_telephones_of_those_on_call_are_for_who_works_in_the_incident(self):
        incident = self.fight()
        at = f"/staff/emergency/{incident.number}/ics/205A/"
        self.enter(self.finance)
        self.page(at, 403)
        with self.command():
            team = Team.objects.create(incident=incident, name="ชุดบัญชี")
            TeamMember.objects.create(team=team, account=self.finance.pk, starts_at=NOW)
        self.page(at)


class TestAlerts(Warned, AppTestCase):
    def test_who_allowed_one_alone_does_not_use_it_on_the_same_day(self):
        with self.by(self.commander):
            set_setting("solo_release", "on", by=self.commander.actor)
            row = alerts.submit(alerts.draft(flash_flood()).pk)
            with pytest.raises(ProblemError) as caught:
                alerts_release.approve_alone(row.pk, self.commander, "ติดต่อใครไม่ได้", sha256=row.sha256)
            assert caught.value.problem.code == "own_switch"
        with clock.at(NOW + timedelta(hours=25)), self.by(self.commander):
            later = alerts.submit(alerts.draft(flash_flood(expires=NOW + timedelta(hours=30))).pk)
            done = alerts_release.approve_alone(later.pk, self.commander, "ติดต่อใครไม่ได้", sha256=later.sha256)
            assert done.state == "approved"

    def test_a_draft_drawn_around_a_house_counts_nobody(self):
        row = self.waiting()
        with acting(self.duty.actor, "emergency.warn"):
            assert reading.summary(row)["numbers"] is None
        row = self.publish(self.approve(row))
        with acting(self.duty.actor, "emergency.warn"):
            assert reading.summary(row)["numbers"].people == 0

    def test_guessed_identifiers_are_refused_before_anything_is_drawn(self):
        self.out()
        for address in ("/alerts/sample.go.th-2026-01-01-0001/", "/en/alerts/exercise/../../etc/passwd/"):
            with CaptureQueriesContext(connection) as seen:
                assert self.client.get(address).status_code == 404
            assert not [one for one in seen.captured_queries if "emergency_alertinfo" in one["sql"]]


class TestKept(Scene, AppTestCase):
    def test_whoever_commands_removes_nothing_of_what_was_done(self):
        made = self.scene()
        with self.command():
            for rows in (Incident.objects.filter(pk=made.pk), Footprint.objects.filter(incident=made)):
                with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
                    rows._raw_delete(rows.db)

    def test_what_a_sheltered_person_needs_is_read_in_the_shelter_alone(self):
        made = self.scene()
        with acting(self.officer.actor, "emergency.shelter"):
            place = Shelter.objects.create(incident=made, place_key=uuid4(), name="ศูนย์", state="open", planned_at=NOW,
                                           capacity_day=9, capacity_night=9)  # fmt: skip
            stay = Stay.objects.create(shelter=place, state="checked_in", in_at=NOW, recorded_at=NOW, made_by="user:x")
            StayNeed.objects.create(stay=stay, need="bedridden", ground="PDPA s.26(1)")
            assert StayNeed.objects.count() == 1
        for purpose in ("emergency.command", "emergency.help"):
            with acting(self.officer.actor, purpose):
                assert (Stay.objects.count(), StayNeed.objects.count()) == (1, 0), purpose


class TestGoods(Desk, Goods, AppTestCase):
    def test_a_made_up_household_is_the_house_and_is_given_once(self):
        with self.acting():
            build_street()
            House.objects.create(key=uuid4(), house_no="77/7", moo=5)
        with self.relief():
            self.stocked()
            self.bring("60", lot="ก")
        self.enter(self.officer)
        at = f"/staff/emergency/{self.incident.number}/relief/"
        self.send(
            f"{at}kinds/", item=["water-600"], qty=["6"], unit=[""], lot=[""], expires=[""], name="น้ำ", rounds="1"
        )
        with self.relief():
            kind = Entitlement.objects.get()
        form = {"kind": str(kind.pk), "round": "1", "place": str(self.depot.pk), "house_no": "77/7", "moo": "5",
                "receiver": "มาลี สุขใจดี", "proof": "signature"}  # fmt: skip
        told = [self.send(f"{at}give/", **form, household=str(uuid4())).status_code for _ in range(3)]
        assert told == [302, 400, 400]


def test_a_few_people_with_a_need_are_not_told_apart_to_who_is_not_assigned():
    assert [few(count, assigned=False) for count in (0, 1, 4, 5, 12)] == [0, "< 5", "< 5", 5, 12]
    assert few(1, assigned=True) == 1
