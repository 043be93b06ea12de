"""The race against CLIMADA and landlab judges fairly: its problem, its comparison, its bars, its processes."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bench.peers import __main__ as door
from bench.peers import compare, environments, flood, impact, machine, processes, report
from bench.peers.problem import AXIS, DAMAGE, FREQUENCY, SIDE, SOUTH, WEST, WET, Problem, assets, events, write

SMALL = Problem(400, 12)


def side_module(name: str = "side") -> ModuleType:
    """A side as its own interpreter would see it: by path, not as part of the package."""
    spec = importlib.util.spec_from_file_location(f"peer_{name}", processes.SIDES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- the problem


@pytest.mark.parametrize("wet", ["scattered", "patches"])
def test_every_event_wets_about_a_twentieth_of_the_cells(wet: str) -> None:
    made = events(replace(SMALL, wet=wet))
    share = np.diff(made["indptr"]) / SIDE**2
    np.testing.assert_allclose(share, WET, rtol=0.05)


@pytest.mark.parametrize("wet", ["scattered", "patches"])
def test_cells_of_an_event_rise_and_none_is_listed_twice(wet: str) -> None:
    made = events(replace(SMALL, wet=wet))
    for begin, end in zip(made["indptr"], made["indptr"][1:], strict=False):
        assert (np.diff(made["cell"][begin:end]) > 0).all()
    assert made["cell"].min() >= 0
    assert made["cell"].max() < SIDE**2


def test_depths_are_whole_centimetres_above_zero() -> None:
    depth = events(SMALL)["intensity"]
    assert depth.dtype == np.float32
    assert depth.min() >= np.float32(0.01)
    np.testing.assert_allclose(depth.astype(float) * 100, np.round(depth.astype(float) * 100), atol=1e-4)


def test_frequencies_come_to_one_event_in_two_years() -> None:
    assert events(SMALL)["frequency"].sum() == pytest.approx(FREQUENCY, rel=1e-12)


def test_patches_are_connected_water_and_scattered_cells_are_not() -> None:
    def with_a_wet_neighbour(wet: str) -> float:
        made = events(replace(SMALL, wet=wet))
        first = made["cell"][: made["indptr"][1]]
        return float(np.isin(first + 1, first).mean())

    assert with_a_wet_neighbour("patches") > 0.8
    assert with_a_wet_neighbour("scattered") < 0.2


def test_all_assets_stand_on_the_grid_and_half_of_them_crowd_together() -> None:
    made = assets(Problem(20_000, 1))
    column, row = ((made[axis] - origin) // 50.0 for axis, origin in (("x", WEST), ("y", SOUTH)))
    assert column.min() >= 0
    assert column.max() < SIDE
    assert row.min() >= 0
    assert row.max() < SIDE
    assert set(made["curve"]) == set(range(len(DAMAGE)))
    crowd = np.bincount((row // 10 * 50 + column // 10).astype(int), minlength=2500)
    assert np.sort(crowd)[-500:].sum() > 0.5 * crowd.sum()


def test_the_same_problem_is_made_again_bit_by_bit() -> None:
    for one, two in zip(events(SMALL).values(), events(SMALL).values(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_problem_is_written_once_and_again_when_its_recipe_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(SMALL, tmp_path)
    (folder / "value.npy").write_bytes(b"mark")
    assert (write(SMALL, tmp_path) / "value.npy").read_bytes() == b"mark"
    monkeypatch.setattr("bench.peers.problem.VERSION", -1)
    assert np.load(write(SMALL, tmp_path) / "value.npy").shape == (400,)


def test_the_curves_start_at_nothing_and_end_at_everything() -> None:
    for row in DAMAGE:
        assert len(row) == len(AXIS)
        assert (row[0], row[-1]) == (0, 1)


# --- the comparison


def test_apart_is_relative_to_the_larger_of_the_two() -> None:
    assert compare.apart(np.array([0.0, 100.0]), np.array([0.0, 99.0])) == pytest.approx(0.01)
    assert compare.apart(np.array([0.0]), np.array([1e-300])) == 1.0
    assert compare.apart(np.zeros(0), np.zeros(0)) == 0.0


def test_an_answer_with_a_hole_never_agrees() -> None:
    gap = compare.apart(np.array([1.0, np.nan]), np.array([1.0, 1.0]))
    assert not compare.Agreement(gap, 0.0, 0).within(1e9)
    assert not compare.Agreement(0.0, gap, 0).within(1e9)


def test_answers_of_other_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match="not the same question"):
        compare.apart(np.zeros(2), np.zeros(3))


def test_one_asset_in_another_cell_is_a_disagreement(tmp_path: Path) -> None:
    for name, cells in (("ours", [1, 2, 3]), ("theirs", [1, 2, 4])):
        (tmp_path / name).mkdir()
        for part, values in (("at_event", [1.0]), ("per_asset", [1.0, 2.0]), ("cell", cells)):
            np.save(tmp_path / name / f"{part}.npy", np.array(values))
    found = compare.agreement(tmp_path / "ours", tmp_path / "theirs")
    assert found == compare.Agreement(0.0, 0.0, 1)
    assert not found.within(1e-12)


def test_a_spread_tells_its_middle_ends_and_number() -> None:
    assert compare.spread([3.0, 1.0, 2.0]) == compare.Spread(2.0, 1.0, 3.0, 3)
    assert compare.spread([3.0, 1.0, 2.0]).text(1) == "2.0 (1.0-3.0, n = 3)"
    assert compare.spread([2.0]).text(1) == "2.0 (n = 1)"


# --- the judgement


def timing(wall: float) -> dict[str, float]:
    return {"wall": wall, "cpu": wall}


def run(*totals: float, peak: float = 1.0, cold: float = 5.0, others: float = 0.0) -> dict[str, object]:
    calls = [{"link": timing(wall / 4), "impact": timing(wall * 3 / 4), "total": timing(wall)} for wall in totals]
    parts = {"with_import": cold, "without_import": cold / 2, "build": 0.1}
    return {"calls": calls, "cold": parts, "peak_gb": peak, "path": "compiled", "process": {"others": others}}


def judged(bar: impact.Bar, *, ours: list[dict[str, object]], theirs: list[dict[str, object]]) -> dict[str, object]:
    return impact.summary(impact.Row(SMALL, bar), ours, theirs, compare.Agreement(0.0, 0.0, 0))


def test_warm_takes_the_peers_best_call_against_our_middle_one() -> None:
    found = judged(impact.Bar(), ours=[run(0.1, 0.2, 0.6)], theirs=[run(9.0), run(8.0, 7.0)])
    assert found["ratio_warm"] == pytest.approx(35.0)


def test_cold_is_told_with_and_without_the_peers_imports_against_ours_with_all() -> None:
    found = judged(impact.Bar(), ours=[run(0.1, cold=0.5)], theirs=[run(9.0, cold=20.0)])
    assert found["ratio_cold"] == {"with_import": 40.0, "without_import": 20.0}


def test_each_bar_that_is_missed_is_named() -> None:
    bar = impact.Bar(warm=90, cold=20, memory=5, seconds=0.01)
    found = judged(bar, ours=[run(0.1, peak=0.5, cold=1.0)], theirs=[run(8.0, peak=2.0, cold=8.0)])
    assert [text.split()[0] for text in found["missed"]] == ["warm", "memory", "over", "cold"]
    kept = judged(bar, ours=[run(0.01, peak=0.2, cold=0.1)], theirs=[run(8.0, peak=2.0, cold=8.0)])
    assert kept["missed"] == []


def test_a_wrong_answer_misses_the_bar_however_fast() -> None:
    wrong = compare.Agreement(1e-6, 0.0, 0)
    found = impact.summary(impact.Row(SMALL), [run(0.1)], [run(100.0)], wrong)
    assert not found["agrees"]
    assert "answers differ" in found["missed"][0]
    assert not door.good(found)


def test_a_row_says_when_the_machine_was_not_its_own() -> None:
    found = judged(impact.Bar(), ours=[run(0.1)], theirs=[run(1.0, others=0.9)])
    assert "DISTURBED: others used 0.90 cores" in report.impact(found)
    assert "DISTURBED" not in report.impact(judged(impact.Bar(), ours=[run(0.1)], theirs=[run(1.0)]))


def test_figures_of_a_loaded_machine_are_marked_and_strict_refuses_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (1.5, 1.0, 1.0))
    assert not machine.settle(0)
    assert "LOADED" in report.machine({"date": "today"}, idle=False)
    monkeypatch.setattr(environments, "ready", lambda name: True)
    monkeypatch.setattr(sys, "argv", ["bench.peers", "--strict", "--settle", "0"])
    assert door.main() == 1
    assert "nothing is measured" in capsys.readouterr().err


def test_an_idle_machine_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 1.0, 1.0))
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("waited"))
    assert machine.settle(60)


def test_a_part_and_a_trial_leave_the_figures_of_a_whole_run_alone() -> None:
    names = [
        door.results_file(argparse.Namespace(only=only, quick=quick)).name
        for only, quick in ((None, False), ("flood", False), (None, True))
    ]
    assert names == ["bench-peers.json", "bench-peers-flood.json", "bench-peers-quick.json"]


def test_ten_thousand_events_are_raced_only_when_asked_for() -> None:
    asked = [door.rows(door.parser().parse_args(words)) for words in ([], ["--large"])]
    assert [len(rows) for rows in asked] == [4, 5]
    assert asked[1][-1].problem.events == 10_000
    assert max(row.problem.assets for row in door.rows(door.parser().parse_args(["--quick"]))) == 20_000


# --- processes and environments


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sides of the test's own, and a home for what they leave."""
    monkeypatch.setattr(processes, "SIDES", tmp_path)
    monkeypatch.setattr(environments, "FOLDER", tmp_path / "peers")
    return tmp_path


