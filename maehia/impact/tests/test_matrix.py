"""Events asset by asset, parts and joins of what goes in, and what goes through a pickle."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import (
    ArgumentError,
    Curves,
    CurveWarning,
    Exposure,
    Grid,
    Hazard,
    Metric,
    Terms,
    assess,
    prepare,
)
from maehia.impact.tests.cases import by_hand, problems, same


def test_chosen_events_are_given_asset_by_asset():
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves)
    assert impact.at(case.hazard, [1, 0, 1]).toarray().tolist() == [[2, 2, 0], [1, 0, 1], [2, 2, 0]]
    assert impact.at(case.hazard, 0).toarray().tolist() == [[1, 0, 1]]
    assert impact.at(case.hazard, []).shape == (0, 3)


@settings(max_examples=30, deadline=None)
@given(problems(), st.booleans(), st.integers(0, 2**32))
def test_rows_sum_up_to_events_and_columns_to_assets(case, with_terms, seed):
    size, share = case.exposure.size, np.random.default_rng(seed)
    terms = Terms(floor=share.random(size), deductible=share.random(size), cover=9.0,
                  std=np.full(case.curves.damage.shape, 0.2), seed=seed)  # fmt: skip
    impact = assess(case.hazard, case.exposure, case.curves, terms=terms if with_terms else None)
    for name in impact.metrics:
        one = impact.of(name)
        found = one.at(case.hazard, np.arange(case.hazard.events))
        assert found.has_sorted_indices
        same(found.sum(axis=1), one.at_event)
        same(found.T @ case.hazard.frequency, one.per_asset)


@pytest.mark.parametrize("events", [[2], [-1], [0, 5], [0.5], ["a"]])
def test_an_event_that_is_none_is_refused(events):
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves)
    with pytest.raises(ArgumentError, match="events"):
        impact.at(case.hazard, events)
    with pytest.raises(ArgumentError, match="events"):
        case.hazard.select(events)


@pytest.mark.parametrize("number", [-1, 2])
def test_one_event_that_is_none_is_refused(number):
    for ask in (by_hand().hazard.event, by_hand().hazard.map_of):
        with pytest.raises(ArgumentError, match=f"number: is {number}, expected 0 to 1"):
            ask(number)


def test_another_hazard_of_the_same_size_is_not_taken_for_the_one_assessed():
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves)
    with pytest.raises(ArgumentError, match="not the one that was assessed"):
        impact.at(case.hazard.with_intensity([1.0, 1.0, 2.0, 3.0]), [0, 1])


def test_a_map_of_return_periods_has_the_terms_of_the_impact():
    case = by_hand()
    two = Exposure(np.array([5.0, 5.0, 15.0]), np.full(3, 5.0), 0, np.ones(3))
    gross = assess(case.hazard, two, case.curves).return_period_map(case.hazard, [10.0])
    net = assess(case.hazard, two, case.curves, terms=Terms(deductible=0.5)).return_period_map(case.hazard, [10.0])
    assert gross.tolist() == [[[4.0, 2.0, 0.0]]]
    assert net.tolist() == [[[3.0, 1.5, 0.0]]]


@settings(max_examples=20, deadline=None)
@given(problems(cells=("int32",)), st.sampled_from([0.5, 2.0, 7.0]))
def test_terms_of_nothing_leave_the_maps_as_they_are(case, years):
    plain = assess(case.hazard, case.exposure, case.curves, path="scipy")
    terms = assess(case.hazard, case.exposure, case.curves, terms=Terms(floor=0.0), path="scipy")
    found, expected = (one.return_period_map(case.hazard, [years]) for one in (terms, plain))
    assert (np.isnan(found) == np.isnan(expected)).all()
    same(np.nan_to_num(found), np.nan_to_num(expected))


@settings(max_examples=20, deadline=None)
@given(problems(), st.integers(0, 2**32))
def test_selected_events_and_assets_have_the_impacts_they_had(case, seed):
    rng = np.random.default_rng(seed)
    whole = assess(case.hazard, case.exposure, case.curves, path="scipy")
    events = rng.integers(0, case.hazard.events, 4) if case.hazard.events else []
    some = assess(case.hazard.select(events), case.exposure, case.curves, path="scipy")
    assert (some.at_event == whole.at_event[np.asarray(events, int)]).all()
    mask = rng.random(case.exposure.size) < 0.5
    for chosen in (mask, np.flatnonzero(mask)):
        part = case.exposure.select(chosen)
        assert part.metrics.keys() == case.exposure.metrics.keys()
        assert (part.group is None) == (case.exposure.group is None)
        same(assess(case.hazard, part, case.curves, path="scipy").per_asset, whole.per_asset[mask])


def test_a_part_of_a_hazard_is_as_good_as_a_checked_one():
    hazard = by_hand().hazard
    part = hazard.select([1, 1])
    again = Hazard(part.grid, part.indptr, part.cell, part.intensity, part.frequency)
    assert again.frequency.tolist() == [0.1, 0.1]
    assert again.map_of(1).tolist() == [[2.0, 2.0, 0.0]]
    assert hazard.select([]).events == 0


def test_hazards_are_joined_event_after_event():
    hazard = by_hand().hazard
    joined = Hazard.joined([hazard, hazard.select([0])])
    assert [joined.map_of(e).tolist() for e in range(3)] == [[[1, 0, 1]], [[2, 2, 0]], [[1, 0, 1]]]
    assert joined.frequency.tolist() == [1.0, 0.1, 1.0]
    other = Hazard(Grid(0, 0, 5, 5, 3, 1), [0], [], [], [])
    with pytest.raises(ArgumentError, match=r"hazards\[1\]: has another grid or unit"):
        Hazard.joined([hazard, other])
    with pytest.raises(ArgumentError, match="lists none"):
        Hazard.joined([])


def test_a_mask_of_another_length_is_refused():
    with pytest.raises(ArgumentError, match=r"assets: is a mask of shape \(2,\), expected \(3,\)"):
        by_hand().exposure.select([True, False])
    with pytest.raises(ArgumentError, match=r"assets\[0\]: is not one of 0 to 2"):
        by_hand().exposure.select([3])


def rich():
    case = by_hand()
    e = case.exposure
    return case, Exposure(e.x, e.y, e.curve, e.value, group=np.array([4, 4, 9]), metrics={"people": Metric(0, e.value)})


@pytest.mark.parametrize("again", [lambda thing: pickle.loads(pickle.dumps(thing)), copy.deepcopy])
def test_all_that_goes_in_and_comes_out_is_pickled(again):
    case, exposure = rich()
    impact = again(assess(case.hazard, exposure, case.curves))
    assert impact.of("people").by_group().tolist() == [[1, 1], [4, 0]]
    kept = again(prepare(exposure, case.hazard.grid, case.curves))
    assert kept.assess(again(case.hazard)).at_event.tolist() == [2, 4]
    assert again(exposure).metric("people").value.tolist() == [1, 1, 1]


def test_each_is_shown_in_a_line():
    case, exposure = rich()
    prepared = prepare(exposure, case.hazard.grid, case.curves)
    assert repr(exposure) == "<Exposure: 3 assets, 2 groups; value, people>"
    assert repr(case.hazard) == "<Hazard: 2 events on 3 x 1 cells, 4 struck, in m; EPSG:32647>"
    shown = repr(assess(case.hazard, exposure, case.curves, path="scipy"))
    assert shown == "<Impact, value: 2 events, 3 assets (0 off the grid), 2.4 a year; scipy>"
    assert repr(prepared).startswith("<Prepared: <Exposure: 3 assets")


# Points of a curve nearer than their damages can be divided by.
@pytest.mark.parametrize("path", ["scipy", "compiled", "per-asset"])
@pytest.mark.parametrize("near", [5e-324, 1e-310])
def test_points_next_to_each_other_give_numbers(path, near):
    hazard = Hazard(Grid(0, 0, 1, 1, 3, 1), [0, 3], np.arange(3), np.array([0.0, near, 1.0]), [1.0])
    exposure = Exposure([0.5, 1.5, 2.5], np.full(3, 0.5), 0, np.ones(3))
    found = assess(hazard, exposure, Curves([0.0, near], [[0.0, 1.0]]), path=path)
    assert found.per_asset.tolist() == [0.0, 1.0, 1.0]


def test_arguments_in_another_order_are_named():
    # CLIMADA's ImpactCalc takes the exposures first
    case = by_hand()
    h, e, c = case.hazard, case.exposure, case.curves
    for ask, told in [
        (lambda: assess(e, c, h), "hazard: is of type Exposure, expected Hazard"),
        (lambda: assess(h, c, e), "exposure: is of type Curves, expected Exposure"),
        (lambda: assess(h, e, h), "curves: is of type Hazard, expected Curves"),
        (lambda: assess(h, e, c, terms={"floor": 1}), "terms: is of type dict, expected Terms"),
        (lambda: prepare(e, h, c), "grid: is of type Hazard, expected Grid"),
        (lambda: prepare(e, h.grid, c).assess(e), "hazard: is of type Exposure, expected Hazard"),
    ]:
        with pytest.raises(ArgumentError, match=told):
            ask()


def test_what_a_falling_curve_leaves_of_rounding_is_no_other_hazard():
    exposure = Exposure([0.5], [0.5], 0, [7.0])
    for top in np.arange(1, 40) / 7:
        hazard = Hazard(Grid(0, 0, 1, 1, 1, 1), [0, 1], [0], np.array([np.nextafter(top, 0)]), [1.0])
        with pytest.warns(CurveWarning):
            curves = Curves([0.0, top], [[1.0, 0.0]])
        impact = assess(hazard, exposure, curves, path="compiled")
        assert abs(impact.at(hazard, 0).sum()) < 1e-14
