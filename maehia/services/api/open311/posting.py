"""What GeoReport v2 does with a POST: a report from another application becomes a case by the one write path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from maehia.base import ProblemError
from maehia.city.models import Place
from maehia.forms.actions import attach
from maehia.kit.acting import Scope, acting
from maehia.kit.clock import now, today
from maehia.kit.idempotency import Created, once
from maehia.services.actions import Contact, NewCase, add_note, open_case
from maehia.services.api import callers
from maehia.services.api.open311 import reading, shapes
from maehia.services.api.open311.asked import check_jurisdiction
from maehia.services.api.open311.faults import Fault, about, bad, no_key, no_service, other_body
from maehia.services.api.open311.questions import check_answers
from maehia.services.api.open311.report import Sent, read_report
from maehia.services.models import ApiKey, Case, ReportToken
from maehia.services.queries.offered import offered

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
ROUTE = "open311.request"
MOST_PHOTOS = 5
Fields = Mapping[str, list[str]]


def fields_of(request: HttpRequest) -> Fields:
    """The form. Raises Fault 400 for a body that is none, is broken, or is not UTF-8."""
    if request.content_type not in FORMS:
        raise bad("Content-Type", "ใช้ application/x-www-form-urlencoded", "use application/x-www-form-urlencoded")
    try:
        found = dict(request.POST.lists())
        _ = request.FILES
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, BadRequest, UnreadablePostError) as error:
        raise Fault(400, "อ่านแบบฟอร์มที่ส่งมาไม่ได้ (the form body cannot be read)") from error
    for name, values in found.items():
        if any("\ufffd" in text for text in (name, *values)):
            raise bad(name.replace("\ufffd", "?")[:40], "ไม่ใช่ UTF-8", "is not UTF-8")
    if len(request.FILES.getlist("media")) > MOST_PHOTOS:
        raise bad("media", f"ส่งภาพได้ไม่เกิน {MOST_PHOTOS} ภาพ", f"at most {MOST_PHOTOS} photos")
    return {name: [text.replace("\x00", "") for text in values] for name, values in found.items()}


def post(request: HttpRequest, sandbox: bool) -> reading.Answer:
    """File a report. Safe to repeat with an Idempotency-Key."""
    fields = fields_of(request)
    key = callers.known(request, _last(fields, "api_key"))
    if key is None:
        raise no_key()
    if _last(fields, "jurisdiction_id"):
        check_jurisdiction({"jurisdiction_id": _last(fields, "jurisdiction_id")}, reading.ours())
    mode = "exercise" if sandbox else key.mode
    name = request.headers.get("Idempotency-Key", "")
    if not name:
        return reply(file(request, key, fields, mode), mode)
    made = once(request, (callers.actor(key), ROUTE, name[:80]), lambda: Created(file(request, key, fields, mode)))
    if not isinstance(made, Created):
        raise other_body()
    return reply(UUID(str(made.id)), mode)


def _last(fields: Fields, name: str) -> str:
    values = fields.get(name) or [""]
    return values[-1].strip()


def file(request: HttpRequest, key: ApiKey, fields: Fields, mode: str) -> UUID:
    """Open the case with its photo; all or nothing. Raises Fault."""
    sent = read_report(fields)
    service = next(iter(offered(sent.service_code)), None)
    if service is None:
        raise no_service()
    answers = check_answers(service.form, sent.answers, today())
    case_id, by = uuid4(), callers.actor(key)
    with acting(by, "services.report", mode=mode, scope=Scope.subject(case_id)):
        try:
            photos = [attach(case_id, "photo", part.open(), part.name or "").pk for part in media_of(request)]
            opened = open_case(new_case(sent, answers, key, photos), by=by, case_id=case_id)
            if words := told_besides(sent):
                add_note(case_id, words, by=by)
        except ProblemError as error:
            raise fault_of(error) from error
        if service.by_token:
            ReportToken(hash=reading.token_hash(reading.token_of(case_id)), case_id=case_id, mode=mode,
                        made_at=now()).save(force_insert=True)  # fmt: skip
    return UUID(str(opened.case.pk))


def media_of(request: HttpRequest) -> list[Any]:
    return request.FILES.getlist("media")


def new_case(sent: Sent, answers: Mapping[str, Any], key: ApiKey, photos: list[UUID]) -> NewCase:
    place = place_of(sent.address_id) if sent.address_id else None
    centre = place.geom.centroid if place and place.geom else None
    return NewCase(
        sent.service_code, "open311", sent.description, sent.point or ((centre.x, centre.y) if centre else None),
        sent.address[:400] or (place.name if place else ""), place_key=place.key if place else None, answers=answers,
        contact=Contact(sent.name, sent.phone, sent.email), photos=photos, origin=f"open311:{key.pk}",
    )  # fmt: skip


def place_of(text: str) -> Place:
    """A public place of the register, by its key. Raises Fault 400."""
    try:
        found = Place.objects.filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise bad("address_id", "ไม่รู้จักรหัสสถานที่นี้", "no such place code")
    return found


def told_besides(sent: Sent) -> str:
    """What has no place of its own on a case; for the officer, never shown to the public. A URL is not fetched."""
    named = (("media_url", sent.media_url), ("device_id", sent.device_id), ("account_id", sent.account_id))
    return "\n".join(f"{name}: {text}" for name, text in named if text)


NAMED = {
    "outside_town": "lat, long", "bad_point": "lat, long", "no_place": "lat, long, address_string, address_id",
    "text_too_long": "description",
}  # fmt: skip


def fault_of(error: ProblemError) -> Fault:
    """Our problem as the standard says it; what belongs to a photo names `media`."""
    problem = error.problem
    if problem.code == "unknown_service":
        return no_service()
    name = NAMED.get(problem.code) or ("media" if problem.code.startswith(("photo", "file", "pdf")) else "request")
    return Fault(400, about(name, " ".join(filter(None, (problem.what, problem.fix))), problem.code))


def reply(case_id: UUID, mode: str) -> reading.Answer:
    """The number, or the token where the service answers by token; made again for a repeated call."""
    with acting("system:open311", "services.peer", mode=mode):
        case = Case.objects.values_list("number", "service_id").get(pk=case_id)
    token = reading.token_of(case_id)
    by_token = ReportToken.objects.filter(pk=reading.token_hash(token)).exists()
    return "service_requests", [shapes.posted(case[0], token if by_token else None, None)], {}
