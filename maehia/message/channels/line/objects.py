"""LINE message objects: texts, cards with their words, quick replies; what LINE would refuse is refused here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from maehia.base import Problem, ProblemError

PER_CALL = 5
TEXT, ALT, LABEL, QUICK = 5000, 400, 20, 13


def units_of(text: str) -> int:
    """LINE counts UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def clip(text: str, most: int) -> str:
    """At most `most` UTF-16 units, without half a character and with an ellipsis."""
    if units_of(text) <= most:
        return text
    return text.encode("utf-16-le")[: (most - 1) * 2].decode("utf-16-le", "ignore") + "…"


def text_object(text: str) -> dict[str, Any]:
    return {"type": "text", "text": clip(text, TEXT)}


def texts_of(text: str) -> list[dict[str, Any]]:
    """A text of any length as objects."""
    parts, rest = [], text
    while units_of(rest) > TEXT:
        cut = rest.encode("utf-16-le")[: TEXT * 2].decode("utf-16-le", "ignore")
        at = max(cut.rfind("\n"), cut.rfind(" ")) if max(cut.rfind("\n"), cut.rfind(" ")) > TEXT // 2 else len(cut)
        parts.append(rest[:at])
        rest = rest[at:].lstrip()
    return [text_object(part) for part in [*parts, rest]]


def flex(alt: str, contents: Mapping[str, Any]) -> dict[str, Any]:
    """A card. alt: the whole meaning in words, for notifications and old phones."""
    return {"type": "flex", "altText": clip(alt, ALT), "contents": dict(contents)}


def say(label: str, text: str) -> dict[str, Any]:
    """A quick reply that says something."""
    return {"type": "action", "action": {"type": "message", "label": clip(label, LABEL), "text": clip(text, 300)}}


def tap(label: str, data: str, shown: str = "") -> dict[str, Any]:
    """A quick reply that sends data; `shown` appears in the chat."""
    action = {"type": "postback", "label": clip(label, LABEL), "data": data, "displayText": shown or label}
    return {"type": "action", "action": action}


def place(label: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "location", "label": clip(label, LABEL)}}


def camera(label: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "camera", "label": clip(label, LABEL)}}


def with_quick(message: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {**message, "quickReply": {"items": list(items[:QUICK])}} if items else dict(message)


def calls(objects: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Objects in their order, five a call. Raises ProblemError before anything is sent."""
    for one in objects:
        check(one)
    for start in range(0, len(objects), PER_CALL):
        yield list(objects[start : start + PER_CALL])


def check(message: Mapping[str, Any]) -> None:
    """Raises ProblemError line_object: a card without its words, an empty or overlong text, an unknown kind."""
    kind = message.get("type")
    if kind == "text" and 0 < units_of(str(message.get("text", "")).strip()) <= TEXT:
        return
    if kind == "flex" and 0 < units_of(str(message.get("altText", "")).strip()) <= ALT and message.get("contents"):
        return
    if kind == "image" and str(message.get("originalContentUrl", "")).startswith("https://"):
        return
    raise ProblemError(
        Problem("line_object", "ข้อความ LINE ไม่ครบ ระบบจึงไม่ส่ง", str(kind), "ใส่ข้อความ หรือคำอธิบาย (altText) ให้การ์ด")
    )
