"""The calls to Traffy against the fake that speaks its wire format; nothing leaves the machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import httpx
import pytest
from django.test import SimpleTestCase

from maehia.base import BANGKOK
from maehia.services.peers.traffy import columns, fake, wire
from maehia.services.peers.traffy.client import FORWARD, JOIN, Account, Client
from maehia.services.peers.traffy.wire import TraffyError

NOW = datetime(2026, 11, 18, 10, tzinfo=BANGKOK)
BASE = "https://traffy.invalid/exchange-api"


class Calls(SimpleTestCase):
    def setUp(self) -> None:
        self.now = NOW
        self.fake = fake.Fake(now=lambda: self.now)
        self.client_ = self.make(fake.PASSWORD)

    def make(self, password: str) -> Client:
        http = httpx.Client(transport=self.fake.transport())
        return Client(Account(BASE, fake.USER, password), http, lambda: self.now)

    def ticket(self) -> str:
        return self.fake.add("หลุม", "ถนน", (98.951, 18.744))

    def said(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _ in self.fake.calls if path != "/get-auth/v1"]

    def test_each_call_has_the_method_path_and_body_of_the_documents(self) -> None:
        made = self.client_.new_issue(
            18.744, 98.951, description="ไฟดับ", category_name_th="แสงสว่าง", client_ticket_id="2569-1"
        )
        ticket = str(made["ticket_id"])
        self.client_.update_issue(ticket, issue_status_id=2, note="กำลังซ่อม")
        self.client_.star(ticket, 5)
        self.client_.comment(ticket, "ขอบคุณ")
        self.client_.join_forward(ticket, 151, FORWARD, destination_group=[1302])
        self.client_.get_issues("151", "3days")
        self.client_.get_issue(ticket)
        self.client_.download_issues("151")
        self.client_.search_org("เทศบาล")
        self.client_.orgs("151")
        self.client_.types(151)
        self.client_.states(151)
        assert self.said() == [
            ("POST", "/new-issue/v1"), ("PATCH", "/update-issue/v1"), ("POST", "/star/v1"), ("POST", "/comment/v1"),
            ("POST", "/join-forward/v1"), ("GET", "/get-issues/v2"), ("GET", "/get-issue/v1"),
            ("GET", "/download-issues/v2"), ("GET", "/search-org/v1"), ("GET", "/get-org-list/v1"),
            ("GET", "/get-type-list/v2"), ("GET", "/get-status-list/v2"),
        ]  # fmt: skip
        bodies = {path: body for _, path, body in self.fake.calls}
        assert bodies["/new-issue/v1"]["latitude"] == 18.744
        assert bodies["/update-issue/v1"] == {"ticket_id": ticket, "issue_status_id": 2, "note": "กำลังซ่อม"}
        assert bodies["/get-issues/v2"] == {"org_id": "151", "duration": "3days"}

    def test_what_traffy_would_take_wrongly_is_never_sent(self) -> None:
        for wrong in (
            lambda: self.client_.star("A", 0),
            lambda: self.client_.update_issue("A"),
            lambda: self.client_.update_issue("A", issue_status_id=1, state_name="x"),
            lambda: self.client_.comment("A", "x", "shout"),
            lambda: self.client_.join_forward("A", 1, 3),
            lambda: self.client_.new_issue(1.0, 2.0, photo=[], photo_base64=""),
            lambda: self.client_.search_org("ab"),
        ):
            with pytest.raises(ValueError):
                wrong()
        assert self.fake.calls == []

    def test_a_failure_with_http_200_is_a_failure(self) -> None:
        with pytest.raises(TraffyError) as caught:
            self.client_.update_issue("2026-NOBODY", issue_status_id=2)
        assert caught.value.kind == "refused"

    def test_a_token_is_renewed_once_on_the_expired_message(self) -> None:
        ticket = self.ticket()
        self.client_.get_issue(ticket)
        self.fake.expire_tokens()
        assert self.client_.get_issue(ticket) is not None
        assert sum(path == "/get-auth/v1" for _, path, _ in self.fake.calls) == 2

    def test_a_token_is_renewed_before_it_ends(self) -> None:
        self.client_.orgs()
        self.now = NOW + fake.TOKEN_LIFE - timedelta(minutes=1)
        self.client_.orgs()
        assert [path for _, path, _ in self.fake.calls] == ["/get-auth/v1", "/get-org-list/v1"] * 2

    def test_a_wrong_password_stops_with_a_visible_error(self) -> None:
        with pytest.raises(TraffyError) as caught:
            self.make("wrong").orgs()
        assert caught.value.kind == "password"
        assert len(self.fake.calls) == 1

    def test_no_quota_is_said_and_the_balance_is_known(self) -> None:
        self.fake.state["credit"] = 1
        self.client_.orgs()
        assert self.client_.credit == 0
        with pytest.raises(TraffyError) as caught:
            self.client_.orgs()
        assert caught.value.kind == "quota"

    def test_a_broken_line_and_a_page_of_html_are_network_faults(self) -> None:
        def dead(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectTimeout("slow")

        for handler in (dead, lambda request: httpx.Response(502, text="<html>bad gateway</html>")):
            http = httpx.Client(transport=httpx.MockTransport(handler))
            with pytest.raises(TraffyError) as caught:
                Client(Account(BASE, "u", "p"), http, lambda: NOW).orgs()
            assert caught.value.kind == "network"

    def test_a_failed_download_is_json_and_a_good_one_a_csv_with_bom(self) -> None:
        ticket = self.ticket()
        (issue,) = columns.read_rows(self.client_.download_issues())
        assert isinstance(issue, wire.Issue)
        assert (issue.ticket_id, issue.photos_after) == (ticket, ())
        self.fake.state["broken"] = "Invalid input JSON format"
        with pytest.raises(TraffyError) as caught:
            self.client_.download_issues()
        assert caught.value.kind == "input"

    def test_an_unknown_ticket_is_none(self) -> None:
        assert self.client_.get_issue("2026-NOBODY") is None

    def test_joining_may_answer_nothing(self) -> None:
        assert self.client_.join_forward(self.ticket(), 151, JOIN).results is None

    def test_the_password_never_stands_in_a_printed_account(self) -> None:
        assert "s3cret" not in repr(Account(BASE, "u", "s3cret"))


class LocalServer(SimpleTestCase):
    def test_the_same_fake_answers_as_a_wsgi_application(self) -> None:
        application, said = fake.wsgi(fake.Fake()), []
        environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": "/exchange-api/get-issue/v1"}
        setup_testing_defaults(environ)
        body = b"".join(application(environ, lambda status, headers: said.append(status)))
        assert said == ["200 OK"]
        assert b"expired" in body
