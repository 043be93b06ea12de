"""Measures: many at once give what each gives alone, water that is kept out does no damage, and walks are counted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import Hazard
from maehia.impact.assess import assess, prepare
from maehia.impact.curves import Curves
from maehia.impact.exposure import Exposure
from maehia.impact.measures import (
    BlockBelow,
    FloodProof,
    LowerIntensity,
    Measure,
    ProtectTo,
    RaiseFloors,
    Relocate,
    Remove,
    ReplaceHazard,
    ScaleDamage,
    ScaleValue,
    apply,
    assess_with,
    frequent,
)
from maehia.impact.measures_compare import MOST_PARTS, assess_measures
from maehia.impact.tests.measures_cases import (
    CURVES,
    GRID,
    LINE,
    ONE,
    ROUGH,
    _depths,
    _town,
    changes,
    eighths,
)

WEST = np.tile(np.arange(6) < 3, (4, 1))


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10**6), lists=st.lists(st.lists(changes, max_size=3), min_size=1, max_size=4),
    rough=st.booleans(),
)  # fmt: skip
def test_many_at_once_are_what_each_is_alone(seed, lists, rough):
    hazard, exposure = _town(seed)
    curves = ROUGH if rough else CURVES
    measures = [Measure(f"m{k}", parts) for k, parts in enumerate(lists)]
    many = assess_measures(hazard, exposure, curves, measures, path="scipy")
    assert many.walks == 1
    for row, measure in enumerate(measures, start=1):
        alone = assess(*apply(measure, hazard, exposure, curves), path="scipy")
        for name in exposure.names:
            assert many.of(name).at_event[row] == pytest.approx(alone.of(name).at_event, rel=1e-12, abs=1e-11)
            assert many.of(name).aal[row] == pytest.approx(alone.of(name).aal, rel=1e-12, abs=1e-11)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), lists=st.lists(st.lists(changes, max_size=2), max_size=3))
def test_the_first_row_is_the_town_without_measures(seed, lists):
    hazard, exposure = _town(seed)
    many = assess_measures(hazard, exposure, CURVES, [Measure(f"m{k}", parts) for k, parts in enumerate(lists)])
    plain = assess(hazard, exposure, CURVES, path="scipy")
    assert many.at_event[0] == pytest.approx(plain.at_event, rel=1e-12)
    assert many.averted == pytest.approx(plain.aal - many.aal[1:])
    assert many.averted_at_event @ hazard.frequency == pytest.approx(many.averted, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), by=eighths, more=eighths)
def test_protecting_more_never_averts_less(seed, by, more):
    hazard, exposure = _town(seed)
    pairs = [(LowerIntensity(by), LowerIntensity(by + more)), (BlockBelow(by, WEST), BlockBelow(by + more, WEST)),
             (RaiseFloors(by), RaiseFloors(by + more)), (ProtectTo(1 + by), ProtectTo(1 + by + more))]  # fmt: skip
    measures = [Measure(f"{k}{side}", [pair[side]]) for k, pair in enumerate(pairs) for side in (0, 1)]
    averted = assess_measures(hazard, exposure, CURVES, measures, path="scipy").averted.reshape(-1, 2)
    assert (averted >= -1e-9).all()
    assert (averted[:, 1] >= averted[:, 0] - 1e-9).all()


@pytest.mark.parametrize("path", ["scipy", "compiled"])
def test_both_paths_compare_alike(path):
    hazard, exposure = _town(4, events=9, assets=80)
    measures = [Measure("dam", [LowerIntensity(0.25)]), Measure("wall", [BlockBelow(1.0, WEST)]),
                Measure("floors", [RaiseFloors(0.5, range(0, 80, 3))]), Measure("move", [Remove([1, 2, 3])])]  # fmt: skip
    many = assess_measures(hazard, exposure, CURVES, measures, path=path)
    for row, measure in enumerate(measures, start=1):
        alone = assess(*apply(measure, hazard, exposure, CURVES), path="scipy")
        assert many.of("people").at_event[row] == pytest.approx(alone.of("people").at_event, rel=1e-12)
        assert many.at_event[row] == pytest.approx(alone.at_event, rel=1e-12)


def test_a_measure_that_does_nothing_averts_nothing():
    hazard, exposure = _town(1)
    idle = [Measure("nothing", []), Measure("zero", [LowerIntensity(0.0), RaiseFloors(0.0), ScaleDamage(1.0)])]
    many = assess_measures(hazard, exposure, CURVES, idle)
    assert many.averted.tolist() == [0, 0]


def test_removing_all_leaves_exactly_nothing():
    hazard, exposure = _town(1)
    many = assess_measures(hazard, exposure, CURVES, [Measure("gone", [Remove(np.ones(30, bool))])])
    assert many.aal[1] == 0
    assert many.of("people").aal[1] == 0


def _by_hand(hazard, exposure, curves, parts, name, base):
    """(E,) one asset and event at a time, without any of the library's measures."""
    x, y, value = exposure.x.copy(), exposure.y.copy(), exposure.metric(name).value.copy()
    rows, on_curve = exposure.rows(name), [[] for _ in range(exposure.size)]
    everyone = range(exposure.size)
    for part in parts:
        mine = everyone if getattr(part, "assets", None) is None else part.assets
        for k in mine:
            if isinstance(part, (FloodProof, ScaleDamage)) and part.curves is not None and rows[k] not in part.curves:
                continue
            if isinstance(part, (FloodProof, RaiseFloors)):
                on_curve[k].append(("shift", part.by))
            elif isinstance(part, ScaleDamage):
                on_curve[k].append(("scale", part.factor))
            elif isinstance(part, Remove) or (isinstance(part, ScaleValue) and part.metric == name):
                value[k] *= 0.0 if isinstance(part, Remove) else part.factor
            elif isinstance(part, Relocate):
                x[k], y[k] = part.x, part.y
    total = np.zeros(hazard.events)
    for event in everyone if hazard.events > exposure.size else range(hazard.events):
        listed = dict(zip(*(array.tolist() for array in hazard.event(event)), strict=True))
        rank = sum(often for other, often in zip(base, hazard.frequency, strict=True) if other >= base[event] - 1e-9)
        for k in everyone:
            col, row = int(np.floor(x[k] / 10)), int(np.floor(y[k] / 10))
            inside = 0 <= col < 6 and 0 <= row < 4
            depth = _struck(listed.get(row * 6 + col) if inside else None, row, col, parts, 1 / rank)
            total[event] += value[k] * _suffered(depth, on_curve[k], curves, rows[k])
    return total


