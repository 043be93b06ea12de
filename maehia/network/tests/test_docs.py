"""What docs/network.md shows runs as it stands, and says what the text says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import maehia
from maehia import network

PAGE = Path(maehia.__file__).parent.parent / "docs" / "network.md"


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys):
    """The names after running the page's code in order, in an empty folder: it needs no file."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL):
        exec(block, names)
    return names, capsys.readouterr().out


def test_the_page_runs_and_each_house_goes_to_its_side_of_the_water(shown):
    names, printed = shown
    assert names["near"].shelter.tolist() == [0, 1, 1]
    assert names["plan"].without_place.sum() == 0
    assert "ถนนสอง" in printed


def test_the_islands_of_the_page_are_those_behind_the_water(shown):
    names, _ = shown
    assert names["cut"].from_shelter.tolist() == [False, True, True]
    assert names["cut"].reason_of(1) == "closed_roads"
    assert len(names["water"]) == 1


def test_every_public_name_is_there_and_described():
    for name in network.__all__:
        assert getattr(network, name).__doc__ or isinstance(getattr(network, name), type), name
    assert len(set(network.__all__)) == len(network.__all__)


def test_the_room_knows_no_clock_and_no_server():
    for path in Path(network.__file__).parent.glob("*.py"):
        found = re.findall(r"^(?:from|import) (\w+)", path.read_text("utf-8"), flags=re.MULTILINE)
        assert not {"time", "datetime", "django", "psycopg"} & set(found), path


def test_the_room_opens_without_the_solver_that_only_assigning_needs():
    code = "import sys, maehia.network; print(sorted({'scipy.optimize', 'matplotlib', 'pyogrio'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_arrays_of_a_result_have_one_row_a_house(shown):
    names, _ = shown
    near, houses = names["near"], names["houses"]
    assert near.minutes.shape == near.metres.shape == near.shelter.shape == (len(houses),)
    assert np.isfinite(near.minutes).all()
