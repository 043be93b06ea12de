"""An event of the chat as handlers see it, and the talk by which they answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from maehia.message.channels.line import objects

KINDS = {"message", "postback", "follow", "unfollow"}


@dataclass(frozen=True, slots=True)
class Inbound:
    """id: LINE's own id of the event (once). at: when it happened. photo: the bytes of an image, already fetched.

    kind: message, postback, follow, unfollow or another one. what: text, image, location, ... of a message.
    text: what was written; data: of a postback; lon, lat, address: of a location.
    """

    id: str
    kind: str
    user: str
    at: datetime
    what: str = ""
    text: str = ""
    data: str = ""
    message_id: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    reply_token: str = ""
    standby: bool = False
    photo: bytes | None = None

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Inbound:
        """An event of a webhook. Unknown parts are left out."""
        source, message = _part(event, "source"), _part(event, "message")
        return cls(
            id=str(event.get("webhookEventId", "")), kind=str(event.get("type", "")), at=moment(event.get("timestamp")),
            user=str(source.get("userId", "")) if source.get("type") == "user" else "",
            what=str(message.get("type", "")), text=str(message.get("text", ""))[:5000],
            data=str(_part(event, "postback").get("data", ""))[:300], message_id=str(message.get("id", "")),
            lon=_degrees(message.get("longitude"), 180), lat=_degrees(message.get("latitude"), 90),
            address=str(message.get("address", ""))[:300], reply_token=str(event.get("replyToken", "")),
            standby=event.get("mode") == "standby",
        )  # fmt: skip


@dataclass(slots=True)
class Talk:
    """One turn of the chat. draft: what the talk remembers until it is emptied. moo: of the follower, or ""."""

    user: str
    lang: str = "th"
    moo: str = ""
    draft: dict[str, Any] = field(default_factory=dict)
    objects: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str, *quick: Mapping[str, Any]) -> None:
        """Answer with a text, and things to tap below it."""
        self.objects += objects.texts_of(text)
        self.offer(*quick)

    def tell(self, template: str, values: Mapping[str, str] | None = None, *quick: Mapping[str, Any]) -> None:
        """Answer with a registered text (the town may have its own wording)."""
        from maehia.message.actions.queue import render

        self.say(render(template, values or {}, self.lang)[0], *quick)

    def card(self, alt: str, contents: Mapping[str, Any], *quick: Mapping[str, Any]) -> None:
        """Answer with a card. alt: its whole meaning in words."""
        self.objects.append(objects.flex(alt, contents))
        self.offer(*quick)

    def offer(self, *quick: Mapping[str, Any]) -> None:
        """Things to tap stand under the last object only: LINE shows no others."""
        if quick and self.objects:
            self.objects[-1] = objects.with_quick(self.objects[-1], quick)

    @property
    def text(self) -> str:
        """What was said, in words."""
        return "\n".join(str(one.get("text") or one.get("altText", "")) for one in self.objects)


def moment(milliseconds: Any) -> datetime:
    """LINE's timestamp; the beginning of time when it is none."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = event.get(name)
    return found if isinstance(found, Mapping) else {}


def _degrees(value: Any, most: int) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
    return float(value) if good else None


def events_of(raw: bytes) -> list[Mapping[str, Any]] | None:
    """The events of a verified body; None when it is not LINE's shape."""
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    found = body.get("events") if isinstance(body, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else None
