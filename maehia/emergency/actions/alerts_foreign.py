"""Messages of others: each is read by itself, so that a bad one lies in quarantine and the rest of a feed goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maehia.base import ProblemError
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import ForeignAlert
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap.parse import MOST_BYTES, Refused, safe_root
from maehia.kit.clock import now

CAP_TYPE = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery: taken, put into quarantine, or known already."""

    taken: int = 0
    quarantined: int = 0
    known: int = 0


def take(source: str, documents: Iterable[bytes]) -> Taken:
    """Keep foreign messages with what is wrong with each. Whoever acts may write `incident`.

    A message with an ERROR, or none at all, goes to quarantine; the same bytes again change nothing.
    """
    counts = {"taken": 0, "quarantined": 0, "known": 0}
    known = known_foreign()
    for body in documents:
        digest = hashlib.sha256(body).hexdigest()
        if ForeignAlert.objects.filter(source=source[:120], sha256=digest).exists():
            counts["known"] += 1
            continue
        message, found = cap.check_bytes(body, cap.Context(now=now(), known=tuple(known), sha256=digest))
        row = keep(source, body, message, found)
        counts["quarantined" if row.quarantined else "taken"] += 1
        if message is not None and not row.quarantined and (one := cap.known_of(message, digest)):
            known.append(one)
    return Taken(**counts)


def keep(source: str, body: bytes, message: cap.Alert | None, found: tuple[cap.Finding, ...]) -> ForeignAlert:
    """One row, with its findings as data. Of what is too large only the beginning is kept."""
    told = [{"code": f.code, "level": f.level, "xpath": f.xpath, "args": list(f.args)} for f in found]
    triple = message.triple if message else cap.Triple("", "", "")
    return ForeignAlert.objects.create(
        source=source[:120], sender=triple.sender[:200], identifier=triple.identifier[:200], sent=triple.sent[:60],
        sha256=hashlib.sha256(body).hexdigest(), body=body[:MOST_BYTES], findings=told, came_at=now(),
        quarantined=message is None or cap.blocks(found),
    )  # fmt: skip


def known_foreign() -> list[cap.Known]:
    """Foreign messages that were taken, as chains see them."""
    rows = ForeignAlert.objects.filter(quarantined=False)
    found = ((cap.parse(bytes(row.body)).alert, row.sha256) for row in rows.iterator())
    known = (cap.known_of(message, digest) for message, digest in found if message)
    return [one for one in known if one]


def take_feed(source: str, feed: bytes, documents: Mapping[str, bytes]) -> Taken:
    """Take what a feed lists. documents: bytes by address, as they were fetched; a missing one is passed over.

    Raises ProblemError bad_feed when the feed itself cannot be read.
    """
    return take(source, [documents[address] for address in listed(feed) if address in documents])


def listed(feed: bytes) -> list[str]:
    """Addresses of the messages that a feed (Atom or RSS) names, in order, each once. Raises ProblemError bad_feed."""
    try:
        root = safe_root(feed)
    except Refused as wrong:
        raise bad(wrong) from wrong
    links = [str(node.get("href")) for node in root.iter("{http://www.w3.org/2005/Atom}link")
             if node.get("type") == CAP_TYPE and node.get("href")]  # fmt: skip
    links += [(item.findtext("link") or "").strip() for item in root.findall("channel/item")]
    return list(dict.fromkeys(link for link in links if link))


def bad(wrong: Refused) -> ProblemError:
    return refused("bad_feed", wrong.finding.th, wrong.finding.code, "ตรวจที่อยู่ของรายการประกาศ")
