"""The invented town's flood, its picture, the doors of the room, and every block of docs/flood.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image
from shapely.geometry import LineString, Point, box

import maehia.hazards
from maehia.demo import write_town
from maehia.hazards import demo_flood as demo
from maehia.hazards.dem import Dem
from maehia.hazards.demo_flood import DemoGround, demo_flood, demo_ground, demo_inflows, draw_demo
from maehia.hazards.flood import FloodRun
from maehia.hazards.idf import demo_idf
from maehia.hazards.picture import Around, flood_map, shaded
from maehia.impact import ArgumentError, Grid

DOCS = Path(__file__).parents[3] / "docs" / "flood.md"


@pytest.fixture(scope="session")
def raw(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("flood-town")
    write_town(root, people=60, seed=11)
    return root / "raw"


@pytest.fixture(scope="session")
def ground(raw) -> DemoGround:
    return demo_ground(raw, cell_size=75.0)


@pytest.fixture(scope="session")
def run(ground) -> FloodRun:
    return demo_flood(ground, duration_s=1.5 * 3600.0)


def test_no_water_is_made_or_lost_over_the_demo_town(run):
    assert run.budget.rain > 1e6
    assert run.budget.relative_error < 1e-12


def test_the_demo_flood_runs_in_the_streams_and_leaves_the_heights_dry(ground, run):
    beds = maehia.hazards.ground.touched([*ground.streams, ground.river], ground.dem.grid)
    assert run.max_depth[beds].mean() > 4 * run.max_depth[~beds].mean()
    assert np.median(run.max_depth[~beds]) < 0.05
    hills = ground.dem.elevation > 500.0
    assert np.mean(run.max_depth[hills] > 0.3) < 0.05


def test_the_demo_flood_has_no_checkerboard(run):
    """A scheme that goes unstable swings from cell to cell; depths of neighbours of the same flood go together."""
    deep = np.where(run.max_depth > 0.05, run.max_depth, np.nan)
    even = deep[1:-1, 1:-1] - 0.25 * (deep[:-2, 1:-1] + deep[2:, 1:-1] + deep[1:-1, :-2] + deep[1:-1, 2:])
    odd = np.where(np.add.outer(np.arange(even.shape[0]), np.arange(even.shape[1])) % 2, 1.0, -1.0)
    assert abs(np.nanmean(even * odd)) < 0.01


def test_streams_end_in_the_river_and_hollows_are_filled(ground):
    main = max(ground.streams, key=lambda line: line.length)
    assert Point(main.coords[-1]).distance(ground.river) < 1.0
    assert any("pits were filled" in note for note in ground.dem.notes)
    assert any("lowered by 1 m" in note for note in ground.dem.notes)


def test_houses_of_the_demo_shed_more_rain_than_its_forest(ground):
    numbers = ground.losses.curve_number
    assert numbers[ground.land == 50].min() > numbers[ground.land == 10].max()


def test_the_demo_s_water_enters_inside_of_its_terrain(ground):
    wave, river = demo_inflows(ground)
    for inflow in (wave, river):
        assert 0 <= inflow.cells[0] < ground.dem.grid.size
        assert np.isfinite(ground.dem.elevation.ravel()[inflow.cells[0]])


def test_the_demo_s_picture_is_drawn_and_small(ground, run, tmp_path):
    path = tmp_path / "flood.png"
    draw_demo(ground, run, path)
    assert path.stat().st_size < 400_000
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3).astype(int)
    blue = (pixels[:, 2] > pixels[:, 0] + 40).mean()
    assert 0.03 < blue < 0.6, "there is water on the map, and there is land"


def test_the_command_writes_the_picture_from_the_raw_files(raw, ground, run, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(demo, "demo_ground", lambda path: asked.append(path) or ground)
    monkeypatch.setattr(demo, "demo_flood", lambda _: run)
    demo.main(str(raw), str(tmp_path / "a.png"))
    assert asked == [raw]
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_the_picture_says_that_all_is_invented(ground, run, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(demo, "flood_map", lambda *a, **k: said.append(k) or flood_map(*a, **k))
    draw_demo(ground, run, tmp_path / "a.png")
    assert "ข้อมูลสมมติ" in said[0]["source"]
    assert "invented" in said[0]["title"]


def test_the_demo_s_storm_is_the_rain_of_its_return_period():
    storm = demo.demo_storm(25.0)
    assert storm.total_mm == pytest.approx(demo_idf().depth_mm(180.0, 25.0))
    assert storm.duration_s == 3 * 3600.0


def test_the_same_flood_again_is_the_same_to_the_bit(ground, run):
    again = demo_flood(ground, duration_s=1.5 * 3600.0)
    np.testing.assert_array_equal(again.max_depth, run.max_depth)


def test_the_picture_in_the_page_is_there_and_small():
    picture = DOCS.parent / "images" / "flood-demo.png"
    assert picture.stat().st_size < 400_000
    assert "images/flood-demo.png" in DOCS.read_text(encoding="utf-8")


def small() -> Dem:
    row, col = np.mgrid[0:20, 0:30]
    return Dem(Grid(0, 0, 10, 10, 30, 20), 50.0 + 0.1 * col + 0.01 * row)


def test_buildings_in_the_water_are_counted():
    depth = np.zeros((20, 30))
    depth[:, :10] = 0.5
    spots = [Point(15, 15), box(20, 20, 40, 40), Point(205, 105), Point(-50, 0)]
    figure = flood_map(small(), depth, title="a", source="b", around=Around(buildings=spots, roads=[box(0, 0, 9, 9)]))
    texts = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert texts[-2:] == ["2 buildings in 30 cm or more", "1 others"]


def test_a_map_of_another_shape_is_refused():
    with pytest.raises(ArgumentError, match="depth"):
        flood_map(small(), np.zeros((3, 3)), title="a", source="b")


def test_every_depth_has_its_band_and_shallow_water_is_none():
    depth = np.zeros((20, 30))
    depth[5, :6] = [0.04, 0.06, 0.2, 0.5, 0.9, 3.0]
    figure = flood_map(small(), depth, title="a", source="b")
    image = figure.axes[0].images[1]
    drawn = image.get_array()
    assert drawn.mask[5, 0]
    colours = image.to_rgba(drawn)[5, 1:6]
    assert len({tuple(np.round(colour, 3)) for colour in colours}) == 5
    assert (np.diff(colours[:, 0]) < 0).all(), "deeper is darker"


def test_a_map_without_buildings_has_no_count_of_them():
    figure = flood_map(small(), np.zeros((20, 30)), title="a", source="b")
    assert len(figure.axes[0].get_legend().get_texts()) == 5


def test_the_south_of_the_terrain_is_at_the_bottom_of_the_picture():
    figure = flood_map(small(), np.zeros((20, 30)), title="a", source="b")
    for image in figure.axes[0].images:
        assert image.origin == "lower"
        assert image.get_extent() == [0, 300, 0, 200]


def test_light_comes_from_the_north_west_and_gaps_are_drawn():
    row, col = np.mgrid[0:20, 0:30]
    roof = Dem(Grid(0, 0, 10, 10, 30, 20), 50.0 - np.abs(col - 15.0) + 0.0 * row)
    roof.elevation[0, 0] = np.nan
    picture = shaded(roof)
    assert picture.shape == (20, 30, 3)
    assert np.isfinite(picture).all()
    assert picture[10, 8].sum() > picture[10, 22].sum()


def test_shapes_without_a_projection_are_refused(tmp_path):
    path = tmp_path / "lines.gpkg"
    import pyogrio

    pyogrio.raw.write(
        path, shapely.to_wkb([LineString([(0, 0), (1, 1)])]), [], [], geometry_type="LineString", crs=None
    )
    with pytest.raises(ArgumentError, match="crs"):
        maehia.hazards.read_shapes(path, "EPSG:32647")


def test_every_door_opens():
    tree = ast.parse(Path(maehia.hazards.__file__).read_text(encoding="utf-8"))
    promised = {
        alias.asname: node.module.rsplit(".", 1)[-1]
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("maehia")
        for alias in node.names
    }  # fmt: skip
    assert promised == maehia.hazards.DOORS
    for name in maehia.hazards.DOORS:
        assert callable(getattr(maehia.hazards, name)), name
    assert set(maehia.hazards.DOORS) <= set(dir(maehia.hazards))
    with pytest.raises(AttributeError, match="no_such_door"):
        _ = maehia.hazards.no_such_door


def test_no_door_is_named_as_a_module_of_the_room():
    files = {path.stem for path in Path(maehia.hazards.__file__).parent.glob("*")}
    assert not files & set(maehia.hazards.DOORS)


def test_opening_the_room_loads_nothing_heavy():
    code = (
        "import sys, maehia.hazards; print(sorted({'numba', 'rasterio', 'pyflwdir', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_block_of_the_flood_page_runs_in_order(raw, monkeypatch, tmp_path, capsys):
    (tmp_path / "dem.tif").write_bytes((raw / "dem.tif").read_bytes())
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 5
    space: dict = {}
    for block in blocks:
        exec(compile(block, "flood.md", "exec"), space)
    assert "0.16 0.03 0.01" in capsys.readouterr().out
    assert space["hazard"].events == 3
    assert space["stages"].nnz > 0
    assert len(list(Path("finished").glob("*.npz"))) == 3
    assert np.nanmin(space["change"]) < 0 < np.nanmax(space["change"])