def _struck(depth, row, col, parts, return_period):
    for part in parts:
        where = getattr(part, "where", None)
        if depth is None or (where is not None and not where[row, col]):
            continue
        if isinstance(part, LowerIntensity):
            by = part.by if np.ndim(part.by) == 0 else part.by[row, col]
            depth = None if depth < by else depth - by
        elif isinstance(part, BlockBelow):
            depth = None if depth < part.level else depth
        elif isinstance(part, ProtectTo):
            depth = None if return_period < part.return_period else depth
    return depth


def _suffered(depth, on_curve, curves, row):
    factor = 1.0
    for kind, amount in reversed(on_curve):
        if kind == "scale":
            factor *= amount
        elif depth is not None:
            depth = None if depth < amount else depth - amount
    if depth is None:
        return 0.0
    points, damage = curves.intensity, curves.damage[row]
    above = np.flatnonzero(points <= depth)
    if not above.size:
        return factor * damage[0]
    k = above[-1]
    if k == points.size - 1:
        return factor * damage[-1]
    return factor * (damage[k] + (depth - points[k]) * (damage[k + 1] - damage[k]) / (points[k + 1] - points[k]))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), parts=st.lists(changes, min_size=1, max_size=4), rough=st.booleans())
def test_a_measure_is_what_its_words_say_asset_by_asset(seed, parts, rough):
    hazard, exposure = _town(seed, events=4)
    curves = ROUGH if rough else CURVES
    base = assess(hazard, exposure, curves, path="scipy").at_event
    many = assess_measures(hazard, exposure, curves, [Measure("it", parts)], path="scipy")
    for name in exposure.names:
        by_hand = _by_hand(hazard, exposure, curves, parts, name, base)
        assert many.of(name).at_event[1] == pytest.approx(by_hand, rel=1e-10, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), parts=st.lists(changes, max_size=3), rough=st.booleans())
def test_a_slider_on_prepared_assets_gives_the_same(seed, parts, rough):
    hazard, exposure = _town(seed)
    curves = ROUGH if rough else CURVES
    measure = Measure("it", parts)
    slid = assess_with(measure, prepare(exposure, GRID, curves), hazard)
    alone = assess(*apply(measure, hazard, exposure, curves), path="scipy")
    for name in exposure.names:
        assert slid.of(name).at_event == pytest.approx(alone.of(name).at_event, rel=1e-12, abs=1e-11)
        assert slid.of(name).per_asset == pytest.approx(alone.of(name).per_asset, rel=1e-12, abs=1e-11)


