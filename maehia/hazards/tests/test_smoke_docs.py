"""docs/smoke.md is a program that runs, and its picture is the one it shows."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from maehia.demo import write_town
from maehia.hazards.smoke import SmokeWarning

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "smoke.md"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    write_town(folder, people=300)
    return folder / "raw"


@pytest.fixture(scope="module")
def ran(town):
    """The names that the guide's program has made, and what it printed."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    printed: list[str] = []
    names = {"print": lambda *words, sep=" ": printed.append(sep.join(map(str, words)))}
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", SmokeWarning)
        patch.chdir(town)
        for block in blocks:
            exec(compile(block, str(GUIDE), "exec"), names)
    printed.extend(str(one.message) for one in warned)
    return names, "\n".join(printed)


def test_the_guide_runs_and_says_what_it_promises(ran):
    names, printed = ran
    assert names["history"].value.shape == (365, 3)
    assert "Kriging foretells a left-out station best" in printed
    assert "unknown:" in printed
    assert "stations stand on one line" in printed
    assert "in the ensemble" in printed


def test_the_demo_map_is_mostly_unknown_and_not_zero(ran):
    field = ran[0]["field"]
    assert 0.1 < field.known_share < 0.5
    assert np.nanmin(field.value) > 10
    assert not field.known[0].any()


def test_the_faults_of_the_demo_sensors_are_set_aside(ran):
    aside = ran[0]["hours"].set_aside
    assert aside["implausible"] == 6
    assert aside["stuck"] > 100


def test_every_house_is_counted_once(ran):
    found, houses, off = (ran[0][name] for name in ("found", "houses", "off_grid"))
    assert found.total + off == len(houses)
    assert found.unknown > 0


def test_the_picture_is_there_and_small(ran, town):
    kept = ROOT / "docs" / "images" / "smoke-demo.png"
    assert (town / "smoke-demo.png").stat().st_size > 50_000
    assert 50_000 < kept.stat().st_size < 300_000
