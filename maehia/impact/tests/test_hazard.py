"""A hazard says what is wrong with it, and where."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.tests.cases import hazard_of

GRID = Grid(0, 0, 10, 10, 4, 3)


def make(**other):
    given = {
        "indptr": np.array([0, 2, 2, 5]), "cell": np.array([1, 4, 0, 4, 11]),
        "intensity": np.array([0.5, 1.0, 0.0, 2.0, 3.0]), "frequency": np.array([0.1, 0.0, 0.2]),
    } | other  # fmt: skip
    return Hazard(GRID, **given)


def test_a_good_hazard_keeps_its_arrays_and_counts():
    cell = np.array([1, 4, 0, 4, 11], np.int32)
    hazard = make(cell=cell)
    assert (hazard.events, hazard.nnz) == (3, 5)
    assert hazard.cell is cell
    assert hazard.event(2)[0].tolist() == [0, 4, 11]
    assert hazard.event(1)[0].size == 0


@pytest.mark.parametrize(
    ("other", "where", "code"),
    [
        ({"intensity": np.array([0.5, np.nan, 0, 2, 3])}, "intensity[1]: is NaN or infinite", "intensity_not_finite"),
        ({"intensity": np.array([0.5, 1, 0, np.inf, 3])}, "intensity[3]: is NaN or infinite", "intensity_not_finite"),
        ({"intensity": np.array([0.5, 1, 0, 2, -0.1])}, "intensity[4]: is negative", "intensity_negative"),
        ({"intensity": np.ones(4)}, "intensity: has length 4, expected 5", "bad_intensity"),
        ({"intensity": np.array(list("abcde"))}, "intensity: is of type", "bad_intensity"),
        ({"intensity": np.array([None] * 5)}, "intensity: is of type object", "bad_intensity"),
        ({"cell": np.array([4, 1, 0, 4, 11])}, "cell[1]: comes after a larger cell", "cell_unsorted"),
        ({"cell": np.array([1, 4, 0, 4, 4])}, "cell[4]: is listed twice", "cell_duplicate"),
        ({"cell": np.array([1, 4, 0, 4, 12])}, "cell[4]: is outside the grid (0 to 11)", "cell_outside_grid"),
        ({"cell": np.array([-1, 4, 0, 4, 11])}, "cell[0]: is outside the grid", "cell_outside_grid"),
        ({"cell": np.array([1.5, 4, 0, 4, 11])}, "cell[0]: is not a whole number", "bad_cell"),
        ({"cell": np.ones((5, 1), int)}, "cell: has 2 dimensions", "bad_cell"),
        ({"indptr": np.array([0, 2, 5])}, "indptr: has length 3, expected events + 1 = 4", "bad_indptr"),
        ({"indptr": np.array([1, 2, 2, 5])}, "indptr[0]: does not start at 0", "bad_indptr"),
        ({"indptr": np.array([0, 3, 2, 5])}, "indptr[2]: is smaller than the entry before it", "bad_indptr"),
        ({"indptr": np.array([0, 2, 2, 6])}, "indptr[3]: ends at 6, expected the 5 cells listed", "bad_indptr"),
        ({"frequency": np.array([0.1, -0.2, 0])}, "frequency[1]: is negative", "frequency_negative"),
        ({"frequency": np.array([0.1, 0, np.nan])}, "frequency[2]: is NaN or infinite", "frequency_not_finite"),
    ],
)
def test_a_bad_argument_is_named_with_its_first_bad_index(other, where, code):
    with pytest.raises(ArgumentError) as refused:
        make(**other)
    assert str(refused.value).startswith(where)
    assert refused.value.problem.code == code


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 7), st.sampled_from(["cell", "outside", "nan", "negative"]))
def test_checks_in_chunks_find_the_same_place_as_at_once(seed, chunk, kind):
    rng = np.random.default_rng(seed)
    hazard = hazard_of(rng, Grid(0, 0, 1, 1, 9, 9), 4, 0.4, "int64", "float64")
    if hazard.nnz < 2:
        return
    cell, intensity, at = hazard.cell.copy(), hazard.intensity.copy(), int(rng.integers(1, hazard.nnz))
    inside = at not in hazard.indptr
    if kind == "cell":
        cell[at] = cell[at - 1] if inside else cell[at]
    elif kind == "outside":
        cell[at] = 81
    else:
        intensity[at] = np.nan if kind == "nan" else -1.0
    found = []
    for size in (chunk, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("maehia.impact.hazard._CHUNK", size)
            try:
                found.append(Hazard(hazard.grid, hazard.indptr, cell, intensity, hazard.frequency).nnz)
            except ArgumentError as error:
                found.append((str(error), error.index, error.problem.code))
    assert found[0] == found[1]
    if inside or kind != "cell":
        assert found[0][1] in {at, at + 1}


def test_an_event_may_list_no_cell_and_a_hazard_no_event():
    assert make().map_of(1).sum() == 0
    none = Hazard(GRID, np.zeros(1, int), np.zeros(0, int), np.zeros(0), np.zeros(0))
    assert (none.events, none.nnz) == (0, 0)


def test_other_intensities_and_frequencies_are_checked_and_the_rest_is_shared():
    hazard = make()
    deeper = hazard.with_intensity(hazard.intensity + 1)
    assert deeper.cell is hazard.cell
    assert deeper.intensity.tolist() == [1.5, 2.0, 1.0, 3.0, 4.0]
    assert hazard.with_frequency([1, 2, 3]).frequency.dtype == np.float64
    with pytest.raises(ArgumentError, match=r"intensity\[0\]: is NaN"):
        hazard.with_intensity(np.full(5, np.nan))
    with pytest.raises(ArgumentError, match="intensity: has length 4"):
        hazard.with_intensity(np.ones(4))
    with pytest.raises(ArgumentError, match=r"frequency\[2\]: is negative"):
        hazard.with_frequency([0, 0, -1])


def test_trusted_arrays_are_not_looked_at():
    nan = np.full(5, np.nan)
    hazard = make()
    trusted = Hazard.trusted(GRID, (hazard.indptr, hazard.cell, nan, hazard.frequency), "K")
    assert trusted.intensity is nan
    assert trusted.unit == "K"


def test_events_in_any_order_of_cells_are_sorted():
    hazard = Hazard.from_events(GRID, [([7, 2], [1.0, 3.0]), ([], [])], [0.1, 0.2])
    assert hazard.cell.tolist() == [2, 7]
    assert hazard.intensity.tolist() == [3.0, 1.0]
    with pytest.raises(ArgumentError, match="listed twice"):
        Hazard.from_events(GRID, [([2, 2], [1.0, 3.0])], [0.1])


def test_maps_become_events_where_they_are_wet():
    field = np.array([[0.0, 0.4, np.nan, 0.1], [0, 0, 0, 0], [2.0, 0, 0, -9999.0]])
    hazard = Hazard.from_maps(GRID, [field], [0.1], above=0.2)
    assert hazard.cell.tolist() == [1, 8]
    assert hazard.map_of(0)[2, 0] == 2.0


def test_a_missing_crs_is_refused():
    with pytest.raises(ArgumentError, match="crs: is missing") as refused:
        Grid(0, 0, 1, 1, 1, 1, crs=" ")
    assert refused.value.problem.code == "crs_missing"


@pytest.mark.parametrize(
    ("cells", "strength", "where"),
    [
        ([2**32], [1.0], r"events\[1\].cell\[0\]: is outside the grid"),
        ([1, -1], [1.0, 1.0], r"events\[1\].cell\[1\]: is outside the grid"),
        ([1.5], [1.0], r"events\[1\].cell\[0\]: is not a whole number"),
        ([1], [1.0, 2.0], r"events\[1\].intensity: has length 2, expected 1"),
        ([1, 2], [1.0], r"events\[1\].intensity: has length 1, expected 2"),
    ],
)
def test_cells_that_would_wrap_or_be_cut_into_the_grid_are_refused(cells, strength, where):
    with pytest.raises(ArgumentError, match=where):
        Hazard.from_events(Grid(0, 0, 1, 1, 3, 2), [([0], [1.0]), (cells, strength)], [1.0, 1.0])


@pytest.mark.parametrize("shape", [(3, 2), (1, 3), (6,), (3, 3)])
def test_a_map_of_another_shape_is_refused(shape):
    with pytest.raises(ArgumentError, match=r"maps\[0\]: has shape .* expected \(ny, nx\) = \(2, 3\)"):
        Hazard.from_maps(Grid(0, 0, 1, 1, 3, 2), [np.ones(shape)], [1.0])


def test_what_a_mask_hides_is_dry_in_a_map_and_refused_in_a_list():
    # rasterio's read(masked=True): the number under the mask is whatever stands for no data
    field = np.ma.masked_equal(np.array([[1, 255, 2], [255, 0, 3]], np.uint8), 255)
    hazard = Hazard.from_maps(Grid(0, 0, 1, 1, 3, 2), [field], [0.1])
    assert (hazard.cell.tolist(), hazard.intensity.tolist()) == ([0, 2, 5], [1, 2, 3])
    with pytest.raises(ArgumentError, match=r"intensity\[1\]: is masked"):
        Hazard(hazard.grid, [0, 2], [0, 1], field[0, :2], [0.1])
