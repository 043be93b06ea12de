"""The Exchange API of Traffy: each call as a method, one token for all, renewed when it runs out.

    client = Client(Account(BASE, "user", "pass"), http=httpx.Client(timeout=20))
    client.get_issue("2026-ABCDEF").status

Server side only. Every method raises TraffyError; its kind says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from maehia.base import BANGKOK
from maehia.services.peers.traffy import wire
from maehia.services.peers.traffy.wire import Answer, Issue, TraffyError

BASE = "https://publicapi.traffy.in.th/exchange-api"
EARLY = timedelta(minutes=5)  # a token is renewed before it ends
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
STATUS_FIELDS = ("issue_status_id", "org_status_id", "state_name")
COMMENT_TYPES = ("chat", "chat_staff_only", "comment")
JOIN, FORWARD = 1, 2


@dataclass(frozen=True, slots=True)
class Account:
    """Where Traffy stands and who we are there."""

    base: str
    user: str
    password: str = field(repr=False)


class Client:
    """One account's calls. now: the clock, for the life of the token. credit: calls left, as last told."""

    def __init__(self, account: Account, http: httpx.Client, now: Callable[[], datetime]) -> None:
        self.account, self.http, self.now = account, http, now
        self.credit: int | None = None
        self.warning = ""
        self._token = ""
        self._until: datetime | None = None

    def new_issue(self, latitude: float, longitude: float, **more: Any) -> Mapping[str, Any]:
        """Opens a ticket. Returns ticket_id, password, client_ticket_id."""
        if "photo" in more and "photo_base64" in more:
            raise ValueError("photo or photo_base64, not both")
        body = {"latitude": latitude, "longitude": longitude, **more}
        return _first(self._call("POST", "/new-issue/v1", json=body))

    def update_issue(self, ticket_id: str, **change: Any) -> Answer:
        """Changes the state of a ticket, by PATCH only; the new state must be read with get_issue."""
        if sum(change.get(name) is not None for name in STATUS_FIELDS) != 1:
            raise ValueError(f"one of {STATUS_FIELDS} is needed")
        return self._call("PATCH", "/update-issue/v1", json={"ticket_id": ticket_id, **change})

    def star(self, ticket_id: str, star: int) -> Answer:
        if not 1 <= star <= 5:  # Traffy would take 0 and count it
            raise ValueError("star is 1 to 5")
        return self._call("POST", "/star/v1", json={"ticket_id": ticket_id, "star": star})

    def comment(self, ticket_id: str, comment: str, comment_type: str = "chat", **more: Any) -> Answer:
        if comment_type not in COMMENT_TYPES:
            raise ValueError(f"comment_type is one of {COMMENT_TYPES}")
        body = {"ticket_id": ticket_id, "comment": comment, "comment_type": comment_type, **more}
        return self._call("POST", "/comment/v1", json=body)

    def join_forward(self, ticket_id: str, origin_group: int, scenario: int, **more: Any) -> Answer:
        """scenario: JOIN (invite) or FORWARD. May answer with nothing at all."""
        if scenario not in (JOIN, FORWARD):
            raise ValueError("scenario is JOIN or FORWARD")
        body = {"ticket_id": ticket_id, "origin_group": origin_group, "scenario": scenario, **more}
        return self._call("POST", "/join-forward/v1", json=body)

    def get_issues(self, org_id: str = "", duration: str = "today", **more: Any) -> list[Issue]:
        answer = self._call("GET", "/get-issues/v2", params=_given(org_id=org_id, duration=duration, **more))
        return [wire.read_issue(row) for row in wire.rows(answer.results)]

    def get_issue(self, ticket_id: str) -> Issue | None:
        """The ticket as it stands, None when Traffy does not know it."""
        found = wire.rows(self._call("GET", "/get-issue/v1", params={"ticket_id": ticket_id}).results)
        return wire.read_issue(found[0]) if found else None

    def download_issues(self, org_id: str = "", duration: str = "all") -> str:
        """The CSV of the tickets. A failure comes as JSON in its place."""
        answer = self._send("GET", "/download-issues/v2", params=_given(org_id=org_id, duration=duration))
        body = answer.content.decode("utf-8-sig", "replace")
        if body.lstrip().startswith("{"):
            self._read(answer)
            raise TraffyError("refused", "no CSV came")
        return body

    def search_org(self, words: str) -> list[Mapping[str, Any]]:
        if len(words.encode()) < 3:
            raise ValueError("at least 3 bytes")
        return wire.rows(self._call("GET", "/search-org/v1", params={"text": words}).results)

    def orgs(self, org_id: str = "") -> list[Mapping[str, Any]]:
        return wire.rows(self._call("GET", "/get-org-list/v1", params=_given(org_id=org_id)).results)

    def types(self, org_id: int | None = None) -> list[Mapping[str, Any]]:
        return wire.rows(self._call("GET", "/get-type-list/v2", params=_given(org_id=org_id)).results)

    def states(self, org_id: int | None = None) -> list[Mapping[str, Any]]:
        return wire.rows(self._call("GET", "/get-status-list/v2", params=_given(org_id=org_id)).results)

    def _call(self, method: str, path: str, **request: Any) -> Answer:
        """Signs in when needed; once more when Traffy says that the token has ended."""
        try:
            return self._read(self._send(method, path, **request))
        except TraffyError as error:
            if error.kind not in ("expired", "token"):
                raise
        self._token = ""
        return self._read(self._send(method, path, **request))

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        if not self._token or (self._until and self.now() >= self._until - EARLY):
            self._sign_in()
        return self._http(method, path, headers={"Authorization": f"Bearer {self._token}"}, **request)

    def _sign_in(self) -> None:
        body = {"user": self.account.user, "pass": self.account.password}
        found = _first(self._read(self._http("POST", "/get-auth/v1", json=body)))
        self._token = wire.text(found.get("token"))
        self._until = wire.read_time(found.get("expire_timestamp"))
        if not self._token:
            raise TraffyError("password", "no token came")

    def _http(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self.http.request(method, self.account.base.rstrip("/") + path, **request)
        except httpx.HTTPError as error:
            raise TraffyError("network", type(error).__name__) from error

    def _read(self, response: httpx.Response) -> Answer:
        try:
            data = response.json()
        except ValueError as error:
            raise TraffyError("network", f"HTTP {response.status_code} without JSON") from error
        if isinstance(data, Mapping) and (credit := wire.read_credit(data)) is not None:
            self.credit = credit
        answer = wire.read_answer(data)
        self.warning = answer.warning or self.warning
        return answer


def _first(answer: Answer) -> Mapping[str, Any]:
    found = wire.rows(answer.results)
    return found[0] if found else {}


def _given(**params: Any) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value not in (None, "")}


def local_time(moment: datetime) -> str:
    """As client_timestamp wants it."""
    return moment.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M:%S")
