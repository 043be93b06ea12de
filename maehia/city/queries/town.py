"""The town, its place names, and how much stands in the register."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from maehia.city import models
from maehia.city.models import PlaceCode, Town

_COUNTED = (
    models.Person, models.Household, models.House, models.Building, models.Parcel, models.Business, models.Place,
    models.Asset, models.Pet, models.Area, models.Road, models.Waterway, models.Station,
)  # fmt: skip


def read_town() -> Town | None:
    """The profile of this town, None before `maehia init` or `maehia demo`."""
    return Town.objects.filter(id=1).first()


def phone_parts(phone: Mapping[str, str]) -> tuple[str, str, str]:
    """(label, English label or "", number) of a phone as a profile writes it."""
    return phone.get("label_th") or phone.get("label", ""), phone.get("label_en", ""), phone.get("number", "")


def place_names(code: str) -> list[str]:
    """Names from tambon up to province for a code of 2, 4 or 6 digits; unknown levels are left out."""
    codes = [code[:length] for length in (6, 4, 2) if len(code) >= length]
    names = dict(PlaceCode.objects.filter(code__in=codes).values_list("code", "name_th"))
    return [names[part] for part in codes if part in names]


def register_counts() -> dict[str, int]:
    """Rows per table of the register, in the mode at hand. Needs a purpose that reads people."""
    tables = [model._meta.db_table for model in _COUNTED]
    union = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union)
        return {table.removeprefix("city_"): count for table, count in cursor.fetchall()}
