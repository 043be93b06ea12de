"""The confidential desk: complaints about staff or corruption go past the unit concerned. Openings are written down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, require
from maehia.access.queries import accounts_by_actor, reads
from maehia.kit import clock
from maehia.services.models import Case
from maehia.services.views.staff_parts import due_words, state_tag, state_words
from maehia.web import registry as web

PURPOSE = "services.confidential"
SHOWN = 200
LOOKS = 20


@never_cache
@require_safe
@require("services.confidential")
def desk(request: HttpRequest) -> HttpResponse:
    """Open ones by what is due, then ended ones. The words of a complaint are read on its own page only."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        sealed = Case.objects.filter(is_confidential=True).exclude(state_type="hidden").select_related("service")
        open_ones = list(sealed.filter(state_type="open").order_by("due_at", "id")[:SHOWN])
        ended = list(sealed.exclude(state_type="open").order_by("-closed_at", "id")[:SHOWN])
        context = {"groups": [(gettext("กำลังดำเนินการ"), shown(open_ones)), (gettext("จบแล้ว"), shown(ended))],
                   "looks": looks([*open_ones, *ended])}  # fmt: skip
        return render(request, "services/confidential.html", context)


def shown(rows: list[Case]) -> list[dict[str, Any]]:
    now, found = clock.now(), []
    for row in rows:
        tag, words = due_words(row.due_at, now, state=row.state, state_type=row.state_type)
        found.append({
            "url": reverse("services:sealed", args=[row.pk]), "number": row.number, "due": words, "due_tag": tag,
            "service": web.in_language(row.service.name_th, row.service.name_en), "received": row.received_at,
            "state": state_words(row.kind, row.state), "state_tag": state_tag(row.state, row.state_type),
        })  # fmt: skip
    return found


def looks(rows: list[Case]) -> list[dict[str, Any]]:
    """The last openings of these cases: who, when, which."""
    numbers = {row.pk: row.number for row in rows}
    last = list(reads(purpose=PURPOSE).filter(entity="sealed_case", key__in=numbers)[:LOOKS])
    people = accounts_by_actor([look.actor for look in last])
    return [{"at": look.at, "who": people.get(look.actor, look.actor), "number": numbers[look.key]} for look in last]
