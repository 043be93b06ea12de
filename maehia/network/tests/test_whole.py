"""Parts together: a flood that rises over a town, asked at several times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import Grid
from maehia.network import (
    RoadGraph,
    assign,
    cut_off,
    flooded,
    leave_by,
    nearest_open,
    road_exits,
    roads_within,
    snap,
    travel_minutes,
    walking,
    within_minutes,
)
from maehia.network.tests.towns import at, lattice, one_metre_a_second, some_closures, some_spots


@pytest.fixture(scope="module")
def rising():
    """(graph, houses, shelters, water): a band that moves north over a lattice, 10 m every 20 seconds."""
    graph = lattice(3, nx=8, ny=8, keep=0.9)
    low, high = graph.points.min(axis=0) - 50, graph.points.max(axis=0) + 50
    grid = Grid(low[0], low[1], 5, 5, *(int(v) for v in (high - low) // 5 + 1))
    _, y = (v.reshape(grid.shape) for v in grid.centre_of(np.arange(grid.size)))
    deep = y < np.median(graph.y) + 150
    water = flooded(graph, grid, np.where(deep, 0.6, 0.0), arrival_s=np.where(deep, (y - low[1]) * 2, np.nan))
    return graph, some_spots(graph, 60, 1), at(graph, (350, 690), (100, 20)), water


def test_the_longer_it_rains_the_more_are_cut_off(rising):
    graph, houses, shelters, water = rising
    counts = [int(cut_off(graph, houses, shelters, None, water.at(t)).from_shelter.sum()) for t in range(0, 1500, 100)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_ways_only_grow_longer_while_the_water_rises(rising):
    graph, houses, shelters, water = rising
    before = nearest_open(graph, houses, shelters).minutes
    for t in (100, 400, 800, 1200):
        now = nearest_open(graph, houses, shelters, None, water.at(t)).minutes
        assert (now >= before).all()
        before = now


def test_who_leaves_by_the_deadline_could_still_go_when_nothing_more_closed(rising):
    """A house with a deadline is reachable at that moment, and one that never has one stays reachable."""
    graph, houses, shelters, water = rising
    by = leave_by(graph, houses, shelters, closing=water, pace=one_metre_a_second(graph)) * 60
    finite = np.flatnonzero(np.isfinite(by) & (by > 0))
    assert finite.size
    for n in finite[:15]:
        assert nearest_open(graph, houses.take([n]), shelters, None, water.at(by[n] - 1)).shelter[0] >= 0
    endless = nearest_open(graph, houses, shelters.take([0]), None, water).shelter >= 0
    assert (by[endless] == np.inf).all()


def test_slower_people_must_leave_earlier(rising):
    graph, houses, shelters, water = rising
    quick, slow = (
        leave_by(graph, houses, shelters, closing=water, pace=walking(graph, w)) for w in ("adult", "carried")
    )
    both = np.isfinite(quick) & np.isfinite(slow)
    assert (slow[both] <= quick[both]).all()
    assert (slow[both] < quick[both]).any()


def test_a_walker_who_may_wade_deeper_is_cut_off_later(rising):
    graph, houses, shelters, water = rising
    deep = water.take(water.depth_m > 1.0)
    assert len(deep) == 0
    assert not cut_off(graph, houses.take(houses.edge >= 0), shelters, None, deep).from_shelter.all()


def test_an_outline_gives_the_exits_and_the_water_shuts_them(rising):
    import shapely

    graph, houses, shelters, water = rising
    exits = road_exits(graph, shapely.box(-100, -100, 640, 900))
    assert len(exits) > 0
    dry = cut_off(graph, houses, shelters, exits=exits).from_outside
    wet = cut_off(graph, houses, shelters, None, water, exits=exits).from_outside
    assert wet.sum() > dry.sum()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_houses_changes_no_answer(seed):
    graph = lattice(seed)
    shut, houses, shelters = some_closures(graph, 5, seed), some_spots(graph, 25, seed), some_spots(graph, 4, seed + 1)
    mixed = np.random.default_rng(seed).permutation(25)
    one = nearest_open(graph, houses, shelters, None, shut)
    other = nearest_open(graph, houses.take(mixed), shelters, None, shut)
    assert np.array_equal(one.shelter[mixed], other.shelter)
    assert np.array_equal(one.minutes[mixed], other.minutes)
    minutes, people = travel_minutes(graph, houses, shelters, shut), np.arange(25) % 5
    room = np.array([12, 9, 7, 5])
    assert assign(minutes, people, room).bound == pytest.approx(assign(minutes[mixed], people[mixed], room).bound)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 8))
def test_isochrone_of_houses_and_of_roads_agree(seed, minutes):
    graph = lattice(seed, nx=4, ny=3)
    pace = one_metre_a_second(graph)
    shut, places = some_closures(graph, 3, seed), some_spots(graph, 2, seed)
    edge = np.random.default_rng(seed).integers(0, graph.edges, 12)
    houses = snap(graph, *np.array([graph.part(int(e), graph.length[e] / 3, graph.length[e] / 3)[0] for e in edge]).T)
    inside = within_minutes(graph, houses, places, minutes, shut, pace=pace)
    roads = roads_within(graph, places, minutes, shut, pace=pace)
    import shapely

    away = (
        shapely.distance(roads, shapely.points(houses.road_x, houses.road_y))
        if not roads.is_empty
        else np.full(12, np.inf)
    )
    assert (away[inside] < 0.1).all() or not inside.any()
    soon = within_minutes(graph, houses, places, minutes + 0.01, shut, pace=pace)
    assert (away[~soon] > 0).all()


def test_two_graphs_of_the_same_lines_answer_alike():
    lines = [[(0, 0), (100, 0)], [(50, -50), (50, 50)], [(50, 50), (100, 0)]]
    first, second = RoadGraph.from_lines(lines), RoadGraph.from_lines([np.array(line)[::-1] for line in lines])
    for graph in (first, second):
        found = nearest_open(graph, at(graph, (10, 0)), at(graph, (50, 40)), pace=one_metre_a_second(graph))
        assert found.metres[0] == 80
