"""A citizen's own messages, the channels that he wants, and his LINE."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit import rates
from maehia.kit.acting import acting
from maehia.message.actions import link_line, prefer, unlink_line
from maehia.message.actions.link import MINE, account_of, open_link
from maehia.message.actions.queue import ACTOR, address_index
from maehia.message.channels.line import api
from maehia.message.forms import PreferenceForm
from maehia.message.models import Message, Preference
from maehia.message.views.outbox import channel_word
from maehia.web.middleware import POLICY

SHOWN = 30
NONCE = "line_nonce"
SDK = "https://static.line-scdn.net"
LINE_CALLS = "https://api.line.me https://access.line.me https://liffsdk.line-scdn.net"
TRIES, TRIES_SECONDS = 20, 600


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.mine")
def index(request: HttpRequest) -> HttpResponse:
    """What was sent to me, newest first, and how I want to be told."""
    account = request.user
    with acting_as(account, MINE):  # type: ignore[arg-type]
        link = open_link(account.pk)  # type: ignore[arg-type]
        kept = Preference.objects.filter(account_key=str(account.pk)).first()
    choices = [(key, channel_word(key)) for key in ("notice", "line", "email")]
    form = PreferenceForm(
        request.POST or None, choices=choices, initial={"channels": kept.channels if kept else ["notice", "line"]}
    )
    if request.method == "POST" and form.is_valid():
        prefer(account, form.cleaned_data["channels"])  # type: ignore[arg-type]
        messages.success(request, gettext("บันทึกช่องทางที่ต้องการแล้ว"))
        return redirect("message:mine")
    places = [str(account.pk), *([link.line_user] if link else [])]
    with acting(ACTOR, "message.send"):
        rows = list(
            Message.objects.filter(recipient_index__in=[address_index(p) for p in places]).order_by("-created_at")[
                :SHOWN
            ]
        )
    return render(
        request, "message/mine.html", {"rows": rows, "form": form, "link": link, "line_on": api.state() != "off"}
    )


@require_POST
@require("services.mine")
def unlink(request: HttpRequest) -> HttpResponse:
    """End the link with LINE."""
    unlink_line(request.user)  # type: ignore[arg-type]
    messages.success(request, gettext("ยกเลิกการผูกกับ LINE แล้ว"))
    return redirect("message:mine")


@never_cache
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest) -> HttpResponse:
    """The page that opens inside LINE: an ordinary page; an ID token only adds signing in or linking."""
    if request.method == "POST":
        return _signed_in(request)
    request.session[NONCE] = request.session.get(NONCE) or secrets.token_urlsafe(16)
    live = api.state() == "live" and bool(api.keys().liff)
    context = {"nonce": request.session[NONCE], "liff": api.keys().liff if live else "", "sdk": SDK if live else ""}
    answer = render(request, "message/line.html", context)
    if live:  # the one page that loads a script from outside: LINE gives its sign-in no other way
        answer["Content-Security-Policy"] = POLICY.replace("script-src 'self'", f"script-src 'self' {SDK}").replace(
            "connect-src 'self'", f"connect-src 'self' {LINE_CALLS}"
        )
    return answer


def _signed_in(request: HttpRequest) -> HttpResponse:
    """Only LINE's own word about the token counts; what else the page sends is not looked at."""
    place = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]  # counted, never kept
    rates.limit(f"message.liff:{place}", TRIES, TRIES_SECONDS)
    token, nonce = request.POST.get("id_token", ""), request.session.get(NONCE, "")
    try:
        if request.user.is_authenticated:
            link_line(request.user, token, nonce)
            messages.success(request, gettext("ผูกบัญชีกับ LINE แล้ว คุณจะได้รับข่าวของเรื่องในแชท"))
            return redirect("message:mine")
        account = account_of(token, nonce)
    except ProblemError as error:
        messages.error(request, str(error))
        return redirect("message:line")
    if account is None:
        messages.info(request, gettext("LINE นี้ยังไม่ได้ผูกกับบัญชี เข้าระบบครั้งแรกด้วยบัญชีของคุณก่อน"))
        return redirect("account_login")
    with acting("system:login", "system.login"):
        login(request, account, backend="maehia.access.backends.AccountBackend")
    return redirect("me")
