"""A smoke map that can be read without its colours: bands with label and number, stations, doubt, and the unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from matplotlib import font_manager, patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator
from pyproj import Transformer

from maehia.hazards.smoke.aqi import Band, aqi_of, bands
from maehia.hazards.smoke.field import SmokeField
from maehia.hazards.smoke.trial import METHODS, WORDS, Trial
from maehia.impact import ArgumentError

THAI_FONTS = ("Sarabun", "Noto Sans Thai", "Noto Sans Thai Looped", "Loma", "Garuda", "Waree", "TH Sarabun New")
INK, SOFT, PAPER, UNKNOWN = "#22303a", "#5c6b76", "#fbfaf7", "#e9e7e1"
WATER, ROAD = "#2f6f9f", "#6d6a66"
HALO: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=2.6, foreground="white")]
FIELD_ALPHA = 0.80

Line = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Backdrop:
    """What helps a reader to find herself: lines of (N, 2) metres in the grid's crs."""

    roads: Sequence[Line] = ()
    water: Sequence[Line] = ()
    outline: Sequence[Line] = ()

    @classmethod
    def read(cls, crs: str, **files: str | Path) -> Backdrop:
        """From vector files that GDAL reads: `Backdrop.read(grid.crs, roads="roads.geojson", water=...)`.

        Polygons give their borders. Raises ArgumentError for a file that does not say its crs.
        """
        return cls(**{name: lines_of(path, crs) for name, path in files.items()})


def lines_of(path: str | Path, crs: str) -> list[Line]:
    """The lines of a vector file as (N, 2) coordinates in crs."""
    meta, _, shapes, _ = pyogrio.raw.read(path, columns=[])
    if not meta["crs"]:
        raise ArgumentError("path", f"{path} does not say its crs.", code="crs_missing")
    parts = shapely.get_parts(shapely.get_parts(shapely.from_wkb(shapes)))
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts[polygon] = shapely.get_exterior_ring(parts[polygon])
    to = Transformer.from_crs(meta["crs"], crs, always_xy=True)
    coordinates = [shapely.get_coordinates(part) for part in parts]
    return [np.column_stack(to.transform(*xy.T)) for xy in coordinates if len(xy) > 1]


def draw(
    field: SmokeField,
    path: str | Path,
    *,
    title: str,
    source: str,
    backdrop: Backdrop = Backdrop(),
    dpi: int = 130,
) -> None:
    """Write the field as a picture; the suffix of path says which (png, svg, pdf).

    title: place and time. source: whose readings, for the caption. Labels are Thai and English where a font with Thai
    letters is installed, else English. Unknown cells are hatched. A kriged field shows its standard deviation apart.
    Raises ArgumentError for a field of less than a day: its colours would be an index that does not exist.
    """
    field.aqi()
    with mpl.rc_context(_style()):  # type: ignore[arg-type]
        figure = Figure(figsize=(11.0, 7.4), facecolor=PAPER)
        FigureCanvasAgg(figure)
        _map(figure.add_axes((0.035, 0.115, 0.645, 0.775)), field, backdrop)
        _head(figure, field, title, source)
        _legend(figure.add_axes((0.70, 0.445, 0.275, 0.445)), field)
        if field.trial is not None:
            _bars(figure.add_axes((0.70, 0.335, 0.275, 0.075)), field.trial)
        if field.std is not None:
            _doubt(figure.add_axes((0.70, 0.115, 0.235, 0.175)), field, field.std)
        figure.savefig(path, dpi=dpi, **_writing(path))


def _writing(path: str | Path) -> dict[str, Any]:
    """The same field gives the same bytes: no program version or date inside the file."""
    kinds: dict[str, dict[str, Any]] = {
        ".png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 9}},
        ".svg": {"metadata": {"Date": None}},
        ".pdf": {"metadata": {"CreationDate": None}},
    }
    return kinds.get(Path(path).suffix.lower(), {})


def thai_font() -> str | None:
    """The first installed family that has Thai letters."""
    installed = set(font_manager.get_font_names())
    return next((name for name in THAI_FONTS if name in installed), None)


def _style() -> dict[str, Any]:
    families = [name for name in (thai_font(), "DejaVu Sans") if name]
    return {"font.family": families, "font.size": 9.5, "text.color": INK, "axes.edgecolor": "#c9c5bc",
            "axes.linewidth": 0.8, "hatch.linewidth": 0.5, "hatch.color": "#b3aea3", "svg.hashsalt": "smoke",
            "contour.negative_linestyle": "solid"}  # fmt: skip


