"""Rules 1 to 6 and 9: the head of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maehia.emergency.rules.cap.context import Context
from maehia.emergency.rules.cap.finding import ERROR, INFO, WARNING, Finding
from maehia.emergency.rules.cap.message import Alert, Info, infos_of
from maehia.emergency.rules.cap.times import read

PLAIN = re.compile(r"[^\s,<&]+")
LIST = re.compile(r'\s*(?:"[^"]*[^"\s][^"]*"|[^\s"]+)(?:\s+(?:"[^"]*[^"\s][^"]*"|[^\s"]+))*\s*')
AHEAD_SECONDS = 300  # a clock that runs this much before ours is still believed


def names(alert: Alert, _context: Context) -> Iterator[Finding]:
    """1: identifier and sender hold text, and no white space, comma, < or &."""
    for tag, text in (("identifier", alert.identifier), ("sender", alert.sender)):
        if not PLAIN.fullmatch(text):
            yield Finding(f"cap01_{tag}", ERROR, f"/alert/{tag}", (text[:80],))


def used_once(alert: Alert, context: Context) -> Iterator[Finding]:
    """2: an identifier of a sender is never used again, and what is out is never sent otherwise."""
    for one in context.known:
        same = one.triple.sender == alert.sender and one.triple.identifier == alert.identifier
        if same and (one.triple != alert.triple or (context.sha256 and one.sha256 != context.sha256)):
            yield Finding("cap02_reused", ERROR, "/alert/identifier", (alert.identifier, one.triple.sent))


def moments(alert: Alert) -> Iterator[tuple[str, str]]:
    """Every date-time of a message with its XPath."""
    yield "/alert/sent", alert.sent
    for path, info in infos_of(alert):
        for tag, text in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
            if text is not None:
                yield f"{path}/{tag}", text


def times(alert: Alert, context: Context) -> Iterator[Finding]:
    """3 and 4: the one form of a date-time; UTC as -00:00. A message from the future is told."""
    for path, text in moments(alert):
        if read(text) is None:
            yield Finding("cap03_time", ERROR, path, (text[:40],))
        elif text.endswith("+00:00"):
            yield Finding("cap04_utc", INFO, path, (text,))
    sent = read(alert.sent)
    if sent and context.now and (sent - context.now).total_seconds() > AHEAD_SECONDS:
        yield Finding("cap03_ahead", ERROR if context.publishing else WARNING, "/alert/sent", (alert.sent,))


def scope(alert: Alert, _context: Context) -> Iterator[Finding]:
    """5: whom it is for."""
    if alert.scope == "Private" and not alert.addresses:
        yield Finding("cap05_addresses", ERROR, "/alert/addresses")
    if alert.scope == "Restricted" and not alert.restriction:
        yield Finding("cap05_restriction", ERROR, "/alert/restriction")
    if alert.scope != "Restricted" and alert.restriction is not None:
        yield Finding("cap05_needless", ERROR, "/alert/restriction", (alert.scope,))


def lists(alert: Alert, _context: Context) -> Iterator[Finding]:
    """6: names parted by spaces, those with spaces in double quotes."""
    for tag, text in (("addresses", alert.addresses), ("incidents", alert.incidents)):
        if text is not None and not LIST.fullmatch(text):
            yield Finding(f"cap06_{tag}", ERROR, f"/alert/{tag}", (text[:80],))


def notes(alert: Alert, _context: Context) -> Iterator[Finding]:
    """9: an error explains itself, an exercise says which."""
    if alert.msg_type == "Error" and not alert.note:
        yield Finding("cap09_error", ERROR, "/alert/note")
    if alert.status == "Exercise" and not alert.note:
        yield Finding("cap09_exercise", ERROR, "/alert/note")


def own_sender(alert: Alert, context: Context) -> Iterator[Finding]:
    """8 (ours): what we publish is from us."""
    if context.publishing and context.sender and alert.sender != context.sender:
        yield Finding("cap08_sender", ERROR, "/alert/sender", (alert.sender, context.sender))


def empties(alert: Alert, _context: Context) -> Iterator[Finding]:
    """19: an element that stands there without any text."""
    for tag in ("source", "restriction", "addresses", "note", "references", "incidents"):
        if getattr(alert, tag) == "":
            yield Finding("cap19_empty", WARNING, f"/alert/{tag}", (tag,))
    for path, info in infos_of(alert):
        for tag, text in needed(info):
            if not text:
                yield Finding("cap19_needed", ERROR, f"{path}/{tag}", (tag,))
        for tag, told in optional(info):
            if told == "":
                yield Finding("cap19_empty", WARNING, f"{path}/{tag}", (tag,))


def needed(info: Info) -> Iterator[tuple[str, str]]:
    yield "event", info.event
    for number, area in enumerate(info.areas, 1):
        yield f"area[{number}]/areaDesc", area.desc


def optional(info: Info) -> Iterator[tuple[str, str | None]]:
    yield from (("language", info.language), ("audience", info.audience), ("senderName", info.sender_name),
                ("headline", info.headline), ("description", info.description), ("instruction", info.instruction),
                ("web", info.web), ("contact", info.contact))  # fmt: skip


RULES = (names, used_once, times, scope, lists, notes, own_sender, empties)
