"""What the stations measure: the newest values with their state, and a chart with its numbers. Open data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can, require
from maehia.city import words
from maehia.city.exports import csv_response
from maehia.city.models import Quantity, Station
from maehia.city.queries.readings import (
    Bucket,
    StationNow,
    buckets,
    day_means,
    floor,
    latest,
    series,
    silent_stations,
)
from maehia.kit import clock
from maehia.thai import Aqi, format_datetime, thai_aqi_pm25
from maehia.web import charts
from maehia.web import registry as web
from maehia.web.values import Crumb

SPANS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
MOMENT = timedelta(minutes=1)  # the value of this very minute belongs to "until now"
SUMMED = {"rain"}  # what falls is added up; everything else is averaged
STATES = {"good": "done", "stale": "wait", "stuck": "work", "range": "late", "missing": "wait"}


def state_words(state: str) -> str:
    return {
        "good": gettext("ปกติ"), "stale": gettext("ขาดการส่ง"), "stuck": gettext("ค่าค้าง"),
        "range": gettext("นอกช่วงที่เป็นไปได้"), "missing": gettext("ไม่มีค่า"),
    }[state]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One value for the page: as text with unit, its state as tag and word, and the air quality index for PM2.5."""

    now: StationNow
    url: str
    aqi: Aqi | None = None
    mean: Decimal | None = None

    @property
    def value(self) -> str:
        return words.show_number(round(self.now.value, 2)) if self.now.value is not None else words.NOTHING

    @property
    def name(self) -> str:
        return web.in_language(self.now.quantity.name_th, self.now.quantity.name_en)

    @property
    def tag(self) -> str:
        return STATES[self.now.state]

    @property
    def state(self) -> str:
        return state_words(self.now.state)

    @property
    def aqi_words(self) -> str:
        return aqi_label(self.aqi) if self.aqi else ""

    @property
    def mean_words(self) -> str:
        return f"{self.mean:.1f}" if self.mean is not None else ""


def aqi_label(aqi: Aqi) -> str:
    """The official label with its number, in the language of the page."""
    english = {1: "Excellent", 2: "Good", 3: "Moderate", 4: "Starting to affect health", 5: "Affecting health"}
    return web.in_language(aqi.label_th, english[aqi.band])


def shown_values(name: str, now: datetime, station: str = "") -> list[Shown]:
    means = day_means("pm25", now)
    found = []
    for row in latest(now, station):
        mean = means.get(row.station.code) if row.quantity.key == "pm25" else None
        url = f"{reverse(name, args=[row.station.code])}?quantity={row.quantity.key}"
        found.append(Shown(row, url, thai_aqi_pm25(mean) if mean is not None else None, mean))
    return found


