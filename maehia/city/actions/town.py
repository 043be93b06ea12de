"""The town's profile goes into its one row; what is changed in the browser leaves what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.city.models import Town, TownChange
from maehia.kit.clock import now

# What a town changes in a normal month, in the browser; names and codes come with its profile.
CHANGEABLE = ("slogan", "address", "hours", "website", "phones")
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


def differences(town: Town, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What would change, before and after by field, of those that may be changed in the browser."""
    found = {name: (getattr(town, name), values[name]) for name in CHANGEABLE if name in values}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


@transaction.atomic
def change_town(values: Mapping[str, Any], *, by: str, undoes: TownChange | None = None) -> TownChange:
    """Store what differs, and what stood there. Raises ProblemError: no_town, nothing_changed."""
    town = Town.objects.select_for_update().filter(id=1).first()
    if town is None:
        raise ProblemError(Problem("no_town", "ยังไม่มีข้อมูลเมือง", fix="เริ่มเมืองด้วย maehia init ก่อน"))
    changed = differences(town, values)
    if not changed:
        raise ProblemError(Problem("nothing_changed", "ไม่มีอะไรเปลี่ยน"))
    for name, (_, after) in changed.items():
        setattr(town, name, after)
    town.save(update_fields=list(changed))
    return TownChange.objects.create(
        at=now(), by=by, undoes=undoes,
        before={name: before for name, (before, _) in changed.items()},
        after={name: after for name, (_, after) in changed.items()},
    )  # fmt: skip


@transaction.atomic
def undo_town_change(change_id: int, *, by: str) -> TownChange:
    """Put back what stood there before a change. Raises ProblemError: not_found, already_undone, changed_since."""
    change = TownChange.objects.select_for_update().filter(pk=change_id).first()
    town = Town.objects.select_for_update().filter(id=1).first()
    if change is None or town is None:
        raise ProblemError(Problem("not_found", "ไม่พบการเปลี่ยนแปลงนี้"))
    if TownChange.objects.filter(undoes=change).exists():
        raise ProblemError(Problem("already_undone", "การเปลี่ยนแปลงนี้ถูกคืนค่าไปแล้ว"))
    if any(getattr(town, name) != value for name, value in change.after.items()):
        raise ProblemError(Problem("changed_since", "ช่องนี้ถูกเปลี่ยนอีกครั้งหลังจากนั้น", fix="แก้ในแบบฟอร์มแทน"))
    return change_town(change.before, by=by, undoes=change)
