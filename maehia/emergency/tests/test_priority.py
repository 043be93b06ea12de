"""More of a reason never helps later; reasons add up; the rule in SQL is the rule in Python."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.city.models import Building, House, Need, Person
from maehia.emergency.actions import incidents
from maehia.emergency.actions.affected import take_snapshot
from maehia.emergency.models import Footprint, Inside, SnapshotRow
from maehia.emergency.rules.priority import BANDS, Facts, Term, priority, terms, weights_for
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.riverside import box
from maehia.kit.testing import NOW, AppTestCase

DAY = date(2026, 11, 18)
WATER = weights_for("flood", DAY)
KINDS = [*WATER.need, "other"]
LEVEL_WORDS = {"": "", "full": "พึ่งพาผู้อื่นทั้งหมด", "helper": "ต้องมีผู้ช่วย", "own": "ช่วยเหลือตัวเองได้"}

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
facts = st.builds(
    Facts,
    people=st.integers(1, 8),
    needs=st.dictionaries(st.sampled_from(KINDS), st.integers(1, 4), max_size=4),
    levels=st.dictionaries(st.sampled_from(["full", "helper"]), st.integers(1, 4)),
    ages=st.lists(st.integers(0, 110), max_size=8),
    depth_m=st.none() | st.floats(0, 20),
    storeys=st.none() | st.integers(1, 9),
    access=st.sampled_from(["open", "cut", "unknown"]),
)


def points(of: Facts, weights=WATER) -> int:
    return priority(terms(of, weights))


@calm
@given(facts)
def test_priority_is_the_sum_of_the_terms_that_are_shown(one):
    shown = terms(one, WATER)
    assert priority(shown) == sum(term.points for term in shown)
    assert all(term.number > 0 and term.points >= 0 for term in shown)
    assert len({term.code for term in shown}) == len(shown)
    assert [term.points for term in shown] == sorted((term.points for term in shown), reverse=True)


@calm
@given(facts, st.sampled_from(KINDS), st.sampled_from(["flood", "haze", "fire"]))
def test_one_more_need_never_lowers(one, kind, hazard):
    more = replace(one, needs={**one.needs, kind: one.needs.get(kind, 0) + 1})
    weights = weights_for(hazard, DAY)
    assert points(more, weights) >= points(one, weights)


@calm
@given(facts, st.floats(0, 20))
def test_deeper_water_never_lowers(one, deeper):
    known = replace(one, depth_m=one.depth_m or 0.0)
    assert points(replace(known, depth_m=known.depth_m + deeper)) >= points(known)


@calm
@given(facts, st.integers(0, 110))
def test_one_more_child_or_old_person_never_lowers(one, age):
    assert points(replace(one, ages=[*one.ages, age])) >= points(one)


@calm
@given(facts)
def test_being_cut_off_never_lowers_and_a_storey_more_never_raises(one):
    order = [points(replace(one, access=word)) for word in ("open", "unknown", "cut")]
    assert order == sorted(order)
    assert points(replace(one, storeys=2)) <= points(replace(one, storeys=1))


def test_each_point_is_explained_as_in_the_example():
    one = Facts(2, needs={"bedridden": 1}, ages=[82], depth_m=0.8, storeys=1, access="cut")
    assert terms(one, WATER) == [
        Term("need:bedridden", 1, 40), Term("depth", 80, 24), Term("access:cut", 1, 20), Term("age:very_old", 1, 12),
        Term("storeys:one", 1, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(("age", "band"), [(0, "infant"), (5, "infant"), (6, ""), (59, ""), (60, "old"), (79, "old"),
                                           (80, "very_old"), (120, "very_old")])  # fmt: skip
def test_ages_fall_into_bands_at_their_edges(age, band):
    assert [name for name, low, high in BANDS if low <= age <= high] == ([band] if band else [])


def test_every_hazard_has_points_and_none_before_its_day():
    from maehia.emergency.workflow import HAZARDS

    assert {weights_for(hazard, DAY).key for hazard, _ in HAZARDS} == {"water-2569", "air-2569", "ground-2569"}
    with pytest.raises(LookupError):
        weights_for("flood", date(2020, 1, 1))


person = st.fixed_dictionaries({
    "age": st.none() | st.integers(0, 100),
    "needs": st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(list(LEVEL_WORDS))), max_size=3),
    "dead": st.booleans(),
})  # fmt: skip
home = st.fixed_dictionaries({
    "people": st.lists(person, max_size=4),
    "depth_cm": st.none() | st.integers(0, 900),
    "floor_cm": st.none() | st.integers(0, 200),
    "storeys": st.none() | st.integers(1, 3),
    "access": st.sampled_from(["open", "cut", "unknown"]),
})  # fmt: skip


class TestSql(Watch, AppTestCase):
    """The statement over whole towns against the rule for one household."""

    def test_sql_ranks_every_town_as_the_rule_ranks_each_household(self):
        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(home, max_size=6), st.sampled_from(["flood", "haze", "fire"]))
        def every_town(homes, hazard):
            self._same(homes, hazard)

        every_town()

    def _same(self, homes, hazard):
        footprint = self._footprint(hazard)
        expected = {self._build(footprint, one): self._facts(one) for one in homes}
        made = take_snapshot(footprint)
        with self.acting("emergency.resolve"):
            rows = list(SnapshotRow.objects.filter(snapshot=made).order_by("rank"))
        weights = weights_for(hazard, DAY)
        found = {row.house_key: [Term(*term) for term in row.terms] for row in rows}
        assert found == {key: terms(one, weights) for key, one in expected.items() if one.people}
        assert [row.priority for row in rows] == [priority(found[row.house_key]) for row in rows]
        order = [(-row.priority, row.house_key) for row in rows]
        assert order == sorted(order)
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))

    def _footprint(self, hazard):
        with self.command():
            made = incidents.open_incident(incidents.NewIncident("ทดสอบ", hazard))
            area = box(0, 0, 10, 10)
            return Footprint.objects.create(incident=made, number=1, origin="drawn", geom=_multi(area), area_m2=100,
                                            valid_at=NOW, made_at=NOW, made_by="test")  # fmt: skip

    def _build(self, footprint, one):
        key = uuid.uuid4()
        with self.acting():
            House.objects.create(key=key, sources={})
            Inside.objects.create(footprint=footprint, house_key=key, access=one["access"],
                                  depth_m=None if one["depth_cm"] is None else one["depth_cm"] / 100)  # fmt: skip
            if one["storeys"] is not None or one["floor_cm"] is not None:
                floor = None if one["floor_cm"] is None else one["floor_cm"] / 100
                Building.objects.create(key=uuid.uuid4(), house_id=key, storeys=one["storeys"], floor_height_m=floor,
                                        sources={})  # fmt: skip
            for told in one["people"]:
                self._person(key, told)
        return key

    def _person(self, house, told):
        born = None if told["age"] is None else date(DAY.year - told["age"], 3, 1)
        made = Person.objects.create(key=uuid.uuid4(), house_id=house, birth=born, sources={},
                                     died=date(2026, 1, 1) if told["dead"] else None)  # fmt: skip
        for kind, level in told["needs"]:
            Need.objects.create(key=uuid.uuid4(), person=made, need_kind=kind, level=LEVEL_WORDS[level], ground="x",
                                as_of=DAY)  # fmt: skip

    def _facts(self, one):
        alive = [told for told in one["people"] if not told["dead"]]
        needs = Counter(kind for told in alive for kind in {kind for kind, _ in told["needs"]})
        best = [min((level for _, level in told["needs"] if level in ("full", "helper")), default="") for told in alive]
        depth = one["depth_cm"]
        above = None if depth is None else max(0, depth - (one["floor_cm"] or 0)) / 100
        return Facts(len(alive), needs, Counter(filter(None, best)),
                     [told["age"] for told in alive if told["age"] is not None], above, one["storeys"], one["access"])  # fmt: skip


def _multi(area):
    from django.contrib.gis.geos import MultiPolygon

    return MultiPolygon(area, srid=4326)
