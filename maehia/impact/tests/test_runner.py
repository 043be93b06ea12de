"""Processes give what one process gives; whatever goes wrong in one is told, with its part, and nothing waits."""

import os
import pickle
import signal
import tracemalloc
from collections import deque
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pyarrow as pa
import pytest

from maehia.impact import ArgumentError, Exposure, Grid, Hazard
from maehia.impact import runner as room
from maehia.impact.assess import prepare
from maehia.impact.batch import make_plan
from maehia.impact.formats import interior
from maehia.impact.formats.faults import FileError
from maehia.impact.runner import Part, PartError, assess_files, compute, parts_of
from maehia.impact.tests.test_batch import CURVES, GRID, assert_same, exposure_of, hazard_of, table_of


def write_halves(hazard, folder):
    """Two files; the event in the middle lies in both."""
    table = table_of(hazard)
    whole = folder / "whole.parquet"
    interior.write_parquet(whole, hazard, rows=16)
    schema = interior.pq.read_schema(whole)
    half = table.num_rows // 2
    paths = [folder / "a.parquet", folder / "b.parquet"]
    for path, part in zip(paths, (table.slice(0, half), table.slice(half)), strict=True):
        interior.pq.write_table(part.cast(schema), path, row_group_size=16)
    return paths


def test_a_part_that_fails_is_named(tmp_path):
    hazard, prepared = hazard_of(8), prepare(exposure_of(8), GRID, CURVES)
    path = tmp_path / "bad.parquet"
    interior.write_parquet(path, hazard, rows=16)
    table = interior.pq.read_table(path)
    wrong = table.column("intensity").to_numpy().copy()
    wrong[20] = np.nan
    interior.pq.write_table(table.set_column(2, "intensity", pa.array(wrong)), path, row_group_size=16)
    with pytest.raises(PartError) as refused:
        compute(Part(str(path), (1,)), make_plan(prepared, hazard.frequency))
    assert refused.value.part == "bad.parquet, row group 1"
    assert "intensity[4]: is NaN" in str(refused.value)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.part) == (str(refused.value), refused.value.part)


def test_parts_cover_every_row_group_once(tmp_path):
    interior.write_parquet(tmp_path / "h.parquet", hazard_of(2), rows=10)
    count = interior.row_groups(tmp_path / "h.parquet")
    parts = parts_of([tmp_path / "h.parquet"], groups=3)
    assert [g for part in parts for g in part.groups] == list(range(count))


def test_files_of_two_hazards_are_refused(tmp_path):
    hazard = hazard_of(2)
    other = Hazard(hazard.grid, hazard.indptr, hazard.cell, hazard.intensity, hazard.frequency * 2)
    interior.write_parquet(tmp_path / "a.parquet", hazard)
    interior.write_parquet(tmp_path / "b.parquet", other)
    with pytest.raises(FileError, match=r"b\.parquet: has another grid"):
        assess_files([tmp_path / "a.parquet", tmp_path / "b.parquet"], prepare(exposure_of(0), GRID, CURVES))


def test_a_hazard_on_another_grid_is_refused(tmp_path):
    interior.write_parquet(tmp_path / "a.parquet", hazard_of(2))
    elsewhere = prepare(exposure_of(0), Grid(0, 0, 5, 5, 8, 6), CURVES)
    with pytest.raises(ArgumentError, match="another grid"):
        assess_files([tmp_path / "a.parquet"], elsewhere)
    with pytest.raises(ArgumentError, match="names no file"):
        assess_files([], elsewhere)
    with pytest.raises(ArgumentError, match="workers"):
        assess_files([tmp_path / "a.parquet"], prepare(exposure_of(0), GRID, CURVES), workers=0)


def test_an_error_in_a_process_names_its_part(tmp_path):
    """From a spawned process, through its pickle, with what is wrong in it."""
    hazard, prepared = hazard_of(8), prepare(exposure_of(8), GRID, CURVES)
    path = tmp_path / "bad.parquet"
    interior.write_parquet(path, hazard, rows=4)
    schema = interior.pq.read_schema(path)
    table = interior.pq.read_table(path)
    cells = table.column("cell").to_numpy().copy()
    cells[-1] = GRID.size
    changed = table.set_column(1, "cell", pa.array(cells)).cast(schema)
    interior.pq.write_table(changed, path, row_group_size=4)
    count = interior.row_groups(path)
    with pytest.raises(PartError, match=rf"row group .*{count - 1}: cell\[\d+\]: is outside the grid"):
        assess_files([path], prepared, workers=2)


def test_progress_ends_at_the_whole(tmp_path):
    hazard = hazard_of(6)
    interior.write_parquet(tmp_path / "h.parquet", hazard, rows=3)
    told = []
    assess_files([tmp_path / "h.parquet"], prepare(exposure_of(6), GRID, CURVES), workers=1,
                 progress=lambda done, total: told.append((done, total)))  # fmt: skip
    assert [done for done, _total in told] == list(range(1, told[-1][1] + 1))
    assert len({total for _done, total in told}) == 1


