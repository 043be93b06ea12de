"""Webhooks that nobody signs, and the link itself: secrets, replays, forged bodies, quota, the demo's fake."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from maehia.kit import clock
from maehia.services.models import Case, Peer, PeerHint, PeerOut
from maehia.services.peers.traffy import fake, link, maps, sending, work
from maehia.services.peers.traffy.client import Account, Client
from maehia.services.tests.case_cast import AT_LAMP_A
from maehia.services.tests.traffy_cast import SECRET, Joined

PATH = f"/hooks/traffy/{SECRET}/"


class Hooks(Joined):
    def send(self, body: Any, path: str = PATH, method: str = "POST") -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, path, content, content_type="application/json").status_code

    def test_a_wrong_secret_is_an_address_that_is_not_there(self) -> None:
        for path in ("/hooks/traffy/wrong/", "/hooks/traffy/x" + SECRET + "/", "/hooks/traffy/ก/"):
            assert self.send({"ticket_id": "A"}, path) == 404
        with self.acting():
            assert not PeerHint.objects.exists()

    def test_the_same_hint_twice_is_one_and_has_one_effect(self) -> None:
        ticket = self.ticket()
        method, body = self.traffy.hooks[0]
        self.traffy.hooks.clear()
        assert [self.send(body, method=method) for _ in range(3)] == [200, 200, 200]
        self.tick()
        with self.acting():
            assert PeerHint.objects.count() == 1
            assert Case.objects.filter(origin_id=ticket).count() == 1

    def test_a_forged_body_changes_nothing_since_the_ticket_is_read(self) -> None:
        ticket = self.ticket()
        self.tick()
        assert self.send({"ticket_id": ticket, "status": "เสร็จสิ้น", "note": "<script>"}, method="PATCH") == 200
        assert self.send({"ticket_id": "2026-NOBODY", "status": "เสร็จสิ้น"}, method="PATCH") == 200
        self.tick()
        assert self.case_of(ticket).state == "submitted"
        with self.acting():
            assert Case.objects.count() == 1

    def test_hints_out_of_order_lead_to_the_ticket_as_it_stands(self) -> None:
        ticket = self.ticket()
        self.traffy.set_state(ticket, 2)
        self.traffy.set_state(ticket, 3)
        self.traffy.hooks.reverse()
        self.tick()
        assert self.case_of(ticket).state == "fixed"

    def test_what_is_no_webhook_is_refused_and_too_much_too(self) -> None:
        for body in (b"", b"[]", b"\xff", b"[" * 5000, {"ticket_id": ""}):
            assert self.send(body) == 400
        assert self.send(b"{" + b" " * 70_000 + b"}") == 413
        assert self.send({"ticket_id": "A"}, method="DELETE") == 404

    def test_a_bad_line_waits_and_is_read_later(self) -> None:
        ticket = self.ticket()
        self.traffy.state["broken"] = "Running out of API usage quota"
        self.tick()
        with self.acting():
            assert PeerHint.objects.get().done_at is None
        self.traffy.state["broken"] = ""
        self.tick(60)
        assert self.case_of(ticket).state == "submitted"


class TheLink(Joined):
    def test_it_is_live_with_keys_and_off_without(self) -> None:
        assert link.state() == "live"
        with self.settings(TRAFFY={"url": "", "user": "", "password": "", "hook_secret": ""}):
            assert link.state() == "off"
            assert work.run() == {}
            assert not link.is_secret("")

    def test_the_test_button_says_what_traffy_says(self) -> None:
        assert link.test() == ""
        self.traffy.state["broken"] = "Something new is wrong"
        assert link.test() == "Something new is wrong"
        assert Peer.objects.get().error != ""

    def test_quota_is_kept_and_low_quota_is_seen(self) -> None:
        self.traffy.state["credit"] = 400
        link.test()
        row = Peer.objects.get()
        assert row.credit == 399
        assert link.is_low(row)
        assert not link.is_spent(row)

    def test_the_demos_fake_keeps_its_tickets_in_a_file_for_all_processes(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "fake" / "traffy.json"
            first = link.FakeFile(path)
            assert len(first.take_hooks()) == len(link.DEMO_TICKETS)
            with first.opened() as one:
                number = one.add("หลุม", "ถนน", AT_LAMP_A)
            http = httpx.Client(transport=link.FakeFile(path).transport())
            client = Client(Account("https://traffy.invalid/exchange-api", fake.USER, fake.PASSWORD), http, clock.now)
            found = client.get_issue(number)
            assert found is not None
            assert found.description == "หลุม"
            assert [method for method, _ in link.FakeFile(path).take_hooks()] == ["POST"]

    def test_an_outgoing_row_names_only_what_began_here(self) -> None:
        ticket = self.ticket()
        self.tick()
        self.traffy.set_state(ticket, 2)
        self.tick()
        sending.gather(Peer.objects.get())
        with self.acting():
            assert not PeerOut.objects.exists()
        assert maps.states().theirs(self.case_of(ticket).state) == "กำลังดำเนินการ"
