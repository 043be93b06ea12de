"""Pages of the money: claims by state, one claim, committees, rates, the list for the treasury."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia import thai
from maehia.access.permissions import may
from maehia.base import ProblemError
from maehia.emergency.actions import claims as actions
from maehia.emergency.actions.claims import Asked, NewRate
from maehia.emergency.actions.damage import event_day
from maehia.emergency.models import Claim, Committee, Incident
from maehia.emergency.queries import claims as queries
from maehia.emergency.queries import damage as homes
from maehia.emergency.rules.claims import papers, sources
from maehia.emergency.rules.damage_states import CLAIM, SOURCES
from maehia.emergency.rules.rates import PER, set_names
from maehia.emergency.views import relief_parts as parts
from maehia.emergency.views.parts import at_incident
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent
from maehia.web.registry import in_language

SEE, DAMAGE, CERTIFY, PAY = "emergency.see", "emergency.damage", "emergency.certify", "emergency.pay"
TAGS = {"new": "open", "work": "work", "done": "done", "closed": "wait"}
Answer = HttpResponseBase | Created


def page(request: HttpRequest, incident: Incident, name: str, status: int = 200, **context: Any) -> HttpResponse:
    base = {"incident": incident, "tab": "claims"}
    return render(request, f"emergency/damage/{name}.html", {**base, **context}, status=status)


def allowed(request: HttpRequest, *permissions: str) -> None:
    """404 for who has none of the permissions: the money of others is not her business."""
    if not any(may(request, p) for p in permissions):
        raise Http404


def words(row: Claim) -> dict[str, Any]:
    state = CLAIM.states[row.state]
    return {"row": row, "state": in_language(state.th, state.en), "tag": TAGS[state.kind],
            "source": in_language(*SOURCES[row.source])}  # fmt: skip


@require_safe
@at_incident(SEE, parts.PURPOSE)
def listing(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Claims by state, with the sums and how long the oldest waits."""
    allowed(request, DAMAGE, CERTIFY, PAY)
    return _listing(request, incident, request.GET.get("state", ""), "claims")


