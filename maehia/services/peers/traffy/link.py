"""The link itself: whether it is live, a demo's fake, or off; its account; its switches and what the last call said."""

from __future__ import annotations

import fcntl
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
from django.conf import settings

from maehia.kit.clock import now
from maehia.kit.crypto import blind_index
from maehia.kit.demo import is_demo
from maehia.services.models import Peer
from maehia.services.peers.traffy import fake
from maehia.services.peers.traffy.client import BASE, TIMEOUT, Account, Client
from maehia.services.peers.traffy.wire import UNLIMITED, TraffyError

KEY = "traffy"
BY = "system:traffy"
PURPOSE = "services.peer"
DEMO_SERVICES = ["light", "road", "drain"]
LONGEST_ERROR = 300


def state() -> Literal["live", "fake", "off"]:
    """live: keys of a real account; fake: a demo without them; off: neither."""
    if settings.TRAFFY["user"] and settings.TRAFFY["password"]:
        return "live"
    return "fake" if is_demo() else "off"


def peer() -> Peer:
    """The switches. In a demo both directions stand open from the start, elsewhere somebody has to open them."""
    demo = is_demo()
    row, _ = Peer.objects.get_or_create(
        key=KEY,
        defaults={
            "since": now(), "takes_in": demo, "sends_out": demo, "org_id": str(fake.ORG) if demo else "",
            "services": DEMO_SERVICES if demo else [],
        },
    )  # fmt: skip
    return row


def hook_secret() -> str:
    """What stands in the address of the webhook; a demo derives one from its own key."""
    given = str(settings.TRAFFY["hook_secret"])
    return given or (blind_index("link", "traffy-hook").hex() if is_demo() else "")


def is_secret(given: str) -> bool:
    """Compared in constant time; never true while none is set."""
    ours = hook_secret()
    return len(ours) >= 16 and hmac.compare_digest(ours.encode(), given.encode())


@contextmanager
def client() -> Iterator[Client]:
    """A client of the live account, or of the demo's fake. What was learned of the quota is kept afterwards."""
    is_fake = state() == "fake"
    transport = FakeFile().transport() if is_fake else None
    base = str(settings.TRAFFY["url"] or BASE)
    user, password = (fake.USER, fake.PASSWORD) if is_fake else (settings.TRAFFY["user"], settings.TRAFFY["password"])
    with httpx.Client(transport=transport, timeout=TIMEOUT) as http:
        made = Client(Account(base, user, password), http, now)
        try:
            yield made
        finally:
            if made.credit is not None:
                Peer.objects.filter(pk=KEY).update(credit=made.credit)


def went_well() -> None:
    Peer.objects.filter(pk=KEY).update(ok_at=now(), error="")


def went_wrong(words: str) -> None:
    Peer.objects.filter(pk=KEY).update(error_at=now(), error=words[:LONGEST_ERROR])


def is_spent(row: Peer) -> bool:
    """Whether the calls of this month are (nearly) used up: then nothing is polled or sent, and nothing lost."""
    return row.credit is not None and row.credit != UNLIMITED and row.credit <= row.stop_below


def is_low(row: Peer) -> bool:
    return row.credit is not None and row.credit != UNLIMITED and row.credit <= row.warn_below


def test() -> str:
    """ "" when the account answers, else what it said. For the page of connections."""
    if state() == "off":
        return "ยังไม่ได้ใส่บัญชี Traffy"
    try:
        with client() as traffy:
            traffy.states()
    except TraffyError as error:
        went_wrong(str(error))
        return error.message
    went_well()
    return ""


# What invented citizens report in Traffy's own app when the demo begins.
DEMO_TICKETS = (
    ("ถนนเป็นหลุมลึกหน้าตลาด (สมมติ)", "ถนน", (98.9513, 18.7436)),
    ("ไฟทางดับทั้งซอย (สมมติ)", "แสงสว่าง", (98.9478, 18.7461)),
    ("ท่อระบายน้ำอุดตัน น้ำขัง (สมมติ)", "ท่อระบายน้ำ", (98.9552, 18.7412)),
)


def _fake_of(text: str) -> fake.Fake:
    """The fake of a file; a new one has the tickets of the demo, whose webhooks wait."""
    if text:
        held: dict[str, Any] = json.loads(text)
        one = fake.Fake(held["state"], now)
        one.hooks = [(method, body) for method, body in held["hooks"]]
        return one
    one = fake.Fake(now=now)
    for words, kind, point in DEMO_TICKETS:
        one.add(words, kind, point)
    return one


class FakeFile:
    """The demo's Traffy: its tickets lie in a file, so that the web processes and the worker see the same ones."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings.MAEHIA_DATA / "fake" / "traffy.json"

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        with self.opened() as one:
            return one.handle(request)

    @contextmanager
    def opened(self) -> Iterator[fake.Fake]:
        """The fake as it stands, written back at the end; others wait."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            one = _fake_of(file.read())
            yield one
            file.seek(0)
            file.truncate()
            json.dump({"state": one.state, "hooks": one.hooks}, file, ensure_ascii=False)

    def take_hooks(self) -> list[tuple[str, bytes]]:
        """The webhooks that wait, taken away: a demo has no Traffy that calls."""
        with self.opened() as one:
            taken = [(method, json.dumps(body, ensure_ascii=False).encode()) for method, body in one.hooks]
            one.hooks = []
        return taken
