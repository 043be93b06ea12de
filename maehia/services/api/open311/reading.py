"""What GeoReport v2 answers to a GET."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from maehia.city.queries.town import phone_parts, read_town
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.kit.crypto import blind_index
from maehia.services.api.open311 import questions, shapes
from maehia.services.api.open311.asked import Asked, check_jurisdiction, read_lang, read_list
from maehia.services.api.open311.faults import no_request, no_service, no_token
from maehia.services.api.open311.wire import comma, moment
from maehia.services.api.stream import Last
from maehia.services.models import Case, ReportToken
from maehia.services.peers.traffy.columns import line, safe
from maehia.services.queries import open311 as cases
from maehia.services.queries.offered import Offered, changed_at, offered

Answer = tuple[str, Any, dict[str, str]]  # root, value, headers


def ours() -> str:
    """The jurisdiction that clients may name: the code of the local government."""
    town = read_town()
    return (town.lao_code or town.name_en or town.name_th) if town else ""


def checked(request: HttpRequest) -> dict[str, str]:
    """The parameters, after the town that they name was checked. Costs a statement only when they name one."""
    given = request.GET.dict()
    if (given.get("jurisdiction_id") or "").strip():
        check_jurisdiction(given, ours())
    return given


def discovery(request: HttpRequest) -> Answer:
    checked(request)
    town = read_town()
    phones = [comma(filter(None, phone_parts(phone))) for phone in town.phones] if town else []
    contact = " · ".join(filter(None, (town.name_th, town.address, *phones))) if town else "-"
    key_service = f"ขอกุญแจได้ที่เทศบาล ไม่มีค่าใช้จ่าย (ask the town for a key, free of charge): {contact}"
    urls = {
        "production": request.build_absolute_uri("/open311/v2/"),
        "test": request.build_absolute_uri("/open311/test/v2/"),
    }
    return "discovery", shapes.discovery(changed_at(), contact or "-", key_service, urls), {}


def services(request: HttpRequest) -> Answer:
    lang = read_lang(checked(request))
    return "services", [service(found, lang) for found in offered()], {}


def service(found: Offered, lang: str) -> dict[str, Any]:
    return {
        "service_code": found.code, "service_name": found.name(lang), "description": found.description(lang) or None,
        "metadata": found.has_questions, "type": "batch" if found.by_token else "realtime",
        "keywords": comma(found.keywords) or None, "group": found.group or None,
    }  # fmt: skip


def definition(request: HttpRequest, code: str) -> Answer:
    """A service without questions has a definition too, with none."""
    lang = read_lang(checked(request))
    found = offered(code) if code else []
    if not found:
        raise no_service()
    return "service_definition", questions.definition(code, found[0].form, lang), {}


def requests(request: HttpRequest, mode: str) -> Answer:
    asked = read_list(checked(request), now())
    wanted = wanted_of(asked)
    with cases.looking(mode):
        found = cases.rows(wanted, mode)
        headers = {"X-Total-Count": str(cases.total(wanted, mode))} if asked.page else {}
        return "service_requests", shown(request, found, asked), headers


def wanted_of(asked: Asked) -> cases.Wanted:
    """Whoever walks through pages gets the lowest numbers first: what comes in meanwhile stands at the end."""
    return cases.Wanted(
        asked.ids, asked.codes, asked.statuses, asked.start, asked.end, asked.updated_after, asked.updated_before,
        asked.bbox, newest_first=not asked.page, limit=asked.page_size, offset=asked.offset,
    )  # fmt: skip


def shown(request: HttpRequest, rows: Sequence[cases.Row], asked: Asked) -> list[dict[str, Any]]:
    ids = [row.id for row in rows]
    notes = cases.public_notes(ids) if asked.extensions else None
    return shapes.requests(rows, asked.lang, photo_urls(request, ids), notes)


def photo_urls(request: HttpRequest, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    photos = cases.first_photos(ids) if ids else {}
    if not photos:
        return {}
    base = request.build_absolute_uri("/").rstrip("/")
    return {case: base + reverse("forms:file", args=[photo]) for case, photo in photos.items()}


def one(request: HttpRequest, number: str, mode: str) -> Answer:
    """The same bytes for a number that was never given and for one that is not shown."""
    given = checked(request)
    asked = read_list({**given, "service_request_id": number[:40] or "-"}, now())
    with cases.looking(mode):
        found = cases.one(number, mode) if len(number) <= 40 else None
        if found is None:
            raise no_request()
        return "service_requests", shown(request, [found], asked), {}


def token_of(case_id: UUID | str) -> str:
    """The token of a case, the same each time. Neither can be found from the other without the town's key."""
    return blind_index("link", f"open311-token:{case_id}").hex()


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def token(request: HttpRequest, text: str, mode: str) -> Answer:
    """The number that a token stands for; null when the case is no more."""
    checked(request)
    row = ReportToken.objects.filter(pk=token_hash(text), mode=mode).first()
    if row is None:
        raise no_token()
    with acting("system:tokens", "services.peer", mode=mode):
        number = Case.objects.filter(pk=row.case_id).values_list("number", flat=True).first()
    return "service_requests", [{"service_request_id": number, "token": text}], {}


def updates(request: HttpRequest, mode: str) -> Answer:
    """The public history of the requests that changed in the window, in SocietyWorks' words."""
    asked = read_list(checked(request), now())
    wanted = cases.Wanted(updated_after=asked.start, updated_before=asked.end, newest_first=False)
    with cases.looking(mode):
        found = {row.id: row for row in cases.rows(wanted, mode)}
        notes = cases.public_states(list(found), asked.start, asked.end)
    return "service_request_updates", [update(found[row[0]], *row[1:]) for row in notes], {}


def update(row: cases.Row, seq: int, at: Any, state: str, note: str) -> dict[str, Any]:
    return {
        "update_id": f"{row.number}-{seq}", "service_request_id": row.number, "updated_datetime": moment(at),
        "status": shapes.UPDATE_WORDS.get(state, "OPEN"), "description": note or None, "media_url": None,
    }  # fmt: skip


def bulk_piece(mode: str, lang: str, last: Last | None) -> tuple[bytes, Last | None]:
    """The next lines of the open data file."""
    with cases.looking(mode):
        rows = cases.after(last, mode)
    text = "".join(line([safe(cell) for cell in shapes.bulk_line(row, lang)]) for row in rows)
    return text.encode(), (rows[-1].received_at, rows[-1].id) if len(rows) == cases.CHUNK else None


def package(request: HttpRequest) -> dict[str, Any]:
    """What the open data file is, for frictionless readers."""
    kinds = {"requested_datetime": "datetime", "updated_datetime": "datetime", "closed_date": "datetime",
             "lat": "number", "long": "number"}  # fmt: skip
    fields = [{"name": name, "type": kinds.get(name, "string")} for name in shapes.BULK]
    return {
        "name": "service-requests", "profile": "tabular-data-package",
        "resources": [{
            "name": "requests", "path": request.build_absolute_uri("bulk.csv"), "profile": "tabular-data-resource",
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": "service_request_id"},
        }],
    }  # fmt: skip
