"""Who is inside a footprint, household by household, in order of priority, each with why. Every look is logged.

    with grants.affected(account, incident):
        page = affected(incident.footprint, limit=100)

The order and its terms are those of the last reading (`Snapshot`); names, phones and notes are read from the register
as it is now, under the reader's own right. Nothing is shown that the purpose at hand does not name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from maehia.access.actions import log_read
from maehia.city.models import House, Need, Person, Place
from maehia.city.queries.access import shown_fields
from maehia.city.queries.labels import house_label
from maehia.emergency.models import Footprint, Inside, Snapshot, SnapshotRow
from maehia.emergency.rules.priority import Term, Weights
from maehia.emergency.rules.priority_sql import OF_AREA, PLAN, UNPLAN, parameters, ranked
from maehia.kit import clock

PAGE = 500
COLUMNS = (
    "rank", "priority", "house_key", "household", "members", "people", "moo", "depth_m", "access", "needs", "terms",
    "fresh",
)  # fmt: skip
OF_AREA_ROWS = """
SELECT rank, priority, house, household, members, people, moo, depth_m, access, needs, terms, NULL
FROM ranked ORDER BY rank
"""


@dataclass(frozen=True, slots=True)
class Only:
    """What narrows the list. need: a kind; access: open, cut, unknown; fresh: who was not inside before; area: GEOS."""

    moo: int | None = None
    need: str = ""
    access: str = ""
    fresh: bool = False
    area: Any = None

    def __bool__(self) -> bool:
        return bool(self.moo is not None or self.need or self.access or self.fresh or self.area is not None)


@dataclass(frozen=True, slots=True)
class Told:
    """A need as the list words its level; note: what a responder must know, as far as the purpose shows it."""

    kind: str
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    key: UUID
    name: str
    phone: str
    needs: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """A household. terms: what its priority adds up from. lon, lat: of the house. minutes: on foot to the shelter."""

    rank: int
    priority: int
    house_key: UUID
    household: UUID | None
    place: str
    moo: int | None
    village: str
    people: int
    members: tuple[Member, ...]
    terms: tuple[Term, ...]
    depth_m: float | None
    access: str
    fresh: int | None = None
    shelter: str = ""
    shelter_key: UUID | None = None
    minutes: float | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A page of the list. counts: of the whole reading (`actions.affected_counts`). after: rank to go on from."""

    counts: dict[str, Any]
    rows: tuple[AffectedRow, ...]
    after: int | None = None
    snapshot: Snapshot | None = None


def last_snapshot(footprint: Footprint | UUID) -> Snapshot | None:
    """The newest reading of a footprint; class `incident`, so any purpose of the room may have it."""
    key = footprint.pk if isinstance(footprint, Footprint) else footprint
    return Snapshot.objects.filter(footprint_id=key).select_related("before").order_by("-number").first()


def affected(
    footprint: Footprint, *, limit: int = PAGE, after: int | None = None, only: Only | None = None, via: str = "page"
) -> Affected:
    """A page of households inside a footprint, inside `grants.affected(...)`; no rows outside of its grant.

    after: the rank that the page before ended at. via: how it is shown, for the read log.
    """
    snapshot = last_snapshot(footprint)
    if snapshot is None:
        return Affected({}, ())
    found = list(_narrowed(snapshot, only or Only()).filter(rank__gt=after or 0).order_by("rank")
                 .values_list(*COLUMNS)[: limit + 1])  # fmt: skip
    rows = _rows(found[:limit], via, footprint.pk)
    return Affected(snapshot.counts, rows, rows[-1].rank if len(found) > limit else None, snapshot)


def _narrowed(snapshot: Snapshot, only: Only) -> Any:
    rows = SnapshotRow.objects.filter(snapshot=snapshot)
    if only.moo is not None:
        rows = rows.filter(moo=only.moo)
    if only.need:
        rows = rows.filter(needs__contains=[only.need])
    if only.access:
        rows = rows.filter(access=only.access)
    if only.fresh:
        rows = rows.filter(fresh__gt=0)
    if only.area is not None:
        rows = rows.filter(house_key__in=House.objects.filter(geom__intersects=only.area).values("key"))
    return rows


