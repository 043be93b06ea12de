"""The demo's phone: a LINE chat played against the real webhook on the fake platform. Demo towns only."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maehia.city.models import Place
from maehia.kit.acting import acting
from maehia.kit.demo import is_demo
from maehia.message.channels.line import menu as line_menu
from maehia.message.fakes import phone
from maehia.message.models import FakeDelivery
from maehia.web.registry import in_language

LONGEST, MOST_PHOTO = 500, 8 * 2**20
PRESETS = 8
SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}


def person(request: HttpRequest) -> tuple[str, str]:
    """(key, LINE user) of the invented person whose phone it is. 404 outside a demo and for anybody else."""
    name = request.POST.get("who") or request.GET.get("who") or phone.PEOPLE[0][0]
    if not is_demo():
        raise Http404
    try:
        return name, phone.user_of(name)
    except KeyError as error:
        raise Http404 from error


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    name, user = person(request)
    context: dict[str, Any] = _chat(name, user)
    context["people"] = [(key, in_language(th, en), key == name) for key, th, en in phone.PEOPLE]
    context["places"] = [(f"{p.geom.x:.6f},{p.geom.y:.6f},{p.name}", p.name) for p in _places()]
    context["menu"] = line_menu.definitions()["main"]["areas"]
    return render(request, "message/phone.html", context)


def _places() -> list[Any]:
    return list(Place.objects.exclude(geom=None).exclude(name="").order_by("name")[:PRESETS])


@never_cache
@require_GET
def chat(request: HttpRequest) -> HttpResponse:
    """Only the bubbles, for the page that looks again."""
    return render(request, "message/phone_chat.html", _chat(*person(request)))


def _chat(name: str, user: str) -> dict[str, Any]:
    bubbles = phone.chat(user)
    return {
        "who": name,
        "bubbles": bubbles,
        "last": bubbles[-1] if bubbles else None,
        "following": phone.is_following(user),
    }


@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """What was done on the phone: a text, a tap, a photo, a place, following or leaving."""
    name, user = person(request)
    if not _did(request, user):
        messages.error(request, gettext("พิมพ์ข้อความ เลือกภาพ หรือเลือกตำแหน่งก่อนส่ง"))
    back = f"{reverse('message:phone')}?who={name}"
    if "HX-Request" in request.headers:
        return render(request, "message/phone_chat.html", _chat(name, user))
    return redirect(f"{back}#end")


def _did(request: HttpRequest, user: str) -> bool:
    given = request.POST
    if "follow" in given:
        phone.follow(user, leave=given["follow"] == "leave")
    elif given.get("data"):
        phone.tap(user, given["data"][:300], given.get("shown", "")[:LONGEST])
    elif given.get("text", "").strip():
        phone.write(user, given["text"].strip()[:LONGEST])
    elif "photo" in request.FILES:
        return _photo(request, user)
    elif point := _point(request):
        phone.send_place(user, *point)
    else:
        return False
    return True


def _photo(request: HttpRequest, user: str) -> bool:
    file: Any = request.FILES["photo"]
    if file.size is None or file.size > MOST_PHOTO:
        messages.error(request, gettext("ภาพใหญ่เกิน 8 MB"))
        return True
    phone.send_photo(user, file.read())
    return True


def _point(request: HttpRequest) -> tuple[float, float, str] | None:
    """A place of the list, or degrees that were typed."""
    lon, _, rest = request.POST.get("place", "").partition(",")
    lat, _, words = rest.partition(",")
    lon, lat = lon or request.POST.get("lon", ""), lat or request.POST.get("lat", "")
    try:
        return float(lon), float(lat), words
    except ValueError:
        return None


@require_GET
def photo(request: HttpRequest, number: int) -> HttpResponse:
    """A photo of the chat, as it was sent from the demo's phone."""
    if not is_demo():
        raise Http404
    with acting("system:demo", "message.send"):
        row = FakeDelivery.objects.filter(pk=number, kind="photo").first()
    raw = base64.b64decode(json.loads(row.payload)["photo"]) if row else b""
    kind = next((kind for start, kind in SIGNATURES.items() if raw.startswith(start)), "")
    if not kind:
        raise Http404
    return HttpResponse(raw, content_type=kind)
