"""The queue for visitors: take a ticket on the phone or at the kiosk, see one's place, leave; the wall screen."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import Context, Scope, acting
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.services.actions import queue as actions
from maehia.services.models import Case, Ticket, TicketFor
from maehia.services.queries import queue as queries
from maehia.services.queries.cases import by_secret
from maehia.services.queries.links import key_of, token_of
from maehia.services.views.visitors import VISITOR, limited, secret_page
from maehia.web import registry as web

HOLDER = "system:link"
STATE_TAGS = {
    "waiting": "open",
    "invited": "work",
    "serving": "work",
    "hold": "wait",
    "no_show": "late",
    "done": "done",
}


def holding(key: UUID) -> AbstractContextManager[Context]:
    """The context of whoever holds the secret of one ticket or appointment."""
    return acting(HOLDER, "services.link", scope=Scope.subject(key))


def key_or_404(kind: Any, token: str) -> UUID:
    key = key_of(kind, token)
    if key is None:
        raise Http404
    return key


def show_ticket(request: HttpRequest, key: str) -> HttpResponse:
    at_kiosk = "?kiosk=1" if request.POST.get("kiosk") else ""
    return redirect(reverse("services:ticket", args=[token_of("ticket", UUID(key))]) + at_kiosk)


@never_cache
@limited("queue.take")
@idempotent("services.ticket", show=show_ticket)
def take(request: HttpRequest) -> HttpResponse | Created:
    """The groups with how many wait; POST gives a number."""
    problem = None
    if request.method == "POST":
        try:
            return Created(_taken(request).pk)
        except ProblemError as error:
            problem = error.problem
    with acting(VISITOR, "services.public"):
        rules = queries.rules_now()
        shown = queries.screen(queries.local_today())
        is_open = bool(queries.left_of(queries.local_today(), rules, clock.now()))
    context = {
        "waiting": shown.waiting, "open": is_open, "problem": problem, "desks": len(shown.open_desks),
        "priorities": [(row["key"], web.in_language(row["th"], row["en"])) for row in rules.priorities],
        "kiosk": request.GET.get("kiosk") or request.POST.get("kiosk", ""), "as_of": shown.as_of,
        "case": request.GET.get("case") or request.POST.get("case", ""), "chosen": request.POST.get("group", ""),
    }  # fmt: skip
    return render(request, "services/queue_take.html", context, status=400 if problem else 200)


def _taken(request: HttpRequest) -> Ticket:
    at_kiosk = bool(request.POST.get("kiosk"))
    return actions.take_as_visitor(
        request.POST.get("group", ""), by=actor_of(request), priority=request.POST.get("priority", ""),
        lang=(get_language() or "th")[:2], case_id=by_secret(request.POST.get("case", "")),
        channel="walk_in" if at_kiosk else "phone",
    )  # fmt: skip


@require_safe
@secret_page
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """One's place: how many are ahead, how long it will be and how sure that is; the desk when called."""
    key = key_or_404("ticket", token)
    with holding(key):
        found = queries.ticket(key)
        if found is None:
            raise Http404
        place = queries.place_of(found, clock.now())
        about = TicketFor.objects.filter(pk=key).first()
    context = {
        "ticket": found, "words": queries.words_of(found), "place": place, "token": token, "as_of": clock.now(),
        "state_tag": STATE_TAGS.get(found.state, "wait"), "state_words": state_words(found.state),
        "case_number": _number(about), "kiosk": request.GET.get("kiosk", ""), "today": queries.local_today(),
        "qr": qr_of(request.path) if request.GET.get("kiosk") else "",
    }  # fmt: skip
    return render(request, "services/queue_ticket.html", context)


def state_words(state: str) -> str:
    return {
        "waiting": gettext("รอเรียก"), "invited": gettext("ถึงคิวแล้ว"), "serving": gettext("กำลังรับบริการ"),
        "hold": gettext("พักไว้"), "no_show": gettext("เรียกแล้วไม่มา"),
        "done": gettext("เสร็จแล้ว"), "left": gettext("ออกจากคิวแล้ว"),
    }.get(state, state)  # fmt: skip


def _number(about: TicketFor | None) -> str:
    """The number of the ticket's case; the holder of the ticket sees no more of the case than that."""
    if about is None or about.case_id is None:
        return ""
    with acting(HOLDER, "services.link", scope=Scope.subject(about.case_id)):
        return Case.objects.filter(pk=about.case_id).values_list("number", flat=True).first() or ""


def qr_of(path: str) -> str:
    """An SVG of the address, for the phone of one who stands at the kiosk."""
    drawn = segno.make(f"{settings.SITE_URL}{path}", error="m").svg_inline(scale=5, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 (segno's own drawing of our own address)


@require_POST
@limited("queue.leave")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Give the place back."""
    key = key_or_404("ticket", token)
    with holding(key):
        actions.leave(key)
    return redirect("services:ticket", token)


@require_safe
@never_cache
def screen(request: HttpRequest) -> HttpResponse:
    """The wall: numbers and desks, no names. `?part=1` gives the part that a screen asks for every few seconds."""
    with acting(VISITOR, "services.public"):
        shown = queries.screen(queries.local_today())
    part = "services/screen_part.html" if request.GET.get("part") else "services/screen.html"
    context = {"screen": shown, "as_of": shown.as_of, "refresh": 86_400, "stale_after": 60}
    return render(request, part, context)
