"""The editor of services: a form for the usual, YAML for the rest, preview, difference, publishing, taking back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import require
from maehia.base import Problem, ProblemError
from maehia.forms.queries import build_form
from maehia.services.actions import catalogue as acts
from maehia.services.forms_catalogue import GuidedForm, YamlForm
from maehia.services.models import Service, ServiceVersion, State
from maehia.services.queries import catalogue
from maehia.services.rules.definition import to_yaml
from maehia.services.views.catalogue import page as public_page
from maehia.services.views.catalogue import promise_words
from maehia.services.views.fast_lane_words import lang
from maehia.web import registry as web
from maehia.web.values import Action, Crumb

TAGS = {"published": "done", "draft": "work", "retired": "wait"}


def crumbs(*last: str) -> list[Crumb]:
    return [Crumb(gettext("บริการและประเภทเรื่อง"), reverse("services:editor")), *(Crumb(words) for words in last)]


@never_cache
@require_safe
@require("services.manage")
def editor(request: HttpRequest) -> HttpResponse:
    """Every service and category, with what is published and what waits as a draft."""
    rows = [_row(found) for found in catalogue.listed()]
    actions = [Action(gettext("อัตราค่าธรรมเนียม"), reverse("services:tariffs"), "", "money"),
               Action(gettext("ส่งออก YAML"), reverse("services:catalogue_export"), "quiet", "download"),
               Action(gettext("นำเข้า YAML"), reverse("services:catalogue_import"), "", "upload")]  # fmt: skip
    kinds = [(gettext("บริการ (คำขอ)"), [r for r in rows if r["kind"] == "service"]),
             (gettext("ประเภทเรื่องแจ้ง"), [r for r in rows if r["kind"] == "report"])]  # fmt: skip
    return render(request, "services/catalogue/editor.html", {"kinds": kinds, "actions": actions})


def _row(found: catalogue.Listed) -> dict[str, Any]:
    service = found.service
    return {
        "code": service.code, "kind": service.kind, "name": web.in_language(service.name_th, service.name_en),
        "tag": TAGS[service.state], "state": service.get_state_display(), "draft": found.has_draft,
        "time": promise_words(found.definition.resolve), "verified": found.definition.verified,
    }  # fmt: skip


def versions_of(code: str) -> tuple[Service, ServiceVersion | None, ServiceVersion]:
    """The service, its open draft, and the version that is shown. Raises Http404."""
    service = Service.objects.select_related("current").filter(pk=code).first()
    found = catalogue.versions(code) if service else []
    if service is None or not found:
        raise Http404
    draft = next((v for v in found if v.state == State.DRAFT), None)
    return service, draft, draft or service.current or found[0]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.manage")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """One service; what is saved here is a draft that nobody sees before it is published."""
    _, _, shown = versions_of(code)
    definition = catalogue.definition_of_version(shown)
    by_text = request.POST.get("how") == "yaml"
    guided = GuidedForm(definition, request.POST if request.method == "POST" and not by_text else None)
    text = YamlForm(request.POST if by_text else None, initial={"text": to_yaml(definition)})
    if request.method != "POST":
        return draw(request, code, guided, text)
    if not (text if by_text else guided).is_valid():
        return draw(request, code, guided, text)
    try:
        _save(request, code, guided, text if by_text else None)
    except ProblemError as error:
        return draw(request, code, guided, text, problems=getattr(error, "problems", [error.problem]))
    messages.success(request, gettext("บันทึกฉบับร่างแล้ว ดูตัวอย่างก่อนเผยแพร่ได้"))
    return redirect("services:edit", code=code)


def _save(request: HttpRequest, code: str, guided: GuidedForm, text: YamlForm | None) -> None:
    by: str = request.user.actor  # type: ignore[union-attr]
    if text is not None:
        acts.save_drafts(text.cleaned_data["text"].replace("\r\n", "\n"), by=by, code=code)
    else:
        acts.save_draft(guided.changed(), by=by, note=guided.cleaned_data["note"])


def draw(
    request: HttpRequest, code: str, guided: GuidedForm, text: YamlForm, *, problems: Sequence[Problem] = ()
) -> HttpResponse:
    service, draft, _ = versions_of(code)
    name = web.in_language(service.name_th, service.name_en)
    context = {
        "service": service, "name": name, "guided": guided, "text": text, "problems": problems, "draft": draft,
        "tag": TAGS[service.state], "state": service.get_state_display(), "versions": catalogue.versions(code),
        "diff": difference(service.current, draft), "crumbs": crumbs(name),
    }  # fmt: skip
    bad = bool(problems) or bool(guided.errors) or bool(text.errors)
    return render(request, "services/catalogue/edit.html", context, status=422 if bad else 200)


def difference(before: ServiceVersion | None, after: ServiceVersion | None) -> list[tuple[str, str]]:
    """(" " same, "-" gone, "+" new; line), with three lines around each change; [] when there is nothing to compare."""
    if before is None or after is None:
        return []
    old, new = (to_yaml(catalogue.definition_of_version(v)).splitlines() for v in (before, after))
    lines = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
    return [(line[0], line[1:]) if line[0] in " -+" else ("…", "") for line in lines]


@never_cache
@require_safe
@require("services.manage")
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The public page and the form of the draft, as a citizen will see them."""
    _, _, shown = versions_of(code)
    definition = catalogue.definition_of_version(shown)
    context = public_page(definition, preview=True)
    context["form"] = build_form(definition.questions, lang=lang()) if definition.questions.fields else None
    context["base_url"] = reverse("services:edit", args=[code])
    return render(request, "services/catalogue/preview.html", context)


