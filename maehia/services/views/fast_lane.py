"""Applying for a service: what the town knows stands there already, a house is checked at once, then it is sent.

The same page serves a citizen for herself and the counter for somebody else; nothing of one person is kept for the
next, since the page holds only what its address and its form say.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.forms.queries import build_form
from maehia.kit.acting import Scope, acting
from maehia.kit.clock import today
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.services.actions import Contact, secret_of
from maehia.services.actions.permit import Application, Filed, apply_for, wanted
from maehia.services.queries import catalogue, permit
from maehia.services.queries.permit import Applicant
from maehia.services.rules.definition import Definition, Paper
from maehia.services.views import fast_lane_words as words
from maehia.services.views.visitors import limited
from maehia.web.values import Crumb, Term

MOST_FILES = 6


@dataclass
class Page:
    """One try at an application. person: whom it is for, None for a visitor of a service that asks for no identity."""

    request: HttpRequest
    definition: Definition
    person: Applicant | None
    form: Any
    counter: bool
    extra: forms.Form

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.form.checked.answers)


class ExtraForm(forms.Form):
    """What no definition asks, because it is the same for all: how to be reached, where, and in one's own words."""

    phone = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    email = forms.EmailField(required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    name = forms.CharField(max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    address = forms.CharField(max_length=300, required=False)

    def __init__(
        self, *args: Any, visitor: bool = False, placed: bool = False, carer: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        labels = {"phone": gettext("เบอร์โทรศัพท์"), "email": gettext("อีเมล"), "name": gettext("ชื่อ-นามสกุล"),
                  "address": gettext("สถานที่ (เช่น หน้าบ้านเลขที่ 12 หมู่ 3)")}  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].part = "web/parts/field.html"  # type: ignore[attr-defined]
        self.fields["name"].required = self.fields["phone"].required = visitor
        self.fields["address"].required = placed
        if not visitor:
            del self.fields["name"]
        if not placed:
            del self.fields["address"]
        if carer:
            del self.fields["phone"], self.fields["email"]


def offered(code: str) -> Definition:
    """A published application. Raises Http404."""
    try:
        found = catalogue.definition(code)
    except ProblemError as error:
        raise Http404 from error
    if found.kind != "service":
        raise Http404
    return found


def sent(request: HttpRequest, pk: str) -> HttpResponse:
    """Where an application leads once it is sent, also for the second tap."""
    if request.path_info.startswith(("/staff/", "/en/staff/")):
        return redirect("services:application", key=pk)
    return redirect("services:follow_case", secret=secret_of(pk))


@limited("report")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent("services.apply", show=sent)
def apply(request: HttpRequest, code: str) -> HttpResponse | Created:
    """Apply for oneself. Where identity is needed and not known, the page says how to get it."""
    definition = offered(code)
    user: Any = request.user
    person_key = user.person_key if user.is_authenticated else None
    if person_key is None and definition.needs_identity:
        known = "identity" if user.is_authenticated else "login"
        return render(
            request, "services/fast_lane/who.html", {"d": definition, "missing": known, "code": code}, status=200
        )
    case_id = uuid4()
    with _own(request, person_key, case_id):
        return _page(request, definition, person_key, case_id, counter=False)


def _own(request: HttpRequest, person_key: UUID | None, case_id: UUID) -> AbstractContextManager[object]:
    if person_key is not None:
        return acting_as(request.user, "me.services")  # type: ignore[arg-type]
    return acting(actor_of(request), "services.report", scope=Scope.subject(case_id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.enter")
@idempotent("services.apply.counter", show=sent)
def apply_for_somebody(request: HttpRequest, code: str, person: UUID) -> HttpResponse | Created:
    """The counter applies for somebody; opening her data is logged under the purpose of the counter."""
    definition = offered(code)
    with acting_as(request.user, "counter.service"):  # type: ignore[arg-type]
        return _page(request, definition, person, uuid4(), counter=True)


def _page(
    request: HttpRequest, definition: Definition, person_key: UUID | None, case_id: UUID, *, counter: bool
) -> HttpResponse | Created:
    person = permit.applicant(person_key) if person_key else None
    if person_key and person is None:
        raise Http404
    page = make(request, definition, person, counter=counter)
    if request.method != "POST":
        return show(page)
    valid = page.form.is_valid() & page.extra.is_valid()
    findings = examined(page) if page.form.is_valid() else ()
    if not valid or request.POST.get("step") != "send":
        return show(page, findings, 200 if valid else 422)
    return file(page, findings, case_id)


def make(request: HttpRequest, definition: Definition, person: Applicant | None, *, counter: bool) -> Page:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = build_form(definition.questions, data, files, known(definition, person), lang=words.lang())
    if "parcel" in form.fields and person and person.parcels and not request.GET.get("other"):
        _offer_parcels(form, person)
    first = {"phone": person.phone if person else "", "email": "" if counter else getattr(request.user, "email", "")}
    extra = ExtraForm(data, initial=first, prefix="x", visitor=person is None, placed=definition.place == "required",
                      carer=not counter and for_another(request, person))  # fmt: skip
    return Page(request, definition, person, form, counter, extra)


def for_another(request: HttpRequest, person: Applicant | None) -> bool:
    """Whether the one who fills this in is not the one whom it is for. News with the secret link then go to what the
    register knows of her alone: a link in the carer's mail would outlive the care."""
    return person is not None and person.key != getattr(request.user, "person_key", None)


def _offer_parcels(form: Any, person: Applicant) -> None:
    """The own parcels to choose from, instead of a deed number to type."""
    asked = form.fields["parcel"]
    choices = [(str(p.key), f"{p.label} {p.size}".strip()) for p in person.parcels]
    box = forms.ChoiceField(choices=choices, required=asked.required, label=asked.label, initial=choices[0][0])
    for name in ("part", "when", "source", "type", "show_if"):
        setattr(box, name, getattr(asked, name, ""))
    form.fields["parcel"] = box


def known(definition: Definition, person: Applicant | None) -> dict[str, Any]:
    """What the town knows already, for questions that name a source."""
    if person is None:
        return {}
    first = next((p for p in person.parcels if p.lon is not None), None)
    accounts = {"person.waste_accounts": person.waste[0] if person.waste else None}
    held = {
        "person.parcels": str(person.parcels[0].key) if person.parcels else None,
        "parcel.middle": {"lon": first.lon, "lat": first.lat} if first else None, "person.name": person.name,
        "person.phone": person.phone or None, **accounts,
    }  # fmt: skip
    return {q.id: held[q.prefill] for q in definition.questions.fields if held.get(q.prefill) is not None}


def examined(page: Page) -> Sequence[permit.Seen]:
    """The answers against the register, for a house only. What cannot be examined is said at the form."""
    if page.definition.code != permit.SERVICE:
        return ()
    try:
        outcome = permit.examined(page.answers, page.person.key if page.person else None, today())
    except ProblemError as error:
        page.form.add_error(error.problem.where or None, str(error.problem))
        return ()
    return permit.seen(permit.as_rows(outcome))


def file(page: Page, findings: Sequence[permit.Seen], case_id: UUID) -> HttpResponse | Created:
    """Send it: the case, its files, and what the check found then."""
    try:
        filed = taken_files(page)
        opened = apply_for(asked(page, filed, case_id), by=actor_of(page.request))
    except ProblemError as error:
        page.form.add_error(None, f"{error.problem.what} {error.problem.fix}".strip())
        return show(page, findings, 422)
    return Created(opened.case.pk)


def asked(page: Page, filed: Sequence[Filed], case_id: UUID) -> Application:
    given, person = page.extra.cleaned_data, page.person
    account = None if page.counter else getattr(page.request.user, "pk", None)
    contact = Contact(
        name=person.name if person else given.get("name", ""), email=given.get("email", ""),
        phone=given.get("phone", person.phone if person else ""),
        person_key=person.key if person else None, account_id=account, lang=words.lang(),
    )  # fmt: skip
    return Application(
        page.definition.code, page.answers, contact, person.key if person else None, filed,
        "counter" if page.counter else "web", words.lang(), address=given.get("address", ""), case_id=case_id,
    )  # fmt: skip


def taken_files(page: Page) -> list[Filed]:
    """Files of the papers that these answers call for; later ones than MOST_FILES are left out.

    What they are is looked at where they are kept. Raises ProblemError missing_paper for one that was not given.
    """
    found: list[Filed] = []
    for paper in wanted(page.definition, page.answers):
        given = page.request.FILES.getlist(f"doc_{paper.code}")[:MOST_FILES]
        if paper.required and not given and not page.counter:
            raise ProblemError(_missing(paper))
        found += [Filed(paper.code, one, one.name or "") for one in given]
    return found


def _missing(paper: Paper) -> Any:
    from maehia.base import Problem

    name = paper.name.in_(words.lang())
    return Problem(
        "missing_paper", gettext("ยังไม่ได้แนบ %(name)s") % {"name": name}, paper.code, gettext("แนบไฟล์ PDF หรือภาพถ่าย")
    )


def show(page: Page, findings: Sequence[permit.Seen] = (), status: int = 200) -> HttpResponse:
    d = page.definition
    context = {
        "d": d, "name": d.name.in_(words.lang()), "text": d.description.in_(words.lang()), "form": page.form,
        "extra": page.extra, "person": page.person, "known": _known_terms(page), "counter": page.counter,
        "papers": [(p, p.name.in_(words.lang())) for p in d.to_bring],
        "has": [p.name.in_(words.lang()) for p in d.town_has],
        "findings": words.rows(findings), "counts": words.counts(findings),
        "picture": words.picture(page.answers) if findings else "", "checks": d.code == permit.SERVICE,
        "crumbs": [Crumb(gettext("บริการ"), reverse("services:catalogue")), Crumb(d.name.in_(words.lang()))],
        "base": "web/base_staff.html" if page.counter else "web/base_public.html",
    }  # fmt: skip
    return render(page.request, "services/fast_lane/apply.html", context, status=status)


def _known_terms(page: Page) -> list[Term]:
    if page.person is None:
        return []
    rows = [(gettext("ผู้ยื่น"), page.person.name), (gettext("บ้าน"), page.person.house)]
    return [Term(label, value) for label, value in rows if value]
