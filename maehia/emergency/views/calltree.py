"""Call trees and call-outs: who is to be rung now, by whom, and who answered when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.emergency.actions import calltree as actions
from maehia.emergency.actions.calltree import NewPost
from maehia.emergency.models import CallPost, CallRun, CallTree
from maehia.emergency.queries import calltree as queries
from maehia.emergency.queries import incidents
from maehia.emergency.queries import readiness as roster
from maehia.emergency.rules.calltree import ANSWERS, CALLING, NOBODY, REACHED, WAITING
from maehia.emergency.views.parts import own_purpose
from maehia.emergency.views.readiness_forms import PostForm, StartForm, TreeForm
from maehia.emergency.views.readiness_parts import (
    CHANGE,
    SEE,
    attempt,
    crumbs,
    desk,
    edit_page,
    to_page,
    told,
)
from maehia.kit.clock import now
from maehia.kit.idempotency import Created, idempotent, new_key
from maehia.web.registry import in_language
from maehia.web.values import Action

FORM = require_http_methods(["GET", "HEAD", "POST"])
TAGS = {WAITING: "wait", CALLING: "work", REACHED: "done", NOBODY: "late"}
WORDS = {WAITING: ("รอสายจากตำแหน่งบน", "Waits for the one above"), CALLING: ("กำลังเรียก", "Being called"),
         REACHED: ("มา", "Coming"), NOBODY: ("ไม่มีใครมาได้", "Nobody can come")}  # fmt: skip


@desk(SEE, before=require_safe)
def trees(request: HttpRequest) -> HttpResponse:
    """The trees, and the call-outs that go on or went before."""
    runs = [{"run": run, "reached": sum(one.state == REACHED for one in queries.standing(run, run.ended_at or now())),
             "posts": len(queries.tree_posts(run.tree, run))} for run in queries.last_runs(10)]  # fmt: skip
    change = [Action(gettext("เพิ่มผัง"), reverse("emergency:call_tree_new"), "primary", "plus")]
    context = {
        "trees": [{"row": tree, "posts": len(queries.tree_posts(tree))} for tree in queries.trees()], "runs": runs,
        "actions": change if can(request.user, CHANGE) else [], "crumbs": crumbs((gettext("ผังการเรียกคน"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/trees.html", context)


def _trail(*last: tuple[str, str]) -> list[Any]:
    return crumbs((gettext("ผังการเรียกคน"), reverse("emergency:call_trees")), *last)


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.tree", show=to_page("emergency:call_tree", gettext_lazy("บันทึกผังแล้ว"), with_id=True))(view)))  # fmt: skip
def tree_edit(request: HttpRequest, key: UUID | None = None) -> HttpResponse | Created:
    row = _tree(key) if key else None
    form = TreeForm(request.POST or None, initial={"name": row.name, "minutes": row.minutes} if row else {})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.save_tree(key, **form.cleaned_data, active="off" not in request.POST))
        if made:
            return Created(made.pk)
    title = row.name if row else gettext("เพิ่มผังการเรียกคน")
    off = gettext("บันทึกและเลิกใช้ผังนี้") if row else ""
    return edit_page(request, form, title, _trail((title, "")), off=off)


def _tree(key: UUID) -> CallTree:
    row = CallTree.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


@desk(SEE, before=require_safe)
def tree(request: HttpRequest, key: UUID) -> HttpResponse:
    """One tree: its posts from above to below, and a form to begin a call-out."""
    row = _tree(key)
    posts = queries.tree_posts(row)
    people = {one.pk: one for one in roster.contacts(everybody=True)}
    names = roster.account_names(list(people.values()))
    depths: dict[UUID | None, int] = {}
    shown = []
    for post in posts:
        depths[post.pk] = depths.get(post.caller_id, -1) + 1
        held = [people[one.contact_id] for one in post.people.all() if one.contact_id in people]
        named = [{"name": roster.name_of(one, names), "phone": one.phone} for one in held]
        shown.append({"post": post, "depth": min(depths[post.pk], 5), "people": named})
    context = {
        "tree": row, "posts": shown, "form": StartForm(incidents=incidents.open_ones()), "key": new_key(),
        "may_change": can(request.user, CHANGE), "crumbs": _trail((row.name, "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/tree.html", context)


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.post", show=to_page("emergency:call_trees", gettext_lazy("บันทึกตำแหน่งแล้ว")))(view)))  # fmt: skip
def post(request: HttpRequest, key: UUID, post_key: UUID | None = None) -> HttpResponse | Created:
    """Add or change a post of a tree."""
    held = _tree(key)
    row = CallPost.objects.filter(pk=post_key, tree=held, removed_at=None).first() if post_key else None
    if post_key and row is None:
        raise Http404
    others = [one for one in queries.tree_posts(held) if one != row]
    form = PostForm(request.POST or None, posts=others, initial=_start(row))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = NewPost(given["name"], [UUID(one) for one in form.people()],
                      UUID(given["caller"]) if given["caller"] else None, given["order"])  # fmt: skip
        made = attempt(form, lambda: actions.save_post(key, post_key, new))
        if made:
            return Created(key)
    title = row.name if row else gettext("เพิ่มตำแหน่ง")
    trail = _trail((held.name, reverse("emergency:call_tree", args=[key])), (title, ""))
    return edit_page(request, form, title, trail)


def _start(row: CallPost | None) -> dict[str, Any]:
    if row is None:
        return {}
    people = {f"person{n}": str(one.contact_id) for n, one in enumerate(row.people.all())}
    return {"name": row.name, "caller": str(row.caller_id or ""), "order": row.order, **people}


@desk(CHANGE, before=require_POST)
def post_remove(request: HttpRequest, key: UUID, post_key: UUID) -> HttpResponseBase:
    told(request, lambda: actions.remove_post(post_key), gettext("เอาตำแหน่งออกจากผังแล้ว"))
    return redirect("emergency:call_tree", key)


def _started(_request: HttpRequest, made: str) -> HttpResponseBase:
    return redirect("emergency:call_out", made)


@never_cache
@require("emergency.open")
@require_POST
@idempotent("emergency.callout", show=_started)
def start(request: HttpRequest, key: UUID) -> HttpResponseBase | Created:
    """Begin a call-out; as an exercise it stands in the exercise's own mode."""
    mode = "exercise" if request.POST.get("mode") == "exercise" else "live"
    made: list[CallRun] = []
    with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
        asked = request.POST.get("incident", "")
        incident = next((one for one in incidents.open_ones() if str(one.pk) == asked), None)
        words = request.POST.get("words", "")
        told(request, lambda: made.append(actions.start(key, words, incident=incident)), gettext("เริ่มเรียกแล้ว"))
    return Created(made[0].pk) if made else redirect("emergency:call_tree", key)


