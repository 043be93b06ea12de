"""The layers as files: GeoJSON in degrees, a GeoPackage and a zipped Shapefile in EPSG:32647."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from ..dice import Dice
from ..dirt import Ledger, printed_date, respelled
from ..files import NOTICE, feature, write_csv, write_geojson, zip_bytes
from ..town import Town
from .build import Land
from .buildings import Building
from .plane import as_geojson, lonlat
from .titles import LAND_OFFICE, Parcel, rai_ngan_wa

Shapes = NDArray[np.object_]
WRITTEN = "2026-01-01T00:00:00Z"  # the time that GDAL writes into a GeoPackage
_DBF_DAY = "2026-01-01"


def centimetres(shapes: Sequence[BaseGeometry]) -> Shapes:
    """Corners rounded to the centimetre; a shape that only the rounding has spoiled is mended."""
    before = np.array(shapes, dtype=object)
    rounded = np.asarray(shapely.transform(before, lambda xy: np.round(xy, 2)))
    spoiled = shapely.is_valid(before) & ~shapely.is_valid(rounded)
    rounded[spoiled] = shapely.buffer(rounded[spoiled], 0)
    return rounded


def write_layer(path: Path, shapes: Sequence[BaseGeometry], columns: dict[str, list[object]], **options: str) -> None:
    """A vector file of one layer through GDAL, corners rounded to the centimetre.

    columns: name -> values (text, whole numbers or decimals)."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN})
    data = [np.array(v, dtype=object if isinstance(v[0], str) else None) for v in columns.values()]
    options.setdefault("crs", "EPSG:32647")
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(centimetres(shapes)),
        field_data=data,
        fields=list(columns),
        geometry_type="Polygon",
        **options,
    )


