"""Results as tables: Arrow, Parquet, GeoParquet 1.1, CSV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from maehia.impact.errors import ArgumentError

if TYPE_CHECKING:
    from maehia.impact.result import Impact

Kind = Literal["assets", "events", "exceedance"]


def to_arrow(impact: Impact, kind: Kind = "assets") -> Any:
    """A pyarrow Table. "assets": asset, x, y, cell (-1 off the grid), group, and of each quantity its curve, value
    and expected impact a year; "events": event, frequency and impact of each quantity; "exceedance": the points of
    the event-frequency curve. Columns of further quantities carry their names before the word: people_at_event."""
    import pyarrow

    makers = {"assets": _assets, "events": _events, "exceedance": _exceedance}
    if kind not in makers:
        raise ArgumentError("kind", f"is {kind!r}, expected one of {', '.join(makers)}.")
    return pyarrow.table(makers[kind](impact))


def to_parquet(impact: Impact, path: str | Path, kind: Kind = "assets") -> None:
    """Write `to_arrow` as Parquet (zstd)."""
    from pyarrow import parquet

    parquet.write_table(to_arrow(impact, kind), path, compression="zstd")


def to_csv(impact: Impact, path: str | Path, kind: Kind = "assets") -> None:
    """Write `to_arrow` as CSV with a header; numbers in full, so that reading gives the same floats."""
    from pyarrow import csv

    csv.write_csv(to_arrow(impact, kind), path)


def to_geoparquet(impact: Impact, path: str | Path) -> None:
    """Write the assets with their points as GeoParquet 1.1.0 (geometry as WKB, crs of the grid as PROJJSON).

    https://geoparquet.org/releases/v1.1.0/
    """
    import pyarrow
    import pyproj
    import shapely
    from pyarrow import parquet

    exposure = impact.exposure
    points = shapely.to_wkb(shapely.points(exposure.x, exposure.y))
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"] if exposure.size else []}
    column["crs"] = pyproj.CRS.from_user_input(impact.linked.grid.crs).to_json_dict()
    if exposure.size:
        column["bbox"] = [float(f(axis)) for f in (np.min, np.max) for axis in (exposure.x, exposure.y)]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = to_arrow(impact, "assets").append_column("geometry", pyarrow.array(list(points), pyarrow.binary()))
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    parquet.write_table(table, path, compression="zstd")


def _prefix(impact: Impact, name: str) -> str:
    return "" if name == impact.metrics[0] else f"{name}_"


def _assets(impact: Impact) -> dict[str, Any]:
    exposure = impact.exposure
    columns: dict[str, Any] = {
        "asset": np.arange(exposure.size), "x": exposure.x, "y": exposure.y,
        "cell": impact.linked.cell.astype(np.int64),
    }  # fmt: skip
    if exposure.group is not None:
        columns["group"] = exposure.group.astype(np.int64)
    for name in impact.metrics:
        prefix = _prefix(impact, name)
        columns[f"{prefix}curve"] = exposure.rows(name).astype(np.int64)
        columns[f"{prefix}value"] = exposure.metric(name).value
        columns[f"{prefix}per_asset"] = impact.of(name).per_asset
    return columns


def _events(impact: Impact) -> dict[str, Any]:
    columns: dict[str, Any] = {"event": np.arange(impact.frequency.size), "frequency": impact.frequency}
    for name in impact.metrics:
        columns[f"{_prefix(impact, name)}at_event"] = impact.of(name).at_event
    return columns


def _exceedance(impact: Impact) -> dict[str, Any]:
    periods, rising = impact.exceedance_curve()
    return {"return_period": periods, "impact": rising}
