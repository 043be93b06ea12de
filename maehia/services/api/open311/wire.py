"""One value, written as JSON or as XML by the Spark convention of GeoReport v2.

A value is text, number, truth, None, a dict (elements) or a list (a container). In XML a container's children are
named after it, nothing has attributes or a namespace, and what is missing is an empty element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from maehia.base import BANGKOK

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
MIME = ("text/xml", "application/json")
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
CHILD = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "errors": "error", "endpoints": "endpoint", "formats": "format", "notes": "note",
    "service_request_updates": "request_update",
}  # fmt: skip
ESCAPED = re.compile(r"\\(?:u00|f|b)")  # how JSON writes a control character (or a text that looks like one)
# What XML 1.0 has no way to say, not even escaped.
UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(root: str, value: Mapping[str, Any] | Sequence[Any], suffix: str) -> bytes:
    """The body of an answer. root: name of the outermost XML element; JSON has no wrapper."""
    if suffix == "json":
        text = to_json(value)
        # A control character shows as an escape; only then is the value gone through piece by piece.
        if ESCAPED.search(text) or UNSAYABLE.search(text):
            text = to_json(clean(value))
        return text.encode()
    return (HEAD + element(root, value)).encode()


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def element(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f"<{name}>{words(value)}</{name}>"
    if isinstance(value, dict):
        return f"<{name}>{''.join([element(key, part) for key, part in value.items()])}</{name}>"
    if isinstance(value, list | tuple):
        child = CHILD.get(name, "value")
        return f"<{name}>{''.join([element(child, part) for part in value])}</{name}>"
    return f"<{name}>{words(value)}</{name}>"


def words(value: Any) -> str:
    """Text of an element."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(UNSAYABLE.sub("", str(value)))


def clean(value: Any) -> Any:
    """The same value without what UTF-8 cannot carry; JSON and XML say the same."""
    if isinstance(value, str):
        return UNSAYABLE.sub("", value) if UNSAYABLE.search(value) else value
    if isinstance(value, Mapping):
        return {key: clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    return value


def moment(value: datetime | None) -> str | None:
    """An aware time as W3C text of this town, whole seconds: 2026-11-21T15:00:00+07:00."""
    return value.astimezone(BANGKOK).isoformat(timespec="seconds") if value else None


def text_of(value: str | None) -> str | None:
    """None for text that is not there, so that JSON says null."""
    return value or None


def comma(parts: Iterable[str]) -> str:
    return ",".join(parts)
