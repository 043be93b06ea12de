"""CLIMADA's files: what we write is what it writes, and nothing in a file is ever run."""

import json
import pickle

import h5py
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from maehia.impact import ArgumentError, Curves, CurveWarning, Exposure, Grid, Hazard, Metric, assess
from maehia.impact.formats import climada
from maehia.impact.formats.faults import FileError
from maehia.impact.formats.pickles import plain

UTM = Grid(500_000, 2_070_000, 20, 10, 5, 4)
DEGREES = Grid(98.9, 18.7, 1 / 1200, 1 / 1200, 30, 20, "EPSG:4326")


def hazard_on(grid, seed=1):
    draw = np.random.default_rng(seed)
    maps = np.where(draw.random((3, *grid.shape)) < 0.5, draw.random((3, *grid.shape)), 0)
    hazard = Hazard.from_maps(grid, maps, [0.1, 0.02, 0.005])
    depth = hazard.intensity.copy()
    depth[0] = 0.0  # a stored zero
    return hazard.with_intensity(depth)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.h5"


@pytest.mark.parametrize("grid", [UTM, DEGREES], ids=["utm", "degrees"])
def test_a_hazard_comes_back_as_it_was_stored_zeros_too(path, grid):
    hazard = hazard_on(grid)
    climada.write_hazard(path, hazard)
    again = climada.read_hazard(path, haz_type="FL")
    for name in ("indptr", "cell", "intensity", "frequency"):
        np.testing.assert_array_equal(getattr(again, name), getattr(hazard, name))
    assert (again.unit, again.grid.crs, again.grid.shape) == ("m", grid.crs, grid.shape)
    np.testing.assert_allclose(again.grid.bounds, grid.bounds, rtol=1e-12)


def test_the_layout_is_what_climada_reads(path):
    hazard = hazard_on(UTM)
    climada.write_hazard(path, hazard, event_name=["ปี 2554", "b", "c"])
    with h5py.File(path) as file:
        assert {"haz_type", "units", "event_id", "event_name", "frequency", "frequency_unit", "date", "orig",
                "intensity", "fraction", "centroids"} == set(file)  # fmt: skip
        assert tuple(file["intensity"].attrs["shape"]) == (3, UTM.size)
        assert file["intensity/indices"].dtype == file["intensity/indptr"].dtype == np.int32
        assert file["intensity/data"].dtype == np.float64
        assert file["fraction/data"].size == 0
        assert file["event_name"][0].decode() == "ปี 2554"
        assert file["date"].dtype == np.int64
    with pd.HDFStore(path, mode="r") as store:
        about = store.get_storer("centroids").attrs.metadata
        centroids = store["centroids"]
    assert about["xy_columns"] == ["geometry"]
    assert pyproj.CRS(about["crs"]) == pyproj.CRS("EPSG:32647")
    assert centroids.loc[0].tolist() == [500_010, 2_070_005]
    assert len(centroids) == UTM.size


def rewrite(path, **changes):
    with h5py.File(path, "r+") as file:
        for name, value in changes.items():
            del file[name]
            if isinstance(value, dict):
                for part in ("data", "indices", "indptr"):
                    file[f"{name}/{part}"] = value[part]
                file[name].attrs["shape"] = value["shape"]
            else:
                file[name] = value


def fraction_of(hazard, values):
    return {"data": values, "indices": hazard.cell, "indptr": hazard.indptr, "shape": (hazard.events, hazard.grid.size)}


def test_a_fraction_of_one_or_zero_is_read_exactly(path):
    hazard = hazard_on(UTM)
    climada.write_hazard(path, hazard)
    ones = np.ones(hazard.nnz)
    rewrite(path, fraction=fraction_of(hazard, ones))
    assert climada.read_hazard(path).nnz == hazard.nnz
    ones[3] = 0.0
    rewrite(path, fraction=fraction_of(hazard, ones))
    assert climada.read_hazard(path).cell.tolist() == np.delete(hazard.cell, 3).tolist()


