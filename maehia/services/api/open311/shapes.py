"""Our rows as GeoReport v2 shows them. No database: everything that is shown comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from maehia.services import workflow
from maehia.services.api.open311.wire import MIME, moment
from maehia.services.queries.open311 import Row

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
Note = tuple[datetime, str, str]


def discovery(changed: datetime, contact: str, key_service: str, urls: Mapping[str, str]) -> dict[str, Any]:
    """urls: of "production" and "test"."""
    endpoints = [
        {"specification": SPECIFICATION, "url": url, "changeset": moment(changed), "type": kind, "formats": list(MIME)}
        for kind, url in urls.items()
    ]
    return {"changeset": moment(changed), "contact": contact, "key_service": key_service, "endpoints": endpoints}


def request(row: Row, lang: str, photo: str | None) -> dict[str, Any]:
    """One request. photo: address of the first released one."""
    english = lang == "en"
    return {
        "service_request_id": row.number,
        "status": "open" if row.state_type == "open" else "closed",
        "status_notes": status_notes(row, english),
        "service_name": (row.service_en if english else row.service_th) or row.service_th,
        "service_code": row.service,
        "description": row.text or None,
        "agency_responsible": (row.unit_en if english else row.unit_th) or row.unit_th,
        "service_notice": None,
        "requested_datetime": moment(row.received_at),
        "updated_datetime": moment(row.updated_at),
        "expected_datetime": moment(row.due_at),
        "address": row.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": photo,
    }


def status_notes(row: Row, english: bool) -> str | None:
    """The last public note. A case that was closed without being fixed says so in words first."""
    if row.state_type != "closed":
        return row.last_note or None
    state = workflow.state("report", row.state)
    word = state.en if english else state.th
    return f"{word}: {row.last_note}" if row.last_note else word


def extras(row: Row, notes: Sequence[Note]) -> dict[str, Any]:
    """What `extensions=true` adds. attributes stay empty: answers are the reporter's own until they are released."""
    return {
        "extended_attributes": {
            "state": row.state, "channel": row.channel, "moo": row.moo, "me_too": row.me_too, "reopened": row.reopened,
            "closed_datetime": moment(row.closed_at),
        },
        "attributes": [],
        "notes": [{"datetime": moment(at), "description": words, "type": kind} for at, words, kind in notes],
    }  # fmt: skip


def requests(
    rows: Sequence[Row], lang: str, photos: Mapping[UUID, str], notes: Mapping[UUID, Sequence[Note]] | None = None
) -> list[dict[str, Any]]:
    """notes: of `extensions=true`, None without."""
    if notes is None:
        return [request(row, lang, photos.get(row.id)) for row in rows]
    return [request(row, lang, photos.get(row.id)) | extras(row, notes.get(row.id, ())) for row in rows]


def posted(number: str, token: str | None, notice: str | None) -> dict[str, Any]:
    """The reply to a POST: the number, or a token in its place."""
    name = {"token": token} if token else {"service_request_id": number}
    return name | {"service_notice": notice, "account_id": None}


# Of SocietyWorks' update API; our states in its words.
UPDATE_WORDS = {
    "submitted": "OPEN", "accepted": "INVESTIGATING", "in_progress": "IN_PROGRESS", "planned": "PLANNED",
    "waiting_citizen": "INVESTIGATING", "waiting_other": "ACTION_SCHEDULED", "closure_requested": "IN_PROGRESS",
    "fixed": "FIXED", "cannot_fix": "NO_FURTHER_ACTION", "not_ours": "NOT_COUNCILS_RESPONSIBILITY",
    "forwarded": "INTERNAL_REFERRAL", "duplicate": "DUPLICATE", "cancelled": "CANCELLED",
}  # fmt: skip
BULK = (
    "service_request_id", "requested_datetime", "updated_datetime", "closed_date", "status_description",
    "status_notes", "source", "service_name", "service_subtype", "description", "agency_responsible", "address",
    "lat", "long",
)  # fmt: skip


def bulk_line(row: Row, lang: str) -> list[str]:
    """A line of the open data file, by BULK."""
    shown = request(row, lang, None)
    cells = (
        shown["service_request_id"], shown["requested_datetime"], shown["updated_datetime"], moment(row.closed_at),
        shown["status"], shown["status_notes"], row.channel, shown["service_name"], "", shown["description"],
        shown["agency_responsible"], shown["address"], row.lat, row.lon,
    )  # fmt: skip
    return ["" if cell is None else str(cell) for cell in cells]