def _map(axes: Axes, field: SmokeField, backdrop: Backdrop) -> None:
    west, south, east, north = field.grid.bounds
    axes.add_patch(Rectangle((west, south), east - west, north - south, facecolor=UNKNOWN, hatch="////", zorder=0))
    _bands(axes, field)
    for lines, colour, width, zorder in ((backdrop.water, WATER, 1.1, 3), (backdrop.roads, ROAD, 0.35, 2),
                                         (backdrop.outline, INK, 1.3, 4)):  # fmt: skip
        for line in lines:
            axes.plot(line[:, 0], line[:, 1], color=colour, linewidth=width, zorder=zorder, alpha=0.75,
                      solid_capstyle="round")  # fmt: skip
    _contours(axes, field)
    _stations(axes, field)
    _scale(axes, field)
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], aspect="equal", anchor="NW")


def _bands(axes: Axes, field: SmokeField) -> None:
    colours = ListedColormap([band.colour for band in bands()])
    shown = np.ma.masked_equal(aqi_of(field.value).band, 0)
    extent = _extent(field)
    axes.imshow(np.ones(field.grid.shape), extent=extent, origin="lower", cmap=ListedColormap([PAPER]), zorder=1,
                alpha=field.known.astype(float), interpolation="nearest")  # fmt: skip
    axes.imshow(shown, extent=extent, origin="lower", cmap=colours, norm=BoundaryNorm(np.arange(0.5, 6), 5),
                alpha=FIELD_ALPHA, zorder=1.1, interpolation="nearest")  # fmt: skip


def _extent(field: SmokeField) -> tuple[float, float, float, float]:
    west, south, east, north = field.grid.bounds
    return west, east, south, north


def _centres(field: SmokeField) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    grid = field.grid
    return grid.x0 + (np.arange(grid.nx) + 0.5) * grid.dx, grid.y0 + (np.arange(grid.ny) + 0.5) * grid.dy


def _contours(axes: Axes, field: SmokeField) -> None:
    """Lines of equal concentration inside the bands, and the border of the known area; none on a flat or tiny field."""
    if min(field.grid.shape) < 2:
        return
    x, y = _centres(field)
    if field.known.any() and not field.known.all():
        axes.contour(x, y, field.known.astype(float), [0.5], colors=[SOFT], linewidths=0.9, zorder=4)
    if field.known.any() and np.nanmax(field.value) - np.nanmin(field.value) > 0.5:
        levels = MaxNLocator(7).tick_values(np.nanmin(field.value), np.nanmax(field.value))
        drawn = axes.contour(x, y, np.ma.masked_invalid(field.value), levels, colors=[INK], linewidths=0.55, alpha=0.6,
                             zorder=4)  # fmt: skip
        for label in axes.clabel(drawn, fmt="%g", fontsize=7.5, inline=True, inline_spacing=3):
            label.set_path_effects(HALO)


def _stations(axes: Axes, field: SmokeField) -> None:
    stations = field.stations
    colours = {band.band: band.colour for band in bands()}
    fill = [colours[int(band)] for band in aqi_of(stations.value).band]
    axes.scatter(stations.x, stations.y, s=105, c=fill, edgecolors=INK, linewidths=1.5, zorder=6)
    above = _label_above(stations.x, stations.y)
    for x, y, value, name, suspect, up in zip(stations.x, stations.y, stations.value, stations.name, stations.suspect,
                                              above, strict=True):  # fmt: skip
        axes.annotate(f"{value:.1f}{' ?' if suspect else ''}", (x, y), (0, 9 if up else -9), fontsize=11.5,
                      fontweight="bold", textcoords="offset points", ha="center", va="bottom" if up else "top",
                      path_effects=HALO, zorder=7)  # fmt: skip
        axes.annotate(name, (x, y), (0, 23 if up else -23), textcoords="offset points", ha="center", fontsize=7.5,
                      va="bottom" if up else "top", color=SOFT, path_effects=HALO, zorder=7)  # fmt: skip


def _label_above(x: npt.NDArray[Any], y: npt.NDArray[Any]) -> list[bool]:
    """Neighbours from west to east take turns, so that close stations do not write over one another."""
    order = np.argsort(np.argsort(x + 1e-6 * y))
    return [bool(rank % 2 == 0) for rank in order]


def _scale(axes: Axes, field: SmokeField) -> None:
    west, south, east, north = field.grid.bounds
    length = _round_length((east - west) / 5)
    x, y, tall = west + 0.03 * (east - west), south + 0.035 * (north - south), 0.008 * (north - south)
    for part, colour in enumerate((INK, "white")):
        axes.add_patch(Rectangle((x + part * length / 2, y), length / 2, tall, facecolor=colour, edgecolor=INK,
                                 linewidth=0.8, zorder=8))  # fmt: skip
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x + length, y + 1.8 * tall, text, ha="right", va="bottom", fontsize=8.5, path_effects=HALO, zorder=8)
    axes.annotate("N", (0.965, 0.955), (0.965, 0.885), xycoords="axes fraction", ha="center", va="top", fontsize=9,
                  fontweight="bold", zorder=8, path_effects=HALO,
                  arrowprops={"arrowstyle": "-|>", "facecolor": INK, "edgecolor": INK, "linewidth": 1.2})  # fmt: skip


