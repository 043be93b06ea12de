"""Putting a case where it belongs: category, unit, officer, place, urgency."""

from __future__ import annotations

from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction

from maehia.services.actions.base import answered, append, locked, pauses_of, refused, save, set_due
from maehia.services.actions.opening import NewCase, facts_of, promise_data, trace_of
from maehia.services.actions.releasing import hide_photos
from maehia.services.actions.telling import tell
from maehia.services.models import Case, CaseDetail, Unit
from maehia.services.queries.current import current, definition_of
from maehia.services.queries.places import Where, where
from maehia.services.rules.blur import public_point
from maehia.services.rules.routing import route


@transaction.atomic
def recategorise(case_id: UUID | str, code: str, *, by: str, version: int | None = None, note: str = "") -> Case:
    """Give a case another service of its kind: new route, new promise from the day of receipt with its pauses, and
    the citizen is told. Raises ProblemError: unknown_service, other_kind, same_service, sealed_stays, and the lock's.
    """
    case = locked(case_id, version)
    offer = current(code)
    _check_recategorise(case, code, offer.service.kind, sealed=offer.definition.confidential)
    detail = CaseDetail.objects.get(pk=case.pk)
    point = (detail.point.x, detail.point.y) if detail.point else None
    new = NewCase(service=code, channel=case.channel, description=detail.description, point=point,
                  asset_key=case.asset_key, answers=detail.answers, urgent=case.is_urgent,
                  event_at=case.received_at)  # fmt: skip
    routed = route(offer.routing, facts_of(new, offer, where(*point) if point else _at(case)))
    was, unit = case.service_id, case.unit_id
    d = offer.definition
    case.service_id, case.definition_id, case.promise = code, offer.version, promise_data(offer)
    case.service = offer.service
    case.unit_id, case.assignee = routed.unit or d.unit or case.unit_id, None
    case.is_public, case.is_confidential = d.visibility.is_public and not d.confidential, d.confidential
    case.public_point = Point(*public_point(*point, d.visibility.blur_m), srid=4326) if point else None
    if not case.is_public:
        hide_photos(case.pk)
    set_due(case, pauses_of(case), offer.calendar)
    append(case, "service", by=by, note=note, value={"from": was, "to": code, "unit_from": unit, "unit": case.unit_id})
    detail.trace = trace_of(routed)
    detail.save(update_fields=["trace"])
    tell(case, "case.recategorised", {"note": note})
    save(case, "service", "definition", "promise", "unit", "assignee", "is_public", "is_confidential", "public_point",
         "due_at", "answer_due_at", *answered(case, by), public=True)  # fmt: skip
    return case


def _check_recategorise(case: Case, code: str, kind: str, *, sealed: bool) -> None:
    if case.state_type != "open":
        raise refused("move_refused", "เรื่องนี้ปิดแล้ว จึงเปลี่ยนประเภทไม่ได้", case.number, "เปิดเรื่องอีกครั้งก่อน")
    if kind != case.kind:
        raise refused("other_kind", "เปลี่ยนเรื่องแจ้งเป็นคำขอ (หรือกลับกัน) ไม่ได้", case.number, "เปิดเรื่องใหม่และอ้างถึงเลขที่เดิม")
    if code == case.service_id:
        raise refused("same_service", "เรื่องนี้เป็นประเภทนี้อยู่แล้ว", case.number, "")
    if sealed != case.is_confidential:
        raise refused("sealed_stays", "เรื่องลับกับเรื่องทั่วไปเปลี่ยนถึงกันไม่ได้", case.number, "ให้ผู้ดูแลเรื่องลับเปิดเรื่องใหม่และปิดเรื่องนี้")


def _at(case: Case) -> Where:
    return Where(True, case.moo, "")


@transaction.atomic
def assign_unit(case_id: UUID | str, unit_key: str, *, by: str, version: int | None = None, note: str = "") -> Case:
    """Hand a case to another unit. Raises ProblemError unknown_unit besides those of the lock."""
    case = locked(case_id, version)
    if not Unit.objects.filter(pk=unit_key, active=True).exists():
        raise refused("unknown_unit", "ไม่มีหน่วยงานนี้", unit_key, "เลือกจากรายการหน่วยงาน")
    was, case.unit_id, case.assignee = case.unit_id, unit_key, None
    append(case, "unit", by=by, note=note, is_public=False, value={"from": was, "to": unit_key})
    save(case, "unit", "assignee", *answered(case, by))
    return case


@transaction.atomic
def assign_person(case_id: UUID | str, account_id: UUID | None, *, by: str, version: int | None = None) -> Case:
    """Put an officer in charge, or nobody."""
    case = locked(case_id, version)
    case.assignee = account_id
    append(case, "assignee", by=by, is_public=False, value={"to": str(account_id) if account_id else None})
    save(case, "assignee", *answered(case, by))
    return case


@transaction.atomic
def set_urgent(case_id: UUID | str, urgent: bool, *, by: str, note: str = "", version: int | None = None) -> Case:
    case = locked(case_id, version)
    case.is_urgent = urgent
    append(case, "urgent", by=by, note=note, is_public=False, value={"urgent": urgent})
    save(case, "is_urgent")
    return case


@transaction.atomic
def set_place(
    case_id: UUID | str,
    point: tuple[float, float],
    asset_key: UUID | None = None,
    *,
    by: str,
    version: int | None = None,
) -> Case:  # fmt: skip
    """Correct where it is. point: (lon, lat) in degrees. Raises ProblemError outside_town."""
    case = locked(case_id, version)
    found = where(*point)
    if not found.inside:
        raise refused("outside_town", "จุดที่ปักหมุดอยู่นอกเขตของเทศบาล", case.number, "ส่งต่อเรื่องให้หน่วยงานที่ดูแลพื้นที่นั้น")
    blur = definition_of(case).visibility.blur_m
    CaseDetail.objects.filter(pk=case.pk).update(point=Point(*point, srid=4326))
    case.public_point, case.moo, case.asset_key = Point(*public_point(*point, blur), srid=4326), found.moo, asset_key
    append(case, "place", by=by, is_public=False, value={"asset": str(asset_key) if asset_key else None})
    save(case, "public_point", "moo", "asset_key", public=True)
    return case
