"""CLIMADA's files as others write them: scattered centroids, broken matrices, odd names."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from maehia.impact import ArgumentError, Curves, CurveWarning, Exposure, Grid, Hazard, assess
from maehia.impact.formats import climada
from maehia.impact.formats.faults import FileError
from maehia.impact.tests.climada_cases import ASSETS, UTM, hazard_on, put_centroids, put_exposures, table_with


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.h5"


def test_curves_in_use_need_a_number(path):
    with pytest.raises(ArgumentError, match="ids"):
        climada.write_exposures(path, ASSETS, crs="EPSG:32647", ids=[1, 2])


def test_impact_functions_keep_their_shape_and_their_steps(tmp_path):
    path = tmp_path / "impf.csv"
    rows = ["impact_fun_id,intensity,mdd,paa,name,intensity_unit,peril_id"]
    rows += [f"5,{i},{d},{p},slope,m,FL" for i, d, p in ((0, 0, 1), (2, 0.5, 1), (4, 1, 0.8))]
    rows += [f"9,{i},{d},1,step,m,FL" for i, d in ((0, 0), (1, 0), (1, 1), (4, 1))]
    rows += ["1,0,0,1,wind,m/s,TC", "1,9,1,1,wind,m/s,TC"]
    path.write_text("\n".join(rows))
    curves, ids = climada.read_curves(path, haz_type="FL")
    assert ids == (5, 9)
    assert curves.intensity.tolist() == [0, 1, 1, 2, 4]
    np.testing.assert_allclose(curves.at([0.5, 0.999999, 1, 3, 9]),
                               [[0.125, 0.24999975, 0.25, 0.65, 0.8], [0, 0, 1, 1, 1]])  # fmt: skip


def test_a_falling_impact_function_is_told_and_read(tmp_path):
    path = tmp_path / "impf.csv"
    path.write_text("impact_fun_id,intensity,mdd,paa,peril_id\n1,0,1,1,FL\n1,1,0.5,1,FL\n")
    with pytest.warns(CurveWarning):
        curves, _ids = climada.read_curves(path)
    assert curves.at(0.5)[0] == 0.75


def test_bad_impact_functions_name_column_and_line(tmp_path):
    path = tmp_path / "impf.csv"
    path.write_text("impact_fun_id,intensity,mdd,peril_id\n1,0,1,FL\n")
    with pytest.raises(FileError, match="has no column paa"):
        climada.read_curves(path)
    path.write_text("impact_fun_id,intensity,mdd,paa,peril_id\n1,0,1,1,FL\n1,1,,1,FL\n")
    with pytest.raises(FileError, match="line 3"):
        climada.read_curves(path)
    path.write_text("impact_fun_id,intensity,mdd,paa,peril_id\n1,0,1,1,FL\n")
    with pytest.raises(FileError, match="lists no impact function"):
        climada.read_curves(path, haz_type="TC")


def scattered_file(path, draw, events=3, points=40):
    """Stations anywhere: a hazard as CLIMADA has it for tropical cyclones."""
    x, y = draw.uniform(0, 1000, points), draw.uniform(0, 1000, points)
    flat = Grid(0, 0, 1, 1, points, 1)
    hazard = Hazard.from_maps(flat, draw.random((events, 1, points)), np.full(events, 0.1))
    climada.write_hazard(path, hazard)
    put_centroids(path, x, y)
    return hazard, x, y


def test_scattered_centroids_are_linked_to_by_distance(path):
    draw = np.random.default_rng(2)
    hazard, x, y = scattered_file(path, draw)
    found = climada.read_scattered(path)
    np.testing.assert_array_equal(found.hazard.intensity, hazard.intensity)
    assert (found.crs, found.hazard.grid.shape) == ("EPSG:32647", (1, 40))
    assets = Exposure(draw.uniform(0, 1000, 25), draw.uniform(0, 1000, 25), 0, np.ones(25), group=np.arange(25))
    linked = found.link(assets, within=150)
    distance = np.hypot(assets.x[:, None] - x, assets.y[:, None] - y)
    nearest = np.where(distance.min(axis=1) <= 150, distance.argmin(axis=1), -1)
    np.testing.assert_array_equal(found.hazard.grid.cell_of(linked.x, linked.y), nearest)
    impact = assess(found.hazard, linked, Curves([0, 1], [[0, 1]]))
    maps = np.array([found.hazard.map_of(e)[0] for e in range(3)])
    np.testing.assert_allclose(impact.per_asset, np.where(nearest < 0, 0, 0.1 * maps[:, nearest].sum(axis=0)))
    assert impact.off_grid.tolist() == np.flatnonzero(nearest < 0).tolist()
    assert linked.group is assets.group


def test_assets_linked_by_number_are_not_put_on_a_map(path, tmp_path):
    scattered_file(path, np.random.default_rng(2))
    found = climada.read_scattered(path)
    linked = found.link(Exposure([500.0], [500.0], 0, [1.0]), within=999)
    assess(found.hazard, linked, Curves([0, 1], [[0, 1]])).to_geoparquet(tmp_path / "assets.parquet")
    about = json.loads(parquet.read_schema(tmp_path / "assets.parquet").metadata[b"geo"])
    assert about["columns"]["geometry"]["crs"]["type"] == "EngineeringCRS"


def test_one_station_and_one_asset_are_enough(path):
    hazard = Hazard.from_events(Grid(0, 0, 1, 1, 1, 1), [([0], [0.5])], [0.2])
    climada.write_hazard(path, hazard)
    put_centroids(path, [100.0], [100.0])
    found = climada.read_scattered(path)
    linked = found.link(Exposure([103.0], [104.0], [0], [10.0]), within=5)
    assert assess(found.hazard, linked, Curves([0, 1], [[0, 1]])).aal == pytest.approx(1.0)
    assert found.link(Exposure([103.0], [104.1], [0], [10.0]), within=5).x[0] < 0


@given(st.integers(1, 4), st.integers(2, 6), st.integers(2, 6), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_any_hazard_on_a_grid_comes_back(tmp_path_factory, events, nx, ny, seed):
    draw = np.random.default_rng(seed)
    grid = Grid(draw.uniform(-1e5, 1e5), draw.uniform(0, 3e6), draw.uniform(0.5, 100), draw.uniform(0.5, 100), nx, ny)
    maps = np.where(draw.random((events, ny, nx)) < 0.5, draw.random((events, ny, nx)), 0)
    hazard = Hazard.from_maps(grid, maps, draw.random(events))
    path = tmp_path_factory.mktemp("any") / "h.h5"
    climada.write_hazard(path, hazard)
    again = climada.read_hazard(path)
    for name in ("indptr", "cell", "intensity", "frequency"):
        np.testing.assert_array_equal(getattr(again, name), getattr(hazard, name))
    np.testing.assert_allclose(again.grid.bounds, grid.bounds, atol=1e-6 * max(grid.dx, grid.dy))


def test_a_matrix_that_does_not_fit_its_centroids_is_refused(path):
    climada.write_hazard(path, hazard_on(UTM))
    put_centroids(path, [0.0, 1.0], [0.0, 0.0])
    with pytest.raises(FileError, match="has 2 centroids for 20 columns"):
        climada.read_hazard(path)


def test_a_matrix_without_its_parts_is_refused(path):
    climada.write_hazard(path, hazard_on(UTM))
    with h5py.File(path, "r+") as file:
        del file["intensity/indptr"]
    with pytest.raises(FileError, match="without its parts"):
        climada.read_hazard(path)


def test_centroids_that_are_areas_are_refused(path):
    climada.write_hazard(path, hazard_on(UTM))
    table = pd.DataFrame({"region_id": [1, 2]})
    climada._put_frame(path, "centroids", table, {"crs": "EPSG:32647"}, mode="a")
    with pytest.raises(FileError, match="not points"):
        climada.read_hazard(path)


def test_events_keep_their_names(path):
    climada.write_hazard(path, hazard_on(UTM), event_name=["ปี 2554", "b", "c"])
    assert climada.event_names(path) == ("ปี 2554", "b", "c")
    with h5py.File(path, "r+") as file:
        del file["event_name"]
    assert climada.event_names(path) == ("0", "1", "2")


def test_an_old_column_name_of_curves_is_known(path):
    put_exposures(path, table_with().rename(columns={"impf_FL": "if_FL"}))
    assert climada.read_exposures(path, haz_type="FL").curve.tolist() == [0]


def test_exposures_without_assets_come_back(path):
    climada.write_exposures(path, Exposure([], [], [], []), crs="EPSG:32647")
    assert climada.read_exposures(path, haz_type="FL").size == 0


def test_a_peril_of_three_letters_names_its_own_column(path):
    climada.write_exposures(path, ASSETS, crs="EPSG:32647", haz_type="PM25")
    assert climada.read_exposures(path).curve.tolist() == [0, 2]
    with pytest.raises(FileError, match="it has impf_PM25"):
        climada.read_exposures(path, haz_type="FL")


def test_excel_of_impact_functions_is_read_as_the_csv(tmp_path):
    table = pd.DataFrame({"impact_fun_id": [1, 1, 2, 2], "intensity": [0.0, 2, 0, 3], "mdd": [0.0, 1, 0, 0.5],
                          "paa": 1.0, "peril_id": "FL"})  # fmt: skip
    table.to_csv(tmp_path / "f.csv", index=False)
    table.to_excel(tmp_path / "f.xlsx", sheet_name="impact_functions", index=False)
    one, two = (climada.read_curves(tmp_path / name) for name in ("f.csv", "f.xlsx"))
    assert one[1] == two[1] == (1, 2)
    np.testing.assert_array_equal(one[0].damage, two[0].damage)
    np.testing.assert_allclose(one[0].at([1, 2, 3]), [[0.5, 1, 1], [1 / 6, 1 / 3, 0.5]])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("indices", lambda column: np.where(np.arange(column.size) == 1, -1, column)),
        ("indices", lambda column: column + 1000),
        ("indices", lambda column: column[:-1]),
        ("indptr", lambda rows: rows[:-1]),
        ("indptr", lambda rows: rows + (np.arange(rows.size) == rows.size - 1)),
        ("indptr", lambda rows: rows[[0, 2, 1, 3]]),
        ("data", lambda data: data[1:]),
    ],
)
def test_a_matrix_that_reaches_out_of_itself_is_refused(path, name, change):
    climada.write_hazard(path, hazard_on(UTM))
    with h5py.File(path, "r+") as file:
        changed = change(file[f"intensity/{name}"][:])
        del file[f"intensity/{name}"]
        file[f"intensity/{name}"] = changed
    with pytest.raises(FileError, match="'intensity' whose rows or columns lie outside"):
        climada.read_hazard(path)


@pytest.mark.parametrize(
    ("frequency", "told"), [(None, "has no frequencies"), ([0.1], "has 1 frequencies for 3 events")]
)
def test_frequencies_that_do_not_fit_the_events_are_refused(path, frequency, told):
    climada.write_hazard(path, hazard_on(UTM))
    with h5py.File(path, "r+") as file:
        del file["frequency"]
        if frequency:
            file["frequency"] = frequency
    with pytest.raises(FileError, match=told):
        climada.read_hazard(path)


@pytest.mark.parametrize("unit", ["m", np.zeros(0, "S3")])
def test_a_unit_may_be_one_text_or_none(path, unit):
    climada.write_hazard(path, hazard_on(UTM))
    with h5py.File(path, "r+") as file:
        del file["units"]
        file["units"] = unit
    assert climada.read_hazard(path).unit == "m"
