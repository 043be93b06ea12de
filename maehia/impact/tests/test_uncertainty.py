"""Uncertainty: the same seed gives the same bytes, layers are filled once, and known answers come out."""

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
from maehia.impact.uncertainty import (
    Discrete,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
    latin_hypercube,
    run,
    stream,
    tornado,
)
from maehia.impact.uncertainty_impact import ImpactModel
from maehia.impact.uncertainty_sample import Sample

TWO = {"a": Uniform(0, 1), "b": Normal(0, 1)}
PINNED = [0.33363254564999545, 0.11036065834810335, 0.5830456961518925, 0.7936332309202488]
PINNED_STREAM = 0.23289773361075183
SURE = ["residential", "commercial", "industrial"]


# --- distributions


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Uniform(2, 5), stats.uniform(2, 3)),
        (Triangular(1, 2, 4), stats.triang(1 / 3, 1, 3)),
        (Triangular(1, 1, 4), stats.triang(0, 1, 3)),
        (Triangular(1, 4, 4), stats.triang(1, 1, 3)),
        (Normal(1, 2), stats.norm(1, 2)),
        (Normal(1, 2, 0, 3), stats.truncnorm(-0.5, 1, 1, 2)),
        (LogNormal(3, 0.4), stats.lognorm(0.4, scale=3)),
    ],
)
def test_quantiles_are_scipys(ours, theirs):
    u = np.linspace(0.001, 0.999, 333)
    assert ours.at(u) == pytest.approx(theirs.ppf(u), rel=1e-9, abs=1e-12)


