"""What the fast lane asks the register: the applicant's parcels, the land around a footprint, and how a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon

from maehia.base import Problem, ProblemError
from maehia.city.models import Area, Parcel, Road, Tie
from maehia.city.queries.calendar import working_calendar
from maehia.city.queries.decisions import source_of
from maehia.city.queries.history import refs_of
from maehia.city.queries.origins import origins
from maehia.city.queries.people import PersonView, person_view
from maehia.services.models import Case, CaseDetail, CaseEvent, ClockPause
from maehia.services.rules.clock import Pause, used
from maehia.services.rules.definition import Text
from maehia.services.rules.permit import Land, Line, Outcome, Plan, Shape, examine, rectangle, shipped_limits
from maehia.thai import format_date, format_land_area, land_area_m2

SERVICE = "house_permit"
WASTE_LIST = "waste"  # the source of the payers of the waste fee
ZONE_KIND, FLOOD_KIND = "landuse", "flood"
ROAD_REACH_M, FLOOD_REACH_M = 40, 400


@dataclass(frozen=True, slots=True)
class OwnParcel:
    """A parcel that the register ties to somebody. size: in words; lon, lat: a point inside, None when unknown."""

    key: UUID
    label: str
    size: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as the register has her; nothing of it is asked again."""

    key: UUID
    name: str
    phone: str
    house: str
    parcels: tuple[OwnParcel, ...]
    waste: tuple[str, ...] = ()


def applicant(person_key: UUID) -> Applicant | None:
    """The applicant's own data, under me.services, me.care or counter.service; the read is logged."""
    view = person_view(person_key, via="permit")
    if view is None:
        return None
    house = str(view.house) if view.house else ""
    return Applicant(
        view.key, view.name, view.person.phone or "", house, tuple(_parcels(view)), waste_accounts(view.key)
    )


def waste_accounts(person_key: UUID) -> tuple[str, ...]:
    """Numbers of the waste accounts that the lists tie to somebody: the list's own numbers."""
    refs = refs_of("person", person_key)
    return tuple(ref.rpartition(":")[2] for ref in refs if source_of(ref) == WASTE_LIST)


def _parcels(view: PersonView) -> Iterable[OwnParcel]:
    keys = [tie.about_key for tie in view.ties if tie.role == "owner" and tie.about_kind == "parcel" and tie.about_key]
    rows = Parcel.objects.filter(pk__in=keys).order_by("deed_no", "key")
    return (own_parcel(row) for row in rows)


def own_parcel(row: Parcel) -> OwnParcel:
    """A parcel in words: its deed, else its tax code."""
    label = f"{row.deed_kind or 'โฉนด'} {row.deed_no}" if row.deed_no else row.ltax_code or str(row.pk)[:8]
    point = row.geom.point_on_surface if row.geom else None
    return OwnParcel(row.pk, label, _size(row), point.x if point else None, point.y if point else None)


def _size(row: Parcel) -> str:
    if row.area_rai is None and row.area_ngan is None and row.area_wa is None:
        return ""
    return format_land_area(land_area_m2(row.area_rai or 0, row.area_ngan or 0, row.area_wa or 0))


@cache
def _to_plane() -> Transformer:
    return Transformer.from_crs(4326, 32647, always_xy=True)


def plane(geometry: GEOSGeometry) -> Any:
    """A geometry of the register in EPSG:32647, as shapely has it."""
    there = _to_plane().transform
    return shapely.transform(shapely.from_wkb(bytes(geometry.wkb)), there, interleaved=False)


def degrees(shape: Any) -> GEOSGeometry:
    """Back to EPSG:4326, for maps."""
    there = _to_plane().transform
    back = shapely.transform(shape, lambda x, y: there(x, y, direction="INVERSE"), interleaved=False)
    return GEOSGeometry(memoryview(back.wkb), srid=4326)


