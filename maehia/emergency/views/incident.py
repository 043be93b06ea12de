"""The command page of an incident: how it stands, what may be done now and what is missing, orders, who was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.models import Account
from maehia.access.queries import account_of
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import desk as acts
from maehia.emergency.actions import incidents, notices
from maehia.emergency.models import Incident
from maehia.emergency.queries import desk
from maehia.emergency.queries import playbooks as plans
from maehia.emergency.views import incident_forms as typed
from maehia.emergency.views.incident_lines import told
from maehia.emergency.views.incident_parts import (
    FIELD,
    Refused,
    Verb,
    basics,
    bound,
    chosen_account,
    done,
    fresh,
    key_in,
    status_of,
    verbs,
    whole,
)
from maehia.emergency.views.incident_words import state_name
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import now
from maehia.web.formats import show_datetime, show_number
from maehia.web.registry import in_language
from maehia.web.values import Term

GROUNDS = {"holder": gettext_lazy("ผู้ดำรงตำแหน่งตามกฎหมาย"), "delegation": gettext_lazy("คำสั่งมอบอำนาจ")}
MOVES = {
    "verified": gettext_lazy("ยืนยันว่าเกิดเหตุจริง"), "active": gettext_lazy("เข้าเผชิญเหตุ"),
    "escalated": gettext_lazy("ยกระดับ"), "contained": gettext_lazy("ควบคุมสถานการณ์ได้แล้ว"),
    "recovery": gettext_lazy("เข้าสู่การฟื้นฟู"), "closed": gettext_lazy("ปิดเหตุการณ์"),
    "reopened": gettext_lazy("เปิดเหตุอีกครั้ง"), "rejected": gettext_lazy("ไม่ใช่เหตุ"),
    "merged": gettext_lazy("รวมกับเหตุอื่น"),
}  # fmt: skip
LAST = ("rejected", "merged", "escalated")  # shown after the usual way forward


@dataclass(frozen=True, slots=True)
class Step:
    """A move as the page offers it. missing: what must be done first, each with where to do it."""

    to: str
    words: str
    form: forms.Form
    missing: Sequence[dict[str, str]] = field(default_factory=tuple)

    @property
    def simple(self) -> bool:
        return not self.form.fields


@never_cache
@require_safe
@at_incident("emergency.see")
def incident(request: HttpRequest, row: Incident) -> HttpResponse:
    """The command page."""
    return draw(request, row)


def draw(request: HttpRequest, row: Incident, refused: Refused | None = None) -> HttpResponse:
    handover = desk.open_handover(row)
    people = desk.may_command() if _may(request) else []
    context = {
        **basics(request, row, "command", refused), "facts": facts(row), "steps": steps(row, refused),
        "handover": handover, "mine": bool(handover and handover.taker == request.user.pk),
        "taker": account_of(handover.taker) if handover else None, "power": power_words(request.user),
        "told": told_authorities(row, refused), "orders": desk.orders_of(row)[:5], "late_items": late_items(row),
        "lines": told(list(desk.log_lines(row.pk, desk.Wanted())[:8])), "shift": desk.shift_of(row), "now": now(),
        "forms": forms_of(row, people, refused),
    }  # fmt: skip
    return render(request, "emergency/incident/command.html", context, status=status_of(refused))


def _may(request: HttpRequest) -> bool:
    from maehia.access.permissions import can

    return can(request.user, "emergency.command")


def facts(row: Incident) -> list[Term]:
    """Who commands by which power, how grave by whose word, where and since when."""
    commander = account_of(row.commander) if row.commander else None
    ground = f"{GROUNDS[row.ground]} {row.ground_order}".strip() if row.ground else ""
    level = f"{row.level_by} · {show_datetime(row.level_at)}".strip(" ·") if row.level_at else ""
    return [
        Term(gettext("ผู้อำนวยการ"), commander.display_name if commander else gettext("ยังไม่ได้ระบุ"), note=ground),
        Term(gettext("ระดับ"), typed.level_name(row.level), note=level),
        Term(gettext("ภัย"), typed.hazard_name(row.hazard), note=row.place),
        Term(gettext("เริ่มเกิด"), show_datetime(row.started_at)),
        _area(row),
        *([Term(gettext("รวมกับ"), row.merged_into.number, url=url(row.merged_into))] if row.merged_into else []),
    ]


def _area(row: Incident) -> Term:
    shown = row.footprint
    where = reverse("emergency:area", args=[row.number])
    if shown is None:
        return Term(gettext("พื้นที่"), gettext("ยังไม่ได้วาด"), url=where)
    size = gettext("%(n)s ตร.กม.") % {"n": show_number(shown.area_m2 / 1e6, 2)}
    note = f"{size} · {show_datetime(shown.valid_at)}"
    return Term(gettext("พื้นที่"), gettext("ฉบับที่ %(n)s") % {"n": shown.number}, note=note, url=where)


def url(row: Incident) -> str:
    return reverse("emergency:incident", args=[row.number])


def steps(row: Incident, refused: Refused | None) -> list[Step]:
    """The moves of the table, the usual way forward first."""
    found = []
    for move in desk.moves_of(row):
        targets = desk.merge_targets(row) if "into" in move.asks else ()
        form = bound(refused, "move", move.to) or typed.MoveForm(move.asks, prefix=move.to, targets=targets)
        words = str(MOVES.get(move.to, "") or state_name(move.to))
        found.append(Step(move.to, words, form, [_missing(row, problem) for problem in move.missing]))
    return sorted(found, key=lambda step: step.to in LAST)


WHERE = {"guard_area": "emergency:area", "guard_handover": "emergency:incident"}


def _missing(row: Incident, problem: Problem) -> dict[str, str]:
    name = WHERE.get(problem.code)
    anchors = {"guard_commander": "#commander", "guard_level": "#level", "guard_handover": "#handover"}
    here = anchors.get(problem.code, "")
    return {"what": gettext(problem.what), "fix": gettext(problem.fix) if problem.fix else "",
            "url": f"{reverse(name, args=[row.number]) if name else ''}{here}"}  # fmt: skip


def power_words(account: Account) -> str:
    """By which power this account would sign an order today; "" when it may not."""
    try:
        ground, order, position = incidents.power_of(account)
    except ProblemError:
        return ""
    return f"{position} · {GROUNDS[ground]} {order}".strip()


def told_authorities(row: Incident, refused: Refused | None) -> list[dict[str, Any]]:
    """Each authority with its words, its clock and a form to write down that it was told."""
    return [
        {"row": one, "to": in_language(one.to_th, one.to_en), "text": notices.text_now(one),
         "late": one.sent_at is None and one.due_at < now(),
         "form": bound(refused, "tell", str(one.pk)) or typed.TellForm(prefix=f"tell{n}"), "prefix": f"tell{n}"}
        for n, one in enumerate(desk.notices_of(row))
    ]  # fmt: skip


def late_items(row: Incident) -> int:
    return sum(one["late"] for one in plans.checklists(row))


def forms_of(row: Incident, people: list[Account], refused: Refused | None) -> dict[str, forms.Form]:
    label = gettext("ส่งมอบให้")
    others = [account for account in people if account.pk != row.commander]
    return {
        "level": bound(refused, "level") or typed.LevelForm(prefix="level", initial={"level": row.level or 1}),
        "commander": bound(refused, "commander")
        or typed.WhoForm(prefix="who", accounts=people, initial={"who": str(row.commander or "")}),
        "order": bound(refused, "order") or typed.OrderForm(prefix="order"),
        "handover": bound(refused, "handover") or typed.WhoForm(prefix="to", accounts=others, label=label),
        "note": bound(refused, "note") or typed.NoteForm(prefix="note"),
    }


def move(request: HttpRequest, row: Incident) -> str:
    """A move of the table. What it lacks is said in the words of its guard."""
    to, held = request.POST.get("target", "")[:20], fresh(request, row)
    found = next((one for one in desk.moves_of(held) if one.to == to), None)
    if found is not None and found.missing:
        raise ProblemError(found.missing[0])
    targets = desk.merge_targets(held) if found and "into" in found.asks else []
    sent = whole(typed.MoveForm(found.asks if found else (), request.POST, prefix=to, targets=targets))
    if "into" in sent:
        sent["into"] = next(one for one in targets if str(one.pk) == sent["into"])
    incidents.move(held.pk, to, version=held.version, **sent)
    return gettext("%(number)s: %(state)s") % {"number": row.number, "state": state_name(to)}


def level(request: HttpRequest, row: Incident) -> str:
    held, form = fresh(request, row), typed.LevelForm(request.POST, prefix="level")
    sent = whole(form)
    incidents.set_level(held.pk, sent["level"], declared_by=sent["level_by"], declared_at=form.moment)
    return done(gettext("บันทึก%(level)sแล้ว") % {"level": typed.level_name(sent["level"])}, row)


def commander(request: HttpRequest, row: Incident) -> str:
    held, people = fresh(request, row), desk.may_command()
    sent = whole(typed.WhoForm(request.POST, prefix="who", accounts=people))
    named = chosen_account(sent["who"])
    incidents.name_commander(held.pk, named)
    return done(gettext("%(name)s เป็นผู้อำนวยการเหตุการณ์") % {"name": named.display_name}, row)


def order(request: HttpRequest, row: Incident) -> str:
    sent = whole(typed.OrderForm(request.POST, prefix="order"))
    made = incidents.give_order(row.pk, sent["kind"], sent["text"], signer=request.user)  # type: ignore[arg-type]
    return gettext("ออกคำสั่ง %(number)s แล้ว") % {"number": made.number}


def handover(request: HttpRequest, row: Incident) -> str:
    held, people = fresh(request, row), desk.may_command()
    sent = whole(typed.WhoForm(request.POST, prefix="to", accounts=people))
    taker = chosen_account(sent["who"])
    acts.offer_command(held.pk, request.user, taker)  # type: ignore[arg-type]
    return gettext("ส่งสรุปสถานการณ์ให้ %(name)s แล้ว รอการยืนยันรับมอบ") % {"name": taker.display_name}


def note(request: HttpRequest, row: Incident) -> str:
    form = typed.NoteForm(request.POST, prefix="note")
    sent = whole(form)
    line = acts.note(row.pk, sent["text"], post=sent["post"], event_at=form.moment)
    return gettext("บันทึกบรรทัดที่ %(n)s แล้ว") % {"n": line.seq}


def tell(request: HttpRequest, row: Incident) -> str:
    rows = desk.notices_of(row)
    key = key_in(request)
    place = next((n for n, one in enumerate(rows) if one.pk == key), 0)
    form = typed.TellForm(request.POST, prefix=f"tell{place}")
    sent = whole(form)
    held = notices.mark_sent(row.pk, key, sent["how"], sent["receiver"], sent_at=form.moment)
    return gettext("บันทึกว่าแจ้ง%(to)sแล้ว") % {"to": in_language(held.to_th, held.to_en)}


HERE = "emergency:incident"
verbs.update({
    "move": Verb(move, draw, HERE), "level": Verb(level, draw, HERE), "commander": Verb(commander, draw, HERE),
    "order": Verb(order, draw, HERE), "handover": Verb(handover, draw, HERE), "note": Verb(note, draw, HERE, FIELD),
    "tell": Verb(tell, draw, HERE),
})  # fmt: skip
