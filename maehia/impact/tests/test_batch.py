"""Batches of any split, in any order, in any process, give what `assess` gives."""

import itertools
import pickle
import tracemalloc

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.assess import prepare
from maehia.impact.batch import SCHEMA, Kind, Plan, finish, make_plan, merge, partial_sums, sums_of
from maehia.impact.curves import Curves
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.formats import interior
from maehia.impact.terms import Terms

GRID = Grid(0, 0, 10, 10, 8, 6)
CURVES = Curves([0, 0.5, 0.5, 2], [[0, 0.2, 0.3, 1], [0, 0, 1, 1], [0.1, 0.1, 0.4, 0.4]])


def hazard_of(seed, events=7):
    draw = np.random.default_rng(seed)
    maps = np.where(draw.random((events, *GRID.shape)) < 0.4, draw.random((events, *GRID.shape)) * 2.5, 0)
    maps[2] = 0  # an event without cells
    return Hazard.from_maps(GRID, maps, draw.random(events) / 10)


def exposure_of(seed, size=60):
    draw = np.random.default_rng(seed)
    return Exposure(
        draw.uniform(-10, 90, size), draw.uniform(-10, 70, size), draw.integers(0, 3, size), draw.random(size) * 1e6,
        group=draw.integers(1, 4, size), metrics={"people": Metric(1, draw.integers(0, 6, size).astype(float))},
    )  # fmt: skip


def table_of(hazard):
    return pa.Table.from_batches(interior.batches(hazard))


def batches_of(table, cuts):
    edges = [0, *sorted(cuts), table.num_rows]
    for start, stop in itertools.pairwise(edges):
        yield from table.slice(start, stop - start).combine_chunks().to_batches()


