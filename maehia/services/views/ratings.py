"""Rating a visit by the ticket's secret, and the page of results that everybody may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, can
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.services.actions.ratings import LONGEST, STARS, rate_visit
from maehia.services.queries import queue as queries
from maehia.services.queries import ratings
from maehia.services.views.queue import holding, key_or_404
from maehia.services.views.visitors import limited, secret_page
from maehia.web.fields import MONTHS_EN, MONTHS_TH
from maehia.web.formats import english, show_number
from maehia.web.table import Column, Table

SHOWN_DAYS = 366


@secret_page
@limited("queue.rate")
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """One to five and words, once, when the visit is over."""
    key, problem = key_or_404("ticket", token), None
    with holding(key):
        ticket = queries.ticket(key)
        if ticket is None:
            raise Http404
    if request.method == "POST":
        try:
            with holding(key):
                rate_visit(key, _stars(request), request.POST.get("words", ""))
            return redirect("services:ticket", token)
        except ProblemError as error:
            problem = error.problem
    context = {
        "ticket": ticket, "words": queries.words_of(ticket), "token": token, "problem": problem, "longest": LONGEST,
        "stars": [(n, star_words(n)) for n in reversed(STARS)], "typed": request.POST.get("words", ""),
        "open": ticket.state == "done" and not ticket.rated,
    }  # fmt: skip
    return render(request, "services/ratings_visit.html", context, status=400 if problem else 200)


def _stars(request: HttpRequest) -> int:
    given = request.POST.get("stars", "")
    return int(given) if given.isascii() and given.isdigit() else 0


def star_words(stars: int) -> str:
    return {
        5: gettext("ดีมาก"), 4: gettext("ดี"), 3: gettext("พอใช้"), 2: gettext("ควรปรับปรุง"), 1: gettext("ไม่พอใจ"),
    }[stars]  # fmt: skip


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Per service and month; officers see the written words too, without ticket, hour or desk."""
    found = ratings.results((clock.today() - timedelta(days=SHOWN_DAYS)).replace(day=1))
    words = []
    if can(request.user, "services.inbox"):
        with acting_as(request.user, "services.desk"):  # type: ignore[arg-type]
            words = [(month_words(row.month), row.group, row.words) for row in ratings.words()]
    context = {"table": _table(found), "least": ratings.LEAST, "as_of": clock.now(), "words": words,
               "hidden": sum(r.mean is None for r in found)}  # fmt: skip
    return render(request, "services/ratings_results.html", context)


def _table(found: list[ratings.Result]) -> Table:
    columns = [Column("service", gettext("บริการ")), Column("month", gettext("เดือน")),
               Column("where", gettext("ช่องทาง")),
               Column("mean", gettext("คะแนนเฉลี่ย (จาก 5)"), numeric=True),
               Column("people", gettext("ผู้ให้คะแนน"), numeric=True)]  # fmt: skip
    rows: list[dict[str, Any]] = [{
        "month": month_words(r.month), "service": r.service,
        "where": gettext("ศูนย์บริการ") if r.counter else gettext("ออนไลน์"),
        "mean": gettext("น้อยเกินไป") if r.mean is None else show_number(r.mean, 1),
        "people": r.people if r.people is not None else gettext("น้อยกว่า %(n)s") % {"n": ratings.LEAST},
    } for r in found]  # fmt: skip
    return Table(gettext("คะแนนรายบริการและเดือน"), columns, rows, empty_title=gettext("ยังไม่มีผู้ให้คะแนน"),
                 empty_text=gettext("หลังรับบริการ คุณให้คะแนนได้จากหน้าบัตรคิวหรือหน้าติดตามเรื่อง"))  # fmt: skip


def month_words(month: date) -> str:
    """พฤศจิกายน 2569; on English pages November 2026."""
    return (
        f"{MONTHS_EN[month.month - 1]} {month.year}"
        if english()
        else f"{MONTHS_TH[month.month - 1]} {month.year + 543}"
    )
