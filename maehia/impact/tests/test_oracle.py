"""The plain paths against loops that a child could follow, and the parts of the compiled ones against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import Terms, assess, layout
from maehia.impact.arrange import width
from maehia.impact.grid import Grid
from maehia.impact.oracle_each import uniforms
from maehia.impact.tests.cases import problems, same


def damage_at(curves, row, x):
    """Straight from the definition: flat outside, linear inside, the upper value at a step."""
    points, damage = curves.intensity, curves.damage[row]
    if x < points[0]:
        return damage[0]
    last = max(k for k in range(points.size) if points[k] <= x)
    if last == points.size - 1:
        return damage[last]
    share = (x - points[last]) / (points[last + 1] - points[last])
    return damage[last] + share * (damage[last + 1] - damage[last])


def by_loops(case, name, loss_of):
    """at_event and per_asset, asset by asset and event by event."""
    hazard, exposure = case.hazard, case.exposure
    metric, cells = exposure.metric(name), hazard.grid.cell_of(exposure.x, exposure.y)
    at_event, per_asset = np.zeros(hazard.events), np.zeros(exposure.size)
    for event in range(hazard.events):
        depth = dict(zip(*(part.tolist() for part in hazard.event(event)), strict=True))
        for asset in range(exposure.size):
            if int(cells[asset]) in depth:
                loss = loss_of(asset, metric, depth[int(cells[asset])])
                at_event[event] += loss
                per_asset[asset] += hazard.frequency[event] * loss
    return at_event, per_asset


@settings(max_examples=15, deadline=None)
@given(problems())
def test_the_plain_path_is_what_loops_give(case):
    found = assess(case.hazard, case.exposure, case.curves, path="scipy")
    for name in found.metrics:
        at_event, per_asset = by_loops(
            case, name, lambda k, metric, x: metric.value[k] * damage_at(case.curves, metric.curve[k], x)
        )
        same(found.of(name).at_event, at_event)
        same(found.of(name).per_asset, per_asset)


@settings(max_examples=10, deadline=None)
@given(problems(), st.floats(0, 1), st.floats(0, 9), st.floats(0, 30))
def test_the_plain_terms_are_what_loops_give(case, floor, deductible, cover):
    def loss(k, metric, x):
        if x - floor < 0:
            return 0.0
        full = metric.value[k] * damage_at(case.curves, metric.curve[k], x - floor)
        return min(max(full - deductible, 0.0), cover)

    terms = Terms(floor=floor, deductible=deductible, cover=cover)
    found = assess(case.hazard, case.exposure, case.curves, terms=terms, path="scipy")
    at_event, per_asset = by_loops(case, "value", loss)
    same(found.at_event, at_event)
    same(found.per_asset, per_asset)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_reaching_ahead_finds_the_place_of_a_full_search(seed, size):
    from maehia.impact import kernels

    rng = np.random.default_rng(seed)
    cell = np.sort(rng.choice(200, size, replace=False)).astype(np.int32)
    begin = int(rng.integers(0, size))
    first = int(rng.integers(cell[begin] + 1, 202))
    found = kernels._reach(cell, np.uint64(begin), np.uint64(size), first)
    assert found == max(begin, np.searchsorted(cell, first))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31), st.integers(0, 2**31))
def test_the_compiled_generator_is_the_plain_one(seed, asset, event):
    from maehia.impact import kernels

    found = kernels._philox(np.uint64(seed), np.uint64(asset), np.uint64(event))
    plain = uniforms(seed, np.array([asset]), event)
    assert found == (plain[0][0], plain[1][0])
    assert 0 < found[0] < 1
    assert 0 < found[1] < 1


def test_uniform_numbers_are_uniform_and_their_pairs_unrelated():
    one, two = uniforms(11, np.arange(100_000), 5)
    for numbers in (one, two):
        counts = np.histogram(numbers, 20, (0, 1))[0]
        # 19 degrees of freedom: 43.8 is exceeded once in a thousand; the seed is fixed.
        assert ((counts - 5000) ** 2 / 5000).sum() < 43.8
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.02
    assert abs(np.corrcoef(one, uniforms(11, np.arange(100_000), 6)[0])[0, 1]) < 0.02


def test_panels_hold_the_quantities_and_fours_that_occur():
    curve = np.array([[0, 1, 2], [5, 5, 9]], np.int32)
    panels = layout.panels(curve, 10, 3)
    assert panels.of.tolist() == [[0, -1, -1], [-1, 1, 2]]
    assert panels.quantity.tolist() == [0, 1, 1]
    assert panels.four.tolist() == [0, 1, 2]


@pytest.mark.parametrize(("curves", "filled"), [(1, 4), (4, 4), (5, 8), (9, 12)])
def test_curves_are_filled_up_to_fours_with_zeros(curves, filled):
    assert layout.fours(curves) == filled
    coef = layout.coefficients(np.array([1.0, 2.0]), np.ones((curves, 2))).reshape(3, 2, filled)
    assert (coef[:, 0, :curves] == 1).all()
    assert (coef[:, :, curves:] == 0).all()


@pytest.mark.parametrize(
    ("nnz", "events", "tiles", "step"),
    [(12_500_000, 1000, 62, 1), (0, 0, 62, 1), (100, 40, 1465, 1), (9_000_000, 90_000, 1000, 31), (0, 10**7, 10, 10)],
)
def test_tiles_are_joined_only_where_many_events_list_few_cells(nnz, events, tiles, step):
    assert layout.steps(nnz, events, tiles, 1 << 18) == step


def test_lanes_depend_on_the_problem_and_keep_their_results_small():
    assert layout.lanes(1000, 62, 8000) == 1
    assert layout.lanes(13_000_000, 62, 8000) == 4
    assert layout.lanes(130_000_000, 62, 80_000) == 16
    assert layout.lanes(130_000_000, 62, 1 << 25) == 2
    assert layout.lanes(130_000_000, 3, 8000) == 3
    assert layout.lane_cuts(np.zeros(11, np.int64), 4, 2) == [(0, 4), (4, 10)]


def test_a_tile_with_its_sums_fits_the_cache():
    grid = Grid(0, 0, 1, 1, 1000, 1000)
    for curves, quantities in [(1, 1), (4, 1), (40, 3)]:
        tile = (2 * 8 * layout.fours(curves) * quantities) << width(grid, curves, quantities)
        assert tile <= layout.TILE_BYTES
    assert 1 << width(Grid(0, 0, 1, 1, 1, 1), 4, 1) == 64
