"""The texts of the town: what each says now, another wording with its preview, and what it said before."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.kit.idempotency import Created, idempotent
from maehia.message.actions import save_template, undo_template
from maehia.message.forms import WordingForm
from maehia.message.models import TemplateText
from maehia.message.registry import Template, templates
from maehia.message.rules import fill, placeholders_of
from maehia.web.values import Crumb


@never_cache
@require_GET
@require("message.manage")
def index(request: HttpRequest) -> HttpResponse:
    own = {row.key: row for row in TemplateText.objects.order_by("key", "version")}
    rows = [(t, own.get(t.key).th if t.key in own else t.th, own.get(t.key)) for t in templates]  # type: ignore[union-attr]
    return render(request, "message/templates.html", {"rows": rows})


def saved(request: HttpRequest, pk: str) -> HttpResponse:
    row = TemplateText.objects.get(pk=pk)
    messages.success(request, gettext("บันทึกข้อความรุ่นที่ %(n)s แล้ว ใช้กับข้อความที่ส่งตั้งแต่นี้ไป") % {"n": row.version})
    return redirect("message:template", row.key)


@never_cache
@require_http_methods(["GET", "POST"])
@require("message.manage")
@idempotent("message.template", show=saved)
def edit(request: HttpRequest, key: str) -> HttpResponse | Created:
    """The first POST shows how it will look, the second stores it as a new version."""
    template = _template(key)
    history = list(TemplateText.objects.filter(key=key))
    now = history[0] if history else template
    form = WordingForm(request.POST or None, initial={"th": now.th, "en": now.en})
    shown: list[str] = []
    if request.method == "POST" and form.is_valid():
        th, en = form.cleaned_data["th"], form.cleaned_data["en"]
        shown = [sample(template, text) for text in (th, en) if text]
        if request.POST.get("step") == "save":
            try:
                return Created(save_template(key, th, en, by=request.user.actor).pk)  # type: ignore[union-attr]
            except ProblemError as error:
                form.add_error(None, str(error))
                shown = []
    crumbs = [Crumb(gettext("แบบข้อความ"), reverse("message:templates")), Crumb(template.title)]
    context = {"template": template, "form": form, "shown": shown, "history": history, "crumbs": crumbs}
    return render(request, "message/template.html", context)


def sample(template: Template, text: str) -> str:
    """The text with a mark where each value will stand; unknown placeholders stay as they were typed."""
    return fill(text, {**{name: f"‹{name}›" for name in template.placeholders}, **_unknown(template, text)})


def _unknown(template: Template, text: str) -> dict[str, str]:
    return {name: f"{{{name}}}" for name in placeholders_of(text) - set(template.placeholders)}


@require_POST
@require("message.manage")
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Put back an earlier version (0: that of the system)."""
    version = request.POST.get("version", "")
    try:
        undo_template(_template(key).key, int(version) if version.isdecimal() else 0, by=request.user.actor)  # type: ignore[union-attr]
        messages.success(request, gettext("คืนข้อความเดิมแล้ว"))
    except ProblemError as error:
        messages.error(request, str(error))
    return redirect("message:template", key)


def _template(key: str) -> Template:
    if key not in templates:
        raise Http404
    return templates.get(key)
