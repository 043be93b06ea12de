"""The public catalogue: what each service needs, what nobody has to bring, how long it takes, before and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from maehia.base import ProblemError
from maehia.kit.acting import acting
from maehia.kit.clock import now, today
from maehia.services.queries import catalogue
from maehia.services.queries.measured import LEAST, Measured, measured
from maehia.services.queries.tariffs import tariffs
from maehia.services.rules.acts import cite, governing
from maehia.services.rules.clock import Promise
from maehia.services.rules.definition import Definition
from maehia.services.views.fast_lane_words import lang
from maehia.thai import format_baht
from maehia.web.formats import show_date
from maehia.web.values import Crumb, Term

UNKNOWN = "–"
UNIT_OF = {"permit": ("ต่อฉบับ", "a permit"), "m2": ("ต่อตารางเมตร", "a square metre"), "month": ("ต่อเดือน", "a month"),
           "day": ("ต่อวัน", "a day")}  # fmt: skip


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every published application by group; reports have a page of their own."""
    groups = [
        {"name": group.name.in_(lang()), "rows": [card(d) for d in group.services]}
        for group in catalogue.published_groups("service")
    ]
    return render(request, "services/catalogue/list.html", {"groups": groups})


def card(d: Definition) -> dict[str, Any]:
    return {"url": reverse("services:catalogue_page", args=[d.code]), "name": d.name.in_(lang()),
            "text": d.description.in_(lang()), "time": promise_words(d.resolve)}  # fmt: skip


def promise_words(promise: Promise) -> str:
    """2 ชั่วโมงทำการ, 3 วันทำการ, 45 วัน."""
    n = promise.amount
    if promise.unit == "working_minutes":
        if n % 60:
            return ngettext("%(n)d นาทีทำการ", "%(n)d นาทีทำการ", n) % {"n": n}
        return ngettext("%(n)d ชั่วโมงทำการ", "%(n)d ชั่วโมงทำการ", n // 60) % {"n": n // 60}
    if promise.unit == "working_days":
        return ngettext("%(n)d วันทำการ", "%(n)d วันทำการ", n) % {"n": n}
    return ngettext("%(n)d วัน", "%(n)d วัน", n) % {"n": n}


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service or category of reports, as it is published now."""
    try:
        definition = catalogue.definition(code)
    except ProblemError as error:
        raise Http404 from error
    return render(request, "services/catalogue/page.html", page(definition))


def page(d: Definition, *, preview: bool = False) -> dict[str, Any]:
    """What the page of a definition shows; also the preview of a draft."""
    found = figures(d) if d.kind == "service" and not preview else None
    apply_url = (
        reverse("services:apply", args=[d.code])
        if d.kind == "service"
        else reverse("services:report_write", args=[d.code])
    )
    return {
        "d": d, "name": d.name.in_(lang()), "text": d.description.in_(lang()), "terms": terms(d),
        "has": [p.name.in_(lang()) for p in d.town_has],
        "bring": [(p.name.in_(lang()), bool(p.show_if) or not p.required) for p in d.to_bring],
        "steps": [(s.name.in_(lang()), promise_words(s.time) if s.time else "") for s in d.steps],
        "compare": compare(d, found), "measured": found, "least": LEAST, "apply_url": apply_url, "preview": preview,
        "crumbs": [Crumb(gettext("บริการ"), reverse("services:catalogue")), Crumb(d.name.in_(lang()))],
    }  # fmt: skip


def figures(d: Definition) -> Measured:
    """Counted by the system itself, for everybody: totals without a single case."""
    with acting("system:catalogue", "services.clock"):
        return measured(d, now())


def terms(d: Definition) -> list[Term]:
    """Who, time, fee, law: only what is known, and what is unverified says so."""
    rows = [
        Term(gettext("ใครยื่นได้"), d.who.in_(lang()) if d.who else ""),
        Term(gettext("ใช้เวลา"), promise_words(d.resolve), note=unverified(d.verified, d.source)),
        Term(gettext("ตอบครั้งแรกภายใน"), promise_words(d.first_answer) if d.first_answer else ""),
        Term(gettext("ค่าธรรมเนียม"), *fee_words(d)), Term(gettext("กฎหมาย"), law_words(d)),
    ]  # fmt: skip
    return [row for row in rows if row.value]


def unverified(verified: bool, source: str) -> str:
    return "" if verified else gettext("(%(source)s ยังไม่ได้ตรวจสอบ)") % {"source": source}


def fee_words(d: Definition) -> tuple[str, Any]:
    """The rates of today in words; free when the service names no tariff."""
    if not d.fee:
        return gettext("ไม่มีค่าธรรมเนียม") if d.kind == "service" else "", ()
    lines, verified = [], True
    for line in tariffs()[d.fee].lines:
        rate = line.rate_on(today())
        if rate is not None:
            per = UNIT_OF.get(line.per, (line.per, line.per))[lang() == "en"]
            lines.append(f"{line.name.in_(lang())} {format_baht(rate.amount)} {per}")
            verified = verified and rate.verified
    words = "; ".join(lines)
    return words if verified else f"{words} {gettext('(อัตรานี้ยังไม่ได้ตรวจสอบกับเทศบัญญัติ)')}", ()


def law_words(d: Definition) -> str:
    """The acts that govern it today; a section only where somebody has verified it."""
    return "; ".join(cite(act.key, today(), lang=lang()) for act in governing(d.act, d.kind, today()))


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure before and now, in words."""

    label: str
    before: str
    after: str


def compare(d: Definition, found: Measured | None) -> list[Compared]:
    unknown = gettext("ยังไม่ทราบ")
    held = d.before

    def said(value: int | None) -> str:
        return unknown if value is None else str(value)

    after_days = days_words(found.median) if found and found.median is not None else unknown
    before_days = unknown if held.days is None else gettext("%(n)s วัน") % {"n": held.days}
    return [
        Compared(gettext("เวลา"), before_days, after_days),
        Compared(gettext("ขั้นตอน"), said(held.steps), str(len(d.steps)) if d.steps else unknown),
        Compared(gettext("เอกสารที่ต้องนำมา"), said(held.documents), str(len(d.to_bring))),
        Compared(gettext("ครั้งที่ต้องมาสำนักงาน"), said(held.visits), "0"),
    ]  # fmt: skip


def days_words(span: timedelta) -> str:
    """A span as people say it: 45 นาที, 3.5 ชั่วโมง, 2.1 วัน."""
    minutes = span.total_seconds() / 60
    if minutes < 120:
        return gettext("%(n)d นาที") % {"n": round(minutes)}
    if minutes < 48 * 60:
        return gettext("%(n).1f ชั่วโมง") % {"n": minutes / 60}
    return gettext("%(n).1f วัน") % {"n": minutes / 1440}


def checked_words(d: Definition) -> str:
    return show_date(d.checked_on) if d.checked_on else ""
