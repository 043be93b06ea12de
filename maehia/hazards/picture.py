"""A flood as a picture: depth in bands over the shaded ground, with roads, water and the buildings that stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maehia.hazards.dem import Dem
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.plot import INK, SOFT, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Shapes = Sequence[BaseGeometry]
BANDS = (0.05, 0.15, 0.3, 0.6, 1.2)  # m: lower ends of the depth classes
WORDS = ("5 to 15 cm", "15 to 30 cm", "30 to 60 cm", "0.6 to 1.2 m", "deeper")
DEPTHS = ("#a9d3ee", "#74b4df", "#3f8fc8", "#1f66aa", "#0f3b70")
GROUND = ("#f2f0e4", "#efecdc", "#dcdcc4", "#c3caae", "#aab89a")
ROAD, DRY, WET, EDGE = "#ffffff", "#a39c8d", "#d1410c", "#4b5a56"
LIGHT_FROM, LIGHT_HEIGHT = 315.0, 45.0


@dataclass(frozen=True)
class Around:
    """What is drawn with the water, in the units of the grid. outline: borders; buildings: points or polygons."""

    roads: Shapes = ()
    water: Shapes = ()
    buildings: Shapes = ()
    outline: Shapes = ()


@styled
def flood_map(
    dem: Dem, depth: Floats, *, title: str, source: str, around: Around | None = None, flooded_m: float = 0.3
) -> Figure:
    """Depth (ny, nx) in m over its ground, for `maehia.impact.plot.save`. source: the line below: what rain, what data.

    flooded_m: a building in a cell with at least this depth counts as flooded and is drawn as such.
    """
    if np.shape(depth) != dem.grid.shape:
        raise ArgumentError("depth", f"has shape {np.shape(depth)}, expected {dem.grid.shape}.")
    around = around or Around()
    axes = _axes(dem)
    _ground(axes, dem)
    _water(axes, dem, np.nan_to_num(depth))
    _lines(axes, around.roads, ROAD, (0.55, 0.8))
    _lines(axes, around.water, DEPTHS[3], (0.5, 0.5))
    _lines(axes, around.outline, EDGE, (1.1, 0.7), (0, (5, 3)))
    wet, dry = _buildings(axes, dem, np.nan_to_num(depth), around.buildings, flooded_m)
    _legend(axes, wet, dry, flooded_m)
    _scale_bar(axes, dem)
    axes.set_title(title, fontsize=14, pad=10)
    axes.annotate(source, (0, -0.062), xycoords="axes fraction", va="top", color=SOFT, fontsize=8.5)
    figure: Any = axes.figure
    return figure  # type: ignore[no-any-return]


def shaded(dem: Dem) -> Floats:
    """The ground as a picture, (ny, nx, 3), row 0 southernmost: tint by height, light from the north-west.

    Slopes are shown by the square root of their steepness, so that a plain has relief and hills are not black.
    """
    from matplotlib.colors import LinearSegmentedColormap

    heights = np.where(dem.missing, np.nanmean(dem.elevation), dem.elevation)
    north, east = np.gradient(heights, dem.grid.dy, dem.grid.dx)
    steep = np.hypot(north, east)
    soft = np.sqrt(steep) / np.maximum(steep, 1e-9)
    angle = np.radians(LIGHT_FROM)
    facing = -(east * np.sin(angle) + north * np.cos(angle)) * soft
    light = np.clip(0.93 + 0.30 * np.sin(np.radians(LIGHT_HEIGHT)) * facing, 0.55, 1.08)
    rank = np.clip((heights - heights.min()) / max(float(np.ptp(heights)), 1e-9), 0, 1) ** 0.5
    tint = LinearSegmentedColormap.from_list("ground", GROUND)(rank)[..., :3]
    return np.asarray(np.clip(tint * light[..., None], 0, 1), dtype=np.float64)


def _axes(dem: Dem) -> Axes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide = dem.grid.nx * dem.grid.dx / (dem.grid.ny * dem.grid.dy)
    figure = Figure(figsize=(9.6, 9.6 / wide + 0.95))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    west, south, east, north = dem.grid.bounds
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", xticks=[], yticks=[])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    return axes


def _extent(dem: Dem) -> tuple[float, float, float, float]:
    west, south, east, north = dem.grid.bounds
    return west, east, south, north


def _ground(axes: Axes, dem: Dem) -> None:
    axes.imshow(shaded(dem), origin="lower", extent=_extent(dem), interpolation="bilinear", zorder=0)


def _water(axes: Axes, dem: Dem, depth: Floats) -> None:
    """Bands of depth, cell by cell: what was computed is shown, not a smoothed version of it."""
    from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgba

    colours = [to_rgba(colour, 0.92) for colour in DEPTHS]
    norm = BoundaryNorm([*BANDS, 1e9], len(BANDS))
    axes.imshow(np.ma.masked_less(depth, BANDS[0]), origin="lower", extent=_extent(dem), cmap=ListedColormap(colours),
                norm=norm, interpolation="nearest", zorder=1)  # fmt: skip


def _lines(axes: Axes, shapes: Shapes, colour: str, stroke: tuple[float, float], style: Any = "solid") -> None:
    """Lines and borders; stroke: their width and how far they cover what lies below."""
    from matplotlib.collections import LineCollection

    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object)) if len(shapes) else []
    rings = [shapely.boundary(part) if part.geom_type == "Polygon" else part for part in parts]
    drawn = [shapely.get_coordinates(ring) for ring in rings if not ring.is_empty]
    axes.add_collection(
        LineCollection(drawn, colors=colour, linewidths=stroke[0], alpha=stroke[1], linestyles=style, zorder=2)
    )


def _buildings(axes: Axes, dem: Dem, depth: Floats, shapes: Shapes, flooded_m: float) -> tuple[int, int]:
    """Draw the buildings on the map; how many stand in the water, and how many do not."""
    if not len(shapes):
        return 0, 0
    spots = shapely.get_coordinates(shapely.centroid(np.asarray(list(shapes), dtype=object)))
    cell = dem.grid.cell_of(spots[:, 0], spots[:, 1])
    spots, cell = spots[cell >= 0], cell[cell >= 0]
    wet = depth.ravel()[cell] >= flooded_m
    for chosen, colour, size in ((~wet, DRY, 0.7), (wet, WET, 2.4)):
        axes.scatter(spots[chosen, 0], spots[chosen, 1], s=size, color=colour, linewidths=0, zorder=3)
    return int(wet.sum()), int((~wet).sum())


def _legend(axes: Axes, wet: int, dry: int, flooded_m: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    parts: list[Any] = [Patch(facecolor=colour, label=word) for colour, word in zip(DEPTHS, WORDS, strict=True)]
    if wet + dry:
        for colour, word in ((WET, f"{wet:,} buildings in {flooded_m * 100:.0f} cm or more"), (DRY, f"{dry:,} others")):
            parts.append(Line2D([], [], marker="o", linestyle="", color=colour, markersize=4, label=word))
    axes.legend(handles=parts, loc="upper left", bbox_to_anchor=(-0.008, -0.005), ncols=len(parts), fontsize=8.5,
                borderpad=0.2, handlelength=1.3, handletextpad=0.5, columnspacing=1.3)  # fmt: skip


def _scale_bar(axes: Axes, dem: Dem) -> None:
    west, south, east, _ = dem.grid.bounds
    length = 10 ** np.floor(np.log10((east - west) / 4))
    high = (east - west) * 0.006
    x, y = east - length - (east - west) * 0.025, south + (east - west) * 0.025
    axes.add_patch(_bar(x, y, length, high))
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.annotate(label, (x + length / 2, y + 1.6 * high), ha="center", va="bottom", color=INK, fontsize=9, zorder=5)


def _bar(x: float, y: float, length: float, high: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), length, high, facecolor=INK, edgecolor="white", linewidth=0.8, zorder=5)
