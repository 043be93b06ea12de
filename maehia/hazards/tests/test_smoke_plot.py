"""The map: what is drawn where, with and without Thai letters."""

import json

import numpy as np
import pytest
from matplotlib.image import imread

from maehia.hazards.smoke import Backdrop, Reach, Stations, Variogram, draw, make_field, plot
from maehia.impact import ArgumentError, Grid

from .smoke_fields import GRID, TRUTH, network

HALF = Grid(0, 0, 100, 100, 60, 40)
WIDE = Variogram(range_m=1e7, sill=0.16)


def field_of(**options):
    return make_field(network(count=10), GRID, TRUTH, **options)


def test_a_picture_is_written_in_the_asked_form(tmp_path):
    for suffix, head in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
        draw(field_of(), tmp_path / f"map{suffix}", title="t", source="s", dpi=60)
        assert (tmp_path / f"map{suffix}").read_bytes().startswith(head)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_field_gives_the_same_bytes(tmp_path, suffix):
    one, two = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    for path in (one, two):
        draw(field_of(), path, title="t", source="s", dpi=60)
    assert one.read_bytes() == two.read_bytes()


def test_hours_are_not_drawn_in_the_bands_of_a_day(tmp_path):
    points = network()
    field = make_field(Stations.of(points.x, points.y, points.value, hours=1), GRID, TRUTH)
    with pytest.raises(ArgumentError, match="1-hour means"):
        draw(field, tmp_path / "map.png", title="t", source="s")
    assert not (tmp_path / "map.png").exists()


def pixels(path, x, y):
    """RGB around a point of HALF in metres, of a picture of 100 dpi."""
    image = imread(path)
    left, bottom, width, height = 0.035, 0.115, 0.645, 0.775
    tall, wide = image.shape[:2]
    scale = min(width * wide / 6000, height * tall / 4000)
    top = (1 - bottom - height) * tall
    row, column = int(top + (4000 - y) * scale), int(left * wide + x * scale)
    return image[row - 4 : row + 5, column - 4 : column + 5, :3]


def test_bands_have_their_colours_and_the_unknown_is_hatched(tmp_path):
    stations = Stations.of([300, 300, 900, 900], [300, 3700, 300, 3700], [90.0, 90.5, 91.0, 90.2])
    field = make_field(stations, HALF, WIDE, method="mean", reach=Reach(max_m=1e9, hull_buffer_m=1000.0))
    draw(field, tmp_path / "map.png", title="t", source="s", dpi=100)
    red = pixels(tmp_path / "map.png", 600, 2000).mean(axis=(0, 1))
    assert red[0] > 0.9
    assert red[1:].max() < 0.4
    hatched = pixels(tmp_path / "map.png", 5000, 2000)
    assert np.ptp(hatched.mean(axis=(0, 1))) < 0.1
    assert hatched.std() > 0.01