def killed(part):
    """A part whose process the kernel ends, as it does when memory runs out. Runs in the process of a worker."""
    os.kill(os.getpid(), signal.SIGKILL)


def many_parts(folder, monkeypatch):
    """A file of many row groups, one a part."""
    hazard = hazard_of(8)
    path = folder / "h.parquet"
    interior.write_parquet(path, hazard, rows=4)
    monkeypatch.setattr(room, "parts_of", lambda paths: parts_of(paths, groups=1))
    return hazard, path


@pytest.mark.timeout(120)
def test_a_killed_process_is_reported_and_nothing_waits_for_it(tmp_path, monkeypatch):
    _, path = many_parts(tmp_path, monkeypatch)
    monkeypatch.setattr(room, "_compute_here", killed)
    told = []
    with pytest.raises(PartError, match=r"h\.parquet, row group \d+: its process, or that of a part beside it, ended"):
        assess_files([path], prepare(exposure_of(8), GRID, CURVES), workers=2, progress=lambda *seen: told.append(seen))
    assert told == []


def broken(part):
    raise PartError(str(part), "is broken.")


@pytest.mark.timeout(120)
def test_one_part_that_fails_stops_the_others(tmp_path, monkeypatch):
    """Of many parts no more are begun than were under way."""
    _, path = many_parts(tmp_path, monkeypatch)
    begun = []
    real = room.ProcessPoolExecutor.submit

    def submit(pool, work, part):
        begun.append(part)
        return real(pool, work, part)

    monkeypatch.setattr(room.ProcessPoolExecutor, "submit", submit)
    monkeypatch.setattr(room, "_compute_here", broken)
    with pytest.raises(PartError, match="is broken"):
        assess_files([path], prepare(exposure_of(8), GRID, CURVES), workers=2)
    assert len(begun) == 4 < interior.row_groups(path)


def future_of(result):
    future = Future()
    if isinstance(result, Exception):
        future.set_exception(result)
    elif result is not None:
        future.set_result(result)
    return future


def test_results_come_in_order_of_the_parts():
    parts = [Part("a.parquet", (number,)) for number in range(3)]
    running = deque(zip(parts, map(future_of, ["first", "second", None]), strict=True))
    assert list(room._ended(running)) == ["first", "second"]
    assert [part for part, _ in running] == parts[2:]


def test_a_failure_is_told_while_an_earlier_part_still_runs():
    parts = [Part("a.parquet", (0,)), Part("a.parquet", (1,))]
    running = deque(zip(parts, map(future_of, [None, PartError("a.parquet, row group 1", "is broken.")]), strict=True))
    with pytest.raises(PartError, match="row group 1: is broken"):
        list(room._ended(running))


def test_a_process_that_cannot_start_is_reported(tmp_path, monkeypatch):
    def refuse(pool, work, part):
        raise BrokenProcessPool("cannot be used any more")

    _, path = many_parts(tmp_path, monkeypatch)
    monkeypatch.setattr(room.ProcessPoolExecutor, "submit", refuse)
    with pytest.raises(PartError, match=r"h\.parquet, row group 0: its process"):
        assess_files([path], prepare(exposure_of(8), GRID, CURVES), workers=2)


def test_a_worker_needs_no_more_memory_for_a_longer_part(tmp_path, monkeypatch):
    """Ten times the rows; arrays of a batch, sums of the places: the rest must not add up."""
    monkeypatch.setattr(room, "ROWS", 10_000)
    grid = Grid(0, 0, 1, 1, 100, 100)
    prepared = prepare(Exposure([5.5], [5.5], [0], [1.0]), grid, CURVES)
    peaks = []
    for events in (20, 200):
        hazard = Hazard.from_maps(grid, np.full((events, 100, 100), 0.7), np.full(events, 0.01))
        path = tmp_path / f"{events}.parquet"
        interior.write_parquet(path, hazard, rows=10_000)
        plan, (part,) = make_plan(prepared, hazard.frequency), parts_of([path], groups=events)
        compute(part, plan)
        tracemalloc.start()
        compute(part, plan)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_the_number_of_workers_changes_no_bit(tmp_path, monkeypatch):
    """Of two files of many parts, an event in both."""
    monkeypatch.setattr(room, "parts_of", lambda paths: parts_of(paths, groups=1))
    hazard, prepared = hazard_of(8), prepare(exposure_of(8), GRID, CURVES)
    paths = write_halves(hazard, tmp_path)
    told = []
    one = assess_files(paths, prepared, workers=1)
    many = assess_files(paths, prepared, workers=3, progress=lambda *seen: told.append(seen))
    np.testing.assert_array_equal(one.at_event, many.at_event)
    np.testing.assert_array_equal(one.per_asset, many.per_asset)
    count = sum(map(interior.row_groups, paths))
    assert told == [(number, count) for number in range(1, count + 1)]
    assert count > 2 * 3  # so that parts wait for their turn
    assert_same(many, prepared.assess(hazard))
    assert many.path == "batch"
