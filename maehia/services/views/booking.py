"""Appointments for visitors: choose a service, a day and a free slot; see, move, cancel, and say "I am here"."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.base import BANGKOK, ProblemError
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.services import workflow
from maehia.services.actions import booking as actions
from maehia.services.models import Booking, BookingFor, QueueGroup
from maehia.services.queries import booking as queries
from maehia.services.queries.cases import by_secret
from maehia.services.queries.links import token_of
from maehia.services.views.queue import holding, key_or_404
from maehia.services.views.visitors import VISITOR, limited, secret_page
from maehia.web import registry as web
from maehia.web.fields import PhoneField
from maehia.web.values import Crumb

STATE_TAGS = {"booked": "open", "checked_in": "work", "serving": "work", "done": "done", "no_show": "late"}
HERE_BEFORE = timedelta(minutes=60)
NEAR_DAYS = 8  # shown at once; later days stand behind one tap


class WhoForm(forms.Form):
    """Who comes; everything may stay empty, then nobody can be reminded."""

    name = forms.CharField(
        label=gettext_lazy("ชื่อผู้มา"), required=False, max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "maxlength": 120}),
    )  # fmt: skip
    phone = PhoneField(required=False, help_text=gettext_lazy("เพื่อยืนยันและเตือนก่อนวันนัด"))
    email = forms.EmailField(
        label=gettext_lazy("อีเมล"), required=False, widget=forms.EmailInput({"autocomplete": "email"})
    )


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Which service."""
    groups = queries.bookable_groups()
    return render(request, "services/booking_start.html", {"groups": groups, "query": _case_query(request)})


def _case_query(request: HttpRequest) -> str:
    case = request.GET.get("case", "")
    return f"?case={case}" if case.isascii() and case.replace("-", "").replace("_", "").isalnum() else ""


def stamp_of(slot: datetime) -> int:
    """A moment as minutes since 1970: one address for one moment, whatever zone somebody reads it in."""
    return int(slot.timestamp()) // 60


def moment_of(stamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(stamp * 60, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Http404 from error


def _slot_context(request: HttpRequest, group: QueueGroup) -> dict[str, Any]:
    """The days that can be booked and the free slots of the chosen one (the first free day by itself)."""
    now = clock.now()
    with acting(VISITOR, "services.public"):
        days = queries.days_for(group.key, now)
        free = [day for day in days if day.free]
        chosen = _day(request) or (free[0].day if free else None)
        slots = queries.free_on(chosen, group.key, now) if chosen in {day.day for day in days} else []
    shown = [(slot.astimezone(BANGKOK), stamp_of(slot)) for slot in slots]
    near = chosen in {day.day for day in days[:NEAR_DAYS]} | {None}
    return {
        "group": group, "days": days, "chosen": chosen, "near": near, "slots": shown, "query": _case_query(request)
    }  # fmt: skip


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _group(key: str) -> QueueGroup:
    found = QueueGroup.objects.filter(pk=key, active=True, bookable=True).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def days(request: HttpRequest, group: str) -> HttpResponse:
    context = _slot_context(request, _group(group))
    context["crumbs"] = [Crumb(gettext("จองเวลา"), reverse("services:booking"))]
    return render(request, "services/booking_days.html", context)


def show_booking(request: HttpRequest, key: str) -> HttpResponse:
    return redirect("services:booking_one", token_of("booking", UUID(key)))


@never_cache
@limited("queue.book")
@idempotent("services.booking", show=show_booking)
def make(request: HttpRequest, group: str, stamp: int) -> HttpResponse | Created:
    """Who comes; POST books. A slot that went meanwhile is said, with the way back to the free ones."""
    chosen, slot, problem = _group(group), moment_of(stamp), None
    form = WhoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return Created(_booked(request, chosen, slot, form).pk)
        except ProblemError as error:
            problem = error.problem
    back = reverse("services:booking_days", args=[chosen.key])
    context = {
        "form": form, "group": chosen, "slot": slot, "problem": problem, "back": back,
        "case": request.GET.get("case") or request.POST.get("case", ""),
        "crumbs": [Crumb(gettext("จองเวลา"), reverse("services:booking")), Crumb(str(chosen), back)],
    }  # fmt: skip
    return render(request, "services/booking_who.html", context, status=400 if problem or form.errors else 200)


def _booked(request: HttpRequest, group: QueueGroup, slot: datetime, form: WhoForm) -> Booking:
    person = getattr(request.user, "person_key", None)
    visitor = actions.Visitor(
        **form.cleaned_data, person_key=person, case_id=by_secret(request.POST.get("case", "")),
        lang=(get_language() or "th")[:2],
    )  # fmt: skip
    return actions.book_as_visitor(group.key, slot, visitor, by=actor_of(request))


def _held(key: UUID) -> tuple[Booking, BookingFor | None]:
    found = queries.booking(key)
    if found is None:
        raise Http404
    return found, queries.about(key)


@require_safe
@secret_page
def one(request: HttpRequest, token: str) -> HttpResponse:
    """An appointment as its holder sees it."""
    key = key_or_404("booking", token)
    with holding(key):
        booking, about = _held(key)
    state = workflow.state(actions.KIND, booking.state)
    left = booking.slot - clock.now()
    context = {
        "booking": booking, "about": about, "token": token, "state_tag": STATE_TAGS.get(booking.state, "wait"),
        "state_words": web.in_language(state.th, state.en), "is_open": booking.state == "booked",
        "may_check_in": booking.state == "booked" and timedelta(minutes=-30) < left < HERE_BEFORE,
        "ticket_token": token_of("ticket", booking.ticket_id) if booking.ticket_id else "",
    }  # fmt: skip
    return render(request, "services/booking_one.html", context)


@secret_page
@limited("queue.move")
def move(request: HttpRequest, token: str) -> HttpResponse:
    """To another free slot."""
    key = key_or_404("booking", token)
    with holding(key):
        booking, _ = _held(key)
    problem = None
    if request.method == "POST":
        stamp = request.POST.get("slot", "")
        try:
            with holding(key):
                actions.move_booking(key, moment_of(int(stamp) if stamp.isdigit() else 0), by="system:link")
            return redirect("services:booking_one", token)
        except ProblemError as error:
            problem = error.problem
    context = {**_slot_context(request, booking.group), "booking": booking, "token": token, "problem": problem}
    return render(request, "services/booking_move.html", context, status=400 if problem else 200)


@secret_page
@limited("queue.cancel")
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Says what happens; POST gives the slot back."""
    key = key_or_404("booking", token)
    with holding(key):
        booking, _ = _held(key)
        if request.method == "POST":
            actions.cancel_booking(key, by="system:link")
            return redirect("services:booking_one", token)
    return render(request, "services/booking_cancel.html", {"booking": booking, "token": token})


@require_POST
@limited("queue.here")
def here(request: HttpRequest, token: str) -> HttpResponse:
    """ "I am here": her ticket, which goes first at its time."""
    key = key_or_404("booking", token)
    with holding(key):
        ticket = actions.check_in(key, by="system:link")
    return redirect("services:ticket", token_of("ticket", ticket.pk))
