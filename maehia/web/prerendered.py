"""Public pages that must come out whatever happens: files, answered before Django, log-in and the database.

A room writes its pages with `write("alerts", editions)`; the layer `Prerendered` in front of the application answers
their addresses from memory. Pages come in editions: each says from when on it is right, so that what ends at a known
moment (an alert that expires) ends on time although nothing runs that could write.
"""

from __future__ import annotations

import bisect
import gzip
import hashlib
import json
import os
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from maehia.kit import clock
from maehia.web.middleware import HEADERS

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FOLDER, FILES = "public", "files"
SHORT, IMMUTABLE = "public, max-age=15", "public, max-age=31536000, immutable"
LEAST_PACKED = 400  # shorter answers are not worth packing


@dataclass(frozen=True, slots=True)
class Page:
    """One address. modified: aware, when its content last changed. kind: the media type."""

    body: bytes
    kind: str
    modified: datetime
    cache: str = SHORT


@dataclass(frozen=True, slots=True)
class Edition:
    """Pages by path ("/cap/"), right from a moment on until the next edition."""

    since: datetime
    pages: Mapping[str, Page]


def folder() -> Path:
    return Path(settings.MAEHIA_DATA) / FOLDER


def write(name: str, editions: Sequence[Edition]) -> None:
    """Put the pages of a publisher in the place of those it had, all at once. editions: in order of `since`.

    Contents stand in files named by their hash, the list of them in `<name>.json`, which is put in place last.
    """
    where, kept = folder(), set[str]()
    (where / FILES).mkdir(parents=True, exist_ok=True)
    listed = [
        {"since": edition.since.isoformat(), "pages": {path: _kept(where, name, page, kept)
                                                       for path, page in edition.pages.items()}}
        for edition in editions
    ]  # fmt: skip
    _put(where / f"{name}.json", json.dumps(listed, ensure_ascii=False).encode())
    for old in (where / FILES).glob(f"{name}-*"):
        if old.name not in kept:
            old.unlink(missing_ok=True)


def _kept(where: Path, name: str, page: Page, kept: set[str]) -> dict[str, str]:
    digest = hashlib.sha256(page.body).hexdigest()
    file = f"{name}-{digest[:40]}"
    if file not in kept and not (where / FILES / file).is_file():
        _put(where / FILES / file, page.body)
    kept.add(file)
    return {"file": file, "kind": page.kind, "modified": page.modified.isoformat(), "cache": page.cache}


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    temporary = path.with_name(f".{secrets.token_hex(6)}")
    temporary.write_bytes(content)
    os.replace(temporary, path)


@dataclass(frozen=True, slots=True)
class Held:
    """A page as it lies in memory, ready to go out."""

    body: bytes
    packed: bytes
    etag: bytes
    modified: datetime
    headers: tuple[tuple[bytes, bytes], ...]


@dataclass(slots=True)
class Shelf:
    """What one publisher has out. stamp: of its list file when it was read."""

    stamp: tuple[int, int] = (0, 0)
    since: list[datetime] = field(default_factory=list)
    editions: list[dict[str, Held]] = field(default_factory=list)

    def page(self, path: str, moment: datetime) -> Held | None:
        place = bisect.bisect_right(self.since, moment) - 1
        return self.editions[max(place, 0)].get(path) if self.editions else None


class Cabinet:
    """All that is prerendered, read again when a list file changes. A broken file leaves what was there before."""

    def __init__(self, where: Callable[[], Path] = folder) -> None:
        self.where = where
        self.shelves: dict[str, Shelf] = {}

    def page(self, path: str, moment: datetime) -> Held | None:
        self.look()
        found = (shelf.page(path, moment) for shelf in self.shelves.values())
        return next((page for page in found if page is not None), None)

    def look(self) -> None:
        """Read what changed: one look at the folder, none at the files in it."""
        try:
            lists = [entry for entry in os.scandir(self.where()) if entry.name.endswith(".json")]
        except OSError:
            return
        for entry in lists:
            seen = entry.stat()
            stamp = (seen.st_mtime_ns, seen.st_ino)
            if self.shelves.get(entry.name, Shelf()).stamp != stamp:
                self._read(Path(entry.path), entry.name, stamp)

    def _read(self, path: Path, name: str, stamp: tuple[int, int]) -> None:
        try:
            listed = json.loads(path.read_bytes())
            files: dict[str, bytes] = {}
            shelf = Shelf(stamp)
            for edition in listed:
                shelf.since.append(datetime.fromisoformat(edition["since"]))
                shelf.editions.append({at: _held(path.parent, told, files) for at, told in edition["pages"].items()})
        except (OSError, ValueError, KeyError, TypeError):
            self.shelves.setdefault(name, Shelf()).stamp = (0, 0)  # tried again at the next look
            return
        self.shelves[name] = shelf


def _held(where: Path, told: Mapping[str, str], files: dict[str, bytes]) -> Held:
    if told["file"] not in files:
        files[told["file"]] = (where / FILES / told["file"]).read_bytes()
    body = files[told["file"]]
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= LEAST_PACKED else b""
    etag = f'"{told["file"].rpartition("-")[2][:32]}"'.encode()
    modified = datetime.fromisoformat(told["modified"]).replace(microsecond=0)
    named = {"Content-Type": told["kind"], "Cache-Control": told["cache"], "Vary": "Accept-Encoding",
             "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True), **_policy()}  # fmt: skip
    headers = tuple((key.lower().encode(), value.encode()) for key, value in named.items())
    return Held(body, packed if len(packed) < len(body) else b"", etag, modified, headers)


def _policy() -> dict[str, str]:
    """The headers that every answer of ours carries."""
    if settings.SECURE_HSTS_SECONDS:
        return {**HEADERS, "Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"}
    return dict(HEADERS)


cabinet = Cabinet()


def held(path: str) -> Held | None:
    """The page of an address as it is right now, None when nobody prerendered it."""
    return cabinet.page(path, clock.now())


class Prerendered:
    """The outermost layer: GET and HEAD of a prerendered address are answered here, all else goes on."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = held(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if page is None:
            await self.app(scope, receive, send)
            return
        status, headers, body = answer(page, dict(scope["headers"]))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def answer(page: Held, asked: Mapping[bytes, bytes]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body for a request's headers: 304 for who has it already, packed for who can unpack."""
    packed = bool(page.packed) and b"gzip" in asked.get(b"accept-encoding", b"")
    etag = page.etag[:-1] + b'-gz"' if packed else page.etag
    headers = [*page.headers, (b"etag", etag)]
    if is_known(page, asked):
        return 304, [pair for pair in headers if pair[0] != b"content-type"], b""
    body = page.packed if packed else page.body
    if packed:
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    return 200, headers, body


def is_known(page: Held, asked: Mapping[bytes, bytes]) -> bool:
    """Whether the visitor has exactly this page: by its tag, else by its time."""
    if tags := asked.get(b"if-none-match"):
        bare = page.etag.strip(b'"')
        return tags.strip() == b"*" or bare in _bare(tags.split(b","))
    try:
        since = parsedate_to_datetime(asked.get(b"if-modified-since", b"").decode("ascii"))
    except (ValueError, TypeError, IndexError):
        return False
    return since.tzinfo is not None and page.modified <= since


def _bare(tags: Iterable[bytes]) -> set[bytes]:
    """Tags without marks: weak or strong, packed or not, the same content is meant."""
    return {tag.strip().removeprefix(b"W/").strip(b'"').removesuffix(b"-gz") for tag in tags}
