"""docs/impact.md is a program that runs, in the ten lines that it promises."""

import re
import shutil
from pathlib import Path

import pytest

from maehia.impact import plot

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "impact.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """(names, printed, folder) after all blocks, in order, in a copy of docs/examples."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "docs" / "examples", folder, dirs_exist_ok=True)
    names, printed = {}, []
    names["print"] = lambda *words, **_kind: printed.append(" ".join(map(str, words)))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in BLOCKS:
            exec(compile(block, GUIDE.name, "exec"), names)
    return names, printed, folder


def test_two_csvs_become_a_curve_in_ten_lines():
    assert len([line for line in BLOCKS[0].splitlines() if line.strip()]) <= 10
    assert "read_hazard" in BLOCKS[0]
    assert "exceedance" in BLOCKS[0]


def test_the_guide_says_what_the_program_says(ran):
    names, printed, _folder = ran
    assert len(BLOCKS) == 8
    assert re.fullmatch(r"[\d,]+ THB a year, 52,966,102 THB once in 100 years", printed[0])
    assert names["impact"].exceedance([2, 100]) / 1e6 == pytest.approx([1.4, 53.0], abs=0.05)
    assert "True" in printed[-2]
    assert printed[-1].endswith("parts, True")


def test_aep_is_not_below_oep(ran):
    annual = ran[0]["annual"]
    years = [2, 5, 10, 50, 100]
    assert (annual.aep(years) >= annual.oep(years)).all()


def test_the_measures_avert_something(ran):
    compared = ran[0]["compared"]
    assert (compared.averted > 0).all()
    assert ran[0]["insured"].path in {"per-asset", "scipy"}
    assert ran[0]["insured"].aal < ran[0]["impact"].aal


def test_the_pictures_of_the_guide_are_made_by_it(ran):
    shown = set(re.findall(r"\(images/(impact[\w-]*\.png)\)", GUIDE.read_text(encoding="utf-8")))
    assert shown == {path.name for path in ran[2].glob("impact*.png")}
    for name in shown:
        assert (ROOT / "docs" / "images" / name).stat().st_size > 10_000


def test_every_name_in_the_guide_is_there():
    """`maehia.impact.x` in running text: a module or a name of one."""
    import importlib

    for dotted in set(re.findall(r"`(maehia(?:\.\w+)+)", GUIDE.read_text(encoding="utf-8"))):
        module, found = dotted, []
        while module:
            try:
                place = importlib.import_module(module)
                break
            except ModuleNotFoundError:
                module, _dot, last = module.rpartition(".")
                found.insert(0, last)
        for part in found:
            place = getattr(place, part)
    assert plot.__name__ == "maehia.impact.plot"


def test_the_guide_knows_what_matters_and_when_the_water_is_back(ran):
    names, printed, _folder = ran
    assert "widest swing: depth_scale" in printed
    assert "28.0 hours without water, back after 30.0" in printed
    low, _, high = names["run"](names["model"], names["doubts"], n=1000, seed=1).percentiles([0.05, 0.5, 0.95])
    assert low < names["impact"].aal < high
