"""Uncertainty: the same seed gives the same bytes, layers are filled once, and known answers come out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from maehia.impact import ArgumentError
from maehia.impact.tests.uncertainty_cases import TWO, line
from maehia.impact.uncertainty import (
    Discrete,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
    latin_hypercube,
    run,
    stream,
)

PINNED = [0.33363254564999545, 0.11036065834810335, 0.5830456961518925, 0.7936332309202488]


PINNED_STREAM = 0.23289773361075183


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
