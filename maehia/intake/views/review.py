"""Two records side by side: the same, never the same, or not now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.actions import log_read
from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.evidence.models import Verdict
from maehia.intake import actions
from maehia.intake.forms import WhyForm
from maehia.intake.models import ReviewItem
from maehia.intake.pages import (
    crumbs,
    likelihood,
    neighbours,
    next_in_line,
    not_yet_applied,
    ordered,
    progress_of,
    queue_table,
    ruling_words,
    side_by_side,
    verdict_table,
    waits_words,
)
from maehia.intake.pages.labels import REASON, kind_label
from maehia.kit.jobs import enqueue
from maehia.kit.models import Job
from maehia.web.progress import Progress

SHOWN = 50
KINDS = ("person", "house")
REASONS = {"same": "ตรวจเทียบรายการแล้วเป็นรายเดียวกัน", "never": "ตรวจเทียบรายการแล้วเป็นคนละราย"}


@require_safe
@require("intake.review")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a person, the heaviest first."""
    kind = request.GET.get("kind", "person")
    kind = kind if kind in KINDS else "person"
    rows = ordered(kind)
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "table": queue_table(page), "kind": kind, "first": rows.first(), "left": page.paginator.count,
        "tabs": _tabs(kind), "crumbs": crumbs((_("คู่ที่รอตรวจ"), "")), **_rulings(request),
    }  # fmt: skip
    return render(request, "intake/queue.html", context)


def _rulings(request: HttpRequest) -> dict[str, Any]:
    """What the register does not know yet, and who may bring it there."""
    return {"not_applied": not_yet_applied(), "may_relink": can(request.user, "intake.apply"), "job": relinking()}


def _tabs(kind: str) -> list[dict[str, Any]]:
    url = reverse("intake:review")
    tabs = [
        {"label": kind_label(k), "url": f"{url}?kind={k}", "current": k == kind, "count": ordered(k).count()}
        for k in KINDS
    ]
    ruled = Verdict.objects.filter(undone_at=None).count()
    return [*tabs, {"label": _("วินิจฉัยแล้ว"), "url": reverse("intake:decided"), "current": kind == "", "count": ruled}]


@require_safe
@require("intake.review")
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair: everything that speaks for and against, and three keys."""
    item = get_object_or_404(ReviewItem, pk=pk)
    with acting_as(request.user, "intake.review"):
        found = side_by_side(item)
        if item.kind == "person":
            log_read("person", found.keys, via="review")
    before, after = neighbours(item)
    context: dict[str, Any] = {
        "item": item, "found": found, "left": ordered(item.kind).count(), "before": before, "after": after,
        "likelihood": likelihood(item.p), "waits": waits_words(item), "reason": REASON.get(item.reason, item.reason),
        "crumbs": crumbs((_("คู่ที่รอตรวจ"), f"{reverse('intake:review')}?kind={item.kind}"), (_("ตรวจหนึ่งคู่"), "")),
    }  # fmt: skip
    return render(request, "intake/pair.html", context)


@require_POST
@require("intake.review")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Rule on a pair or put it off, and go on to the next."""
    item = get_object_or_404(ReviewItem, pk=pk)
    answer = request.POST.get("answer", "")
    if answer == "skip":
        actions.skip(item)
        messages.info(request, _("ข้ามคู่ที่แล้วไปไว้ท้ายแถว"))
    elif answer in REASONS:
        why = request.POST.get("why", "").strip() or REASONS[answer]
        try:
            with acting_as(request.user, "intake.review"):
                verdict = actions.decide(item, same=answer == "same", why=why[:300])
        except ProblemError as refused:
            return render(request, "intake/refused.html", {"problem": refused.problem}, status=409)
        messages.success(request, _("บันทึกคำวินิจฉัยคู่ที่แล้ว: %(ruling)s") % {"ruling": ruling_words(verdict)})
    following = next_in_line(item)
    if following:
        return redirect("intake:pair", pk=following.pk)
    return redirect(f"{reverse('intake:review')}?kind={item.kind}")


@require_safe
@require("intake.review")
def decided(request: HttpRequest) -> HttpResponse:
    rows = Verdict.objects.order_by("-at", "-pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "table": verdict_table(page), "tabs": _tabs(""), **_rulings(request),
        "crumbs": crumbs((_("คู่ที่รอตรวจ"), reverse("intake:review")), (_("วินิจฉัยแล้ว"), "")),
    }  # fmt: skip
    return render(request, "intake/decided.html", context)


@require("intake.review")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    verdict = get_object_or_404(Verdict, pk=pk, undone_at=None)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with acting_as(request.user, "intake.review"):
            actions.undo_decision(verdict, form.cleaned_data["why"])
        messages.success(request, _("ยกเลิกคำวินิจฉัยแล้ว คู่นี้จะถูกถามใหม่"))
        return redirect("intake:decided")
    context = {
        "verdict": verdict, "form": form, "ruling": ruling_words(verdict),
        "crumbs": crumbs((_("วินิจฉัยแล้ว"), reverse("intake:decided")), (_("ยกเลิกคำวินิจฉัย"), "")),
    }  # fmt: skip
    return render(request, "intake/undo.html", context)


@require_POST
@require("intake.apply")
def relink(request: HttpRequest) -> HttpResponse:
    """Bring what was decided into the register now, instead of with the next delivery."""
    if relinking() is None:
        with acting_as(request.user, "intake.apply"):
            enqueue("intake.relink", actor=request.user.actor, purpose="intake.apply")
    return redirect("intake:decided")


@require_safe
@require("intake.review")
def relink_progress(request: HttpRequest) -> HttpResponse:
    job = relinking()
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/parts/progress.html", {"job": job})


def relinking() -> Progress | None:
    """The run that brings verdicts into the register, while it waits or works."""
    job = Job.objects.filter(name="intake.relink", state__in=("queued", "running")).order_by("created_at").first()
    return progress_of(job, reverse("intake:relink-progress")) if job else None
