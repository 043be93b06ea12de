"""The elements of CAP 1.2 in their fixed order: one table that both writing and reading follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from maehia.emergency.rules.cap.message import Alert, Area, Info, Pair, Resource

NS = "urn:oasis:names:tc:emergency:cap:1.2"
DS = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True, slots=True)
class Element:
    """tag on the wire, field of the value. count: "1" exactly one, "?" at most one, "*" any, "+" at least one.

    kind: str, Pair, or the class whose own elements stand inside. empty_is_wrong: must hold text.
    """

    tag: str
    field: str
    count: str = "1"
    kind: Any = str


def _one(*names: tuple[str, str]) -> tuple[Element, ...]:
    return tuple(Element(*name) for name in names)


def _maybe(*names: tuple[str, str]) -> tuple[Element, ...]:
    return tuple(Element(*name, "?") for name in names)


ORDER: dict[Any, tuple[Element, ...]] = {
    Alert: (
        *_one(("identifier", "identifier"), ("sender", "sender"), ("sent", "sent"), ("status", "status"),
              ("msgType", "msg_type")),
        *_maybe(("source", "source")),
        *_one(("scope", "scope")),
        *_maybe(("restriction", "restriction"), ("addresses", "addresses")),
        Element("code", "codes", "*"),
        *_maybe(("note", "note"), ("references", "references"), ("incidents", "incidents")),
        Element("info", "infos", "*", Info),
    ),
    Info: (
        *_maybe(("language", "language")),
        Element("category", "categories", "+"),
        *_one(("event", "event")),
        Element("responseType", "responses", "*"),
        *_one(("urgency", "urgency"), ("severity", "severity"), ("certainty", "certainty")),
        *_maybe(("audience", "audience")),
        Element("eventCode", "event_codes", "*", Pair),
        *_maybe(("effective", "effective"), ("onset", "onset"), ("expires", "expires"), ("senderName", "sender_name"),
                ("headline", "headline"), ("description", "description"), ("instruction", "instruction"),
                ("web", "web"), ("contact", "contact")),
        Element("parameter", "parameters", "*", Pair),
        Element("resource", "resources", "*", Resource),
        Element("area", "areas", "*", Area),
    ),
    Resource: (
        *_one(("resourceDesc", "desc"), ("mimeType", "mime")),
        *_maybe(("size", "size"), ("uri", "uri"), ("derefUri", "deref"), ("digest", "digest")),
    ),
    Area: (
        *_one(("areaDesc", "desc")),
        Element("polygon", "polygons", "*"),
        Element("circle", "circles", "*"),
        Element("geocode", "geocodes", "*", Pair),
        *_maybe(("altitude", "altitude"), ("ceiling", "ceiling")),
    ),
    Pair: _one(("valueName", "name"), ("value", "value")),
}  # fmt: skip
WORDS = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
                 "Other"),
    "responseType": ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}  # fmt: skip
