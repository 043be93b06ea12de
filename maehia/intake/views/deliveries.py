"""One delivery from file to register: send, watch, look, apply, withdraw."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.base import Problem, ProblemError
from maehia.evidence.actions import note_state, refuse_delivery
from maehia.evidence.models import Delivery
from maehia.intake import actions
from maehia.intake.exporting import safe_cell
from maehia.intake.forms import DeliverForm, WhyForm
from maehia.intake.models import ProblemRow
from maehia.intake.pages import change_groups, crumbs, delivery_steps, job_of, problem_chips, problem_table
from maehia.kit.idempotency import Created, idempotent
from maehia.kit.jobs import enqueue
from maehia.kit.models import Job

PROBLEMS_SHOWN = 50


def shown(request: HttpRequest, pk: str) -> HttpResponse:
    return redirect("intake:delivery", pk=int(pk))


@require("intake.deliver")
@idempotent("intake.deliver", show=shown)
def deliver(request: HttpRequest) -> Any:
    """Send a file. The reading happens in the worker; the page that follows shows how far it is."""
    form = DeliverForm(request.POST or None, request.FILES or None, initial={"source": request.GET.get("source")})
    if request.method == "POST" and form.is_valid():
        try:
            return Created(_received(request, form).pk)
        except ProblemError as refused:
            form.add_error("file", f"{refused.problem.what} {refused.problem.fix}")
    return render(request, "intake/deliver.html", {"form": form, "crumbs": crumbs((_("ส่งไฟล์"), ""))})


def _received(request: HttpRequest, form: DeliverForm) -> Delivery:
    file = form.cleaned_data["file"]
    with acting_as(request.user, "intake.apply"):
        path = Path(file.temporary_file_path())
        delivery = actions.receive(form.cleaned_data["source"], path, file.name, form.cleaned_data["as_of"])
        start(request, "intake.preview", delivery)
    return delivery


def start(request: HttpRequest, name: str, delivery: Delivery) -> Job:
    """Ask for a job about this delivery and remember it with the delivery."""
    job = enqueue(name, actor=request.user.actor, purpose="intake.apply", delivery=delivery.pk)
    note_state(delivery, delivery.state, counts={"job": str(job.pk)})
    return job


@require_safe
@require("intake.view")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    context = {
        "delivery": delivery, "crumbs": crumbs((delivery.source.name_th, delivery.source_id), (delivery.filename, "")),
        "steps": delivery_steps(delivery), "job": job_of(delivery), "counts": delivery.counts,
        "difference": delivery.counts.get("difference", ()), "problem_chips": problem_chips(delivery),
        "may_apply": can(request.user, "intake.apply"), "may_withdraw": can(request.user, "intake.withdraw"),
        "may_deliver": can(request.user, "intake.deliver"), "why_form": WhyForm(),
    }  # fmt: skip
    return render(request, "intake/delivery.html", context)


@require_safe
@require("intake.view")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress part alone; when the work has ended, the page is loaded again to show what came of it."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    job = job_of(delivery)
    answer = render(request, "web/parts/progress.html", {"job": job})
    if job is None or not job.running:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@require("intake.view")
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    rows = ProblemRow.objects.filter(delivery=delivery)
    if code := request.GET.get("code"):
        rows = rows.filter(code=code)
    page = Paginator(rows, PROBLEMS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "delivery": delivery, "table": problem_table(request, delivery, page), "chips": problem_chips(delivery, code or ""),
        "crumbs": crumbs((delivery.filename, f"/staff/intake/deliveries/{pk}/"), (_("ปัญหา"), "")),
    }  # fmt: skip
    return render(request, "intake/problems.html", context)


@require_safe
@require("intake.view")
def problems_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The list for the keeper of the file, safe to open in a spreadsheet."""
    delivery = get_object_or_404(Delivery, pk=pk)
    answer = StreamingHttpResponse(_csv_lines(delivery), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="problems-{delivery.pk}.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv_lines(delivery: Delivery) -> Iterator[str]:
    writer = csv.writer(_Echo())  # type: ignore[arg-type]
    yield "\ufeff" + writer.writerow(["แผ่น", "แถว", "คอลัมน์", "รหัสปัญหา", "ปัญหา", "วิธีแก้", "ผล", "ค่า (ปิดบางส่วน)"])
    for row in ProblemRow.objects.filter(delivery=delivery).iterator(chunk_size=2000):
        cells = (row.sheet, row.row or "", row.column, row.code, row.what, row.fix, row.get_severity_display(), row.value)
        yield writer.writerow([safe_cell(cell) for cell in cells])


@require_safe
@require("intake.apply")
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows that would change, with before and after. They are personal, so they stand under a purpose."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    with acting_as(request.user, "intake.apply"):
        groups = change_groups(delivery)
    context = {
        "delivery": delivery, "groups": groups,
        "crumbs": crumbs((delivery.filename, f"/staff/intake/deliveries/{pk}/"), (_("สิ่งที่จะเปลี่ยน"), "")),
    }  # fmt: skip
    return render(request, "intake/changes.html", context)


@require_POST
@require("intake.apply")
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk, state="previewed")
    if not _busy(delivery):
        with acting_as(request.user, "intake.apply"):
            start(request, "intake.apply", delivery)
    return redirect("intake:delivery", pk=pk)


@require_POST
@require("intake.deliver")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    if delivery.is_open and not _busy(delivery):
        refuse_delivery(delivery, Problem("not_wanted", "เจ้าหน้าที่เลือกไม่ใช้ไฟล์นี้", delivery.filename))
    return redirect("intake:delivery", pk=pk)


@require_POST
@require("intake.withdraw")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk, state="committed")
    form = WhyForm(request.POST)
    if form.is_valid() and not _busy(delivery):
        note_state(delivery, delivery.state, counts={"withdraw_why": form.cleaned_data["why"]})
        with acting_as(request.user, "intake.apply"):
            start(request, "intake.withdraw", delivery)
    return redirect("intake:delivery", pk=pk)


def _busy(delivery: Delivery) -> bool:
    job = job_of(delivery)
    return job is not None and job.running
