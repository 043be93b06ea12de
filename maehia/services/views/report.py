"""Reporting something in under a minute: what it is, where it is, a photo, send. Works without a script."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.base import ProblemError
from maehia.city.queries.places import moo_boxes
from maehia.forms.registry import OFFLINE_LIFE
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.services import actions
from maehia.services.forms_report import MOST_PHOTOS, ReportForm
from maehia.services.rules.emergencies import calls_for
from maehia.services.rules.emergencies import shipped as emergency_calls
from maehia.services.views import offered
from maehia.services.views.answers import AnswersForm
from maehia.services.views.near_parts import Spot, look_around
from maehia.services.views.pictures import town_picture
from maehia.services.views.report_parts import (
    Contacts,
    contact_of,
    kept_photos,
    seen_by_whom,
    shown_errors,
    suggestions,
    take_photos,
)
from maehia.services.views.visitors import limited, secret_page
from maehia.thai import clean_text
from maehia.web.values import Crumb

_DRAFT = "maehia.services.draft"
DRAFT_SECONDS = 2 * 24 * 3600


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What is it? By words, by the categories that are reported most, or by group."""
    offers = offered.offered()
    typed = clean_text(request.GET.get("q", ""))[:300]
    context: dict[str, Any] = {"typed": typed, "found": found_for(typed, offers)}
    if request.headers.get("HX-Request"):
        return render(request, "services/report/found.html", context)
    context |= {"first": offered.first_ones(offers), "groups": offered.grouped(offers)}
    return render(request, "services/report/start.html", context)


def found_for(typed: str, offers: Sequence[offered.Offer]) -> dict[str, Any]:
    """What the words of a citizen lead to: numbers to call, likely categories, others that fit."""
    if not typed:
        return {}
    likely = suggestions(typed, offers)
    codes = {row["offer"].code for row in likely}
    others = [offer for offer in offered.search(typed, offers) if offer.code not in codes]
    return {"calls": calls_for(typed), "likely": likely, "others": others[:6]}


@dataclass
class Page:
    """One try at a report: the category, the case's future key, the forms as they were filled."""

    request: HttpRequest
    offer: offered.Offer
    case_id: UUID
    form: ReportForm
    answers: AnswersForm
    calls: list[Any] = field(default_factory=list)
    spot: Spot | None = None
    kept: int = 0
    contacts: Contacts | None = None


