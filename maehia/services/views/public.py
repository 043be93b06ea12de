"""The town's open cases for everybody: list, map, file and the page of one. Only what the rules let out."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.base import ProblemError
from maehia.city.queries.places import moo_boxes
from maehia.kit.acting import Scope, acting
from maehia.kit.clock import now
from maehia.kit.idempotency import Created, actor_of, idempotent
from maehia.services import actions
from maehia.services.forms_report import ContactForm
from maehia.services.queries import cases, following, published
from maehia.services.queries.published import Asked
from maehia.services.views import follow_page as shown
from maehia.services.views.offered import Offer, group_name, offered
from maehia.services.views.pictures import town_picture
from maehia.services.views.report_parts import contact_of
from maehia.services.views.visitors import GUESSES_PER_NUMBER, HOUR, VISITOR, limit, limited
from maehia.thai import clean_text, to_arabic
from maehia.web.layers import LegendStep, MapLayer
from maehia.web.maps import Place
from maehia.web.registry import in_language
from maehia.web.values import Chip, Crumb, Event

PAGE = 20
LEGEND = (
    LegendStep("กำลังดำเนินการ", "Being worked on", "m-c3", "open"), LegendStep("เกินกำหนด", "Late", "m-c2", "late"),
    LegendStep("แก้ไขแล้ว", "Fixed", "m-c1", "fixed"), LegendStep("ปิดด้วยเหตุอื่น", "Closed otherwise", "m-c6", "closed"),
)  # fmt: skip


def visiting() -> Any:
    """The context of everybody: published rows only."""
    return acting(VISITOR, "services.public")


@dataclass
class Search:
    """What the address asks for. One filter makes the list, the counts, the map and the file."""

    request: HttpRequest

    @cached_property
    def offers(self) -> dict[str, Offer]:
        return {offer.code: offer for offer in offered() if offer.definition.visibility.is_public}

    @cached_property
    def asked(self) -> Asked:
        get = self.request.GET
        state = get.get("state", "")
        return Asked(
            now=now(), typed=clean_text(get.get("q", ""))[:100], state=state if state in published.STATES else "",
            services=self._services(clean_text(get.get("what", ""))), moo=_moo(get.get("moo", "")),
            since=_day(get.get("since", "")),
        )  # fmt: skip

    def _services(self, what: str) -> tuple[str, ...]:
        """A category, or all of a group; a word that is neither finds nothing."""
        if not what:
            return ()
        group = tuple(code for code, offer in self.offers.items() if offer.definition.group == what)
        return group or (what[:60],)

    @property
    def query(self) -> str:
        names = ("q", "state", "what", "moo", "since")
        return urlencode({name: self.request.GET[name] for name in names if self.request.GET.get(name)})

    def address(self, **changes: str) -> str:
        """This page with something else asked."""
        names = ("q", "state", "what", "moo", "since")
        kept = {name: self.request.GET.get(name, "") for name in names} | changes
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def chips(self, counts: Mapping[str, int]) -> list[Chip]:
        names = {"": gettext("ทั้งหมด"), "open": gettext("กำลังดำเนินการ"), "late": gettext("เกินกำหนด"),
                 "fixed": gettext("แก้ไขแล้ว"), "closed": gettext("ปิดด้วยเหตุอื่น")}  # fmt: skip
        return [
            Chip(name, self.address(state=key), key == self.asked.state, counts[key]) for key, name in names.items()
        ]

    def choices(self) -> list[dict[str, Any]]:
        """Groups with their categories for the drop-down."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers.values():
            found.setdefault(offer.definition.group, []).append(offer)
        return [{"key": key, "name": group_name(key), "offers": rows} for key, rows in found.items()]


def _moo(typed: str) -> int | None:
    digits = to_arabic(typed)
    return int(digits) if digits.isdigit() and len(digits) <= 2 else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _shown_row(row: Mapping[str, Any], offers: Mapping[str, Offer], moment: Any) -> dict[str, Any]:
    """One line of the list, as it is read."""
    offer = offers.get(row["service_id"])
    late = row["state_type"] == "open" and row["due_at"] is not None and row["due_at"] < moment
    return {
        **row, "name": offer.name if offer else row["service_id"], "icon": offer.icon if offer else "dot",
        "tag": "late" if late else shown.tag_of(row["state"]), "late": late,
        "state_words": shown.state_words(row["kind"], row["state"]),
        "url": reverse("services:public_case", args=[row["number"]]),
    }  # fmt: skip


