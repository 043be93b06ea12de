"""Doors are given in walking order around the water, and show their people to whom they were given, while it lasts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from maehia.access.models import Read
from maehia.base import ProblemError
from maehia.city.models import Person
from maehia.emergency.actions import doors, grants, incidents
from maehia.emergency.models import DoorAccess, Grant
from maehia.emergency.queries.doors import lists, lists_of
from maehia.emergency.queries.doors_people import at_home
from maehia.emergency.queries.log import newest
from maehia.emergency.rules import doors_ways as rules
from maehia.emergency.rules.depths import Depths
from maehia.emergency.tests.doors_cast import FAR, HOUSES, NEAR, PEOPLE, Soi, metres
from maehia.impact import Grid
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase
from maehia.network import RoadGraph


def code_of(caught) -> str:
    return caught.value.problem.code


class TestGiving(Soi, AppTestCase):
    def test_all_houses_of_a_moo_are_walked_along_the_road(self):
        row = self.give(self.fight(), start=metres(0, 0).coords)
        with self.command():
            doors_ = list(row.doors.all())
        assert [door.house_key for door in doors_] == HOUSES[:8]
        minutes = [door.minutes for door in doors_]
        assert minutes == sorted(minutes)
        assert minutes[0] > 0
        assert row.minutes == pytest.approx(minutes[-1])
        assert len(doors_[0].leg) >= 2

    def test_the_first_n_are_the_most_urgent(self):
        row = self.give(self.fight(), moo=None, first=2)
        with self.command():
            assert {door.house_key for door in row.doors.all()} == set(HOUSES[:2])

    def test_the_way_to_the_shelter_goes_round_deep_water(self):
        row = self.give(self.fight())
        with self.command():
            door = row.doors.get(house_key=HOUSES[7])
        # The temple is 250 m away through 0.9 m of water, the school 700 m by the long way.
        assert door.way["shelter"] == str(FAR)
        assert [turn[1] for turn in door.way["turns"]] == ["ซอยทดสอบ", "ทางอ้อม"]
        assert door.way["open"] is False

    def test_an_open_shelter_is_told_before_a_nearer_place_that_is_not_open(self):
        from maehia.emergency.actions import shelters

        made = self.fight(deep=False)
        with self.command():
            shelters.open_shelter(shelters.plan_shelter(made, FAR, shelters.Facts(50)).pk)
        row = self.give(made)
        with self.command():
            way = row.doors.get(house_key=HOUSES[7]).way
        assert (way["shelter"], way["open"]) == (str(FAR), True)

    def test_without_depths_the_near_shelter_is_told_and_the_doubt_too(self):
        from maehia.emergency.actions.doors_ways import unsure

        made = self.fight(deep=False)
        row = self.give(made)
        with self.command():
            assert row.doors.get(house_key=HOUSES[7]).way["shelter"] == str(NEAR)
            made.refresh_from_db()
            assert unsure(made)

    def test_a_house_is_not_given_twice_unless_asked_for(self):
        made = self.fight()
        self.give(made, first=3)
        second = self.give(made, first=30)
        with self.command():
            assert second.doors.count() == 5
        with pytest.raises(ProblemError) as caught:
            self.give(made)
        assert code_of(caught) == "no_doors"
        again = self.give(made, again=True)
        with self.command():
            assert again.doors.count() == 8

    def test_what_cannot_be_given(self):
        made = self.fight()
        for changes, code in (
            ({"account": None}, "nobody_goes"), ({"first": 0}, "bad_first"), ({"first": 999}, "bad_first"),
            ({"hours": 13}, "bad_hours"), ({"account": self.finance}, "cannot_go"), ({"moo": 9}, "no_doors"),
        ):  # fmt: skip
            with pytest.raises(ProblemError) as caught:
                self.give(made, **changes)
            assert code_of(caught) == code
        with pytest.raises(ProblemError) as caught:
            doors.make_list(self.volunteer, made, doors.NewList("ก", account=self.volunteer))
        assert code_of(caught) == "not_allowed"

    def test_only_a_live_incident_with_a_footprint_has_doors(self):
        with self.command():
            made = self.flood()
        with pytest.raises(ProblemError) as caught:
            self.give(made)
        assert code_of(caught) == "not_live"

    def test_giving_and_ending_stand_in_the_log_with_numbers_only(self):
        made = self.fight()
        row = self.give(made)
        doors.end_list(self.commander, row.pk, mode="live")
        doors.end_list(self.commander, row.pk, mode="live")
        with self.command():
            ended, given = newest(made.pk, 2)
            assert (ended.after, given.after) == ("ended", "given")
            assert (given.value["doors"], given.value["cut"]) == (8, 0)
            assert not any(name in str(given.value) + given.text for name in ("มาลี", "บุญมี"))

    def test_lists_are_found_by_the_desk_and_by_who_goes(self):
        made = self.fight()
        row = self.give(made, first=2)
        team = self.team(made, self.officer)
        self.give(made, account=None, team=team.pk)
        with self.command():
            assert [(one.number, one.total) for one in lists(made.pk)] == [(2, 6), (1, 2)]
            assert [one.pk for one in lists_of(self.volunteer.pk, made.pk)] == [row.pk]
            assert [one.number for one in lists_of(self.officer.pk, made.pk)] == [2]


class TestOpening(Soi, AppTestCase):
    def seen(self, account, row):
        with doors.opened(account, row.pk, mode=row.mode):
            homes = at_home([door.house_key for door in row.doors.all()], via="doors")
            everybody = set(Person.objects.values_list("pk", flat=True))
        return homes, everybody

    def test_the_volunteer_sees_the_people_of_her_doors_and_nobody_else(self):
        row = self.give(self.fight(), first=3)
        homes, everybody = self.seen(self.volunteer, row)
        assert everybody == set(PEOPLE[:3])
        first = homes[HOUSES[0]].people[0]
        assert (first.name, first.dial, first.needs) == ("นางมาลี สมมติ", "0810000001", (("oxygen", ""),))
        with self.acting():
            logged = Read.objects.filter(actor=self.volunteer.actor, purpose="emergency.affected", entity="person")
            assert set(logged.values_list("key", flat=True)) == set(PEOPLE[:3])

    def test_a_list_does_not_open_the_whole_footprint(self):
        made = self.fight()
        self.give(made, first=3)
        with pytest.raises(ProblemError) as caught, grants.affected(self.volunteer, made):
            pass
        assert code_of(caught) == "not_assigned"

    def test_a_commander_with_a_list_of_his_own_still_sees_everybody(self):
        made = self.fight()
        row = self.give(made, account=self.commander, first=2)
        assert self.seen(self.commander, row)[1] == set(PEOPLE[:2])
        with grants.affected(self.commander, made):
            assert Person.objects.count() == 8

    def test_every_member_of_a_team_opens_it_by_a_grant_of_her_own(self):
        made = self.fight()
        team = self.team(made, self.officer)
        row = self.give(made, account=None, team=team.pk, first=2)
        assert self.seen(self.officer, row)[1] == set(PEOPLE[:2])
        with pytest.raises(ProblemError) as caught, doors.opened(self.volunteer, row.pk, mode="live"):
            pass
        assert code_of(caught) == "no_list"
        with self.command():
            assert DoorAccess.objects.filter(list=row).count() == 1

    def test_it_ends_with_its_time_with_the_incident_and_by_hand(self):
        made = self.fight()
        row = self.give(made, first=2)
        with clock.at(NOW + timedelta(hours=8)), pytest.raises(ProblemError) as caught:
            self.seen(self.volunteer, row)
        assert code_of(caught) == "list_ended"
        doors.end_list(self.commander, row.pk, mode="live")
        with pytest.raises(ProblemError) as caught:
            self.seen(self.volunteer, row)
        assert code_of(caught) == "list_ended"
        second = self.give(made, first=2)
        with self.command():
            incidents.move(made.pk, "contained")
            incidents.move(made.pk, "recovery")
        with pytest.raises(ProblemError) as caught:
            self.seen(self.volunteer, second)
        assert code_of(caught) == "list_ended"

    def test_an_ended_list_closes_its_grant_in_the_database(self):
        row = self.give(self.fight(), first=2)
        with self.command():
            grant = Grant.objects.get(limited=True)
        doors.end_list(self.commander, row.pk, mode="live")
        from maehia.kit.acting import Scope

        with acting(self.volunteer.actor, "emergency.affected", scope=Scope.grant(grant.scope)):
            assert Person.objects.count() == 0

    def test_a_new_footprint_takes_away_who_is_no_longer_inside(self):
        made = self.fight()
        row = self.give(made, first=3)
        assert len(self.seen(self.volunteer, row)[1]) == 3
        with self.command():
            made.footprint = self.footprint(made, deep=False, number=2, houses=2)
            made.save(update_fields=["footprint"])
        grants.end_all(made)
        homes, everybody = self.seen(self.volunteer, row)
        assert everybody == set(PEOPLE[:2])
        assert homes[HOUSES[2]].people == []


def line(*places):
    return RoadGraph.from_lines([list(places)])


class TestWays:
    def test_doors_behind_water_come_last_and_say_so(self):
        graph = line((0, 0), (1000, 0))
        grid = Grid(-100, -100, 10, 10, 130, 20)
        depth = np.zeros(grid.shape)
        depth[:, 60:62] = 1.0  # between 500 and 520 m
        deep = Depths(grid, depth)
        ground = rules.Ground(graph, rules.water(graph, deep, closes=True), np.array([[0.0, 5.0]]))
        houses = np.array([[800.0, 5.0], [100.0, 5.0], [400.0, 5.0]])
        walk = rules.plan(ground, houses, np.array([0.0, 0.0]))
        assert [stop.door for stop in walk.stops] == [1, 2, 0]
        assert walk.stops[2].minutes is None
        assert walk.stops[2].shelter == -1
        assert not any(rules.too_deep(deep, stop.way.line) for stop in walk.stops if stop.way)
        assert walk.bound_minutes <= walk.minutes

    def test_a_start_under_water_begins_at_the_first_door_on_dry_ground(self):
        graph = line((0, 0), (1000, 0))
        grid = Grid(-100, -100, 10, 10, 130, 20)
        depth = np.zeros(grid.shape)
        depth[:, :20] = 1.0
        ground = rules.Ground(graph, rules.water(graph, Depths(grid, depth), closes=True))
        walk = rules.plan(ground, np.array([[50.0, 5.0], [300.0, 5.0], [900.0, 5.0]]), np.array([0.0, 0.0]))
        assert [(stop.door, stop.minutes is None) for stop in walk.stops] == [(1, False), (2, False), (0, True)]

    def test_haze_closes_no_road_and_no_road_leaves_the_order_of_urgency(self):
        graph = line((0, 0), (10, 0))
        assert rules.water(graph, None, closes=True) is None
        far = np.array([[5000.0, 0.0], [9000.0, 0.0]])
        assert [stop.door for stop in rules.plan(rules.Ground(graph), far).stops] == [0, 1]

    def test_a_long_way_is_drawn_with_few_points_and_both_ends(self):
        points = np.column_stack([np.arange(1000.0), np.zeros(1000)])
        drawn = rules.simple(points, most=50)
        assert len(drawn) <= 52
        assert drawn[0] == [0.0, 0.0]
        assert drawn[-1] == [999.0, 0.0]
