"""Buildings, parcels, businesses, places, assets, pets, areas, roads, waterways, stations, place codes.

Each kind has one shape: group records by key, choose per field, perhaps find the house.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from maehia.city import models
from maehia.city.projection.evidence import Evidence
from maehia.city.rules import choose, in_order
from maehia.evidence.models import RECORDS


@dataclass(frozen=True, slots=True)
class Shape:
    kind: str
    model: type[Model]
    has_house: bool = False
    leaves_out: tuple[str, ...] = ()


SHAPES = (
    Shape("building", models.Building, has_house=True, leaves_out=("house_code", "house_no", "moo")),
    Shape("parcel", models.Parcel),
    Shape("business", models.Business, has_house=True, leaves_out=("house_no", "moo")),
    Shape("place", models.Place),
    Shape("asset", models.Asset),
    Shape("pet", models.Pet, has_house=True, leaves_out=("house_no", "moo")),
    Shape("area", models.Area),
    Shape("road", models.Road),
    Shape("waterway", models.Waterway),
    Shape("station", models.Station),
    Shape("place_code", models.PlaceCode),
)


def project(found: Evidence) -> dict[type[Model], list[Model]]:
    return {shape.model: [_row(shape, key, said, found) for key, said in found.grouped(shape.kind)] for shape in SHAPES}


def _row(shape: Shape, key: object, records: list, found: Evidence) -> Model:  # type: ignore[type-arg]
    ordered = in_order(records, found.ranks)
    fields = [name for name in RECORDS[shape.kind].VALUES if name not in shape.leaves_out]
    values, sources = choose(shape.kind, ordered, fields, found.corrected(shape.kind, key))  # type: ignore[arg-type]
    if shape.has_house:
        values["house_id"] = next((h for r in ordered if (h := found.house_of(r))), None)
    if shape.kind == "asset":
        values["code"] = ordered[0].ref.split(":", 1)[-1][:60]
    return shape.model(key=key, sources=sources, **values)
