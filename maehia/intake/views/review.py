"""Two records side by side: the same, never the same, or not now."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.actions import log_read
from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.evidence.models import Verdict
from maehia.intake import actions
from maehia.intake.forms import WhyForm
from maehia.intake.models import ReviewItem
from maehia.intake.pages import crumbs, next_in_line, queue_table, side_by_side, verdict_table
from maehia.kit.jobs import enqueue

SHOWN = 50
REASONS = {"same": "ตรวจเทียบรายการแล้วเป็นรายเดียวกัน", "never": "ตรวจเทียบรายการแล้วเป็นคนละราย"}


@require_safe
@require("intake.review")
def queue(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "person")
    rows = ReviewItem.objects.filter(kind=kind, verdict=None).order_by("skipped", "-weight", "-p", "pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    counts = {k: ReviewItem.objects.filter(kind=k, verdict=None).count() for k in ("person", "house")}
    with acting_as(request.user, "intake.review"):
        table = queue_table(page)
    context = {"table": table, "kind": kind, "counts": counts, "first": rows.first(), "decided": _decided_count()}
    return render(request, "intake/queue.html", context)


def _decided_count() -> int:
    return Verdict.objects.filter(undone_at=None).count()


@require_safe
@require("intake.review")
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ReviewItem, pk=pk)
    with acting_as(request.user, "intake.review"):
        found = side_by_side(item)
        log_read("person", found.keys, via="review") if item.kind == "person" else None
    context: dict[str, Any] = {
        "item": item, "found": found, "next": next_in_line(item), "left": ReviewItem.objects.filter(verdict=None).count(),
        "crumbs": crumbs((_("รายการรอตรวจ"), "/staff/intake/review/"), (_("ตรวจหนึ่งคู่"), "")), "reasons": REASONS,
    }  # fmt: skip
    return render(request, "intake/pair.html", context)


@require_POST
@require("intake.review")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(ReviewItem, pk=pk)
    answer = request.POST.get("answer", "")
    following = next_in_line(item)
    if answer == "skip":
        actions.skip(item)
    elif answer in REASONS:
        why = request.POST.get("why", "").strip() or REASONS[answer]
        try:
            with acting_as(request.user, "intake.review"):
                actions.decide(item, same=answer == "same", why=why[:300])
        except ProblemError as refused:
            return render(request, "intake/refused.html", {"problem": refused.problem}, status=409)
    return redirect("intake:pair", pk=following.pk) if following else redirect("intake:review")


@require_safe
@require("intake.review")
def decided(request: HttpRequest) -> HttpResponse:
    rows = Verdict.objects.order_by("-at", "-pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "table": verdict_table(page), "crumbs": crumbs((_("รายการรอตรวจ"), "/staff/intake/review/"), (_("วินิจฉัยแล้ว"), "")),
        "may_relink": can(request.user, "intake.apply"),
    }  # fmt: skip
    return render(request, "intake/decided.html", context)


@require("intake.review")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    verdict = get_object_or_404(Verdict, pk=pk, undone_at=None)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with acting_as(request.user, "intake.review"):
            actions.undo_decision(verdict, form.cleaned_data["why"])
        return redirect("intake:decided")
    context = {"verdict": verdict, "form": form, "crumbs": crumbs((_("วินิจฉัยแล้ว"), "/staff/intake/review/decided/"))}
    return render(request, "intake/undo.html", context)


@require_POST
@require("intake.apply")
def relink(request: HttpRequest) -> HttpResponse:
    """Bring what was decided into the register now, instead of with the next delivery."""
    with acting_as(request.user, "intake.apply"):
        enqueue("intake.relink", actor=request.user.actor, purpose="intake.apply")
    return redirect("intake:decided")
