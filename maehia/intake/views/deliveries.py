"""One delivery from file to register: send, watch, look, apply, withdraw."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.actions import log_read
from maehia.access.permissions import acting_as, can, require
from maehia.base import Problem, ProblemError
from maehia.evidence.actions import note_state, refuse_delivery
from maehia.evidence.models import Delivery, Link
from maehia.intake import actions
from maehia.intake.exporting import safe_cell
from maehia.intake.forms import DeliverForm, WhyForm
from maehia.intake.mapping import Mapping
from maehia.intake.models import ProblemRow
from maehia.intake.pages import (
    change_groups,
    crumbs,
    delivery_steps,
    job_of,
    kind_tiles,
    problem_chips,
    problem_groups,
    problem_table,
    register_table,
    row_tiles,
    source_name,
    waiting_pairs,
)
from maehia.intake.pages.labels import DELIVERY, DELIVERY_TAG, severity_words
from maehia.intake.titles import day_of
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
            where = "source" if refused.problem.code in {"source_locked", "built_in"} else "file"
            form.add_error(where, f"{refused.problem.what} {refused.problem.fix}")
    return render(request, "intake/deliver.html", {"form": form, "crumbs": crumbs((_("ส่งไฟล์"), ""))})


def _received(request: HttpRequest, form: DeliverForm) -> Delivery:
    file = form.cleaned_data["file"]
    with acting_as(request.user, "intake.apply"):
        path = Path(file.temporary_file_path())
        delivery = actions.receive(form.cleaned_data["source"], path, file.name, form.cleaned_data["as_of"])
        start(request, "intake.preview", delivery)
    return delivery


@require_POST
@require("intake.deliver")
def read_day(request: HttpRequest) -> HttpResponse:
    """The date field again, filled from the title rows of the file that was just picked; nothing is kept."""
    file = request.FILES.get("file")
    found = day_of(Path(file.temporary_file_path()), file.name) if file else None
    form = DeliverForm(initial={"as_of": found})
    return render(request, "intake/parts/day.html", {"form": form, "found": found, "asked": True})


def start(request: HttpRequest, name: str, delivery: Delivery) -> Job:
    """Ask for a job about this delivery and remember it with the delivery."""
    job = enqueue(name, actor=request.user.actor, purpose="intake.apply", delivery=delivery.pk)
    note_state(delivery, delivery.state, counts={"job": str(job.pk)})
    return job


@require_safe
@require("intake.view")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, what would change, what is wrong, and the one thing to do next."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    looked = delivery.state in {"previewed", "committed", "withdrawn"}
    context = {
        "delivery": delivery, "crumbs": _crumbs(delivery, (delivery.filename, "")), "steps": delivery_steps(delivery),
        "job": job_of(delivery), "counts": delivery.counts, "tag": DELIVERY_TAG[delivery.state],
        "tag_words": DELIVERY[delivery.state], "total": _total(delivery),
        "kinds": kind_tiles(delivery), "rows": row_tiles(delivery) if looked else [],
        "groups": problem_groups(delivery) if looked else None, "register": register_table(delivery),
        "pairs": waiting_pairs(), "may_apply": can(request.user, "intake.apply"),
        "may_withdraw": can(request.user, "intake.withdraw"), "may_deliver": can(request.user, "intake.deliver"),
        "may_review": can(request.user, "intake.review"),
    }  # fmt: skip
    return render(request, "intake/delivery.html", context)


def _crumbs(delivery: Delivery, *steps: tuple[str, str]) -> Any:
    source = delivery.source
    return crumbs((source_name(source), reverse("intake:source", args=[source.key])), *steps)


def _inside(delivery: Delivery, title: str) -> Any:
    return _crumbs(delivery, (delivery.filename, reverse("intake:delivery", args=[delivery.pk])), (title, ""))


def _total(delivery: Delivery) -> dict[str, int]:
    """New, changed and gone over all kinds, for the sentence above the apply button."""
    rows = delivery.counts.get("difference", ())
    return {name: sum(int(row[name]) for row in rows) for name in ("new", "changed", "gone")}


@require_safe
@require("intake.view")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress part alone; when the work has ended, the page is loaded again to show what came of it."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    job = job_of(delivery)
    if job is None or not job.running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/parts/progress.html", {"job": job})


@require_safe
@require("intake.view")
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    rows = ProblemRow.objects.filter(delivery=delivery)
    if code := request.GET.get("code", ""):
        rows = rows.filter(code=code)
    page = Paginator(rows, PROBLEMS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "delivery": delivery, "table": problem_table(request, delivery, page), "chips": problem_chips(delivery, code),
        "crumbs": _inside(delivery, _("ปัญหา")),
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
    head = (
        _("แผ่น"), _("แถว"), _("คอลัมน์"), _("รหัสปัญหา"), _("ปัญหา"), _("วิธีแก้"), _("ผล"), _("ค่าในไฟล์ (ปิดบางส่วน)"),
    )  # fmt: skip
    yield "\ufeff" + writer.writerow(head)
    for row in ProblemRow.objects.filter(delivery=delivery).iterator(chunk_size=2000):
        cells = (
            row.sheet,
            row.row or "",
            row.column,
            row.code,
            row.what,
            row.fix,
            severity_words(row.severity),
            row.value,
        )
        yield writer.writerow([safe_cell(cell) for cell in cells])


@require_safe
@require("intake.apply")
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows that would change, with before and after. They are personal: under a purpose, and logged."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk)
    with acting_as(request.user, "intake.apply"):
        groups = change_groups(delivery)
        refs = [ref for group in groups for ref in group.refs]
        people = Link.objects.filter(kind="person", ref__in=refs, ended_run=None).values_list("key", flat=True)
        log_read("person", people, via="intake")
    context = {"delivery": delivery, "groups": groups, "crumbs": _inside(delivery, _("สิ่งที่จะเปลี่ยน"))}
    return render(request, "intake/changes.html", context)


@require_POST
@require("intake.apply")
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(request, pk, "intake.apply", ("previewed",))


@require_POST
@require("intake.deliver")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and check once more, after work that did not end well."""
    return _begin(request, pk, "intake.preview", ("received", "parsed", "mapped", "previewed"))