@require_safe
@at_incident(PAY, parts.PURPOSE)
def to_pay(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What is approved and waits for its money."""
    return _listing(request, incident, request.GET.get("state", "approved"), "claims-pay")


def _listing(request: HttpRequest, incident: Incident, state: str, tab: str) -> HttpResponse:
    state = state if state in CLAIM.states else ""
    chips = [(key, in_language(CLAIM.states[key].th, CLAIM.states[key].en) if key else gettext("ทั้งหมด"), n)
             for key, n in queries.counts(incident).items() if n or not key]  # fmt: skip
    waiting = queries.backlog(incident)
    reviewed = homes.surveys(incident, "reviewed") if may(request, CERTIFY) else []
    return page(
        request, incident, "claims", rows=[words(r) for r in queries.claims(incident, state)], chips=chips,
        chosen=state, tab=tab,
        money=homes.money(incident), oldest=waiting[0] if waiting else None, may_pay=may(request, PAY),
        reviewed=reviewed, committees=queries.committees(incident),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_incident(DAMAGE, parts.PURPOSE)
@idempotent("emergency.claims.draft", show=parts.back("claims"))
def draft(request: HttpRequest, incident: Incident, key: UUID) -> Answer:
    """Choose the source, then what is asked from it; what is refused is shown with the reason."""
    survey = homes.survey_of(key)
    if survey is None or survey.incident_id != incident.pk:
        raise Http404
    if not queries.rates():
        actions.load_rates()
    errors: list[tuple[str, str]] = []
    source = request.POST.get("source") or request.GET.get("source") or "advance"
    source = source if source in sources() else "advance"
    if request.method == "POST":
        try:
            return Created(_draft(request, key, source))
        except ProblemError as error:
            errors = parts.told(error)
    day = event_day(incident)
    offers = [(o, in_language(*PER[o.rate.per])) for o in queries.offers(survey, source, day)]
    return page(
        request, incident, "claim_new", 400 if errors else 200, survey=survey, source=source, offers=offers,
        errors=errors,
        sources=[(k, in_language(*SOURCES[k]), s.committee) for k, s in sources().items()],
        sets={k: in_language(*w) for k, w in set_names().items()},
    )  # fmt: skip


def _draft(request: HttpRequest, key: UUID, source: str) -> UUID:
    chosen = [value.split(":", 1) for value in request.POST.getlist("asked") if ":" in value]
    if len({rule_set for rule_set, _ in chosen}) > 1:
        raise parts.problem("two_sets", gettext("คำขอหนึ่งฉบับใช้หลักเกณฑ์เดียว"), "asked", gettext("แยกเป็นสองคำขอ"))
    asked = [Asked(item, _units(request, rule_set, item)) for rule_set, item in chosen]
    made = actions.draft(key, source, chosen[0][0] if chosen else sources()[source].rule_sets[0], asked)
    parts.said(request, gettext("ร่างคำขอแล้ว เลขที่ %(n)s") % {"n": made.number})
    return made.pk


def _units(request: HttpRequest, rule_set: str, item: str) -> Decimal:
    typed = request.POST.get(f"units-{rule_set}-{item}", "").strip()
    return parts.number(typed, item) if typed else Decimal(1)


@never_cache
@require_safe
@at_incident(SEE, parts.PURPOSE)
def one(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponse:
    allowed(request, DAMAGE, CERTIFY, PAY)
    return _one(request, incident, key)


def _one(request: HttpRequest, incident: Incident, key: UUID, error: ProblemError | None = None) -> HttpResponse:
    row = queries.claim_of(key)
    if row is None or row.incident_id != incident.pk:
        raise Http404
    wanted = [(p, in_language(*papers()[p]), p in row.documents) for p in actions.papers_of(row)]
    context = {
        **words(row), "items": list(row.items.select_related("rate")), "wanted": wanted,
        "committees": [c for c in queries.committees(incident) if c.source == row.source],
        "payment": getattr(row, "payment", None) if row.state == "paid" else None,
        "in_words": thai.baht_text(row.amount),
        "errors": parts.told(error) if error else [], "may_damage": may(request, DAMAGE),
        "may_decide": may(request, CERTIFY), "may_pay": may(request, PAY),
        "set": in_language(*set_names()[row.rule_set]),
    }  # fmt: skip
    return page(request, incident, "claim", 400 if error else 200, **context)


@require_POST
@at_incident(SEE, parts.PURPOSE)
def act(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """Submit, decide, pay, appeal, cancel: each for who may."""
    try:
        _act(request, incident, key, request.POST.get("to", ""))
    except ProblemError as error:
        return _one(request, incident, key, error)
    return redirect("emergency:claim", incident.number, key)


def _act(request: HttpRequest, incident: Incident, key: UUID, to: str) -> None:
    typed = request.POST
    version = int(typed["version"]) if typed.get("version", "").isdigit() else None
    if to in ("approved", "rejected"):
        allowed(request, CERTIFY)
        decision, reason = typed.get("decision", ""), typed.get("reason", "")
        actions.decide(key, approve=to == "approved", decision=decision, reason=reason, version=version)
    elif to == "paid":
        allowed(request, PAY)
        made = actions.pay(key, way=typed.get("way", ""), paper=typed.get("paper", ""), version=version)
        parts.said(request, gettext("จ่ายแล้ว เลขที่ %(n)s จำนวน %(w)s") % {"n": made.number, "w": made.words})
    elif to == "submitted":
        allowed(request, DAMAGE)
        actions.submit(key, _committee(incident, typed.get("committee", "")), typed.getlist("papers"), version=version)
    else:
        allowed(request, DAMAGE)
        actions.move(key, to, typed.get("reason", ""))


def _committee(incident: Incident, typed: str) -> Committee:
    found = next((c for c in queries.committees(incident) if str(c.pk) == typed), None)
    if found is None:
        raise parts.problem("no_committee", gettext("ยังไม่ได้เลือกคณะกรรมการ"), "committee", gettext("บันทึกคำสั่งแต่งตั้งก่อน"))
    return found


@require_http_methods(["GET", "POST"])
@at_incident(DAMAGE, parts.PURPOSE)
@idempotent("emergency.claims.committee", show=parts.back("claims"))
def committee(request: HttpRequest, incident: Incident) -> Answer:
    """Write down the order that appointed a committee."""
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            members = request.POST.get("members", "").splitlines()
            day = day_of(request.POST.get("appointed_on", ""))
            made = actions.appoint(
                incident, request.POST.get("source", ""), request.POST.get("order_no", ""), members, day
            )
            return Created(made.pk)
        except ProblemError as error:
            errors = parts.told(error)
    offered = [(k, in_language(*SOURCES[k]), s.committee) for k, s in sources().items()]
    return page(
        request, incident, "committee", 400 if errors else 200, errors=errors, sources=offered, typed=request.POST
    )


def day_of(typed: str) -> Any:
    """A typed day. Raises ProblemError bad_day."""
    read = thai.parse_date(typed, clock.today()) if typed.strip() else None
    if read is None or read.precision != "day":
        raise parts.problem("bad_day", gettext("อ่านวันที่ไม่ออก"), typed[:20], gettext("เขียนเช่น 18/11/2569"))
    return read.value


@require_http_methods(["GET", "POST"])
@at_incident(SEE, parts.PURPOSE)
@idempotent("emergency.claims.rate", show=parts.back("claim_rates"))
def rates(request: HttpRequest, incident: Incident) -> Answer:
    """The dated rates with their marks; a newer row is added, none is changed."""
    allowed(request, CERTIFY, PAY, DAMAGE)
    if not queries.rates():
        actions.load_rates()
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        allowed(request, CERTIFY, PAY)
        try:
            return Created(_rate(request))
        except ProblemError as error:
            errors = parts.told(error)
    return page(
        request, incident, "rates", 400 if errors else 200, errors=errors, rates=queries.rates(), typed=request.POST,
        sets=[(k, in_language(*w)) for k, w in set_names().items()],
        pers=[(k, in_language(*w)) for k, w in PER.items()],
        may_add=may(request, CERTIFY) or may(request, PAY),
    )  # fmt: skip


def _rate(request: HttpRequest) -> UUID:
    typed = request.POST
    known = next((r for r in queries.rates() if r.item == typed.get("item")), None)
    if known is None or typed.get("rule_set") not in set_names() or typed.get("per") not in PER:
        raise parts.problem("no_item", gettext("ยังไม่ได้เลือกรายการและหลักเกณฑ์"), "item", gettext("เลือกจากรายการ"))
    checked = typed.get("checked_on", "").strip()
    amount = parts.number(typed.get("amount", ""), known.name_th)
    made = actions.add_rate(NewRate(
        typed["rule_set"], known.item, known.name_th, known.name_en, amount,
        typed["per"], day_of(typed.get("valid_from", "")), typed.get("source", ""), known.most,
        day_of(checked) if checked else None, bool(checked),
    ))  # fmt: skip
    return made.pk


@never_cache
@require_safe
@at_incident(PAY, parts.PURPOSE)
def treasury(request: HttpRequest, incident: Incident) -> HttpResponse:
    """All payments of an incident as CSV for the treasury."""
    return as_csv(list(queries.treasury(incident)), f"payments-{incident.number}")


@never_cache
@require_safe
@at_incident(DAMAGE, parts.PURPOSE)
def card(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Counts with the field names of a DesInventar card; unknown is empty, never zero."""
    rows = [
        (row.field, str(row.value) if row.known else "", "yes" if row.known else "no") for row in homes.card(incident)
    ]
    return as_csv([("field", "value", "known"), *rows], f"losses-{incident.number}")


def as_csv(rows: list[tuple[str, ...]], name: str) -> HttpResponse:
    """A CSV that spreadsheet programs read as Thai and never as formulas."""
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(value) for value in row] for row in rows])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _cell(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") else value
