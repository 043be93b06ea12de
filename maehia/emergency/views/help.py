"""The public door in an emergency: "I am safe", "I need help". Three taps, no log-in, without a script too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, purposes_of
from maehia.base import Problem
from maehia.city.models import Person
from maehia.city.queries.places import moo_boxes
from maehia.emergency.actions import help as actions
from maehia.emergency.queries import help as queries
from maehia.emergency.queries import incidents
from maehia.emergency.rules.help import read_digits, show_code
from maehia.emergency.rules.help_machine import HELP, TAGS, TOLD
from maehia.emergency.views.help_forms import HelpForm, SafeForm, StatusForm, lang
from maehia.forms.registry import OFFLINE_LIFE
from maehia.kit import rates
from maehia.kit.acting import acting
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.web.errors import TooMany
from maehia.web.values import Crumb

PURPOSE, PUBLIC = "emergency.help", "system:public"
SALT = "maehia.emergency.help"
# Telephone companies put a whole village behind one address: very wide there, narrow for one device.
POSTS_PER_ADDRESS, POSTS_PER_DEVICE, WINDOW = 20_000, 60, 600
GUESSES_PER_ADDRESS, GUESSES_PER_CODE = 120, 10
View = Callable[..., HttpResponseBase]


def mode_of(request: HttpRequest) -> str:
    """Exercises have a door of their own, below /help/exercise/."""
    return "exercise" if "/help/exercise/" in request.path else "live"


def named(request: HttpRequest, name: str, *args: Any) -> str:
    return reverse(f"emergency:{'drill_' if mode_of(request) == 'exercise' else ''}{name}", args=args)


def address_of(request: HttpRequest) -> str:
    """The visitor's network address, as a short hash: counted, never kept."""
    return hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:16]


def limit(bucket: str, most: int) -> None:
    """Count one more. Raises TooMany (429) beyond `most` in ten minutes."""
    try:
        rates.limit(bucket, most, WINDOW)
    except rates.TooOften as error:
        fix = gettext("รอสักครู่แล้วลองใหม่ ถ้าเป็นเหตุด่วน โทร 1669, 191 หรือ 199 ทันที")
        raise TooMany(Problem(error.problem.code, gettext("มีการส่งจากเครื่องนี้ถี่เกินไป"), fix=fix), WINDOW) from error


