"""An exercise is played by a clock that can be stopped, among invented people; it never meets the living town."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point, Polygon

from maehia.base import ProblemError
from maehia.city.models import House, Need, Person
from maehia.emergency.actions import exercises
from maehia.emergency.actions.exercise_people import make_people
from maehia.emergency.actions.readiness import load_defaults
from maehia.emergency.models import Incident, Inject, ThresholdCrossing
from maehia.emergency.queries.log import lines
from maehia.emergency.tests.cast import Watch
from maehia.evidence.models import Delivery
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase

AREA = Polygon.from_bbox((98.94, 18.73, 98.96, 18.75))
AREA.srid = 4326


class TestExercises(Watch, AppTestCase):
    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            for number in range(12):
                House.objects.create(key=f"00000000-0000-4000-8000-{number:012d}", house_no=f"{number + 1}", moo=5,
                                     geom=Point(98.945 + number / 1000, 18.74, srid=4326))  # fmt: skip

    def prepared(self):
        with self.command("exercise"):
            return exercises.prepare("flash_flood_night")

    def test_it_waits_paused_and_is_never_live(self):
        made = self.prepared()
        with self.command("exercise"):
            row = Incident.objects.get(pk=made.pk)
            assert (row.mode, row.paused_at, row.number[:3]) == ("exercise", NOW, "EX-")
        with self.command(), pytest.raises(ProblemError) as caught:
            exercises.prepare("flash_flood_night")
        assert caught.value.problem.code == "not_exercise"

    def test_the_clock_stands_while_it_is_paused(self):
        made = self.prepared()
        with self.command("exercise"):
            exercises.start(made.pk)
            with clock.at(NOW + timedelta(minutes=6)):
                assert [inject.minute for inject in exercises.play_due(made.pk)] == [0, 5]
                exercises.pause(made.pk)
            with clock.at(NOW + timedelta(hours=9)):
                assert exercises.play_due(made.pk) == []
                exercises.start(made.pk)
            with clock.at(NOW + timedelta(hours=9, minutes=5)):
                assert [inject.minute for inject in exercises.play_due(made.pk)] == [10]
                assert exercises.elapsed(exercises.held(made.pk)) == timedelta(minutes=11)

    def test_an_inject_is_played_once(self):
        made = self.prepared()
        with self.command("exercise"):
            first = Inject.objects.filter(exercise=made).first()
            exercises.play(made, first)
            exercises.play(made, Inject.objects.get(pk=first.pk))
            assert [line.value["minute"] for line in lines(made.pk, kinds=["inject"])] == [0]

    def test_a_reading_of_the_script_crosses_a_limit_of_the_town_in_the_exercise_only(self):
        with self.command():
            load_defaults()
        made = self.prepared()
        with self.command("exercise"):
            exercises.start(made.pk)
            with clock.at(NOW + timedelta(minutes=6)):
                exercises.play_due(made.pk)
                assert ThresholdCrossing.objects.count() == 0
            with clock.at(NOW + timedelta(minutes=11)):
                exercises.play_due(made.pk)
                crossing = ThresholdCrossing.objects.get()
                assert (crossing.value, crossing.incident_id) == (118, made.pk)
                assert [line.value["value"] for line in lines(made.pk, kinds=["threshold"])] == [118]
        with self.command():
            assert ThresholdCrossing.objects.count() == 0

    def test_an_ended_exercise_does_not_start_again(self):
        made = self.prepared()
        with self.command("exercise"):
            exercises.end(made.pk)
            with pytest.raises(ProblemError) as caught:
                exercises.start(made.pk)
            assert caught.value.problem.code == "exercise_over"

    def test_its_people_are_invented_and_seen_by_nobody_else(self):
        made = self.prepared()
        count = make_people(made, AREA, houses=10)
        with self.acting(mode="exercise"):
            people = list(Person.objects.select_related("house"))
            assert len(people) == count >= 10
            assert {person.house.moo for person in people} == {5}
            assert len({person.house_id for person in people}) == 10
            assert Need.objects.count() > 0
            assert Delivery.objects.get().source.name_th.endswith("(ข้อมูลสมมติ)")
        with self.acting():
            assert Person.objects.count() == Need.objects.count() == 0

    def test_new_people_take_the_place_of_the_old(self):
        made = self.prepared()
        make_people(made, AREA, houses=10)
        count = make_people(made, AREA, houses=4, seed=2)
        with self.acting(mode="exercise"):
            assert Person.objects.count() == count
