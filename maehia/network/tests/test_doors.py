"""The order of doors: never longer than going to the nearest each time, near the best on small rounds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.network import RoadGraph, closed_edges, closures, door_route, driving, snap, travel_minutes, walking
from maehia.network.doors import _length, improve, nearest_tour
from maehia.network.tests.towns import at, lattice, one_metre_a_second, row, some_closures, some_spots, square


def test_doors_of_one_street_are_met_in_their_order():
    graph = row(300)
    doors = at(graph, (200, 0), (50, 0), (120, 0), (290, 0))
    found = door_route(graph, at(graph, (0, 0)), doors, pace=one_metre_a_second(graph))
    assert found.order.tolist() == [1, 2, 0, 3]
    assert (found.arrival_minutes * 60).tolist() == [50, 120, 200, 290]
    assert found.minutes * 60 == pytest.approx(290)
    assert found.bound_minutes * 60 == pytest.approx(290)


def test_going_to_the_nearest_first_is_put_right():
    """Start between a near door on one side and many on the other: the greedy walk comes back for it."""
    graph = row(100, 100, 100, 100)
    doors = at(graph, (190, 0), (215, 0), (160, 0), (260, 0), (100, 0), (380, 0))
    found = door_route(graph, at(graph, (200, 0)), doors, pace=one_metre_a_second(graph))
    assert found.nearest_minutes * 60 == pytest.approx(10 + 25 + 45 + 100 + 60 + 280)
    assert found.minutes * 60 == pytest.approx(100 + 280)
    assert found.minutes < found.nearest_minutes


def test_a_round_comes_back_to_the_start():
    graph = square()
    doors = at(graph, (100, 50), (50, 100), (0, 50))
    found = door_route(graph, at(graph, (50, 0)), doors, pace=one_metre_a_second(graph), come_back=True)
    assert found.minutes * 60 == pytest.approx(400)
    assert found.arrival_minutes[-1] * 60 == pytest.approx(300)


def test_doors_behind_the_water_are_named_and_left_out():
    graph = row(100, 100, 100)
    shut = closures(graph, [1], [40], [60])
    doors = at(graph, (250, 0), (50, 0), (150, 0), (20, 500), max_access_m=50)
    found = door_route(graph, at(graph, (0, 0)), doors, shut, pace=one_metre_a_second(graph))
    assert found.order.tolist() == [1]
    assert found.unreachable.tolist() == [0, 2, 3]


def test_without_doors_there_is_nothing_to_walk():
    graph = row(100)
    found = door_route(graph, at(graph, (0, 0)), snap(graph, [], []))
    assert (found.minutes, found.order.size, found.bound_minutes) == (0, 0, 0)
    with pytest.raises(ArgumentError, match="number"):
        found.leg(0)


def test_doors_at_one_spot_cost_nothing_more():
    graph = row(100)
    doors = at(graph, (50, 0), (50, 0), (50, 0))
    found = door_route(graph, at(graph, (0, 0)), doors, pace=one_metre_a_second(graph))
    assert sorted(found.order.tolist()) == [0, 1, 2]
    assert found.minutes * 60 == pytest.approx(50)


def test_legs_are_ways_that_add_up_to_the_walk():
    graph = lattice(5, keep=1.0)
    doors, start = some_spots(graph, 12, 1), at(graph, (0, 0))
    found = door_route(graph, start, doors)
    legs = [found.leg(n) for n in range(found.order.size)]
    assert sum(leg.minutes for leg in legs) == pytest.approx(found.minutes, abs=1e-3)
    assert np.cumsum([leg.minutes for leg in legs]) == pytest.approx(found.arrival_minutes, abs=1e-3)
    for before, after in itertools.pairwise(legs):
        assert before.points[-1].tolist() == after.points[0].tolist()
    assert legs[0].points[0].tolist() == [0, 0]


def test_a_start_that_is_none_is_refused():
    graph = row(100, 100)
    doors = at(graph, (50, 0))
    with pytest.raises(ArgumentError, match="start"):
        door_route(graph, at(graph, (0, 0), (5, 0)), doors)
    with pytest.raises(ArgumentError, match="off the roads"):
        door_route(graph, at(graph, (0, 50), max_access_m=5), doors)
    with pytest.raises(ArgumentError, match="closed"):
        door_route(graph, at(graph, (150, 0)), doors, closed_edges(graph, [1]))


def test_too_many_doors_are_refused():
    graph = row(100)
    many = at(graph, (50, 0)).take(np.zeros(3001, dtype=int))
    with pytest.raises(ArgumentError, match="3001 doors"):
        door_route(graph, at(graph, (0, 0)), many)


def test_cars_get_a_round_along_one_way_streets():
    graph = RoadGraph.from_lines([[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]],
                                 oneway=[1, 1, 1, 1], speed_kmh=[3.6] * 4)  # fmt: skip
    doors = at(graph, (0, 50), (50, 100), (100, 50), (80, 0))
    found = door_route(graph, at(graph, (50, 0)), doors, pace=driving(graph))
    assert found.order.tolist() == [3, 2, 1, 0]
    assert found.minutes * 60 == pytest.approx(300, rel=1e-3)


def best_of_all(cost):
    return min(_length(cost, np.array([0, *order])) for order in itertools.permutations(range(1, len(cost))))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.integers(2, 8), st.booleans())
def test_small_tours_come_within_a_tenth_of_the_best(seed, stops, one_way):
    dice = np.random.default_rng(seed)
    place = dice.uniform(0, 1000, (stops, 2))
    cost = np.abs(place[:, None] - place[None]).sum(axis=2)
    if one_way:
        cost *= dice.uniform(1, 1.3, cost.shape)
        np.fill_diagonal(cost, 0)
    cost[:, 0] = 0
    tour = nearest_tour(cost)
    first = _length(cost, tour)
    improve(cost, tour)
    assert sorted(tour.tolist()) == list(range(stops))
    assert tour[0] == 0
    assert _length(cost, tour) <= first
    assert best_of_all(cost) <= _length(cost, tour) + 1e-6 <= best_of_all(cost) * (1.1 if stops < 6 else 1.25) + 2e-6


def test_on_average_small_tours_are_within_two_hundredths_of_the_best():
    dice = np.random.default_rng(7)
    share = []
    for _ in range(40):
        place = dice.uniform(0, 1000, (8, 2))
        cost = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
        cost[:, 0] = 0
        tour = nearest_tour(cost)
        improve(cost, tour)
        share.append(_length(cost, tour) / best_of_all(cost))
    assert np.mean(share) < 1.02


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 6), st.booleans())
def test_every_route_is_between_its_bound_and_the_greedy_walk(seed, count, come_back):
    graph = lattice(seed)
    shut, doors = some_closures(graph, count, seed), some_spots(graph, 15, seed)
    start = some_spots(graph, 30, seed + 1)
    start = start.take(np.flatnonzero(shut.sides(start)[2] >= 0)[:1])
    if not len(start):
        return
    found = door_route(graph, start, doors, shut, come_back=come_back)
    assert found.bound_minutes <= found.minutes + 1e-9 <= found.nearest_minutes + 1e-6
    assert sorted([*found.order.tolist(), *found.unreachable.tolist()]) == list(range(15))
    reach = np.isfinite(travel_minutes(graph, start, doors, shut)[0])
    assert np.array_equal(np.flatnonzero(~reach), found.unreachable)
    assert (np.diff(found.arrival_minutes) >= 0).all()


def test_a_few_hundred_doors_are_far_better_than_the_greedy_walk():
    graph = lattice(1, nx=12, ny=12, keep=0.9)
    doors = some_spots(graph, 250, 2)
    found = door_route(graph, doors.take([0]), doors, pace=walking(graph, 1.0))
    assert found.minutes < 0.97 * found.nearest_minutes
    assert found.minutes < 1.35 * found.bound_minutes
