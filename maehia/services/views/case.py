"""The page of one case: everything that is needed to act stands in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.actions import log_read
from maehia.access.permissions import acting_as, can, require
from maehia.base import Problem
from maehia.city.queries.labels import refs_of_things
from maehia.city.queries.places import box_around
from maehia.kit import clock
from maehia.services.models import Case
from maehia.services.queries import cases
from maehia.services.queries.cases import CasePage
from maehia.services.queries.inbox import Desk
from maehia.services.queries.near import DEFAULT_RADIUS_M, candidates
from maehia.services.views import case_forms as forms
from maehia.services.views.case_photos import shown_photos
from maehia.services.views.case_words import Told, promise_words, told, trace_words, value_words
from maehia.services.views.staff_parts import (
    channel_words,
    crumbs,
    desk_for,
    due_words,
    names_of,
    place_words,
    state_tag,
    state_words,
)
from maehia.web import registry as web
from maehia.web.formats import show_phone
from maehia.web.values import Crumb, Term

DESK, SEALED = "services.desk", "services.confidential"


@dataclass
class Refused:
    """What a verb answered, to be said on the page with what was typed. changed: lines that another one wrote."""

    verb: str
    problem: Problem
    status: int = 422
    data: Any = None
    files: Any = None
    seen: int | None = None
    changed: Sequence[Told] = field(default_factory=list)


def purpose_of(request: HttpRequest) -> str:
    """The confidential desk has its own address, purpose and permission."""
    return SEALED if "/confidential/" in request.path else DESK


def on_desk(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a case: permission of the inbox; on the confidential desk also that one's, else there is nothing."""

    @never_cache
    @require("services.inbox")
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if purpose_of(request) == SEALED and not can(request.user, SEALED):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


def viewer_of(desk: Desk, case: Case) -> str:
    """Which column of the visibility table holds for this officer."""
    if case.is_confidential:
        return "confidential_desk"
    if desk.oversees:
        return "supervisor"
    mine = case.unit_id is None or case.unit_id in desk.units or case.assignee == desk.account
    return "own_unit" if mine else "other_unit"


def read(request: HttpRequest, key: UUID) -> CasePage:
    """The case for whoever is logged in, inside `acting()`. Raises Http404 for what she may not see."""
    case = cases._cases().filter(pk=key).exclude(state="erased").first()
    if case is None or case.is_confidential != (purpose_of(request) == SEALED):
        raise Http404
    page = cases.page_of(case, viewer_of(desk_for(request), case))
    if page is None:
        raise Http404
    if case.is_confidential:
        log_read("sealed_case", [case.pk], via="page")
    return page


def may_act(page: CasePage) -> bool:
    return page.viewer in ("own_unit", "supervisor", "confidential_desk")


def url_of(page: CasePage, name: str = "", *args: Any) -> str:
    """An address of this case, on the desk where it belongs."""
    prefix = "services:sealed" if page.case.is_confidential else "services:case"
    return reverse(f"{prefix}-{name}" if name else prefix, args=[page.case.pk, *args])


@require_safe
@on_desk
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """One case as this officer may see it."""
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        return draw(request, read(request, key))


def draw(
    request: HttpRequest, page: CasePage, refused: Refused | None = None, contacts: Sequence[Any] = ()
) -> HttpResponse:
    """The page; after a refusal with what is wrong and what was typed. contacts: parties opened for this answer."""
    history = told(page)
    if refused is not None and refused.seen is not None:
        refused.changed = [line for line in history if line.seq > refused.seen]
    context = {
        **head(page), **work(request, page, refused), "page": page, "history": list(reversed(history)),
        "talk": [line for line in history if line.side != "inside" and line.text],
        "notes": [line for line in reversed(history) if line.side == "inside" and line.text],
        "clock": clock_of(page), "trace": trace_words(page.trace), "place": place_of(page),
        "photos": shown_photos(page), "contacts": contacts, "parties": parties_of(page),
        "links": links_of(page), "likely": likely(page), "refused": refused, "fields": page.fields,
    }  # fmt: skip
    return render(request, "services/case.html", context, status=refused.status if refused else 200)


def head(page: CasePage) -> dict[str, Any]:
    row = page.case
    service = web.in_language(row.service.name_th, row.service.name_en)
    tag, words = due_words(row.due_at, clock.now(), state=row.state, state_type=row.state_type)
    return {
        "case": row, "title": service, "crumbs": [*_desk_crumbs(page), Crumb(row.number)], "due": words, "due_tag": tag,
        "state_words": state_words(row.kind, row.state), "state_tag": state_tag(row.state, row.state_type),
        "channel": channel_words(row.channel), "public_url": f"/cases/{row.number}/" if row.is_public else "",
        "unit_words": web.in_language(row.unit.name_th, row.unit.name_en) if row.unit else gettext("ยังไม่มีหน่วยงาน"),
        "assignee": names_of([row.assignee]).get(row.assignee, "") if row.assignee else "",
        "where": place_words({"moo": row.moo, "public_address": page.detail.address if page.detail else ""}),
        "contact_url": url_of(page, "contact"), "answers": answers_of(page),
    }  # fmt: skip


def answers_of(page: CasePage) -> list[Term]:
    """What the form of the service asked, in its words; points and files are shown elsewhere."""
    given: Mapping[str, Any] = page.detail.answers if page.detail and page.sees("description") else {}
    asked = [part for part in page.definition.form.get("fields", ()) if given.get(part["id"]) not in (None, "", [])]
    return [Term(web.in_language(part["label"]["th"], part["label"]["en"]), _answer(part, given[part["id"]]))
            for part in asked if part["type"] not in ("point", "photo", "file")]  # fmt: skip