def test_a_fraction_between_is_refused(path):
    hazard = hazard_on(UTM)
    climada.write_hazard(path, hazard)
    rewrite(path, fraction=fraction_of(hazard, np.full(hazard.nnz, 0.5)))
    with pytest.raises(FileError, match=r"file\.h5: has a fraction of 0\.5"):
        climada.read_hazard(path)


def test_cells_in_any_order_are_sorted(path):
    hazard = hazard_on(UTM)
    climada.write_hazard(path, hazard)
    cells, depth = hazard.cell.copy(), hazard.intensity.astype(float)
    part = slice(*hazard.indptr[:2])
    cells[part], depth[part] = cells[part][::-1], depth[part][::-1]
    rewrite(path, intensity={**fraction_of(hazard, depth), "indices": cells})
    np.testing.assert_array_equal(climada.read_hazard(path).cell, hazard.cell)


def test_a_dense_matrix_is_read(path):
    hazard = hazard_on(UTM).with_intensity(hazard_on(UTM).intensity + 0.5)
    climada.write_hazard(path, hazard)
    rewrite(path, intensity=np.array([hazard.map_of(e).ravel() for e in range(3)]))
    np.testing.assert_array_equal(climada.read_hazard(path).cell, hazard.cell)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"frequency_unit": np.array([b"1/month"])}, "counts frequency in '1/month'"),
        ({"haz_type": np.array([b"TC"])}, "type 'TC', expected 'FL'"),
    ],
)
def test_another_peril_or_unit_of_time_is_refused(path, change, told):
    climada.write_hazard(path, hazard_on(UTM))
    rewrite(path, **change)
    with pytest.raises(FileError, match=told):
        climada.read_hazard(path, haz_type="FL")


def put_centroids(path, x, y, about=None):
    about = {"crs": "EPSG:32647", "xy_columns": ["geometry"]} if about is None else about
    climada._put_frame(path, "centroids", pd.DataFrame({"geometry.x": x, "geometry.y": y}), about, mode="a")


def test_scattered_centroids_are_refused_with_what_to_do(path):
    climada.write_hazard(path, hazard_on(UTM))
    draw = np.random.default_rng(0)
    put_centroids(path, draw.random(UTM.size) * 100, draw.random(UTM.size) * 100)
    with pytest.raises(ArgumentError, match="scattered points") as refused:
        climada.read_hazard(path)
    assert refused.value.problem.code == "centroids_irregular"


def test_centroids_without_a_crs_are_refused(path):
    climada.write_hazard(path, hazard_on(UTM))
    x, y = UTM.centre_of(np.arange(UTM.size))
    put_centroids(path, x, y, {"xy_columns": ["geometry"]})
    with pytest.raises(FileError, match="no coordinate reference system"):
        climada.read_hazard(path)


def test_one_centroid_needs_the_size_of_its_cell(path):
    climada.write_hazard(path, Hazard.from_events(Grid(0, 0, 10, 10, 1, 1), [([0], [1.5])], [0.1]))
    with pytest.raises(ArgumentError, match="cell_size"):
        climada.read_hazard(path)
    assert climada.read_hazard(path, cell_size=10).grid == Grid(0, 0, 10, 10, 1, 1)


def test_centroids_of_old_files_are_read(path):
    hazard = hazard_on(DEGREES)
    climada.write_hazard(path, hazard)
    x, y = DEGREES.centre_of(np.arange(DEGREES.size))
    with h5py.File(path, "r+") as file:
        del file["centroids"]
        file["centroids/lat"], file["centroids/lon"] = y, x
    again = climada.read_hazard(path)
    assert again.grid.crs == "EPSG:4326"
    np.testing.assert_array_equal(again.cell, hazard.cell)


def test_what_is_no_hazard_is_refused(path):
    path.write_text("x,y\n")
    with pytest.raises(FileError, match="not an HDF5 file"):
        climada.read_hazard(path)
    climada.write_exposures(path, Exposure([1.0], [2.0], [0], [3.0]), crs="EPSG:32647")
    with pytest.raises(FileError, match="has no 'intensity'"):
        climada.read_hazard(path)
    with pytest.raises(FileError, match="does not exist"):
        climada.read_hazard(path.with_name("none.h5"))


