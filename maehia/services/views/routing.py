"""Where cases go: an ordered list of rules, tried on last year's cases before it is put in force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.access.queries import accounts_by_actor
from maehia.base import ProblemError
from maehia.services.actions import routing as actions
from maehia.services.models import RoutingVersion, Service, State, Unit
from maehia.services.views.case_words import FACT, OPERATOR, condition_words
from maehia.services.views.staff_parts import plain_crumbs
from maehia.services.views.units import problem_words
from maehia.thai import to_arabic
from maehia.web import registry as web

PURPOSE = "services.manage"
SHOWN = 300  # of what would move; the count is of all
MOST_RULES, MOST_CONDITIONS = 200, 6
KEY = re.compile(r"[^\w\-]+")
NUMBERS = ("moo", "hour")
LISTS = ("in", "not_in")
TRUTHS = ("urgent", "confidential", "has_asset")
FAULTS = {
    "key_twice": gettext_lazy("ชื่อกฎซ้ำ"),
    "never_reached_after": gettext_lazy("ไม่มีเรื่องใดมาถึงกฎนี้ เพราะกฎ “%(what)s” ใช้กับทุกเรื่อง"),
    "unknown_unit": gettext_lazy("ไม่มีหน่วยงาน “%(what)s”"), "unknown_fact": gettext_lazy("ไม่รู้จักเงื่อนไข “%(what)s”"),
    "unknown_operator": gettext_lazy("ไม่รู้จักการเทียบ “%(what)s”"),
}  # fmt: skip


def fault_words(fault: str) -> str:
    name, _, what = fault.partition(":")
    return str(FAULTS.get(name, name)) % {"what": what}


@never_cache
@require_safe
@require("services.manage")
def routing(request: HttpRequest) -> HttpResponse:
    """The rules in force in words, the draft to work on, and what was before."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        draft = RoutingVersion.objects.filter(state=State.DRAFT).order_by("-id").first()
        live = actions.published_rules()
        rules = draft.rules if draft else live
        context = {
            "draft": draft, "rules": boxes(rules), "live": in_words(live), "faults": shown_faults(rules),
            "versions": versions(), "units": unit_choices(), "facts": fact_choices(rules),
            "operators": [(key, str(words)) for key, words in OPERATOR.items()],
            "services": service_choices(), "crumbs": plain_crumbs((gettext("เส้นทางเรื่อง"), "")),
        }  # fmt: skip
        return render(request, "services/routing.html", context)


