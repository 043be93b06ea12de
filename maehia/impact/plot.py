"""Figures of a run: exceedance curves, map of the expected impact, map of the hazard, events as bars.

Calm on purpose: one colour a thing, thin lines, units on the axes, nothing that is not data. Matplotlib is loaded
when a figure is made. SVG and PNG of the same input are the same bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.formats.faults import PathLike
from maehia.impact.grid import Grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Arguments = ParamSpec("Arguments")
# The tokens of the town's pages (maehia/web/static/web/css/tokens.css, light).
INK, SOFT, LINE, PAPER, OUTSIDE = "#17211f", "#4b5a56", "#e3e8e6", "#ffffff", "#7c8a86"
COLOURS = ("#0b6e5f", "#c26a00", "#2f6fb3", "#a8497f", "#7a6a00", "#5b6663")
LOSS = ("#cfe5e0", "#9fcdc2", "#5fa898", "#2b7f71", "#0a5348")
WATER = ("#e6f0f8", "#b3d2ea", "#6faad6", "#2f6fb3", "#123f73")
STYLE: dict[str, Any] = {
    "font.size": 11, "text.color": INK,
    "axes.edgecolor": OUTSIDE, "axes.labelcolor": SOFT, "axes.titlecolor": INK, "axes.titlesize": 13,
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "axes.axisbelow": True, "grid.color": LINE, "grid.linewidth": 0.8, "xtick.color": SOFT, "ytick.color": SOFT,
    "legend.frameon": False, "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "svg.hashsalt": "maehia",
    "figure.constrained_layout.use": True,
}  # fmt: skip
FONTS = ("Sarabun", "Noto Sans Thai", "Noto Looped Thai", "Loma", "DejaVu Sans")
MOST_DOTS = 20_000  # assets drawn one by one; more are summed by cell
ROUND = 10 ** np.arange(0, 13, 3)
UNITS = ("", " thousand", " million", " billion", " trillion")


def styled(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
    """Draw in the house's style, and leave the caller's own untouched."""

    @functools.wraps(draw)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Figure:
        with _style():
            return draw(*args, **kwargs)

    return drawn


def _style() -> Any:
    try:
        from matplotlib import font_manager, rc_context
    except ImportError as error:
        raise ArgumentError("plot", "needs matplotlib.", fix="pip install matplotlib", code="no_matplotlib") from error
    known = set(font_manager.fontManager.get_font_names())
    style: Any = {**STYLE, "font.family": [name for name in FONTS if name in known]}
    return rc_context(style)


class Line(NamedTuple):
    """One exceedance curve: its label, return periods and amounts, both rising."""

    label: str
    return_periods: Floats
    amounts: Floats


@styled
def curve(lines: Sequence[Line], *, unit: str = "", title: str = "How much, how rarely") -> Figure:
    """Exceedance curves over return periods (logarithmic): points are events, between them the curve is linear."""
    shown = [line for line in lines if len(line.return_periods)]
    if not shown:
        raise ArgumentError("lines", "have no point: no event has a frequency above 0.")
    axes = _figure(7.2, 4.4)
    top = max(float(line.amounts.max()) for line in shown)
    factor, word = _scale(top)
    for line, colour in zip(shown, _colours(len(shown)), strict=False):
        years, amounts = _dense(line)
        axes.plot(years, amounts / factor, color=colour, linewidth=2, label=line.label)
        few = len(line.return_periods) <= 40
        axes.plot(line.return_periods, line.amounts / factor, "o" if few else "", color=colour, markersize=4.5)
    _log_years(axes, shown)
    axes.set_ylim(0, top / factor * 1.08 or 1)
    axes.set(xlabel="return period, years", ylabel=_label("reached or exceeded", unit, word), title=title)
    if len(shown) > 1:
        axes.legend(loc="upper left")
    return _whole(axes)


def _dense(line: Line) -> tuple[Floats, Floats]:
    """Linear in return period is bent on a logarithmic axis: drawn through many points."""
    years = np.geomspace(line.return_periods[0], line.return_periods[-1], 400)
    years = np.union1d(np.clip(years, line.return_periods[0], line.return_periods[-1]), line.return_periods)
    return years, np.interp(years, line.return_periods, line.amounts)


def _log_years(axes: Axes, lines: Sequence[Line]) -> None:
    first = min(float(line.return_periods[0]) for line in lines)
    last = max(float(line.return_periods[-1]) for line in lines)
    axes.set_xscale("log")
    axes.set_xlim(first / 1.15, last * 1.15)
    steps = [m * 10.0**d for d in range(-3, 7) for m in (1, 2, 5) if first / 1.15 <= m * 10.0**d <= last * 1.15]
    axes.set_xticks(steps, [f"{year:g}" for year in steps])
    axes.minorticks_off()


@styled
def asset_map(
    x: Floats, y: Floats, amounts: Floats, *, grid: Grid, off_grid: npt.NDArray[Any] | None = None, unit: str = "",
    title: str = "Expected a year",
) -> Figure:  # fmt: skip
    """Expected amount a year where it falls: dots by size and shade, or sums by cell when there are many assets.

    off_grid: (N,) true for assets that no cell holds; they are drawn as crosses, never left out silently.
    """
    axes = _map_axes(grid)
    off = np.zeros(x.size, bool) if off_grid is None else off_grid.astype(bool)
    if x.size > MOST_DOTS:
        _cells(axes, grid, _by_cell(grid, x[~off], y[~off], amounts[~off]), LOSS, unit)
    else:
        _dots(axes, (x[~off], y[~off], amounts[~off]), unit)
    if off.any():
        axes.plot(x[off], y[off], "x", color=OUTSIDE, markersize=5, label=f"{int(off.sum()):,} off the grid")
        axes.legend(loc="lower right")
    return _placed(axes, grid, title)


def _dots(axes: Axes, dots: tuple[Floats, Floats, Floats], unit: str) -> None:
    x, y, amounts = dots
    top = float(amounts.max(initial=0)) or 1.0
    factor, word = _scale(top)
    order = np.argsort(amounts, kind="stable")  # the largest on top
    none = amounts[order] == 0
    axes.scatter(x[order][none], y[order][none], s=14, color=PAPER, edgecolors=OUTSIDE, linewidths=0.6)
    some = order[~none]
    drawn = axes.scatter(x[some], y[some], s=22 + 130 * amounts[some] / top, c=amounts[some] / factor, vmin=0,
                         vmax=top / factor, cmap=_ramp(LOSS), edgecolors=INK, linewidths=0.3)  # fmt: skip
    _bar(axes, drawn, _label("", unit, word))


def _by_cell(grid: Grid, x: Floats, y: Floats, amounts: Floats) -> Floats:
    cell = grid.cell_of(x, y)
    on = cell >= 0
    sums: Floats = np.bincount(cell[on], weights=amounts[on], minlength=grid.size).astype(np.float64)
    return sums.reshape(grid.shape)


@styled
def hazard_map(grid: Grid, values: npt.NDArray[Any], *, unit: str = "m", title: str = "Largest in any event") -> Figure:
    """Intensity of each cell, (ny, nx) with row 0 southernmost; 0 and NaN are left white."""
    axes = _map_axes(grid)
    _cells(axes, grid, values, WATER, unit)
    return _placed(axes, grid, title)


def _cells(axes: Axes, grid: Grid, values: npt.NDArray[Any], ramp: Sequence[str], unit: str) -> None:
    shown = np.ma.masked_where(~(values > 0), values)
    top = float(shown.max()) if shown.count() else 1.0
    factor, word = _scale(top)
    west, south, east, north = grid.bounds
    drawn = axes.imshow(shown / factor, origin="lower", extent=(west, east, south, north), cmap=_ramp(ramp), vmin=0,
                        vmax=top / factor, interpolation="nearest")  # fmt: skip
    _bar(axes, drawn, _label("", unit, word))


def _map_axes(grid: Grid) -> Axes:
    """Axes as high as the grid's shape asks."""
    west, south, east, north = grid.bounds
    axes = _figure(7.2, float(np.clip(5.2 * (north - south) / (east - west) + 0.9, 2.8, 10)))
    axes.grid(visible=False)
    return axes


