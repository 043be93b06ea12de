"""Figures: what they show, that they are the same bytes again, and that they touch nobody else's style."""

import sys

import matplotlib as mpl
import numpy as np
import pytest

from maehia.impact import ArgumentError, Grid, plot

GRID = Grid(497_000, 2_070_000, 10, 10, 20, 10)
LINE = plot.Line("today", np.array([2.0, 10, 100]), np.array([0.0, 2e6, 9e6]))


def assets(size=50, seed=3):
    draw = np.random.default_rng(seed)
    x, y = draw.uniform(497_000, 497_200, size), draw.uniform(2_070_000, 2_070_100, size)
    amounts = draw.random(size) * 1e5
    amounts[:5] = 0
    return x, y, amounts


def all_figures():
    x, y, amounts = assets()
    yield plot.curve([LINE, plot.Line("with a wall", LINE.return_periods, LINE.amounts / 2)], unit="THB")
    yield plot.asset_map(x, y, amounts, grid=GRID, off_grid=np.arange(50) == 7, unit="THB")
    yield plot.hazard_map(GRID, np.linspace(0, 2, 200).reshape(10, 20))
    yield plot.events(["a", "ปี 54", "c"], np.array([1.0, 3, 2]), np.array([0.1, 0.01, 0]))


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_the_same_input_gives_the_same_bytes(tmp_path, kind):
    for number, figure in enumerate(all_figures()):
        plot.save(figure, tmp_path / f"{number}.{kind}")
    for number, figure in enumerate(all_figures()):
        plot.save(figure, tmp_path / f"again.{kind}")
        first, again = ((tmp_path / f"{name}.{kind}").read_bytes() for name in (number, "again"))
        assert first == again
        assert len(first) > 5_000
        assert b"<dc:date>" not in first


def test_a_curve_passes_through_its_events_and_is_linear_in_return_period():
    axes = plot.curve([LINE], unit="THB").axes[0]
    drawn, dots = axes.lines
    years, amounts = drawn.get_data()
    np.testing.assert_allclose(np.interp(LINE.return_periods, years, amounts), LINE.amounts / 1e6)
    assert np.interp(55, years, amounts) == pytest.approx(5.5, rel=1e-3)
    assert dots.get_data()[0].tolist() == [2, 10, 100]
    assert axes.get_xscale() == "log"
    assert axes.get_ylabel() == "reached or exceeded, million THB"
    assert axes.get_ylim()[0] == 0


def test_a_curve_of_many_events_has_no_dots():
    years = np.arange(1.0, 100)
    line = plot.curve([plot.Line("", years, years)]).axes[0].lines[1]
    assert line.get_marker() == "None"


def test_a_single_event_is_a_dot():
    assert plot.curve([plot.Line("", np.array([10.0]), np.array([5.0]))]).axes[0].lines


def test_a_run_without_frequencies_has_no_curve():
    with pytest.raises(ArgumentError, match="no event has a frequency"):
        plot.curve([plot.Line("", np.array([]), np.array([]))])


def test_off_grid_assets_are_drawn_and_counted():
    x, y, amounts = assets()
    axes = plot.asset_map(x, y, amounts, grid=GRID, off_grid=np.arange(50) < 3).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["3 off the grid"]
    none, some = axes.collections
    assert len(none.get_offsets()) + len(some.get_offsets()) == 47
    assert len(none.get_offsets()) == 2


def test_many_assets_are_summed_by_cell(monkeypatch):
    monkeypatch.setattr(plot, "MOST_DOTS", 10)
    x, y, amounts = assets()
    figure = plot.asset_map(x, y, amounts, grid=GRID, unit="THB")
    shown = figure.axes[0].images[0].get_array()
    assert shown.shape == GRID.shape
    assert shown.sum() * 1e3 == pytest.approx(amounts.sum())
    assert figure.axes[1].get_ylabel() == "thousand THB"


def test_a_hazard_lies_with_its_south_at_the_bottom():
    values = np.zeros(GRID.shape)
    values[0, 0], values[3, 3] = 2.0, np.nan
    image = plot.hazard_map(GRID, values).axes[0].images[0]
    assert image.origin == "lower"
    assert image.get_extent() == [497_000, 497_200, 2_070_000, 2_070_100]
    assert image.get_array().count() == 1  # dry and unknown stay white


def test_a_dry_hazard_is_drawn_white():
    assert plot.hazard_map(GRID, np.zeros(GRID.shape)).axes[0].images[0].get_array().count() == 0


def test_the_largest_events_come_first_and_a_scenario_says_so():
    axes = plot.events(list("abcd"), np.array([1.0, 4, 2, 3]), np.array([0.1, 0.02, 0, 0.3]), most=3).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["c", "d", "b"]
    assert [text.get_text() for text in axes.texts] == ["scenario", "0.3 a year", "0.02 a year"]


@pytest.mark.parametrize(
    ("top", "expected"),
    [(0, (1, "")), (999, (1, "")), (1000, (1e3, "thousand")), (2.5e6, (1e6, "million")), (1e20, (1e12, "trillion"))],
)
def test_axes_count_in_words(top, expected):
    assert plot._scale(top) == expected


def test_the_callers_style_is_left_alone():
    before = dict(mpl.rcParams)
    plot.curve([LINE])
    assert dict(mpl.rcParams) == before


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match=r"ends in '\.gif'"):
        plot.save(plot.curve([LINE]), tmp_path / "a.gif")


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ArgumentError, match="pip install matplotlib"):
        plot.curve([LINE])
