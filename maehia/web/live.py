"""Pages that move by themselves: one LISTEN connection per process, fanned out to open pages as server-sent events.

    with log.append(...):            # somewhere: SELECT pg_notify('maehia_live', 'incident:<key> 12')
    topics.add("incident", may)      # a room says who may watch its topics

An event carries its topic and a number, never data: the page asks for what changed under its own rights. So a stream
opens no context and reads no table. A stream ends after a while and the browser opens it again, by which rights that
were taken away end too.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

CHANNEL = "maehia_live"
BEAT_SECONDS = 15.0
LOOK_SECONDS = 1.0  # how soon the listener sees that nobody watches any more
LIFE_SECONDS = 600.0
RETRY_MS = 3000
MOST_WAITING = 200
MOST_TOPICS = 8
logger = logging.getLogger(__name__)

Watcher = Callable[[str], object]
May = Callable[[HttpRequest, str], bool]


class Topics:
    """Kinds of topics and who may watch them; "incident:<key>" asks the function of "incident" about <key>."""

    def __init__(self) -> None:
        self._kinds: dict[str, May] = {}

    def add(self, kind: str, may: May) -> None:
        if self._kinds.setdefault(kind, may) is not may:
            raise ValueError(f"topic {kind} is registered twice")

    def may(self, request: HttpRequest, topic: str) -> bool:
        kind, _, rest = topic.partition(":")
        return kind in self._kinds and self._kinds[kind](request, rest)


topics = Topics()


class Hub:
    """Listens while somebody watches. `watch` gives a way out; what is heard goes to every watcher of its topic."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: dict[str, set[Watcher]] = {}
        self._thread: threading.Thread | None = None

    def watch(self, wanted: list[str], watcher: Watcher) -> Callable[[], None]:
        with self._lock:
            for topic in wanted:
                self._watchers.setdefault(topic, set()).add(watcher)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
                self._thread.start()

        def leave() -> None:
            with self._lock:
                for topic in wanted:
                    held = self._watchers.get(topic, set())
                    held.discard(watcher)
                    if not held:
                        self._watchers.pop(topic, None)

        return leave

    def stop(self) -> None:
        """Forget every watcher and give the connection back; for a process that ends, and for tests."""
        with self._lock:
            self._watchers.clear()
            thread = self._thread
        if thread is not None:
            thread.join(5 * LOOK_SECONDS + RETRY_MS / 1000)

    @property
    def watched(self) -> int:
        """How many topics somebody watches."""
        with self._lock:
            return len(self._watchers)

    def tell(self, payload: str) -> None:
        """Hand "<topic> <number>" to its watchers."""
        topic = payload.partition(" ")[0]
        with self._lock:
            found = list(self._watchers.get(topic, ()))
        for watcher in found:
            watcher(payload)

    def _tell_all(self) -> None:
        """After a lost connection nobody knows what was missed: every page looks for itself."""
        with self._lock:
            wanted = list(self._watchers)
        for topic in wanted:
            self.tell(f"{topic} 0")

    def _listen(self) -> None:
        """The process's own connection; it comes back by itself, and ends when nobody has watched for a while."""
        first = True
        while True:
            try:
                with _connect() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    if not first:
                        self._tell_all()
                    if self._hear(connection):
                        return
            except psycopg.Error as error:
                logger.warning("live: %s", type(error).__name__)
                time.sleep(RETRY_MS / 1000)
            first = False

    def _hear(self, connection: psycopg.Connection[Any]) -> bool:
        """Pass on what is heard; True when nobody watches any more."""
        while True:
            for note in connection.notifies(timeout=LOOK_SECONDS):
                self.tell(note.payload)
            with self._lock:
                if not self._watchers:
                    self._thread = None
                    return True


def _connect() -> psycopg.Connection[Any]:
    """A connection of the app's own role, outside of any pool."""
    parameters = connections["default"].get_connection_params()
    known = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return psycopg.connect(**known, autocommit=True, connect_timeout=10, application_name="maehia_live")


hub = Hub()


@never_cache
@require_GET
def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events of `?topic=...` (several allowed). 400 without a topic, 403 for one that is not theirs."""
    wanted = list(dict.fromkeys(request.GET.getlist("topic")))
    if not 0 < len(wanted) <= MOST_TOPICS:
        return HttpResponse("topic?", status=400, content_type="text/plain")
    if not all(topics.may(request, topic) for topic in wanted):
        return HttpResponseForbidden()
    _give_back_connections()
    events: Any = _in_loop(wanted) if isinstance(request, ASGIRequest) else _in_thread(wanted)
    return StreamingHttpResponse(
        events, content_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


def _give_back_connections() -> None:
    """A page that only waits holds no connection: who may watch is known, and nothing more is read."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def event(payload: str) -> str:
    """One event as it goes over the wire. A payload has no line breaks: topics are keys."""
    topic, _, number = payload.partition(" ")
    return f"event: change\ndata: {topic} {number}\n\n"


HELLO = f"retry: {RETRY_MS}\n: hello\n\n"
BEAT = ": still here\n\n"


def _in_thread(wanted: list[str]) -> Iterator[str]:
    """For servers with a thread per answer."""
    heard: queue.Queue[str] = queue.Queue(MOST_WAITING)
    leave = hub.watch(wanted, lambda payload: _put(heard, payload))
    until = time.monotonic() + LIFE_SECONDS
    try:
        yield HELLO
        while time.monotonic() < until:
            try:
                yield event(heard.get(timeout=BEAT_SECONDS))
            except queue.Empty:
                yield BEAT
    finally:
        leave()


def _put(heard: queue.Queue[str], payload: str) -> None:
    """A page that does not read misses numbers, not news: any event makes it look."""
    try:
        heard.put_nowait(payload)
    except queue.Full:
        return


async def _in_loop(wanted: list[str]) -> AsyncIterator[str]:
    """For the event loop: no thread waits for a silent page."""
    heard: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
    loop = asyncio.get_running_loop()

    def put(payload: str) -> None:
        if not heard.full():
            heard.put_nowait(payload)

    leave = hub.watch(wanted, lambda payload: loop.call_soon_threadsafe(put, payload))
    until = time.monotonic() + LIFE_SECONDS
    try:
        yield HELLO
        while time.monotonic() < until:
            try:
                yield event(await asyncio.wait_for(heard.get(), BEAT_SECONDS))
            except TimeoutError:
                yield BEAT
    finally:
        leave()
