"""A phone in the demo: what is tapped on it goes to the real webhook, signed; what LINE would show is shown."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

from maehia.base import Problem, ProblemError
from maehia.kit.acting import acting
from maehia.message.actions import work_on_new
from maehia.message.actions.queue import address_index
from maehia.message.fakes import line as fake
from maehia.message.models import FakeDelivery, LineFollower

PEOPLE = (("malee", "มาลี", "Malee"), ("somchai", "สมชาย", "Somchai"), ("kham", "คำ", "Kham"))
SHOWN = 60
DEPTH = 12


@dataclass(frozen=True, slots=True)
class Tap:
    """Something to tap. kind: message, postback, location, camera, cameraRoll, uri."""

    label: str
    kind: str
    value: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One line of the chat. mine: from the citizen. lines: words; taps: buttons of a card; photo: a number."""

    id: int
    at: datetime
    mine: bool
    lines: tuple[str, ...] = ()
    taps: tuple[Tap, ...] = ()
    photo: int = 0
    picture: str = ""
    quick: tuple[Tap, ...] = field(default=())


def user_of(name: str) -> str:
    """The LINE user of one of the invented people. Raises KeyError for anybody else."""
    if name not in {key for key, _, _ in PEOPLE}:
        raise KeyError(name)
    return fake.user_id(name)


@cache
def application() -> BaseHandler:
    """The whole of the application with its middleware, entered without a second connection to itself."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def deliver(event: Mapping[str, Any]) -> None:
    """Bring one event to /hooks/line/ as LINE would, signed, and have it worked on at once."""
    raw, signature = fake.webhook([event], fake.demo_keys().secrets[0])
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/hooks/line/", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(raw)), "HTTP_X_LINE_SIGNATURE": signature,
        "wsgi.input": io.BytesIO(raw), "wsgi.url_scheme": "http",
    }  # fmt: skip
    answer = application().get_response(WSGIRequest(environ))
    if answer.status_code != 200:
        raise ProblemError(Problem("webhook_refused", "webhook ไม่รับเหตุการณ์นี้", str(answer.status_code)))
    work_on_new()


def _message(user: str, **message: Any) -> dict[str, Any]:
    number = message.pop("id", "") or str(secrets.randbelow(10**18))
    return fake.event(user, "message", message={"id": number, **message})


def follow(user: str, *, leave: bool = False) -> None:
    if leave:
        fake.keep("said", user, {"text": "(เลิกติดตาม)"})
        deliver(fake.event(user, "unfollow", reply=False))
    else:
        deliver(fake.event(user, "follow"))


def write(user: str, text: str) -> None:
    fake.keep("said", user, {"text": text})
    deliver(_message(user, type="text", text=text))


def tap(user: str, data: str, shown: str) -> None:
    if shown:
        fake.keep("said", user, {"text": shown})
    deliver(fake.event(user, "postback", postback={"data": data}))


def send_photo(user: str, raw: bytes) -> None:
    number = fake.keep_photo(user, raw)
    deliver(_message(user, id=number, type="image", contentProvider={"type": "line"}))


def send_place(user: str, lon: float, lat: float, words: str = "") -> None:
    fake.keep("said", user, {"text": f"ตำแหน่ง: {words or f'{lat:.5f}, {lon:.5f}'}"})
    deliver(_message(user, type="location", title="ตำแหน่ง", address=words, latitude=lat, longitude=lon))


def is_following(user: str) -> bool:
    with acting("system:demo", "message.send"):
        return LineFollower.objects.filter(user_index=address_index(user), unfollowed_at=None).exists()


def chat(user: str) -> list[Bubble]:
    """The last bubbles of a chat, oldest first; only the very last one has quick replies, as on a phone."""
    with acting("system:demo", "message.send"):
        rows = list(FakeDelivery.objects.filter(to_index=address_index(user), channel="line").order_by("-id")[:SHOWN])
    found = [bubble for row in reversed(rows) for bubble in _bubbles(row)]
    return [*(_quiet(bubble) for bubble in found[:-1]), *found[-1:]]


def _quiet(bubble: Bubble) -> Bubble:
    return Bubble(bubble.id, bubble.at, bubble.mine, bubble.lines, bubble.taps, bubble.photo, bubble.picture)


def _bubbles(row: FakeDelivery) -> list[Bubble]:
    held = json.loads(row.payload)
    if row.kind == "said":
        return [Bubble(row.pk, row.at, True, (held["text"],))]
    if row.kind == "photo":
        return [Bubble(row.pk, row.at, True, photo=row.pk)]
    return [_from_town(row, message) for message in held["messages"]]


def _from_town(row: FakeDelivery, message: Mapping[str, Any]) -> Bubble:
    quick = tuple(_tap(item["action"]) for item in message.get("quickReply", {}).get("items", ()))
    if message["type"] == "flex":
        lines, taps = _flat(message["contents"], DEPTH)
        return Bubble(row.pk, row.at, False, tuple(lines), tuple(taps), quick=quick)
    return Bubble(
        row.pk, row.at, False, (message.get("text", ""),), picture=message.get("previewImageUrl", ""), quick=quick
    )


def _flat(part: Any, depth: int) -> tuple[list[str], list[Tap]]:
    """Words and buttons of a card, in their order."""
    if depth == 0 or not isinstance(part, Mapping | Sequence) or isinstance(part, str):
        return [], []
    if isinstance(part, Mapping) and part.get("type") == "text":
        return [str(part.get("text", ""))], []
    if isinstance(part, Mapping) and part.get("type") == "button":
        return [], [_tap(part["action"])]
    parts = (
        [part[k] for k in ("hero", "header", "body", "footer", "contents") if k in part]
        if isinstance(part, Mapping)
        else part
    )
    found = [_flat(one, depth - 1) for one in parts]
    return [line for lines, _ in found for line in lines], [one for _, taps in found for one in taps]


def _tap(action: Mapping[str, Any]) -> Tap:
    value = action.get("data") or action.get("text") or action.get("uri") or ""
    return Tap(
        str(action.get("label", "")), str(action.get("type", "")), str(value), str(action.get("displayText", ""))
    )
