"""The town's profile goes into its one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction

from maehia.city.models import Town

FIELDS = {field.attname for field in Town._meta.concrete_fields} - {"id", "outline", "extra"}


@transaction.atomic
def set_town(profile: Mapping[str, Any]) -> Town:
    """Write the profile; keys that the table does not know are kept in `extra`. `outline` is GeoJSON text or None."""
    values = {name: profile[name] for name in FIELDS if name in profile}
    values["extra"] = {name: value for name, value in profile.items() if name not in FIELDS and name != "outline"}
    if outline := profile.get("outline"):
        found = GEOSGeometry(outline, srid=4326)
        values["outline"] = found if isinstance(found, MultiPolygon) else MultiPolygon(found, srid=4326)
    town, _ = Town.objects.update_or_create(id=1, defaults=values)
    return town