def _placed(axes: Axes, grid: Grid, title: str) -> Figure:
    west, south, east, north = grid.bounds
    axes.set(xlim=(west, east), ylim=(south, north), title=title, xlabel=f"{grid.crs}", aspect="equal")
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.locator_params(nbins=5)
    return _whole(axes)


@styled
def events(
    names: Sequence[str], amounts: Floats, frequency: Floats, *, unit: str = "", most: int = 15,
    title: str = "Largest events",
) -> Figure:  # fmt: skip
    """The largest events as bars, with how often each comes."""
    order = np.argsort(-amounts, kind="stable")[:most][::-1]
    axes = _figure(7.2, 1.4 + 0.32 * max(len(order), 2))
    factor, word = _scale(float(amounts.max(initial=0)))
    axes.barh(np.arange(order.size), amounts[order] / factor, color=COLOURS[0], height=0.62)
    axes.set_yticks(np.arange(order.size), [str(names[e]) for e in order])
    for row, event in enumerate(order):
        axes.annotate(_often(frequency[event]), (amounts[event] / factor, row), xytext=(5, 0), va="center",
                      textcoords="offset points", color=SOFT, fontsize=9)  # fmt: skip
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.2)
    axes.set(xlabel=_label("", unit, word), title=title)
    return _whole(axes)


def _often(frequency: float) -> str:
    return "scenario" if frequency == 0 else f"{frequency:.2g} a year"


def _scale(top: float) -> tuple[float, str]:
    """(factor, word) so that the largest figure on an axis has one to three digits before its point."""
    power = int(np.clip(np.searchsorted(ROUND, top, side="right") - 1, 0, len(ROUND) - 1))
    return float(ROUND[power]), UNITS[power].strip()


def _label(what: str, unit: str, word: str) -> str:
    return ", ".join(part for part in (what, " ".join(p for p in (word, unit) if p)) if part)


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _ramp(colours: Sequence[str]) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("maehia", colours)


def _bar(axes: Axes, drawn: Any, label: str) -> None:
    bar = _whole(axes).colorbar(drawn, ax=axes, shrink=0.8, aspect=28, label=label)
    bar.outline.set_visible(False)


def _whole(axes: Axes) -> Figure:
    figure: Any = axes.figure
    return figure  # type: ignore[no-any-return]


def _figure(width: float, height: float) -> Axes:
    """Axes on a figure of their own, outside pyplot: no window, no state that a second one would share."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def save(figure: Figure, path: PathLike, *, dpi: int = 144) -> None:
    """Write a figure as .png, .svg or .pdf by its suffix, without a date in it."""
    suffix = Path(path).suffix.lower()
    about: dict[str, dict[str, Any]] = {
        ".png": {"Software": None}, ".svg": {"Date": None, "Creator": "maehia"}, ".pdf": {"CreationDate": None},
    }  # fmt: skip
    if suffix not in about:
        raise ArgumentError("path", f"ends in {suffix!r}, expected {', '.join(about)}.")
    with _style():
        figure.savefig(path, dpi=dpi, metadata=about[suffix])
