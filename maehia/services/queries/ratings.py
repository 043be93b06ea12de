"""Ratings per service and month: of visits at the counter and of cases, shown only where enough people spoke.

Never per officer or desk: a visit's rating does not know them, and a case's is counted by its service alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from maehia.base import BANGKOK
from maehia.kit.acting import acting
from maehia.services.models import CaseEvent, QueueGroup, Service, VisitRating, VisitWords
from maehia.web.registry import in_language

ACTOR, PURPOSE = "system:ratings", "services.statistics"
LEAST = 5  # people; below it nothing is shown, not even how many they were


@dataclass(frozen=True, slots=True)
class Result:
    """One service in one month. mean None: fewer than LEAST rated it. counter: a group of the service centre."""

    month: date
    service: str
    counter: bool
    people: int | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class _Sum:
    people: int
    stars: int


def results(since: date) -> list[Result]:
    """Newest month first. Runs in a context of its own that reads totals; no words, no persons."""
    with acting(ACTOR, PURPOSE):
        sums = {**_visits(since), **_cases(since)}
    names = _names()
    found = [_result(month, names.get(key, key[1]), key[0] == "group", total) for (month, key), total in sums.items()]
    return sorted(found, key=lambda r: (-r.month.toordinal(), not r.counter, r.service))


def _result(month: date, service: str, counter: bool, total: _Sum) -> Result:
    if total.people < LEAST:
        return Result(month, service, counter, None, None)
    return Result(month, service, counter, total.people, total.stars / total.people)


Key = tuple[date, tuple[str, str]]


def _visits(since: date) -> dict[Key, _Sum]:
    rows = VisitRating.objects.filter(month__gte=since).values_list("month", "group")
    return _summed("group", rows.annotate(people=Count("id"), stars=Sum("stars")).order_by())


def _cases(since: date) -> dict[Key, _Sum]:
    """The last word on each case counts, in the month in which it was given."""
    last = CaseEvent.objects.filter(kind="rating", recorded_at__date__gte=since).order_by("case_id", "-seq")
    latest = CaseEvent.objects.filter(pk__in=last.distinct("case_id").values("pk"))
    rows = latest.annotate(month=TruncMonth("recorded_at", tzinfo=BANGKOK)).values_list("month", "case__service_id")
    counted: dict[Key, list[int]] = defaultdict(list)
    for month, service, stars in rows.values_list("month", "case__service_id", "value__stars"):
        counted[month.date(), ("service", service)].append(int(stars))
    return {key: _Sum(len(stars), sum(stars)) for key, stars in counted.items()}


def _summed(kind: str, rows: Iterable[tuple[date, str, int, int]]) -> dict[Key, _Sum]:
    return {(month, (kind, key)): _Sum(people, stars) for month, key, people, stars in rows}


def _names() -> dict[tuple[str, str], str]:
    names = {("group", g.key): str(g) for g in QueueGroup.objects.all()}
    return names | {("service", s.code): in_language(s.name_th, s.name_en) for s in Service.objects.all()}


def words(limit: int = 50) -> list[VisitWords]:
    """What people wrote, by month and group only, for those who work on cases."""
    return list(VisitWords.objects.order_by("-month", "group", "pk")[:limit])
