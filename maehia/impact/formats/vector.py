"""GeoPackage and GeoParquet: assets in (points, or polygons by a point inside them), tables of points out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from maehia.impact.checks import Floats, Ints
from maehia.impact.exposure import Metric
from maehia.impact.formats.faults import FileError, PathLike, crs_missing, existing
from maehia.impact.formats.places import crs_name, points_of_wkb, transformed
from maehia.impact.formats.tables import Assets, NamedCurves

TODAY, WRITTEN = "OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z"
PARQUET = {".parquet", ".geoparquet", ".pq"}


class Layer(NamedTuple):
    """A layer of a file: WKB geometries, columns by name, crs (None when the file does not say)."""

    geometry: npt.NDArray[Any]
    columns: dict[str, npt.NDArray[Any]]
    crs: str | None


def read_exposure(
    path: PathLike, curves: NamedCurves, *, value: str = "value", curve: str = "curve",
    curve_of: Mapping[Any, str] | str | None = None, to: str | None = None, crs: str | None = None,
    layer: str | None = None, group: str | None = "group", metrics: Mapping[str, str | None] | None = None,
) -> Assets:  # fmt: skip
    """Assets of a layer. A polygon or line stands where a point on it lies (inside, also of a U shape).

    value, curve, group: names of columns. curve_of: name of the curve for each value of the column `curve`, or one
    curve for all; without it the column holds names or rows from 0. to: the hazard's crs, into which points are
    transformed. crs: for files that have none. metrics: {column: name of its curve}, None for the asset's own.
    Raises FileError: no crs, rows without geometry (listed), a value that is missing or negative, an unknown curve.
    """
    found = read_layer(path, layer=layer)
    source = found.crs or crs
    if source is None:
        raise crs_missing(path)
    x, y = transformed(*points_of_wkb(found.geometry, path), crs_name(source), to)
    own = _curve_rows(found, path, curve, curves, curve_of)
    curves.tell_unverified(own)
    numbers, labels = _groups(found, path, group)
    more = {
        name: Metric(own if row is None else curves.row(row), _amounts(found, path, name))
        for name, row in (metrics or {}).items()
    }
    amounts = _amounts(found, path, value)
    return Assets(x, y, own, amounts, group=numbers, metrics=more, labels=labels)


def read_layer(path: PathLike, *, layer: str | None = None) -> Layer:
    """A layer of a GeoParquet, or of whatever GDAL reads (GeoPackage, Shapefile, GeoJSON, FlatGeobuf)."""
    if existing(path).suffix.lower() in PARQUET:
        return _read_geoparquet(path)
    import pyogrio

    try:
        about, _fids, geometry, fields = pyogrio.raw.read(str(path), layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise FileError(path, f"is not a layer that GDAL reads: {error}", code="not_vector") from error
    if geometry is None:
        raise FileError(path, "has no geometry.", code="geometry_missing")
    columns = dict(zip((str(name) for name in about["fields"]), fields, strict=True))
    return Layer(geometry, columns, about["crs"])


def _read_geoparquet(path: PathLike) -> Layer:
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise FileError(path, "is not a Parquet file, or is cut short.", code="not_parquet") from error
    stored = (table.schema.metadata or {}).get(b"geo")
    if stored is None:
        raise FileError(path, "has no `geo` metadata: it is Parquet, not GeoParquet.", code="not_geoparquet")
    about = json.loads(stored)
    name = about["primary_column"]
    column = about["columns"][name]
    if column.get("encoding") != "WKB":
        raise FileError(path, f"has geometry as {column.get('encoding')!r}, only WKB is read.", code="encoding")
    # The standard: no crs key is longitude and latitude of WGS 84, a null one is unknown.
    crs = column.get("crs", "OGC:CRS84")
    geometry = table[name].to_numpy(zero_copy_only=False)
    columns = {key: table[key].to_numpy(zero_copy_only=False) for key in table.column_names if key != name}
    return Layer(geometry, columns, None if crs is None else crs_name(crs))


def _column(layer: Layer, path: PathLike, name: str) -> npt.NDArray[Any]:
    if name not in layer.columns:
        raise FileError(path, f"has no column {name}.", code="column_missing",
                        fix=f"Its columns are {', '.join(layer.columns)}.")  # fmt: skip
    return layer.columns[name]


def _amounts(layer: Layer, path: PathLike, name: str) -> Floats:
    column = _column(layer, path, name)
    try:
        amounts = column.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise FileError(path, "is not numbers.", column=name, code="bad_cell") from error
    bad = ~(np.isfinite(amounts) & (amounts >= 0))
    if bad.any():
        at = int(bad.argmax())
        raise FileError(path, f"is {amounts[at]:g} in row {at} (of {int(bad.sum())} rows), expected 0 or more.",
                        column=name, code="bad_cell")  # fmt: skip
    return amounts


def _curve_rows(
    layer: Layer, path: PathLike, column: str, curves: NamedCurves, curve_of: Mapping[Any, str] | str | None
) -> Ints:
    if isinstance(curve_of, str):
        return np.full(len(layer.geometry), curves.row(curve_of))
    number: dict[str, int] = {name: row for row, name in enumerate(curves.names)}
    if curve_of is None:
        number |= {str(row): row for row in range(curves.size) if str(row) not in number}
    else:
        number = {str(key): curves.row(name) for key, name in curve_of.items()}
    texts, which = np.unique(_column(layer, path, column).astype(str), return_inverse=True)
    strange = [str(text) for text in texts if text not in number]
    if strange:
        raise FileError(path, f"has {strange[0]!r}, which is not one of {', '.join(number)}.", column=column,
                        code="curve_unknown")  # fmt: skip
    return np.array([number[text] for text in texts], np.int64)[which]


def _groups(layer: Layer, path: PathLike, name: str | None) -> tuple[Ints | None, tuple[str, ...]]:
    if name is None or (name == "group" and name not in layer.columns):
        return None, ()
    column = _column(layer, path, name)
    if column.dtype.kind in "iu":
        return column.astype(np.int64), ()
    labels, codes = np.unique(column.astype(str), return_inverse=True)
    return codes.astype(np.int64), tuple(map(str, labels))


def write_points(path: PathLike, x: Floats, y: Floats, columns: Mapping[str, npt.NDArray[Any]], crs: str) -> None:
    """Write points with columns as .gpkg, or as any other type that GDAL writes by its suffix.

    A GeoPackage holds the time of its last change; it is always WRITTEN, so that the same points are the same bytes.
    """
    import pyogrio
    import shapely

    geometry = shapely.to_wkb(shapely.points(x, y))
    Path(path).unlink(missing_ok=True)
    before = pyogrio.get_gdal_config_option(TODAY)
    pyogrio.set_gdal_config_options({TODAY: WRITTEN})
    try:
        pyogrio.raw.write(str(path), np.asarray(geometry, object), [*columns.values()], [*columns], crs=crs,
                          geometry_type="Point", layer=Path(path).stem)  # fmt: skip
    finally:
        pyogrio.set_gdal_config_options({TODAY: before})
