"""The feed of alerts as Atom and as RSS 2.0, and what is wrong with a feed. Newest first, at most 100 KB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from maehia.emergency.rules.cap.message import Alert, Info
from maehia.emergency.rules.cap.parse import Refused, safe_root
from maehia.emergency.rules.cap.texts import marked
from maehia.emergency.rules.cap.times import read

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
MOST_BYTES = 100_000
NOTHING_TH, NOTHING_EN = "ไม่มีประกาศเตือนที่มีผลอยู่", "No alert is in force"
SOME_TH, SOME_EN = "ประกาศเตือนที่มีผลอยู่", "Alerts in force"


@dataclass(frozen=True, slots=True)
class Feed:
    """address: of the feed itself. page: for people. updated: aware, when its content last changed."""

    address: str
    page: str
    title: str
    author: str
    updated: datetime
    in_force: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with the address of its bytes and of its page."""

    alert: Alert
    document: str
    page: str

    @property
    def key(self) -> str:
        """The same for ever, wherever the feed stands (RFC 4151)."""
        sender = self.alert.sender.rpartition("@")[2]
        return f"tag:{sender},{self.alert.sent[:10]}:{self.alert.identifier}"

    @property
    def sent(self) -> datetime:
        found = read(self.alert.sent)
        if found is None:
            raise ValueError("a published message has a time")
        return found

    def title(self) -> str:
        info = self.info("th") or (self.alert.infos[0] if self.alert.infos else None)
        if info is None:
            return self.alert.identifier
        thai = (info.language or "").lower().startswith("th")
        return marked(self.alert.status, info.headline or info.event, thai)

    def info(self, language: str) -> Info | None:
        return next((i for i in self.alert.infos if (i.language or "en-US").lower().startswith(language)), None)

    def summary(self) -> str:
        """Every language, not the first one alone."""
        told = [(info.headline if number else "", info.description, info.instruction)
                for number, info in enumerate(self.alert.infos)]  # fmt: skip
        parts = [" ".join(part for part in three if part) for three in told]
        return "\n".join(part for part in parts if part)


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed in Atom (RFC 4287)."""
    return _fitting(_atom, feed, entries)


def rss(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed in RSS 2.0."""
    return _fitting(_rss, feed, entries)


def _fitting(make: Any, feed: Feed, entries: Sequence[Entry]) -> bytes:
    """At most 100 KB: the oldest entries are left out."""
    kept = list(entries)
    while True:
        data: bytes = make(feed, kept)
        if len(data) <= MOST_BYTES or not kept:
            return data
        kept = kept[: max(0, min(len(kept) - 1, len(kept) * MOST_BYTES // len(data)))]


def _atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    names: Any = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=names)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "th")
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "subtitle", words(feed))
    _add(root, "updated", feed.updated.isoformat(timespec="seconds"))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(_add(root, "author"), "name", feed.author)
    for entry in entries:
        _atom_entry(_add(root, "entry"), entry, feed)
    return _written(root)


def _atom_entry(node: Any, entry: Entry, feed: Feed) -> None:
    _add(node, "id", entry.key)
    _add(node, "title", entry.title())
    _add(node, "updated", entry.alert.sent)
    _add(node, "published", entry.alert.sent)
    _add(_add(node, "author"), "name", next((i.sender_name for i in entry.alert.infos if i.sender_name), feed.author))
    _add(node, "link", rel="alternate", type=CAP_TYPE, href=entry.document)
    _add(node, "link", rel="related", type="text/html", href=entry.page)
    for category in dict.fromkeys(c for info in entry.alert.infos for c in info.categories):
        _add(node, "category", term=category)
    _add(node, "summary", entry.summary())


def _rss(feed: Feed, entries: Sequence[Entry]) -> bytes:
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", words(feed))
    _add(channel, "language", "th")
    _add(channel, "pubDate", _rfc822(feed.updated))
    for entry in entries:
        item = _add(channel, "item")
        _add(item, "title", entry.title())
        _add(item, "link", entry.document)
        _add(item, "description", entry.summary())
        for category in dict.fromkeys(c for info in entry.alert.infos for c in info.categories):
            _add(item, "category", category)
        _add(item, "guid", entry.key, isPermaLink="false")
        _add(item, "pubDate", _rfc822(entry.sent))
    return _written(root)


def words(feed: Feed) -> str:
    """What the head of a feed says: an empty one says that there is nothing."""
    return f"{SOME_TH} ({SOME_EN})" if feed.in_force else f"{NOTHING_TH} ({NOTHING_EN})"


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    space = etree.QName(parent).namespace
    node = etree.SubElement(parent, f"{{{space}}}{tag}" if space else tag, attributes)
    node.text = text
    return node


def _written(root: Any) -> bytes:
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def feed_faults(data: bytes) -> list[str]:
    """Codes of what is wrong with a feed of alerts, as readers of such feeds name them. [] for a good one."""
    try:
        root = safe_root(data)
    except Refused as refused:
        return [refused.finding.code]
    return list(_rss_faults(root) if root.tag == "rss" else _atom_faults(root))


def _atom_faults(root: Any) -> Iterator[str]:
    entries = root.findall(f"{{{ATOM}}}entry")
    for name in ("id", "title", "updated"):
        if not _has(root, name):
            yield f"ATOM_{name.upper()}_IS_REQUIRED"
    for entry in entries:
        for name in ("id", "title", "updated"):
            if not _has(entry, name):
                yield f"ATOM_ENTRY_{name.upper()}_IS_REQUIRED"
        links = entry.findall(f"{{{ATOM}}}link")
        if not any(link.get("type") == CAP_TYPE and link.get("href") for link in links):
            yield "ATOM_ENTRY_MISSING_CAP_LINK"
    keys = Counter((entry.findtext(f"{{{ATOM}}}id") or "").strip() for entry in entries)
    if any(count > 1 for count in keys.values()):
        yield "ATOM_ENTRY_NON_UNIQUE_IDS"


def _has(node: Any, name: str) -> bool:
    return bool((node.findtext(f"{{{ATOM}}}{name}") or "").strip())


def _rss_faults(root: Any) -> Iterator[str]:
    if not (root.findtext("channel/pubDate") or "").strip():
        yield "RSS_PUBDATE_IS_RECOMMENDED"
    for item in root.findall("channel/item"):
        if not any((item.findtext(name) or "").strip() for name in ("title", "description")):
            yield "RSS_ITEM_TITLE_OR_DESCRIPTION_IS_REQUIRED"
        if not (item.findtext("link") or "").strip():
            yield "RSS_ITEM_MISSING_CAP_LINK"
        if not (item.findtext("guid") or "").strip():
            yield "RSS_ITEM_GUID_IS_RECOMMENDED"
