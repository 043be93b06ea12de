"""Who is inside the footprint: how many at once, then household by household in order of priority."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.emergency.actions import affected as readings
from maehia.emergency.actions import grants
from maehia.emergency.models import Incident
from maehia.emergency.queries import incidents
from maehia.emergency.queries.affected import PAGE, Affected, Only, affected, last_snapshot
from maehia.emergency.rules.priority import source
from maehia.emergency.views.affected_export import export
from maehia.emergency.views.affected_words import ACCESS, AGE, need_words, row_words
from maehia.emergency.views.parts import find_or_404, own_purpose
from maehia.kit.idempotency import Created, idempotent
from maehia.web.values import Chip, Tile

FIRST = 50  # households of the first screen; further pages hold PAGE
LEAST = 5  # smaller numbers about health or age are not shown to who is not assigned


@never_cache
@require_safe
@require("emergency.see")
def people(request: HttpRequest, number: str) -> HttpResponse:
    """The list for who is assigned; numbers and the way to break the glass for who is not."""
    incident, counts = _standing(request, number)
    only = asked(request.GET)
    try:
        page = _page(request, incident, only)
    except ProblemError as problem:
        return _shown(request, incident, {"refused": problem.problem, "counts": counts}, status=403)
    context = {"counts": page.counts, "rows": [row_words(row) for row in page.rows], "snapshot": page.snapshot,
               "chips": chips(request.GET, page.counts), "moos": moos(request.GET, page.counts), "only": only,
               **further(request.GET, page), "priority_source": source()}  # fmt: skip
    return _shown(request, incident, context)


def _standing(request: HttpRequest, number: str) -> tuple[Incident, dict[str, Any]]:
    """The incident and the numbers of its last reading, which everybody may see who sees incidents."""
    with acting_as(request.user, own_purpose(request), mode=incidents.mode_of(number)):  # type: ignore[arg-type]
        incident = find_or_404(number)
        snapshot = last_snapshot(incident.footprint) if incident.footprint else None
        return incident, snapshot.counts if snapshot else {}


def _page(request: HttpRequest, incident: Incident, only: Only) -> Affected:
    after = request.GET.get("after", "")
    with grants.affected(request.user, incident):  # type: ignore[arg-type]
        assert incident.footprint is not None  # noqa: S101 (grants refuse an incident without one)
        limit = PAGE if after else FIRST
        return affected(incident.footprint, limit=limit, after=int(after) if after.isdigit() else None, only=only)


def _shown(request: HttpRequest, incident: Incident, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page, made in the incident's own context: nobody's data is read while it is drawn."""
    context |= {"incident": incident, "tab": "people", "tiles": tiles(context["counts"], assigned=status == 200),
                "changed": changed(context["counts"]),
                "may_break_glass": can(request.user, "access.break_glass")}  # fmt: skip
    with acting_as(request.user, own_purpose(request), mode=incident.mode):  # type: ignore[arg-type]
        return render(request, "emergency/affected/people.html", context, status=status)


def asked(query: QueryDict) -> Only:
    """The filter of an address; what cannot be read narrows nothing."""
    moo, access = query.get("moo", ""), query.get("access", "")
    return Only(moo=int(moo) if moo.isdigit() and len(moo) < 4 else None, need=query.get("need", "")[:40],
                access=access if access in ACCESS else "", fresh=query.get("new") == "1")  # fmt: skip


def few(count: int, assigned: bool) -> str | int:
    """A number about health or age; for who is not assigned, one to four people are not told apart."""
    return count if assigned or count == 0 or count >= LEAST else f"< {LEAST}"


