"""What goes in and out of the JSON API. Everything that comes in is bounded; unknown names are refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

NUL = "\x00"
Plain = r"^[^\x00]*$"
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Codes = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}(,[a-z0-9_-]{1,40}){0,30}$")]
Lang = Literal["th", "en"]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def _iso(value: Any) -> Any:
    """Only RFC 3339: a bare number would be read as seconds since 1970. A plus that came as a space is put back."""
    text = str(value).replace(" ", "+")
    if not _MOMENT.fullmatch(text):
        raise ValueError("a date-time of RFC 3339 is expected, as 2026-11-21T08:00:00+07:00")
    return text


Moment = Annotated[AwareDatetime, BeforeValidator(_iso)]


class Closed(Schema):
    """A body that knows its names."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """RFC 9457: what is wrong, in words for people (detail) and for programs (code, errors)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] = []


class Service(Schema):
    code: str
    name: str
    description: str | None
    group: str | None
    keywords: list[str]


class ServiceDefinition(Service):
    """form: as the form engine writes it, questions in order."""

    form: dict[str, Any]


class Offer(Schema):
    """What the town promises. before: figures of the time before, null = not known yet."""

    code: str
    kind: Literal["report", "service"]
    name: str
    description: str
    act: str | None
    steps: list[str]
    documents_to_bring: list[str]
    documents_the_town_has: list[str]
    promise: dict[str, Any]
    before: dict[str, Any]


class Point(Schema):
    lat: float
    lon: float


class Case(Schema):
    """A published case. point is blurred where the category says so."""

    number: str
    service: str
    service_name: str
    state: str
    state_name: str
    is_open: bool
    unit: str | None
    description: str | None
    note: str | None
    address: str | None
    point: Point | None
    moo: int | None
    photo: str | None
    me_too: int
    reopened: int
    received_at: datetime
    updated_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class CaseList(Schema):
    """A page of cases, in the order of their numbers."""

    total: int
    page: int
    page_size: int
    items: list[Case]


class Asked(Closed):
    """Which cases. page from 1."""

    service: Codes | None = None
    status: Literal["open", "closed"] | None = None
    received_after: Moment | None = None
    received_before: Moment | None = None
    updated_after: Moment | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=1000)] = 100
    lang: Lang = "th"


class Contact(Closed):
    """How the reporter is told. Everything may be missing."""

    name: Annotated[str, Field(max_length=120, pattern=Plain)] = ""
    phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 -]{7,18})?$")] = ""
    email: Annotated[str, Field(max_length=200, pattern=r"^([^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+)?$")] = ""


class NewCase(Closed):
    """A report. point or address is needed where the category asks for a place; answers: by id of the form."""

    service: Code
    description: Annotated[str, Field(max_length=4000, pattern=Plain)] = ""
    point: NewPoint | None = None
    address: Annotated[str, Field(max_length=400, pattern=Plain)] = ""
    answers: dict[Code, Answer] = {}
    contact: Contact = Contact()
    lang: Lang = "th"


class NewPoint(Closed):
    """Degrees, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


Text = Annotated[str, Field(max_length=4000, pattern=Plain)]
Answer = Text | list[Text]
NewCase.model_rebuild()


class Filed(Schema):
    """secret: opens the case without an account; it is told this once only. follow_url carries it."""

    number: str
    secret: str
    follow_url: str


class Line(Schema):
    at: datetime
    kind: str
    state: str | None
    note: str | None


class Followed(Schema):
    """The case of a secret, as whoever filed it sees it."""

    number: str
    service: str
    service_name: str
    state: str
    state_name: str
    description: str | None
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    history: list[Line]


class QueueGroup(Schema):
    key: str
    name: str
    waiting: int


class Queue(Schema):
    as_of: datetime
    open_desks: list[int]
    groups: list[QueueGroup]
