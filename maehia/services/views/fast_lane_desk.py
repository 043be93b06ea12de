"""The desk of applications: what waits for whom, the findings, and the next step for the one who looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.access.queries import may_sign
from maehia.base import ProblemError
from maehia.forms.engine import summary
from maehia.forms.queries import attachments, signed_url
from maehia.kit.clock import now, today
from maehia.services.actions import permit as acts
from maehia.services.models import Case, Party
from maehia.services.queries import permit
from maehia.services.queries.current import definition_of
from maehia.services.queries.permit import Progress
from maehia.services.views import fast_lane_words as words
from maehia.services.views.staff_parts import due_words, names_of, state_tag, state_words
from maehia.web import registry as web
from maehia.web.formats import show_datetime, show_span
from maehia.web.values import Crumb, Term

PURPOSE = "services.desk"
PER_PAGE = 30
STAGES = {
    "new": ("submitted", "resubmitted"), "look": ("accepted", "inspection"), "sign": ("decision",),
    "pay": ("payment", "returned"), "done": ("issued", "refused", "revoked", "withdrawn", "not_ours"),
}  # fmt: skip


def stage_words(key: str) -> str:
    return {
        "new": gettext("รอรับคำขอ"), "look": gettext("รอตรวจ"), "sign": gettext("รอลงนาม"), "pay": gettext("รอผู้ยื่น"),
        "done": gettext("จบแล้ว"),
    }[key]  # fmt: skip


def first_stage(request: HttpRequest) -> str:
    """The stage in which this officer has something to do."""
    if can(request.user, "services.review"):
        return "look"
    return "sign" if can(request.user, "services.sign") and not can(request.user, "services.enter") else "new"


@never_cache
@require_safe
@require("services.inbox")
def applications(request: HttpRequest) -> HttpResponse:
    """Applications by stage, the next to be due first."""
    stage = request.GET.get("stage", "")
    stage = stage if stage in STAGES else first_stage(request)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        found = Case.objects.filter(kind="service")
        counts = {key: found.filter(state__in=states).count() for key, states in STAGES.items()}
        order = ["-updated_at"] if stage == "done" else ["due_at", "received_at"]
        rows = found.filter(state__in=STAGES[stage]).select_related("service", "unit").order_by(*order)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        listed = [_row(case) for case in page]
    tabs = [
        {"label": stage_words(key), "url": f"?stage={key}", "current": key == stage, "count": counts[key]}
        for key in STAGES
    ]
    return render(request, "services/fast_lane/list.html", {"rows": listed, "tabs": tabs, "page": page, "stage": stage})


def _row(case: Case) -> dict[str, Any]:
    tag, due = due_words(case.due_at, now(), state=case.state, state_type=case.state_type)
    return {
        "url": reverse("services:application", args=[case.pk]), "number": case.number,
        "service": web.in_language(case.service.name_th, case.service.name_en),
        "received": show_datetime(case.received_at),
        "state": state_words(case.kind, case.state), "state_tag": state_tag(case.state, case.state_type),
        "due": due, "due_tag": tag, "moo": case.moo,
    }  # fmt: skip


@dataclass
class Desk:
    """One application in front of one officer. steps: the forms that she may fill in now."""

    case: Case
    progress: Progress
    steps: list[str] = field(default_factory=list)


def read(request: HttpRequest, key: UUID) -> Desk:
    case = Case.objects.select_related("service", "unit", "definition").filter(pk=key, kind="service").first()
    if case is None or case.state == "erased":
        raise Http404
    found = permit.progress(case, now())
    return Desk(case, found, steps_for(request, case, found))


def steps_for(request: HttpRequest, case: Case, found: Progress) -> list[str]:
    """What the table and this officer's rights allow from here."""
    user, definition = request.user, definition_of(case)
    reviewer = "services.review" if acts.needs_review(definition) else "services.inbox"
    able = {
        "recommend": case.state in ("submitted", "resubmitted") and can(user, "services.enter"),
        "ask": case.state == "submitted" and can(user, "services.enter"),
        "visit": case.state == "accepted" and bool(found.doubts) and can(user, "services.inspect"),
        "visited": case.state == "inspection" and bool(found.doubts) and can(user, "services.inspect"),
        "review": case.state in ("accepted", "inspection") and can(user, reviewer),
        "sign": case.state == "decision" and can(user, "services.sign"),
        "finish": case.state == "payment" and bool(found.signed) and can(user, "services.inbox"),
        "revoke": case.state == "issued" and can(user, "services.sign"),
    }  # fmt: skip
    return [name for name, holds in able.items() if holds]


@never_cache
@require_safe
@require("services.inbox")
def application(request: HttpRequest, key: UUID) -> HttpResponse:
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return draw(request, read(request, key))