def public(view: View) -> View:
    """A page of everybody: never cached, in an exercise only while one is open, posts counted by address and device."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if mode_of(request) == "exercise":
            with acting(PUBLIC, PURPOSE, mode="exercise"):
                if not incidents.open_ones():
                    raise Http404
        if request.method == "POST":
            limit(f"help:{address_of(request)}", POSTS_PER_ADDRESS)
            if actor := actor_of(request):
                limit(f"help:{actor}", POSTS_PER_DEVICE)
        return view(request, *args, **kwargs)

    return page


def shown(request: HttpRequest, template: str, answer: int = 200, **context: Any) -> HttpResponse:
    """A page of this door, in the colour of its mode."""
    home = named(request, "help")
    crumbs = [Crumb(gettext("ปลอดภัย / ขอความช่วยเหลือ"), home)]
    base = {
        "drill": mode_of(request) == "exercise", "home": home, "crumbs": crumbs,
        "need_url": named(request, "help_need"), "safe_url": named(request, "help_safe"),
        "status_url": named(request, "help_status"),
    }  # fmt: skip
    return render(request, f"emergency/help/{template}.html", {**base, **context}, status=answer)


@require_safe
@public
def start(request: HttpRequest) -> HttpResponse:
    """Two buttons: safe, or in need."""
    return shown(request, "start", crumbs=[])


def moos() -> list[tuple[str, str]]:
    """(number, words) of the villages."""
    found = [(int(code[-2:]), name) for code, name, _ in moo_boxes() if code[-2:].isdigit()]
    return [(str(n), gettext("หมู่ %(n)s %(name)s") % {"n": n, "name": name}) for n, name in found]


def own_entry(request: HttpRequest) -> dict[str, Any]:
    """What the register knows of the one who is logged in, so that she does not type it: phone, house, village.

    Nothing in an exercise: it knows invented people only.
    """
    user: Any = request.user
    if not user.is_authenticated or mode_of(request) == "exercise":
        return {}
    known: dict[str, Any] = {"name": user.display_name, "person_key": user.person_key}
    if user.person_key is None or "me.data" not in purposes_of(user):
        return known
    with acting_as(user, "me.data"):
        row = Person.objects.filter(pk=user.person_key).first()
        house = row.house if row else None
        if row is None:
            return known
        address = f"{house.house_no} หมู่ {house.moo}" if house and house.house_no else ""
        return {**known, "phone": row.phone or "", "moo": row.moo, "house_key": row.house_id, "address": address}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def need(request: HttpRequest) -> HttpResponseBase:
    """What is needed, which phone, where: sent once however often it was tapped."""
    return _need(request)


def _after_need(request: HttpRequest, pk: str) -> HttpResponse:
    return redirect(named(request, "help_sent", signing.dumps(pk, salt=SALT)))


@idempotent("emergency.help", show=_after_need, life=OFFLINE_LIFE)
def _need(request: HttpRequest) -> Created | HttpResponse:
    known = own_entry(request)
    if request.method != "POST":
        return shown(request, "need", form=HelpForm(initial=known, moos=moos()), known=known)
    told = HelpForm(request.POST, moos=moos()).told()
    asked = actions.Ask(**told, **own_keys(known))
    with acting(actor_of(request), PURPOSE, mode=mode_of(request)):
        return Created(actions.ask(asked).pk)


def own_keys(known: dict[str, Any]) -> dict[str, Any]:
    return {name: known.get(name) for name in ("person_key", "house_key")}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def safe(request: HttpRequest) -> HttpResponseBase:
    """One more tap: all here are safe."""
    return _safe(request)


def _after_safe(request: HttpRequest, pk: str) -> HttpResponse:
    return redirect(named(request, "help_safe_sent"))


@idempotent("emergency.safe", show=_after_safe, life=OFFLINE_LIFE)
def _safe(request: HttpRequest) -> Created | HttpResponse:
    known = own_entry(request)
    if request.method != "POST":
        return shown(request, "safe", form=SafeForm(initial=known, moos=moos()), known=known)
    told = SafeForm(request.POST, moos=moos()).told()
    with acting(actor_of(request), PURPOSE, mode=mode_of(request)):
        return Created(actions.safe(actions.Ask(**told, **own_keys(known))).pk)


@require_safe
@public
def safe_sent(request: HttpRequest) -> HttpResponse:
    return shown(request, "safe_sent")


@require_safe
@public
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The code, at once; what to do while waiting."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    with acting(PUBLIC, PURPOSE, mode=mode_of(request)):
        row = queries.by_key(key)
        if row is None:
            raise Http404
        status = queries.status_of(row)
    return shown(request, "sent", pin=None if row.phone else actions.pin_of(row.code), **status_words(request, status))


def status_words(request: HttpRequest, status: queries.Status) -> dict[str, Any]:
    """How far it is, in words for the one who asked."""
    state = HELP.states[status.state]
    told = TOLD[status.state]
    english = lang() == "en"
    link = named(request, "help_code", status.code)
    return {"status": status, "code": show_code(status.code), "state_words": state.en if english else state.th,
            "told": told[1] if english else told[0], "tag": TAGS[status.state], "code_url": link}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@public
def status(request: HttpRequest, code: str = "") -> HttpResponse:
    """How far it is, by code and last four digits. A wrong code and wrong digits get the same answer."""
    if request.method != "POST":
        first = {"code": show_code(read_digits(code)[:8]) if code else ""}
        return shown(request, "status", form=StatusForm(initial=first))
    form = StatusForm(request.POST)
    typed = read_digits(code or request.POST.get("code", ""))[:8]
    limit(f"help-status:{address_of(request)}", GUESSES_PER_ADDRESS)
    limit(f"help-status:{typed}", GUESSES_PER_CODE)
    with acting(PUBLIC, PURPOSE, mode=mode_of(request)):
        found = queries.status(typed, request.POST.get("last4", ""))
    if found is None:
        return shown(request, "status", 404, form=form, unknown=True)
    return shown(request, "status", found=True, **status_words(request, found))
