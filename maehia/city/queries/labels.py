"""What a thing of the register is called: one line and a second one, for links and lists. No personal data."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from maehia.city import models, words
from maehia.city.queries.entities import KINDS


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing as a link shows it."""

    kind: str
    key: uuid.UUID
    label: str
    detail: str = ""


def house_label(house: models.House | None) -> str:
    """บ้านเลขที่ 12/3 หมู่ 5; parts that nobody knows are left out."""
    if house is None:
        return ""
    number = gettext("บ้านเลขที่ %(no)s") % {"no": house.house_no} if house.house_no else gettext("บ้านไม่มีเลขที่")
    moo = gettext("หมู่ %(moo)s") % {"moo": house.moo} if house.moo else ""
    return f"{number} {moo}".strip()


def _house(row: models.House) -> tuple[str, str]:
    return house_label(row), row.village


def _building(row: models.Building) -> tuple[str, str]:
    storeys = gettext("%(n)s ชั้น") % {"n": row.storeys} if row.storeys else ""
    return " ".join(part for part in (row.use or gettext("อาคาร"), storeys) if part), row.material


def _parcel(row: models.Parcel) -> tuple[str, str]:
    deed = f"{row.deed_kind or gettext('เอกสารสิทธิ')} {row.deed_no}".strip() if row.deed_no else ""
    return row.ltax_code or deed or gettext("แปลงที่ดิน"), " · ".join(p for p in (deed, row.land_use) if p)


def _pet(row: models.Pet) -> tuple[str, str]:
    return " ".join(p for p in (words.choice(words.SPECIES, row.species), row.name) if p), row.colour


def _area(row: models.Area) -> tuple[str, str]:
    return row.name or row.code, words.choice(words.AREA_KIND, row.area_kind)


def _asset(row: models.Asset) -> tuple[str, str]:
    return row.name or row.code, " · ".join(p for p in (row.asset_kind, row.state) if p)


_LABELS: dict[str, Callable[[Any], tuple[str, str]]] = {
    "house": _house, "building": _building, "parcel": _parcel, "pet": _pet, "area": _area, "asset": _asset,
    "business": lambda row: (row.name, row.business_kind), "place": lambda row: (row.name, row.place_kind),
    "road": lambda row: (row.name, row.road_kind), "waterway": lambda row: (row.name, row.waterway_kind),
    "station": lambda row: (row.name or row.code, row.station_kind),
}  # fmt: skip


def ref_of(kind: str, row: Any) -> Ref:
    label, detail = _LABELS[kind](row)
    return Ref(kind, row.pk, label or words.kind_word(kind), detail)


def refs_of_things(pairs: Iterable[tuple[str, uuid.UUID | None]]) -> dict[tuple[str, uuid.UUID], Ref]:
    """Labels of many things, one question per kind; unknown kinds and keys are left out."""
    by_kind: dict[str, set[uuid.UUID]] = defaultdict(set)
    for kind, key in pairs:
        if key is not None and kind in KINDS:
            by_kind[kind].add(key)
    found: dict[tuple[str, uuid.UUID], Ref] = {}
    for kind, keys in by_kind.items():
        for row in KINDS[kind]._base_manager.filter(pk__in=keys):
            found[kind, row.pk] = ref_of(kind, row)
    return found
