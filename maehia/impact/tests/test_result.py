"""Readings of one result: places, thresholds, shares, tables."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv

from maehia.impact import ArgumentError, Curves, Exposure, Grid, Hazard, Metric, assess, intensity_map
from maehia.impact.exceedance import exceedance_at
from maehia.impact.tests.cases import by_hand, curves_of, exposure_of, hazard_of, same


def rich():
    case = by_hand()
    e = case.exposure
    exposure = Exposure(np.append(e.x, 99.0), np.full(4, 5.0), 0, np.array([1.0, 1, 1, 7]), group=np.array([1, 1, 2, 2]),
                        metrics={"people": Metric(0, np.array([3.0, 4.0, 5.0, 6.0]))})  # fmt: skip
    return case.hazard, assess(case.hazard, exposure, case.curves)


def test_an_unknown_quantity_is_refused_with_those_there_are():
    with pytest.raises(ArgumentError, match="expected one of value, people"):
        rich()[1].of("houses")


def test_top_events_fall_and_equal_ones_keep_their_order():
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves)
    assert [part.tolist() for part in impact.top_events(1)] == [[1], [4.0]]
    assert impact.top_events(9)[0].tolist() == [1, 0]
    assert impact.top_events(0)[0].size == 0
    none = assess(case.hazard, case.exposure, Curves([0], [[0]]))
    assert none.top_events(2)[0].tolist() == [0, 1]


def test_contributions_are_shares_of_the_yearly_average():
    _, impact = rich()
    assert impact.contributions("event") == pytest.approx([2.0 / 2.4, 0.4 / 2.4])
    assert impact.contributions("asset") == pytest.approx([0.5, 0.2 / 2.4, 1.0 / 2.4, 0.0])
    assert impact.contributions("group") == pytest.approx([1.4 / 2.4, 1.0 / 2.4])
    assert impact.of("people").contributions("group").sum() == pytest.approx(1.0)
    with pytest.raises(ArgumentError, match="by: is 'moo'"):
        impact.contributions("moo")


def test_no_impact_has_no_shares():
    case = by_hand()
    none = assess(case.hazard, case.exposure, Curves([0], [[0]]))
    assert none.contributions("asset").tolist() == [0.0, 0.0, 0.0]


def test_threshold_counts_say_how_many_stand_in_so_deep_a_water():
    hazard, impact = rich()
    assert impact.of("people").threshold_counts(hazard, [0.5, 1.0, 1.5, 2.0, 2.5]).tolist() == [
        [8, 8, 0, 0, 0],
        [7, 7, 7, 7, 0],
    ]
    assert impact.threshold_counts(hazard, 1.0).tolist() == [[2.0], [2.0]]
    with pytest.raises(ArgumentError, match="not the one that was assessed"):
        impact.threshold_counts(Hazard(hazard.grid, [0], [], [], []), 1.0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_threshold_counts_equal_a_step_curve(seed):
    rng = np.random.default_rng(seed)
    grid = Grid(0, 0, 1, 1, 15, 10)
    hazard, exposure = hazard_of(rng, grid, 5, 0.3), exposure_of(rng, grid, 100, 1)
    impact = assess(hazard, exposure, curves_of(rng, 1, 3))
    for limit in (0.5, 1.25):
        step = assess(hazard, exposure, Curves([limit, limit], [[0.0, 1.0]]))
        same(impact.threshold_counts(hazard, limit)[:, 0], step.at_event)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_a_cells_return_periods_are_its_own_curve(seed, pairs):
    rng = np.random.default_rng(seed)
    grid = Grid(0, 0, 1, 1, 5, 4)
    hazard = hazard_of(rng, grid, 8, 0.5, "int64", "float64")
    asked = np.array([0.5, 1.0, 1.7, 2.5, 4.0, 9.0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("maehia.impact.local._PAIRS", pairs)
        maps = intensity_map(hazard, asked)
    dense = np.full((hazard.events, grid.size), np.nan)
    for e in range(hazard.events):
        cells, intensity = hazard.event(e)
        dense[e, cells] = intensity
    for cell in range(grid.size):
        part = ~np.isnan(dense[:, cell]) & (hazard.frequency > 0)
        expected = np.zeros(asked.size)
        if part.any():
            expected = exceedance_at(dense[part, cell], hazard.frequency[part], asked)
            expected[asked < 1 / hazard.frequency[part].sum()] = 0.0
        assert maps.reshape(asked.size, -1)[:, cell] == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_a_period_that_is_just_that_of_an_event_gets_its_intensity():
    hazard = Hazard(Grid(0, 0, 1, 1, 2, 1), [0, 2, 3], [0, 1, 1], [1.0, 3.0, 2.0], [0.1, 0.3])
    assert intensity_map(hazard, [10.0, 1 / 0.4, 1 / 0.1]).reshape(3, 2).tolist() == [
        [1.0, 3.0],
        [0.0, 2.0],
        [1.0, 3.0],
    ]
    assert np.isnan(intensity_map(hazard, 10.1)).all()


def test_a_depth_that_many_events_share_is_reached_up_to_the_rarest_of_them():
    frequency = np.array([0.3, 0.16, 0.03, 0.01])  # the frequent ones first: a wall leaves them all at 1 m
    hazard = Hazard(Grid(0, 0, 1, 1, 1, 1), np.arange(5), np.zeros(4, int), [1.0, 1.0, 1.0, 2.0], frequency)
    assert intensity_map(hazard, [2.0, 5.0, 10.0, 25.0, 100.0]).ravel().tolist() == [1.0, 1.0, 1.0, 1.0, 2.0]


def test_maps_of_impact_sum_the_assets_of_a_cell():
    hazard, impact = rich()
    people = impact.of("people").return_period_map(hazard, [10.0, 1.0])
    # cell 0: 6 once in 10 years, 3 in 1/1.1; cell 1: 8 in 10; cell 2: 5 each year
    assert people.shape == (2, 1, 3)
    assert people[0, 0, :2].tolist() == [6.0, 8.0]
    assert np.isnan(people[0, 0, 2])
    assert people[1, 0, 0] == pytest.approx(3 + (1 - 1 / 1.1) / (10 - 1 / 1.1) * 3)
    assert people[1, 0, 1:].tolist() == [0.0, 5.0]


def test_maps_of_no_events_and_no_assets_are_dry():
    grid = Grid(0, 0, 1, 1, 2, 1)
    none = Hazard(grid, [0], [], [], [])
    assert intensity_map(none, [10.0]).tolist() == [[[0.0, 0.0]]]
    empty = Exposure([], [], np.zeros(0, int), [])
    hazard = Hazard(grid, [0, 1], [0], [1.0], [0.1])
    impact = assess(hazard, empty, Curves([0], [[1]]))
    assert impact.return_period_map(hazard, [10.0]).tolist() == [[[0.0, 0.0]]]


def test_tables_hold_every_quantity():
    _, impact = rich()
    assets = impact.to_arrow()
    assert assets.column_names == ["asset", "x", "y", "cell", "group", "curve", "value", "per_asset", "people_curve",
                                   "people_value", "people_per_asset"]  # fmt: skip
    assert assets["cell"].to_pylist() == [0, 1, 2, -1]
    assert assets["per_asset"].to_pylist() == impact.per_asset.tolist()
    assert impact.to_arrow("events")["people_at_event"].to_pylist() == impact.of("people").at_event.tolist()
    assert impact.to_arrow("exceedance")["impact"].to_pylist() == [2.0, 4.0]
    with pytest.raises(ArgumentError, match="kind: is 'houses'"):
        impact.to_arrow("houses")


@pytest.mark.parametrize("kind", ["assets", "events", "exceedance"])
def test_files_are_read_back_to_the_bit(tmp_path, kind):
    _, impact = rich()
    table = impact.to_arrow(kind)
    impact.to_parquet(tmp_path / "t.parquet", kind)
    assert pq.read_table(tmp_path / "t.parquet").equals(table)
    impact.to_csv(tmp_path / "t.csv", kind)
    read = csv.read_csv(tmp_path / "t.csv")
    for name in table.column_names:
        assert [float(v) for v in read[name].to_pylist()] == [float(v) for v in table[name].to_pylist()]


def test_geoparquet_carries_points_crs_and_box(tmp_path):
    import pyproj
    import shapely

    _, impact = rich()
    impact.to_geoparquet(tmp_path / "assets.parquet")
    geo = json.loads(pq.read_schema(tmp_path / "assets.parquet").metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["bbox"] == [5.0, 5.0, 99.0, 5.0]
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert pyproj.CRS.from_json_dict(geo["columns"]["geometry"]["crs"]).to_epsg() == 32647
    table = pq.read_table(tmp_path / "assets.parquet")
    points = shapely.from_wkb(table[geo["primary_column"]].to_pylist())
    assert shapely.get_x(points).tolist() == impact.exposure.x.tolist()
    assert shapely.get_y(points).tolist() == impact.exposure.y.tolist()
    assert table["people_per_asset"].to_pylist() == impact.of("people").per_asset.tolist()


def test_an_empty_result_is_written_too(tmp_path):
    hazard = Hazard(Grid(0, 0, 1, 1, 2, 1), [0, 1], [0], [1.0], [0.1])
    impact = assess(hazard, Exposure([], [], np.zeros(0, int), []), Curves([0], [[1]]))
    impact.to_geoparquet(tmp_path / "none.parquet")
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
