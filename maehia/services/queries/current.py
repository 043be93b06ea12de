"""What holds now: a service with its published definition and the routing rules; and what a case came under.

Published versions never change, so what is read of them is kept by their id and the moment of publishing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Subquery
from django.db.models.expressions import RawSQL

from maehia.base import Problem, ProblemError
from maehia.city.queries.calendar import working_calendar
from maehia.services.models import Case, RoutingVersion, Service, ServiceVersion, State
from maehia.services.rules.definition import Definition, read_definition
from maehia.services.rules.routing import Condition, Rule
from maehia.thai import WorkingCalendar

Stamp = tuple[int, datetime | None]
# Changes whenever a day is announced or taken back; read along, so that the calendar itself need not be.
CALENDAR = RawSQL(
    "(SELECT concat_ws(':', count(*), max(id), count(withdrawn_at), (SELECT province_code FROM city_town WHERE id = 1))"
    " FROM city_announcedday)", (),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Current:
    """A service as it is offered now. version: id of its definition."""

    service: Service
    version: int
    definition: Definition
    routing: tuple[Rule, ...]
    calendar: WorkingCalendar


def current(code: str) -> Current:
    """The published service of a code. Raises ProblemError unknown_service."""
    published = RoutingVersion.objects.filter(state=State.PUBLISHED).values("id", "published_at")[:1]
    found = (
        Service.objects.filter(pk=code, state=State.PUBLISHED, current__isnull=False)
        .select_related("current")
        .defer("current__definition")
        .annotate(
            calendar=CALENDAR,
            routing=Subquery(published.values("id")),
            routing_at=Subquery(published.values("published_at")),
        )
        .first()
    )
    if found is None or found.current is None:
        raise ProblemError(Problem("unknown_service", "ไม่มีบริการหรือประเภทเรื่องนี้", where=code, fix="เลือกจากรายการบริการ"))
    version = found.current
    rules = _rules((found.routing, found.routing_at)) if found.routing else ()
    return Current(found, version.pk, _definition((version.pk, version.published_at)), rules,
                   _calendar(found.calendar))  # fmt: skip


def definition_of(case: Case) -> Definition:
    """The definition that a case came under (select_related("definition") with its JSON deferred costs nothing)."""
    return _definition((case.definition_id, case.definition.published_at))


@lru_cache(maxsize=1024)
def _definition(stamp: Stamp) -> Definition:
    return read_definition(ServiceVersion.objects.values_list("definition", flat=True).get(pk=stamp[0]))


@lru_cache(maxsize=32)
def _rules(stamp: Stamp) -> tuple[Rule, ...]:
    rows = RoutingVersion.objects.values_list("rules", flat=True).get(pk=stamp[0])
    return tuple(read_rule(row) for row in rows)


@lru_cache(maxsize=8)
def _calendar(stamp: str) -> WorkingCalendar:
    return working_calendar()


def read_rule(row: Mapping[str, Any]) -> Rule:
    """A rule of its data: {key, unit, conditions: [{fact, operator, value}]}."""
    conditions = tuple(Condition(c["fact"], c["operator"], _frozen(c.get("value"))) for c in row.get("conditions", ()))
    return Rule(row["key"], row["unit"], conditions)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
