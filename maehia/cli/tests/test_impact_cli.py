"""`maehia impact`: files in, a folder out, a sentence when something is wrong; no Django anywhere."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from maehia.cli import main
from maehia.impact import Grid, Hazard
from maehia.impact.formats import interior, raster

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
HAZARD, EXPOSURE = str(EXAMPLES / "hazard.csv"), str(EXAMPLES / "exposure.csv")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run `maehia impact ...` in an empty folder; gives (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        capsys.readouterr()
        code = main.main(["impact", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_two_csvs_become_a_run_with_progress_on_stderr(run):
    code, out, err = run("run", HAZARD, EXPOSURE, "--metric", "people=0.1")
    assert code == 0
    assert "expected a year" in out
    assert "once in 100 years" in out
    assert "assess 6 events x 80 assets" in err
    about = json.loads(Path("run/run.json").read_text())
    assert about["off_grid"]["assets"] == 0
    assert set(about["aal"]) == {"value", "people"}
    assert about["sources"] == {"hazard": "hazard.csv", "exposure": "exposure.csv", "curves": "jrc-asia"}


def test_quiet_is_quiet(run):
    assert run("run", HAZARD, EXPOSURE, "--quiet") == (0, "", "")


def test_figures_of_every_kind(run):
    run("run", HAZARD, EXPOSURE)
    for kind in ("curve", "map", "events", "hazard"):
        code, _out, err = run("plot", "run", "--kind", kind, "--unit", "THB", "--out", f"{kind}.svg")
        assert code == 0
        assert f"write {kind}.svg" in err
        assert Path(f"{kind}.svg").read_text().startswith("<?xml")
    assert run("plot", "run")[0] == 0
    assert Path("run/curve.png").read_bytes().startswith(b"\x89PNG")


def test_two_runs_are_compared(run):
    run("run", HAZARD, EXPOSURE, "--out", "before")
    lower = Path("lower.csv")
    lower.write_text(Path(HAZARD).read_text().replace("100 years,0.01", "100 years,0"))
    run("run", str(lower), EXPOSURE, "--out", "after")
    code, out, _err = run("compare", "before", "after", "--csv", "d.csv", "--plot", "both.png")
    assert code == 0
    first = next(line for line in out.splitlines() if line.startswith("value, expected a year"))
    assert first.split()[-1].startswith("-")
    assert "value, group 1" in out
    assert Path("d.csv").read_text().startswith("metric,what,before,after,change,share")
    assert Path("both.png").exists()


def test_the_same_input_gives_the_same_bytes_of_every_file(run):
    names = []
    for folder in ("one", "two"):
        run("run", HAZARD, EXPOSURE, "--formats", "csv", "gpkg", "parquet", "cog", "--out", folder, "--quiet")
        names.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
        time.sleep(0.01)  # a GeoPackage tells milliseconds
    assert {"assets.gpkg", "assets.parquet", "hazard_years.tif"} <= set(names[0])
    assert [name for name in names[0] if names[0][name] != names[1][name]] == []


def test_own_curves_and_groups_are_taken(run):
    Path("curves.csv").write_text("depth,residential,commercial\n0,0,0\n1,1,1\n")
    code, _out, _err = run("run", HAZARD, EXPOSURE, "--curves", "curves.csv", "--group", "curve")
    assert code == 0
    assert Path("run/groups.csv").read_text().splitlines()[1].startswith('"commercial"')


def test_maps_of_return_periods_need_their_years(run, tmp_path):
    grid = Grid(497_000, 2_070_000, 50, 50, 10, 8)
    for years, depth in ((10, 0.5), (100, 1.5)):
        Path("maps").mkdir(exist_ok=True)
        raster.write_cog(f"maps/{years:03}.tif", grid, np.full(grid.shape, depth))
    code, out, _err = run("run", "maps", EXPOSURE, "--map-years", "10", "100", "--return-periods", "10", "100")
    assert code == 0
    at_event = [float(line.split(",")[2]) for line in Path("run/events.csv").read_text().splitlines()[1:]]
    assert f"{at_event[1]:,.2f}" in out
    assert "note" not in _err
    assert "in the order of the bands?" in run("run", "maps", EXPOSURE, "--map-years", "100", "10", "--out", "x")[2]
    code, _out, err = run("run", "maps", EXPOSURE)
    assert code == 1
    assert "does not say how often" in err
    assert "Give --frequency" in err


@pytest.mark.slow
def test_a_large_hazard_is_read_by_several_processes(run):
    draw = np.random.default_rng(0)
    grid = Grid(497_000, 2_070_000, 50, 50, 10, 8)
    hazard = Hazard.from_maps(grid, draw.random((30, *grid.shape)), np.full(30, 0.01))
    interior.write_parquet("h.parquet", hazard, rows=120)
    assert run("run", "h.parquet", EXPOSURE, "--out", "one")[0] == 0
    code, _out, err = run("run", "h.parquet", EXPOSURE, "--out", "two", "--workers", "2")
    assert code == 0
    assert "part 3 of 3" in err
    one, two = (json.loads(Path(name, "run.json").read_text())["aal"]["value"] for name in ("one", "two"))
    assert two == pytest.approx(one, rel=1e-12)


def test_assets_off_the_grid_are_told(run):
    Path("far.csv").write_text("x,y,curve,value\n1,1,residential,5\n")
    code, _out, err = run("run", HAZARD, "far.csv")
    assert code == 0
    assert "1 of 1 assets lie off the hazard's grid" in err
    assert "same place and crs?" in err


def test_terms_are_applied_on_request(run):
    rows = Path(EXPOSURE).read_text().splitlines()
    Path("e.csv").write_text("\n".join([rows[0] + ",deductible", *(row + ",1e9" for row in rows[1:])]))
    run("run", HAZARD, "e.csv", "--out", "plain")
    run("run", HAZARD, "e.csv", "--out", "insured", "--terms")
    plain, insured = (json.loads(Path(name, "run.json").read_text())["aal"]["value"] for name in ("plain", "insured"))
    assert plain > 0
    assert insured == 0


def test_climadas_impact_functions_are_named_by_their_ids(run):
    Path("f.csv").write_text("impact_fun_id,intensity,mdd,paa,peril_id\n"
                             "7,0,0,1,FL\n7,1,1,0.5,FL\n9,0,0,1,TC\n9,1,1,1,TC\n")  # fmt: skip
    Path("h.csv").write_text(
        "# crs=EPSG:32647\n# grid x0=0 y0=0 dx=10 dy=10 nx=1 ny=1\nevent,frequency,cell,depth\na,1,0,1\n"
    )
    Path("e.csv").write_text("x,y,curve,value\n5,5,7,8\n")
    code, _out, err = run("run", "h.csv", "e.csv", "--curves", "f.csv", "--haz-type", "FL")
    assert (code, "Traceback" in err) == (0, False)
    assert json.loads(Path("run/run.json").read_text())["aal"]["value"] == 4.0
    Path("e.csv").write_text("x,y,curve,value\n5,5,9,8\n")
    assert "'9' is not one of 7" in run("run", "h.csv", "e.csv", "--curves", "f.csv", "--haz-type", "FL")[2]


def test_two_equal_runs_do_not_differ_by_less_than_nothing(run):
    run("run", HAZARD, EXPOSURE, "--out", "a")
    run("run", HAZARD, EXPOSURE, "--out", "b")
    events = Path("b/events.csv")
    events.write_text(events.read_text().replace("1424736.9037620004", "1424736.9037619"))
    out = run("compare", "a", "b")[1]
    assert "-0.00" not in out
    assert "-0.0%" not in out


REFUSED = {
    "a missing file": (["run", "none.csv", EXPOSURE], "none.csv: does not exist"),
    "a bad cell": (["run", HAZARD, "bad.csv"], "bad.csv, line 2, column value: '-5' is negative"),
    "an unknown column": (["run", HAZARD, EXPOSURE, "--group", "moo"], "has no column moo"),
    "an unknown crs": (["run", HAZARD, EXPOSURE, "--crs", "EPSG:0"], "PROJ does not know"),
    "no run": (["plot", "."], "no run.json"),
    "an unknown metric": (["plot", "good", "--metric", "loss"], "'loss', expected one of value"),
    "an unknown picture": (["plot", "good", "--out", "a.gif"], "ends in '.gif'"),
    "terms in parts": (["run", HAZARD, EXPOSURE, "--workers", "2", "--terms"], "choose one"),
    "terms without columns": (["run", HAZARD, EXPOSURE, "--terms"], "no column floor, deductible or cover"),
    "a file in the folder's place": (["run", HAZARD, EXPOSURE, "--out", "bad.csv"], "bad.csv: มีไฟล์ชื่อนี้อยู่แล้ว"),
    "a folder in a figure's place": (["plot", "good", "--out", "dir.png"], "dir.png: ที่ระบุเป็นโฟลเดอร์"),
    "no crs": (["run", "nocrs.csv", EXPOSURE], "--crs EPSG:32647"),
    "an unknown curve": (["run", HAZARD, "villa.csv"], "column curve: 'villa' is not one of residential"),
    "a hazard of a header": (["run", "header.csv", EXPOSURE, "--crs", "EPSG:32647"], "lists no wet cell"),
    "curves that are no workbook": (
        ["run", HAZARD, EXPOSURE, "--curves", "bad.xlsx"],
        "not a table of impact functions",
    ),
    "too much of a part": (["run", HAZARD, EXPOSURE, "--workers", "2"], "not a Parquet file"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_with_a_sentence(run, case):
    arguments, told = REFUSED[case]
    Path("bad.csv").write_text("x,y,curve,value\n1,1,residential,-5\n")
    Path("villa.csv").write_text("x,y,curve,value\n1,1,villa,5\n")
    Path("nocrs.csv").write_text(Path(HAZARD).read_text().split("\n", 1)[1])
    Path("header.csv").write_text("event,frequency,x,y,depth\n")
    Path("bad.xlsx").write_text("x")
    Path("dir.png").mkdir()
    run("run", HAZARD, EXPOSURE, "--out", "good", "--quiet")
    code, _out, err = run(*arguments)
    assert code == 1
    assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["walk"], ["run", "a", "b", "--return-periods", "never"], ["plot", "r", "--kind", "pie"],
                  ["run", "a", "b", "--metric", "=1"], ["run", "a", "b", "--frequency", "1", "--map-years", "2"]],
)  # fmt: skip
def test_wrong_usage_is_two(arguments):
    with pytest.raises(SystemExit) as ended:
        main.main(["impact", *arguments])
    assert ended.value.code == 2


def test_help_says_which_files_and_gives_examples(capsys):
    with pytest.raises(SystemExit):
        main.main(["impact", "run", "--help"])
    told = capsys.readouterr().out
    for word in ("CLIMADA", "GeoTIFF", "--map-years", "examples", "people=0.1"):
        assert word in told


def test_a_run_needs_no_django_and_no_database(tmp_path):
    code = (
        "import sys\nfrom maehia.cli import main\n"
        f"assert main.main(['impact', 'run', {HAZARD!r}, {EXPOSURE!r}, '--out', 'r', '--quiet']) == 0\n"
        "print(sorted({'django', 'psycopg', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]"