def in_area(area: Any, weights: Weights, *, limit: int = PAGE, via: str = "page") -> Affected:
    """The same for a broken glass: the people of the grant at hand inside an area (GEOS, EPSG:4326), no footprint.

    What the purpose does not read (needs without s26, households) does not count. At most 5,000 people by the grant.
    """
    values = parameters(weights, clock.today(), area=bytes(area.wkb))
    with connection.cursor() as cursor:
        cursor.execute(PLAN)
        cursor.execute(ranked(OF_AREA) + OF_AREA_ROWS, values)
        found = cursor.fetchall()
        cursor.execute(UNPLAN)
    rows = _rows([(*row[:10], _loaded(row[10]), row[11]) for row in found[:limit]], via)
    counts = {"people": sum(row[5] for row in found), "households": len(found),
              "houses": len({row[2] for row in found})}  # fmt: skip
    return Affected(counts, rows, rows[-1].rank if len(found) > limit else None)


def _loaded(terms: Any) -> Any:
    import json

    return json.loads(terms) if isinstance(terms, str | bytes) else terms


def _rows(found: Sequence[Any], via: str, footprint: UUID | None = None) -> tuple[AffectedRow, ...]:
    people = _people([key for row in found for key in row[4]], via)
    houses = {row[2] for row in found}
    places = {house.key: house for house in House.objects.filter(key__in=houses).defer("sources")}
    ways = _ways(footprint, houses) if footprint else {}
    return tuple(_row(row, people, places.get(row[2]), ways.get(row[2], _NO_WAY)) for row in found)


@dataclass(frozen=True, slots=True)
class _Way:
    shelter: str = ""
    key: UUID | None = None
    minutes: float | None = None


_NO_WAY = _Way()


def _ways(footprint: UUID, houses: set[UUID]) -> dict[UUID, _Way]:
    rows = Inside.objects.filter(footprint_id=footprint, house_key__in=houses).exclude(shelter_key=None)
    found = list(rows.values_list("house_key", "shelter_key", "minutes"))
    names = dict(Place.objects.filter(key__in={row[1] for row in found}).values_list("key", "name"))
    return {house: _Way(names.get(shelter, ""), shelter, minutes) for house, shelter, minutes in found if shelter}


def _row(row: Any, people: dict[UUID, Member], house: House | None, way: _Way) -> AffectedRow:
    members = sorted((people[key] for key in row[4] if key in people), key=lambda m: (not m.needs, not m.phone))
    point = house.geom if house else None
    return AffectedRow(
        rank=row[0], priority=row[1], house_key=row[2], household=row[3], place=house_label(house),
        village=house.village if house else "", moo=row[6], people=row[5], members=tuple(members),
        terms=tuple(Term(*term) for term in row[10]), depth_m=row[7], access=row[8], fresh=row[11],
        shelter=way.shelter, shelter_key=way.key, minutes=way.minutes,
        lon=point.x if point else None, lat=point.y if point else None,
    )  # fmt: skip


def _people(keys: Sequence[UUID], via: str) -> dict[UUID, Member]:
    """Who they are, as far as the purpose shows it; a line of the read log for each, and one for needs."""
    allowed = shown_fields("person")
    named = {"first_name", "last_name"} <= allowed
    rows = list(Person.objects.filter(key__in=keys, died=None).values_list(
        "key", "title", "first_name", "last_name", *(["phone"] if "phone" in allowed else [])
    ))  # fmt: skip
    log_read("person", [row[0] for row in rows], via=via)
    needs = _needs([row[0] for row in rows], via)
    return {
        row[0]: Member(row[0], f"{row[1]}{row[2]} {row[3]}".strip() if named else "",
                       (row[4] or "") if len(row) > 4 else "", tuple(needs.get(row[0], ())))
        for row in rows
    }  # fmt: skip


def _needs(keys: Sequence[UUID], via: str) -> dict[UUID, list[Told]]:
    allowed = shown_fields("need")
    if not allowed:
        return {}
    columns = ["person_id", "need_kind", "level", *(["note"] if "note" in allowed else [])]
    found: dict[UUID, list[Told]] = defaultdict(list)
    for person, *told in Need.objects.filter(person__in=keys).order_by("need_kind", "key").values_list(*columns):
        need = Told(*(part or "" for part in told))
        if need not in found[person]:
            found[person].append(need)
    log_read("need", list(found), via=via)
    return found


