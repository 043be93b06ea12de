"""Playbooks at work in an incident: what is to be done, by which post, by when; a tick is a line of the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can
from maehia.emergency.actions import playbooks as acts
from maehia.emergency.models import ChecklistItem, Incident
from maehia.emergency.models.desk import POSTS
from maehia.emergency.queries import playbooks as plans
from maehia.emergency.views.incident_lines import post_words
from maehia.emergency.views.incident_parts import FIELD, Refused, Verb, basics, number_in, status_of, verbs
from maehia.emergency.views.incident_words import hazard_name
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import now
from maehia.web.registry import in_language

HERE = "emergency:plans"


@never_cache
@require_safe
@at_incident("emergency.see")
def checklists(request: HttpRequest, row: Incident) -> HttpResponse:
    return draw(request, row)


def draw(request: HttpRequest, row: Incident, refused: Refused | None = None) -> HttpResponse:
    asked = request.GET.get("post", "")
    running = plans.checklists(row)
    for one in running:
        one["name"] = in_language(one["list"].name_th, one["list"].name_en)
        shown = [item for item in one["items"] if asked in ("", item.role)]
        one["rows"] = sorted((_row(item) for item in shown), key=lambda item: item["item"].state != "open")
    context = {
        **basics(request, row, "plans", refused), "running": running, "post": asked,
        "posts": [(key, post_words(key)) for key, _ in POSTS], "to_start": [
            {"key": book.key, "hazard": hazard_name(book.hazard), "fits": book.hazard == row.hazard,
             "name": in_language(book.current.name_th, book.current.name_en), "steps": len(book.current.steps)}
            for book in plans.to_start(row) if book.current
        ],
        "may_prepare": can(request.user, "emergency.prepare"),
    }  # fmt: skip
    return render(request, "emergency/incident/plans.html", context, status=status_of(refused))


def _row(item: ChecklistItem) -> dict[str, object]:
    return {"item": item, "text": in_language(item.text_th, item.text_en), "post": post_words(item.role),
            "late": item.state == "open" and item.due_at < now()}  # fmt: skip


def start(request: HttpRequest, row: Incident) -> str:
    made = acts.start(row.pk, request.POST.get("target", "")[:40])
    return gettext("เริ่มแผน%(name)sแล้ว") % {"name": in_language(made.name_th, made.name_en)}


def tick(request: HttpRequest, row: Incident) -> str:
    state = request.POST.get("state", "")
    held = acts.tick(number_in(request, "target") or 0, row, state, request.POST.get("why", ""))
    words = {"done": gettext("ทำแล้ว: %(text)s"), "unneeded": gettext("ไม่ต้องทำ: %(text)s"),
             "open": gettext("เปิดขั้นตอนอีกครั้ง: %(text)s")}[held.state]  # fmt: skip
    return words % {"text": in_language(held.text_th, held.text_en)}


verbs.update({"start": Verb(start, draw, HERE), "tick": Verb(tick, draw, HERE, FIELD)})
