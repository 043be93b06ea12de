"""What somebody would try who wants to see, send or forge more than is his."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from maehia.access.actions import assign, create_account
from maehia.city.models import House, Person
from maehia.city.queries.labels import house_label
from maehia.emergency.actions import calldown
from maehia.emergency.models import CallDown, HelpRequest
from maehia.emergency.rules.calldown import TO_VISIT
from maehia.emergency.tests.cast import SINCE, Desk
from maehia.emergency.tests.doors_cast import Soi
from maehia.emergency.tests.test_picture import Scene
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
