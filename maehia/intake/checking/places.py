"""Where each row lies: in the country, in the town, exchanged, empty. One word per row, for the rules to read."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer

from maehia.intake.checking.outline import check_outline
from maehia.intake.findings import FINDING_SCHEMA, Finding, findings_table
from maehia.intake.mapping.apply import SHAPE, Mapped
from maehia.intake.reading.book import ROW_NO
from maehia.intake.reading.crs import LONLAT, THAILAND, UTM47
from maehia.intake.words import Kind

if TYPE_CHECKING:
    from maehia.intake.checking.check import TownFacts

STATE, VALUE, AREA_M2 = "place_state", "place_value", "shape_m2"
FOR_RULES = frozenset({STATE, VALUE, AREA_M2})  # columns that only the rules read
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
SWAP = "swap_lat_lon"
REFUSED = "refused"  # an outline that cannot be the town: its row waits
OUTLINE_KINDS = {"municipality", "เทศบาล", "เขตเทศบาล", "แนวเขตเทศบาล", "ตำบล", "tambon"}


def place_states(mapped: Mapped, kind: Kind, town: TownFacts) -> tuple[pa.Table, pa.Table]:
    """The frame with `place_state` and `place_value` (what to show), and the findings about town outlines.

    Exchanged places are put right where that repair was accepted.
    """
    frame = mapped.frame
    if SHAPE in frame.column_names and SHAPE not in mapped.refused:
        return _layer(mapped, kind, town)
    if {"lon", "lat"} <= set(frame.column_names):
        return _points(mapped, town), FINDING_SCHEMA.empty_table()
    return frame, FINDING_SCHEMA.empty_table()


def _points(mapped: Mapped, town: TownFacts) -> pa.Table:
    frame = mapped.frame
    lon, lat = _floats(frame["lon"]), _floats(frame["lat"])
    swapped = inside(lat, lon) & ~inside(lon, lat)
    if SWAP in mapped.repairs and swapped.any():
        lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
        for name, values in (("lon", lon), ("lat", lat)):
            frame = frame.set_column(frame.column_names.index(name), name, _texts(values))
    state = _states(lon, lat, town)
    state[np.isnan(lon) ^ np.isnan(lat)] = "half"
    state[np.isnan(lon) & np.isnan(lat)] = None
    return _with_state(frame, state, swapped, lon, lat, repaired=SWAP in mapped.repairs)


def _layer(mapped: Mapped, kind: Kind, town: TownFacts) -> tuple[pa.Table, pa.Table]:
    frame = mapped.frame
    shapes = shapely.from_wkb(frame[SHAPE].to_pylist(), on_invalid="ignore")
    where = shapely.get_coordinates(shapely.point_on_surface(shapes[~shapely.is_missing(shapes)]))
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    lon[~shapely.is_missing(shapes)], lat[~shapely.is_missing(shapes)] = where[:, 0], where[:, 1]
    swapped = inside(lat, lon) & ~inside(lon, lat)
    if SWAP in mapped.repairs and swapped.any():
        shapes[swapped] = shapely.transform(shapes[swapped], lambda xy: xy[:, ::-1])
        lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
        frame = frame.set_column(frame.column_names.index(SHAPE), SHAPE, _wkb(shapes))
    state = _states(lon, lat, town, shapes)
    state[shapely.is_missing(shapes)] = "empty"
    wanted = [] if kind.name == "area" and not kind.geometry else kind.geometry
    names = np.array([shape.geom_type if shape is not None else "" for shape in shapes], dtype=object)
    wrong = ~np.isin(names, [*wanted, ""]) & bool(wanted)
    state[wrong] = "wrong_type"
    frame = _with_state(frame, state, swapped & ~wrong, lon, lat, repaired=SWAP in mapped.repairs)
    if kind.name == "parcel":
        frame = frame.append_column(AREA_M2, _areas(shapes))
    return _outlines(mapped, frame, shapes, town)


def _areas(shapes: Objects) -> pa.Array:
    """Square metres, null where there is no shape."""
    flat = shapely.transform(shapes, lambda xy: np.column_stack(_to_metres().transform(xy[:, 0], xy[:, 1])))
    return pa.array(shapely.area(flat), pa.float64(), from_pandas=True)


@lru_cache(maxsize=1)
def _to_metres() -> Transformer:
    return Transformer.from_crs(LONLAT, UTM47, always_xy=True)


def _states(lon: Floats, lat: Floats, town: TownFacts, shapes: Objects | None = None) -> Objects:
    state = np.full(len(lon), "in", dtype=object)
    state[~inside(lon, lat)] = "outside_country"
    if town.outline is not None:
        near = inside(lon, lat)
        away = np.zeros(len(lon), dtype=bool)
        away[near] = outside_town(lon[near], lat[near], town, None if shapes is None else shapes[near])
        state[away] = "outside_town"
    return state


def outside_town(lon: Floats, lat: Floats, town: TownFacts, shapes: Objects | None = None) -> Bools:
    """Whose place lies farther from the outline than the buffer. A shape counts by its nearest part."""
    to_metres = _to_metres()
    flat = lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))  # noqa: E731
    wide = shapely.buffer(shapely.transform(shapely.from_wkb(town.outline), flat), town.buffer_m)
    shapely.prepare(wide)
    if shapes is None:
        x, y = to_metres.transform(lon, lat)
        return ~np.asarray(shapely.contains_xy(wide, x, y))
    return ~np.asarray(shapely.intersects(wide, shapely.transform(shapes, flat)))


def inside(lon: Floats, lat: Floats) -> Bools:
    west, south, east, north = THAILAND
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _with_state(
    frame: pa.Table, state: Objects, swapped: Bools, lon: Floats, lat: Floats, *, repaired: bool
) -> pa.Table:
    """`place_value`: latitude, longitude as they would be right."""
    state[swapped] = "swapped_back" if repaired else "swapped"
    turned = swapped & (not repaired)
    north, east = np.where(turned, lon, lat), np.where(turned, lat, lon)
    told = np.isin(state.astype(str), ["swapped", "swapped_back", "outside_country", "outside_town"])
    shown = np.full(len(state), None, dtype=object)
    shown[told] = [f"{a:.6f}, {b:.6f}" for a, b in zip(north[told], east[told], strict=True)]
    frame = frame.append_column(STATE, pa.array(state, pa.string()))
    return frame.append_column(VALUE, pa.array(shown, pa.string()))


def _outlines(mapped: Mapped, frame: pa.Table, shapes: Objects, town: TownFacts) -> tuple[pa.Table, pa.Table]:
    """Town outlines that cannot be the town are refused whole, with both numbers."""
    if mapped.kind != "area" or town.area_km2 is None or "area_kind" not in frame.column_names:
        return frame, FINDING_SCHEMA.empty_table()
    kinds = frame["area_kind"].to_pylist()
    names, codes = (frame[c].to_pylist() if c in frame.column_names else [None] * len(kinds) for c in ("name", "code"))
    numbers = frame[ROW_NO].to_pylist()
    findings: list[Finding] = []
    refused: list[int] = []
    for place, area_kind in enumerate(kinds):
        if (area_kind or "").lower() not in OUTLINE_KINDS or shapes[place] is None:
            continue
        problems = check_outline(
            shapes[place],
            town.area_km2,
            names[place] or "",
            codes[place] or "",
            town_code=town.code,
            names=town.place_names,
        )
        findings += [Finding(mapped.sheet, numbers[place], SHAPE, p.code, p.what, p.fix, "error") for p in problems]
        refused += [place] if problems else []
    state = np.array(frame[STATE].to_pylist(), dtype=object)
    state[refused] = REFUSED
    frame = frame.set_column(frame.column_names.index(STATE), STATE, pa.array(state, pa.string()))
    return frame, findings_table(findings)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False), dtype=float)


def _texts(values: Floats) -> pa.Array:
    return pa.array([f"{value:.7f}".rstrip("0") if np.isfinite(value) else None for value in values], pa.string())


def _wkb(shapes: Objects) -> pa.Array:
    return pa.array(shapely.to_wkb(shapes), pa.binary(), from_pandas=True)
