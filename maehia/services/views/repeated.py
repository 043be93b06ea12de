"""ร้องซ้ำ: the places to mend for good instead of once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, require
from maehia.kit import clock
from maehia.services.models import Service
from maehia.services.queries.repeated import Spot, places, threshold
from maehia.services.views.staff_parts import crumbs, state_tag, state_words
from maehia.thai import to_arabic
from maehia.web import registry as web
from maehia.web.maps import Place

DAYS_OF_A_MONTH = 30.4375
SHOWN = 100


@never_cache
@require_safe
@require("services.inbox")
def repeated(request: HttpRequest) -> HttpResponse:
    """Map and list of the places; least and months can be tried out in the address."""
    rule = threshold()
    least = asked(request, "least", rule["least"], 2, 50)
    months = asked(request, "months", rule["months"], 1, 36)
    with acting_as(request.user, "services.desk"):  # type: ignore[arg-type]
        since = clock.now() - timedelta(days=months * DAYS_OF_A_MONTH)
        found = places(since, least=least, metres=rule["metres"])
        names = {s.code: web.in_language(s.name_th, s.name_en) for s in Service.objects.all()}
        shown = [row(spot, n, names) for n, spot in enumerate(found[:SHOWN])]
        context = {
            "spots": shown, "found": len(found), "cases": sum(len(spot.cases) for spot in found), "least": least,
            "months": months, "rule": rule, "places": [place for one in shown if (place := one["place"])],
            "bounds": bounds(found), "crumbs": crumbs((gettext("ร้องซ้ำ"), "")),
        }  # fmt: skip
        return render(request, "services/repeated.html", context)


def asked(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    typed = to_arabic(request.GET.get(name, ""))
    return min(most, max(least, int(typed))) if typed.isdigit() and len(typed) < 4 else default


def row(spot: Spot, n: int, names: dict[str, str]) -> dict[str, Any]:
    services = list(dict.fromkeys(names.get(case["service"], case["service"]) for case in spot.cases))
    moo = gettext("หมู่ %(moo)s") % {"moo": spot.moo} if spot.moo is not None else ""
    label = spot.label or " ".join(part for part in (services[0], moo) if part)
    cases = [
        {"number": case["number"], "url": reverse("services:case", args=[case["id"]]), "at": case["received_at"],
         "state": state_words(case["kind"], case["state"]), "tag": state_tag(case["state"], case["state_type"])}
        for case in spot.cases
    ]  # fmt: skip
    place = None
    if spot.lon is not None and spot.lat is not None:
        words = gettext("%(n)s เรื่อง: %(what)s") % {"n": len(cases), "what": ", ".join(services)}
        place = Place(f"spot{n}", label, spot.lon, spot.lat, words, f"#spot{n}")
    url = reverse("city:entity", args=["asset", spot.asset]) if spot.asset else ""
    return {"id": f"spot{n}", "label": label, "moo": moo, "services": services, "cases": cases, "place": place,
            "asset_url": url, "open": spot.open_now}  # fmt: skip


def bounds(found: list[Spot]) -> tuple[float, float, float, float] | None:
    """A box around all of them with a margin; the town's own when there are none."""
    points = [(spot.lon, spot.lat) for spot in found if spot.lon is not None and spot.lat is not None]
    if not points:
        return None
    xs, ys = zip(*points, strict=True)
    return min(xs) - 0.004, min(ys) - 0.004, max(xs) + 0.004, max(ys) + 0.004