def test_a_side_runs_in_a_home_of_its_own_and_hands_back_figures(sides: Path) -> None:
    (sides / "echo.py").write_text(
        "import json, os, sys\ntask = json.load(open(sys.argv[1]))\n"
        "json.dump({'home': os.environ['HOME'], 'asked': task['n']}, open(task['out'], 'w'))\n"
    )
    found = processes.run("echo", sides / "work", n=7)
    assert found["asked"] == 7
    assert found["home"] == str(sides / "peers" / "home")
    assert found["process"]["wall"] > 0


def test_a_side_that_dies_is_told_with_its_last_words(sides: Path) -> None:
    (sides / "broken.py").write_text("raise SystemExit('no such curve')\n")
    with pytest.raises(processes.SideFailed, match="no such curve"):
        processes.run("broken", sides / "work")


def test_an_old_result_is_never_taken_for_a_new_one(sides: Path) -> None:
    (sides / "lazy.py").write_text("")
    (sides / "work").mkdir()
    (sides / "work" / "lazy.json").write_text("{}")
    with pytest.raises(processes.SideFailed):
        processes.run("lazy", sides / "work")


def test_one_failing_side_does_not_end_the_race(capsys: pytest.CaptureFixture[str]) -> None:
    def die() -> dict[str, object]:
        raise processes.SideFailed("landlab_flood ended with code 1")

    row = door.perform((die, report.flood))
    assert not door.good(row)
    assert "landlab_flood" in capsys.readouterr().out


