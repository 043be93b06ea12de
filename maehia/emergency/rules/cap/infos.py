"""Rules 10 to 13, 17 and 23: the infos of a message, their times and resources."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import urlsplit

from maehia.emergency.rules.cap.context import Context
from maehia.emergency.rules.cap.finding import ERROR, WARNING, Finding
from maehia.emergency.rules.cap.message import Alert, Info, Resource, infos_of, resources_of
from maehia.emergency.rules.cap.times import read

LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
THAI = re.compile(r"[\u0e01-\u0e5b]")
MIME = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")
SHA1 = re.compile(r"[0-9a-fA-F]{40}")
DEFAULT_LANGUAGE = "en-US"


def present(alert: Alert, _context: Context) -> Iterator[Finding]:
    """10: a public message tells something, somewhere, that can be found on a map."""
    if alert.scope != "Public":
        return
    if not alert.infos:
        yield Finding("cap10_info", ERROR, "/alert/info")
    for path, info in infos_of(alert):
        if not info.areas:
            yield Finding("cap10_area", ERROR, f"{path}/area")
        for number, area in enumerate(info.areas, 1):
            if not (area.polygons or area.circles or area.geocodes):
                yield Finding("cap10_place", ERROR, f"{path}/area[{number}]", (area.desc[:60],))


def languages(alert: Alert, _context: Context) -> Iterator[Finding]:
    """11: th-TH, not th_TH; Thai text says that it is Thai."""
    for path, info in infos_of(alert):
        tag = info.language if info.language is not None else DEFAULT_LANGUAGE
        if not LANGUAGE.fullmatch(tag):
            yield Finding("cap11_language", ERROR, f"{path}/language", (tag[:20],))
        elif THAI.search(f"{info.headline or ''}{info.event}") and not tag.lower().startswith("th"):
            yield Finding("cap11_thai", ERROR, f"{path}/language", (tag,))


def alike(alert: Alert, _context: Context) -> Iterator[Finding]:
    """12: all infos tell of one event; two languages are two texts."""
    numbered = list(infos_of(alert))
    for (_, one), (path, other) in combinations(numbered, 2):
        if set(one.categories) != set(other.categories):
            yield Finding("cap12_category", ERROR, f"{path}/category", (", ".join(other.categories),))
        if set(one.event_codes) != set(other.event_codes):
            yield Finding("cap12_event_code", ERROR, f"{path}/eventCode")
        if tongue(one) == tongue(other) and one.event != other.event:
            yield Finding("cap12_event", ERROR, f"{path}/event", (one.event, other.event))
        if tongue(one) != tongue(other) and one.headline and one.headline == other.headline:
            yield Finding("cap12_same_text", WARNING, f"{path}/headline", (other.headline or "",))


def tongue(info: Info) -> str:
    return (info.language or DEFAULT_LANGUAGE).lower()


def times(alert: Alert, context: Context) -> Iterator[Finding]:
    """13: in force from when it is sent, over after all else; onset may lie before."""
    sent = read(alert.sent)
    for path, info in infos_of(alert):
        effective, onset, expires = (read(text or "") for text in (info.effective, info.onset, info.expires))
        if sent and effective and effective < sent:
            yield Finding("cap13_effective", ERROR, f"{path}/effective", (info.effective or "", alert.sent))
        if info.expires is None:
            yield Finding("cap13_no_end", ERROR, f"{path}/expires")
        latest = max((moment for moment in (sent, effective, onset) if moment), default=None)
        if expires and latest and expires <= latest:
            yield Finding("cap13_expires", ERROR, f"{path}/expires", (info.expires or "",))
        if expires and sent and expires - sent > context.life:
            hours = str(int((expires - sent).total_seconds() // 3600))
            yield Finding("cap13_long", WARNING, f"{path}/expires", (hours,))
        if context.publishing and context.now and expires and expires <= context.now:
            yield Finding("cap13_past", ERROR, f"{path}/expires", (info.expires or "",))


def addresses(alert: Alert, context: Context) -> Iterator[Finding]:
    """17: web and uri can be followed, derefUri can be read, digest fits the content."""
    for path, info in infos_of(alert):
        if info.web and not absolute(info.web):
            yield Finding("cap17_web", ERROR, f"{path}/web", (info.web[:120],))
    for path, resource in resources_of(alert):
        yield from of_resource(path, resource, context)


def of_resource(path: str, resource: Resource, context: Context) -> Iterator[Finding]:
    if not MIME.fullmatch(resource.mime):
        yield Finding("cap17_mime", ERROR, f"{path}/mimeType", (resource.mime[:60],))
    if (resource.size is not None and not resource.size.isascii()) or (resource.size or "0").strip("0123456789"):
        yield Finding("cap17_size", ERROR, f"{path}/size", (resource.size or "",))
    if resource.uri is not None and resource.deref is None and not absolute(resource.uri):
        yield Finding("cap17_uri", ERROR, f"{path}/uri", (resource.uri[:120],))
    content = decoded(resource.deref) if resource.deref is not None else context.data.get(resource.uri or "")
    if resource.deref is not None and content is None:
        yield Finding("cap17_base64", ERROR, f"{path}/derefUri")
    if resource.digest is not None:
        right = SHA1.fullmatch(resource.digest)
        told = hashlib.sha1(content, usedforsecurity=False).hexdigest() if content is not None else None
        if not right or (told and told != resource.digest.lower()):
            yield Finding("cap17_digest", ERROR, f"{path}/digest", (resource.digest[:60],))


def absolute(address: str) -> bool:
    """Whether an address has a scheme and something behind it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", address)


def decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def added(alert: Alert, _context: Context) -> Iterator[Finding]:
    """23: a later info of the same language may add a place, not tell of the same place otherwise."""
    for (_, one), (path, other) in combinations(infos_of(alert), 2):
        places = {area.desc for area in one.areas} & {area.desc for area in other.areas}
        told = [(i.urgency, i.severity, i.certainty, i.onset, i.expires, i.headline) for i in (one, other)]
        if tongue(one) == tongue(other) and places and told[0] != told[1]:
            yield Finding("cap23_override", WARNING, path, (", ".join(sorted(places))[:80],))


RULES = (present, languages, alike, times, addresses, added)
