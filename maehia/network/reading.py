"""Road lines from files: GeoJSON, GeoPackage, whatever GDAL reads; degrees are projected to metres."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from maehia.impact import ArgumentError
from maehia.network.graph import RoadGraph, metric_crs

# What OpenStreetMap and plain tables write for a one-way road; anything else is two-way.
_ONEWAY = {"yes": 1, "true": 1, "1": 1, "1.0": 1, "-1": -1, "-1.0": -1, "reverse": -1}


def read_roads(
    path: str | Path,
    *,
    layer: str | int | None = None,
    name: str | None = None,
    kind: str | None = None,
    speed_kmh: str | None = None,
    oneway: str | None = None,
    level: str | None = None,
    snap_m: float = 0.5,
    crs: str = "EPSG:32647",
) -> RoadGraph:
    """The graph of a file's lines; name, kind, speed_kmh, oneway, level are names of its columns.

    Multi-lines are taken apart; what is no line is refused. Coordinates are brought to `crs` (metres). oneway takes
    numbers and the words of OpenStreetMap; a level that is empty is 0.
    Raises ArgumentError for a file that GDAL cannot open, a missing column, and a file without a reference system.
    """
    target = metric_crs(crs)
    columns = {"name": name, "kind": kind, "speed_kmh": speed_kmh, "oneway": oneway, "level": level}
    meta, shapes, fields = _read(path, layer, [c for c in columns.values() if c])
    lines, row = shapely.get_parts(_projected(shapes, meta["crs"], target), return_index=True)
    of_column = dict(zip(meta["fields"], fields, strict=True))
    found = {key: of_column[column][row] for key, column in columns.items() if column}
    return RoadGraph.from_lines(lines, **{key: _READ[key](values) for key, values in found.items()},
                                snap_m=snap_m, crs=target)  # fmt: skip


def _read(path: str | Path, layer: str | int | None, columns: list[str]) -> tuple[Any, Any, Any]:
    try:
        missing = set(columns) - set(pyogrio.read_info(path, layer=layer)["fields"])
        if missing:
            raise ArgumentError("columns", f"are not in the file: {', '.join(sorted(missing))}.", code="column_missing")
        meta, _, shapes, fields = pyogrio.raw.read(path, layer=layer, columns=columns, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ArgumentError("path", f"cannot be read: {error}", code="roads_unreadable") from error
    if meta["crs"] is None:
        raise ArgumentError("path", "says no reference system.", code="crs_missing",
                            fix="Write the file again with its reference system.")  # fmt: skip
    return meta, shapely.from_wkb(shapes), fields


def _projected(shapes: Any, crs: str, target: str) -> Any:
    """The shapes in the target's metres; a row that is empty or no line is refused with its number."""
    from pyproj import CRS, Transformer

    kinds = shapely.get_type_id(shapes)
    bad = ~np.isin(kinds, (1, 2, 5)) | shapely.is_empty(shapes)
    if bad.any():
        raise ArgumentError("path", "has a row without a line.", index=int(np.argmax(bad)), code="roads_not_lines")
    if CRS.from_user_input(crs) == CRS.from_user_input(target):
        return shapes
    change = Transformer.from_crs(crs, target, always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))


def _text(values: Any) -> list[str | None]:
    return [None if v is None or isinstance(v, float) else str(v) for v in values]


def _number(values: Any) -> Any:
    return np.array([np.nan if v is None or v == "" else float(v) for v in values])


def _way(values: Any) -> Any:
    return np.array([_ONEWAY.get(str(v).strip().lower(), 0) for v in values])


def _level(values: Any) -> Any:
    return np.nan_to_num(_number(values), nan=0.0)


_READ: dict[str, Any] = {"name": _text, "kind": _text, "speed_kmh": _number, "oneway": _way, "level": _level}