@pytest.mark.parametrize(
    ("change", "links"),
    [
        (FloodProof(0.5, [0]), 0), (ScaleDamage(0.5), 0), (RaiseFloors(0.25), 0), (LowerIntensity(0.5), 0),
        (BlockBelow(1.0), 0), (LowerIntensity(0.5, WEST), 0), (BlockBelow(1.0, WEST), 0), (RaiseFloors(0.25, [1]), 1),
        (Remove([1]), 1), (Relocate([1], 5.0, 5.0), 1), (ScaleValue(2.0), 1),
    ],
)  # fmt: skip
def test_a_slider_links_again_only_for_single_assets(monkeypatch, change, links):
    import maehia.impact.measures as module

    hazard, exposure = _town(3)
    prepared, calls = prepare(exposure, GRID, CURVES), []
    monkeypatch.setattr(module, "assess", lambda *given, **more: calls.append(1) or assess(*given, **more))
    assess_with(Measure("it", [change]), prepared, hazard)
    assert len(calls) == links


def test_a_measure_for_some_houses_copies_no_town():
    from maehia.impact.measures_state import State

    _, exposure = _town(3)
    state = State(exposure, CURVES, GRID)
    RaiseFloors(0.5, [1]).on_assets(state)
    assert state.x is exposure.x
    assert state.values["value"] is exposure.value
    assert state.touched.sum() == 1


def test_the_given_town_is_left_as_it_is():
    hazard, exposure = _town(3)
    before = [exposure.x.copy(), exposure.value.copy(), exposure.curve.copy(), CURVES.damage.copy()]
    parts = [Relocate([0], 5.0, 5.0), Remove([1]), RaiseFloors(0.5), ScaleDamage(0.5)]
    assess_measures(hazard, exposure, CURVES, [Measure("all", parts)])
    apply(Measure("all", parts), hazard, exposure, CURVES)
    after = [exposure.x, exposure.value, exposure.curve, CURVES.damage]
    assert all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (LowerIntensity(0.5), [0, 25, 75]),
        (LowerIntensity(0.5, WEST), [0, 25, 75]),
        (LowerIntensity(0.5, ~WEST), [25, 50, 100]),
        (BlockBelow(1.0), [0, 50, 100]),
        (BlockBelow(1.25), [0, 0, 100]),
        (FloodProof(0.5), [0, 25, 75]),
        (RaiseFloors(1.0, [0]), [0, 0, 50]),
        (ScaleDamage(0.5), [12.5, 25, 50]),
        (ScaleValue(2.0), [50, 100, 200]),
        (Remove([0]), [0, 0, 0]),
        (Relocate([0], 55.0, 35.0), [0, 0, 0]),
        (ProtectTo(2.0), [0, 50, 100]),
        (ProtectTo(1e9), [0, 0, 0]),
    ],
)
def test_a_change_by_hand(change, expected):
    many = assess_measures(_depths(0.5, 1.0, 2.0), ONE, LINE, [Measure("it", [change])])
    assert many.at_event[1] == pytest.approx(expected)


def test_the_order_of_changes_counts_when_it_should():
    wall_then_dam = Measure("a", [BlockBelow(1.0), LowerIntensity(0.5)])
    dam_then_wall = Measure("b", [LowerIntensity(0.5), BlockBelow(1.0)])
    many = assess_measures(_depths(0.5, 1.0, 2.0), ONE, LINE, [wall_then_dam, dam_then_wall])
    assert many.at_event[1] == pytest.approx([0, 25, 75])
    assert many.at_event[2] == pytest.approx([0, 0, 75])


def test_water_lowered_to_nothing_is_dry_even_for_a_curve_that_is_not_zero_at_zero():
    rough = Curves(np.array([0.0, 2.0]), np.array([[0.2, 1.0]]))
    many = assess_measures(_depths(0.25, 0.5, 1.0), ONE, rough, [Measure("dam", [LowerIntensity(0.5)])])
    assert many.at_event[1] == pytest.approx([0.0, 20.0, 40.0])


def test_protection_holds_back_frequent_events_and_none_of_frequency_zero():
    held = frequent(np.array([5.0, 1.0, 3.0, 9.0]), np.array([0.01, 0.5, 0.1, 0.0]), 20)
    assert held.tolist() == [False, True, True, False]