def _page(search: Search) -> tuple[Page[Any], list[dict[str, Any]], Mapping[str, int]]:
    counts = published.counts(search.asked)
    found = Paginator(published.listed(search.asked), PAGE)
    found.count = counts[search.asked.state]  # the chip and the list say the same, and it is asked once
    page = found.get_page(search.request.GET.get("page"))
    return page, [_shown_row(row, search.offers, search.asked.now) for row in page.object_list], counts


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What list and map page share."""
    search = Search(request)
    with visiting():
        page, rows, counts = _page(search)
    moos = [(str(int(code[-2:])), name) for code, name, _ in moo_boxes() if code[-2:].isdigit()]
    return {
        "search": search, "asked": search.asked, "page": page, "rows": rows, "counts": counts,
        "found": counts[search.asked.state], "chips": search.chips(counts), "choices": search.choices(), "moos": moos,
        "query": search.query, "csv_url": f"{reverse('services:public_csv')}?{search.query}",
    }  # fmt: skip


@require_safe
@cache_control(public=True, max_age=30)
def listing(request: HttpRequest) -> HttpResponse:
    """All published cases, newest first, with search and filters."""
    return render(request, "services/public/list.html", context_of(request))


@require_safe
@cache_control(public=True, max_age=30)
def on_map(request: HttpRequest) -> HttpResponse:
    """The same cases on a map, with the same list as its twin."""
    context = context_of(request)
    places = [
        Place(row["number"], f"{row['name']} · {row['state_words']}", row["public_point"].x, row["public_point"].y,
              row["number"], row["url"])
        for row in context["rows"] if row["public_point"]
    ]  # fmt: skip
    context |= {
        "layers": [points_layer(f"{reverse('services:public_points')}?{context['query']}")],
        "places": places,
        "picture": town_picture(),
    }
    return render(request, "services/public/map.html", context)


def points_layer(url: str) -> MapLayer:
    """The layer of one search."""
    return MapLayer(
        "found", "เรื่องที่แจ้ง", "Reports", "point", "เรื่องแจ้งของเทศบาล", "CC BY 4.0", "ตำแหน่งตามระดับการเผยแพร่ของแต่ละประเภท",
        geojson_url=url, classed_by="t", legend=LEGEND, role="thematic",
        page_url=reverse("services:public_list") + "{id}/",
        card=(("id", "เลขที่", "Number"),),
    )  # fmt: skip


@require_safe
@cache_control(public=True, max_age=30)
def points(request: HttpRequest) -> HttpResponse:
    """The places of a search as GeoJSON (properties: id = number, t = how it stands)."""
    with visiting():
        body, count = published.points(Search(request).asked)
    data = body.encode()
    headers = {"Vary": "Accept-Encoding", "Maehia-Count": str(count)}
    if len(data) > 1000 and "gzip" in request.headers.get("Accept-Encoding", ""):
        data = gzip.compress(data, 1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(data, content_type="application/geo+json", headers=headers)


HEADINGS = (
    "number", "service", "state", "received_at", "due_at", "closed_at", "moo", "lat", "lon", "text", "address",
    "last_note", "me_too", "reopened", "rating",
)  # fmt: skip


class _Echo:
    """Gives back what the CSV writer writes, so that the file is streamed."""

    def write(self, value: str) -> str:
        return value


@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The public fields of what is asked, in ISO times and degrees. Cells cannot start a formula."""
    asked = Search(request).asked
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(HEADINGS)
        with visiting():  # a generator runs after the view has returned: it opens its own context
            for row in published.exported(asked):
                yield writer.writerow([_cell(value) for value in _line(row)])

    headers = {"Content-Disposition": 'attachment; filename="cases.csv"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)


def _line(row: Mapping[str, Any]) -> list[Any]:
    point = row["public_point"]
    times = [row[name].isoformat() if row[name] else "" for name in ("received_at", "due_at", "closed_at")]
    place = [f"{point.y:.5f}", f"{point.x:.5f}"] if point else ["", ""]
    return [row["number"], row["service_id"], row["state"], *times, row["moo"], *place, row["public_text"],
            row["public_address"], row["last_note"], row["me_too"], row["reopened"], row["rating"]]  # fmt: skip


def _cell(value: Any) -> Any:
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t") else text


@require_safe
@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A published case. One that is private, hidden or was never given answers alike."""
    with visiting():
        page = cases.public(number)
        if page is None:
            raise Http404
        context = _case_context(page)
    return render(request, "services/public/case.html", context)


def _case_context(page: Any) -> dict[str, Any]:
    case = page.case
    point = page.point
    places = [Place(case.number, shown.service_name(page), point.x, point.y)] if point else []
    return {
        "page": page, "case": case, "service": shown.service_name(page), "tag": shown.tag_of(case.state),
        "now_words": shown.state_words(case.kind, case.state), "promise": shown.promise_of(page),
        "pictures": shown.pictures(page),
        "timeline": public_timeline(page), "places": places, "bounds": _around(point) if point else None,
        "contact": ContactForm(), "text": page.description, "picture": town_picture(point),
        "crumbs": [Crumb(gettext("เรื่องที่ชาวเมืองแจ้ง"), reverse("services:public_list")), Crumb(case.number)],
        "blur": page.definition.visibility.blur_m,
        "unit": in_language(case.unit.name_th, case.unit.name_en) if case.unit else "",
    }  # fmt: skip


def public_timeline(page: Any) -> list[Event]:
    """What happened, without a word about who told it."""
    return [Event(e.at, e.title, "" if e.title == gettext("แจ้งเรื่อง") else e.text, e.by if e.by != gettext("คุณ") else "",
                  e.state) for e in shown.timeline(page)]  # fmt: skip


def _around(point: Any) -> tuple[float, float, float, float]:
    return point.x - 0.004, point.y - 0.003, point.x + 0.004, point.y + 0.003


def _joined(request: HttpRequest, number: str) -> HttpResponse:
    return redirect("services:public_case", number=number)


@require_POST
@limited("me-too")
@never_cache
@idempotent("services.me_too", show=_joined)
def me_too(request: HttpRequest, number: str) -> Created | HttpResponse:
    """One more who saw the same; she gets the news if she says how."""
    form = ContactForm(request.POST)
    with visiting():
        page = cases.public(number)
        if page is None:
            raise Http404
        context = {**_case_context(page), "contact": form}
    if not form.is_valid():
        return render(request, "services/public/case.html", context, status=422)
    contact = contact_of(request, form.cleaned_data)
    try:
        actions.follow_case(page.case.pk, contact, by=actor_of(request))
    except ProblemError as error:
        messages.info(request, f"{error.problem.what} {error.problem.fix}".strip())
        return _joined(request, number)
    told = gettext("คุณจะได้รับข่าวเมื่อมีความคืบหน้า") if not contact.is_empty else gettext("ดูความคืบหน้าได้ที่หน้านี้")
    messages.success(request, gettext("นับคุณเป็นผู้พบเหตุเรื่อง %(number)s แล้ว %(told)s") % {"number": number, "told": told})
    return Created(number)


@require_POST
@limited("unfollow")
@never_cache
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """No more news for one who joined in: she has no secret page. Nobody learns here who follows what."""
    limit(f"unfollow:{number}", GUESSES_PER_NUMBER, HOUR)
    with visiting():
        page = cases.public(number)
    if page is None:
        raise Http404
    by = actor_of(request) or VISITOR
    with acting(by, "services.link", scope=Scope.subject(page.case.pk)):
        party = following.joined_by_contact(page.case.pk, request.POST.get("contact", "")[:120])
        if party is not None:
            actions.unfollow(party, by=by)
    messages.info(request, gettext("ถ้าเบอร์หรืออีเมลนี้รับข่าวของเรื่องนี้อยู่ เราหยุดส่งแล้ว"))
    return _joined(request, number)
