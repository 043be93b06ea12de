"""Lines become a graph: joined at ends, split where they touch or cross, apart where one passes over the other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid
from maehia.network import RoadGraph
from maehia.network.tests.towns import lattice, row, square


def lengths(graph):
    return sorted(np.round(graph.length, 6).tolist())


def test_a_square_of_three_lines_has_three_nodes_and_keeps_its_bend():
    graph = square()
    assert (graph.nodes, graph.edges) == (3, 3)
    assert lengths(graph) == [100, 100, 200]
    assert graph.name == ("a", "b", "c")
    assert graph.report.components == (3,)
    assert graph.report.dangling == ()
    assert graph.report.metres == 400
    assert graph.part(2, 0, 200).tolist() == [[0, 0], [0, 100], [100, 100]]


def test_shapely_lines_and_arrays_give_the_same_graph():
    shapes = RoadGraph.from_lines([shapely.LineString(line) for line in ([(0, 0), (5, 5)], [(5, 5), (9, 5)])])
    arrays = RoadGraph.from_lines([np.array([[0, 0], [5, 5]]), [(5, 5, 12.0), (9, 5, 13.0)]])
    assert shapes.tail.tolist() == arrays.tail.tolist()
    assert shapes.length.tolist() == arrays.length.tolist()


def test_lines_that_cross_are_split_at_the_crossing():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(4, -3), (4, 5)]])
    assert lengths(graph) == [3, 4, 5, 6]
    assert (graph.nodes, graph.report.splits, graph.report.kept_apart) == (5, 2, 0)
    assert graph.report.components == (5,)


def test_a_bridge_passes_over_without_a_node():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(4, -3), (4, 5)]], level=[0, 1])
    assert (graph.edges, graph.nodes) == (2, 4)
    assert graph.report.kept_apart == 1
    assert graph.report.components == (2, 2)
    assert graph.report.isolated == 2


def test_a_bridge_begins_where_the_road_ends():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(10, 0), (20, 0)], [(20, 0), (30, 0)], [(15, -5), (15, 5)]],
                                 level=[0, 1, 0, 0])  # fmt: skip
    assert graph.report.components == (4, 2)


def test_a_bridge_comes_down_on_a_road_but_a_road_does_not_end_on_a_bridge():
    down = RoadGraph.from_lines([[(0, 0), (10, 0)], [(5, 0), (5, 9)]], level=[0, 1])
    below = RoadGraph.from_lines([[(0, 0), (10, 0)], [(5, 0), (5, 9)]], level=[1, 0])
    assert down.report.components == (4,)
    assert below.report.components == (2, 2)


def test_an_end_near_a_road_joins_it_within_the_snap_distance_only():
    lines = [[(0, 0), (10, 0)], [(4, 0.3), (4, 5)]]
    assert RoadGraph.from_lines(lines, snap_m=0.5).report.components == (4,)
    assert RoadGraph.from_lines(lines, snap_m=0.2).report.components == (2, 2)


def test_an_end_that_overshoots_leaves_no_stump():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(4, -0.3), (4, 5)]], snap_m=0.5)
    assert graph.edges == 3
    assert graph.length.min() > 3.9


def test_ends_that_almost_meet_are_one_node():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(10.2, 0.1), (20, 0)], [(10.1, -0.1), (10, -9)]], snap_m=0.5)
    assert graph.nodes == 4
    assert graph.report.ends_joined == 2


def test_lines_that_share_a_vertex_meet_there():
    graph = RoadGraph.from_lines([[(0, 0), (5, 0), (10, 0)], [(0, 5), (5, 0), (0, -5)]])
    assert graph.nodes == 5
    assert np.bincount(np.concatenate([graph.tail, graph.head])).max() == 4


def test_lines_that_overlap_are_one_road_on_the_common_stretch():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(6, 0), (16, 0)]])
    assert lengths(graph) == [4, 6, 6]
    assert graph.report.duplicates == (1,)


def test_a_road_drawn_twice_counts_once_whichever_way_it_was_drawn():
    graph = RoadGraph.from_lines([[(0, 0), (5, 1), (10, 0)], [(10, 0), (5, 1), (0, 0)], [(0, 0), (5, 1), (10, 0)]])
    assert graph.report.metres == pytest.approx(2 * np.hypot(5, 1))
    assert graph.report.duplicates == (1, 2)


def test_two_one_way_roads_on_the_same_line_stay_two():
    graph = RoadGraph.from_lines([[(0, 0), (9, 0)], [(9, 0), (0, 0)], [(9, 0), (0, 0)]], oneway=[1, 1, -1])
    assert graph.edges == 2
    assert graph.report.duplicates == (2,)


def test_parallel_roads_between_the_same_nodes_both_stay():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(0, 0), (5, 4), (10, 0)]])
    assert (graph.nodes, graph.edges) == (2, 2)


def test_a_loop_is_an_edge_that_begins_and_ends_at_one_node():
    graph = RoadGraph.from_lines([[(-5, 0), (0, 0)], [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]])
    loop = np.flatnonzero(graph.tail == graph.head)
    assert graph.length[loop].tolist() == [40]
    assert graph.report.components == (2,)


def test_a_line_that_ends_on_itself_is_split_there():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0), (10, 10), (5, 10), (5, 0)]], snap_m=0.1)
    assert lengths(graph) == [5, 30]
    assert (graph.tail == graph.head).sum() == 1


def test_a_line_that_crosses_itself_is_split_there():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0), (10, 10), (5, 10), (5, -5)]])
    assert lengths(graph) == [5, 5, 30]


def test_a_line_without_length_is_left_out_and_named():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(3, 3), (3, 3)], [(20, 0), (20.1, 0)]], snap_m=0.5)
    assert graph.edges == 1
    assert graph.report.zero_length == (1, 2)
    assert graph.line.tolist() == [0]


def test_dead_ends_are_counted():
    assert row(10, 20).report.dangling == (0, 2)


def test_points_repeated_in_a_line_do_no_harm():
    graph = RoadGraph.from_lines([[(0, 0), (0, 0), (5, 0), (5, 0), (10, 0), (10, 0)]])
    assert graph.part(0, 0, 10).tolist() == [[0, 0], [5, 0], [10, 0]]


def test_attributes_follow_their_line_through_splits():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(4, -3), (4, 5)]], name=["x", None], kind=["track", "primary"],
                                 speed_kmh=[np.nan, 40], oneway=[True, False])  # fmt: skip
    x = np.array([name == "x" for name in graph.name])
    assert graph.line[x].tolist() == [0, 0]
    assert graph.oneway[x].tolist() == [1, 1]
    assert {graph.kind[e] for e in np.flatnonzero(~x)} == {"primary"}
    assert graph.speed_kmh[~x].tolist() == [40, 40]
    assert np.isnan(graph.speed_kmh[x]).all()


def test_a_part_of_an_edge_runs_backwards_when_asked():
    graph = square()
    assert graph.part(2, 150, 50).tolist() == [[50, 100], [0, 100], [0, 50]]
    assert graph.part(2, 100, 130).tolist() == [[0, 100], [30, 100]]
    assert graph.part(0, 25, 25).tolist() == [[25, 0], [25, 0]]


def test_closing_an_edge_splits_the_components():
    graph = row(10, 20, 30)
    middle = int(np.flatnonzero(graph.length == 20)[0])
    assert len(set(graph.components(np.arange(3) != middle).tolist())) == 2


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "lines_empty"),
        ([[(1, 1), (1, 1)]], "lines_empty"),
        ([[(0, 0), (0.1, 0)]], "lines_empty"),
        ([[(0, 0), (1, 0)], [(0, 0), (np.nan, 1)]], "lines_not_finite"),
        ([[(0, 0), (np.inf, 0)]], "lines_not_finite"),
        ([[(0, 0)]], "bad_lines"),
        ([[0, 1, 2]], "bad_lines"),
        ([[("a", "b"), ("c", "d")]], "bad_lines"),
        ([[(0, 0), (1, 0, 3, 4)]], "bad_lines"),
        ([shapely.Point(0, 0)], "bad_lines"),
    ],
)
def test_lines_that_are_no_roads_are_refused(lines, code):
    with pytest.raises(ArgumentError) as error:
        RoadGraph.from_lines(lines)
    assert error.value.argument == "lines"
    assert error.value.problem.code == code


def test_the_first_line_with_a_bad_coordinate_is_named():
    with pytest.raises(ArgumentError, match=r"lines\[2\]"):
        RoadGraph.from_lines([[(0, 0), (1, 0)], [(0, 0), (2, 0)], [(0, np.nan), (1, 0)]])


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"crs": None}, "crs"),
        ({"crs": " "}, "crs"),
        ({"crs": "EPSG:4326"}, "crs"),
        ({"crs": "EPSG:2263"}, "crs"),
        ({"crs": "nonsense"}, "crs"),
        ({"snap_m": -1}, "snap_m"),
        ({"snap_m": np.nan}, "snap_m"),
        ({"name": ["one", "two"]}, "name"),
        ({"kind": []}, "kind"),
        ({"oneway": [2]}, "oneway"),
        ({"oneway": [0.5]}, "oneway"),
        ({"level": [1, 2]}, "level"),
        ({"level": [np.nan]}, "level"),
        ({"speed_kmh": [0]}, "speed_kmh"),
        ({"speed_kmh": [np.inf]}, "speed_kmh"),
    ],
)
def test_options_that_do_not_fit_are_refused_by_name(options, argument):
    with pytest.raises(ArgumentError) as error:
        RoadGraph.from_lines([[(0, 0), (100, 0)]], **options)
    assert error.value.argument == argument


def test_a_missing_reference_system_has_its_own_code():
    with pytest.raises(ArgumentError) as error:
        RoadGraph.from_lines([[(0, 0), (1, 0)]], crs=None)
    assert error.value.problem.code == "crs_missing"


def test_a_raster_in_another_reference_system_is_refused():
    with pytest.raises(ArgumentError, match="EPSG:32648"):
        square().check_grid(Grid(0, 0, 1, 1, 2, 2, crs="EPSG:32648"))
    square().check_grid(Grid(0, 0, 1, 1, 2, 2, crs="epsg:32647"))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_metres_are_kept_whatever_the_lattice(seed):
    graph = lattice(seed)
    direct = np.hypot(*(graph.points[graph.start[1:] - 1] - graph.points[graph.start[:-1]]).T)
    assert (graph.length >= direct - 1e-9).all()
    assert graph.report.metres == pytest.approx(graph.length.sum())
    assert np.array_equal(graph.points[graph.start[:-1]], np.column_stack([graph.x[graph.tail], graph.y[graph.tail]]))
    assert sum(graph.report.components) == graph.nodes


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_the_lines_changes_no_metre_and_no_piece(seed):
    dice = np.random.default_rng(seed)
    lines = [dice.uniform(0, 100, (3, 2)) for _ in range(12)]
    one = RoadGraph.from_lines(lines, snap_m=0.0)
    other = RoadGraph.from_lines(lines[::-1], snap_m=0.0)
    assert one.report.components == other.report.components
    assert one.edges == other.edges
    assert one.report.metres == pytest.approx(other.report.metres, abs=1e-3)