def _answer(part: Mapping[str, Any], value: Any) -> str:
    words = {o["value"]: web.in_language(o["label"]["th"], o["label"]["en"]) for o in part.get("options", ())}
    if isinstance(value, list):
        return ", ".join(words.get(one, str(one)) for one in value)
    return words.get(value, value_words(value))


def _desk_crumbs(page: CasePage) -> list[Crumb]:
    if page.case.is_confidential:
        return [Crumb(gettext("เรื่องลับ"), reverse("services:confidential"))]
    return crumbs()


def work(request: HttpRequest, page: CasePage, refused: Refused | None) -> dict[str, Any]:
    """The forms of whatever this officer may do here; nothing for those who only read."""
    if not may_act(page):
        return {"may_act": False}
    user, row = request.user, page.case
    sent = {refused.verb: refused.data} if refused else {}
    to = refused.data.get("to", "") if refused and refused.verb == "move" else ""
    people = forms.people_of(row.unit_id)
    return {
        "may_act": True, "may_release": can(user, "services.release") and row.is_public,
        "steps": forms.steps(page, user.actor, data=sent.get("move"), files=refused and refused.files, to=to),  # type: ignore[union-attr]
        "sent_to": to, "note_form": forms.NoteForm(sent.get("note"), prefix="note"),
        "unit_form": forms.UnitForm(row.unit_id, sent.get("unit"), prefix="unit"),
        "person_form": forms.PersonForm(people, sent.get("person"), prefix="person",
                                        initial={"person": str(row.assignee or "")}),
        "take": row.assignee != user.pk and any(k == user.pk for k, _ in people),
        "category_form": forms.CategoryForm(page) if row.state_type == "open" else None,
        "text_form": forms.TextForm(sent.get("text"), prefix="text",
                                    initial={"text": row.public_text or page.description}),
        "may_merge": any(move.to == "duplicate" for move in page.moves), "version": row.version,
        "acts": {verb: url_of(page, "do", verb) for verb in VERBS},
        "category_url": url_of(page, "category"), "merge_url": url_of(page, "merge"),
        "place_url": url_of(page, "place"),
    }  # fmt: skip


VERBS = ("move", "note", "unit", "person", "take", "urgent", "text", "release", "hold_back", "unmerge")


def clock_of(page: CasePage) -> dict[str, Any]:
    """What was promised, what is left of it, and when the clock stood still."""
    promise: Mapping[str, Any] = page.case.promise
    return {
        "resolve": promise_words(promise.get("resolve")), "first": promise_words(promise.get("first_answer")),
        "pauses": page.pauses, "answered": page.case.answered_at, "answer_due": page.case.answer_due_at,
        "answer_late": page.case.answer_due_at is not None
        and (page.case.answered_at or clock.now()) > page.case.answer_due_at,
    }  # fmt: skip


def place_of(page: CasePage) -> dict[str, Any] | None:
    """The pin for the map, and the registered thing with its page."""
    point, asset = page.point, None
    if page.case.asset_key:
        asset = refs_of_things([("asset", page.case.asset_key)]).get(("asset", page.case.asset_key))
    if point is None:
        return {"asset": asset} if asset else None
    pin = {"type": "Feature", "properties": {"id": "case", "title": page.case.number},
           "geometry": {"type": "Point", "coordinates": [point.x, point.y]}}  # fmt: skip
    return {
        "asset": asset, "features": {"type": "FeatureCollection", "features": [pin]}, "bounds": box_around(point, 180),
        "lat": f"{point.y:.5f}", "lon": f"{point.x:.5f}", "exact": page.sees("exact_point"),
    }  # fmt: skip


def parties_of(page: CasePage) -> list[dict[str, Any]]:
    """Who stands behind the case, masked: the first letter of the name, the end of the phone."""
    return [
        {"role": party.get_role_display(), "name": masked(party.name or ""),
         "phone": show_phone(party.phone, "masked") if party.phone else "", "wants": party.wants,
         "line": bool(party.line_user), "email": bool(party.email)}
        for party in page.parties
    ]  # fmt: skip


def masked(name: str) -> str:
    """ม… ส… : enough to know whether it is somebody, not who."""
    return " ".join(f"{word[0]}…" for word in name.split()) if name else ""


def links_of(page: CasePage) -> list[dict[str, Any]]:
    """Cases that were merged with this one, and from which the merge can be undone."""
    own = page.case.pk
    others = {link.child_id if link.parent_id == own else link.parent_id for link in page.links}
    rows = {row.pk: row for row in Case.objects.filter(pk__in=others).only("number", "kind", "state")} if others else {}
    return [
        {"id": link.pk, "other": rows.get(link.child_id if link.parent_id == own else link.parent_id),
         "up": link.child_id == own, "why": link.why, "at": link.at, "undone": link.undone_at, "kind": link.kind}
        for link in page.links
    ]  # fmt: skip


def likely(page: CasePage) -> list[dict[str, Any]]:
    """Open cases that may be the same, offered for a merge."""
    row, detail = page.case, page.detail
    if row.state_type != "open" or row.is_confidential or detail is None or not page.sees("exact_point"):
        return []
    point = (detail.point.x, detail.point.y) if detail.point else None
    radius = page.definition.duplicate_radius_m or DEFAULT_RADIUS_M
    found = candidates(row.service_id, point, asset_key=row.asset_key, text=detail.description, radius_m=radius,
                       leave_out=row.pk, inside=True)  # fmt: skip
    return [
        {"case": other, "url": reverse("services:case", args=[other.id]), "state": state_words(row.kind, other.state),
         "metres": round(other.metres) if other.metres < 10_000 else None}
        for other in found
    ]  # fmt: skip