def plan_of(answers: Mapping[str, Any]) -> Plan:
    """The planned house of the checked answers of the form. Raises ProblemError no_footprint."""
    centre = answers.get("centre")
    if not centre:
        raise ProblemError(Problem("no_footprint", "ยังไม่ได้วางผังบ้าน", "centre", "แตะแผนที่ หรือใส่พิกัดของกลางบ้าน"))
    x, y = _to_plane().transform(float(centre["lon"]), float(centre["lat"]))
    number = {name: float(answers[name]) for name in ("width_m", "depth_m", "floor_area_m2", "height_m")}
    footprint = rectangle(x, y, number["width_m"], number["depth_m"], float(answers.get("turn_deg") or 0))
    return Plan(footprint, number["floor_area_m2"], int(answers["storeys"]), number["height_m"],
                bool(answers.get("blind_walls")), bool(answers.get("has_consent")))  # fmt: skip


def parcel_of(answers: Mapping[str, Any]) -> Parcel | None:
    """The parcel that an answer names by key or by the number of its deed; None when the register has none such."""
    given = str(answers.get("parcel") or "")
    try:
        return Parcel.objects.filter(pk=UUID(given)).first()
    except ValueError:
        found = list(Parcel.objects.filter(deed_no=given)[:2]) if given else []
        return found[0] if len(found) == 1 else None


def land_of(parcel: Parcel | None, footprint: Polygon, person_key: UUID | None) -> Land:
    """What the register knows of the land. person_key: who applies; None leaves the owner unknown."""
    here = degrees(footprint)
    around = parcel.geom if parcel is not None and parcel.geom else here
    roads = list(Road.objects.filter(geom__dwithin=(around, _degrees_of(ROAD_REACH_M))))
    zones, floods = _areas(ZONE_KIND, here, 0), _areas(FLOOD_KIND, here, FLOOD_REACH_M)
    said = _sources([parcel, *roads, *(zones or ()), *(floods or ())])
    return Land(
        parcel=_polygon(parcel), parcel_source=said.get(parcel.pk, "") if parcel else "",
        roads=tuple(_line(road, said) for road in roads), roads_source="ถนน",
        zones=_shapes(zones, said), floods=_shapes(floods, said),
        owner=_owner(parcel, person_key), owner_source="ทะเบียนทรัพย์สิน (เจ้าของ)",
    )  # fmt: skip


def _degrees_of(metres: float) -> float:
    """Degrees that are at least so many metres in the north of Thailand."""
    return metres / 100_000


def _areas(kind: str, here: GEOSGeometry, reach_m: float) -> list[Area] | None:
    """The areas of a kind near a footprint; None when the register has none of that kind anywhere."""
    known = Area.objects.filter(area_kind=kind).exclude(geom=None)
    near = list(known.filter(geom__dwithin=(here, _degrees_of(reach_m))))
    return near if near or known.exists() else None


def _polygon(parcel: Parcel | None) -> Polygon | None:
    """The largest part of a parcel's outline."""
    if parcel is None or parcel.geom is None:
        return None
    shape = plane(parcel.geom)
    parts = list(shape.geoms) if isinstance(shape, MultiPolygon) else [shape]
    polygons = [part for part in parts if isinstance(part, Polygon) and part.area > 0]
    return max(polygons, key=lambda part: part.area) if polygons else None


def _line(road: Road, said: Mapping[UUID, str]) -> Line:
    width = float(road.width_m) if road.width_m is not None else None
    return Line(road.name, plane(road.geom), width, said.get(road.pk, "ถนน"))  # type: ignore[arg-type]


def _shapes(areas: list[Area] | None, said: Mapping[UUID, str]) -> tuple[Shape, ...] | None:
    if areas is None:
        return None
    return tuple(Shape(a.code, a.name, plane(a.geom), said.get(a.pk, a.name)) for a in areas)  # type: ignore[arg-type]


def _sources(rows: list[Any]) -> dict[UUID, str]:
    """The list and its day behind the outline of each row, in words."""
    texts = {row.pk: row.sources.get("geom", "") for row in rows if row is not None}
    found = origins(texts.values())
    return {key: _list_and_day(found[text]) if text in found else "" for key, text in texts.items()}


def _list_and_day(origin: Any) -> str:
    day = origin.as_of.date() if isinstance(origin.as_of, datetime) else origin.as_of
    return f"{origin.name_th} ({format_date(day)})" if origin.name_th and day else origin.name_th