def test_without_a_thai_font_the_labels_are_english(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(plot, "thai_font", lambda: None)
    monkeypatch.setattr(plot.Axes, "text", spy(plot.Axes.text, drawn))
    draw(field_of(), tmp_path / "map.png", title="t", source="s", dpi=50)
    assert "Starting to affect health" in drawn
    assert not any("ก" <= letter <= "๛" for text in drawn for letter in text)


def test_with_a_thai_font_the_labels_are_in_both(tmp_path, monkeypatch):
    if plot.thai_font() is None:
        pytest.skip("no font with Thai letters is installed")
    drawn = []
    monkeypatch.setattr(plot.Axes, "text", spy(plot.Axes.text, drawn))
    draw(field_of(), tmp_path / "map.png", title="t", source="s", dpi=50)
    assert "เริ่มมีผลกระทบต่อสุขภาพ" in drawn
    assert "Starting to affect health · 37.6–75.0 µg/m³" in drawn
    assert "ยังไม่ทราบ · unknown" in drawn


def spy(method, into):
    def text(axes, x, y, words, *args, **options):
        into.append(words)
        return method(axes, x, y, words, *args, **options)

    return text


def captions_of(monkeypatch, field, path):
    said = []
    real = plot.Figure.text
    monkeypatch.setattr(plot.Figure, "text", lambda f, x, y, s, **o: (said.append(s), real(f, x, y, s, **o))[1])
    draw(field, path, title="the title", source="somebody's readings", dpi=50)
    return " ".join(said)


def test_the_caption_names_source_method_reach_and_what_is_unverified(tmp_path, monkeypatch):
    field = field_of(reach=Reach(max_m=2000.0))
    said = captions_of(monkeypatch, field, tmp_path / "map.png")
    for words in ("the title", "somebody's readings", field.reason, f"{1 - field.known_share:.0%}", "10 stations",
                  "not checked in the notice"):  # fmt: skip
        assert words in said


def test_a_suspect_station_carries_a_question_mark(tmp_path, monkeypatch):
    with pytest.warns(UserWarning, match="Far from the median"):
        stations = Stations.of([500, 9000, 5000, 3000], [500, 900, 9000, 4000], [30.0, 31.0, 29.0, 300.0])
    drawn = []
    real = plot.Axes.annotate
    monkeypatch.setattr(plot.Axes, "annotate", lambda a, s, *p, **o: (drawn.append(s), real(a, s, *p, **o))[1])
    draw(make_field(stations, GRID, TRUTH, method="idw"), tmp_path / "map.png", title="t", source="s", dpi=50)
    assert "300.0 ?" in drawn
    assert "30.0" in drawn


def test_neighbours_have_their_numbers_above_and_below_in_turn(tmp_path, monkeypatch):
    stations = Stations.of([3000, 1000, 2000, 9000], [500, 500, 500, 9000], [30.0, 31.0, 29.0, 33.0])
    offsets = {}
    real = plot.Axes.annotate

    def note(axes, words, at, off=None, **options):
        offsets[words] = off[1]
        return real(axes, words, at, off, **options)

    monkeypatch.setattr(plot.Axes, "annotate", note)
    draw(make_field(stations, GRID, TRUTH, method="idw"), tmp_path / "map.png", title="t", source="s", dpi=50)
    assert [np.sign(offsets[words]) for words in ("31.0", "29.0", "30.0", "33.0")] == [1, -1, 1, -1]


@pytest.mark.parametrize("grid", [Grid(0, 0, 12_000, 10_000, 1, 1), Grid(0, 0, 100, 10_000, 120, 1)])
def test_a_grid_of_one_cell_or_row_is_drawn(tmp_path, grid):
    draw(make_field(network(), grid, WIDE, method="kriging"), tmp_path / "map.png", title="t", source="s", dpi=50)
    assert (tmp_path / "map.png").stat().st_size > 1000


@pytest.mark.parametrize("method", ["mean", "idw", "kriging"])
def test_a_field_that_is_unknown_everywhere_is_drawn(tmp_path, method):
    far = Grid(9e6, 9e6, 100, 100, 8, 6)
    field = make_field(network(), far, TRUTH, method=method)
    assert field.known_share == 0
    draw(field, tmp_path / "map.png", title="t", source="s", dpi=50)
    assert (tmp_path / "map.png").stat().st_size > 1000


def test_a_backdrop_is_read_from_files_in_the_grids_crs(tmp_path):
    lines = {"type": "MultiLineString", "coordinates": [[[99, 18], [99.001, 18]], [[99, 18.5], [99, 18.6]]]}
    ring = [[99, 18], [99.01, 18], [99.01, 18.01], [99, 18]]
    features = [{"type": "Feature", "properties": {}, "geometry": g}
                for g in (lines, {"type": "Polygon", "coordinates": [ring]}, {"type": "Point", "coordinates": [99, 18]})]  # fmt: skip
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    backdrop = Backdrop.read("EPSG:32647", roads=path)
    assert [line.shape for line in backdrop.roads] == [(2, 2), (2, 2), (4, 2)]
    assert backdrop.water == ()
    assert backdrop.roads[0][0] == pytest.approx([500_000, 1_990_181], abs=500)
    draw(field_of(), tmp_path / "map.png", title="t", source="s", dpi=50, backdrop=backdrop)


def test_a_backdrop_without_a_crs_is_refused(tmp_path):
    path = tmp_path / "roads.csv"
    path.write_text('WKT,a\n"LINESTRING (0 0, 1 1)",1\n')
    with pytest.raises(ArgumentError) as error:
        Backdrop.read("EPSG:32647", roads=path)
    assert error.value.problem.code == "crs_missing"


@pytest.mark.parametrize(("metres", "round_"), [(1240, 1000), (999, 500), (200, 200), (4999, 2000), (50_000, 50_000)])
def test_the_scale_bar_has_a_round_length(metres, round_):
    assert plot._round_length(metres) == round_
