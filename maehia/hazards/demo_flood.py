"""The flood of docs/flood.md over the invented town: a design storm on its terrain and a flood down its main stream.

`python -m maehia.hazards.demo_flood RAW PICTURE.png`, RAW being the folder raw/ that `maehia.demo.write_town` wrote.
Everything here is invented: the terrain, the town, the rain statistics and the stream's hydrograph.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image
from shapely.geometry import LineString

from maehia.hazards.dem import Dem, read_dem
from maehia.hazards.flood import Edges, FloodRun, FreeOutflow, Inflow, Losses, Scheme, Terrain, simulate
from maehia.hazards.ground import burn, fill_pits, read_shapes, roughness_map, touched
from maehia.hazards.idf import demo_idf
from maehia.hazards.infiltration import curve_number_map
from maehia.hazards.picture import Around, flood_map
from maehia.hazards.rain import Hyetograph, alternating_block
from maehia.impact.plot import save

HOUR = 3600.0
TREES, FIELDS, HOUSES = 10, 40, 50  # WorldCover classes
HILLS_M = 340.0  # above this the invented land is forest
BED_M = 1.0  # what the 25 m cells have rounded off the beds of streams and canal
FALL, STEEP = 0.004, 0.1  # of the plain and of the hills, for the water that leaves the map
CREEK_M3_S, RIVER_M3_S = 20.0, 60.0
SETTINGS: dict[str, Any] = {
    "edges": Edges(FreeOutflow(STEEP), FreeOutflow(FALL), south=FreeOutflow(FALL), north=FreeOutflow(FALL)),
    "scheme": Scheme(froude=1.0),  # streams fall off the hills faster than the equations hold for
}


@dataclass(frozen=True, eq=False)
class DemoGround:
    """The invented town as the flood sees it."""

    dem: Dem
    land: npt.NDArray[np.int64]
    streams: tuple[LineString, ...]
    river: LineString
    around: Around

    @property
    def terrain(self) -> Terrain:
        return self.dem.terrain(roughness_map(self.land))

    @property
    def losses(self) -> Losses:
        """Soil group C throughout: the invented town has no soil map."""
        return Losses(curve_number_map(self.land, "C"))


def demo_ground(raw: Path, *, cell_size: float | None = None) -> DemoGround:
    """Terrain and shapes of a town that `write_town` wrote, cut where its river leaves the raster.

    Hollows are filled, since those of this synthetic terrain are errors; then the beds are cut in, down to the river.
    """
    whole = read_dem(raw / "dem.tif", cell_size=cell_size)
    crs = whole.grid.crs
    lines = read_shapes(raw / "waterways.geojson", crs)
    river = max(lines, key=lambda line: line.bounds[0])
    _, south, _, north = river.bounds
    west, _, east, _ = whole.grid.bounds
    bounds = (west, south + 50.0, east, north - 50.0)
    dem, _ = fill_pits(read_dem(raw / "dem.tif", bounds=bounds, cell_size=cell_size))
    streams = tuple(_down_to(line, river) for line in lines if line is not river)
    dem = burn(dem, streams, depth_m=BED_M)
    buildings = read_shapes(raw / "buildings.gpkg", crs)
    land = np.where(dem.elevation > HILLS_M, TREES, FIELDS)
    land[touched(buildings, dem.grid)] = HOUSES
    outline = read_shapes(raw / "areas.geojson", crs)[:1]
    around = Around(tuple(read_shapes(raw / "roads.geojson", crs)), tuple(lines), tuple(buildings), tuple(outline))
    return DemoGround(dem, land, streams, river, around)


def _down_to(line: LineString, river: LineString) -> LineString:
    """A stream that ends near the river, led into it."""
    end = shapely.Point(line.coords[-1])
    if end.distance(river) > 300.0:
        return line
    return LineString([*line.coords, *shapely.shortest_line(end, river).coords[1:]])


def demo_storm(return_period: float = 25.0, duration_s: float = 3 * HOUR) -> Hyetograph:
    """Rain of the invented statistics, in blocks of ten minutes."""
    return alternating_block(demo_idf(), return_period, duration_s, 600.0, peak=0.4)


def demo_inflows(ground: DemoGround) -> tuple[Inflow, ...]:
    """A flood wave at the head of the longest stream, from hills beyond the map, and a steady river."""
    main = max(ground.streams, key=lambda line: line.length)
    grid = ground.dem.grid
    _, top = max(ground.river.coords[0], ground.river.coords[-1], key=lambda spot: spot[1])
    row_y = min(top, grid.bounds[3]) - grid.dy / 2
    crossing = ground.river.intersection(LineString([(grid.bounds[0], row_y), (grid.bounds[2], row_y)]))
    head = grid.cell_of([main.coords[0][0]], [main.coords[0][1]])
    mouth = grid.cell_of([crossing.centroid.x], [row_y])
    wave = Inflow(head, np.array([0.0, 1.0, 1.5, 5.0]) * HOUR, np.array([0.0, 0.3, 1.0, 0.0]) * CREEK_M3_S)
    return wave, Inflow(mouth, np.array([0.0, 100 * HOUR]), np.full(2, RIVER_M3_S))


def demo_flood(ground: DemoGround, *, return_period: float = 25.0, duration_s: float = 6 * HOUR) -> FloodRun:
    """Six hours of the flood."""
    rain = demo_storm(return_period).falling()
    return simulate(ground.terrain, duration_s=duration_s, rain=rain, losses=ground.losses,
                    inflows=demo_inflows(ground), **SETTINGS)  # fmt: skip


def draw_demo(ground: DemoGround, run: FloodRun, path: Path, *, return_period: float = 25.0) -> None:
    rain = demo_storm(return_period)
    source = (f"Invented town, terrain and rain (ข้อมูลสมมติ). Design storm {rain.total_mm:.0f} mm in "
              f"{rain.duration_s / HOUR:g} h, creek to {CREEK_M3_S:g} m³/s; {run.time_s / HOUR:g} h simulated on "
              f"{ground.dem.grid.dx:g} m cells, local-inertial equations.")  # fmt: skip
    figure = flood_map(ground.dem, run.max_depth, title=f"A flood of {return_period:g} years over the invented town",
                       source=source, around=ground.around)  # fmt: skip
    save(figure, path, dpi=115)
    with Image.open(path) as picture:  # a few hundred colours are all that it has: a third of the bytes
        small = picture.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE)
    small.save(path, optimize=True)


def main(raw: str, picture: str) -> None:
    ground = demo_ground(Path(raw))
    draw_demo(ground, demo_flood(ground), Path(picture))


if __name__ == "__main__":
    main(*sys.argv[1:])