def test_names_of_another_count_are_refused(path):
    with pytest.raises(ArgumentError, match="event_name"):
        climada.write_hazard(path, hazard_on(UTM), event_name=["one"])


ASSETS = Exposure([500_010.0, 500_030.0], [2_070_005.0, 2_070_015.0], [0, 2], [1e6, 2e6], group=[3, 4],
                  metrics={"people": Metric(0, np.array([2.0, 5.0]))})  # fmt: skip


def test_exposures_come_back_and_are_numbers_only(path):
    climada.write_exposures(path, ASSETS, crs="EPSG:32647")
    again = climada.read_exposures(path, haz_type="FL")
    for name in ("x", "y", "curve", "value", "group"):
        np.testing.assert_array_equal(getattr(again, name), getattr(ASSETS, name))
    with pd.HDFStore(path, mode="r") as store:
        table, about = store["exposures"], store.get_storer("exposures").attrs.metadata
    assert table["impf_FL"].tolist() == [1, 3]
    assert table["people"].tolist() == [2, 5]
    assert {kind.kind for kind in table.dtypes} <= set("fi")
    assert (about["crs"], about["wkb_columns"]) == ("EPSG:32647", [])


def test_exposures_of_climada_itself_are_read_without_running_their_pickles(path):
    """As CLIMADA writes them: geometry as WKB in a column of objects, the CRS as an object."""
    table = pd.DataFrame(
        {
            "value": [1.0, 2.0],
            "impf_FL": [7, 3],
            "name": ["บ้าน", "b"],
            "geometry": [shapely.Point(98.9, 18.7).wkb, shapely.Point(98.95, 18.71).wkb],
        }
    )
    about = {"crs": pyproj.CRS("EPSG:4326"), "value_unit": "USD", "ref_year": 2018, "wkb_columns": ["geometry"]}
    with pytest.warns(pd.errors.PerformanceWarning):
        climada._put_frame(path, "exposures", table, about, mode="w")
    found = climada.read_exposures(path, ids=[3, 7])
    assert (found.x.tolist(), found.y.tolist()) == ([98.9, 98.95], [18.7, 18.71])
    assert found.curve.tolist() == [1, 0]
    moved = climada.read_exposures(path, ids=[3, 7], crs="EPSG:32647")
    assert moved.x[0] == pytest.approx(489_456, abs=1)
    assert moved.y[0] == pytest.approx(2_067_637, abs=1)


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("ran",))


def test_a_pickle_that_calls_anything_is_refused(path):
    with pytest.raises(FileError, match="holds a Python object that is not read"):
        plain(pickle.dumps(Evil()), path)
    climada.write_exposures(path, ASSETS, crs="EPSG:32647")
    with h5py.File(path, "r+") as file:
        file["exposures"].attrs["metadata"] = np.bytes_(pickle.dumps({"crs": Evil()}, 0))
    with pytest.raises(FileError, match="not read"):
        climada.read_exposures(path)


def table_with(**more):
    base = {"latitude": [18.7], "longitude": [98.9], "value": [1.0], "impf_FL": [1]}
    return pd.DataFrame({**base, **more})


def put_exposures(path, table, crs="EPSG:4326"):
    climada._put_frame(path, "exposures", table, {"crs": crs}, mode="w")


@pytest.mark.parametrize(
    ("table", "crs", "options", "told"),
    [
        (table_with(), None, {}, "no coordinate reference system"),
        (table_with(impf_TC=[2]), "EPSG:4326", {}, "it has impf_FL, impf_TC"),
        (table_with().drop(columns="value"), "EPSG:4326", {}, "has no column value"),
        (table_with().drop(columns="latitude"), "EPSG:4326", {}, "neither a geometry"),
        (table_with(latitude=[np.nan]), "EPSG:4326", {}, "no usable point in row 0"),
        (table_with(), "EPSG:4326", {"ids": [4, 5]}, "uses impact function 1"),
        (table_with(), "EPSG:4326", {"haz_type": "EQ"}, "one column of impact functions"),
    ],
)
def test_bad_exposures_are_refused(path, table, crs, options, told):
    put_exposures(path, table, crs)
    with pytest.raises(FileError, match=told):
        climada.read_exposures(path, **options)


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
