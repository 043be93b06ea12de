"""Quotas, prices and hours: what holds now, since when, by which source, and a new value from a day on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent
from maehia.message import terms
from maehia.message.actions import set_term
from maehia.message.forms import TermForm
from maehia.message.models import Term
from maehia.web.registry import in_language
from maehia.web.values import Crumb


def shown(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def name_of(key: str) -> str:
    entry = terms.defaults()[key]
    return in_language(entry["th"], entry["en"])


@never_cache
@require_GET
@require("message.manage")
def index(request: HttpRequest) -> HttpResponse:
    rows = [(key, name_of(key), shown(terms.value(key)), terms.verified(key)) for key in terms.defaults()]
    return render(request, "message/terms.html", {"rows": rows})


def saved(request: HttpRequest, pk: str) -> HttpResponse:
    row = Term.objects.get(pk=pk)
    messages.success(request, gettext("บันทึกค่าใหม่ของ “%(name)s” แล้ว") % {"name": name_of(row.key)})
    return redirect("message:term", row.key)


@never_cache
@require_http_methods(["GET", "POST"])
@require("message.manage")
@idempotent("message.term", show=saved)
def edit(request: HttpRequest, key: str) -> HttpResponse | Created:
    """A new value from a day on; the values before it stay in the list."""
    if key not in terms.defaults():
        raise Http404
    entry = terms.defaults()[key]
    now = shown(terms.value(key))
    form = TermForm(request.POST or None, initial={"value": now, "since": clock.today()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row = set_term(
                key, values["value"], since=values["since"], source=values["source"], verified=values["verified"],
                by=request.user.actor,  # type: ignore[union-attr]
            )  # fmt: skip
            return Created(row.pk)
        except ProblemError as error:
            form.add_error("value", str(error))
    crumbs = [Crumb(gettext("โควตา ราคา และเวลาส่ง"), reverse("message:terms")), Crumb(name_of(key))]
    history = [(row, shown(row.value)) for row in Term.objects.filter(key=key)]
    context = {"name": name_of(key), "now": now, "entry": entry, "form": form, "history": history, "crumbs": crumbs,
               "default": shown(entry["value"])}  # fmt: skip
    return render(request, "message/term.html", context)