@limited("report")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of one category; sent, it becomes a case once, however often the button was tapped."""
    offer = offered.offer_of(code)
    if offer is None:
        raise Http404
    return _write(request, offer)


def _shown(request: HttpRequest, pk: str) -> HttpResponse:
    """The page of a case that was just sent, also for the second tap."""
    return redirect("services:report_sent", secret=actions.secret_of(pk))


@idempotent("services.report", show=_shown, life=OFFLINE_LIFE)
def _write(request: HttpRequest, offer: offered.Offer) -> Created | HttpResponse:
    page = make_page(request, offer)
    if request.method != "POST":
        return show(page)
    by = actor_of(request)
    with own(page, by):
        page.kept = page.form.kept = len(kept_photos(page.case_id))
    valid = page.form.is_valid() & page.answers.is_valid()
    page.spot = look_around(page.offer, page.form)
    with own(page, by):
        photos = keep_new_photos(page)
        page.kept = len(photos)
        if not valid or page.form.errors:
            return show(page, 422)
        if page.spot.alike and not page.form.cleaned_data["looked"]:
            return show(page, 200, "services/report/alike.html")
        return file(page, by, photos)


def own(page: Page, by: str) -> AbstractContextManager[object]:
    """The context of somebody who sees this one case, and it does not exist yet."""
    return acting(by, "services.report", scope=Scope.subject(page.case_id))


def keep_new_photos(page: Page) -> list[UUID]:
    """Store the photos that came with this try; one that is no photo becomes a sentence at its field."""
    try:
        new = (page.form.cleaned_data.get("photos") or [])[: max(MOST_PHOTOS - page.kept, 0)]
        take_photos(page.case_id, new, sealed=page.offer.definition.confidential)
    except ProblemError as error:
        page.form.add_error("photos", f"{error.problem.what} {error.problem.fix}")
    return kept_photos(page.case_id)


def file(page: Page, by: str, photos: Sequence[UUID]) -> Created | HttpResponse:
    """Open the case. What the rules refuse (outside the town) is said on the form."""
    asked, spot = page.form.cleaned_data, page.spot
    new = actions.NewCase(
        service=page.offer.code, channel="web", description=asked["description"].strip(),
        point=spot.point if spot else None, address=page.form.address(), asset_key=spot.asset if spot else None,
        answers=page.answers.answers(), contact=contact_of(page.request, asked), photos=photos,
        person_key=Contacts.of(page.request).person, lang=offered.lang(),
        suggested=[(row["offer"].code, row["share"]) for row in suggestions(asked.get("typed", ""), offered.offered())],
    )  # fmt: skip
    try:
        opened = actions.open_case(new, by=by, case_id=page.case_id)
    except ProblemError as error:
        page.form.add_error("note", f"{error.problem.what} {error.problem.fix}")
        return show(page, 422)
    return Created(opened.case.pk)


def make_page(request: HttpRequest, offer: offered.Offer) -> Page:
    moos = [(code, name) for code, name, _ in moo_boxes()]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    contacts = Contacts.of(request)
    first = {"typed": request.GET.get("q", "")[:300], "description": request.GET.get("q", "")[:300], **contacts.initial}
    form = ReportForm(offer.definition, data, files, moos=moos, initial={**first, **asked_place(request)})
    answers = AnswersForm(offer.definition.questions, data)
    return Page(request, offer, case_key(request), form, answers, contacts=contacts)


def asked_place(request: HttpRequest) -> dict[str, str]:
    """A pin that another page has set already (?lon= &lat=)."""
    return {name: request.GET[name] for name in ("lon", "lat", "asset") if request.GET.get(name)}


def case_key(request: HttpRequest) -> UUID:
    """The key under which photos of an earlier try stand; a new one when there is none, or it is not ours."""
    try:
        return UUID(signing.loads(request.POST.get("draft", ""), salt=_DRAFT, max_age=DRAFT_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return uuid4()


def show(page: Page, status: int = 200, template: str = "services/report/write.html") -> HttpResponse:
    said = page.form.data.get("description", "") if page.form.is_bound else page.form.initial["description"]
    d = page.offer.definition
    before = ("photos" in page.form.fields) + (d.place != "none")
    context = {
        "offer": page.offer, "form": page.form, "answers": page.answers, "kept": page.kept, "spot": page.spot,
        "draft": signing.dumps(str(page.case_id), salt=_DRAFT) if page.kept else "",
        "calls": calls_for(said), "seen": seen_by_whom(d), "contacts": page.contacts,
        "errors": shown_errors(page.form, page.answers), "posted": posted(page.request),
        "where_url": reverse("services:report_where", args=[page.offer.code]), "picture": town_picture(),
        "step_what": before + 1, "step_contact": before + 2, "all_calls": emergency_calls(),
        "map_layers": "assets" if d.asset_kinds else "",
        "crumbs": [Crumb(gettext("แจ้งเรื่อง"), reverse("services:report")), Crumb(page.offer.name)],
    }  # fmt: skip
    return render(page.request, template, context, status=status)


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """All fields as they came, to be sent again by one more tap; photos stand with us already."""
    left_out = {"csrfmiddlewaretoken", "looked", "draft", "idempotency_key", "idempotency_device"}
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in left_out]


@require_safe
@never_cache
def around(request: HttpRequest, code: str) -> HttpResponse:
    """Part of the form: whose land the pin is on, the registered thing beside it, open cases that may be the same."""
    offer = offered.offer_of(code)
    if offer is None:
        raise Http404
    form = ReportForm(offer.definition, request.GET, moos=[(c, n) for c, n, _ in moo_boxes()])
    form.is_valid()
    spot = look_around(offer, form)
    return render(request, "services/report/around.html", {"offer": offer, "spot": spot, "form": form})


@require_safe
@secret_page
def sent(request: HttpRequest, secret: str) -> HttpResponse:
    """What was sent, its number, what comes next and by when, and how to find it again."""
    from maehia.services.views.follow_page import opened_by, receipt

    case_id = opened_by(secret)
    with acting(f"device:{case_id}", "services.link", scope=Scope.subject(case_id)):
        context = receipt(request, case_id, secret)
    return render(request, "services/report/sent.html", context)
