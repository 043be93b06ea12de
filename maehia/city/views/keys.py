"""Keys with which gateways post readings: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.city import actions
from maehia.city.forms import KeyForm
from maehia.city.models import ReadingKey
from maehia.kit.idempotency import Created, idempotent
from maehia.web.values import Crumb


def made(request: HttpRequest, key_id: str) -> HttpResponse:
    """The page after a key was made: its text stands there once; a repeated POST shows the row without it."""
    row = ReadingKey.objects.get(pk=key_id)
    text = getattr(request, "maehia_new_key", "")
    return render(request, "city/key_made.html", {"row": row, "text": text, "crumbs": crumbs(row.name)})


@never_cache
@require_http_methods(["GET", "POST"])
@require("town.settings")
@idempotent("city.reading_key", show=made)
def keys(request: HttpRequest) -> HttpResponse | Created:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = actions.make_reading_key(
            form.cleaned_data["name"], form.cleaned_data["stations"], by=request.user.actor  # type: ignore[union-attr]
        )  # fmt: skip
        request.maehia_new_key = new.text  # type: ignore[attr-defined]
        return Created(new.row.pk)
    context = {"form": form, "keys": ReadingKey.objects.all(), "crumbs": crumbs(gettext("กุญแจสำหรับส่งค่า"))}
    return render(request, "city/keys.html", context)


@never_cache
@require_POST
@require("town.settings")
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    row = actions.revoke_reading_key(number, by=request.user.actor)  # type: ignore[union-attr]
    messages.success(request, gettext("ยกเลิกกุญแจ %(name)s แล้ว ค่าที่เคยส่งไว้ยังอยู่") % {"name": row.name})
    return redirect("city:reading_keys")


def crumbs(last: str) -> list[Crumb]:
    return [Crumb(gettext("ค่าตรวจวัด"), reverse("city:readings")), Crumb(last)]
