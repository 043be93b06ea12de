"""A town and a Traffy that runs in memory, joined both ways; time moves when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
from django.test import override_settings

from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.models import Case, Peer, PeerOut, PeerTicket
from maehia.services.peers.traffy import fake, hooks, link, taking, work
from maehia.services.peers.traffy.client import Account, Client
from maehia.services.tests.case_cast import AT_LAMP_A, StreetCase
from maehia.services.tests.open311_cast import publish

SECRET = "traffy-secret-of-the-test"
KEYS = {
    "url": "https://traffy.invalid/exchange-api",
    "user": fake.USER,
    "password": fake.PASSWORD,
    "hook_secret": SECRET,
}


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@override_settings(TRAFFY=KEYS)
class Joined(StreetCase):
    """`light` goes out; both directions stand open."""

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            publish("light", "ไฟถนนดับ", asset_kinds=["ไฟถนน"])
            publish("road", "ถนนชำรุด")
            publish("other", "เรื่องอื่น")
        self.clock = Hand(NOW)
        self.traffy = fake.Fake(now=self.clock.now)
        self.peer = Peer.objects.create(
            key=link.KEY, since=NOW - timedelta(days=1), takes_in=True, sends_out=True, services=["light"],
            org_id=str(fake.ORG), changes_per_ticket=50,
        )  # fmt: skip
        self.enterContext(patch.object(link, "client", self.client_of_the_fake))
        self.enterContext(clock.use(self.clock))

    @contextmanager
    def client_of_the_fake(self) -> Iterator[Client]:
        http = httpx.Client(transport=self.traffy.transport())
        made = Client(Account(KEYS["url"], KEYS["user"], KEYS["password"]), http, self.clock.now)
        yield made
        if made.credit is not None:
            Peer.objects.filter(pk=link.KEY).update(credit=made.credit)

    def tick(self, minutes: int = 20, *, deliver: bool = True) -> None:
        """Time passes, Traffy's webhooks arrive, one round runs."""
        self.clock.at += timedelta(minutes=minutes)
        waiting, self.traffy.hooks = (self.traffy.hooks, []) if deliver else ([], self.traffy.hooks)
        for method, body in waiting:
            taking.keep_hint(hooks.read_hint(method, httpx.Request("POST", "http://x", json=body).content))
        work.run()

    def ticket(self, words: str = "หลุมลึก", kind: str = "ถนน") -> str:
        """A citizen reports in Traffy's own app."""
        return self.traffy.add(words, kind, AT_LAMP_A)

    def reported_here(self) -> Case:
        return self.file(service="light")

    def move(self, case: Case, to: str, **more: Any) -> None:
        with acting(self.works.actor, "services.desk"):
            actions.move(case.pk, to, by=self.works.actor, **{"note": "ช่างดูแล้ว", **more})

    def case_of(self, ticket: str) -> Case:
        with self.acting():
            return Case.objects.get(origin="traffy", origin_id=ticket)

    def remote(self, ticket: str) -> str:
        return fake.STATES[self.traffy.state["tickets"][ticket]["status_id"]][0]

    def ticket_of(self, case: Case) -> PeerTicket:
        with self.acting():
            return PeerTicket.objects.get(case=case)

    def posted(self, path: str) -> list[dict[str, Any]]:
        return [body for _, called, body in self.traffy.calls if called == path]

    def waiting(self) -> list[PeerOut]:
        with self.acting():
            return list(PeerOut.objects.filter(sent_at=None))
