"""Our own files and the grid behind a list of points."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.formats import interior
from maehia.impact.formats.faults import FileError
from maehia.impact.formats.lattice import lattice

GRID = Grid(500_000.5, 2_070_000.25, 5, 5, 11, 7)
ARRAYS = ("indptr", "cell", "intensity", "frequency")


def a_hazard(kind=np.float32):
    draw = np.random.default_rng(4)
    maps = np.where(draw.random((6, *GRID.shape)) < 0.3, draw.random((6, *GRID.shape)), 0)
    maps[[0, 3, 5]] = 0  # events without cells: first, middle, last
    hazard = Hazard.from_maps(GRID, maps, draw.random(6) / 3, unit="ug/m3")
    return hazard.with_intensity(hazard.intensity.astype(kind))


def assert_same(found, hazard):
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(hazard, name))
        assert getattr(found, name).dtype == getattr(hazard, name).dtype
    assert (found.grid, found.unit) == (hazard.grid, hazard.unit)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [7, interior.ROWS])
def test_parquet_gives_back_every_bit(tmp_path, kind, rows):
    path, hazard = tmp_path / "h.parquet", a_hazard(kind)
    interior.write_parquet(path, hazard, rows=rows)
    assert_same(interior.read_parquet(path), hazard)
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_hazard_without_events_or_cells_is_kept(tmp_path):
    for events in (0, 2):
        hazard = Hazard(GRID, np.zeros(events + 1, int), np.zeros(0, np.int32), np.zeros(0, np.float32),
                        np.full(events, 0.1))  # fmt: skip
        interior.write_parquet(tmp_path / "h.parquet", hazard)
        assert_same(interior.read_parquet(tmp_path / "h.parquet"), hazard)
        interior.write_folder(tmp_path / "h", hazard)
        assert_same(interior.open_folder(tmp_path / "h"), hazard)


def test_streaming_gives_batches_of_at_most_so_many_rows(tmp_path):
    path, hazard = tmp_path / "h.parquet", a_hazard()
    interior.write_parquet(path, hazard, rows=20)
    batches = list(interior.stream(path, rows=8))
    assert max(b.num_rows for b in batches) <= 8
    assert np.concatenate([b.column("cell") for b in batches]).tolist() == hazard.cell.tolist()
    some = interior.pa.Table.from_batches(interior.stream(path, groups=[1]))
    assert some["cell"].to_pylist() == hazard.cell[20:40].tolist()


def test_a_folder_opens_without_reading_its_arrays(tmp_path):
    hazard = a_hazard()
    interior.write_folder(tmp_path / "h", hazard)
    opened = interior.open_folder(tmp_path / "h")
    assert_same(opened, hazard)
    assert isinstance(opened.intensity, np.memmap)
    assert_same(interior.open_folder(tmp_path / "h", check=True), hazard)


def test_a_folder_that_is_cut_or_unfinished_is_refused(tmp_path):
    interior.write_folder(tmp_path / "h", a_hazard())
    np.save(tmp_path / "h" / "cell.npy", a_hazard().cell[:-1])
    with pytest.raises(FileError, match="values of cell, its header says"):
        interior.open_folder(tmp_path / "h")
    (tmp_path / "h" / "cell.npy").write_bytes(b"\x93NUM")
    with pytest.raises(FileError, match=r"lacks a whole cell\.npy"):
        interior.open_folder(tmp_path / "h")
    (tmp_path / "h" / "header.json").unlink()
    with pytest.raises(FileError, match=r"no header\.json"):
        interior.open_folder(tmp_path / "h")


def test_a_folder_that_was_changed_is_found_when_checked(tmp_path):
    interior.write_folder(tmp_path / "h", a_hazard())
    depth = a_hazard().intensity.copy()
    depth[5] = np.nan
    np.save(tmp_path / "h" / "intensity.npy", depth)
    with pytest.raises(ArgumentError, match=r"intensity\[5\]"):
        interior.open_folder(tmp_path / "h", check=True)


def test_rows_out_of_order_are_refused(tmp_path):
    path = tmp_path / "h.parquet"
    interior.write_parquet(path, a_hazard())
    table = pq.read_table(path)
    pq.write_table(table.take(np.arange(table.num_rows)[::-1]), path)
    with pytest.raises(FileError, match="not sorted by event"):
        interior.read_parquet(path)


def test_files_that_are_not_ours_are_refused(tmp_path):
    path = tmp_path / "h.parquet"
    path.write_text("event,cell\n")
    with pytest.raises(FileError, match="not a Parquet file"):
        interior.read_header(path)
    pq.write_table(interior.pa.table({"event": [1]}), path)
    with pytest.raises(FileError, match="no header of a hazard"):
        interior.read_header(path)
    interior.write_folder(tmp_path / "h", a_hazard())
    header = tmp_path / "h" / "header.json"
    header.write_text(json.dumps({**json.loads(header.read_text()), "version": 9}))
    with pytest.raises(FileError, match="version 9"):
        interior.open_folder(tmp_path / "h")


@given(
    st.integers(2, 12), st.integers(2, 12), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0.001, 5000),
    st.floats(0.001, 5000), st.randoms(use_true_random=False),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_centres_of_a_grid_give_the_grid_back(nx, ny, x0, y0, dx, dy, random):
    grid = Grid(x0, y0, dx, dy, nx, ny)
    order = list(range(grid.size))
    random.shuffle(order)
    x, y = grid.centre_of(order)
    found, cell = lattice(x, y, grid.crs)
    assert cell.tolist() == order
    assert found.shape == grid.shape
    np.testing.assert_allclose(found.bounds, grid.bounds, atol=1e-6 * max(dx * nx, dy * ny) + 1e-8)


def test_a_grid_with_holes_is_a_grid():
    grid = Grid(0, 0, 1, 1, 10, 10)
    some = np.setdiff1d(np.arange(100), [3, 44, 45, 99])
    found, cell = lattice(*grid.centre_of(some), "EPSG:32647")
    assert (found, cell.tolist()) == (grid, some.tolist())


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        ([0, 1, 2.4, 3], [0, 0, 0, 0], "between two lines"),
        ([0, 1, 1], [0, 0, 0], r"centroids\[2\]: lies in the same cell"),
        ([0, 1, 50], [0, 50, 1], "fill 3 of the"),
        ([0, np.nan], [0, 0], r"centroids\[1\]: is NaN"),
        ([], [], "expected one x and one y"),
        ([1], [1], "cell_size"),
    ],
)
def test_points_that_are_no_grid_are_refused(x, y, told):
    with pytest.raises(ArgumentError, match=told):
        lattice(x, y, "EPSG:32647")


def test_a_line_of_points_has_square_cells():
    grid, cell = lattice([5, 15, 25], [7, 7, 7], "EPSG:32647")
    assert (grid, cell.tolist()) == (Grid(0, 2, 10, 10, 3, 1), [0, 1, 2])
