"""A text to many: who gets it, what it costs and what is left are shown before it is sent."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.kit.acting import acting
from maehia.kit.idempotency import Created, idempotent
from maehia.message.actions import broadcast as send
from maehia.message.actions import preview
from maehia.message.actions.broadcast import Preview
from maehia.message.chat import places
from maehia.message.forms import BroadcastForm
from maehia.message.models import Broadcast, LineFollower
from maehia.web.formats import show_number

PURPOSE = "message.send"
SHOWN = 10


def sent(request: HttpRequest, pk: str) -> HttpResponse:
    with acting(request.user.actor, PURPOSE):  # type: ignore[union-attr]
        row = Broadcast.objects.get(pk=pk)
    messages.success(request, gettext("ใส่คิวส่งถึง %(n)s คนแล้ว") % {"n": show_number(row.people)})
    return redirect("message:broadcast")


@never_cache
@require_http_methods(["GET", "POST"])
@require("message.send")
@idempotent("message.broadcast", show=sent)
def index(request: HttpRequest) -> HttpResponse | Created:
    """The first POST counts, the second sends."""
    actor = request.user.actor  # type: ignore[union-attr]
    with acting(actor, PURPOSE):
        form = BroadcastForm(request.POST or None, moos=_moos())
        found: Preview | None = None
        if request.method == "POST" and form.is_valid():
            values = [form.cleaned_data[name] for name in ("text_th", "text_en", "moos")]
            urgent = form.cleaned_data["urgent"]
            found = preview(*values, urgent=urgent)
            if request.POST.get("step") == "send":
                try:
                    return Created(send(*values, by=actor, urgent=urgent).pk)
                except ProblemError as error:
                    form.add_error(None, str(error))
        earlier = list(Broadcast.objects.all()[:SHOWN])
    return render(request, "message/broadcast.html", {"form": form, "found": found, "earlier": earlier})


def _moos() -> list[tuple[str, str]]:
    """Every village with the number of its followers."""
    held = Counter(LineFollower.objects.filter(unfollowed_at=None, news=True).values_list("moo", flat=True))
    count = gettext("%(place)s · %(n)s คน")
    return [(moo, count % {"place": name, "n": show_number(held.get(moo, 0))}) for moo, name in places()]
