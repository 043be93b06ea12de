"""The three paths agree, and agree with what can be done by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Curves, CurveWarning, Exposure, Grid, Hazard, Metric, assess, prepare
from maehia.impact.tests.cases import Problem, by_hand, curves_of, exposure_of, hazard_of, problems, same

PATHS = ("scipy", "compiled", "per-asset")


def both(found, expected):
    assert found.metrics == expected.metrics
    for name in found.metrics:
        same(found.of(name).at_event, expected.of(name).at_event)
        same(found.of(name).per_asset, expected.of(name).per_asset)
        same(found.by_group(name), expected.by_group(name))


@pytest.mark.parametrize("path", PATHS)
def test_climadas_matrix_gives_climadas_metrics(path):
    # climada_python 6.1, engine/test/test_impact_calc.py, test_metrics
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves, path=path)
    assert impact.at_event.tolist() == [2.0, 4.0]
    assert np.allclose(impact.per_asset, [1.2, 0.2, 1.0], rtol=1e-15)
    assert impact.aal == pytest.approx(2.4, rel=1e-15)
    assert impact.path == path
    assert impact.at_event.dtype == impact.per_asset.dtype == np.float64


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_compiled_path_equals_the_plain_one(case):
    both(
        assess(case.hazard, case.exposure, case.curves, path="compiled"),
        assess(case.hazard, case.exposure, case.curves, path="scipy"),
    )


@settings(max_examples=30, deadline=None)
@given(problems(cells=("int32",)))
def test_the_per_asset_path_equals_the_plain_one(case):
    both(
        assess(case.hazard, case.exposure, case.curves, path="per-asset"),
        assess(case.hazard, case.exposure, case.curves, path="scipy"),
    )


@settings(max_examples=30, deadline=None)
@given(problems(cells=("int32",)))
def test_expected_impacts_sum_up_over_events_as_over_assets(case):
    impact = assess(case.hazard, case.exposure, case.curves, path="compiled")
    for name in impact.metrics:
        one = impact.of(name)
        assert one.aal == pytest.approx(one.per_asset.sum(), rel=1e-12, abs=1e-300)
        same(one.by_group().sum(axis=1), one.at_event)


@settings(max_examples=20, deadline=None)
@given(problems(cells=("int32",)), st.integers(0, 2**32))
def test_order_of_assets_and_of_events_changes_nothing_but_order(case, seed):
    rng = np.random.default_rng(seed)
    assets, events = rng.permutation(case.exposure.size), rng.permutation(case.hazard.events)
    exposure = Exposure(case.exposure.x[assets], case.exposure.y[assets], case.exposure.curve[assets],
                        case.exposure.value[assets])  # fmt: skip
    hazard = Hazard.from_events(case.hazard.grid, [case.hazard.event(e) for e in events], case.hazard.frequency[events])
    straight = assess(hazard_f32(case.hazard), case.exposure, case.curves, path="compiled")
    turned = assess(hazard, exposure, case.curves, path="compiled")
    same(turned.at_event, straight.at_event[events])
    same(turned.per_asset, straight.per_asset[assets])


def hazard_f32(hazard):
    return Hazard(hazard.grid, hazard.indptr, hazard.cell, hazard.intensity.astype(np.float32), hazard.frequency)


@settings(max_examples=20, deadline=None)
@given(problems(cells=("int32",)))
def test_splitting_assets_in_two_halves_changes_no_sum(case):
    e = case.exposure
    halves = Exposure(np.tile(e.x, 2), np.tile(e.y, 2), np.tile(e.curve, 2), np.tile(e.value / 2, 2))
    whole = assess(case.hazard, e, case.curves, path="compiled")
    same(assess(case.hazard, halves, case.curves, path="compiled").at_event, whole.at_event)


@settings(max_examples=20, deadline=None)
@given(problems(cells=("int32",)))
def test_twice_the_value_is_twice_the_impact_to_the_bit(case):
    e = case.exposure
    once = assess(case.hazard, e, case.curves, path="compiled")
    twice = assess(case.hazard, Exposure(e.x, e.y, e.curve, e.value * 2, group=e.group, metrics=e.metrics), case.curves,
                   path="compiled")  # fmt: skip
    assert (twice.at_event == 2 * once.at_event).all()
    assert (twice.per_asset == 2 * once.per_asset).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.0, 3.0))
def test_deeper_water_never_lowers_a_loss_under_rising_curves(seed, rise):
    rng = np.random.default_rng(seed)
    grid = Grid(0, 0, 1, 1, 20, 20)
    hazard, curves = hazard_of(rng, grid, 5, 0.3), curves_of(rng, 3, 6)
    exposure = exposure_of(rng, grid, 200, 3)
    deeper = hazard.with_intensity(hazard.intensity + np.float32(rise))
    before, after = (assess(h, exposure, curves, path="compiled") for h in (hazard, deeper))
    assert (after.at_event >= before.at_event * (1 - 1e-13)).all()


@pytest.mark.parametrize("path", PATHS)
def test_a_dry_cell_does_no_damage_though_the_curve_is_not_0_at_0(path):
    grid = Grid(0, 0, 1, 1, 2, 1)
    hazard = Hazard(grid, np.array([0, 1]), np.array([0]), np.array([0.0]), np.array([1.0]))
    exposure = Exposure(np.array([0.5, 1.5]), np.array([0.5, 0.5]), 0, np.array([10.0, 10.0]))
    impact = assess(hazard, exposure, Curves(np.array([0.0, 1.0]), np.array([[0.3, 1.0]])), path=path)
    assert impact.per_asset.tolist() == [3.0, 0.0]


@pytest.mark.parametrize("path", PATHS)
def test_assets_off_the_grid_are_listed_and_suffer_nothing(path):
    case = by_hand()
    x = np.array([-0.001, 0.0, 10.0, 29.999, 30.0, 5.0])
    y = np.array([5.0, 0.0, 9.999, 5.0, 5.0, 10.0])
    impact = assess(case.hazard, Exposure(x, y, 0, np.arange(1.0, 7.0)), case.curves, path=path)
    assert impact.off_grid.tolist() == [0, 4, 5]
    assert impact.off_grid_value == 1.0 + 5.0 + 6.0
    assert (impact.per_asset[[0, 4, 5]] == 0).all()
    assert impact.at_event.tolist() == [2.0 + 4.0, 2.0 * 2.0 + 2.0 * 3.0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("where", ["nowhere", "off"])
def test_no_assets_and_all_off_the_grid_give_zeros(path, where):
    case = by_hand()
    x = np.zeros(0) if where == "nowhere" else np.array([99.0])
    impact = assess(case.hazard, Exposure(x, x, np.zeros(x.size, int), x), case.curves, path=path)
    assert impact.at_event.tolist() == [0.0, 0.0]
    assert impact.per_asset.tolist() == [0.0] * x.size
    assert impact.aal == 0.0
    assert impact.off_grid.size == x.size


@pytest.mark.parametrize("path", PATHS)
def test_no_assets_have_no_groups(path):
    case = by_hand()
    none = np.zeros(0)
    exposure = Exposure(none, none, 0, none, group=np.zeros(0, int), metrics={"people": Metric(0, none)})
    impact = assess(case.hazard, exposure, case.curves, path=path)
    assert impact.by_group().shape == impact.by_group("people").shape == (2, 0)
    assert impact.of("people").at_event.tolist() == [0.0, 0.0]
    assert impact.contributions("group").size == 0


@pytest.mark.parametrize("path", PATHS)
def test_no_events_and_dry_events_give_zeros(path):
    case = by_hand()
    for events in (0, 2):
        dry = Hazard(case.hazard.grid, np.zeros(events + 1, int), np.zeros(0, int), np.zeros(0), np.ones(events))
        impact = assess(dry, case.exposure, case.curves, path=path)
        assert impact.at_event.tolist() == [0.0] * events
        assert impact.per_asset.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("path", PATHS)
def test_one_asset_in_one_cell_works(path):
    # climada_python#933: a crash on one point and one centroid
    hazard = Hazard(Grid(0, 0, 1, 1, 1, 1), np.array([0, 1]), np.array([0]), np.array([1.0]), np.array([0.5]))
    impact = assess(hazard, Exposure(np.array([0.5]), np.array([0.5]), 0, np.array([8.0])),
                    Curves(np.array([1.0]), np.array([[0.25]])), path=path)  # fmt: skip
    assert (impact.at_event.tolist(), impact.per_asset.tolist(), impact.aal) == ([2.0], [1.0], 1.0)


@pytest.mark.parametrize("path", PATHS)
def test_an_event_of_frequency_0_has_an_impact_and_no_expectation(path):
    case = by_hand()
    impact = assess(case.hazard.with_frequency([0.0, 0.1]), case.exposure, case.curves, path=path)
    assert impact.at_event.tolist() == [2.0, 4.0]
    assert impact.per_asset == pytest.approx([0.2, 0.2, 0.0])


@pytest.mark.parametrize("path", PATHS)
def test_the_value_at_a_step_is_the_upper_one(path):
    grid = Grid(0, 0, 1, 1, 3, 1)
    depth = np.array([np.nextafter(0.5, 0), 0.5, 0.75])
    hazard = Hazard(grid, np.array([0, 3]), np.arange(3), depth, np.array([1.0]))
    exposure = Exposure(np.array([0.5, 1.5, 2.5]), np.full(3, 0.5), 0, np.ones(3))
    step = Curves(np.array([0.5, 0.5]), np.array([[0.0, 1.0]]))
    assert assess(hazard, exposure, step, path=path).per_asset.tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("path", PATHS)
def test_metrics_and_groups_come_out_of_one_run(path):
    case = by_hand()
    people = Metric(1, np.array([3.0, 4.0, 5.0]))
    exposure = Exposure(case.exposure.x, case.exposure.y, 0, np.ones(3), group=np.array([7, 2, 7]),
                        metrics={"people": people})  # fmt: skip
    curves = Curves(np.array([0.0, 1.5, 1.5, 10.0]), np.array([[0.0, 1.5, 1.5, 10.0], [0.0, 0.0, 1.0, 1.0]]))
    impact = assess(case.hazard, exposure, curves, path=path)
    assert impact.groups.tolist() == [2, 7]
    assert impact.by_group().tolist() == [[0.0, 2.0], [2.0, 2.0]]
    assert impact.by_group("people").tolist() == [[0.0, 0.0], [4.0, 3.0]]
    assert impact.of("people").at_event.tolist() == [0.0, 7.0]
    assert impact.metrics == ("value", "people")


@settings(max_examples=15, deadline=None)
@given(problems(cells=("int32",), intensities=("float32",)))
def test_preparing_once_and_changing_curves_is_the_same_as_starting_anew(case):
    rng = np.random.default_rng(1)
    other = curves_of(rng, case.curves.size + 3, 5)
    prepared = prepare(case.exposure, case.hazard.grid, case.curves).with_curves(other)
    anew = assess(case.hazard, case.exposure, other, path="compiled")
    again = prepared.assess(case.hazard)
    assert again.path == "compiled"
    both(again, anew)


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch):
    rng = np.random.default_rng(5)
    grid = Grid(0, 0, 1, 1, 300, 300)
    hazard, curves = hazard_of(rng, grid, 30, 0.1), curves_of(rng, 4, 6)
    exposure = exposure_of(rng, grid, 300_000, 4)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr("maehia.impact.lanes.cores", lambda threads=threads: threads)
        found.append(assess(hazard, exposure, curves, path="compiled"))
    for other in found[1:]:
        assert (other.at_event == found[0].at_event).all()
        assert (other.per_asset == found[0].per_asset).all()


def test_many_tiles_and_lanes_give_what_one_tile_gives(monkeypatch):
    rng = np.random.default_rng(6)
    grid = Grid(0, 0, 1, 1, 400, 300)
    hazard, curves = hazard_of(rng, grid, 12, 0.2), curves_of(rng, 5, 6)
    exposure = exposure_of(rng, grid, 20_000, 5, groups=4, metrics=1)
    expected = assess(hazard, exposure, curves, path="scipy")
    for tile_bytes in (1 << 12, 1 << 16, 1 << 30):
        monkeypatch.setattr("maehia.impact.layout.TILE_BYTES", tile_bytes)
        both(assess(hazard, exposure, curves, path="compiled"), expected)


def test_sparse_events_on_a_wide_grid_take_many_tiles_at_a_time():
    rng = np.random.default_rng(7)
    grid = Grid(0, 0, 1, 1, 3000, 2000)
    hazard, curves = hazard_of(rng, grid, 40, 2e-6), curves_of(rng, 2, 4)
    exposure = exposure_of(rng, grid, 5000, 2)
    cell = rng.choice(hazard.cell, 5000)
    x, y = grid.centre_of(cell)
    exposure = Exposure(x, y, exposure.curve, exposure.value)
    both(assess(hazard, exposure, curves, path="compiled"), assess(hazard, exposure, curves, path="scipy"))


def test_auto_says_which_path_it_took_and_large_work_is_compiled():
    case = by_hand()
    assert assess(case.hazard, case.exposure, case.curves).path in {"scipy", "compiled"}
    rng = np.random.default_rng(8)
    grid = Grid(0, 0, 1, 1, 500, 500)
    large = Problem(hazard_of(rng, grid, 40, 0.5), exposure_of(rng, grid, 100, 1), curves_of(rng, 1, 3))
    assert assess(large.hazard, large.exposure, large.curves).path == "compiled"


def test_small_work_is_done_plainly_before_the_kernels_are_loaded(monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "maehia.impact.kernels", raising=False)
    case = by_hand()
    assert assess(case.hazard, case.exposure, case.curves).path == "scipy"
    # One house on a grid of the whole country: the plain path would fill its memory.
    wide = Hazard(Grid(0, 0, 1, 1, 100_000, 50_000), np.array([0, 1]), np.array([7]), np.array([1.0]), np.array([1.0]))
    impact = assess(wide, Exposure([7.5], [0.5], 0, [1.0]), case.curves)
    assert (impact.path, impact.per_asset.tolist()) == ("compiled", [1.0])


def test_a_curve_without_a_row_is_refused_with_its_index():
    case = by_hand()
    exposure = Exposure(case.exposure.x, case.exposure.y, np.array([0, 1, 0]), np.ones(3))
    with pytest.raises(ArgumentError, match=r"curve\[1\]: has no row: there are 1 curves"):
        assess(case.hazard, exposure, case.curves)
    people = Exposure(case.exposure.x, case.exposure.y, 0, np.ones(3), metrics={"people": Metric(2, np.ones(3))})
    with pytest.raises(ArgumentError, match=r"metrics\['people'\].curve\[0\]"):
        assess(case.hazard, people, case.curves)


def test_an_unknown_path_and_another_grid_are_refused():
    case = by_hand()
    with pytest.raises(ArgumentError, match="path: is 'fast'"):
        assess(case.hazard, case.exposure, case.curves, path="fast")
    with pytest.raises(ArgumentError, match="another grid"):
        prepare(case.exposure, Grid(0, 0, 5, 5, 3, 1), case.curves).assess(case.hazard)


def test_a_falling_curve_is_computed_with_a_warning():
    case = by_hand()
    with pytest.warns(CurveWarning, match="row 0"):
        curves = Curves(np.array([0.0, 10.0]), np.array([[1.0, 0.0]]))
    for path in PATHS:
        assert assess(case.hazard, case.exposure, curves, path=path).at_event == pytest.approx([1.8, 1.6])


def test_read_only_strided_and_mapped_arrays_are_taken_as_they_are(tmp_path):
    case = by_hand()
    wide = np.zeros((3, 2))
    wide[:, 0] = case.exposure.x
    depth = np.memmap(tmp_path / "depth", dtype=np.float32, mode="w+", shape=4)
    depth[:] = case.hazard.intensity
    depth.flush()
    mapped = np.memmap(tmp_path / "depth", dtype=np.float32, mode="r", shape=4)
    value = np.ones(3)
    value.flags.writeable = False
    swapped = case.hazard.frequency.astype(">f8")
    hazard = Hazard(case.hazard.grid, case.hazard.indptr, case.hazard.cell, mapped, swapped)
    exposure = Exposure(wide[:, 0], case.exposure.y, np.zeros(3, np.uint8), value)
    assert np.shares_memory(hazard.intensity, mapped)
    for path in PATHS:
        assert assess(hazard, exposure, case.curves, path=path).at_event.tolist() == [2.0, 4.0]


def test_two_threads_of_a_server_may_assess_at_once():
    from concurrent.futures import ThreadPoolExecutor

    rng = np.random.default_rng(9)
    grid = Grid(0, 0, 1, 1, 200, 200)
    hazard, curves = hazard_of(rng, grid, 30, 0.2), curves_of(rng, 3, 6)
    exposure = exposure_of(rng, grid, 20_000, 3)
    alone = assess(hazard, exposure, curves, path="compiled")
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: assess(hazard, exposure, curves, path="compiled"), range(12)))
    assert all((run.at_event == alone.at_event).all() for run in runs)
