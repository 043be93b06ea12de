"""Points of files: their coordinate reference systems and geometries."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.formats.faults import FileError, PathLike


def crs_name(crs: Any) -> str:
    """A short name ("EPSG:32647") where PROJ knows one, else WKT. Raises ArgumentError for what PROJ cannot read."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(crs)
    except CRSError as error:
        raise ArgumentError("crs", f"is {str(crs)[:80]!r}, which PROJ does not know.", code="crs_unknown") from error
    code = found.to_epsg()
    return f"EPSG:{code}" if code else str(found.to_wkt())


def is_geographic(crs: str) -> bool:
    """Whether coordinates are degrees of longitude and latitude."""
    from pyproj import CRS

    return bool(CRS.from_user_input(crs).is_geographic)


def transformed(x: Floats, y: Floats, source: str, target: str | None) -> tuple[Floats, Floats]:
    """Points of crs `source` in crs `target` (x is east or longitude, always); unchanged without a target."""
    from pyproj import CRS, Transformer

    if target is None or CRS.from_user_input(crs_name(target)) == CRS.from_user_input(source):
        return x, y
    east, north = Transformer.from_crs(source, crs_name(target), always_xy=True).transform(x, y)
    return np.asarray(east, np.float64), np.asarray(north, np.float64)


def points_of_wkb(stored: npt.NDArray[Any], path: PathLike) -> tuple[Floats, Floats]:
    """(x, y) of geometries as WKB: points as they are, of anything else a point that lies in or on it.

    Raises FileError listing the rows that have no geometry, an empty one, or coordinates that are not finite.
    """
    import shapely

    shapes = shapely.from_wkb(stored, on_invalid="ignore")
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    if not points.all():
        shapes = np.where(points, shapes, shapely.point_on_surface(shapes))
    shapes = np.where(shapely.is_empty(shapes), None, shapes)  # GEOS raises where it could say NaN
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    bad = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y)))
    if bad.size:
        listed = ", ".join(map(str, bad[:10])) + (", ..." if bad.size > 10 else "")
        raise FileError(path, f"has {bad.size} of {x.size} rows without a usable geometry: row {listed} (from 0).",
                        code="geometry_missing", fix="Give them a place or take them out.")  # fmt: skip
    return x, y
