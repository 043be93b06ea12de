"""What Traffy says, read with all its quirks into values. No network, no database.

Its API answers HTTP 200 for failures too: the field `status` decides. Times come without an offset and mean UTC+7;
only the public feed writes `+00`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from maehia.base import BANGKOK

Kind = Literal["password", "expired", "token", "quota", "input", "refused", "network"]
# Known words, by prefix, whatever their case. Anything else is a refusal that staff must see.
MESSAGES: tuple[tuple[str, Kind], ...] = (
    ("invalid user or pass", "password"),
    ("this token has expired", "expired"),
    ("err 1 - invalid token", "token"),
    ("running out of api usage quota", "quota"),
    ("invalid input json format", "input"),
)
UNLIMITED = -1  # credit_balance null


class TraffyError(Exception):
    """A call that did not work. kind says what to do: renew, wait, correct, or show it to staff."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


@dataclass(frozen=True, slots=True)
class Answer:
    """A call that worked. warning: Traffy's words when it worked with a but. credit: calls left this month,
    UNLIMITED, or None when the answer does not say."""

    results: Any
    warning: str = ""
    credit: int | None = None


@dataclass(frozen=True, slots=True)
class OrgState:
    """The state that one organisation gave the ticket; ids as text."""

    org_id: str
    org: str
    status: str
    status_type: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Issue:
    """A ticket. point: (lon, lat). star: 1-5 or None. reopened: how often. orgs: only from get-issue."""

    ticket_id: str
    type: str
    description: str
    point: tuple[float, float] | None
    address: str
    status: str
    status_type: str
    at: datetime | None
    last_activity: datetime | None
    photos: tuple[str, ...] = ()
    photos_after: tuple[str, ...] = ()
    star: int | None = None
    reopened: int = 0
    organization: str = ""
    category_id: str = ""
    note: str = ""
    orgs: tuple[OrgState, ...] = ()

    def state_of(self, org_id: str) -> tuple[str, str]:
        """(status, status_type) that an organisation gave; the ticket's own when it is not among them."""
        ours = next((row for row in self.orgs if row.org_id == org_id), None)
        return (ours.status, ours.status_type) if ours else (self.status, self.status_type)


def read_answer(data: Any) -> Answer:
    """The answer of a call. Raises TraffyError for `fail` and for what is no answer at all."""
    if not isinstance(data, Mapping):
        raise TraffyError("refused", "the answer is no JSON object")
    status, message = str(data.get("status") or "").lower(), str(data.get("message") or "")
    if status not in ("success", "warning"):
        raise TraffyError(kind_of(message), message[:300] or f"status {status!r}")
    return Answer(data.get("results"), message if status == "warning" else "", read_credit(data))


def kind_of(message: str) -> Kind:
    plain = message.strip().lower()
    return next((kind for prefix, kind in MESSAGES if plain.startswith(prefix)), "refused")


def read_credit(data: Mapping[str, Any]) -> int | None:
    if "credit_balance" not in data:
        return None
    value = data["credit_balance"]
    return UNLIMITED if value is None else whole(value, 0)


def rows(results: Any) -> list[Mapping[str, Any]]:
    """Results as a list: absent, `[]`, `{}` and one object are all answers that Traffy gives."""
    if isinstance(results, Mapping):
        return [results] if results else []
    return [row for row in results if isinstance(row, Mapping)] if isinstance(results, list) else []


def read_issue(data: Mapping[str, Any]) -> Issue:
    """A ticket of get-issue, get-issues or the CSV. Raises TraffyError without a ticket number."""
    ticket = text(data.get("ticket_id"))
    if not ticket:
        raise TraffyError("refused", "a ticket without ticket_id")
    star = whole(data.get("star"), 0)
    line = rows(data.get("timeline"))
    return Issue(
        ticket, text(data.get("type")), text(data.get("description")), read_point(data), text(data.get("address")),
        text(data.get("status")), text(data.get("status_type")), read_time(data.get("timestamp")),
        read_time(data.get("last_activity")), read_photos(data.get("photo")), read_photos(data.get("photo_after")),
        star if 1 <= star <= 5 else None, whole(data.get("count_reopen"), 0), text(data.get("organization")),
        text(data.get("issue_category_id") or data.get("type_id")), text(line[-1].get("note")) if line else "",
        tuple(read_org(row) for row in rows(data.get("orgs"))),
    )  # fmt: skip


def read_org(data: Mapping[str, Any]) -> OrgState:
    return OrgState(
        text(data.get("org_id")), text(data.get("org")), text(data.get("status")), text(data.get("status_type")),
        read_time(data.get("timestamp")),
    )  # fmt: skip


def text(value: Any) -> str:
    """Ids come as numbers or as text: compared as text."""
    return "" if value is None else str(value).strip()


def whole(value: Any, default: int) -> int:
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return default


def read_point(data: Mapping[str, Any]) -> tuple[float, float] | None:
    """(lon, lat) of latitude/longitude, or of `coords` as "lng,lat" or ["lng", "lat"]."""
    pair: Sequence[Any] = (data.get("longitude"), data.get("latitude"))
    if pair == (None, None) and data.get("coords"):
        coords = data["coords"]
        pair = coords.split(",") if isinstance(coords, str) else coords
    try:
        lon, lat = (float(part) for part in pair)
    except (TypeError, ValueError):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0) else None


def read_photos(value: Any) -> tuple[str, ...]:
    """URLs from one URL, a list, or nothing; a bare folder (ends with /) is no photo."""
    given = value if isinstance(value, list) else [value]
    found = [text(one.get("url") or one.get("uri") if isinstance(one, Mapping) else one) for one in given]
    return tuple(url for url in found if url.startswith(("http://", "https://")) and not url.endswith("/"))


def read_time(value: Any) -> datetime | None:
    """An aware time, or None. Without an offset it is UTC+7; `+00` at the end is the public feed's UTC."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return found.replace(tzinfo=BANGKOK) if found.tzinfo is None else found.astimezone(BANGKOK)


def write_time(moment: datetime, *, feed: bool = False) -> str:
    """As Traffy writes it: town time without an offset, or UTC with `+00` in the public feed."""
    if feed:
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + "+00"
    return moment.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M:%S.%f")
