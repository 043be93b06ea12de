"""Rows that speak of houses, land, places and readings -> record values; owners become person rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point

from maehia.intake.recording import values as v
from maehia.intake.recording.person import address_values
from maehia.thai import normalize_id, normalize_ltax

TEXTS: dict[str, tuple[str, ...]] = {
    "house": ("house_kind",),
    "building": ("material", "use"),
    "parcel": ("deed_kind", "deed_no", "land_office", "survey_sheet", "land_no", "land_use"),
    "business": ("name", "business_kind", "license_no"),
    "place": ("name", "place_kind", "phone"),
    "asset": ("asset_kind", "name", "state"),
    "pet": ("species", "name", "sex", "colour"),
    "area": ("code", "area_kind", "name", "quality"),
    "road": ("name", "road_kind", "surface"),
    "waterway": ("name", "waterway_kind"),
    "station": ("code", "name", "station_kind", "quantities"),
    "place_code": ("code", "level", "name_th", "name_en", "parent", "postcode"),
}
WHOLES = {"building": ("storeys", "built_year"), "place": ("capacity",)}
DECIMALS = {
    "building": ("floor_height_m", "area_m2", "value_baht"),
    "parcel": ("area_rai", "area_ngan", "area_wa"),
    "road": ("width_m",),
}
BOOLS = {"place": ("is_shelter",), "pet": ("sterilised",)}
DATES = {"asset": ("installed",), "pet": ("vaccinated_on",)}
HOUSED = {"house": ("house_code", "house_no", "moo", "village"), "building": ("house_code", "house_no", "moo"),
          "business": ("house_no", "moo"), "pet": ("house_no", "moo")}  # fmt: skip
LOCATED = {"house", "building", "parcel", "business", "place", "asset", "area", "road", "waterway", "station"}
OWNER_ROLE = {"parcel": "owner", "business": "business_owner", "pet": "pet_owner"}
_BE_SHIFT = 543


def thing_values(kind: str, row: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Values of the record of `kind` from canonical cells."""
    said: dict[str, Any] = {name: v.text(row.get(name)) for name in TEXTS[kind]}
    said |= {name: v.whole(row.get(name)) for name in WHOLES.get(kind, ())}
    said |= {name: v.decimal(row.get(name)) for name in DECIMALS.get(kind, ())}
    said |= {name: v.yes_no(row.get(name)) for name in BOOLS.get(kind, ())}
    said |= {name: v.day(row.get(name), as_of) for name in DATES.get(kind, ())}
    if kind in HOUSED:
        address = address_values(row)
        said |= {name: address[name] for name in HOUSED[kind]}
    if kind == "business":
        said |= {
            "address": v.text(row.get("address")),
            "juristic_id": normalize_id(v.text(row.get("juristic_id"))) or "",
        }
    if kind == "parcel":
        said["ltax_code"] = normalize_ltax(v.text(row.get("ltax_code"))) or ""
    if kind == "building":
        said["built_year"] = common_era(said["built_year"])
    if kind == "pet":
        said["sex"] = {"ผู้": "M", "เมีย": "F", "m": "M", "f": "F"}.get(said["sex"].lower(), "")
    if kind in LOCATED:
        said["geom"] = geometry(row)
    return said


def common_era(year: int | None) -> int | None:
    """A year of a list, พ.ศ. or ค.ศ., as ค.ศ."""
    return year - _BE_SHIFT if year and year > 2400 else year


def geometry(row: Mapping[str, Any]) -> GEOSGeometry | None:
    """The geometry cell (WKB, EPSG:4326), else a point from lon and lat."""
    wkb = row.get("geometry")
    if wkb is not None and not isinstance(wkb, float | str):
        found = GEOSGeometry(memoryview(bytes(wkb)), srid=4326)
        return found if not found.empty else None
    at = v.coordinate(row.get("lon"), row.get("lat"))
    return Point(*at, srid=4326) if at else None


def owner_row(kind: str, row: Mapping[str, Any], about_ref: str) -> dict[str, Any] | None:
    """The person whom a list of things names as owner, as canonical cells, or None."""
    name = v.text(row.get("owner_name"))
    if kind not in OWNER_ROLE or not name:
        return None
    said = {"full_name": name, "phone": row.get("phone") if kind != "place" else None, "role": OWNER_ROLE[kind],
            "national_id": row.get("owner_id"), "about_kind": kind, "about_ref": about_ref}  # fmt: skip
    if kind == "pet":
        said |= {name: row.get(name) for name in ("address", "house_no", "moo")}
    return said