def _mode_of(request: HttpRequest, key: UUID) -> str:
    """In which mode a call-out runs: asked of both, since the address does not say."""
    for mode in ("live", "exercise"):
        with acting_as(request.user, own_purpose(request), mode=mode):  # type: ignore[arg-type]
            if CallRun.objects.filter(pk=key).exists():
                return mode
    raise Http404


@never_cache
@require("emergency.see")
@require_http_methods(["GET", "HEAD", "POST"])
def call_out(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One call-out. Whoever may open incidents writes down anybody's answer; others see and answer their own call."""
    mode = _mode_of(request, key)
    with acting_as(request.user, own_purpose(request), mode=mode):  # type: ignore[arg-type]
        run = CallRun.objects.select_related("tree", "incident").get(pk=key)
        if request.method == "POST":
            return _answered(request, run)
        return _draw(request, run, mode)


def _draw(request: HttpRequest, run: CallRun, mode: str) -> HttpResponse:
    oversees, me = can(request.user, SEE), actions.contact_of(request.user)  # type: ignore[arg-type]
    rows = queries.rows_of(run, run.ended_at or now())
    if not oversees:
        rows = [row for row in rows if me and any(one.contact == me.pk for one in row.called)]
    shown = [{
        "row": row, "depth": min(row.depth, 5), "tag": TAGS[row.standing.state],
        "words": in_language(*WORDS[row.standing.state]),
        "called": [{"one": one, "answer": in_language(*ANSWERS[one.answer]) if one.answer else "",
                    "tag": {"coming": "done", "cannot": "late", "silent": "late"}.get(one.answer, "work"),
                    "mine": bool(me and one.contact == me.pk)}
                   for one in row.called if oversees or (me and one.contact == me.pk)],
    } for row in rows]  # fmt: skip
    context = {
        "run": run, "rows": shown, "oversees": oversees, "exercise": mode == "exercise", "open": run.ended_at is None,
        "reached": sum(row.standing.state == REACHED for row in rows), "posts": len(rows), "at": now(),
        "crumbs": _trail((run.tree.name, reverse("emergency:call_tree", args=[run.tree_id])), (gettext("การเรียก"), ""))
        if oversees else [],
    }  # fmt: skip
    return render(request, "emergency/readiness/call_out.html", context)


def _answered(request: HttpRequest, run: CallRun) -> HttpResponseBase:
    """Write an answer down; others than those who oversee answer for themselves only."""
    me = actions.contact_of(request.user)  # type: ignore[arg-type]
    try:
        post_key, contact = UUID(request.POST.get("post", "")), UUID(request.POST.get("contact", ""))
    except ValueError:
        messages.error(request, gettext("ไม่ทราบว่าบันทึกคำตอบของใคร"))
        return redirect("emergency:call_out", run.pk)
    if not can(request.user, SEE) and (me is None or me.pk != contact):
        messages.error(request, gettext("คุณตอบแทนผู้อื่นไม่ได้"))
        return redirect("emergency:call_out", run.pk)
    told(request, lambda: actions.answer(run.pk, post_key, contact, request.POST.get("answer", "")),
         gettext("บันทึกคำตอบแล้ว"))  # fmt: skip
    return redirect("emergency:call_out", run.pk)


@never_cache
@require("emergency.open")
@require_POST
def call_end(request: HttpRequest, key: UUID) -> HttpResponseBase:
    mode = _mode_of(request, key)
    with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
        told(request, lambda: actions.end(key), gettext("ปิดการเรียกแล้ว"))
    return redirect("emergency:call_out", key)


@never_cache
@require("emergency.see")
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """The call that waits for me: straight to it when there is one."""
    found = []
    for mode in ("live", "exercise"):
        with acting_as(request.user, own_purpose(request), mode=mode):  # type: ignore[arg-type]
            me = actions.contact_of(request.user)  # type: ignore[arg-type]
            found += [(mode, one.run, one.called_at) for one in (queries.waiting_for(me) if me else [])]
    if len(found) == 1:
        return redirect("emergency:call_out", found[0][1].pk)
    rows = [{"mode": mode, "run": run, "at": at} for mode, run, at in found]
    return render(request, "emergency/readiness/mine.html", {"rows": rows})