def tiles(counts: dict[str, Any], *, assigned: bool = True) -> list[Tile]:
    """What to know before the first name."""
    if not counts:
        return []
    road_km = f"{counts.get('road_m', 0) / 1000:.1f}"
    return [
        Tile(gettext("คน"), counts["people"]), Tile(gettext("ครัวเรือน"), counts["households"]),
        Tile(gettext("บ้าน"), counts["houses"]),
        Tile(gettext("ติดเตียง"), few(counts["needs"].get("bedridden", 0), assigned)),
        Tile(gettext("อยู่ลำพัง"), few(counts["alone"], assigned)),
        Tile(str(AGE["very_old"]), few(counts["ages"].get("very_old", 0), assigned)),
        Tile(gettext("คนที่ทางออกถูกตัด"), counts["access"].get("cut", 0)),
        Tile(gettext("สถานที่"), sum(counts.get("places", {}).values())),
        Tile(gettext("ทรัพย์สินเทศบาล"), sum(counts.get("assets", {}).values())),
        Tile(gettext("ถนน"), road_km, gettext("กม.")),
    ]  # fmt: skip


def changed(counts: dict[str, Any]) -> str:
    """What came in and went out since the footprint before; nothing for the first."""
    if "new_people" not in counts:
        return ""
    new, left = counts["new_people"], counts["left_people"]
    return gettext("เทียบกับพื้นที่ครั้งก่อน: เข้ามาใหม่ %(new)s คน พ้นพื้นที่แล้ว %(left)s คน") % {"new": new, "left": left}


def chips(query: QueryDict, counts: dict[str, Any]) -> list[Chip]:
    """Needs and ways out with their people, each to be switched; the most frequent first."""
    needs = sorted(counts.get("needs", {}).items(), key=lambda item: (-item[1], item[0]))
    found = [_chip(query, "access", key, str(ACCESS[key]), counts.get("access", {}).get(key, 0)) for key in ("cut",)]
    if counts.get("new_people"):
        found.append(_chip(query, "new", "1", gettext("เข้ามาใหม่"), counts["new_people"]))
    return [*found, *(_chip(query, "need", kind, need_words(kind), count) for kind, count in needs)]


def moos(query: QueryDict, counts: dict[str, Any]) -> list[Chip]:
    known = sorted((int(moo), count) for moo, count in counts.get("moos", {}).items() if moo.isdigit())
    return [_chip(query, "moo", str(moo), gettext("หมู่ %(moo)s") % {"moo": moo}, count) for moo, count in known]


def _chip(query: QueryDict, name: str, value: str, label: str, count: int) -> Chip:
    on = query.get(name) == value
    return Chip(label, "?" + _changed(query, **{name: "" if on else value}), on, count)


def _changed(query: QueryDict, **changes: str) -> str:
    made = query.copy()
    made.pop("after", None)
    for name, value in changes.items():
        made.pop(name, None)
        if value:
            made[name] = value
    return made.urlencode()


def further(query: QueryDict, page: Affected) -> dict[str, str]:
    first = "?" + _changed(query) if "after" in query else ""
    return {"first_url": first, "next_url": "?" + _changed(query, after=str(page.after)) if page.after else ""}


def _list(_request: HttpRequest, number: str) -> HttpResponse:
    return redirect("emergency:affected", number)


@require_POST
@require("emergency.people")
@idempotent("emergency.affected_again", show=_list)
def again(request: HttpRequest, number: str) -> HttpResponse | Created:
    """Read the register anew for the footprint that stands."""
    incident, _ = _standing(request, number)
    try:
        made = readings.read_again(request.user, incident)  # type: ignore[arg-type]
    except ProblemError as problem:
        messages.error(request, problem.problem.what)
        return _list(request, number)
    messages.success(request, gettext("อ่านทะเบียนใหม่แล้ว ในพื้นที่มี %(n)s คน") % {"n": f"{made.counts['people']:,}"})
    return Created(number)


@require_POST
@require("emergency.people")
def csv_file(request: HttpRequest, number: str) -> HttpResponse:
    """The list as a file that names who took it; as narrowed on the page."""
    incident, _ = _standing(request, number)
    query = QueryDict(request.POST.get("query", ""))
    try:
        body, name = export(request.user, incident, asked(query))  # type: ignore[arg-type]
    except ProblemError as problem:
        messages.error(request, problem.problem.what)
        return redirect(reverse("emergency:affected", args=[number]))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
