"""Measures together: compared in one walk, on sliders, beside terms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.assess import assess, prepare
from maehia.impact.costbenefit import Cost
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
)
from maehia.impact.measures_compare import assess_measures
from maehia.impact.terms import Terms
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


def test_two_measures_added_are_both_and_cost_both():
    dam = Measure("dam", [LowerIntensity(0.5)], cost=Cost(100, 5))
    proof = Measure("proof", [FloodProof(0.5)], cost=Cost(50, 1))
    both = dam + proof
    assert both.name == "dam + proof"
    assert (both.cost.capital, both.cost.maintenance) == (150, 6)
    assert assess_measures(_depths(2.0), ONE, LINE, [both]).at_event[1] == pytest.approx([50])
    assert (dam + Measure("free", [])).cost is None


def test_a_comparison_is_a_table_by_measure_and_quantity():
    hazard, exposure = _town(3)
    many = assess_measures(hazard, exposure, CURVES, [Measure("dam", [LowerIntensity(0.5)])])
    rows = many.to_arrow().to_pylist()
    assert [(row["measure"], row["quantity"]) for row in rows] == [
        ("without", "value"), ("dam", "value"), ("without", "people"), ("dam", "people"),
    ]  # fmt: skip
    assert rows[1]["averted"] == many.averted[0]
    assert rows[3]["share"] == pytest.approx(many.of("people").averted[0] / many.of("people").aal[0])


def test_measures_that_name_a_cost_are_appraised_today_and_then():
    measures = [Measure("dam", [LowerIntensity(0.5)], cost=Cost(100)), Measure("talk", [])]
    now = assess_measures(_depths(1.0), ONE, LINE, measures)
    then = assess_measures(_depths(2.0), ONE, LINE, measures)
    plain = now.appraise(years=10, rate=0.0)
    assert list(plain) == ["dam"]
    assert plain["dam"].npv == pytest.approx(10 * 0.25 * 25 - 100)
    assert now.appraise(years=10, rate=0.0, then=then)["dam"].npv == pytest.approx(plain["dam"].npv)
    with pytest.raises(ArgumentError, match="then"):
        now.appraise(years=10, rate=0.0, then=assess_measures(_depths(1.0), ONE, LINE, measures[:1]))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (LowerIntensity(-1.0), "by: is -1"),
        (LowerIntensity(np.ones((2, 2))), r"by: has shape \(2, 2\)"),
        (LowerIntensity(np.full((4, 6), np.nan)), r"by\[0\]: is NaN"),
        (LowerIntensity(1.0, np.ones((6, 4), bool)), r"where: has shape \(6, 4\), expected one value a cell, \(4, 6\)"),
        (BlockBelow(np.nan), "level"),
        (ProtectTo(0), "return_period"),
        (FloodProof(0.5, [3]), r"curves\[0\]: has no row: there are 3"),
        (ScaleDamage(-0.5), "factor"),
        (RaiseFloors(np.inf), "by: is inf"),
        (Remove([30]), r"assets\[0\]: is no asset: there are 30"),
        (Remove([0, -1]), r"assets\[1\]"),
        (Remove(np.ones(3, bool)), r"assets: has shape \(3,\)"),
        (ScaleValue(1.0, None, "cows"), "'cows'"),
        (Relocate([0, 1], [1.0, 2.0, 3.0], 0.0), "x: has 3 places for 2 assets"),
        (Relocate([0], np.nan, 0.0), "x"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_every_way(change, text):
    hazard, exposure = _town(0)
    with pytest.raises(ArgumentError, match=text):
        assess_measures(hazard, exposure, CURVES, [Measure("bad", [change])])
    with pytest.raises(ArgumentError, match=text):
        apply(Measure("bad", [change]), hazard, exposure, CURVES)
    with pytest.raises(ArgumentError, match=text):
        assess_with(Measure("bad", [change]), prepare(exposure, GRID, CURVES), hazard)


def test_another_hazard_must_have_the_same_grid_and_events():
    hazard, exposure = _town(0)
    elsewhere = Hazard.from_events(Grid(1, 0, 10, 10, 6, 4), [([0], [1.0])] * 6, hazard.frequency)
    other = Hazard.from_events(GRID, [([0], [1.0])], [0.5])
    for wrong, text in ((elsewhere, "another grid"), (other, "other events")):
        with pytest.raises(ArgumentError, match=text):
            assess_measures(hazard, exposure, CURVES, [Measure("bad", [ReplaceHazard(wrong)])])


def test_names_are_names():
    hazard, exposure = _town(0)
    for names in (["a", "a"], ["without"]):
        with pytest.raises(ArgumentError, match="name twice, or one is called"):
            assess_measures(hazard, exposure, CURVES, [Measure(name, []) for name in names])
    with pytest.raises(ArgumentError, match="empty"):
        Measure("", [])
    with pytest.raises(ArgumentError, match="'cows', expected one of value, people"):
        assess_measures(hazard, exposure, CURVES, []).of("cows")


@given(
    ops=st.lists(st.tuples(st.sampled_from(["shift", "block", "scale"]), eighths), max_size=5),
    row=st.integers(0, 2),
    x=st.integers(0, 60).map(lambda k: k / 16),
)
def test_curves_after_any_changes_are_the_composed_functions(ops, row, x):
    from maehia.impact.measures_state import Library

    library, number = Library(ROUGH), row
    for op in ops:
        number = library.changed(number, op)
    depth, factor = x, 1.0
    for kind, amount in reversed(ops):
        if kind == "scale":
            factor *= amount
        elif depth is not None and depth < amount and amount > 0:
            depth = None
        elif kind == "shift" and depth is not None:
            depth -= amount
    expected = 0.0 if depth is None else factor * float(ROUGH.at(depth)[row])
    assert library.curves().at(x)[number] == pytest.approx(expected, abs=1e-13)


def test_the_same_change_of_the_same_row_is_one_row():
    from maehia.impact.measures_state import Library

    library = Library(CURVES)
    assert library.changed(0, ("shift", 0.5)) == library.changed(0, ("shift", 0.5)) == 3
    assert library.changed(0, ("shift", 0.0)) == 0
    assert library.changed(1, ("scale", 1.0)) == 1
    assert library.curves().size == 4
    assert Library(CURVES).curves() is CURVES


@settings(max_examples=30)
@given(columns=st.lists(st.lists(st.booleans(), min_size=7, max_size=7), max_size=9))
def test_sets_of_measures_are_told_apart(columns):
    from maehia.impact.measures_compare import _sets

    touched = [np.array(column) for column in columns]
    sets, of_asset = _sets(touched, 7)
    assert sets.shape == (len({tuple(column[k] for column in columns) for k in range(7)}), len(columns))
    for number, column in enumerate(touched):
        assert np.array_equal(sets[of_asset, number], column)


def test_each_asset_moves_to_its_own_place_in_the_order_written():
    town = Exposure(np.array([5.0, 15.0, 25.0]), np.full(3, 5.0), 0, np.ones(3))
    dry = Hazard.from_events(GRID, [([], [])], [1.0])
    moved = apply(Measure("move", [Relocate([2, 0], [45.0, 55.0], [35.0, 25.0])]), dry, town, LINE)[1]
    assert moved.x.tolist() == [55.0, 15.0, 45.0]
    assert moved.y.tolist() == [25.0, 5.0, 35.0]
    by_mask = apply(Measure("move", [Relocate([True, False, True], [45.0, 55.0], 5.0)]), dry, town, LINE)[1]
    assert by_mask.x.tolist() == [45.0, 15.0, 55.0]
    with pytest.raises(ArgumentError, match=r"assets\[1\]: is listed before"):
        apply(Measure("twice", [Relocate([1, 1], [45.0, 55.0], 5.0)]), dry, town, LINE)


def test_a_replaced_hazard_does_not_swallow_the_wall_written_before_it():
    hazard, _ = _town(1)
    with pytest.raises(ArgumentError, match=r"changes\[1\]: replaces the hazard.*first"):
        Measure("both", [BlockBelow(1.0), ReplaceHazard(hazard)])
    assert len(Measure("both", [Remove([0]), ReplaceHazard(hazard), BlockBelow(1.0)]).changes) == 3


def test_what_is_no_change_is_refused_with_its_place():
    with pytest.raises(ArgumentError, match=r"changes\[1\]: is 'wall'"):
        Measure("x", [BlockBelow(1.0), "wall"])
    with pytest.raises(ArgumentError, match="expected a list"):
        Measure("x", BlockBelow(1.0))


def test_another_hazard_must_be_in_the_same_unit():
    hazard, town = _town(1)
    other = Hazard(GRID, hazard.indptr, hazard.cell, hazard.intensity, hazard.frequency, "cm")
    with pytest.raises(ArgumentError, match="is in cm, expected m"):
        apply(Measure("cm", [ReplaceHazard(other)]), hazard, town, CURVES)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), parts=st.lists(changes, max_size=3))
def test_terms_hold_with_a_measure_as_without(seed, parts):
    hazard, town = _town(seed)
    size = town.size
    terms = Terms(deductible=5.0, cover=40.0, floor=np.arange(size) % 4 / 4)
    measure = Measure("m", parts)
    many = assess_measures(hazard, town, CURVES, [measure], terms=terms)
    without = assess(hazard, town, CURVES, terms=terms)
    alone = assess(*apply(measure, hazard, town, CURVES), terms=terms)
    slid = assess_with(measure, prepare(town, GRID, CURVES), hazard, terms=terms)
    for name in town.names:
        expected = np.stack([without.of(name).at_event, alone.of(name).at_event])
        np.testing.assert_allclose(many.of(name).at_event, expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(slid.of(name).at_event, expected[1], rtol=1e-12, atol=1e-12)
    assert many.walks == 2


def test_a_wall_before_raised_floors_is_overtopped_by_the_water_and_not_by_what_is_left_of_it():
    hazard = Hazard.from_events(GRID, [([0], [1.0])], [1.0])
    town = Exposure(np.array([5.0]), np.array([5.0]), 0, np.array([8.0]))
    wall, half = Measure("wall", [BlockBelow(0.75)]), Terms(floor=0.5)
    line = Curves(np.array([0.0, 1.0]), np.array([[0.0, 1.0]]))
    # 1 m of water passes the wall of 0.75 m; half a metre of it stands above the floor.
    assert assess_measures(hazard, town, line, [wall], terms=half).aal.tolist() == [4.0, 4.0]
    assert assess_with(wall, prepare(town, GRID, line), hazard, terms=half).aal == 4.0


def test_a_slider_keeps_the_order_of_what_the_water_meets():
    hazard = Hazard.from_events(GRID, [([0], [1.25])], [1.0])
    town = Exposure(np.array([5.0]), np.array([5.0]), 0, np.array([8.0]))
    line = Curves(np.array([0.0, 1.0]), np.array([[0.0, 1.0]]))
    wall, drain = BlockBelow(1.0), LowerIntensity(0.5)
    for order, left in (([wall, drain], 6.0), ([drain, wall], 0.0)):  # 1.25 m pass the wall; 0.75 m do not
        measure = Measure("both", order)
        assert assess(*apply(measure, hazard, town, line)).aal == left
        assert assess_with(measure, prepare(town, GRID, line), hazard).aal == left
        assert assess_measures(hazard, town, line, [measure]).aal.tolist() == [8.0, left]


@pytest.mark.parametrize("level", [0.7, 0.3, 0.55])
def test_a_depth_stored_as_float32_overtops_the_wall_written_alike(level):
    hazard = Hazard.from_events(GRID, [([0], np.array([level], dtype=np.float32))], [1.0])
    town = Exposure(np.array([5.0]), np.array([5.0]), 2, np.array([8.0]))
    wall = Measure("wall", [BlockBelow(level)])
    without = assess(hazard, town, CURVES).aal
    assert without == 8.0
    assert assess(*apply(wall, hazard, town, CURVES)).aal == without
    assert assess_with(wall, prepare(town, GRID, CURVES), hazard).aal == without


@pytest.mark.parametrize("years", [(3.0, 30.0), (30.0, 3.0), (8.0, 3.0), (3.0, 8.0)])
def test_of_two_protections_of_one_asset_the_stronger_holds(years):
    hazard, town = _town(5)
    measure = Measure("both", [ProtectTo(one) for one in years])
    strongest = assess(*apply(Measure("one", [ProtectTo(max(years))]), hazard, town, CURVES)).at_event
    assert (
        strongest.tolist() != assess(*apply(Measure("one", [ProtectTo(3.0)]), hazard, town, CURVES)).at_event.tolist()
    )
    np.testing.assert_allclose(assess_measures(hazard, town, CURVES, [measure]).at_event[1], strongest, rtol=1e-12)