def _round_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not longer."""
    power = 10 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))


def _head(figure: Figure, field: SmokeField, title: str, source: str) -> None:
    unread = "" if bands()[0].verified else " (limits not checked in the notice itself)"
    what = f"PM2.5, 24-hour mean, µg/m³, in the bands of the Thai air quality index{unread}"
    noisy = field.std is not None and (field.variogram.nugget > 0 or field.stations.error.any())
    rule = (
        f"Hatched: unknown, beyond the reach of the {field.stations.size} stations ({1 - field.known_share:.0%} of "
        f"the map).{' Circles: what a station read; the map evens out their own noise.' if noisy else ''}"
    )
    figure.text(0.035, 0.945, title, fontsize=17, fontweight="bold", va="center")
    figure.text(0.035, 0.908, what, fontsize=10, color=SOFT, va="center")
    figure.text(0.035, 0.072, f"Readings: {source}. {field.reason}", fontsize=8.2, color=SOFT, va="center")
    figure.text(0.035, 0.043, rule, fontsize=8.2, color=SOFT, va="center")


def _legend(axes: Axes, field: SmokeField) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.axis("off")
    thai = thai_font() is not None
    share = np.bincount(aqi_of(field.value).band.ravel(), minlength=6) / field.grid.size
    step = 0.155
    for place, band in enumerate(bands()):
        _entry(axes, 0.965 - place * step, band, share[band.band], thai)
    y = 0.965 - 5 * step - 0.01
    axes.add_patch(Rectangle((0, y - 0.075), 0.13, 0.075, facecolor=UNKNOWN, hatch="////", edgecolor="#b3aea3"))
    axes.text(0.17, y - 0.037, "ยังไม่ทราบ · unknown" if thai else "unknown", va="center", fontsize=10)
    axes.text(1.0, y - 0.037, f"{share[0]:.0%}", va="center", ha="right", fontsize=10, color=SOFT)
    axes.text(1.0, 1.0, "share of map", va="bottom", ha="right", fontsize=7.5, color=SOFT)


def _entry(axes: Axes, top: float, band: Band, share: float, thai: bool) -> None:
    axes.add_patch(FancyBboxPatch((0.012, top - 0.093), 0.106, 0.086, boxstyle="round,pad=0.012,rounding_size=0.02",
                                  facecolor=band.colour, edgecolor=INK, linewidth=0.7))  # fmt: skip
    axes.text(0.065, top - 0.05, str(band.band), ha="center", va="center", fontsize=11, fontweight="bold",
              path_effects=HALO)  # fmt: skip
    axes.text(0.17, top - 0.022, band.label_th if thai else band.label_en, va="center", fontsize=10.5,
              fontweight="bold")  # fmt: skip
    second = f"{band.label_en} · {band.text} µg/m³" if thai else f"{band.text} µg/m³"
    axes.text(0.17, top - 0.078, second, va="center", fontsize=8, color=SOFT)
    axes.text(1.0, top - 0.022, f"{share:.0%}" if share else "–", va="center", ha="right", fontsize=10, color=SOFT)


def _bars(axes: Axes, trial: Trial) -> None:
    """The honest comparison: how far off each method is at a station that it was not shown."""
    scores, best = trial.scores, trial.best()
    for row, name in enumerate(METHODS):
        chosen = name == best
        axes.barh(-row, scores[name].rmse, height=0.7, color="#7fb2d0" if chosen else "#dcd8cf")
        axes.text(0, -row, f"  {scores[name].rmse:.1f}  {WORDS[name]}{' (shown)' if chosen else ''}", va="center",
                  fontsize=8.5, fontweight="bold" if chosen else "normal")  # fmt: skip
    axes.axis("off")
    axes.set(xlim=(0, max(score.rmse for score in scores.values()) * 1.02 or 1.0))
    axes.set_title("Error at a left-out station (RMSE, µg/m³)", fontsize=9, loc="left", pad=4)


def _doubt(axes: Axes, field: SmokeField, std: npt.NDArray[Any]) -> None:
    shown = axes.imshow(np.ma.masked_invalid(std), extent=_extent(field), origin="lower", cmap="BuPu",
                        interpolation="nearest")  # fmt: skip
    axes.set_facecolor(UNKNOWN)
    axes.scatter(field.stations.x, field.stations.y, s=10, c=INK, zorder=3)
    axes.set(xticks=[], yticks=[], anchor="SW", aspect="equal")
    axes.set_title("Standard deviation of the map, µg/m³", fontsize=9, loc="left", pad=4)
    bar = axes.figure.colorbar(shown, cax=axes.inset_axes((1.03, 0.0, 0.035, 1.0)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=7.5, length=2, color=SOFT)
