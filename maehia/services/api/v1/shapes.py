"""Our rows as the JSON API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from maehia.services import workflow
from maehia.services.api.open311.reading import photo_urls
from maehia.services.api.open311.wire import moment
from maehia.services.api.v1 import schemas
from maehia.services.queries.cases import CasePage
from maehia.services.queries.offered import Offered
from maehia.services.queries.open311 import Row, Wanted
from maehia.services.queries.queue import Screen
from maehia.services.rules.definition import Definition

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2399, 12, 30, tzinfo=UTC)


def service(row: Offered, lang: str) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name(lang), "description": row.description(lang) or None,
        "group": row.group or None, "keywords": list(row.keywords),
    }  # fmt: skip


def offer(found: Definition, lang: str) -> dict[str, Any]:
    return {
        "code": found.code, "kind": found.kind, "name": found.name.in_(lang),
        "description": found.description.in_(lang), "act": found.act or None,
        "steps": [step.name.in_(lang) for step in found.steps],
        "documents_to_bring": [paper.name.in_(lang) for paper in found.to_bring],
        "documents_the_town_has": [paper.name.in_(lang) for paper in found.town_has],
        "promise": {"amount": found.resolve.amount, "unit": found.resolve.unit}, "before": asdict(found.before),
    }  # fmt: skip


def wanted(asked: schemas.Asked) -> Wanted:
    return Wanted(
        services=asked.service.split(",") if asked.service else (), statuses=(asked.status,) if asked.status else (),
        start=_within(asked.received_after), end=_within(asked.received_before),
        updated_after=_within(asked.updated_after), newest_first=False, limit=asked.page_size,
        offset=(asked.page - 1) * asked.page_size,
    )  # fmt: skip


def _within(at: datetime | None) -> datetime | None:
    """At the ends of the calendar a time has no counterpart in another zone; nothing lies there anyway."""
    if at is None:
        return None
    return min(max(at, FIRST), LAST)


def cases(request: HttpRequest, rows: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    photos = photo_urls(request, [row.id for row in rows])
    return [case(row, lang, photos.get(row.id)) for row in rows]


def case(row: Row, lang: str, photo: str | None) -> dict[str, Any]:
    english = lang == "en"
    state = workflow.state("report", row.state)
    return {
        "number": row.number, "service": row.service,
        "service_name": (row.service_en if english else row.service_th) or row.service_th, "state": row.state,
        "state_name": state.en if english else state.th, "is_open": row.state_type == "open",
        "unit": (row.unit_en if english else row.unit_th) or row.unit_th, "description": row.text or None,
        "note": row.last_note or None, "address": row.address or None,
        "point": {"lat": row.lat, "lon": row.lon} if row.lat is not None else None, "moo": row.moo, "photo": photo,
        "me_too": row.me_too, "reopened": row.reopened, "received_at": moment(row.received_at),
        "updated_at": moment(row.updated_at), "due_at": moment(row.due_at), "closed_at": moment(row.closed_at),
    }  # fmt: skip


def followed(page: CasePage, lang: str) -> dict[str, Any]:
    state = page.state
    name = page.definition.name
    return {
        "number": page.case.number, "service": page.definition.code, "service_name": name.in_(lang),
        "state": state.code, "state_name": state.en if lang == "en" else state.th,
        "description": page.description or None, "received_at": moment(page.case.received_at),
        "due_at": moment(page.case.due_at), "closed_at": moment(page.case.closed_at),
        "history": [
            {"at": moment(event.event_at), "kind": event.kind, "state": event.state or None, "note": event.note or None}
            for event in page.events
        ],
    }  # fmt: skip


def queue(shown: Screen, lang: str) -> dict[str, Any]:
    groups = [
        {"key": group.key, "name": getattr(group, f"name_{lang}", "") or group.name_th, "waiting": waiting}
        for group, waiting in shown.waiting
    ]
    return {"as_of": moment(shown.as_of), "open_desks": shown.open_desks, "groups": groups}
