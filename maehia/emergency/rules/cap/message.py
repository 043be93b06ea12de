"""A CAP 1.2 message as values. Every leaf is the text as it stands on the wire, so that a wrong one can be shown.

None means that the element is absent, "" that it stands there empty. Lists keep their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Pair(NamedTuple):
    """valueName and value of an eventCode, parameter or geocode."""

    name: str
    value: str


class Triple(NamedTuple):
    """How a message is named by others: sender,identifier,sent."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return ",".join(self)


@dataclass(frozen=True, slots=True)
class Resource:
    """size in bytes, digest SHA-1 in hex, deref base64."""

    desc: str = ""
    mime: str = ""
    size: str | None = None
    uri: str | None = None
    deref: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """polygons: `lat,lon lat,lon ...` (degrees, first = last). circles: `lat,lon km`. altitude, ceiling: feet."""

    desc: str = ""
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: str | None = None
    ceiling: str | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """The message in one language."""

    language: str | None = None
    categories: tuple[str, ...] = ()
    event: str = ""
    responses: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    audience: str | None = None
    event_codes: tuple[Pair, ...] = ()
    effective: str | None = None
    onset: str | None = None
    expires: str | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A whole message. references: the text of the element, triples parted by spaces. Its signature is not in here."""

    identifier: str = ""
    sender: str = ""
    sent: str = ""
    status: str = ""
    msg_type: str = ""
    source: str | None = None
    scope: str = ""
    restriction: str | None = None
    addresses: str | None = None
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: str | None = None
    incidents: str | None = None
    infos: tuple[Info, ...] = ()

    @property
    def triple(self) -> Triple:
        return Triple(self.sender, self.identifier, self.sent)

    def named(self) -> list[Triple]:
        """The well-formed triples of `references`, in order."""
        parts = (word.split(",") for word in (self.references or "").split())
        return [Triple(*part) for part in parts if len(part) == 3 and all(part)]


def trimmed(value: T) -> T:
    """The same message without white space around any text (rule 19)."""
    if isinstance(value, str):
        return value.strip()  # type: ignore[return-value]
    if isinstance(value, (Pair, Triple)):
        return type(value)(*(part.strip() for part in value))
    if isinstance(value, tuple):
        return tuple(trimmed(part) for part in value)  # type: ignore[return-value]
    if isinstance(value, (Alert, Info, Area, Resource)):
        made: Any = {field.name: trimmed(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **made)
    return value


def infos_of(alert: Alert) -> Iterator[tuple[str, Info]]:
    """Each info with its XPath."""
    for number, info in enumerate(alert.infos, 1):
        yield f"/alert/info[{number}]", info


def areas_of(alert: Alert) -> Iterator[tuple[str, Area]]:
    for path, info in infos_of(alert):
        for number, area in enumerate(info.areas, 1):
            yield f"{path}/area[{number}]", area


def resources_of(alert: Alert) -> Iterator[tuple[str, Resource]]:
    for path, info in infos_of(alert):
        for number, resource in enumerate(info.resources, 1):
            yield f"{path}/resource[{number}]", resource
