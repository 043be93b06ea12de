"""Houses enter the road at an exact place of the nearest edge, or not at all."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.network import road_exits, snap, spots_at
from maehia.network.tests.towns import A, B, C, at, lattice, row, square


def test_a_house_enters_at_the_foot_of_the_perpendicular():
    spots = at(square(), (30, -4))
    assert (spots.edge[0], spots.offset_m[0], spots.access_m[0]) == (A, 30, 4)
    assert (spots.road_x[0], spots.road_y[0]) == (30, 0)
    assert (spots.x[0], spots.y[0]) == (30, -4)


def test_a_house_beyond_the_end_enters_at_the_end():
    spots = at(row(100), (103, 4))
    assert (spots.offset_m[0], spots.access_m[0]) == (100, 5)


def test_offsets_run_on_through_bends():
    assert at(square(), (40, 103)).offset_m[0] == 140


def test_a_house_too_far_from_every_road_is_on_none():
    spots = at(square(), (30, -50), (30, -50.5), max_access_m=50)
    assert spots.edge.tolist() == [A, -1]
    assert np.isnan([spots.offset_m[1], spots.access_m[1], spots.road_x[1]]).all()


def test_of_two_equally_near_roads_the_lower_edge_is_taken():
    assert at(square(), (50, 50), (99, 1)).edge.tolist() == [A, A]


def test_houses_are_kept_off_roads_that_may_not_be_entered():
    graph = square()
    spots = snap(graph, [50, 99], [-1, 50], edges=np.arange(3) != A)
    assert spots.edge.tolist() == [B, B]
    assert snap(graph, [0.0], [0.0], edges=np.zeros(3, bool)).edge.tolist() == [-1]


def test_no_houses_are_no_error():
    assert len(snap(square(), [], [])) == 0


def test_a_selection_keeps_its_rows():
    spots = at(square(), (10, 0), (20, 0), (30, 0)).take([2, 0])
    assert spots.offset_m.tolist() == [30, 10]
    assert len(spots) == 2


@pytest.mark.parametrize(
    ("x", "y", "options", "argument", "index"),
    [
        ([1, np.nan], [0, 0], {}, "x", 1),
        ([1, 2], [np.inf, 0], {}, "y", 0),
        ([1, 2], [0], {}, "y", None),
        ([[1]], [0], {}, "x", None),
        (["a"], [0], {}, "x", None),
        ([1], [0], {"max_access_m": 0}, "max_access_m", None),
        ([1], [0], {"max_access_m": np.nan}, "max_access_m", None),
        ([1], [0], {"edges": [True]}, "edges", None),
    ],
)
def test_bad_points_are_refused_by_name_and_index(x, y, options, argument, index):
    with pytest.raises(ArgumentError) as error:
        snap(square(), x, y, **options)
    assert (error.value.argument, error.value.index) == (argument, index)


def test_a_spot_on_the_road_itself_has_no_access():
    spots = spots_at(square(), [C], [150])
    assert (spots.x[0], spots.y[0], spots.access_m[0]) == (50, 100, 0)


@pytest.mark.parametrize(("edge", "offset"), [(3, 0), (-1, 0), (0, 101), (0, -1), (0, np.nan)])
def test_a_spot_that_is_not_on_its_edge_is_refused(edge, offset):
    with pytest.raises(ArgumentError):
        spots_at(square(), [edge], [offset])


def test_roads_leave_the_town_where_they_cross_its_outline():
    exits = road_exits(square(), shapely.box(-10, -10, 60, 110))
    assert sorted(zip(exits.edge.tolist(), exits.offset_m.tolist(), strict=True)) == [(A, 60), (C, 160)]
    assert len(road_exits(square(), shapely.box(-10, -10, 110, 110))) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_road_is_nearer_than_the_one_that_was_found(seed):
    graph = lattice(seed, nx=3, ny=3)
    xs, ys = np.random.default_rng(seed).uniform(-50, 250, (2, 20))
    spots = snap(graph, xs, ys, max_access_m=60)
    roads = [shapely.LineString(graph.points[a:b]) for a, b in zip(graph.start[:-1], graph.start[1:], strict=True)]
    nearest = np.array([min(road.distance(shapely.Point(p)) for road in roads) for p in zip(xs, ys, strict=True)])
    on = spots.edge >= 0
    assert np.array_equal(on, nearest <= 60)
    assert spots.access_m[on] == pytest.approx(nearest[on], abs=1e-6)
    for n in np.flatnonzero(on):
        place = roads[spots.edge[n]].interpolate(spots.offset_m[n])
        assert (place.x, place.y) == pytest.approx((spots.road_x[n], spots.road_y[n]), abs=1e-6)
