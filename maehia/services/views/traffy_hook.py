"""POST and PATCH /hooks/traffy/<secret>/: Traffy says that something happened; we keep the hint and read the ticket."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from maehia.kit import rates
from maehia.kit.jobs import enqueue
from maehia.services.api.callers import place_of
from maehia.services.peers.traffy import hooks, link, taking

WRONG_PER_MINUTE = 30


@csrf_exempt
def hook(request: HttpRequest, secret: str) -> JsonResponse:
    """A wrong secret, a closed direction and a wrong method look like an address that is not there."""
    if not link.is_secret(secret):
        rates.count(f"traffy-wrong-secret:{place_of(request)}", 60)
        return answer(404, "not found")
    if request.method not in ("POST", "PATCH") or not link.peer().takes_in:
        return answer(404, "not found")
    if int(request.headers.get("Content-Length") or 0) > hooks.MOST_BYTES:
        return answer(413, "too large")
    try:
        hint = hooks.read_hint(request.method, request.body)
    except (ValueError, RecursionError):
        return answer(400, "no webhook of Traffy")
    if taking.keep_hint(hint):
        enqueue("services.traffy_hints", actor=link.BY, purpose=link.PURPOSE)
    return answer(200, "")


def answer(status: int, message: str) -> JsonResponse:
    return JsonResponse({"status": "success" if status == 200 else "fail", "message": message}, status=status)