@transaction.atomic
def _begin(request: HttpRequest, pk: int, name: str, states: tuple[str, ...], **counts: Any) -> HttpResponse:
    """Start the work unless the delivery has moved on or is being worked on: two clicks are one."""
    held = get_object_or_404(Delivery.objects.select_for_update(of=("self",)), pk=pk)
    if held.state in states and not _busy(held):
        held.counts = {**held.counts, **counts}
        start(request, name, held)
    return redirect("intake:delivery", pk=pk)


@require_POST
@require("intake.deliver")
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a repair that the checks offered (latitude and longitude swapped) and look again."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk, state="previewed")
    offered = {row["name"] for row in delivery.counts.get("repairs", ())}
    wanted = sorted(offered & set(request.POST.getlist("repair")))
    if wanted and not _busy(delivery):
        mapping = Mapping.from_dict(delivery.mapping)
        with acting_as(request.user, "intake.apply"):
            actions.confirm_mapping(delivery, replace(mapping, repairs=[*mapping.repairs, *wanted]), remember=False)
            start(request, "intake.preview", delivery)
    return redirect("intake:delivery", pk=pk)


@require_POST
@require("intake.deliver")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer does not want this file; it stays in the history as refused."""
    delivery = get_object_or_404(Delivery, pk=pk)
    if delivery.is_open and not _busy(delivery):
        refuse_delivery(
            delivery,
            Problem("not_wanted", "เจ้าหน้าที่เลือกไม่ใช้ไฟล์นี้", delivery.filename, "ส่งไฟล์ที่ถูกต้องเข้ามาใหม่ได้"),
        )
        messages.success(request, _("ยกเลิกไฟล์นี้แล้ว ไม่มีข้อมูลใดถูกนำเข้า"))
    return redirect("intake:delivery", pk=pk)


@require("intake.withdraw")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delivery back, with a reason. The question says what returns."""
    delivery = get_object_or_404(Delivery.objects.select_related("source"), pk=pk, state="committed")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _begin(request, pk, "intake.withdraw", ("committed",), withdraw_why=form.cleaned_data["why"])
    context = {"delivery": delivery, "form": form, "crumbs": _inside(delivery, _("ถอนรอบส่งนี้"))}
    return render(request, "intake/withdraw.html", context)


def _busy(delivery: Delivery) -> bool:
    job = job_of(delivery)
    return job is not None and job.running
