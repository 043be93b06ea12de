"""Where it reaches: shapes are checked, numbered, and say which houses stand inside, how deep, and whether they can be left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from maehia.base import ProblemError
from maehia.emergency.actions import incidents
from maehia.emergency.actions.footprints import Shape, from_flood, from_geojson, set_footprint
from maehia.emergency.models import Footprint, Inside, LogLine, Snapshot, SnapshotRow
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.riverside import SHELTER, Riverside, bank, box, house_key, water
from maehia.kit.testing import NOW, AppTestCase


def code_of(caught) -> str:
    return caught.value.problem.code


class TestFootprints(Riverside, Watch, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.command():
            self.incident = self.flood()

    def set(self, shape=None, account=None) -> Footprint:
        return set_footprint(account or self.commander, self.incident.pk, shape or from_geojson(bank(1, 4)))

    def inside(self, footprint):
        with self.command():
            rows = Inside.objects.filter(footprint=footprint).order_by("house_key")
            return {row.house_key: (row.depth_m, row.access, row.shelter_key) for row in rows}

    def test_versions_count_up_and_the_newest_is_the_one_that_stands(self):
        one, two = self.set(), self.set(from_geojson(bank(1, 2)))
        with self.command():
            self.incident.refresh_from_db()
        assert (one.number, two.number, self.incident.footprint_id) == (1, 2, two.pk)

    def test_the_houses_inside_are_those_whose_point_lies_in_it(self):
        assert set(self.inside(self.set())) == {house_key(n) for n in (1, 2, 3, 4)}

    def test_the_log_tells_how_many_people_and_houses_but_nobody(self):
        self.set()
        with self.command():
            line = LogLine.objects.get(incident=self.incident, kind="footprint")
        told = {name: line.value[name] for name in ("people", "households", "houses", "version")}
        assert told == {"people": 7, "households": 4, "houses": 4, "version": 1}
        assert "needs" not in line.value  # in a small area they would tell of one person
        assert "กาญจนา" not in json.dumps(line.value, ensure_ascii=False)

    def test_a_drawing_says_unknown_of_houses_whose_way_leads_through_it(self):
        found = self.inside(self.set())
        assert {access for _, access, _ in found.values()} == {"unknown"}

    def test_water_cuts_houses_off_and_dry_ones_get_the_shelter(self):
        found = self.inside(self.set(Shape(box(-40, -30, 550, 40), "raster", NOW, water(0.8, 0, 0, 0.8, 0, 0))))
        assert found[house_key(1)] == (0.8, "cut", None)
        assert found[house_key(2)] == (0.0, "cut", None)  # dry, between two closed stretches
        assert found[house_key(6)] == (0.0, "open", SHELTER)

    def test_haze_does_not_stop_anybody_from_walking(self):
        with self.command():
            haze = incidents.open_incident(incidents.NewIncident("หมอกควัน", "haze"))
        made = set_footprint(self.commander, haze.pk, from_geojson(bank()))
        assert {access for _, access, _ in self.inside(made).values()} == {"open"}

    def test_a_run_of_the_solver_gives_one_version_for_each_time(self):
        shapes = from_flood(water(0.5, 0.5))
        assert (len(shapes), shapes[0].origin, shapes[0].depth is not None) == (1, "flood", True)

    def test_who_may_not_command_sets_nothing(self):
        with pytest.raises(ProblemError) as caught:
            self.set(account=self.officer)
        assert code_of(caught) == "not_allowed"

    def test_an_incident_that_is_over_has_no_new_footprint(self):
        with self.command():
            incidents.move(self.incident.pk, "rejected", reason="ไม่ใช่เหตุ")
        with pytest.raises(ProblemError) as caught:
            self.set()
        assert code_of(caught) == "not_open"

    def test_an_unknown_incident_or_moment_is_refused(self):
        with pytest.raises(ProblemError) as caught:
            set_footprint(self.commander, house_key(1), from_geojson(bank()))
        assert code_of(caught) == "no_incident"
        with pytest.raises(ProblemError) as caught:
            self.set(from_geojson(bank(), valid_at=NOW + timedelta(days=30)))
        assert code_of(caught) == "valid_ahead"

    def test_each_version_has_a_reading_of_its_own(self):
        made = self.set()
        with self.command():
            numbers = list(Snapshot.objects.filter(footprint=made).values_list("number", flat=True))
        with self.acting("emergency.resolve"):
            rows = SnapshotRow.objects.filter(snapshot__footprint=made, snapshot__number=2).count()
        assert (numbers, rows) == ([1, 2], 4)  # at once, and again when it is known how the houses can be left
