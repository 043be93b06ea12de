"""Forms on paper that come from rows: ICS 201, 202, 205A and 214, and the words for an authority."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can
from maehia.access.queries import account_of
from maehia.emergency.actions import notices
from maehia.emergency.actions.desk_shifts import held_posts
from maehia.emergency.models import AuthorityNotice, Incident, LogLine, Shift, TeamMember
from maehia.emergency.models.desk import POSTS, Post
from maehia.emergency.queries import desk
from maehia.emergency.queries.readiness import numbers, on_duty
from maehia.emergency.rules.posts import Written, belongs, posts_of
from maehia.emergency.views.incident_handover import words_of
from maehia.emergency.views.incident_lines import post_words, told
from maehia.emergency.views.incident_parts import basics
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import now
from maehia.web.registry import in_language

NAMES = {
    "201": gettext_lazy("สรุปสถานการณ์ (ICS 201)"), "202": gettext_lazy("เป้าหมายของกะ (ICS 202)"),
    "205A": gettext_lazy("รายชื่อติดต่อ (ICS 205A)"), "214": gettext_lazy("บันทึกของตำแหน่ง (ICS 214)"),
}  # fmt: skip


@never_cache
@require_safe
@at_incident("emergency.see")
def ics(request: HttpRequest, row: Incident, form: str) -> HttpResponse:
    """One form, ready to print. `?shift=` which shift, `?post=` which post (214).

    205A holds the telephones of those on call: for who runs the roster, and who works in this incident.
    """
    if form not in NAMES:
        raise Http404(form)
    if form == "205A" and not (can(request.user, "emergency.open") or works_in(request, row)):
        raise PermissionDenied(form)
    context = {**basics(request, row, "shifts"), "paper": NAMES[form], "at": now(), **FORMS[form](request, row)}
    return render(request, f"emergency/print/ics_{form.lower()}.html", context)


@never_cache
@require_safe
@at_incident("emergency.command")
def notice(request: HttpRequest, row: Incident, key: UUID) -> HttpResponse:
    """The words for an authority as a sheet."""
    held = AuthorityNotice.objects.select_related("incident").filter(pk=key, incident=row).first()
    if held is None:
        raise Http404(str(key))
    context = {**basics(request, row, "command"), "held": held, "text": notices.text_now(held),
               "paper": in_language(held.to_th, held.to_en)}  # fmt: skip
    return render(request, "emergency/print/notice.html", context)


def works_in(request: HttpRequest, row: Incident) -> bool:
    """Whether who asks holds a post of the incident now, or belongs to one of its teams."""
    me = request.user.pk
    teams = TeamMember.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now()), team__incident=row, team__ended_at=None,
                                      account=me)  # fmt: skip
    return Post.objects.filter(shift__incident=row, account=me, ends_at=None).exists() or teams.exists()


def shift_asked(request: HttpRequest, row: Incident) -> Shift | None:
    """The shift of the address, else the newest."""
    rows = row.shifts.prefetch_related("posts", "objectives")
    asked = request.GET.get("shift", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 6:
        return rows.filter(number=int(asked)).first()
    return rows.order_by("-number").first()


def briefing(_request: HttpRequest, row: Incident) -> dict[str, Any]:
    return {"brief": words_of(desk.briefing(row))}


def objectives(request: HttpRequest, row: Incident) -> dict[str, Any]:
    shift = shift_asked(request, row)
    approver = account_of(shift.approved_by) if shift and shift.approved_by else None
    return {"shift": shift, "approver": approver}


def contacts(_request: HttpRequest, row: Incident) -> dict[str, Any]:
    """Posts and teams of the incident, those on call, and the numbers outside."""
    shift = desk.shift_of(row)
    called = {one.account: one.phone for one in on_duty(now()) if one.account}
    posts = [{"what": post_words(p.role), "who": p.name, "phone": called.get(p.account, "")}
             for p in shift.posts.all() if p.ends_at is None] if shift else []  # fmt: skip
    teams = [{"what": one["team"].name, "who": one["lead"].display_name if one["lead"] else "",
              "phone": one["team"].phone} for one in desk.teams_of(row)]  # fmt: skip
    return {"posts": posts, "teams": teams, "on_call": on_duty(now()), "outside": numbers()}


def activity(request: HttpRequest, row: Incident) -> dict[str, Any]:
    """What was written for each post in a shift, oldest first."""
    shift, asked = shift_asked(request, row), request.GET.get("post", "")
    if shift is None:
        return {"shift": None, "sheets": []}
    roles = [role for role, _ in POSTS if asked in ("", role) and shift.posts.filter(role=role).exists()]
    return {"shift": shift, "sheets": [_sheet(shift, role) for role in roles]}


def _sheet(shift: Shift, role: str) -> dict[str, Any]:
    held = held_posts(shift)
    many, own = posts_of(held), [one for one in held if one.role == role]
    rows = LogLine.objects.filter(incident_id=shift.incident_id, event_at__gte=shift.starts_at)
    rows = rows.order_by("event_at", "seq")
    if shift.closed_at:
        rows = rows.filter(event_at__lte=shift.closed_at)
    fits = [row for row in rows if any(_belongs(row, one, many) for one in own)]
    return {"role": role, "words": post_words(role), "holders": [p for p in shift.posts.all() if p.role == role],
            "lines": told(fits)}  # fmt: skip


def _belongs(row: LogLine, held: Any, many: dict[str, int]) -> bool:
    return belongs(Written(row.kind, row.actor, row.event_at, row.value), held, many[held.actor])


FORMS = {"201": briefing, "202": objectives, "205A": contacts, "214": activity}
