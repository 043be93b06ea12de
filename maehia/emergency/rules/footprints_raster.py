"""The wet part of a depth grid as polygons, and a depth raster of a file as a grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from maehia.emergency.rules.depths import MOST_CELLS, Depths
from maehia.emergency.rules.footprints import DEGREES, METRES, MOST_POINTS, moved, multi, refused
from maehia.impact import Grid

WET_M = 0.05  # shallower is a puddle, not a footprint


def wet_area(depths: Depths, wet_m: float = WET_M) -> MultiPolygon:
    """Where the water is at least so deep, in EPSG:4326. Raises ProblemError: no_water, too_many_points."""
    from rasterio.features import shapes
    from rasterio.transform import from_origin

    with np.errstate(invalid="ignore"):
        wet = depths.metres >= wet_m
    if not wet.any():
        raise refused("no_water", f"ไม่มีที่ใดน้ำลึกถึง {wet_m * 100:.0f} เซนติเมตร", "ตรวจไฟล์และหน่วย (เมตร)")
    grid = depths.grid
    _, _, _, top = grid.bounds
    north_up = np.ascontiguousarray(wet[::-1]).astype(np.uint8)
    found = shapes(north_up, mask=north_up == 1, transform=from_origin(grid.x0, top, grid.dx, grid.dy))
    joined = shapely.union_all([_polygon(part["coordinates"]) for part, _ in found])
    if shapely.get_num_coordinates(joined) > MOST_POINTS:
        joined = shapely.simplify(joined, min(grid.dx, grid.dy), preserve_topology=True)
    return multi(moved(joined, grid.crs, DEGREES))


def _polygon(rings: Any) -> Any:
    return shapely.Polygon(rings[0], rings[1:])


def read_raster(path: str | Path) -> Depths:
    """Band 1 of a raster as metres of water in EPSG:32647.

    Raises ProblemError: not_raster, raster_without_crs, depth_too_fine, and those of `Depths`.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as source:
            if source.crs is None:
                raise refused("raster_without_crs", "ไฟล์ภาพไม่บอกระบบพิกัด", "ส่งออกเป็น GeoTIFF ที่มีระบบพิกัด")
            if source.width * source.height > MOST_CELLS:
                raise refused("depth_too_fine", f"ภาพมี {source.width * source.height:,} ช่อง มากเกินไป", "ลดความละเอียดลง")
            return _in_metres(source)
    except (RasterioError, OSError) as error:
        raise refused("not_raster", "อ่านไฟล์ภาพนี้ไม่ได้", "ส่งเป็น GeoTIFF ของความลึกน้ำ หน่วยเมตร") from error


def _in_metres(source: Any) -> Depths:
    """The band on a north-up grid of the town's metres; as it is when it lies on one already."""
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    transform, width, height = source.transform, source.width, source.height
    band = source.read(1, masked=True).astype(np.float64).filled(np.nan)
    level = transform.b == transform.d == 0 and transform.a > 0 > transform.e
    if source.crs.to_epsg() != 32647 or not level:
        transform, width, height = calculate_default_transform(source.crs, METRES, width, height, *source.bounds)
        if width * height > MOST_CELLS:
            raise refused("depth_too_fine", f"ภาพมี {width * height:,} ช่อง มากเกินไป", "ลดความละเอียดลง")
        into = np.full((height, width), np.nan)
        reproject(band, into, src_transform=source.transform, src_crs=source.crs, src_nodata=np.nan, dst_nodata=np.nan,
                  dst_transform=transform, dst_crs=METRES, resampling=Resampling.nearest)  # fmt: skip
        band = into
    south = transform.f + transform.e * height
    grid = Grid(transform.c, south, transform.a, -transform.e, width, height, METRES)
    return Depths(grid, band[::-1].copy())