def test_each_side_runs_under_the_interpreter_of_its_engine() -> None:
    assert processes.interpreter("maehia_impact") == Path(sys.executable)
    assert processes.interpreter("climada_files") == environments.FOLDER / "climada" / "bin" / "python"
    assert processes.interpreter("landlab_flood") == environments.FOLDER / "landlab" / "bin" / "python"


def test_an_environment_is_ready_only_while_it_is_made_from_the_lock_as_it_is(tmp_path: Path) -> None:
    assert not environments.ready("climada", tmp_path)
    interpreter = environments.python("climada", tmp_path)
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    stamp = tmp_path / "climada" / "lock.sha256"
    stamp.write_text("of another lock")
    assert not environments.ready("climada", tmp_path)
    stamp.write_text(environments._stamp("climada"))
    assert environments.ready("climada", tmp_path)


@pytest.mark.parametrize(("name", "pin"), [("climada", "climada==6.1.0"), ("landlab", "landlab==2.10.1")])
def test_a_lock_pins_every_part_by_its_hash_and_names_no_place(name: str, pin: str) -> None:
    lock = (environments.HERE / f"{name}.txt").read_text()
    parts = [line for line in lock.splitlines() if re.match(r"^[a-z0-9]", line)]
    assert all(re.match(r"^[\w.-]+==[\w.]+( ;.*)? \\$", line) for line in parts)
    assert lock.count("--hash=sha256:") >= len(parts)
    assert any(line.startswith(pin) for line in parts)
    assert not any(line.startswith("gdal") for line in parts)
    assert "://" not in lock


def test_a_side_hands_back_arrays_figures_and_its_peak(tmp_path: Path) -> None:
    side = side_module()
    np.save(tmp_path / "x.npy", np.arange(3))
    wanted = {"results": str(tmp_path / "out"), "out": str(tmp_path / "out.json")}
    result, took = side.timed(lambda: side.arrays(str(tmp_path)))
    side.hand_back(wanted, {"took": took}, result)
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "x.npy"), np.arange(3))
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["took"]["wall"] >= 0
    assert 0.001 < figures["peak_gb"] < 100


# --- the flood's problem


def test_the_valley_is_the_same_each_time_and_falls_to_the_south() -> None:
    one, two = flood.valley(60, 25.0), flood.valley(60, 25.0)
    np.testing.assert_array_equal(one, two)
    assert one[-10:].mean() > one[:10].mean() + 1


def test_water_that_is_missing_is_told_as_a_share() -> None:
    settings = {"film_m": 0.0, "rain_mm_h": 36.0, "duration_s": 3600.0}
    assert flood.water({"mean_m": [0.036, 0.018]}, settings) == pytest.approx([0.0, -0.5])


def test_depth_maps_are_compared_cell_by_cell(tmp_path: Path) -> None:
    for name, depth in (("maehia", [[1.0, 2.0]]), ("landlab", [[1.0, 2.5]]), ("landlab-mended", [[1.0, 2.0]])):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "depth.npy", np.array(depth))
    found = flood.differences(tmp_path, mended=False)
    assert (found["max_m"], found["where"], found["depth_there_m"]) == (0.5, [0, 1], 2.5)
    assert flood.differences(tmp_path, mended=True)["max_m"] == 0


def test_memory_is_also_told_beyond_the_input_that_both_hold() -> None:
    found = judged(impact.Bar(), ours=[run(0.1, peak=1.1)], theirs=[run(1.0, peak=3.0)])
    assert "beyond input" not in report.impact(found)
    assert "ours 0.10 GB, 20.0x less; the input is 1.00 GB" in report.impact({**found, "input_gb": 1.0})