def assert_same(found, expected):
    for name in expected.metrics:
        mine, right = found.of(name), expected.of(name)
        np.testing.assert_allclose(mine.at_event, right.at_event, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(mine.per_asset, right.per_asset, rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(found.by_group(name), expected.by_group(name), rtol=1e-12, atol=1e-9)
        assert mine.aal == pytest.approx(right.aal, rel=1e-12)
    np.testing.assert_array_equal(found.off_grid, expected.off_grid)


@given(st.integers(0, 50), st.lists(st.integers(0, 100), max_size=6), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_any_split_in_any_order_gives_what_assess_gives(seed, cuts, shuffle):
    hazard, prepared = hazard_of(seed), prepare(exposure_of(seed), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    table = table_of(hazard)
    order = np.random.default_rng(shuffle).permutation(table.num_rows)
    parts = [partial_sums(batch, plan) for batch in batches_of(table.take(order), cuts)]
    np.random.default_rng(shuffle).shuffle(parts)
    assert_same(finish(merge(parts), plan, prepared), prepared.assess(hazard))


@given(st.integers(0, 50), st.integers(0, 6))
@settings(max_examples=15, deadline=None)
def test_merging_in_a_tree_gives_what_merging_at_once_gives(seed, middle):
    hazard = hazard_of(seed)
    plan = make_plan(prepare(exposure_of(seed), GRID, CURVES), hazard.frequency)
    parts = [partial_sums(b, plan) for b in batches_of(table_of(hazard), [10, 20, 30, 40, 50, 60])]
    tree = merge([merge(parts[:middle]), merge(parts[middle:])])
    once = merge(parts)
    assert tree.column("id").equals(once.column("id"))
    np.testing.assert_allclose(tree.column("value"), once.column("value"), rtol=1e-13)


@pytest.mark.parametrize("cells_an_asset", [0, 1000])
def test_expectations_come_from_a_table_or_from_a_search_alike(monkeypatch, cells_an_asset):
    monkeypatch.setattr("maehia.impact.batch.DENSE_CELLS", cells_an_asset)
    hazard, prepared = hazard_of(3), prepare(exposure_of(3), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    assert_same(finish(partial_sums(*interior.batches(hazard), plan), plan, prepared), prepared.assess(hazard))


def test_a_plan_survives_pickling_and_the_disk(tmp_path):
    hazard, prepared = hazard_of(1), prepare(exposure_of(1), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    plan.save(tmp_path)
    (batch,) = interior.batches(hazard)
    first = partial_sums(batch, plan)
    assert partial_sums(batch, pickle.loads(pickle.dumps(plan))).equals(first)
    assert partial_sums(batch, Plan.open(tmp_path)).equals(first)


def test_ids_say_which_event_and_which_cell_and_curve():
    exposure = Exposure([15.0], [5.0], [2], [100.0])
    plan = make_plan(prepare(exposure, GRID, CURVES), [0.1, 0.5])
    batch = pa.record_batch({"event": [1, 1], "cell": [1, 7], "intensity": [1.0, 1.0]})
    rows = partial_sums(batch, plan).to_pylist()
    assert rows == [
        {"kind": Kind.AT_EVENT, "id": 1, "value": pytest.approx(40.0)},
        {"kind": Kind.EXPECTATION, "id": 1 * 3 + 2, "value": pytest.approx(0.5 * 0.4)},
    ]


def test_partials_are_no_more_than_events_and_classes():
    hazard, prepared = hazard_of(5), prepare(exposure_of(5), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    (batch,) = interior.batches(hazard)
    assert partial_sums(batch, plan).num_rows <= hazard.events * plan.targets + plan.classes.size


@pytest.mark.parametrize("exposure", [Exposure([], [], [], []), Exposure([-5.0], [1.0], [0], [1.0])])
def test_nothing_on_the_grid_gives_zero(exposure):
    hazard, prepared = hazard_of(0), prepare(exposure, GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    impact = finish(merge(partial_sums(b, plan) for b in interior.batches(hazard)), plan, prepared)
    assert impact.aal == 0
    assert impact.at_event.tolist() == [0.0] * hazard.events


def test_no_batches_give_zero():
    prepared = prepare(exposure_of(0), GRID, CURVES)
    plan = make_plan(prepared, [0.1])
    assert finish(merge([]), plan, prepared).aal == 0


BAD = {
    "event": ([0, 9], [1, 1], [1.0, 1.0], "event[1]"),
    "cell": ([0, 0], [1, 48], [1.0, 1.0], "cell[1]"),
    "nan": ([0, 0], [1, 2], [1.0, np.nan], "intensity[1]"),
    "negative": ([0, 0], [1, 2], [-0.1, 1.0], "intensity[0]"),
    "infinite": ([0, 0], [1, 2], [1.0, np.inf], "intensity[1]"),
    "empty": ([0, 0], [1, 2], [1.0, None], "intensity[1]"),
    "empty event": ([0, None], [1, 2], [1.0, 1.0], "event[1]"),
    "negative event": ([0, -1], [1, 2], [1.0, 1.0], "event[1]"),
    "negative cell": ([0, 0], [-1, 2], [1.0, 1.0], "cell[0]"),
    "twice": ([0, 0, 0], [1, 2, 2], [1.0, 1.0, 1.0], "cell[2]: is listed twice in its event"),
    "twice, far apart": ([0, 1, 0], [2, 2, 2], [1.0, 1.0, 1.0], "cell[2]: is listed twice in its event"),
    "NaN in unsorted rows": ([1, 0, 0], [1, 2, 1], [1.0, np.nan, 1.0], "intensity[1]"),
    "cell of unsorted rows": ([1, 0, 0], [1, 48, 1], [1.0, 1.0, 1.0], "cell[1]"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_named(case):
    event, cell, intensity, where = BAD[case]
    plan = make_plan(prepare(exposure_of(0), GRID, CURVES), [0.1, 0.2])
    values = pa.array(intensity, pa.float64())
    with pytest.raises(ArgumentError) as refused:
        partial_sums(pa.record_batch({"event": event, "cell": cell, "intensity": values}), plan)
    assert str(refused.value).startswith(where)


@pytest.mark.parametrize(("column", "values", "said"), [
    ("event", pa.array(["a"]), "event: is of type string, expected whole numbers"),
    ("event", pa.array([0.5]), "event: is of type double, expected whole numbers"),
    ("cell", pa.array([True]), "cell: is of type bool, expected whole numbers"),
    ("intensity", pa.array(["deep"]), "intensity: is of type string, expected numbers"),
])  # fmt: skip
def test_a_column_of_another_type_is_named(column, values, said):
    plan = make_plan(prepare(exposure_of(0), GRID, CURVES), [0.1])
    columns = {"event": pa.array([0]), "cell": pa.array([1]), "intensity": pa.array([1.0])}
    with pytest.raises(ArgumentError, match=said):
        partial_sums(pa.record_batch({**columns, column: values}), plan)


def test_terms_make_no_plan():
    with pytest.raises(ArgumentError, match=r"terms: are reckoned asset by asset.*Use assess"):
        make_plan(prepare(exposure_of(0), GRID, CURVES), [0.1], terms=Terms(deductible=5.0))


def test_an_empty_batch_gives_no_rows():
    plan = make_plan(prepare(exposure_of(0), GRID, CURVES), [0.1])
    batch = table_of(hazard_of(0)).slice(0, 0).combine_chunks().to_batches()
    empty = batch[0] if batch else pa.RecordBatch.from_pylist([], schema=table_of(hazard_of(0)).schema)
    assert partial_sums(empty, plan).num_rows == 0
    assert partial_sums(empty, plan).schema == SCHEMA


def test_a_missing_column_is_named():
    plan = make_plan(prepare(exposure_of(0), GRID, CURVES), [0.1])
    with pytest.raises(ArgumentError, match="has no column cell"):
        partial_sums(pa.record_batch({"event": [0], "intensity": [1.0]}), plan)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_every_type_of_column_gives_the_same(kind, index):
    hazard, prepared = hazard_of(4), prepare(exposure_of(4), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    table = table_of(hazard)
    batch = pa.record_batch({
        "event": table["event"].to_numpy().astype(index), "cell": table["cell"].to_numpy().astype(index),
        "intensity": table["intensity"].to_numpy().astype(kind),
    })  # fmt: skip
    assert_same(finish(merge([partial_sums(batch, plan)]), plan, prepared), prepared.assess(hazard))


def test_a_step_at_the_threshold_counts_as_reached():
    prepared = prepare(Exposure([15.0], [5.0], [0], [100.0]), GRID, Curves([0, 0.5, 0.5, 2], [[0, 0.2, 0.3, 1]]))
    plan = make_plan(prepared, [1.0, 1.0])
    batch = pa.record_batch({"event": [0, 1], "cell": [1, 1], "intensity": [0.5, np.nextafter(0.5, 0)]})
    values = [row["value"] for row in partial_sums(batch, plan).to_pylist() if row["kind"] == Kind.AT_EVENT]
    assert values == pytest.approx([30, 20])


def test_a_stored_zero_is_put_on_the_curve_and_an_absent_cell_is_not():
    prepared = prepare(Exposure([15.0, 25.0], [5.0, 5.0], [0, 0], [100.0, 50]), GRID, Curves([0, 1], [[0.1, 1]]))
    plan = make_plan(prepared, [0.5])
    batch = pa.record_batch({"event": [0], "cell": [1], "intensity": [0.0]})
    impact = finish(merge([partial_sums(batch, plan)]), plan, prepared)
    assert impact.at_event.tolist() == [10]
    assert impact.per_asset.tolist() == [5, 0]


@pytest.mark.parametrize("frequency", [[-0.1], [np.nan]])
def test_a_bad_frequency_makes_no_plan(frequency):
    with pytest.raises(ArgumentError, match=r"frequency\[0\]"):
        make_plan(prepare(exposure_of(0), GRID, CURVES), frequency)


def test_cells_of_a_grid_beyond_two_billion_cells_are_found():
    """int64 cells; no table of the grid is made."""
    wide = Grid(0, 0, 1, 1, 100_000, 60_000)
    last = wide.size - 1
    prepared = prepare(Exposure([99_999.5], [59_999.5], [0], [8.0]), wide, Curves([0, 1], [[0, 1]]))
    plan = make_plan(prepared, [0.25])
    batch = pa.record_batch({"event": [0, 0], "cell": [last - 1, last], "intensity": [1.0, 0.5]})
    impact = finish(merge([partial_sums(batch, plan)]), plan, prepared)
    assert (impact.at_event.tolist(), impact.aal) == ([4.0], 1.0)


def test_events_far_apart_in_one_batch_are_kept_apart():
    prepared = prepare(Exposure([15.0], [5.0], [0], [8.0]), GRID, Curves([0, 1], [[0, 1]]))
    plan = make_plan(prepared, np.full(100_000, 1e-5))
    batch = pa.record_batch({"event": [99_999, 3], "cell": [1, 1], "intensity": [0.5, 1.0]})
    sums = partial_sums(batch, plan)
    assert sums.num_rows == 3  # two events and one class: events between them take no row
    at_event = finish(merge([sums]), plan, prepared).at_event
    assert (at_event[3], at_event[99_999], at_event.sum()) == (8, 4, 12)


def test_rows_in_disorder_give_the_bytes_of_sorted_rows():
    hazard, prepared = hazard_of(9), prepare(exposure_of(9), GRID, CURVES)
    plan, table = make_plan(prepared, hazard.frequency), table_of(hazard)
    (batch,) = interior.batches(hazard)
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(table.num_rows)
        (mixed,) = table.take(order).combine_chunks().to_batches()
        assert partial_sums(mixed, plan).equals(partial_sums(batch, plan))


@given(st.integers(0, 50), st.lists(st.integers(0, 100), max_size=9), st.integers(1, 60))
@settings(max_examples=15, deadline=None)
def test_small_batches_are_joined_and_none_is_lost(seed, cuts, rows):
    hazard, prepared = hazard_of(seed), prepare(exposure_of(seed), GRID, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    batches = list(batches_of(table_of(hazard), cuts))
    sums = list(sums_of(batches, plan, rows=rows))
    assert len(sums) <= len(batches)
    assert len(list(sums_of(batches, plan))) == 1
    assert_same(finish(merge(sums), plan, prepared), prepared.assess(hazard))


@given(st.lists(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 99)), max_size=9), max_size=7))
@settings(deadline=None)
def test_merging_adds_rows_of_one_kind_and_id_in_whatever_order_they_come(parts):
    """Also parts that another engine has shuffled, or in which a row comes twice."""
    expected = {}
    batches = []
    for part in parts:
        for kind, key, value in part:
            expected[kind, key] = expected.get((kind, key), 0) + value
        columns = [[row[k] for row in part] for k in range(3)]
        batches.append(pa.RecordBatch.from_arrays(
            [pa.array(c, t) for c, t in zip(columns, SCHEMA.types, strict=True)], schema=SCHEMA))  # fmt: skip
    found = [(row["kind"], row["id"], row["value"]) for row in merge(batches).to_pylist()]
    assert found == [(*key, expected[key]) for key in sorted(expected)]


def test_a_plan_of_nothing_survives_the_disk(tmp_path):
    plan = make_plan(prepare(Exposure([], [], [], []), GRID, CURVES), hazard_of(0).frequency)
    plan.save(tmp_path)
    (batch,) = interior.batches(hazard_of(0))
    assert partial_sums(batch, Plan.open(tmp_path)).num_rows == 0


def test_values_of_zero_take_no_row_and_no_part():
    exposure = Exposure([15.0, 15.0, 25.0], [5.0, 5.0, 5.0], [0, 0, 0], [0.0, 100.0, 0.0])
    prepared = prepare(exposure, GRID, CURVES)
    plan = make_plan(prepared, [0.5])
    batch = pa.record_batch({"event": [0, 0], "cell": [1, 2], "intensity": [2.0, 2.0]})
    sums = partial_sums(batch, plan)
    assert sums.num_rows == 2
    assert finish(sums, plan, prepared).per_asset.tolist() == [0, 50, 0]


def test_events_far_apart_need_memory_of_the_rows_alone():
    prepared = prepare(Exposure([15.0], [5.0], [0], [8.0]), GRID, Curves([0, 1], [[0, 1]]))
    plan = make_plan(prepared, np.full(2_000_000, 1e-7))
    batch = pa.record_batch({"event": [1_999_999, 3], "cell": [1, 1], "intensity": [0.5, 1.0]})
    partial_sums(batch, plan)
    tracemalloc.start()
    partial_sums(batch, plan)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("assets", [1, 40, 400])
def test_the_share_of_cells_that_hold_assets_changes_nothing(assets):
    """Few assets on many cells, and many on few, take different kernels."""
    grid = Grid(0, 0, 1, 1, 90, 80)
    draw = np.random.default_rng(assets)
    maps = np.where(draw.random((5, *grid.shape)) < 0.3, draw.random((5, *grid.shape)) * 2.5, 0)
    hazard = Hazard.from_maps(grid, maps, draw.random(5))
    exposure = Exposure(draw.uniform(0, 90, assets * 3), draw.uniform(0, 80, assets * 3),
                        draw.integers(0, 3, assets * 3), draw.random(assets * 3))  # fmt: skip
    prepared = prepare(exposure, grid, CURVES)
    plan = make_plan(prepared, hazard.frequency)
    assert_same(finish(merge(sums_of(interior.batches(hazard, rows=77), plan)), plan, prepared),
                prepared.assess(hazard))  # fmt: skip