@never_cache
@require_POST
@require("services.manage")
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Publish, discard, retire, offer again, go back to an earlier version."""
    by: str = request.user.actor  # type: ignore[union-attr]
    versions_of(code)
    verbs: dict[str, tuple[Callable[[], Any], str]] = {
        "publish": (lambda: acts.publish(code, by=by), gettext("เผยแพร่แล้ว เรื่องใหม่ใช้ฉบับนี้ เรื่องเดิมใช้ฉบับที่รับไว้")),
        "discard": (lambda: acts.discard_draft(code, by=by), gettext("ทิ้งฉบับร่างแล้ว")),
        "retire": (lambda: acts.retire(code, by=by), gettext("หยุดรับเรื่องใหม่แล้ว เรื่องที่รับไว้ดำเนินการต่อ")),
        "offer": (lambda: acts.offer_again(code, by=by), gettext("เปิดรับเรื่องอีกครั้งแล้ว")),
        "back": (lambda: acts.go_back(code, _number(request), by=by), gettext("ย้อนกลับไปใช้ฉบับก่อนแล้ว")),
    }
    if verb not in verbs:
        raise Http404
    try:
        verbs[verb][0]()
        messages.success(request, verbs[verb][1])
    except ProblemError as error:
        messages.error(request, str(error.problem))
    stands = Service.objects.filter(pk=code).exists()
    return redirect("services:edit", code=code) if stands else redirect("services:editor")


def _number(request: HttpRequest) -> int:
    given = request.POST.get("number", "")
    return int(given) if given.isdecimal() and len(given) < 7 else 0


@never_cache
@require_safe
@require("services.manage")
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is published, as one YAML file that the import reads back."""
    answer = HttpResponse(catalogue.export_yaml(), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="services.yaml"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.manage")
def take_in(request: HttpRequest) -> HttpResponse:
    """Definitions of another town or of a file: each becomes a draft; one fault keeps all out."""
    form = YamlForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = acts.save_drafts(form.cleaned_data["text"].replace("\r\n", "\n"), by=request.user.actor)  # type: ignore[union-attr]
        except ProblemError as error:
            problems = getattr(error, "problems", [error.problem])
        else:
            messages.success(request, gettext("รับเข้า %(n)d บริการเป็นฉบับร่าง") % {"n": len(found)})
            return redirect("services:editor")
    context = {"form": form, "problems": problems, "crumbs": crumbs(gettext("นำเข้า YAML"))}
    return render(request, "services/catalogue/import.html", context, status=422 if problems or form.errors else 200)