def write_houses(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    dice = Dice(town.seed, "map:houses")
    features = []
    for house in town.houses:
        code = house.code
        if dice.chance(0.004):
            code = ""
            ledger.note("houses", "no_house_code")
        elif dice.chance(0.02):
            code = f"{code[:4]}-{code[4:10]}-{code[10]}"
            ledger.note("houses", "house_code_dashes")
        properties = {
            "เลขรหัสประจำบ้าน": code,
            "บ้านเลขที่": house.house_no,
            "หมู่ที่": house.moo,
            "หมู่บ้าน/โครงการ": house.estate,
            "ลักษณะบ้าน": house.kind,
            "ที่มาข้อมูล": NOTICE,
        }
        features.append(feature({"type": "Point", "coordinates": [house.lon, house.lat]}, properties))
    return write_geojson(path, "houses", features)


def crossed(shape: Polygon) -> Polygon:
    """The same corners in a wrong order: a polygon that crosses itself."""
    corners = list(shape.exterior.coords)
    corners[1], corners[2] = corners[2], corners[1]
    return Polygon(corners)


def write_buildings(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    made = land.buildings
    bad = set(Dice(town.seed, "map:buildings").sample(range(len(made)), 6))
    shapes = [crossed(b.shape) if n in bad else b.shape for n, b in enumerate(made)]
    for _ in bad:
        ledger.note("buildings", "self_crossing")
    layer = {"layer": "อาคาร", "driver": "GPKG", "layer_options": {"DESCRIPTION": NOTICE, "IDENTIFIER": "อาคาร"}}
    write_layer(path, shapes, _building_columns(town, made), **layer)  # type: ignore[arg-type]
    return len(made)


def _building_columns(town: Town, made: list[Building]) -> dict[str, list[object]]:
    owners = [town.houses[b.house] if b.house >= 0 else None for b in made]
    return {
        "รหัสอาคาร": [b.code for b in made],
        "รหัสประจำบ้าน": [h.code if h else "" for h in owners],
        "บ้านเลขที่": [h.house_no if h else "" for h in owners],
        "หมู่ที่": [str(h.moo) if h else "" for h in owners],
        "จำนวนชั้น": [b.storeys for b in made],
        "วัสดุ": [b.material for b in made],
        "การใช้ประโยชน์": [b.use for b in made],
        "ความสูงพื้นชั้นล่าง_ม": [b.floor_height for b in made],
        "พื้นที่_ตรม": [round(b.shape.area, 1) for b in made],
        "มูลค่า_บาท": [float(b.value) for b in made],
        "ปีที่สร้าง_พศ": [b.built + 543 if b.built else 0 for b in made],
        "ที่มาข้อมูล": [NOTICE for _ in made],
    }


def _owner(dice: Dice, town: Town, land: Land, parcel: Parcel, ledger: Ledger) -> tuple[str, str]:
    """Name and number as the tax map has them."""
    if parcel.owner < 0:
        firm = land.companies[-1 - parcel.owner]
        return firm.name, firm.juristic_id
    person = town.people[parcel.owner]
    then = person.then(town.day.toordinal() - MAP_AGES["parcels"])
    first = then.first
    if dice.chance(0.04):
        first = respelled(dice, first)
        ledger.note("parcels", "respelled")
    nid = person.nid if dice.chance(0.7) else ""
    if not nid:
        ledger.note("parcels", "no_id")
    return f"{then.title}{first} {then.last}".strip(), nid


def _parcel_columns(town: Town, land: Land, ledger: Ledger) -> dict[str, list[object]]:
    dice = Dice(town.seed, "map:parcels")
    made = land.parcels
    owners = [_owner(dice, town, land, p, ledger) for p in made]
    areas = [rai_ngan_wa(_written_area(dice, p, ledger)) for p in made]
    return {
        "PARCEL_COD": [_written_code(dice, p.ltax, ledger) for p in made],
        "DEED_KIND": [p.deed_kind for p in made],
        "DEED_NO": [p.deed_no for p in made],
        "LAND_OFF": [LAND_OFFICE for _ in made],
        "UTM_SHEET": [p.sheet for p in made],
        "LAND_NO": [p.land_no for p in made],
        "LAND_USE": [p.use for p in made],
        "RAI": [a[0] for a in areas],
        "NGAN": [a[1] for a in areas],
        "WA": [a[2] for a in areas],
        "OWN_NAME": [name for name, _ in owners],
        "OWN_ID": [nid for _, nid in owners],
        "NOTE": [NOTICE for _ in made],
    }


def _written_code(dice: Dice, code: str, ledger: Ledger) -> str:
    if not dice.chance(0.01):
        return code
    ledger.note("parcels", "ltax_without_zeros")
    return f"{int(code[:2])}{code[2]}{int(code[3:])}"


def _written_area(dice: Dice, parcel: Parcel, ledger: Ledger) -> float:
    if dice.chance(0.004):
        ledger.note("parcels", "area_disagrees")
        return parcel.area * dice.pick((0.5, 1.6, 10.0))
    return parcel.area


def zipped_shapefile(shapes: Sequence[BaseGeometry], columns: dict[str, list[object]], name: str) -> bytes:
    """A zip with .shp .shx .dbf .prj .cpg, text in TIS-620 as Thai land programs write it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.shp"
        layer: dict[str, object] = {"driver": "ESRI Shapefile", "encoding": "CP874"}
        layer["layer_options"] = {"DBF_DATE_LAST_UPDATE": _DBF_DAY}
        write_layer(path, shapes, columns, **layer)  # type: ignore[arg-type]
        parts = sorted(Path(folder).iterdir())
        return zip_bytes({part.name: part.read_bytes() for part in parts})


def write_parcels(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    shapes = [p.shape for p in land.parcels]
    path.write_bytes(zipped_shapefile(shapes, _parcel_columns(town, land, ledger), "parcels"))
    return len(shapes)


def write_roads(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    return write_geojson(
        path,
        "roads",
        (
            feature(
                as_geojson(s.line),
                {
                    "รหัสถนน": f"R{n:05d}",
                    "ชื่อถนน": s.name,
                    "ประเภทถนน": s.kind,
                    "ผิวจราจร": s.surface,
                    "ความกว้าง_ม": s.width,
                },
            )
            for n, s in enumerate(land.streets, start=1)
        ),
    )


def write_waterways(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    rows = (
        feature(as_geojson(w.line), {"รหัส": f"W{n:02d}", "ชื่อลำน้ำ": w.name, "ประเภท": w.kind, "ความกว้าง_ม": w.width})
        for n, w in enumerate(land.waterways, start=1)
    )
    return write_geojson(path, "waterways", rows)


def write_places(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    spots = lonlat(np.array([(p.x, p.y) for p in land.places])).tolist()
    rows = (
        feature(
            {"type": "Point", "coordinates": spot},
            {
                "รหัสสถานที่": p.code,
                "ชื่อสถานที่": p.name,
                "ประเภทสถานที่": p.kind,
                "รองรับ (คน)": p.capacity or None,
                "โทรศัพท์": p.phone,
                "เป็นศูนย์พักพิง": "ใช่" if p.is_shelter else "ไม่ใช่",
                "ที่มาข้อมูล": NOTICE,
            },
        )
        for p, spot in zip(land.places, spots, strict=True)
    )
    return write_geojson(path, "places", rows)


def write_areas(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    rows = (
        feature(
            as_geojson(a.shape), {"รหัส": a.code, "ประเภท": a.kind, "ชื่อ": a.name, "คุณภาพ": a.quality, "ที่มาข้อมูล": NOTICE}
        )
        for a in land.areas
    )
    return write_geojson(path, "areas", rows, quality="sketch", note="เส้นร่างโดยผู้พัฒนา ไม่ใช่แนวเขตทางราชการ")


ASSET_HEADER = ("รหัสทรัพย์สิน", "ประเภททรัพย์สิน", "ชื่อ/ตำแหน่ง", "สถานะ", "วันที่ติดตั้ง", "ละติจูด", "ลองจิจูด", "ที่มาข้อมูล")


def write_assets(path: Path, town: Town, land: Land, ledger: Ledger) -> int:
    dice = Dice(town.seed, "map:assets")
    spots = lonlat(np.array([(t.x, t.y) for t in land.things])).tolist()
    order = dice.shuffled(range(len(spots)))
    swapped, empty, far = set(order[:12]), set(order[12:17]), set(order[17:20])
    rows: list[tuple[object, ...]] = [ASSET_HEADER]
    for n, (thing, (lon, lat)) in enumerate(zip(land.things, spots, strict=True)):
        place: tuple[object, object] = (lon, lat) if n in swapped else (lat, lon)
        place = ("", "") if n in empty else ((0, 0) if n in far else place)
        day = printed_date("short_month", date.fromordinal(thing.installed)) if thing.installed else ""
        rows.append((thing.code, thing.kind, thing.name, thing.state, day, *place, NOTICE))
    for kind, found in (("swapped_lat_lon", swapped), ("no_position", empty), ("position_zero", far)):
        ledger.counts["assets", kind] += len(found)
    for n in order[20:23]:
        rows.append(rows[n + 1])
        ledger.note("assets", "duplicate_key")
    write_csv(path, rows)
    return len(rows) - 1


# As-of day of each map file, in days before the base day.
MAP_AGES = {
    "houses": 40,
    "buildings": 300,
    "parcels": 240,
    "roads": 300,
    "waterways": 900,
    "places": 90,
    "assets": 25,
    "areas": 500,
}
MAPS: tuple[tuple[str, str, Callable[[Path, Town, Land, Ledger], int]], ...] = (
    ("houses", "houses.geojson", write_houses),
    ("buildings", "buildings.gpkg", write_buildings),
    ("parcels", "parcels.zip", write_parcels),
    ("roads", "roads.geojson", write_roads),
    ("waterways", "waterways.geojson", write_waterways),
    ("places", "places.geojson", write_places),
    ("assets", "assets.csv", write_assets),
    ("areas", "areas.geojson", write_areas),
)
