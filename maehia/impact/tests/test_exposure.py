"""Assets and curves say what is wrong with them, and where."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Curves, CurveWarning, Exposure, Metric
from maehia.impact.layout import ruler
from maehia.impact.tests.cases import curves_of


def make(**other):
    given = {"x": np.arange(3.0), "y": np.arange(3.0), "curve": np.array([0, 1, 0]), "value": np.ones(3)} | other
    return Exposure(**given)


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"x": np.array([0, np.nan, 1])}, "x[1]: is NaN or infinite"),
        ({"y": np.array([0, 1, -np.inf])}, "y[2]: is NaN or infinite"),
        ({"y": np.zeros(2)}, "y: has length 2, expected 3"),
        ({"value": np.array([1, -1, 1])}, "value[1]: is negative"),
        ({"value": np.array([1, np.nan, 1])}, "value[1]: is NaN or infinite"),
        ({"value": np.array(["1", "2", "3"])}, "value: is of type <U1, expected numbers"),
        ({"value": np.ones((3, 1))}, "value: has 2 dimensions"),
        ({"curve": np.array([0, -1, 0])}, "curve[1]: is negative"),
        ({"curve": np.array([0, 0.5, 0])}, "curve[1]: is not a whole number"),
        ({"curve": np.zeros(4, int)}, "curve: has length 4"),
        ({"curve": np.array([0, 1, None])}, "curve: is of type object"),
        ({"group": np.array([0, 0, -3])}, "group[2]: is negative"),
        ({"metrics": {"people": Metric(0, np.ones(2))}}, "metrics['people'].value: has length 2"),
        ({"metrics": {"people": Metric(-1, np.ones(3))}}, "metrics['people'].curve[0]: is negative"),
        ({"metrics": {"value": Metric(0, np.ones(3))}}, "metrics: has the name 'value'"),
        ({"metrics": {"people": np.ones(3)}}, "metrics['people']: is not a Metric"),
    ],
)
def test_a_bad_argument_is_named_with_its_first_bad_index(other, where):
    with pytest.raises(ArgumentError) as refused:
        make(**other)
    assert str(refused.value).startswith(where)


def test_lists_whole_numbers_of_any_kind_and_one_curve_for_all_are_taken():
    exposure = Exposure([1, 2], [3, 4], np.array([1, 0], np.uint16), [5, 6])
    assert exposure.x.dtype == exposure.value.dtype == np.float64
    assert exposure.curve.dtype == np.int64
    assert make(curve=1).curve.tolist() == [1, 1, 1]
    assert make(curve=np.array([0, 1, 0], np.int32)).curve.dtype == np.int32
    assert make(curve=np.array([0.0, 1.0, 0.0])).curve.tolist() == [0, 1, 0]


def test_arrays_of_the_right_type_are_not_copied_and_fields_are_frozen():
    value = np.ones(3)
    exposure = make(value=value)
    assert exposure.value is value
    with pytest.raises(AttributeError):
        exposure.value = value
    with pytest.raises(TypeError):
        exposure.metrics["more"] = Metric(0, value)


def test_an_empty_exposure_is_allowed():
    empty = Exposure(np.zeros(0), np.zeros(0), np.zeros(0, int), np.zeros(0))
    assert empty.size == 0
    assert empty.names == ("value",)


def test_a_quantity_is_asked_by_its_name():
    exposure = make(metrics={"people": Metric(1, np.full(3, 2.0))})
    assert exposure.names == ("value", "people")
    assert exposure.rows("people").tolist() == [1, 1, 1]
    assert exposure.metric("value").value is exposure.value
    with pytest.raises(ArgumentError, match="expected one of value, people"):
        exposure.metric("houses")


@pytest.mark.parametrize(
    ("intensity", "damage", "where"),
    [
        ([], np.zeros((1, 0)), "intensity: has no points"),
        ([0, np.nan], [[0, 1]], "intensity[1]: is NaN"),
        ([0, 2, 1], [[0, 1, 1]], "intensity[2]: is smaller than the point before it"),
        ([0, 1, 1, 1], [[0, 1, 1, 1]], "intensity[3]: is listed a third time"),
        ([0, 1], [[0, 1, 2]], "damage: has shape (1, 3), expected (curves, 2)"),
        ([0, 1], [[0, np.inf]], "damage[1]: is NaN or infinite"),
        ([0, 1], [[0, 1], [0, -1]], "damage[3]: is negative"),
        ([0, 1], [["a", "b"]], "damage: is of type"),
    ],
)
def test_a_bad_curve_is_named_with_its_first_bad_index(intensity, damage, where):
    with pytest.raises(ArgumentError) as refused:
        Curves(intensity, damage)
    assert str(refused.value).startswith(where)


def test_falling_curves_are_allowed_and_named():
    with pytest.warns(CurveWarning, match="row 1, 2"):
        curves = Curves([0, 1], [[0, 1], [1, 0], [1, 0.5]])
    assert curves.at(0.5).tolist() == [0.5, 0.5, 0.75]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6))
def test_curves_without_steps_are_what_numpy_interpolates(seed, points, count):
    rng = np.random.default_rng(seed)
    curves = curves_of(rng, count, points)
    x = np.concatenate([rng.uniform(-1, 8, 50), curves.intensity])
    expected = np.stack([np.interp(x, curves.intensity, row) for row in curves.damage])
    assert np.abs(curves.at(x) - expected).max() <= 1e-14
    assert curves.at(curves.intensity) == pytest.approx(curves.damage, abs=1e-15)


# openquake.qa_tests_data scenario_risk case_1, vulnerability model, class RC: mean loss ratios at PGA (g).
def test_openquakes_reinforced_concrete_is_read_at_its_points():
    curves = Curves([0.1, 0.2, 0.3, 0.5, 0.7], [[0.0035, 0.07, 0.14, 0.28, 0.56]])
    assert curves.at([0.1, 0.2, 0.3, 0.5, 0.7])[0] == pytest.approx([0.0035, 0.07, 0.14, 0.28, 0.56])
    assert curves.at([0.05, 0.4, 0.9])[0] == pytest.approx([0.0035, 0.21, 0.56])


# JRC Asia residential (physrisk_lib, data/static/vulnerability; see impact.md): flat beyond both ends.
def test_jrc_asia_residential_is_linear_between_its_points():
    depth = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6]
    damage = [0, 0.326556502, 0.494050324, 0.616572124, 0.720711764, 0.869528213, 0.931487084, 0.983604148, 1]
    curves = Curves(depth, [damage])
    assert curves.at([0.25, 2.5, 7.0])[0] == pytest.approx([0.163278251, 0.7951199885, 1.0])


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30), st.booleans(), st.sampled_from([1e-300, 1e-3, 1.0, 1e6, 1e300]))
def test_buckets_lead_to_the_segment_of_a_full_search(seed, points, jump, scale):
    rng = np.random.default_rng(seed)
    at = np.unique(rng.random(points) ** 3) * scale
    if jump:
        at = np.sort(np.append(at, at[rng.integers(at.size)]))
    found = ruler(Curves(at, np.zeros((1, at.size))))
    x = np.concatenate([at, np.nextafter(at, np.inf), np.nextafter(at, -np.inf), rng.random(20) * scale, [0, 1e308]])
    with np.errstate(over="ignore", invalid="ignore"):
        bucket = np.fmin(np.fmax((x - found.low) * found.scale, 0), found.top).astype(int)
    segment = found.start[bucket]
    for _ in range(at.size):
        segment = segment + (x >= found.edge[segment])
    assert (segment == np.searchsorted(at, x, side="right")).all()
    assert (found.start[bucket] <= segment).all()


def test_points_too_far_apart_to_subtract_are_refused():
    with pytest.raises(ArgumentError, match=r"intensity\[1\]: is not below 1e\+300"):
        Curves([0.0, 1.7e308], [[0.0, 1.0]])


def test_points_too_near_to_divide_by_still_find_their_segment():
    found = ruler(Curves([0.0, 5e-324, 1e-310], [[0.0, 0.5, 1.0]]))
    assert found.scale == 0.0
    assert not found.start[0]


def test_masked_numbers_are_refused():
    hidden = np.ma.masked_array([1.0, 2.0], [False, True])
    with pytest.raises(ArgumentError, match=r"value\[1\]: is masked"):
        Exposure([0.0, 1.0], [0.0, 1.0], 0, hidden)
    with pytest.raises(ArgumentError, match=r"damage\[1\]: is masked"):
        Curves([0.0, 1.0], hidden)


def test_no_number_where_a_whole_one_is_due_is_refused_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ArgumentError, match=r"curve\[1\]: is not a whole number"):
            Exposure([0.0, 1.0], [0.0, 1.0], [0.0, np.nan], [1.0, 1.0])
