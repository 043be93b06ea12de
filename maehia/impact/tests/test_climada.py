"""CLIMADA's files: what we write is what it writes, and nothing in a file is ever run."""

import pickle

import h5py
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from maehia.impact import ArgumentError, Exposure, Grid, Hazard
from maehia.impact.formats import climada
from maehia.impact.formats.faults import FileError
from maehia.impact.formats.pickles import plain
from maehia.impact.tests.climada_cases import ASSETS, UTM, hazard_on, put_centroids, put_exposures, table_with


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.h5"


DEGREES = Grid(98.9, 18.7, 1 / 1200, 1 / 1200, 30, 20, "EPSG:4326")


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
