"""Sources, deliveries, records and decisions."""

from maehia.evidence.models.decisions import Correction, Link, LinkRun, Redirect, Verdict
from maehia.evidence.models.deliveries import Delivery, RedactionEntry
from maehia.evidence.models.people import NeedRecord, PersonRecord
from maehia.evidence.models.records import Record
from maehia.evidence.models.sources import Source, SourceLeave
from maehia.evidence.models.things import (
    AreaRecord,
    AssetRecord,
    BuildingRecord,
    BusinessRecord,
    HouseRecord,
    ParcelRecord,
    PetRecord,
    PlaceCodeRecord,
    PlaceRecord,
    RoadRecord,
    StationRecord,
    WaterwayRecord,
)

_ALL: tuple[type[Record], ...] = (
    PersonRecord, NeedRecord, HouseRecord, BuildingRecord, ParcelRecord, BusinessRecord, PlaceRecord, AssetRecord,
    PetRecord, AreaRecord, RoadRecord, WaterwayRecord, StationRecord, PlaceCodeRecord,
)  # fmt: skip

#: the record table of each kind
RECORDS: dict[str, type[Record]] = {model.KIND: model for model in _ALL}

__all__ = [
    "RECORDS",
    "AreaRecord",
    "AssetRecord",
    "BuildingRecord",
    "BusinessRecord",
    "Correction",
    "Delivery",
    "HouseRecord",
    "Link",
    "LinkRun",
    "NeedRecord",
    "ParcelRecord",
    "PersonRecord",
    "PetRecord",
    "PlaceCodeRecord",
    "PlaceRecord",
    "Record",
    "RedactionEntry",
    "Redirect",
    "RoadRecord",
    "Source",
    "SourceLeave",
    "StationRecord",
    "Verdict",
    "WaterwayRecord",
]