def _owner(parcel: Parcel | None, person_key: UUID | None) -> Any:
    """Whose parcel it is. Somebody who sees her own ties only is told "no" as soon as none of them is this parcel."""
    if parcel is None or person_key is None:
        return "unknown"
    mine = Tie.objects.filter(person_id=person_key, role="owner", about_kind="parcel", about_key=parcel.pk)
    return "yes" if mine.exists() else "no"


def examined(answers: Mapping[str, Any], person_key: UUID | None, on: date) -> Outcome:
    """All questions about the answers of a form, against the register as it is now."""
    plan = plan_of(answers)
    return examine(plan, land_of(parcel_of(answers), plan.footprint, person_key), shipped_limits(on))


def as_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Findings as plain data, to be kept in the history of the case."""
    return [
        {"code": f.code, "th": f.name.th, "en": f.name.en, "verdict": f.verdict, "why_th": f.reason.th,
         "why_en": f.reason.en, "source": f.source, "value": _rounded(f.value), "limit": _rounded(f.limit),
         "tolerance": _rounded(f.tolerance), "unit": f.unit, "rule": f.rule, "verified": f.verified}
        for f in outcome.findings
    ]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding as a page shows it. by_visit: what the visit on the site said of a doubt, "" before it."""

    code: str
    name: Text
    verdict: str
    reason: Text
    source: str
    value: float | None
    limit: float | None
    tolerance: float
    unit: str
    rule: str
    verified: bool
    by_visit: str = ""

    @property
    def stands(self) -> str:
        """The answer that counts: the visit's, where there was one."""
        return self.by_visit or self.verdict


def seen(rows: Iterable[Mapping[str, Any]], visited: Mapping[str, str] | None = None) -> tuple[Seen, ...]:
    """Kept findings, with what a visit said of those in doubt."""
    said = visited or {}
    return tuple(
        Seen(r["code"], Text(r["th"], r["en"]), r["verdict"], Text(r["why_th"], r["why_en"]), r["source"], r["value"],
             r["limit"], r["tolerance"] or 0.0, r["unit"], r["rule"], r["verified"], said.get(r["code"], ""))
        for r in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How an application stands. took: working time from submission to the signature (or until now), pauses left out.

    recommended, reviewed: outcome ("issued", "refused") or "". signed: the capacity in words, "" before.
    """

    case: Case
    answers: Mapping[str, Any]
    findings: tuple[Seen, ...]
    recommended: str
    reviewed: str
    signed: str
    signed_at: datetime | None
    took: timedelta
    by: Mapping[str, str]

    @property
    def doubts(self) -> tuple[Seen, ...]:
        return tuple(f for f in self.findings if f.stands == "doubt")

    @property
    def fails(self) -> tuple[Seen, ...]:
        return tuple(f for f in self.findings if f.stands == "fail")


def progress(case: Case, now: datetime) -> Progress:
    """Of a case that the context at hand may see."""
    events = list(CaseEvent.objects.filter(case_id=case.pk, kind__in=["check", "recommend", "sign"]).order_by("seq"))
    rows: list[Mapping[str, Any]] = []
    visited: dict[str, str] = {}
    last: dict[str, CaseEvent] = {}
    for event in events:
        last[_stage(event)] = event
        rows = event.value.get("findings", rows)
        visited |= event.value.get("visit", {})
    signed = last.get("sign")
    capacity = str(signed.value.get("capacity", "")) if signed else ""
    pauses = [Pause(p.start, p.end, p.cause) for p in ClockPause.objects.filter(case_id=case.pk)]
    end = signed.recorded_at if signed else now
    return Progress(
        case, CaseDetail.objects.values_list("answers", flat=True).get(pk=case.pk), seen(rows, visited),
        _outcome(last.get("recommend")), _outcome(last.get("review")), capacity,
        signed.recorded_at if signed else None, used(case.received_at, end, pauses, working_calendar()),
        {stage: event.actor for stage, event in last.items()},
    )  # fmt: skip


def _stage(event: CaseEvent) -> str:
    return "review" if event.kind == "recommend" and event.value.get("review") else event.kind


def _outcome(event: CaseEvent | None) -> str:
    return str(event.value.get("outcome", "")) if event else ""