def draw(request: HttpRequest, desk: Desk, refused: Any = None, status: int = 200) -> HttpResponse:
    case, found = desk.case, desk.progress
    definition = definition_of(case)
    signer = may_sign(request.user, acts.power_for(definition), today())  # type: ignore[arg-type]
    tag, due = due_words(case.due_at, now(), state=case.state, state_type=case.state_type)
    context = {
        "case": case, "name": definition.name.in_(words.lang()), "steps": desk.steps, "refused": refused,
        "now_words": state_words(case.kind, case.state), "state_tag": state_tag(case.state, case.state_type),
        "due": due, "due_tag": tag, "findings": words.rows(found.findings), "counts": words.counts(found.findings),
        "doubts": words.rows(found.doubts), "terms": _terms(desk), "took": show_span(found.took),
        "picture": words.picture(found.answers) if found.findings else "", "opinions": _opinions(found),
        "lacking": acts.lacking(case, definition), "files": _files(case), "papers": words.papers(case.pk),
        "may_sign": signer is not None,
        "sections": summary(definition.questions, words.readable(found.answers), words.lang(), masked=True),
        "crumbs": [Crumb(gettext("คำขอ"), reverse("services:applications")), Crumb(case.number)],
    }  # fmt: skip
    return render(request, "services/fast_lane/application.html", context, status=status)


def _terms(desk: Desk) -> list[Term]:
    case, party = desk.case, Party.objects.filter(case_id=desk.case.pk, role="applicant").first()
    unit = web.in_language(case.unit.name_th, case.unit.name_en) if case.unit else ""
    rows = [
        (gettext("ผู้ยื่น"), party.name if party else ""), (gettext("โทรศัพท์"), party.phone if party else ""),
        (gettext("ยื่นเมื่อ"), show_datetime(case.received_at)), (gettext("หน่วยงาน"), unit),
        (gettext("ครบกำหนด"), show_datetime(case.due_at) if case.due_at else ""),
    ]  # fmt: skip
    return [Term(label, value) for label, value in rows if value]


def _opinions(found: Progress) -> list[dict[str, str]]:
    """Who said what so far."""
    outcome = {"issued": gettext("เห็นควรอนุญาต"), "refused": gettext("เห็นควรไม่อนุญาต"), "": ""}
    titles = {"recommend": gettext("ความเห็นเจ้าหน้าที่"), "review": gettext("ความเห็นนายช่าง"), "sign": gettext("ลงนาม")}
    said = {"recommend": outcome[found.recommended], "review": outcome[found.reviewed], "sign": found.signed}
    keys = {stage: UUID(actor.partition(":")[2]) for stage, actor in found.by.items() if actor.startswith("user:")}
    names = names_of(keys.values())
    return [{"title": titles[stage], "said": said[stage], "who": names.get(keys.get(stage), "")} for stage in titles  # type: ignore[arg-type]
            if stage in found.by]  # fmt: skip


def _files(case: Case) -> list[dict[str, Any]]:
    rows = attachments(case.pk, roles=("document", "plan"))
    return [{"name": (row.name or "").partition("/")[2] or row.role, "url": signed_url(row)} for row in rows]


@never_cache
@require_POST
@require("services.inbox")
def act(request: HttpRequest, key: UUID, step: str) -> HttpResponse:
    """One step. What is refused is said on the page, with nothing lost."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        desk = read(request, key)
        try:
            _do(request, desk.case, step)
        except ProblemError as error:
            return draw(request, read(request, key), error.problem, 422)
    messages.success(request, gettext("บันทึกแล้ว เรื่อง %(number)s อยู่ที่ขั้นถัดไป") % {"number": desk.case.number})
    return redirect("services:application", key=key)


def _do(request: HttpRequest, case: Case, step: str) -> None:
    account: Any = request.user
    given, note = request.POST, request.POST.get("note", "")
    version = int(given["version"]) if given.get("version", "").isdigit() else None
    outcome = given.get("outcome", "")
    common = {"account": account, "version": version}
    match step:
        case "recommend":
            acts.recommend(case.pk, outcome, note=note, **common)
        case "ask":
            acts.ask_for_papers(case.pk, note=note, **common)
        case "visit":
            acts.send_to_visit(case.pk, note=note, **common)
        case "visited":
            answers = {name[6:]: value for name, value in given.items() if name.startswith("visit_") and value}
            acts.visited(case.pk, answers, note=note, **common)
        case "review":
            acts.review(case.pk, outcome, note=note, **common)
        case "sign":
            acts.sign(case.pk, outcome, note=note, **common)
        case "finish":
            acts.finish(case.pk, by=account.actor)
        case "revoke":
            acts.revoke(case.pk, reason=note, **common)
        case _:
            raise Http404
