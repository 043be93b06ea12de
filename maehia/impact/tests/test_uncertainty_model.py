"""Samples of a model: what they say of impact, and that they repeat."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.assess import assess
from maehia.impact.curve_data import jrc_asia, jrc_asia_deviations
from maehia.impact.curves import Curves
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.tests.uncertainty_cases import TWO, line
from maehia.impact.uncertainty import (
    Discrete,
    LogNormal,
    Normal,
    Uniform,
    run,
    tornado,
)
from maehia.impact.uncertainty_impact import ImpactModel
from maehia.impact.uncertainty_sample import Sample

SURE = ["residential", "commercial", "industrial"]


def test_spearman_is_one_for_any_rising_function_and_nan_for_none():
    sample = run(lambda x: np.exp(5 * x["a"]), {"a": Uniform(0, 1), "c": Discrete((1.0,))}, 100)
    assert sample.spearman()["a"] == pytest.approx(1.0)
    assert np.isnan(sample.spearman()["c"])


def test_first_order_shares_of_a_sum_are_its_variances():
    three = {name: Uniform(0, 1) for name in "abc"}
    shares = run(lambda x: 1 * x["a"] + 2 * x["b"] + 0 * x["c"], three, 4000, seed=3).first_order()
    assert shares["a"] == pytest.approx(0.2, abs=0.03)
    assert shares["b"] == pytest.approx(0.8, abs=0.03)
    assert shares["c"] == pytest.approx(0.0, abs=0.02)


def test_first_order_shares_of_ishigami_are_the_known_ones():
    angle = Uniform(-np.pi, np.pi)

    def ishigami(x):
        return np.sin(x["a"]) + 7 * np.sin(x["b"]) ** 2 + 0.1 * x["c"] ** 4 * np.sin(x["a"])

    shares = run(ishigami, {"a": angle, "b": angle, "c": angle}, 8000, seed=3).first_order(bins=40)
    assert shares == pytest.approx({"a": 0.3139, "b": 0.4424, "c": 0.0}, abs=0.03)


def test_first_order_needs_enough_samples_for_its_bins():
    with pytest.raises(ArgumentError, match="bins"):
        run(line, TWO, 10).first_order(bins=6)
    assert np.isnan(run(lambda x: 1.0, TWO, 40).first_order()["a"])


def test_tables_have_a_row_a_result_and_a_row_a_sample():
    sample = run(lambda x: {"aal": line(x), "a": x["a"]}, TWO, 40, seed=1)
    summary = sample.summary([0.05, 0.5]).to_pylist()
    assert [row["result"] for row in summary] == ["aal", "a"]
    assert summary[0]["p50"] == np.quantile(sample.of("aal"), 0.5)
    table = sample.to_arrow()
    assert table.column_names == ["sample", "a", "b", "aal", "result_a"]
    assert table["aal"].to_numpy().tobytes() == sample.of("aal").tobytes()


def test_an_unknown_result_is_refused():
    with pytest.raises(ArgumentError, match="'loss', expected one of result"):
        run(line, TWO, 4).of("loss")
    with pytest.raises(ArgumentError, match="'loss', expected one of result"):
        tornado(line, TWO, result="loss")


def test_a_tornado_is_sorted_by_swing_and_sees_each_alone():
    swings = tornado(lambda x: 10 - 3 * x["a"] + x["b"], {"b": Uniform(0, 1), "a": Uniform(0, 1)}, share=0.8)
    assert [swing.parameter for swing in swings] == ["a", "b"]
    assert (swings[0].low, swings[0].high) == pytest.approx((0.1, 0.9))
    assert (swings[0].at_low, swings[0].at_high) == pytest.approx((10.2, 7.8))
    assert swings[1].width == pytest.approx(0.8)


def test_a_tornado_of_one_of_several_results():
    def model(x):
        return {"first": x["a"], "second": 5 * x["b"]}

    swings = tornado(model, TWO, result="second")
    assert [(swing.parameter, swing.at_low == swing.at_high) for swing in swings] == [("b", False), ("a", True)]
    assert tornado(model, TWO)[0].parameter == "a"


def test_equal_swings_are_sorted_by_name():
    flat = {name: Uniform(0, 1) for name in "cab"}
    assert [swing.parameter for swing in tornado(lambda x: x["a"] + x["b"] + x["c"], flat)] == ["a", "b", "c"]


def test_a_tornado_of_nothing_is_empty_and_of_all_is_refused():
    assert tornado(line, {}) == ()
    with pytest.raises(ArgumentError, match="share"):
        tornado(line, TWO, share=1.0)


GRID = Grid(0, 0, 10, 10, 6, 5)


def _town(seed, events=7, assets=40):
    random = np.random.default_rng(seed)
    wet = [np.flatnonzero(random.random(GRID.size) < 0.5) for _ in range(events)]
    depths = [np.round(random.gamma(1.5, 0.8, cells.size), 2) for cells in wet]
    hazard = Hazard.from_events(GRID, zip(wet, depths, strict=True), random.random(events) / 10)
    exposure = Exposure(
        random.uniform(-5, 65, assets), random.uniform(-5, 55, assets), random.integers(0, 3, assets),
        random.random(assets) * 1e6, metrics={"people": Metric(3, random.integers(0, 6, assets).astype(float))},
    )  # fmt: skip
    damage = jrc_asia(SURE)
    axis = np.sort(np.append(damage.intensity, [0.3, 0.3]))
    step = (np.arange(axis.size) >= np.flatnonzero(axis == 0.3)[1]).astype(float)
    curves = Curves(axis, np.vstack([damage.at(axis), step]))
    spread = np.vstack([np.array([np.interp(axis, damage.intensity, row) for row in jrc_asia_deviations(SURE)]),
                        np.zeros(axis.size)])  # fmt: skip
    return hazard, exposure, curves, spread


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    sd=st.floats(-2, 2),
    depth=st.floats(0.3, 3),
    often=st.floats(0.1, 3),
    worth=st.floats(0, 3),
)
def test_a_sample_is_what_assess_gives_with_the_changed_inputs(seed, sd, depth, often, worth):
    hazard, exposure, curves, spread = _town(seed)
    sample = {
        "damage_sd": sd,
        "depth_scale": depth,
        "frequency_scale": often,
        "value_scale": worth,
        "people_scale": 2.0,
    }
    ours = ImpactModel(hazard, exposure, curves, spread, return_periods=(20, 50))(sample)
    changed = Hazard(GRID, hazard.indptr, hazard.cell, hazard.intensity * np.float64(depth), hazard.frequency * often)
    damage = np.clip(curves.damage + sd * spread, 0, 1)
    impact = assess(changed, exposure, Curves(curves.intensity, damage), path="scipy")
    # The step at 0.3 may fall to either side when rounding moves a scaled depth on to it.
    near = np.isclose(changed.intensity, 0.3, rtol=1e-12).any()
    assert ours["aal"] == pytest.approx(impact.aal * worth, rel=1e-11, abs=1e-9)
    if not near:
        assert ours["aal_people"] == pytest.approx(2 * impact.of("people").aal, rel=1e-11)
    for years in (20, 50):
        expected = impact.exceedance([years])[0] * worth
        assert ours[f"rp{years}"] == pytest.approx(expected, rel=1e-10, abs=1e-9, nan_ok=True)


def test_without_return_periods_the_average_is_the_same():
    hazard, exposure, curves, spread = _town(3)
    sample = {"damage_sd": 0.7, "depth_scale": 1.3}
    slow = ImpactModel(hazard, exposure, curves, spread, return_periods=[30])(sample)
    quick = ImpactModel(hazard, exposure, curves, spread)(sample)
    assert quick["aal"] == pytest.approx(slow["aal"], rel=1e-12)
    assert list(quick) == ["aal", "aal_people"]


def test_an_unchanged_sample_is_the_plain_assessment():
    hazard, exposure, curves, _ = _town(11)
    assert ImpactModel(hazard, exposure, curves)({})["aal"] == pytest.approx(assess(hazard, exposure, curves).aal)


def test_a_thousand_samples_of_the_engine_repeat_and_rank_their_causes():
    hazard, exposure, curves, spread = _town(5)
    model = ImpactModel(hazard, exposure, curves, spread)
    parameters = {"damage_sd": Normal(0, 1), "depth_scale": LogNormal(1, 0.2), "value_scale": Uniform(0.8, 1.2)}
    sample, again = (run(model, parameters, 1000, seed=7, workers=workers) for workers in (1, 2))
    assert sample.of("aal").tobytes() == again.of("aal").tobytes()
    assert isinstance(sample, Sample)
    assert all(value > 0 for value in sample.spearman("aal").values())
    assert np.isfinite(sample.percentiles(result="aal")).all()
    assert {swing.parameter for swing in tornado(model, parameters)} == set(parameters)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), low=st.floats(0.5, 1.5), more=st.floats(0, 1))
def test_deeper_water_or_worse_curves_never_cost_less(seed, low, more):
    hazard, exposure, curves, spread = _town(seed)
    model = ImpactModel(hazard, exposure, curves, spread)
    for name in ("depth_scale", "damage_sd", "value_scale", "frequency_scale"):
        assert model({name: low + more})["aal"] >= model({name: low})["aal"] * (1 - 1e-12)


@given(seed=st.integers(0, 10**6), factor=st.floats(0, 10))
@settings(max_examples=25, deadline=None)
def test_values_and_frequencies_scale_the_average_alike(seed, factor):
    hazard, exposure, curves, _ = _town(seed)
    model = ImpactModel(hazard, exposure, curves)
    plain = model({})["aal"]
    assert model({"value_scale": factor})["aal"] == pytest.approx(plain * factor)
    assert model({"frequency_scale": factor})["aal"] == pytest.approx(plain * factor)
    assert model({"value_scale": factor})["aal_people"] == model({})["aal_people"]


def test_a_curve_row_that_is_not_there_is_refused():
    hazard, exposure, _, _ = _town(1)
    with pytest.raises(ArgumentError, match="has no row"):
        ImpactModel(hazard, exposure, jrc_asia(SURE))


@pytest.mark.parametrize("town", ["empty", "dry", "off grid", "no events"])
def test_a_town_without_impact_is_zero(town):
    hazard, exposure, curves, _ = _town(2)
    if town == "empty":
        exposure = Exposure([], [], np.zeros(0, int), [])
    elif town == "dry":
        hazard = Hazard.from_events(GRID, [([], [])], [0.1])
    elif town == "off grid":
        exposure = Exposure([-50.0], [0.0], 0, [1.0])
    else:
        hazard = Hazard.from_events(GRID, [], [])
    assert ImpactModel(hazard, exposure, curves)({})["aal"] == 0
    assert ImpactModel(hazard, exposure, curves, return_periods=[10])({})["aal"] == 0


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        ({"depth": 1.0}, "has 'depth', expected some of damage_sd, depth_scale"),
        ({"depth_scale": 0.0}, "depth_scale = 0"),
        ({"value_scale": -1.0}, "value_scale = -1"),
        ({"frequency_scale": np.nan}, "frequency_scale = nan"),
        ({"damage_sd": 1.0}, "deviation: is missing"),
    ],
)
def test_a_parameter_the_engine_does_not_have_is_refused(sample, text):
    hazard, exposure, curves, _ = _town(2)
    with pytest.raises(ArgumentError, match=text):
        ImpactModel(hazard, exposure, curves)(sample)


def test_deviations_must_fit_the_curves_and_be_known():
    hazard, exposure, curves, spread = _town(2)
    with pytest.raises(ArgumentError, match=r"deviation: has shape \(3, 11\), expected \(4, 11\)"):
        ImpactModel(hazard, exposure, curves, spread[:3])
    with pytest.raises(ArgumentError, match="is not known"):
        ImpactModel(hazard, exposure, curves, np.full_like(spread, np.nan))


@pytest.mark.parametrize(("low", "high"), [(8.0, 9.0), (8.5, 9.0), (0.5, np.inf), (20.0, np.inf)])
def test_a_normal_cut_off_far_above_is_the_mirror_of_one_far_below(low, high):
    u = np.linspace(0.01, 0.99, 25)
    above, below = Normal(3.0, 2.0, 3 + 2 * low, 3 + 2 * high).at(u), Normal(3.0, 2.0, 3 - 2 * high, 3 - 2 * low).at(u)
    np.testing.assert_allclose(above, 6.0 - below[::-1], rtol=1e-12)
    # Theirs by its own formula for the far end.
    np.testing.assert_allclose(above, stats.truncnorm(low, high, loc=3.0, scale=2.0).ppf(u), rtol=1e-9)


@pytest.mark.parametrize("name", ["depth", "frequency"])
def test_a_quantity_whose_scale_would_mean_two_things_is_refused(name):
    hazard, exposure, curves, _ = _town(2)
    twice = replace(exposure, metrics={name: exposure.metric("people")})
    with pytest.raises(ArgumentError, match=f'"{name}_scale" would mean two things'):
        ImpactModel(hazard, twice, curves)


def test_a_bad_row_of_a_quantity_is_named_as_such():
    hazard, exposure, curves, _ = _town(2)
    wrong = replace(exposure, metrics={"people": Metric(99, exposure.value)})
    with pytest.raises(ArgumentError, match=r"metrics\['people'\].curve\[0\]"):
        ImpactModel(hazard, wrong, curves)


def test_a_parameter_may_not_be_called_as_the_number_of_the_sample():
    with pytest.raises(ArgumentError, match="'index', which is the number"):
        run(lambda sample: sample["index"], {"index": Uniform(0, 1)}, 3)


def test_worth_nothing_is_nothing_and_still_unknown_beyond_what_was_simulated():
    hazard, exposure, curves, _ = _town(0)
    model = ImpactModel(hazard, exposure, curves, return_periods=(20, 50))
    assert model({"value_scale": 0.0})["rp20"] == 0
    assert np.isnan([model({"value_scale": worth})["rp50"] for worth in (0.0, 1.0)]).all()
