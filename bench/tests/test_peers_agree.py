"""CLIMADA and landlab themselves, on small problems: skipped, with the reason, where they are not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.peers import environments, files, flood, impact
from bench.peers.problem import Problem

pytestmark = pytest.mark.slow


def needs(name: str) -> pytest.MarkDecorator:
    there = environments.ready(name)
    return pytest.mark.skipif(not there, reason=f"var/peers/{name} is not there: `make bench-peers` makes it")


@needs("climada")
def test_climada_finds_the_same_impact_of_each_event_and_on_each_asset(tmp_path: Path) -> None:
    found = impact.race(impact.Row(Problem(3000, 40), processes=1, warm=1, peer_warm=0), tmp_path)
    assert found["agreement"]["at_event"] <= 1e-12
    assert found["agreement"]["per_asset"] <= 1e-12
    assert found["agreement"]["elsewhere"] == 0
    assert found["agrees"]


@needs("climada")
def test_a_changed_curve_changes_both_answers_alike(tmp_path: Path) -> None:
    row = impact.Row(Problem(2000, 20), slider=True, processes=1, warm=2, peer_warm=2)
    found = impact.race(row, tmp_path)
    assert found["agrees"]
    assert found["agreement"]["elsewhere"] is None


@needs("climada")
def test_climada_reads_our_files_and_we_read_its_own(tmp_path: Path) -> None:
    found = files.exchange(tmp_path, Problem(500, 15))
    assert found["agrees"]
    assert found["unchanged"]
    assert (found["assets"], found["events"]) == (500, 15)


@needs("landlab")
def test_landlab_with_closed_edges_finds_the_same_depths(tmp_path: Path) -> None:
    found = flood.depths(tmp_path, cells=40, seconds=200.0)
    assert found["max_m"] <= 1e-9
    assert found["steps"][0] == found["steps"][1]
    # Without the mending its walls leak, so that the comparison shows it would notice a difference.
    assert found["leaking"]["max_m"] > 1e-6
    assert abs(found["water_error"][0]) <= 1e-12 < abs(found["water_error"][2])
