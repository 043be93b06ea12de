"""How long an edge takes: by person, by slope, by kind of road and its direction."""

from __future__ import annotations

import numpy as np
import pytest

from maehia.impact import ArgumentError, Grid
from maehia.network import RoadGraph, driving, walking
from maehia.network.data import load_yaml
from maehia.network.pace import QUANTUM_S
from maehia.network.tests.towns import row, square


def test_a_speed_of_one_metre_a_second_takes_a_second_a_metre():
    pace = walking(square(), 1.0)
    assert pace.forward_s.tolist() == [100, 100, 200]
    assert pace.back_s.tolist() == [100, 100, 200]
    assert pace.access_s_per_m == 1


def test_people_go_at_the_speed_of_their_row():
    graph = row(950)
    assert walking(graph, "elderly").forward_s[0] == pytest.approx(1000, abs=QUANTUM_S)
    assert walking(graph, "adult").forward_s[0] < walking(graph, "wheelchair").forward_s[0]
    assert walking(graph).forward_s[0] == walking(graph, "adult").forward_s[0]


@pytest.mark.parametrize("who", ["nobody", 0, -1.0, np.nan, np.inf])
def test_who_is_not_in_the_list_is_refused(who):
    with pytest.raises(ArgumentError, match="who"):
        walking(square(), who)


def test_times_are_whole_quanta_and_never_zero():
    pace = walking(RoadGraph.from_lines([[(0, 0), (1e-5, 0)], [(1e-5, 0), (7, 0)]], snap_m=0), 1.3)
    assert (pace.forward_s > 0).all()
    assert (pace.forward_s / QUANTUM_S % 1 == 0).all()


def hill():
    """1 km east up a slope of 10 %."""
    graph = RoadGraph.from_lines([[(5, 5), (1005, 5)]])
    grid = Grid(0, 0, 10, 10, 102, 1)
    return graph, {"grid": grid, "elevation": (np.arange(102) * 1.0)[None, :]}


def test_uphill_and_downhill_follow_tobler():
    graph, raster = hill()
    pace = walking(graph, 1.0, **raster)
    level, up, down = (np.exp(-3.5 * abs(s + 0.05)) for s in (0, 0.1, -0.1))
    assert pace.forward_s[0] == pytest.approx(1000 * level / up, abs=1e-3)
    assert pace.back_s[0] == pytest.approx(1000 * level / down, abs=1e-3)


def test_a_gentle_way_down_is_quicker_than_the_level():
    graph, raster = hill()
    raster["elevation"] = raster["elevation"] * -0.5
    assert walking(graph, 1.0, **raster).forward_s[0] < 1000


def test_level_ground_and_ground_without_heights_cost_the_same():
    graph, raster = hill()
    flat = walking(graph, 1.0, grid=raster["grid"], elevation=np.zeros((1, 102)))
    unknown = walking(graph, 1.0, grid=raster["grid"], elevation=np.full((1, 102), np.nan))
    assert flat.forward_s[0] == unknown.forward_s[0] == 1000


def test_heights_need_a_grid_of_their_shape_and_system():
    graph, raster = hill()
    with pytest.raises(ArgumentError, match="grid"):
        walking(graph, elevation=raster["elevation"])
    with pytest.raises(ArgumentError, match="elevation"):
        walking(graph, grid=raster["grid"], elevation=np.zeros((2, 2)))
    with pytest.raises(ArgumentError, match="grid"):
        walking(graph, grid=Grid(0, 0, 10, 10, 102, 1, crs="EPSG:32648"), elevation=raster["elevation"])


def test_cars_obey_one_way_roads_and_walkers_do_not():
    graph = row(100, 100, 100, oneway=[1, -1, 0])
    car, foot = driving(graph), walking(graph)
    assert np.isinf(car.back_s).tolist() == [True, False, False]
    assert np.isinf(car.forward_s).tolist() == [False, True, False]
    assert np.isfinite([foot.forward_s, foot.back_s]).all()


def test_cars_go_at_the_speed_of_the_road_or_of_its_kind():
    graph = row(1000, 1000, 1000, kind=["primary", "primary", "unknown"], speed_kmh=[36, np.nan, np.nan])
    rows = load_yaml("speeds.yaml")["drive"]["car"]
    expected = [100, 3600 / rows["speed"]["primary"], 3600 / rows["other"]]
    assert driving(graph, "car").forward_s == pytest.approx(expected, abs=1e-3)
    with pytest.raises(ArgumentError, match="rescue_truck"):
        driving(graph, "boat")


@pytest.mark.parametrize("name", ["speeds.yaml", "water.yaml"])
def test_every_number_says_its_source_and_that_it_is_unverified(name):
    data = load_yaml(name)
    assert data["checked_on"]
    rows = [r for table in ("foot", "drive", "limits") for r in data.get(table, {}).values()]
    assert rows
    assert all(r["source"] and r["verified"] is False and r["label_th"] for r in rows)
