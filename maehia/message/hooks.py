"""Addresses that other systems call. Outside i18n: they have no language."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from maehia.kit import rates
from maehia.message.actions.webhook import store
from maehia.message.channels.line import api
from maehia.message.inbound import events_of

DAY = 86400


@csrf_exempt
@require_POST
def line(request: HttpRequest) -> HttpResponse:
    """LINE's webhook: the raw bytes are verified before anything is read; events are stored and answered at once."""
    raw = request.body
    if not api.signed(raw, request.headers.get("x-line-signature", "")):
        rates.count("message.line_forged", DAY)
        return JsonResponse({"error": "signature"}, status=401)
    events = events_of(raw)
    if events is None:
        return JsonResponse({"error": "shape"}, status=400)
    ours = api.keys().bot
    if events and (not ours or destination(raw) == ours):
        store(events, raw)
    return JsonResponse({})


def destination(raw: bytes) -> str:
    return str(json.loads(raw).get("destination", ""))


urlpatterns = [path("line/", line, name="hook-line")]