@dataclass(frozen=True, slots=True)
class Changes:
    """Between two footprints: houses that came in and that are out; people where one was read right after the other."""

    new_houses: list[UUID]
    left_houses: list[UUID]
    new_people: int | None = None
    left_people: int | None = None
    new_households: int | None = None
    left_households: int | None = None


DIFFERENCE = """
SELECT coalesce(n.house_key, o.house_key), o.house_key IS NULL
FROM (SELECT house_key FROM emergency_inside WHERE footprint_id = %s) n
  FULL JOIN (SELECT house_key FROM emergency_inside WHERE footprint_id = %s) o ON o.house_key = n.house_key
WHERE n.house_key IS NULL OR o.house_key IS NULL ORDER BY 1
"""


def changes(footprint: Footprint, before: Footprint) -> Changes:
    """New and left against an earlier footprint; numbers and houses, no people. Any purpose of the room."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE, [footprint.pk, before.pk])
        found = cursor.fetchall()
    last = last_snapshot(footprint)
    told = last.counts if last and last.before and last.before.footprint_id == before.pk else {}
    numbers = (told.get(name) for name in ("new_people", "left_people", "new_households", "left_households"))
    return Changes([key for key, new in found if new], [key for key, new in found if not new], *numbers)


@dataclass(frozen=True, slots=True)
class Numbers:
    """People of an area by what a warning must be made for; nothing about anybody."""

    people: int
    houses: int
    no_phone: int
    foreign: int
    needs: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> int:
        """People with a need: `deaf`, `blind`, `bedridden` ..."""
        return self.needs.get(kind, 0)


OWN_NATION = ("", "ไทย", "thai", "th", "tha")
NUMBERS = """
WITH person AS MATERIALIZED (
  SELECT p.key, p.house_id, p.phone IS NULL AS no_phone, lower(p.nationality) <> ALL (%(own)s) AS foreign
  FROM city_house h JOIN city_person p ON p.house_id = h.key
  WHERE p.died IS NULL AND ST_Intersects(h.geom, ST_GeomFromWKB(%(area)s, 4326))
)
SELECT '', count(*)::int, count(DISTINCT house_id)::int, count(*) FILTER (WHERE no_phone)::int,
  count(*) FILTER (WHERE "foreign")::int FROM person
UNION ALL
SELECT n.need_kind, count(DISTINCT p.key)::int, 0, 0, 0 FROM person p JOIN city_need n ON n.person_id = p.key
GROUP BY n.need_kind
"""


def counts_only(area: Any) -> Numbers:
    """Who is inside an area (GEOS polygon, EPSG:4326, or a Footprint) in numbers, for a public warning.

    Inside `emergency.resolve` or `emergency.warn`: a purpose that reads people and needs without a grant.
    """
    shape = area.geom if isinstance(area, Footprint) else area
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"own": list(OWN_NATION), "area": bytes(shape.wkb)})
        (_, people, houses, no_phone, foreign), *needs = sorted(cursor.fetchall())
    return Numbers(people, houses, no_phone, foreign, {row[0]: row[1] for row in needs})


THINGS = """
WITH area AS (SELECT ST_GeomFromWKB(%(area)s, 4326) AS geom)
SELECT 'places', p.place_kind, count(*)::int FROM city_place p, area WHERE ST_Intersects(p.geom, area.geom) GROUP BY 2
UNION ALL
SELECT 'assets', a.asset_kind, count(*)::int FROM city_asset a, area WHERE ST_Intersects(a.geom, area.geom) GROUP BY 2
UNION ALL
SELECT 'buildings', '', count(*)::int FROM city_building b, area WHERE ST_Intersects(b.geom, area.geom)
UNION ALL
SELECT 'road_m', '', coalesce(round(sum(ST_Length(ST_Transform(ST_Intersection(r.geom, area.geom), 32647)))), 0)::int
FROM city_road r, area WHERE ST_Intersects(r.geom, area.geom)
"""


def things_in(area: Any) -> dict[str, Any]:
    """Places and assets by kind, buildings, metres of road in an area (GEOS, EPSG:4326). No personal data."""
    found: dict[str, Any] = {"places": {}, "assets": {}}
    with connection.cursor() as cursor:
        cursor.execute(THINGS, {"area": bytes(area.wkb)})
        for group, kind, count in cursor.fetchall():
            if group in found:
                found[group][kind or "-"] = count
            else:
                found[group] = count
    return found
