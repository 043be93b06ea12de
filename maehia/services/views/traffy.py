"""The console page of the link to Traffy: switches, quota, what is stuck, files in its columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.services.api.stream import stream
from maehia.services.models import Peer, PeerHint, PeerOut, PeerTicket, Service
from maehia.services.peers.traffy import columns, export, link, maps, taking
from maehia.web import fields
from maehia.web.values import Crumb

MOST_FILE = 5 * 2**20
SHOWN = 20
NO_PHOTO = UUID(int=0)
STATES = {"live": _("ใช้งานจริง"), "fake": _("จำลองในเมืองตัวอย่าง"), "off": _("ปิดอยู่ ยังไม่มีบัญชี")}


WAYS = [("takes_in", _("รับเรื่องจาก Traffy")), ("sends_out", _("ส่งเรื่องและความคืบหน้าไป Traffy"))]


class FileForm(forms.Form):
    """A CSV of Traffy."""

    file = fields.PickFileField(label=_("นำเข้าไฟล์ CSV ของ Traffy"))


class SwitchForm(forms.Form):
    """What may pass, and how much."""

    passes = fields.ManyCardsField(label=_("เปิดให้ผ่าน"), required=False, choices=WAYS)
    org_id = forms.CharField(label=_("รหัสหน่วยงานใน Traffy (org_id)"), max_length=40, required=False)
    services = fields.ManyCardsField(label=_("ประเภทเรื่องของเทศบาลที่ส่งไป Traffy ด้วย"), required=False)
    out_per_hour = forms.IntegerField(label=_("ส่งออกได้ไม่เกินกี่รายการต่อชั่วโมง"), min_value=1, max_value=5000)
    stop_below = forms.IntegerField(label=_("หยุดเรียกเมื่อโควตาเหลือไม่เกิน"), min_value=0, max_value=100_000)

    def __init__(self, *args: Any, initial: Mapping[str, Any], **kwargs: Any) -> None:
        on = [way for way, _words in WAYS if initial[way]]
        super().__init__(*args, initial={**initial, "passes": on}, **kwargs)
        known = {row.service for row in maps.categories()}
        listed = Service.objects.filter(kind="report", state="published", is_public=True, pk__in=known)
        self.fields["services"].choices = list(listed.values_list("code", "name_th"))  # type: ignore[attr-defined]

    def columns(self) -> dict[str, Any]:
        """What is to be written on the peer."""
        found = dict(self.cleaned_data)
        passes = found.pop("passes")
        return found | {way: way in passes for way, _words in WAYS}


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
def page(request: HttpRequest) -> HttpResponse:
    row = link.peer()
    form = SwitchForm(request.POST or None, initial=vars(row))
    if request.method == "POST" and form.is_valid():
        Peer.objects.filter(pk=row.pk).update(**form.columns())
        messages.success(request, gettext("บันทึกการรับส่งกับ Traffy แล้ว"))
        return redirect("services:traffy")
    title = gettext("รับส่งเรื่องกับ Traffy Fondue")
    with acting(link.BY, link.PURPOSE):
        context = {
            "form": form, "file_form": FileForm(), "peer": row, "link_state": link.state(),
            "state_words": STATES[link.state()],
            "low": link.is_low(row), "spent": link.is_spent(row), "crumbs": [Crumb(title)],
            "hook": request.build_absolute_uri("/hooks/traffy/") + "…/" if link.hook_secret() else "", **stuck(row),
        }  # fmt: skip
        return render(request, "services/api/traffy.html", context)


def stuck(row: Peer) -> dict[str, Any]:
    """What people must look at. Evaluated here, inside the context."""
    out = PeerOut.objects.filter(ticket__peer=row, sent_at=None).select_related("ticket__case")
    return {
        "waiting": out.filter(failed_at=None).count(),
        "failed": list(out.exclude(failed_at=None)[:SHOWN]),
        "stopped": list(PeerTicket.objects.filter(peer=row).exclude(stopped="").select_related("case")[:SHOWN]),
        "hints": list(PeerHint.objects.filter(peer=row).exclude(error="").order_by("-id")[:SHOWN]),
        "joined": PeerTicket.objects.filter(peer=row).exclude(remote_id="").count(),
    }


@never_cache
@require_POST
@require("services.manage")
def again(request: HttpRequest) -> HttpResponse:
    """Let what was given up or stopped try once more."""
    with acting(link.BY, link.PURPOSE):
        PeerTicket.objects.filter(peer_id=link.KEY).exclude(stopped="").update(stopped="")
        PeerOut.objects.filter(ticket__peer_id=link.KEY, sent_at=None).update(failed_at=None, tries=0, next_at=now())
    messages.success(request, gettext("จะลองส่งรายการที่ค้างอีกครั้งในรอบถัดไป"))
    return redirect("services:traffy")


@never_cache
@require_POST
@require("services.manage")
def take_file(request: HttpRequest) -> HttpResponse:
    """Tickets of a CSV in either of Traffy's layouts; the same file twice opens nothing twice."""
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > MOST_FILE:
        messages.error(request, gettext("เลือกไฟล์ CSV ของ Traffy ขนาดไม่เกิน 5 MB"))
        return redirect("services:traffy")
    try:
        counts = taking.take_all(columns.read_rows(file.read().decode("utf-8-sig", "replace")), link.peer())
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("services:traffy")
    words = gettext("นำเข้าแล้ว เปิดเรื่องใหม่ %(opened)d มีอยู่แล้ว %(known)d รับไม่ได้ %(refused)d") % counts
    messages.success(request, words)
    return redirect("services:traffy")


@never_cache
@require_GET
@require("services.manage")
def file(request: HttpRequest, layout: str) -> HttpResponseBase:
    """Published cases in the columns of the Exchange API or of the public dump."""
    if layout not in export.LAYOUTS:
        raise Http404
    base = request.build_absolute_uri(reverse("forms:file", args=[NO_PHOTO])).replace(str(NO_PHOTO), "PHOTO")
    return stream(request, f"traffy-{layout}.csv", export.head(layout), partial(export.piece, layout, base))
