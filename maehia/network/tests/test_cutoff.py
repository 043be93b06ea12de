"""Who is cut off, from what, and by which closed roads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid
from maehia.network import (
    RoadGraph,
    closed_edges,
    closures,
    cut_off,
    driving,
    flooded,
    islands_of,
    nearest_open,
    nothing_closed,
    stranded,
)
from maehia.network.tests.towns import at, lattice, row, some_closures, some_spots, square


def test_nobody_is_cut_off_in_a_dry_town():
    graph = square()
    found = cut_off(graph, at(graph, (10, 0), (50, 100)), at(graph, (90, 0)), exits=at(graph, (0, 50)))
    assert not found.from_shelter.any()
    assert not found.from_outside.any()
    assert found.reason_of(0) == ""
    assert found.islands() == {}


def test_water_on_both_sides_cuts_off_and_is_named():
    graph = row(100, 100, 100)
    shut = closures(graph, [0, 2], [40, 40], [60, 60])
    found = cut_off(graph, at(graph, (150, 0), (20, 0), (90, 0)), at(graph, (10, 0)), None, shut)
    assert found.from_shelter.tolist() == [True, False, True]
    assert found.reason_of(0) == found.reason_of(2) == "closed_roads"
    assert found.closed_by(0) == found.closed_by(2) == (0, 2)
    assert found.closed_by(1) == ()
    assert found.island[0] == found.island[2] != found.island[1]


def test_from_outside_is_another_question_than_from_shelter():
    graph = row(100, 100, 100)
    shut = closures(graph, [2], [40], [60])
    found = cut_off(graph, at(graph, (150, 0)), at(graph, (10, 0)), None, shut, exits=at(graph, (300, 0)))
    assert (found.from_shelter[0], found.from_outside[0]) == (False, True)
    assert cut_off(graph, at(graph, (150, 0)), at(graph, (10, 0)), None, shut).from_outside is None


def test_a_house_in_the_water_is_bound_by_its_own_street():
    graph = row(100, 100)
    found = cut_off(graph, at(graph, (50, 0)), at(graph, (150, 0)), None, closures(graph, [0], [40], [60]))
    assert found.reason_of(0) == "water_at_door"
    assert found.island[0] == -1
    assert found.closed_by(0) == (0,)


def test_a_dry_stretch_between_two_waters_is_an_island_of_its_own():
    graph = row(100, 100)
    shut = closures(graph, [0, 0], [20, 80], [30, 90])
    found = cut_off(graph, at(graph, (50, 0), (60, 0), (5, 0)), at(graph, (150, 0)), None, shut)
    assert found.island[0] == found.island[1] != found.island[2]
    assert found.closed_by(0) == (0,)
    assert [houses.tolist() for houses in found.islands().values()] == [[0, 1], [2]]


def test_a_house_without_a_road_is_told_apart():
    graph = row(100)
    found = cut_off(graph, at(graph, (50, 90), max_access_m=20), at(graph, (10, 0)))
    assert (found.from_shelter[0], found.reason_of(0), found.closed_by(0)) == (True, "no_road", ())


def test_a_village_that_no_road_joins_was_never_connected():
    graph = RoadGraph.from_lines([[(0, 0), (100, 0)], [(0, 500), (100, 500)]])
    found = cut_off(graph, at(graph, (50, 500)), at(graph, (10, 0)))
    assert found.reason_of(0) == "never_connected"


def test_shut_shelters_are_a_reason_of_their_own():
    graph = row(100)
    houses, shelters = at(graph, (50, 0)), at(graph, (10, 0), (90, 0))
    assert cut_off(graph, houses, shelters, np.array([False, False])).reason_of(0) == "no_open_shelter"
    shut = closures(graph, [0], [30], [40])
    found = cut_off(graph, houses, shelters, np.array([True, False]), shut)
    assert found.reason_of(0) == "closed_roads"


def test_without_any_shelter_nobody_was_never_connected():
    graph = row(100, 100)
    found = cut_off(graph, at(graph, (50, 0)), at(graph))
    assert found.reason_of(0) == "no_open_shelter"


def test_an_open_shelter_in_the_water_is_not_the_fault_of_the_roads():
    """Another shelter helps here, no pump on the road does."""
    graph = row(100, 100, 100, name=["a", "b", "c"])
    houses, shelters = at(graph, (20, 0), (245, 0), (290, 0)), at(graph, (240, 0), (150, 0))
    shut = closures(graph, [2], [30], [60])
    found = cut_off(graph, houses, shelters, np.array([True, False]), shut)
    assert [found.reason_of(n) for n in range(3)] == ["water_at_shelter", "water_at_door", "water_at_shelter"]
    assert graph.names_of(found.closed_by(0)) == ("c",)
    shut = shut | closures(graph, [1], [40], [60])
    found = cut_off(graph, houses, shelters, np.array([True, False]), shut)
    assert [found.reason_of(n) for n in range(3)] == ["closed_roads", "water_at_door", "water_at_shelter"]
    assert graph.names_of(found.closed_by(0)) == ("b",)


def test_a_flooded_shelter_that_is_shut_is_no_excuse():
    graph = row(100, 100)
    shut = closures(graph, [0, 1], [40, 80], [60, 90])
    found = cut_off(graph, at(graph, (10, 0)), at(graph, (185, 0), (95, 0)), np.array([False, True]), shut)
    assert found.reason_of(0) == "closed_roads"


def test_a_house_in_deep_water_beside_a_dry_road_is_cut_off_when_its_own_water_is_given():
    graph = row(100, 100)
    grid = Grid(0, -50, 10, 10, 20, 10)
    depth = np.zeros(grid.shape)
    depth[7, 5] = 2.0  # x 50 to 60, y 20 to 30
    houses, shelters = at(graph, (55, 25), (55, 45), (75, 45), (55, 5)), at(graph, (190, 0))
    wet = stranded(graph, grid, houses, depth)
    assert wet.tolist() == [True, True, False, False]  # the second must pass the first one's water
    shut = flooded(graph, grid, depth)
    assert not cut_off(graph, houses, shelters, None, shut).from_shelter.any()
    found = cut_off(graph, houses, shelters, None, shut, exits=at(graph, (0, 0)), in_water=wet)
    assert found.from_shelter.tolist() == found.from_outside.tolist() == [True, True, False, False]
    assert [found.reason_of(n) for n in range(4)] == ["water_at_door", "water_at_door", "", ""]
    assert found.island[:2].tolist() == [-1, -1]


def test_water_that_may_be_waded_strands_nobody_but_fast_water_does():
    graph = row(100)
    grid = Grid(0, -50, 10, 10, 10, 10)
    house, depth = at(graph, (55, 25)), np.full(grid.shape, 0.25)
    assert not stranded(graph, grid, house, depth)[0]
    assert stranded(graph, grid, house, depth, speed=np.full(grid.shape, 3.0))[0]
    assert not stranded(graph, grid, house, np.full(grid.shape, np.nan))[0]
    assert not stranded(graph, grid, house, depth * 3, "rescuer")[0]


def test_a_house_without_a_road_is_asked_at_its_own_place():
    graph, grid = row(100), Grid(0, 0, 10, 10, 10, 200)
    far, depth = at(graph, (55, 1900)), np.zeros(grid.shape)
    assert not stranded(graph, grid, far, depth)[0]
    depth[190, 5] = 1.0
    assert stranded(graph, grid, far, depth)[0]
    assert stranded(graph, grid, far.take([]), depth).shape == (0,)


@pytest.mark.parametrize("mask", [[True], np.zeros(1), np.array([[True]])])
def test_a_mask_of_houses_that_does_not_fit_is_refused(mask):
    graph = row(100)
    with pytest.raises(ArgumentError, match="in_water"):
        cut_off(graph, at(graph, (10, 0), (20, 0)), at(graph, (90, 0)), in_water=mask)


def test_names_of_roads_come_once_and_in_order():
    graph = row(10, 10, 10, 10, name=["b", None, "a", "b"])
    assert graph.names_of([3, 1, 2, 0]) == ("b", "a")
    assert graph.names_of([]) == ()


def test_a_one_way_street_cuts_cars_off_and_walkers_not():
    graph = row(100, 100, oneway=[1, 1])
    houses, shelters = at(graph, (150, 0)), at(graph, (10, 0))
    assert not cut_off(graph, houses, shelters).from_shelter[0]
    assert cut_off(graph, houses, shelters, pace=driving(graph)).from_shelter[0]


def test_the_largest_island_comes_first():
    graph = row(100, 100, 100)
    shut = closed_edges(graph, [1])
    houses = at(graph, (10, 0), (250, 0), (260, 0))
    found = cut_off(graph, houses, at(graph, (150, 0)), None, shut)
    assert [h.tolist() for h in found.islands().values()] == [[1, 2], [0]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10))
def test_being_cut_off_and_having_no_nearest_shelter_are_one(seed, count):
    graph = lattice(seed, nx=4, ny=3)
    shut, houses, shelters = (
        some_closures(graph, count, seed),
        some_spots(graph, 12, seed),
        some_spots(graph, 2, seed + 1),
    )
    found = cut_off(graph, houses, shelters, None, shut)
    assert np.array_equal(found.from_shelter, nearest_open(graph, houses, shelters, None, shut).shelter < 0)
    with_one = set(islands_of(graph, shelters, shut).tolist()) - {-1}
    for n in range(len(houses)):
        assert found.from_shelter[n] == (found.island[n] not in with_one)
        assert (found.reason_of(n) == "") == (not found.from_shelter[n])
        if found.reason_of(n) == "closed_roads":
            assert found.closed_by(n)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_opening_the_roads_that_bound_an_island_joins_it(seed):
    graph = lattice(seed, nx=4, ny=3)
    shut, houses, shelters = some_closures(graph, 8, seed), some_spots(graph, 12, seed), some_spots(graph, 2, seed + 1)
    found = cut_off(graph, houses, shelters, None, shut)
    dry = islands_of(graph, houses, nothing_closed(graph))
    for n in np.flatnonzero(found.reason == 3):
        left = shut.take(~np.isin(shut.edge, found.closed_by(n)))
        island = islands_of(graph, houses, left)
        grown = np.isin(graph.components(left.open_edges), [island[n]]).sum()
        before = np.isin(graph.components(shut.open_edges), [found.island[n]]).sum()
        assert grown > before or dry[n] == island[n]