def test_twins_are_held_back_together_or_not_at_all():
    twins = np.array([2.0, 1.0, 1.0 + 1e-15, 0.5])
    assert frequent(twins, np.full(4, 0.05), 10).tolist() == [False, True, True, True]
    assert frequent(twins, np.full(4, 0.05), 6).tolist() == [False, False, False, True]


def test_no_events_hold_nothing_back():
    assert frequent(np.zeros(0), np.zeros(0), 10).size == 0


@settings(max_examples=40)
@given(
    impacts=st.lists(st.integers(0, 5), min_size=1, max_size=12), years=st.floats(1, 200), data=st.data()
)  # fmt: skip
def test_holding_back_is_the_definition_event_by_event(impacts, years, data):
    often = np.array(data.draw(st.lists(st.integers(0, 4), min_size=len(impacts), max_size=len(impacts)))) / 64
    at = np.array(impacts, float)
    for event, held in enumerate(frequent(at, often, years)):
        exceeded = often[at >= at[event]].sum()
        assert held == (often[event] > 0 and exceeded * years > 1 + 1e-12)


def test_an_event_exactly_at_the_design_return_period_is_not_held():
    assert frequent(np.array([1.0]), np.array([0.1]), 10).tolist() == [False]


def test_a_relocated_asset_suffers_at_its_new_place():
    hazard = Hazard.from_events(GRID, [([1, 23], [0.5, 2.0])], [0.1])
    many = assess_measures(hazard, ONE, LINE, [Measure("move", [Relocate([0], [55.0], [35.0])]),
                                               Measure("away", [Relocate([0], -900.0, 0.0)])])  # fmt: skip
    assert many.at_event[:, 0] == pytest.approx([25, 100, 0])


def test_hazard_changes_act_where_an_asset_stands_in_the_end():
    hazard = Hazard.from_events(GRID, [([1, 23], [1.0, 1.0])], [0.1])
    dam_west = LowerIntensity(0.5, WEST)
    many = assess_measures(hazard, ONE, LINE, [Measure("both", [dam_west, Relocate([0], 55.0, 35.0)])])
    assert many.at_event[1] == pytest.approx([50])


def test_a_simulated_hazard_and_a_busy_field_take_a_walk_each():
    hazard, exposure = _town(7, assets=200)
    field = np.random.default_rng(1).random(GRID.shape)
    lower = hazard.with_intensity(hazard.intensity / 2)
    import maehia.impact.measures_state as state

    limit, state.MOST_ROWS = state.MOST_ROWS, 5
    try:
        measures = [Measure("drain", [ReplaceHazard(lower)]), Measure("wall", [BlockBelow(1.0)]),
                    Measure("field", [LowerIntensity(field), RaiseFloors(0.25)])]  # fmt: skip
        many = assess_measures(hazard, exposure, CURVES, measures, path="scipy")
    finally:
        state.MOST_ROWS = limit
    assert many.walks == 3
    for row, measure in enumerate(measures, start=1):
        alone = assess(*apply(measure, hazard, exposure, CURVES), path="scipy")
        assert many.at_event[row] == pytest.approx(alone.at_event, rel=1e-12)


def test_many_overlapping_masks_still_take_one_walk():
    hazard, exposure = _town(8, assets=150)
    random = np.random.default_rng(2)
    measures = [Measure(f"m{k}", [RaiseFloors(0.25, random.random(150) < 0.5)]) for k in range(9)]
    many = assess_measures(hazard, exposure, CURVES, measures, path="scipy")
    assert many.walks == 1
    assert len(np.unique([m.changes[0].assets for m in measures], axis=1).T) > MOST_PARTS
    for row, measure in enumerate(measures, start=1):
        alone = assess(*apply(measure, hazard, exposure, CURVES), path="scipy")
        assert many.at_event[row] == pytest.approx(alone.at_event, rel=1e-12)


@pytest.mark.parametrize("town", ["empty", "dry", "no events"])
def test_a_town_without_impact_compares_to_zero(town):
    hazard, exposure = _town(2)
    if town == "empty":
        exposure = Exposure([], [], np.zeros(0, int), [])
    elif town == "dry":
        hazard = Hazard.from_events(GRID, [([], [])], [0.1])
    else:
        hazard = Hazard.from_events(GRID, [], [])
    measures = [Measure("dam", [LowerIntensity(0.5)]), Measure("levee", [ProtectTo(25)])]
    assert assess_measures(hazard, exposure, CURVES, measures).aal.tolist() == [0, 0, 0]
