"""Terms that are not linear in the values: floors, deductibles, covers, chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Curves, Exposure, Grid, Hazard, Metric, Terms, assess
from maehia.impact.oracle_each import uniforms
from maehia.impact.tests.cases import by_hand, problems, same

BOTH = ("per-asset", "scipy")


def matrix(terms, path):
    """(E, N) impacts of the case by hand, one asset a group."""
    case = by_hand()
    e = case.exposure
    exposure = Exposure(e.x, e.y, e.curve, e.value, group=np.arange(3))
    return assess(case.hazard, exposure, case.curves, terms=terms, path=path).by_group()


@pytest.mark.parametrize("path", BOTH)
def test_climadas_cover_takes_the_smaller_of_loss_and_cover(path):
    # climada_python 6.1, engine/test/test_impact_calc.py: cover [0, 1, 10]
    assert matrix(Terms(cover=np.array([0.0, 1.0, 10.0])), path).tolist() == [[0, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize("path", BOTH)
def test_a_deductible_is_taken_off_before_the_cover_caps(path):
    assert matrix(Terms(deductible=0.5, cover=np.array([9.0, 1.0, 0.25])), path).tolist() == [
        [0.5, 0, 0.25],
        [1.5, 1, 0],
    ]


@pytest.mark.parametrize("path", BOTH)
def test_a_floor_above_the_water_keeps_the_house_dry_whatever_the_curve_at_0(path):
    grid = Grid(0, 0, 1, 1, 3, 1)
    hazard = Hazard(grid, np.array([0, 3]), np.arange(3), np.full(3, 0.5), np.array([1.0]))
    exposure = Exposure(np.array([0.5, 1.5, 2.5]), np.full(3, 0.5), 0, np.ones(3))
    curves = Curves(np.array([0.0, 1.0]), np.array([[0.2, 1.0]]))
    found = assess(hazard, exposure, curves, terms=Terms(floor=np.array([0.25, 0.5, 0.51])), path=path)
    assert found.per_asset == pytest.approx([0.4, 0.2, 0.0])


@settings(max_examples=30, deadline=None)
@given(
    problems(cells=("int32",)), st.integers(0, 2**32), st.sets(st.sampled_from(["floor", "deductible", "cover", "std"]))
)
def test_the_compiled_terms_equal_the_plain_ones(case, seed, which):
    rng = np.random.default_rng(seed)
    size = case.exposure.size
    all_terms = {"floor": rng.random(size), "deductible": rng.random(size) * 5, "cover": rng.random(size) * 20,
                 "std": rng.random(case.curves.damage.shape) * 0.3}  # fmt: skip
    terms = Terms(**{name: all_terms[name] for name in which}, seed=seed, most=float(rng.choice([1.0, np.inf])))
    found, expected = (assess(case.hazard, case.exposure, case.curves, terms=terms, path=path) for path in BOTH)
    for name in found.metrics:
        same(found.by_group(name), expected.by_group(name))
        same(found.of(name).per_asset, expected.of(name).per_asset)


@settings(max_examples=20, deadline=None)
@given(problems(cells=("int32",)))
def test_terms_of_nothing_change_nothing(case):
    plain = assess(case.hazard, case.exposure, case.curves, path="compiled")
    terms = Terms(floor=0.0, deductible=0.0, cover=1e300)
    found = assess(case.hazard, case.exposure, case.curves, terms=terms, path="per-asset")
    same(found.at_event, plain.at_event)
    same(found.per_asset, plain.per_asset)


def test_insurance_is_of_the_main_quantity_and_floors_are_of_all():
    case = by_hand()
    e = case.exposure
    exposure = Exposure(e.x, e.y, e.curve, e.value, metrics={"people": Metric(0, np.full(3, 10.0))})
    for path in BOTH:
        insured = assess(case.hazard, exposure, case.curves, terms=Terms(cover=0.0), path=path)
        assert insured.at_event.tolist() == [0.0, 0.0]
        assert insured.of("people").at_event.tolist() == [20.0, 40.0]
        raised = assess(case.hazard, exposure, case.curves, terms=Terms(floor=1.5), path=path)
        assert raised.of("people").at_event.tolist() == [0.0, 10.0]


# Random123 (Salmon et al. 2011), known answers kat_vectors: philox4x32 10 rounds.
@pytest.mark.parametrize(
    ("asset", "event", "seed", "words"),
    [
        (0, 0, 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1, 2**64 - 1, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ],
)
def test_philox_gives_its_published_answers(asset, event, seed, words):
    first, second = uniforms(seed, np.array([asset], np.uint64), event)
    pair = [(words[0] << 32 | words[1]) >> 11, (words[2] << 32 | words[3]) >> 11]
    assert [first[0], second[0]] == [(bits + 0.5) / 2**53 for bits in pair]


def sampled(assets=4000, seed=3, order=None, path="per-asset"):
    grid = Grid(0, 0, 1, 1, 10, 1)
    hazard = Hazard(grid, np.array([0, 10]), np.arange(10), np.linspace(0, 2, 10), np.array([1.0]))
    x = np.arange(assets) % 10 + 0.5
    exposure = Exposure(x, np.full(assets, 0.5), 0, np.ones(assets))
    curves = Curves(np.array([0.0, 2.0]), np.array([[0.0, 0.4]]))
    return assess(hazard, exposure, curves, terms=Terms(std=np.array([[0.0, 0.2]]), seed=seed), path=path).per_asset


def test_samples_have_the_curves_mean_and_deviation():
    deepest = sampled(200_000)[9::10]
    assert deepest.mean() == pytest.approx(0.4, abs=4 * 0.2 / np.sqrt(deepest.size))
    assert deepest.std() == pytest.approx(0.2, rel=0.05)
    assert (sampled()[0::10] == 0.0).all()


def test_a_sample_depends_on_seed_asset_and_event_alone():
    assert (sampled(4000)[:100] == sampled(100)).all()
    assert (sampled(seed=3) != sampled(seed=4)).mean() > 0.85


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("depth", [1e-310, 1e-200])
def test_a_spread_far_above_its_mean_draws_numbers(path, depth):
    hazard = Hazard(Grid(0, 0, 1, 1, 1, 1), [0, 1], [0], np.array([depth]), [1.0])
    exposure = Exposure(np.full(500, 0.5), np.full(500, 0.5), 0, np.ones(500))
    terms = Terms(std=[[0.1, 0.1]])
    found = assess(hazard, exposure, Curves([0.0, 1.0], [[0.0, 1.0]]), terms=terms, path=path).per_asset
    assert (found >= 0).all()
    assert found.max() < 1e-100


def test_a_cap_cuts_the_samples_off():
    case = by_hand()
    terms = Terms(std=np.array([[5.0, 5.0]]), most=1.0)
    found = assess(case.hazard, case.exposure, case.curves, terms=terms, path="per-asset")
    assert found.at_event.max() <= 3.0


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"deductible": [-1.0]}, r"deductible\[0\]: is negative"),
        ({"cover": [np.nan]}, r"cover\[0\]: is NaN"),
        ({"floor": [1.0, -2.0]}, r"floor\[1\]: is negative"),
        ({"std": [[-0.1]]}, r"std\[0\]: is negative"),
        ({"most": 0.0}, "most: is 0.0"),
        ({"seed": -1}, "seed: is -1"),
        ({"seed": 1.5}, "seed: is 1.5, expected a whole number"),
        ({"seed": np.nan}, "seed: is nan"),
    ],
)
def test_bad_terms_are_refused(given, where):
    with pytest.raises(ArgumentError, match=where):
        Terms(**given)


@pytest.mark.parametrize("path", BOTH)
def test_terms_that_do_not_fit_the_assets_or_curves_are_refused(path):
    case = by_hand()
    with pytest.raises(ArgumentError, match="cover: has length 2, expected 3 or one number"):
        assess(case.hazard, case.exposure, case.curves, terms=Terms(cover=[1.0, 2.0]), path=path)
    with pytest.raises(ArgumentError, match=r"std: has shape \(1, 3\), expected \(1, 2\)"):
        assess(case.hazard, case.exposure, case.curves, terms=Terms(std=[[1.0, 1, 1]]), path=path)


def test_summed_values_cannot_have_terms():
    case = by_hand()
    with pytest.raises(ArgumentError, match='path: is "compiled"'):
        assess(case.hazard, case.exposure, case.curves, terms=Terms(), path="compiled")
