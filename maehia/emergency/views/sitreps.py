"""Situation reports: issue, read, print; and the short form that everybody may read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import can
from maehia.base import ProblemError
from maehia.emergency.actions import sitreps as actions
from maehia.emergency.models import Incident, SitRep
from maehia.emergency.queries.situation import figures, public_reports, shown
from maehia.emergency.views.parts import at_incident
from maehia.forms.letters import render_pdf
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.kit.demo import is_demo
from maehia.kit.idempotency import Created, idempotent
from maehia.web import registry as web


class ReportForm(forms.Form):
    """The words of a report; the figures come from the log."""

    situation = forms.CharField(
        label=gettext_lazy("สถานการณ์"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    actions = forms.CharField(label=gettext_lazy("สิ่งที่ทำแล้ว"), widget=forms.Textarea(attrs={"rows": 3}),
                              max_length=4000, required=False)  # fmt: skip
    needs = forms.CharField(label=gettext_lazy("สิ่งที่ต้องการ"), widget=forms.Textarea(attrs={"rows": 2}),
                            max_length=4000, required=False)  # fmt: skip
    outlook = forms.CharField(label=gettext_lazy("แนวโน้ม 12 ถึง 72 ชั่วโมง"), widget=forms.Textarea(attrs={"rows": 2}),
                              max_length=4000, required=False)  # fmt: skip
    public = forms.CharField(label=gettext_lazy("ข้อความสั้นสำหรับประชาชน"), widget=forms.Textarea(attrs={"rows": 3}),
                             max_length=4000, required=False,
                             help_text=gettext_lazy("แสดงในหน้าสถานการณ์สาธารณะ พร้อมตัวเลขรวม ไม่มีข้อมูลบุคคล"))  # fmt: skip
    is_public = forms.BooleanField(label=gettext_lazy("เผยแพร่ฉบับย่อต่อสาธารณะ"), required=False)


def _show_issued(request: HttpRequest, key: str) -> HttpResponseBase:
    number = request.resolver_match.kwargs["number"] if request.resolver_match else ""
    return redirect("emergency:sitrep", number, int(key))


@never_cache
@require_http_methods(["GET", "POST"])
@at_incident("emergency.see")
@idempotent("emergency.sitrep", show=_show_issued)
def sitreps(request: HttpRequest, incident: Incident) -> HttpResponse | Created:
    """All reports, the figures that the next one would freeze now, and the form to issue it."""
    may_issue = can(request.user, "emergency.command")
    form = ReportForm(request.POST or None)
    if request.method == "POST" and may_issue and form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        is_public = said.pop("is_public")
        try:
            made = actions.issue(incident.pk, said, account=request.user, is_public=is_public)  # type: ignore[arg-type]
            messages.success(request, gettext("ออกรายงานฉบับที่ %(number)d แล้ว แก้ไขไม่ได้อีก") % {"number": made.number})
            return Created(made.number)
        except ProblemError as error:
            form.add_error(None, error.problem.what)
    context = {
        "incident": incident, "tab": "sitreps", "form": form if may_issue else None,
        "reports": incident.sitreps.order_by("-number"), "figures": shown(figures(incident, now())),
    }  # fmt: skip
    return render(request, "emergency/recovery/sitreps.html", context, status=422 if form.errors else 200)


def _report(incident: Incident, number: int) -> SitRep:
    found = incident.sitreps.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _context(incident: Incident, report: SitRep) -> dict[str, Any]:
    return {
        "incident": incident, "tab": "sitreps", "report": report, "figures": shown(report.figures),
        "intact": actions.is_intact(report), "hash": bytes(report.sha256).hex(),
        "lifelines": [line for line in report.figures["lifelines"] if line["touched"]],
    }  # fmt: skip


@never_cache
@require_safe
@at_incident("emergency.see")
def sitrep(request: HttpRequest, incident: Incident, report: int) -> HttpResponse:
    return render(request, "emergency/recovery/sitrep.html", _context(incident, _report(incident, report)))


@never_cache
@require_safe
@at_incident("emergency.see")
def pdf(request: HttpRequest, incident: Incident, report: int) -> HttpResponse:
    """The report on paper, as it was frozen."""
    found = _report(incident, report)
    context = {**_context(incident, found), "town": web.town(), "demo": is_demo(), "document": found}
    paper = render_pdf("emergency/recovery/sitrep_pdf.html", context, lang=get_language() or "th")
    name = f"sitrep-{incident.number}-{found.number}.pdf"
    return HttpResponse(
        paper, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What the town has said about emergencies, the newest first."""
    with acting("system:public", "emergency.public"):
        rows = [{"report": row, "url": reverse("emergency:situation-report", args=[row.incident_number, row.number])}
                for row in public_reports()]  # fmt: skip
        return render(request, "emergency/recovery/public.html", {"rows": rows})


@require_safe
def public_report(request: HttpRequest, number: str, report: int) -> HttpResponse:
    with acting("system:public", "emergency.public"):
        found = SitRep.objects.filter(is_public=True, incident_number=number, number=report).first()
        if found is None:
            raise Http404
        context = {"report": found, "number": number, "figures": shown(found.figures, public=True)}
        return render(request, "emergency/recovery/public_report.html", context)
