"""A Traffy that runs on this machine: the wire format of the Exchange API, for demos and tests. No outside traffic.

    fake = Fake()
    http = httpx.Client(transport=fake.transport())

It keeps tickets in one dict (`state`), answers as the documents and the known quirks say (HTTP 200 for failures,
a photo as one URL, ids as numbers), and collects the webhooks that a real Traffy would send in `hooks`.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from maehia.base import BANGKOK
from maehia.services.peers.traffy.columns import EXCHANGE, write_rows
from maehia.services.peers.traffy.wire import write_time

PREFIX = "/exchange-api"
USER, PASSWORD, ORG = "fake", "fake", 151
STATES = {
    1: ("รอรับเรื่อง", "waiting"),
    2: ("กำลังดำเนินการ", "inprogress"),
    3: ("เสร็จสิ้น", "finish"),
    4: ("ส่งต่อ", "waiting"),
}
TOKEN_LIFE = timedelta(hours=12)


class Fail(Exception):
    """Answered as {"status": "fail"} with HTTP 200, as the real one does."""


def empty_state() -> dict[str, Any]:
    return {"tickets": {}, "next": 1, "credit": None, "token": 0, "broken": ""}


class Fake:
    """state: plain data, so that it can lie in a file. now: its clock. calls: (method, path, body) of each call."""

    def __init__(self, state: dict[str, Any] | None = None, now: Callable[[], datetime] | None = None) -> None:
        self.state = state if state is not None else empty_state()
        self.now = now or (lambda: datetime.now(BANGKOK))
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.hooks: list[tuple[str, dict[str, Any]]] = []

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """One call. A CSV for download-issues, JSON for all else."""
        path = request.url.path.removeprefix(PREFIX)
        body = dict(request.url.params) if request.method == "GET" else _json(request.content)
        self.calls.append((request.method, path, body))
        route = ROUTES.get((request.method, path))
        if route is None:
            return httpx.Response(404, json={"status": "fail", "message": "Cannot find the path"})
        try:
            self._check(path, request)
            results = route(self, body)
        except Fail as error:
            return self._answer("fail", str(error), [])
        if isinstance(results, str):
            return httpx.Response(200, content=results.encode(), headers={"Content-Type": "text/csv"})
        return self._answer("success", "", results)

    def _check(self, path: str, request: httpx.Request) -> None:
        if path == "/get-auth/v1":
            return
        if self.state["broken"]:
            raise Fail(self.state["broken"])
        if request.headers.get("Authorization") != f"Bearer {self._token()}":
            raise Fail("This token has expired | โทเคนหมดอายุ")
        if self.state["credit"] is not None:
            if self.state["credit"] <= 0:
                raise Fail("Running out of API usage quota")
            self.state["credit"] -= 1

    def _answer(self, status: str, message: str, results: Any) -> httpx.Response:
        body = {
            "status": status, "message": message, "exec_time": "0.012s", "credit_balance": self.state["credit"],
            "results": results,
        }  # fmt: skip
        return httpx.Response(200, json=body)

    def _token(self) -> str:
        return f"token-{self.state['token']}"

    def expire_tokens(self) -> None:
        self.state["token"] += 1

    def sign_in(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if (body.get("user"), body.get("pass")) != (USER, PASSWORD):
            raise Fail("Invalid user or pass")
        ends = (self.now() + TOKEN_LIFE).astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M:%S")
        return {
            "token": self._token(),
            "expire_timestamp": ends,
            "quota_limit": 10_000,
            "permissions": ["read", "write"],
        }

    def new_issue(self, body: Mapping[str, Any]) -> dict[str, Any]:
        for name in ("latitude", "longitude"):
            if not isinstance(body.get(name), int | float):
                raise Fail(f"[{name}] is not specified")
        ticket = self.add(
            str(body.get("description") or "แจ้งปัญหา"), str(body.get("category_name_th") or "อื่นๆ"),
            (body["longitude"], body["latitude"]), client_ticket_id=str(body.get("client_ticket_id") or ""),
            address=str(body.get("address") or ""),
        )  # fmt: skip
        return {"ticket_id": ticket, "password": "0000", "client_ticket_id": body.get("client_ticket_id")}

    def add(self, description: str, type_: str, point: tuple[float, float], **more: Any) -> str:
        """A ticket that a citizen made in Traffy's own app (or that new-issue made). Returns its number."""
        number = f"2026-{_letters(self.state['next'])}"
        self.state["next"] += 1
        now = write_time(self.now())
        self.state["tickets"][number] = {
            "ticket_id": number, "type": type_, "organization": "เทศบาลสมมติ", "description": description, "photo": "",
            "latitude": point[1], "longitude": point[0], "address": "", "timestamp": now, "last_activity": now,
            "photo_after": "https://storage.example.org/after/", "status_id": 1, "star": 0, "count_reopen": 0,
            "comments": [], "timeline": [_line(now, 1, "")], **more,
        }  # fmt: skip
        self.hooks.append(("POST", {"timestamp": now, "ticket_id": number, "description": description, "type": type_,
                                    "orgs": [{"org_id": ORG, "org": "เทศบาลสมมติ"}]}))  # fmt: skip
        return number

    def update_issue(self, body: Mapping[str, Any]) -> list[Any]:
        names = {name: number for number, (name, _) in STATES.items()}
        given = body.get("issue_status_id") or names.get(str(body.get("state_name")))
        if given is None or int(given) not in STATES:
            raise Fail("[issue_status_id] is not specified")
        self.set_state(str(body.get("ticket_id")), int(given), str(body.get("note") or ""))
        return []

    def set_state(self, ticket_id: str, status_id: int, note: str = "") -> None:
        """As one of Traffy's own officers would; the webhook of it waits in `hooks`."""
        ticket, now = self._ticket(ticket_id), write_time(self.now())
        if ticket["status_id"] == 3 and status_id != 3:
            ticket["count_reopen"] += 1
        ticket["status_id"], ticket["last_activity"] = status_id, now
        ticket["timeline"].append(_line(now, status_id, note))
        self.hooks.append(("PATCH", {"timestamp": now, "ticket_id": ticket_id, "org": "เทศบาลสมมติ",
                                     "status": STATES[status_id][0], "note": note, "photo": []}))  # fmt: skip

    def star(self, body: Mapping[str, Any]) -> list[Any]:
        self._ticket(str(body.get("ticket_id")))["star"] = int(body.get("star") or 0)
        return []

    def comment(self, body: Mapping[str, Any]) -> list[Any]:
        ticket, now = self._ticket(str(body.get("ticket_id"))), write_time(self.now())
        ticket["comments"].append(str(body.get("comment")))
        event = {"event": body.get("comment_type") or "chat", "message_comment_id": len(ticket["comments"]),
                 "ticket_id": ticket["ticket_id"], "comment": body.get("comment"), "timestamp": now,
                 "sender_org_id": body.get("sender_org_id", ORG), "sender_org": "เทศบาลสมมติ"}  # fmt: skip
        self.hooks.append(("POST", event))
        return []

    def join_forward(self, body: Mapping[str, Any]) -> None:
        if body.get("scenario") == 2:
            self.set_state(str(body.get("ticket_id")), 4, str(body.get("note") or ""))

    def _ticket(self, ticket_id: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.state["tickets"].get(ticket_id)
        if found is None:
            raise Fail("[ticket_id] is not specified")
        return found

    def shown(self, ticket: Mapping[str, Any]) -> dict[str, Any]:
        word, kind = STATES[ticket["status_id"]]
        return {name: ticket.get(name, "") for name in EXCHANGE} | {
            "status": word,
            "status_type": kind,
            "confirmed": "",
        }

    def get_issues(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [self.shown(ticket) for ticket in self.state["tickets"].values()]

    def get_issue(self, body: Mapping[str, Any]) -> Any:
        if "ticket_id" not in body:
            raise Fail("[ticket_id] is not specified")
        ticket = self.state["tickets"].get(body["ticket_id"])
        if ticket is None:
            return {}
        word, kind = STATES[ticket["status_id"]]
        org = {"timestamp": ticket["last_activity"], "org_id": ORG, "org": "เทศบาลสมมติ", "type": ticket["type"],
               "status_id": ticket["status_id"], "status": word, "status_type": kind}  # fmt: skip
        return self.shown(ticket) | {"orgs": [org], "timeline": ticket["timeline"]}

    def download(self, body: Mapping[str, Any]) -> str:
        lines = [{name: str(row[name]) for name in EXCHANGE} for row in self.get_issues(body)]
        return "".join(write_rows(EXCHANGE, lines, bom=True))

    def orgs(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [{"org_id": ORG, "org": "เทศบาลสมมติ"}]

    def types(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [{"type": "ถนน", "type_en": "Road", "issue_category_id": 7, "org_category_id": None, "index": 1}]

    def states(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [{"issue_status_id": number, "org_statuses_id": None, "status": word, "status_type": kind}
                for number, (word, kind) in STATES.items()]  # fmt: skip


ROUTES: dict[tuple[str, str], Callable[[Fake, Mapping[str, Any]], Any]] = {
    ("POST", "/get-auth/v1"): Fake.sign_in,
    ("POST", "/new-issue/v1"): Fake.new_issue,
    ("PATCH", "/update-issue/v1"): Fake.update_issue,
    ("POST", "/star/v1"): Fake.star,
    ("POST", "/comment/v1"): Fake.comment,
    ("POST", "/join-forward/v1"): Fake.join_forward,
    ("GET", "/get-issues/v2"): Fake.get_issues,
    ("GET", "/get-issue/v1"): Fake.get_issue,
    ("GET", "/download-issues/v2"): Fake.download,
    ("GET", "/search-org/v1"): Fake.orgs,
    ("GET", "/get-org-list/v1"): Fake.orgs,
    ("GET", "/get-type-list/v2"): Fake.types,
    ("GET", "/get-status-list/v2"): Fake.states,
}


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _letters(number: int) -> str:
    """Six letters: AAAAAB, AAAAAC, ..."""
    made = ""
    for _ in range(6):
        number, rest = divmod(number, 26)
        made = string.ascii_uppercase[rest] + made
    return made


def _line(now: str, status_id: int, note: str) -> dict[str, Any]:
    return {"timestamp": now, "status_id": status_id, "status": STATES[status_id][0], "org_id": ORG, "note": note}


def wsgi(fake: Fake) -> Callable[[Mapping[str, Any], Callable[..., Any]], list[bytes]]:
    """The same Traffy as a WSGI application, for a server on this machine's own port."""

    def application(environ: Mapping[str, Any], start: Callable[..., Any]) -> list[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        url = f"http://fake{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"
        headers = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
        body = environ["wsgi.input"].read(length) if length else b""
        answer = fake.handle(httpx.Request(environ["REQUEST_METHOD"], url, headers=headers, content=body))
        start(f"{answer.status_code} {answer.reason_phrase}", [("Content-Type", answer.headers["content-type"])])
        return [answer.content]

    return application
