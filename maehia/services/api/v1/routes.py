"""The addresses of the JSON API. Each reads its input, asks one query or does one action, and answers."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router

from maehia.base import ProblemError
from maehia.forms.engine import as_data, check
from maehia.kit.acting import Scope, acting
from maehia.kit.clock import today
from maehia.kit.idempotency import Created, once
from maehia.services import actions, workflow
from maehia.services.api import callers
from maehia.services.api.v1 import problems, schemas, shapes
from maehia.services.api.v1.callers import Caller, KeyAuth, StaffAuth
from maehia.services.models import Case
from maehia.services.queries import cases, catalogue, open311
from maehia.services.queries import queue as queues
from maehia.services.queries.offered import Offered, offered

router = Router()
REFUSALS: dict[Any, Any] = dict.fromkeys((404, 405, 422, 429, 500), schemas.Problem)
FILING: dict[Any, Any] = REFUSALS | dict.fromkeys((400, 401, 403, 409), schemas.Problem)
NUMBER = Annotated[str, Path(max_length=40)]


def as_json(value: Any, **headers: str) -> HttpResponse:
    """Straight from our own rows: checking a thousand of them a second time would take longer than reading them."""
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpResponse(content, content_type="application/json", headers=headers)


@router.get("/services", response={200: list[schemas.Service]} | REFUSALS, operation_id="services")
def services(request: HttpRequest, lang: schemas.Lang = "th") -> Any:
    """Categories of reports that may be filed by a program."""
    callers.count_read(request)
    return as_json([shapes.service(row, lang) for row in offered()])


@router.get("/services/{code}", response={200: schemas.ServiceDefinition} | REFUSALS, operation_id="service")
def service(request: HttpRequest, code: NUMBER, lang: schemas.Lang = "th") -> Any:
    """One category with its questions."""
    callers.count_read(request)
    row = _offered(code)
    return as_json(shapes.service(row, lang) | {"form": as_data(row.form)})


def _offered(code: str) -> Offered:
    """Raises Http404."""
    found = offered(code) if code and schemas.NUL not in code else []
    if not found:
        raise Http404
    return found[0]


@router.get("/catalogue", response={200: list[schemas.Offer]} | REFUSALS, operation_id="catalogue")
def offers(request: HttpRequest, lang: schemas.Lang = "th") -> Any:
    """Everything that the town promises: reports and applications, with papers, steps and times."""
    callers.count_read(request)
    return as_json([shapes.offer(row, lang) for row in catalogue.published() if not row.confidential])


@router.get("/cases", response={200: schemas.CaseList} | REFUSALS, operation_id="cases")
def listed(request: HttpRequest, asked: Query[schemas.Asked]) -> Any:
    """Published cases by number. A walk through the pages loses none while new ones come in."""
    callers.count_read(request)
    wanted = shapes.wanted(asked)
    with open311.looking("live"):
        rows, total = open311.rows(wanted, "live"), open311.total(wanted, "live")
        items = shapes.cases(request, rows, asked.lang)
    return as_json({"total": total, "page": asked.page, "page_size": asked.page_size, "items": items})


@router.get("/cases/{number}", response={200: schemas.Case} | REFUSALS, operation_id="case")
def one(request: HttpRequest, number: NUMBER, lang: schemas.Lang = "th") -> Any:
    """A published case. One that is not public is not found, like one that is not there."""
    callers.count_read(request)
    with open311.looking("live"):
        row = open311.one(number, "live") if schemas.NUL not in number else None
        if row is None:
            raise Http404
        return as_json(shapes.cases(request, [row], lang)[0])


@router.post("/cases", response={201: schemas.Filed} | FILING, auth=[KeyAuth(), StaffAuth()], operation_id="file_case")
def file(
    request: HttpRequest,
    sent: schemas.NewCase,
    idempotency_key: Annotated[str | None, Header(max_length=80, pattern=r"^[\x21-\x7e]*$")] = None,
) -> Any:
    """File a report. With an Idempotency-Key a repeated call gets the first answer and files nothing."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    if not idempotency_key:
        case = _file(sent, caller)
        return filed(case.pk, case.number)
    made = once(request, (caller.by, "api.case", idempotency_key), lambda: Created(_file(sent, caller).pk))
    if not isinstance(made, Created):
        return problems.problem(409, "key_other_body", "Idempotency-Key เคยใช้กับข้อมูลอื่นแล้ว (used with another body)")
    case_id = UUID(str(made.id))
    return filed(case_id, _number_of(case_id, caller.mode))


def _number_of(case_id: UUID, mode: str) -> str:
    with acting("system:api", "services.peer", mode=mode):
        number: str = Case.objects.values_list("number", flat=True).get(pk=case_id)
        return number


def _file(sent: schemas.NewCase, caller: Caller) -> Case:
    found = _answers(sent)
    case_id = uuid4()
    contact = actions.Contact(sent.contact.name, sent.contact.phone, sent.contact.email, lang=sent.lang)
    new = actions.NewCase(
        sent.service, caller.channel, sent.description, (sent.point.lon, sent.point.lat) if sent.point else None,
        sent.address, answers=found, contact=contact, lang=sent.lang, origin=caller.origin,
    )  # fmt: skip
    return actions.file_case(new, by=caller.by, case_id=case_id, mode=caller.mode).case


def _answers(sent: schemas.NewCase) -> dict[str, Any]:
    """Held against the form of the category. Raises ProblemError for the first thing that is wrong."""
    found = check(_offered(sent.service).form, sent.answers, today=today(), lang=sent.lang, strict=True)
    if found.faults:
        raise ProblemError(found.faults[0].as_problem())
    return found.answers


def filed(case_id: UUID, number: str) -> HttpResponse:
    secret = actions.secret_of(case_id)
    body = {"number": number, "secret": secret, "follow_url": f"{settings.SITE_URL}/follow/{secret}/"}
    answer = as_json(body, **{"Cache-Control": "no-store"})
    answer.status_code = 201
    return answer


@router.get("/follow", response={200: schemas.Followed} | REFUSALS, operation_id="follow")
def follow(
    request: HttpRequest,
    x_case_secret: Annotated[
        str, Header(alias="X-Case-Secret", min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    ],
    lang: schemas.Lang = "th",
) -> Any:
    """The case of a secret, which stands in a header so that no log keeps it."""
    callers.count_read(request)
    case_id = cases.by_secret(x_case_secret)
    if case_id is None:
        raise Http404
    with acting("device:api", "services.link", scope=Scope.subject(case_id)):
        page = cases.page(case_id, "link_holder")
        if page is None:
            raise Http404
        return as_json(shapes.followed(page, lang), **{"Cache-Control": "no-store"})


@router.get("/queue", response={200: schemas.Queue} | REFUSALS, operation_id="queue")
def queue(request: HttpRequest, lang: schemas.Lang = "th") -> Any:
    """How many wait at the service centre now, and which desks are open."""
    callers.count_read(request)
    with acting("system:public", "services.public"):
        return as_json(shapes.queue(queues.screen(queues.local_today()), lang))


@router.get("/states", response={200: list[dict[str, str]]} | REFUSALS, operation_id="states")
def states(request: HttpRequest, lang: schemas.Lang = "th") -> Any:
    """The states of a report with their words and what they mean to Open311."""
    callers.count_read(request)
    return as_json([
        {"code": s.code, "type": s.type, "name": s.en if lang == "en" else s.th, "open311": s.open311}
        for s in workflow.REPORT if s.type != "hidden"
    ])  # fmt: skip
