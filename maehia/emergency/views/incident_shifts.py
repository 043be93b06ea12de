"""Shifts of an incident: posts, objectives, and closing, which waits for an entry of every post."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.queries import account_of
from maehia.emergency.actions import desk_shifts
from maehia.emergency.models import Incident, Shift
from maehia.emergency.models.desk import POSTS
from maehia.emergency.queries import desk
from maehia.emergency.views import incident_forms as typed
from maehia.emergency.views.incident import power_words
from maehia.emergency.views.incident_lines import post_words
from maehia.emergency.views.incident_parts import (
    Refused,
    Verb,
    basics,
    bound,
    chosen_account,
    number_in,
    staff,
    status_of,
    verbs,
    whole,
)
from maehia.emergency.views.parts import at_incident

HERE = "emergency:shifts"


@never_cache
@require_safe
@at_incident("emergency.see")
def shifts(request: HttpRequest, row: Incident) -> HttpResponse:
    return draw(request, row)


def draw(request: HttpRequest, row: Incident, refused: Refused | None = None) -> HttpResponse:
    shift = desk.shift_of(row)
    approver = account_of(shift.approved_by) if shift and shift.approved_by else None
    context = {
        **basics(request, row, "shifts", refused), "shift": shift, "posts": posts_of(shift), "approver": approver,
        "closed": list(row.shifts.exclude(closed_at=None).order_by("-number")), "power": power_words(request.user),
        "form": bound(refused, "man") or typed.PostForm(prefix="man", accounts=staff()),
    }  # fmt: skip
    return render(request, "emergency/incident/shifts.html", context, status=status_of(refused))


def posts_of(shift: Shift | None) -> list[dict[str, Any]]:
    """Every post: who stands there, and whether the log has an entry of it."""
    if shift is None:
        return []
    silent = desk_shifts.silent_posts(shift)
    standing = {post.role: post for post in shift.posts.all() if post.ends_at is None}
    held = {post.role for post in shift.posts.all()}
    return [
        {"role": role, "words": post_words(role), "post": standing.get(role), "held": role in held,
         "silent": role in silent}
        for role, _ in POSTS
    ]  # fmt: skip


def begin(_request: HttpRequest, row: Incident) -> str:
    return gettext("เปิดกะที่ %(n)s แล้ว") % {"n": desk_shifts.begin(row.pk).number}


def man(request: HttpRequest, row: Incident) -> str:
    sent = whole(typed.PostForm(request.POST, prefix="man", accounts=staff()))
    made = desk_shifts.man(row.pk, sent["role"], chosen_account(sent["who"]))
    return gettext("%(name)s อยู่ตำแหน่ง%(post)s") % {"name": made.name, "post": post_words(made.role)}


def objective(request: HttpRequest, row: Incident) -> str:
    made = desk_shifts.set_objective(row.pk, request.POST.get("text", ""))
    return gettext("เพิ่มเป้าหมายข้อ %(n)s แล้ว") % {"n": made.number}


def reach(request: HttpRequest, row: Incident) -> str:
    held = desk_shifts.end_objective(row.pk, number_in(request, "target") or 0, request.POST.get("state", ""))
    return gettext("บันทึกผลของเป้าหมายข้อ %(n)s แล้ว") % {"n": held.number}


def approve(request: HttpRequest, row: Incident) -> str:
    held = desk_shifts.approve_objectives(row.pk, request.user)  # type: ignore[arg-type]
    return gettext("อนุมัติเป้าหมายของกะที่ %(n)s แล้ว") % {"n": held.number}


def close(request: HttpRequest, row: Incident) -> str:
    held = desk_shifts.close(row.pk, request.POST.get("text", ""))
    return gettext("ปิดกะที่ %(n)s แล้ว") % {"n": held.number}


verbs.update({
    "begin": Verb(begin, draw, HERE), "man": Verb(man, draw, HERE), "objective": Verb(objective, draw, HERE),
    "reach": Verb(reach, draw, HERE), "approve": Verb(approve, draw, HERE), "close-shift": Verb(close, draw, HERE),
})  # fmt: skip