def boxes(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules as boxes to type in, each with one empty condition at its end."""
    return [
        {"n": n, "key": rule["key"], "unit": rule["unit"],
         "conditions": [*({**c, "value": shown_value(c.get("value"))} for c in rule.get("conditions", ())),
                        {"fact": "", "operator": "is", "value": ""}]}
        for n, rule in enumerate(rules)
    ]  # fmt: skip


def shown_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return gettext("ใช่") if value else gettext("ไม่ใช่")
    return "" if value is None else str(value)


def in_words(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = dict(unit_choices())
    return [
        {"key": rule["key"], "unit": names.get(rule["unit"], rule["unit"]),
         "when": [condition_words(c["fact"], c["operator"], c.get("value")) for c in rule.get("conditions", ())]}
        for rule in rules
    ]  # fmt: skip


def service_choices() -> list[tuple[str, str]]:
    return [(s.code, web.in_language(s.name_th, s.name_en)) for s in Service.objects.exclude(state="draft")]


def unit_choices() -> list[tuple[str, str]]:
    return [(u.key, web.in_language(u.name_th, u.name_en)) for u in Unit.objects.all()]


def fact_choices(rules: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    own = sorted(actions.known_facts(rules) - set(FACT))
    return [*((key, str(words)) for key, words in FACT.items()), *((key, key) for key in own)]


def shown_faults(rules: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, fault in actions.faults_of(rules):
        found.setdefault(key, []).append(fault_words(fault))
    return found


def versions() -> list[dict[str, Any]]:
    rows = list(RoutingVersion.objects.exclude(state=State.DRAFT).order_by("-id")[:20])
    people = accounts_by_actor([row.made_by for row in rows])
    return [{"row": row, "who": people.get(row.made_by, gettext("ระบบ")), "count": len(row.rules)} for row in rows]


def read_rules(sent: QueryDict) -> list[dict[str, Any]]:
    """The rules as they stand in the boxes; a rule without a name is left out, a condition without a fact too."""
    found = []
    for n in range(min(len(sent.getlist("key")), MOST_RULES)):
        key = KEY.sub("_", sent.getlist("key")[n].strip())[:40]
        if key:
            conditions = [read_condition(sent, n, c) for c in range(MOST_CONDITIONS) if sent.get(f"fact_{n}_{c}")]
            found.append({"key": key, "unit": sent.get(f"unit_{n}", ""), "conditions": conditions})
    return found


def read_condition(sent: QueryDict, n: int, c: int) -> dict[str, Any]:
    fact, operator = sent.get(f"fact_{n}_{c}", "")[:60], sent.get(f"operator_{n}_{c}", "is")
    value = sent.get(f"value_{n}_{c}", "").strip()[:300]
    if operator == "is_empty":
        return {"fact": fact, "operator": operator, "value": None}
    if operator in LISTS:
        return {
            "fact": fact,
            "operator": operator,
            "value": [typed(fact, part.strip()) for part in value.split(",") if part.strip()],
        }
    return {"fact": fact, "operator": operator, "value": typed(fact, value)}


def typed(fact: str, text: str) -> Any:
    """Numbers and yes/no as such."""
    if fact in TRUTHS:
        return text.strip().casefold() in {"1", "true", "yes", "ใช่", gettext("ใช่").casefold()}
    digits = to_arabic(text)
    return int(digits) if fact in NUMBERS and digits.isdigit() and len(digits) < 4 else text


@never_cache
@require_POST
@require("services.manage")
def edit(request: HttpRequest) -> HttpResponse:
    """Keep the boxes as a draft, with one rule added, taken out or moved when a button said so."""
    rules = changed(read_rules(request.POST), request.POST.get("do", "save"))
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        actions.save_draft(rules, by=request.user.actor)  # type: ignore[union-attr]
    if request.POST.get("do") == "try":
        return redirect("services:routing-try")
    messages.info(request, gettext("เก็บเป็นร่างแล้ว ยังไม่มีผลกับเรื่องใด"))
    return redirect("services:routing")


def changed(rules: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    verb, _, place = do.partition(":")
    n = int(place) if place.isdigit() else -1
    if verb == "add":
        taken = {rule["key"] for rule in rules}
        key = next(f"rule_{i}" for i in range(1, MOST_RULES + 2) if f"rule_{i}" not in taken)
        rules.insert(0, {"key": key, "unit": "", "conditions": []})
    elif verb == "drop" and 0 <= n < len(rules):
        del rules[n]
    elif verb == "up" and 0 < n < len(rules):
        rules[n - 1], rules[n] = rules[n], rules[n - 1]
    elif verb == "down" and 0 <= n < len(rules) - 1:
        rules[n + 1], rules[n] = rules[n], rules[n + 1]
    return rules


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
def attempt(request: HttpRequest) -> HttpResponse:
    """The draft on last year's cases: each one that would move. From here it is published, with a note."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        draft = RoutingVersion.objects.filter(state=State.DRAFT).order_by("-id").first()
        if draft is None:
            return redirect("services:routing")
        problem = ""
        if request.method == "POST":
            try:
                actions.publish_routing(draft.rules, by=request.user.actor, note=request.POST.get("note", ""))  # type: ignore[union-attr]
                messages.success(request, gettext("ประกาศใช้แล้ว มีผลกับเรื่องที่รับตั้งแต่นี้"))
                return redirect("services:routing")
            except ProblemError as error:
                problem = problem_words(error)
        found, names = actions.dry_run(draft.rules), dict(unit_choices())
        pairs = Counter((one.before, one.after) for one in found.moved)
        context = {
            "found": found,
            "moved": [{"one": m, "before": names.get(m.before, m.before), "after": names.get(m.after, m.after)}
                      for m in found.moved[:SHOWN]],
            "pairs": [{"before": names.get(a, a), "after": names.get(b, b), "n": n}
                      for (a, b), n in pairs.most_common()],
            "faults": shown_faults(draft.rules), "problem": problem, "note": request.POST.get("note", ""),
            "services": dict(Service.objects.values_list("code", "name_th")),
            "crumbs": plain_crumbs((gettext("เส้นทางเรื่อง"), "/staff/cases/routing/"), (gettext("ลองกับเรื่องปีที่แล้ว"), "")),
        }  # fmt: skip
        return render(request, "services/routing_try.html", context, status=422 if problem else 200)


@never_cache
@require_POST
@require("services.manage")
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Take an earlier version back into force."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        note = gettext("กลับไปใช้รุ่น %(n)s") % {"n": number}
        try:
            actions.restore(number, by=request.user.actor, note=note)  # type: ignore[union-attr]
            messages.success(request, gettext("กลับไปใช้กฎรุ่น %(n)s แล้ว") % {"n": number})
        except ProblemError as error:
            messages.error(request, problem_words(error))
    return redirect("services:routing")


@never_cache
@require_POST
@require("services.manage")
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Throw the draft away; what is in force stays."""
    RoutingVersion.objects.filter(state=State.DRAFT).delete()
    messages.info(request, gettext("ทิ้งร่างแล้ว"))
    return redirect("services:routing")
