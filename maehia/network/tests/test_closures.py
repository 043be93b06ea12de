"""Water closes stretches of roads, not whole roads, and each at its time."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid
from maehia.network import (
    RoadGraph,
    RoadsOutsideRaster,
    WaterLimit,
    closed_edges,
    closures,
    flooded,
    nothing_closed,
    roadblocks,
    spots_at,
    water_limit,
)
from maehia.network.tests.towns import at, lattice, row, some_closures, some_spots, square


def strip(depth, **more):
    """A 200 m road along y = 5 over cells of 10 m, with a depth per cell."""
    graph = RoadGraph.from_lines([[(0, 5), (200, 5)]], **more)
    return graph, Grid(0, 0, 10, 10, 21, 1), np.append(np.asarray(depth, dtype=float), 0.0)[None, :]


def some_water(*cells, deep=1.0):
    depth = np.zeros(20)
    depth[list(cells)] = deep
    return depth


def test_the_closed_stretch_is_where_the_water_is():
    graph, grid, depth = strip(some_water(4, 5, 6))
    found = flooded(graph, grid, depth)
    assert len(found) == 1
    assert found.start_m[0] == pytest.approx(40, abs=2.5)
    assert found.end_m[0] == pytest.approx(70, abs=2.5)
    assert found.depth_m[0] == 1.0
    assert found.closed_edges.tolist() == [0]


def test_water_that_can_be_waded_closes_nothing():
    graph, grid, depth = strip(some_water(4, deep=0.3))
    assert len(flooded(graph, grid, depth, "walker")) == 0
    assert len(flooded(graph, grid, depth + 0.01, WaterLimit(0.3))) == 1


def test_a_lorry_passes_where_a_walker_does_not():
    graph, grid, depth = strip(some_water(4, deep=0.45))
    assert len(flooded(graph, grid, depth, "walker")) == 1
    assert len(flooded(graph, grid, depth, "rescue_truck")) == 0


def test_shallow_water_that_runs_fast_closes_the_road():
    graph, grid, depth = strip(some_water(4, deep=0.2))
    fast, slow = np.full(depth.shape, 1.6), np.full(depth.shape, 1.4)
    assert len(flooded(graph, grid, depth, "walker", speed=fast)) == 1
    assert len(flooded(graph, grid, depth, "walker", speed=slow)) == 0
    assert len(flooded(graph, grid, depth * 0.1, "walker", speed=np.full(depth.shape, 2.1))) == 1


def test_two_puddles_are_two_stretches_and_the_road_between_is_open():
    graph, grid, depth = strip(some_water(3, 15))
    found = flooded(graph, grid, depth)
    assert len(found) == 2
    tail, head, piece = found.sides(spots_at(graph, [0, 0, 0, 0], [10, 100, 190, 35]))
    assert tail.tolist() == [True, False, False, False]
    assert head.tolist() == [False, False, True, False]
    assert len(set(piece[:3].tolist())) == 3
    assert piece[3] == -1


def test_a_bridge_stands_above_the_water_and_a_tunnel_does_not():
    for level, closed in ((1, 0), (0, 1), (-1, 1)):
        graph, grid, depth = strip(some_water(4), level=[level])
        assert len(flooded(graph, grid, depth)) == closed
    graph, grid, depth = strip(some_water(4), level=[1])
    assert len(flooded(graph, grid, depth, bridges_stand=False)) == 1


def test_the_stream_of_every_day_closes_no_road_that_crosses_it():
    graph, grid, depth = strip(some_water(4, 5))
    channel = np.zeros(depth.shape, dtype=bool)
    channel[0, 4] = True
    found = flooded(graph, grid, depth, channel=channel)
    assert found.start_m[0] == pytest.approx(50, abs=2.5)


def test_each_stretch_closes_when_the_water_arrives():
    graph, grid, depth = strip(some_water(4, 5, 6))
    arrival = np.full(depth.shape, np.nan)
    arrival[0, 4:7] = [60, 60, 120]
    found = flooded(graph, grid, depth, arrival_s=arrival)
    assert found.closes_s.tolist() == [60, 120]
    assert len(found.at(59)) == 0
    assert found.at(60).end_m[0] == pytest.approx(60, abs=2.5)
    assert len(found.at(1e9)) == 2


def test_a_flooded_cell_without_a_time_is_closed_from_the_start():
    graph, grid, depth = strip(some_water(4))
    assert flooded(graph, grid, depth, arrival_s=np.full(depth.shape, np.inf)).closes_s.tolist() == [-np.inf]


def test_a_flooded_crossing_closes_every_road_that_meets_there():
    graph = RoadGraph.from_lines([[(5, 105), (205, 105)], [(105, 5), (105, 205)]])
    grid = Grid(0, 0, 10, 10, 21, 21)
    depth = np.zeros(grid.shape)
    depth[10, 10] = 1.0
    assert flooded(graph, grid, depth).closed_edges.tolist() == [0, 1, 2, 3]


def test_roads_outside_the_raster_count_as_dry_with_a_warning():
    graph, _, depth = strip(some_water(4))
    with pytest.warns(RoadsOutsideRaster, match="102 m of road"):
        found = flooded(graph, Grid(0, 0, 10, 10, 10, 1), depth[:, :10])
    assert len(found) == 1


def test_nan_depth_counts_as_dry_with_a_warning():
    graph, grid, depth = strip(some_water(4))
    depth[0, 10:12] = np.nan
    with pytest.warns(RoadsOutsideRaster):
        assert len(flooded(graph, grid, depth)) == 1


def test_a_complete_raster_gives_no_warning():
    graph, grid, depth = strip(some_water(4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flooded(graph, grid, depth)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"depth": np.zeros((2, 2))}, "depth"),
        ({"depth": None}, "depth"),
        ({"depth": np.full((1, 21), -0.1)}, "depth"),
        ({"speed": np.zeros(3)}, "speed"),
        ({"speed": np.full((1, 21), -1.0)}, "speed"),
        ({"arrival_s": np.zeros((3, 3))}, "arrival_s"),
        ({"channel": np.zeros((3, 3))}, "channel"),
        ({"limit": "swimmer"}, "who"),
        ({"grid": Grid(0, 0, 10, 10, 21, 1, crs="EPSG:4326")}, "grid"),
    ],
)
def test_rasters_that_do_not_fit_are_refused_by_name(change, argument):
    graph, grid, depth = strip(some_water(4))
    with pytest.raises(ArgumentError) as error:
        flooded(graph, **{"grid": grid, "depth": depth} | change)
    assert error.value.argument == argument


def test_limits_come_from_the_data_file_and_may_not_be_negative():
    assert water_limit("walker").depth == 0.3
    with pytest.raises(ArgumentError, match="product"):
        WaterLimit(0.3, -1)
    with pytest.raises(ArgumentError, match="depth"):
        WaterLimit(np.nan)


def test_whole_edges_are_closed_by_number_or_by_mask():
    graph = square()
    assert closed_edges(graph, [2]).end_m.tolist() == [200]
    assert closed_edges(graph, np.array([True, False, True])).closed_edges.tolist() == [0, 2]
    assert closed_edges(graph, [0], closes_s=90.0).closes_s.tolist() == [90]
    assert nothing_closed(graph).open_edges.all()
    with pytest.raises(ArgumentError):
        closed_edges(graph, [3])


def test_a_fallen_tree_closes_a_metre_either_side():
    graph = square()
    found = roadblocks(graph, at(graph, (50, 1), (0.5, -0.1), (5000, 5000), max_access_m=10))
    assert sorted(zip(found.start_m, found.end_m, strict=True)) == [(0, 1.5), (49, 51)]


def test_closures_from_two_reasons_add_up():
    graph = square()
    both = closures(graph, [0], [10], [20]) | closed_edges(graph, [1])
    assert both.closed_edges.tolist() == [0, 1]
    with pytest.raises(ArgumentError):
        both | nothing_closed(row(5))


@pytest.mark.parametrize(
    ("edge", "start", "end", "closes", "argument"),
    [([3], [0], [1], [0], "edge"), ([0.5], [0], [1], [0], "edge"), ([0], [-1], [1], [0], "start_m"),
     ([0], [np.nan], [1], [0], "start_m"), ([0], [5], [4], [0], "end_m"), ([0], [5], [101], [0], "end_m"),
     ([0], [5], [np.nan], [0], "end_m"), ([0], [5], [6], [np.nan], "closes_s"), ([0], [5, 6], [6], [0], "start_m")],
)  # fmt: skip
def test_stretches_that_are_not_on_an_edge_are_refused(edge, start, end, closes, argument):
    with pytest.raises(ArgumentError) as error:
        closures(square(), edge, start, end, closes_s=closes)
    assert error.value.argument == argument


def test_the_free_ends_of_an_edge_are_measured_to_the_first_water():
    graph = square()
    tail, head = closures(graph, [0, 0], [20, 60], [30, 70]).free_from_ends
    assert (tail[0], head[0]) == (20, 30)
    assert (tail[1], head[1]) == (100, 100)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 12))
def test_sides_say_what_a_walk_along_the_edge_finds(seed, count):
    graph = lattice(seed, nx=3, ny=3)
    shut, spots = some_closures(graph, count, seed), some_spots(graph, 30, seed)
    tail, head, piece = shut.sides(spots)
    for n in np.flatnonzero(spots.edge >= 0):
        mine = shut.edge == spots.edge[n]
        a, b, o = shut.start_m[mine], shut.end_m[mine], spots.offset_m[n]
        wet = bool(((a <= o) & (o <= b)).any())
        assert (piece[n] < 0) == wet
        assert tail[n] == (not (a <= o).any())
        assert head[n] == (not (b >= o).any())
        for m in np.flatnonzero((spots.edge == spots.edge[n]) & (piece >= 0)):
            low, high = sorted((o, spots.offset_m[m]))
            between = ((a <= high) & (b >= low)).any()
            assert wet or (piece[n] == piece[m]) == (not between)
    assert not tail[spots.edge < 0].any()