def by_station(found: list[Shown]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for shown in found:
        station = shown.now.station
        groups.setdefault(station.code, {"station": station, "values": []})["values"].append(shown)
    return list(groups.values())


@never_cache
@require_safe
@require("intake.readings")
def staff_readings(request: HttpRequest) -> HttpResponse:
    found = shown_values("city:station", clock.now())
    context = {
        "stations": by_station(found), "silent": silent_stations(), "looked_at": clock.now(), "summary": summary(found),
        "may_keys": can(request.user, "town.settings"),
    }  # fmt: skip
    return render(request, "city/readings.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def public_readings(request: HttpRequest) -> HttpResponse:
    found = shown_values("city:public_station", clock.now())
    context = {
        "stations": by_station(found),
        "silent": [],
        "looked_at": clock.now(),
        "summary": summary(found),
        "public": True,
    }
    return render(request, "city/public_readings.html", context)


def summary(found: list[Shown]) -> str:
    """One sentence: how many values can be relied on."""
    good = sum(1 for shown in found if shown.now.is_known)
    if not found:
        return ""
    if good == len(found):
        return gettext("ทุกค่าเป็นปัจจุบันและใช้ได้")
    bad = len(found) - good
    return ngettext("%(n)s ค่ายังใช้ไม่ได้ในขณะนี้", "%(n)s ค่ายังใช้ไม่ได้ในขณะนี้", bad) % {"n": bad}


@never_cache
@require_safe
@require("intake.readings")
def station(request: HttpRequest, code: str) -> HttpResponse:
    return station_page(request, code, "city:station", "city/station.html")


@require_safe
@cache_control(public=True, max_age=60)
def public_station(request: HttpRequest, code: str) -> HttpResponse:
    return station_page(request, code, "city:public_station", "city/public_station.html")


def station_page(request: HttpRequest, code: str, name: str, template: str) -> HttpResponse:
    """One station: its values, and the chart of one quantity over a day, a week or a month. ?format=csv: the values."""
    place = Station.objects.filter(code=code).first()
    if place is None:
        raise Http404
    now = clock.now()
    values = shown_values(name, now, code)
    quantity = picked(request.GET.get("quantity", ""), values)
    span = request.GET.get("span", "24h")
    if span not in SPANS:
        raise Http404
    if request.GET.get("format") == "csv" and quantity is not None:
        return as_csv(code, quantity, now - SPANS[span], now)
    home = "city:readings" if name == "city:station" else "city:public_readings"
    context = {
        "station": place, "values": values, "quantity": quantity, "span": span,
        "chart": chart(place, quantity, span, now) if quantity else None,
        "quantities": [] if quantity is None else quantity_chips(values, quantity, span),
        "spans": [] if quantity is None else span_tabs(quantity, span),
        "csv": f"?quantity={quantity.key}&span={span}&format=csv" if quantity else "",
        "crumbs": [Crumb(gettext("ค่าตรวจวัด"), reverse(home)), Crumb(place.name or place.code)],
    }  # fmt: skip
    return render(request, template, context)


def picked(asked: str, values: list[Shown]) -> Quantity | None:
    """The asked quantity of this station, else its first; 404 for one that it does not measure."""
    held = {shown.now.quantity.key: shown.now.quantity for shown in values}
    if asked and asked not in held:
        raise Http404
    return held.get(asked) or next(iter(held.values()), None)


def quantity_chips(values: list[Shown], quantity: Quantity, span: str) -> list[dict[str, Any]]:
    return [
        {
            "label": shown.name,
            "url": f"?quantity={shown.now.quantity.key}&span={span}",
            "on": shown.now.quantity == quantity,
        }
        for shown in values
    ]


def span_tabs(quantity: Quantity, span: str) -> list[dict[str, Any]]:
    named = (("24h", gettext("24 ชั่วโมง")), ("7d", gettext("7 วัน")), ("30d", gettext("30 วัน")))
    return [{"label": w, "url": f"?quantity={quantity.key}&span={key}", "current": key == span} for key, w in named]


def chart(place: Station, quantity: Quantity, span: str, now: datetime) -> charts.Figure | None:
    """Hours for a day and a week, days for a month. Doubtful values are left out and counted; gaps stay gaps."""
    unit = "day" if span == "30d" else "hour"
    end = floor(now, "hour") + timedelta(hours=1)
    slots = buckets(place.code, quantity.key, unit, end - SPANS[span], end)
    if not any(slot.used for slot in slots):
        return None
    name, summed = web.in_language(quantity.name_th, quantity.name_en), quantity.key in SUMMED
    drawn = [slot.total if summed else slot.mean for slot in slots]
    line = charts.Series(name, rounded(drawn))
    if span == "30d" and not summed:
        line = charts.Series(name, rounded(drawn), rounded(s.low for s in slots), rounded(s.high for s in slots))
    labels = [slot_label(slot.at, span) for slot in slots]
    what = what_words(name, quantity.unit, unit, summed)
    return charts.figure(
        "line", labels, [line], finding=finding(slots, drawn, quantity, unit, summed), what=what, unit=quantity.unit,
        source=place.name or place.code, first_header=gettext("เวลา"), as_of=now.date(),
    )  # fmt: skip


def rounded(values: Any) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]


def slot_label(at: datetime, span: str) -> str:
    if span == "24h":
        return f"{at:%H:%M}"
    day = words.show_day(at).rsplit(" ", 1)[0]
    return day if span == "30d" else f"{day} {at:%H:%M}"


def what_words(name: str, unit: str, slot: str, summed: bool) -> str:
    how = {
        ("hour", True): gettext("%(name)s รวมรายชั่วโมง (%(unit)s)"),
        ("hour", False): gettext("%(name)s เฉลี่ยรายชั่วโมง (%(unit)s)"),
        ("day", True): gettext("%(name)s รวมรายวัน (%(unit)s)"),
        ("day", False): gettext("%(name)s เฉลี่ยรายวัน แถบแสดงค่าต่ำสุดถึงสูงสุด (%(unit)s)"),
    }[slot, summed]  # fmt: skip
    return how % {"name": name, "unit": unit}


def finding(slots: list[Bucket], drawn: list[float | None], quantity: Quantity, unit: str, summed: bool) -> str:
    """The sentence above: the sum or mean, the peak and when, and how many values were left out."""
    known = [(value, slot) for value, slot in zip(drawn, slots, strict=True) if value is not None]
    top, at = max(known, key=lambda pair: (pair[0], pair[1].at))
    total = sum(value for value, _ in known)
    shown = {
        "v": words.show_number(round(total if summed else total / len(known), 1)),
        "unit": quantity.unit,
        "top": words.show_number(round(top, 1)),
        "at": words.show_day(at.at) if unit == "day" else moment(at.at),
    }
    said = (
        gettext("รวม %(v)s %(unit)s มากที่สุด %(top)s เมื่อ %(at)s")
        if summed
        else gettext("เฉลี่ย %(v)s %(unit)s สูงสุด %(top)s เมื่อ %(at)s")
    )
    left = sum(slot.of - slot.used for slot in slots)
    note = ngettext("ไม่นับค่าที่ใช้ไม่ได้ %(n)s ค่า", "ไม่นับค่าที่ใช้ไม่ได้ %(n)s ค่า", left) % {"n": left} if left else ""
    return f"{said % shown} {note}".strip()


def moment(at: datetime) -> str:
    return web.in_language(format_datetime(at), f"{words.show_day(at)}, {at:%H:%M}")


def as_csv(code: str, quantity: Quantity, start: datetime, end: datetime) -> HttpResponse:
    """The values as they came, each with its quality: nothing is left out here."""
    rows = (
        (o.station_code, o.quantity, o.at.isoformat(), o.value, o.quality)
        for o in series(code, quantity.key, start, end + MOMENT, 50_000)
    )
    safe = "".join(c for c in code if c.isascii() and (c.isalnum() or c in "-_")) or "station"
    return csv_response(f"{safe}-{quantity.key}.csv", ["station", "quantity", "at", "value", "quality"], rows)
