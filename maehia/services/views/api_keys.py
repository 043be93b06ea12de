"""Keys for client applications (Open311 and the JSON API): made, shown once, revoked; and who answers by token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.kit.idempotency import Created, idempotent
from maehia.services.actions import api_keys as actions
from maehia.services.models import ApiKey, Service, TokenService
from maehia.web import fields
from maehia.web.values import Crumb

MODES = [("live", _("ใช้งานจริง เรื่องที่ส่งมาเข้าสู่งานของเทศบาล")), ("exercise", _("ทดลอง เรื่องที่ส่งมาเห็นได้เฉพาะในที่ทดลอง"))]


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("ชื่อแอปหรือหน่วยงาน"), max_length=120, help_text=_("ออกหนึ่งดอกต่อหนึ่งแอป จะได้ยกเลิกเฉพาะดอกนั้นได้")
    )
    contact = forms.CharField(label=_("ผู้ติดต่อ"), max_length=200, help_text=_("อีเมลหรือโทรศัพท์ของผู้ดูแลแอป"))
    mode = fields.CardsField(label=_("ใช้อย่างไร"), choices=MODES, initial="live")
    per_minute = forms.IntegerField(
        label=_("ส่งเรื่องได้ไม่เกินกี่ครั้งต่อนาที"), min_value=1, max_value=actions.MOST_PER_MINUTE, initial=60
    )


class TokenForm(forms.Form):
    """Services that answer by token."""

    codes = fields.ManyCardsField(label=_("ประเภทเรื่องที่ตอบเป็นรหัสติดตาม (token) แทนเลขที่เรื่อง"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Service.objects.filter(kind="report", state="published", is_public=True)
        self.fields["codes"].choices = list(listed.values_list("code", "name_th"))  # type: ignore[attr-defined]


def made(request: HttpRequest, key_id: str) -> HttpResponse:
    """The page after a key was made: its text stands there once; a repeated POST shows the row without it."""
    row = ApiKey.objects.get(pk=key_id)
    text = getattr(request, "maehia_new_key", "")
    return render(request, "services/api/key_made.html", {"row": row, "text": text, "crumbs": crumbs(row.name)})


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
@idempotent("services.api_key", show=made)
def keys(request: HttpRequest) -> HttpResponse | Created:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = actions.make_api_key(**form.cleaned_data, by=request.user.actor)  # type: ignore[union-attr]
        request.maehia_new_key = new.text  # type: ignore[attr-defined]
        return Created(new.row.pk)
    by_token = list(TokenService.objects.values_list("service_id", flat=True))
    context = {
        "form": form,
        "keys": ApiKey.objects.all(),
        "tokens": TokenForm(initial={"codes": by_token}),
        "crumbs": crumbs(),
    }
    return render(request, "services/api/keys.html", context)


@never_cache
@require_POST
@require("services.manage")
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    row = actions.revoke_api_key(number, by=request.user.actor)  # type: ignore[union-attr]
    messages.success(request, gettext("ยกเลิกกุญแจ %(name)s แล้ว เรื่องที่เคยส่งไว้ยังอยู่") % {"name": row.name})
    return redirect("services:api_keys")


@never_cache
@require_POST
@require("services.manage")
def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if form.is_valid():
        actions.answer_by_token(form.cleaned_data["codes"])
        messages.success(request, gettext("บันทึกประเภทเรื่องที่ตอบเป็นรหัสติดตามแล้ว"))
    return redirect("services:api_keys")


def crumbs(last: str = "") -> list[Crumb]:
    title = gettext("กุญแจสำหรับแอปอื่น")
    return [Crumb(title, reverse("services:api_keys")), Crumb(last)] if last else [Crumb(title)]
