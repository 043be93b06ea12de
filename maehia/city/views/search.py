"""The one search box. What was typed stands neither in an address nor in a log: the session keeps it, encrypted."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from maehia.access.permissions import can, require
from maehia.base import Problem, ProblemError
from maehia.city import words
from maehia.city.queries.search import LIMIT, Hit, find, parse_term
from maehia.city.views.purpose import Choice, reading
from maehia.kit.crypto import CannotDecrypt, decrypt, encrypt
from maehia.kit.rates import TooOften

SESSION, AAD = "city.search", "session.city_search"
MAX_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of one kind for the page."""

    kind: str
    title: str
    icon: str
    hits: list[Hit]
    near: list[Hit]

    @property
    def full(self) -> bool:
        return len(self.hits) + len(self.near) >= LIMIT

    @property
    def count(self) -> int:
        return len(self.hits) + len(self.near)


@never_cache
@require("city.search")
def search(request: HttpRequest) -> HttpResponse:
    """POST takes the words and comes back by GET, so that "back" from a page shows the list again."""
    if request.method == "POST":
        remember(request, request.POST.get("q", "").strip()[:MAX_LETTERS])
        return redirect("city:search")
    choice, typed = Choice(request), remembered(request)
    groups, problem, status = ([], None, 200) if not typed else look(request, choice, typed)
    context = {
        "choice": choice, "typed": typed, "groups": groups, "problem": problem, "asked": bool(typed) and not problem,
        "total": sum(group.count for group in groups),
    }  # fmt: skip
    return render(request, "city/search.html", context, status=status)


def look(request: HttpRequest, choice: Choice, typed: str) -> tuple[list[Found], Problem | None, int]:
    """Groups of hits, or what kept the search from running."""
    people = bool(choice.key) and can(request.user, "city.people")
    try:
        with reading(request, choice):
            return grouped(find(parse_term(typed), people=people)), None, 200
    except TooOften as error:
        return [], error.problem, 429
    except ProblemError as error:
        return [], error.problem, 200


def grouped(hits: list[Hit]) -> list[Found]:
    order = {kind: place for place, kind in enumerate(words.KIND)}
    ordered = sorted(hits, key=lambda hit: order[hit.kind])
    found = []
    for kind, members in groupby(ordered, key=lambda hit: hit.kind):
        listed = list(members)
        near = [hit for hit in listed if hit.near]
        found.append(Found(kind, words.kind_word(kind), words.ICON[kind], [h for h in listed if not h.near], near))
    return found


def remember(request: HttpRequest, typed: str) -> None:
    if typed:
        request.session[SESSION] = base64.b64encode(encrypt(typed, AAD)).decode()
    else:
        request.session.pop(SESSION, None)


def remembered(request: HttpRequest) -> str:
    kept = request.session.get(SESSION, "")
    try:
        return decrypt(base64.b64decode(kept), AAD) if kept else ""
    except CannotDecrypt:
        return ""
