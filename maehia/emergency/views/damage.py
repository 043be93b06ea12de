"""The desk of damage: reports, the survey on a phone, photos and papers of one home, forms that differ."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia import thai
from maehia.access.permissions import acting_as, may
from maehia.base import ProblemError
from maehia.emergency.actions import damage as actions
from maehia.emergency.actions.damage_certificate import certify
from maehia.emergency.models import Claim, Incident, Survey, SurveyConflict
from maehia.emergency.queries import claims as money
from maehia.emergency.queries import damage as queries
from maehia.emergency.queries import incidents
from maehia.emergency.rules.damage_states import CLAIM, GRADES, OCCUPANCIES, SURVEY
from maehia.emergency.views import relief_parts as parts
from maehia.emergency.views.damage_forms import FLOORS, MOST_PHOTOS, SurveyForm, part_rows, read_form
from maehia.emergency.views.parts import at_incident, find_or_404
from maehia.forms.models import Attachment, Document
from maehia.forms.queries import open_document, signed_url
from maehia.kit import clock
from maehia.web.registry import in_language

DAMAGE, CERTIFY, PAY = "emergency.damage", "emergency.certify", "emergency.pay"
KEY = re.compile(r"[A-Za-z0-9_\-]{8,80}")
TAGS = {"new": "open", "work": "work", "done": "done", "closed": "wait"}


def page(request: HttpRequest, incident: Incident, name: str, status: int = 200, **context: Any) -> HttpResponse:
    base = {"incident": incident, "tab": "damage"}
    return render(request, f"emergency/damage/{name}.html", {**base, **context}, status=status)


def words(row: Survey) -> dict[str, Any]:
    """A survey as lists show it."""
    state = SURVEY.states[row.state]
    return {"row": row, "state": in_language(state.th, state.en), "tag": TAGS[state.kind],
            "grade": in_language(*GRADES[row.grade]) if row.grade else ""}  # fmt: skip


@require_safe
@at_incident(DAMAGE, parts.PURPOSE)
def listing(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Surveys by state, the queue of forms that differ, sums of money."""
    state = request.GET.get("state", "")
    state = state if state in SURVEY.states else ""
    counted = queries.counts(incident)
    chips = [(key, in_language(SURVEY.states[key].th, SURVEY.states[key].en) if key else gettext("ทั้งหมด"), n)
             for key, n in counted.items() if n or not key]  # fmt: skip
    return page(
        request, incident, "list", rows=[words(r) for r in queries.surveys(incident, state)], chips=chips, chosen=state,
        conflicts=queries.conflicts(incident), money=queries.money(incident),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@parts.at_home(DAMAGE)
def survey(request: HttpRequest, number: str, key: UUID | None = None) -> HttpResponseBase:
    """The form on the phone; sent by the outbox when there is a signal again. The same form twice is one survey."""
    with acting_as(request.user, parts.PURPOSE, mode=incidents.mode_of(number)):  # type: ignore[arg-type]
        incident = find_or_404(number)
        told = queries.survey_of(key) if key else None
        if key and told is None:
            raise Http404
    form, errors = SurveyForm(request.POST or None, initial=_before(told)), []
    if request.method == "POST" and form.is_valid():
        try:
            made, came = _record(request, incident, form, key)
            _say(request, made, came)
            return redirect("emergency:damage_one", number, made.pk)
        except ProblemError as error:
            errors = parts.told(error)
    context = {
        "form": form, "told": told, "errors": errors, "part_rows": part_rows(), "floors": range(1, FLOORS + 1),
        "most": MOST_PHOTOS, "typed": request.POST,
    }  # fmt: skip
    with acting_as(request.user, parts.PURPOSE, mode=incidents.mode_of(number)):  # type: ignore[arg-type]
        return page(request, incident, "survey", 400 if errors or form.errors else 200, **context)


def _before(told: Survey | None) -> dict[str, Any]:
    """What is known already is not asked again."""
    if told is None:
        return {"is_registered": "yes", "occupancy": "owner"}
    return {"holder": told.holder, "phone": told.phone, "house_no": told.address, "moo": told.moo, "told": told.told,
            "occupancy": told.occupancy, "is_registered": "yes" if told.is_registered else "no"}  # fmt: skip


def _record(request: HttpRequest, incident: Incident, form: SurveyForm, key: UUID | None) -> tuple[Survey, str]:
    instance = request.POST.get("idempotency_key", "")
    if not KEY.fullmatch(instance):
        raise parts.problem("no_instance", gettext("แบบสำรวจนี้ไม่มีหมายเลขกำกับ"), "", gettext("เปิดแบบใหม่แล้วส่งอีกครั้ง"))
    data = form.cleaned_data
    with acting_as(request.user, parts.PURPOSE, mode=incident.mode):  # type: ignore[arg-type]
        home = queries.home_of(data["house_no"], int(data["moo"]))
    given = read_form(request, form, home)
    with parts.home(request, incident.number, key or queries.key_of(instance, incident.mode)):
        return actions.record(incident, given, bound=key)


def _say(request: HttpRequest, row: Survey, came: str) -> None:
    if came == "conflict":
        said = gettext("แบบนี้เคยส่งแล้วและข้อมูลไม่ตรงกัน เก็บทั้งสองฉบับไว้ให้ตรวจ เลขที่ %(n)s")
        messages.warning(request, said % {"n": row.number})
    else:
        messages.success(request, gettext("บันทึกผลสำรวจแล้ว เลขที่ %(n)s") % {"n": row.number})


@never_cache
@require_safe
@parts.at_home(DAMAGE, CERTIFY, PAY)
def one(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """One home: what was found, photos, papers, claims, and what can be done next."""
    return _one(request, number, key)


def _one(request: HttpRequest, number: str, key: UUID, error: ProblemError | None = None) -> HttpResponse:
    with parts.home(request, number, key):
        incident, row = find_or_404(number), queries.survey_of(key)
        if row is None:
            raise Http404
        moves = [m.to for m in SURVEY.states[row.state].moves if m.to not in ("certified", "surveyed")]
        moves += ["surveyed"] if row.state == "reviewed" else []
        context = {
            **words(row), "lines": list(row.lines.all()), "photos": _photos(row), "claims": _claims(row),
            "papers": list(Document.objects.filter(about=row.pk)),
            "occupancy": in_language(*OCCUPANCIES[row.occupancy]), "errors": parts.told(error) if error else [],
            "moves": [(to, in_language(SURVEY.states[to].th, SURVEY.states[to].en)) for to in moves],
            "may_survey": row.state in ("reported", "scheduled", "appealed") and may(request, DAMAGE),
            "may_certify": row.state == "reviewed" and may(request, CERTIFY), "may_damage": may(request, DAMAGE),
            "may_claim": row.state == "certified" and may(request, DAMAGE),
            "baht": sum((n.amount for n in row.lines.all()), start=0),
        }  # fmt: skip
        return page(request, incident, "one", 400 if error else 200, **context)


def _photos(row: Survey) -> list[dict[str, Any]]:
    """Small pictures with their hash, place and time."""
    kept = {p.attachment: p for p in row.photos.all()}
    files = Attachment.objects.filter(about=row.pk, erased_at=None)
    return [{"said": kept.get(f.pk), "url": signed_url(f), "small": signed_url(f, small=True)} for f in files]


def _claims(row: Survey) -> list[tuple[Claim, str]]:
    return [(c, in_language(CLAIM.states[c.state].th, CLAIM.states[c.state].en)) for c in money.claims_of(row)]


@require_POST
@parts.at_home(DAMAGE, CERTIFY)
def act(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """Arrange, review, send back, reject, appeal, write a statement, certify."""
    try:
        to = request.POST.get("to", "")
        version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else None
        if to == "certified":
            _certify(request, number, key, version)
        else:
            _move(request, number, key, to, version)
        return redirect("emergency:damage_one", number, key)
    except ProblemError as error:
        return _one(request, number, key, error)


def _certify(request: HttpRequest, number: str, key: UUID, version: int | None) -> None:
    if not may(request, CERTIFY):
        raise parts.problem("not_yours", gettext("บทบาทของคุณออกหนังสือรับรองไม่ได้"))
    with parts.home(request, number, key):
        row = certify(key, request.user, version=version)  # type: ignore[arg-type]
    parts.said(request, gettext("ออกหนังสือรับรองแล้ว เลขที่ %(n)s") % {"n": row.document_number})


def _move(request: HttpRequest, number: str, key: UUID, to: str, version: int | None) -> None:
    if not may(request, DAMAGE):
        raise parts.problem("not_yours", gettext("บทบาทของคุณทำขั้นนี้ไม่ได้"))
    typed = request.POST.get("visit_on", "").strip()
    day = thai.parse_date(typed, clock.today()) if typed else None
    with acting_as(request.user, parts.PURPOSE, mode=incidents.mode_of(number)):  # type: ignore[arg-type]
        if to == "statement":
            actions.state(key, request.POST.get("statement", ""))
        else:
            visit_on = day.value if day and day.precision == "day" else None
            actions.move(key, to, reason=request.POST.get("reason", ""), version=version, visit_on=visit_on)


@require_safe
@parts.at_home(DAMAGE, CERTIFY, PAY)
def paper(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """The certificate as PDF."""
    with parts.home(request, number, key):
        row = queries.survey_of(key)
        if row is None or row.document is None:
            raise Http404
        body = open_document(row.document)
    answer = HttpResponse(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="certificate.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
@at_incident(DAMAGE, parts.PURPOSE)
def conflict(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """Two forms under one key, side by side: keep what stands or take what came later."""
    row = SurveyConflict.objects.select_related("survey").filter(pk=key, survey__incident=incident).first()
    if row is None:
        raise Http404
    error: ProblemError | None = None
    if request.method == "POST":
        try:
            actions.settle(row, take=request.POST.get("take") == "1")
            return redirect("emergency:damage", incident.number)
        except ProblemError as problem:
            error = problem
    pairs = _pairs(row.survey, json.loads(row.content))
    context = {"conflict": row, "pairs": pairs, "errors": parts.told(error) if error else []}
    return page(request, incident, "conflict", 400 if error else 200, **context)


def _pairs(row: Survey, content: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """(label, what stands, what came, whether they differ)."""
    names = {
        "holder": gettext("ผู้ประสบภัย"), "phone": gettext("โทรศัพท์"), "address": gettext("บ้านเลขที่"),
        "occupancy": gettext("ฐานะ"), "people": gettext("จำนวนคน"), "storeys": gettext("ชั้นของบ้าน"),
        "flooded_floors": gettext("ชั้นที่ท่วม"), "depth_m": gettext("ระดับน้ำ"), "told": gettext("เล่าว่า"),
    }  # fmt: skip
    pairs = [(label, str(getattr(row, name) or ""), str(content.get(name) or "")) for name, label in names.items()]
    own = ", ".join(f"{n.name_th} {n.qty:f} ({n.share:f}%)" for n in row.lines.all())
    other = ", ".join(f"{n['part']} {n['qty']} ({n['share']}%)" for n in content.get("lines", []))
    return [(label, a, b, a != b) for label, a, b in [*pairs, (gettext("รายการเสียหาย"), own, other)]]
