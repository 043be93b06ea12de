"""How often the hint of the category was right, month by month, by what the cases became."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.services.models import CaseDetail, Service
from maehia.services.rules.suggest import Choice, Metrics, measure
from maehia.services.views.staff_parts import plain_crumbs
from maehia.web import registry as web
from maehia.web.formats import NOTHING
from maehia.web.table import Column, Table

PURPOSE = "services.manage"
YEARS = 2
CHUNK = 5000
WORST = 8


@never_cache
@require_safe
@require("services.manage")
def suggestions(request: HttpRequest) -> HttpResponse:
    """A table by month, and the pairs that are confused most."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        months = measure(choices())
        context = {
            "table": table(months),
            "confused": confused(months),
            "crumbs": plain_crumbs((gettext("ความแม่นของคำแนะนำ"), "")),
        }
        return render(request, "services/suggestions.html", context)


def choices() -> Iterator[Choice]:
    """Reports of citizens who wrote words, with what they were offered and what the case became."""
    since = clock.now().replace(year=clock.now().year - YEARS, day=1)
    rows = CaseDetail.objects.filter(case__received_at__gte=since, case__kind="report").exclude(suggested=[])
    columns = rows.values_list("case__received_at", "suggested", "case__service_id")
    for received, offered, final in columns.iterator(CHUNK):
        yield Choice(f"{received.astimezone(BANGKOK):%Y-%m}", tuple(code for code, _ in offered), final)


def table(months: dict[str, Metrics]) -> Table:
    columns = [
        Column("month", gettext("เดือน")),
        Column("cases", gettext("เรื่องที่มีคำแนะนำ"), numeric=True),
        Column("kept", gettext("ตรงคำแนะนำแรก"), numeric=True),
        Column("share", gettext("ร้อยละ"), numeric=True),
        Column("near", gettext("ตรงคำแนะนำถัดไป"), numeric=True),
        Column("overruled", gettext("เจ้าหน้าที่เปลี่ยน"), numeric=True),
    ]
    rows = [
        {
            "month": month_words(key),
            "cases": m.cases,
            "kept": m.kept,
            "share": percent(m),
            "near": m.near,
            "overruled": m.overruled,
        }
        for key, m in reversed(months.items())
    ]
    return Table(
        gettext("คำแนะนำประเภทเรื่องเทียบกับประเภทที่เป็นจริง"),
        columns,
        rows,
        empty_title=gettext("ยังไม่มีเรื่องที่ระบบแนะนำประเภท"),
        empty_text=gettext("เมื่อประชาชนเขียนเรื่อง ระบบเสนอประเภทพร้อมความมั่นใจ ตารางนี้วัดว่าเสนอถูกบ่อยเพียงใด"),
    )


def percent(month: Metrics) -> str:
    return NOTHING if month.kept_share is None else f"{month.kept_share * 100:.0f}"


def month_words(key: str) -> str:
    """พ.ย. 2569 of 2026-11."""
    from datetime import date

    from maehia.web.formats import show_date

    year, month = key.split("-")
    return show_date(date(int(year), int(month), 1)).partition(" ")[2]


def confused(months: dict[str, Metrics]) -> list[dict[str, object]]:
    """Hint -> what it became, most often first."""
    names = {s.code: web.in_language(s.name_th, s.name_en) for s in Service.objects.all()}
    total: dict[tuple[str, str], int] = {}
    for month in months.values():
        for pair, n in month.confused.items():
            total[pair] = total.get(pair, 0) + n
    worst = sorted(total.items(), key=lambda one: -one[1])[:WORST]
    return [{"hint": names.get(a, a), "final": names.get(b, b), "n": n} for (a, b), n in worst]