def test_a_discrete_value_comes_as_often_as_it_weighs():
    coin = Discrete((0.0, 1.0, 5.0), (1, 2, 1))
    values = latin_hypercube({"c": coin}, 400, 1)["c"]
    assert [int((values == value).sum()) for value in (0, 1, 5)] == [100, 200, 100]
    assert Discrete((3.0,)).at([0.0, 0.9]).tolist() == [3, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Uniform(1, 0),
        lambda: Uniform(np.nan, 1),
        lambda: Uniform(-np.inf, 1),
        lambda: Triangular(0, 1, np.inf),
        lambda: Triangular(0, 3, 2),
        lambda: Normal(0, 0),
        lambda: Normal(0, 1, 2, 2),
        lambda: Normal(0, 1, 60, 61),
        lambda: LogNormal(0, 1),
        lambda: LogNormal(1, -1),
        lambda: Discrete(()),
        lambda: Discrete((1.0, 2.0), (1.0,)),
        lambda: Discrete((1.0,), (0.0,)),
        lambda: Discrete((1.0, 2.0), (1.0, -0.5)),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(wrong):
    with pytest.raises(ArgumentError):
        wrong()


@given(low=st.floats(-5, 5), width=st.floats(0.1, 5), mean=st.floats(-3, 3), u=st.floats(0.0001, 0.9999))
def test_a_cut_normal_stays_inside(low, width, mean, u):
    assert low <= Normal(mean, 2.0, low, low + width).at(u) <= low + width


# --- sampling


@settings(max_examples=30)
@given(n=st.integers(1, 300), seed=st.integers(0, 2**40))
def test_every_layer_is_hit_once(n, seed):
    drawn = latin_hypercube({"a": Uniform(0, 1), "b": Uniform(0, 1)}, n, seed)
    for column in drawn.values():
        assert sorted(np.floor(column * n).astype(int)) == list(range(n))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    one, again, other = (latin_hypercube(TWO, 64, seed) for seed in (5, 5, 6))
    assert all(one[name].tobytes() == again[name].tobytes() for name in TWO)
    assert one["a"].tobytes() != other["a"].tobytes()


def test_a_column_depends_on_its_own_name_alone():
    alone = latin_hypercube({"b": TWO["b"]}, 64, 5)
    among = latin_hypercube({"z": Uniform(0, 9), "b": TWO["b"], "a": TWO["a"]}, 64, 5)
    assert alone["b"].tobytes() == among["b"].tobytes()
    assert not np.array_equal(latin_hypercube({"c": TWO["a"]}, 64, 5)["c"], among["a"])


def test_columns_are_not_correlated_unless_asked():
    drawn = latin_hypercube(TWO, 4000, 3)
    assert abs(stats.spearmanr(drawn["a"], drawn["b"]).statistic) < 0.05


@pytest.mark.parametrize("wanted", [-0.9, -0.3, 0.5, 0.8])
def test_an_asked_rank_correlation_is_brought_about_without_new_values(wanted):
    plain = latin_hypercube(TWO, 2000, 3)
    tied = latin_hypercube(TWO, 2000, 3, correlation={("a", "b"): wanted})
    assert stats.spearmanr(tied["a"], tied["b"]).statistic == pytest.approx(wanted, abs=0.02)
    assert all(np.array_equal(np.sort(plain[name]), np.sort(tied[name])) for name in TWO)


def test_a_parameter_outside_every_pair_keeps_its_order():
    three = TWO | {"c": Uniform(0, 1)}
    tied = latin_hypercube(three, 50, 3, correlation={("a", "b"): 0.5})
    assert np.array_equal(tied["c"], latin_hypercube(three, 50, 3)["c"])


@pytest.mark.parametrize(
    ("pairs", "n", "text"),
    [
        ({("a", "x"): 0.5}, 50, "'x', which is no parameter"),
        ({("a", "a"): 0.5}, 50, "two names"),
        ({("a", "b"): 1.0}, 50, "within -1 to 1"),
        ({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, 50, "contradict"),
        ({("a", "b"): 0.5}, 2, "too few"),
        ({("a", "b"): 0.5, ("b", "a"): -0.5}, 50, "given twice"),
    ],
)
def test_correlations_that_cannot_be_are_refused(pairs, n, text):
    with pytest.raises(ArgumentError, match=text):
        latin_hypercube(TWO | {"c": Uniform(0, 1)}, n, 0, correlation=pairs)


@pytest.mark.parametrize(
    ("n", "seed", "text"),
    [(0, 0, "n: is 0"), (1.5, 0, "n: is 1.5"), (np.nan, 0, "n: is nan"), (4, -1, "seed"), (4, np.nan, "seed")],
)
def test_numbers_that_count_nothing_are_refused(n, seed, text):
    with pytest.raises(ArgumentError, match=text):
        latin_hypercube(TWO, n, seed)


def test_the_draws_of_a_seed_are_pinned():
    drawn = latin_hypercube({"depth_scale": Uniform(0, 1)}, 4, 2568)["depth_scale"]
    assert drawn == pytest.approx(PINNED, abs=1e-15)
    assert stream(2568, 3).random() == pytest.approx(PINNED_STREAM, abs=1e-15)


@pytest.mark.parametrize(
    ("drawn", "mean", "sd"),
    [
        (Uniform(2, 5), 3.5, 3 / np.sqrt(12)),
        (Triangular(0, 1, 5), 2.0, np.sqrt((0 + 1 + 25 - 0 - 0 - 5) / 18)),
        (Normal(4, 2), 4.0, 2.0),
        (LogNormal(1, 0.5), np.exp(0.125), np.sqrt((np.exp(0.25) - 1) * np.exp(0.25))),
        (Discrete((0.0, 10.0), (3, 1)), 2.5, 10 * np.sqrt(3) / 4),
    ],
)
def test_a_sample_has_the_moments_of_its_distribution(drawn, mean, sd):
    values = latin_hypercube({"x": drawn}, 20_000, 1)["x"]
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.std() == pytest.approx(sd, rel=5e-3)


def test_layers_beat_plain_chance_for_a_sum():
    spread = {"layers": [], "chance": []}
    for seed in range(40):
        spread["layers"].append(run(line, TWO, 100, seed).mean())
        random = stream(seed, 0)
        spread["chance"].append((3 * random.random(100) + 4 * random.normal(size=100)).mean())
    assert np.std(spread["layers"]) < 0.15 * np.std(spread["chance"])


def test_three_parameters_are_correlated_at_once():
    three = {"a": Normal(0, 1), "b": LogNormal(1, 1), "c": Uniform(0, 1)}
    wanted = {("a", "b"): 0.7, ("b", "c"): -0.4, ("a", "c"): 0.1}
    drawn = latin_hypercube(three, 3000, 8, correlation=wanted)
    for (left, right), value in wanted.items():
        assert stats.spearmanr(drawn[left], drawn[right]).statistic == pytest.approx(value, abs=0.03)


def test_correlation_moves_the_spread_the_way_it_should():
    plain, together, against = (
        run(lambda x: x["a"] + x["b"], {"a": Normal(0, 1), "b": Normal(0, 1)}, 2000, 1, correlation=wanted).sd()
        for wanted in (None, {("a", "b"): 0.8}, {("a", "b"): -0.8})
    )
    assert against < 0.5 * plain < plain < together
    assert together == pytest.approx(np.sqrt(2 + 2 * 2 * np.sin(np.pi * 0.8 / 6)), rel=0.03)


# --- running


def line(x):
    return 3 * x["a"] + 4 * x["b"]


def dice(x):
    return {"sum": float(stream(9, int(x["index"])).integers(1, 7, 2).sum()) + x["a"]}


def test_a_run_keeps_inputs_and_results_together():
    sample = run(line, TWO, 100, seed=2)
    assert np.array_equal(sample.of(), 3 * sample.inputs["a"] + 4 * sample.inputs["b"])
    assert (sample.n, sample.seed, list(sample.results)) == (100, 2, ["result"])


def test_workers_change_no_byte_even_of_a_model_with_chance_inside():
    one, many = (run(dice, TWO, 200, seed=2, workers=workers) for workers in (1, 4))
    assert one.of("sum").tobytes() == many.of("sum").tobytes()
    assert len(set(np.floor(one.of("sum")))) > 8


def test_streams_of_samples_are_their_own():
    assert stream(1, 0).random() == stream(1, 0).random()
    assert len({stream(1, k).random() for k in range(100)} | {stream(2, 0).random()}) == 101


def test_a_model_that_changes_its_results_is_refused():
    with pytest.raises(ArgumentError, match=r"model\[1\]"):
        run(lambda x: {f"r{x['index']}": 1.0}, TWO, 3)


def test_no_worker_runs_nothing():
    with pytest.raises(ArgumentError, match="workers"):
        run(line, TWO, 3, workers=0)


def test_a_model_of_batches_is_asked_once():
    class Batch:
        calls = 0

        def __call__(self, sample):
            raise AssertionError

        def batch(self, inputs, n):
            self.calls += 1
            return {"twice": 2 * inputs["a"]}

    model = Batch()
    assert np.array_equal(run(model, TWO, 50).of("twice"), 2 * latin_hypercube(TWO, 50, 0)["a"])
    assert model.calls == 1


# --- statistics


def test_a_mean_by_layers_is_far_better_than_chance():
    sample = run(line, TWO, 1000, seed=4)
    assert sample.mean() == pytest.approx(1.5, abs=0.005)
    assert sample.sd() == pytest.approx(np.sqrt(9 / 12 + 16), rel=0.02)


def test_percentiles_are_numpys_and_halves_come_together():
    sample = run(line, TWO, 2000, seed=4)
    assert np.array_equal(sample.percentiles([0.1, 0.9]), np.quantile(sample.of(), [0.1, 0.9]))
    halves = sample.halves(quantile=0.95)
    assert halves.whole == sample.percentiles([0.95])[0]
    assert halves.spread < 0.1
    assert run(lambda x: 7.0, TWO, 10).halves().spread == 0


def test_one_sample_has_no_halves_and_no_spread():
    sample = run(line, TWO, 1)
    assert np.isnan(sample.sd())
    with pytest.raises(ArgumentError, match="no halves"):
        sample.halves()
    assert sample.summary().num_rows == 1


def test_spearman_is_scipys_ties_and_all():
    sample = run(lambda x: x["a"] ** 3 + x["c"], TWO | {"c": Discrete((0.0, 1.0, 2.0))}, 300, seed=1)
    ours = sample.spearman()
    for name in ("a", "c"):
        assert ours[name] == pytest.approx(stats.spearmanr(sample.inputs[name], sample.of()).statistic, abs=1e-12)


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


# --- tornado


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


# --- the engine as a model

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
