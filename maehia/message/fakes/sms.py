"""An SMS gateway of the usual kind: JSON in, JSON out, with a key in the header."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx

from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message.actions.queue import address_index
from maehia.message.models import FakeDelivery

GATEWAY: dict[str, Any] = {
    "url": "https://sms.demo.invalid/send",
    "headers": {"Authorization": "Bearer demo"},
    "body": {"to": "{phone}", "text": "{text}", "ref": "{key}"},
    "success": '"status": ?"ok"',
    "permanent": "invalid_number",
}


class Gateway(httpx.BaseTransport):
    """answers: status codes (or "timeout") for the next calls; then it takes every Thai number."""

    def __init__(self, answers: Sequence[int | str] = ()) -> None:
        self.answers = list(answers)
        self.calls: list[Any] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.read() or b"{}")
        self.calls.append(body)
        if self.answers:
            told = self.answers.pop(0)
            if told == "timeout":
                raise httpx.ReadTimeout("no answer", request=request)
            return httpx.Response(int(told), json={"status": "ok" if told == 200 else "error"})
        if request.method == "HEAD":
            return httpx.Response(200)
        if not str(body.get("to", "")).startswith("0"):
            return httpx.Response(400, json={"status": "error", "code": "invalid_number"})
        self.keep(body)
        return httpx.Response(200, json={"status": "ok"})

    def keep(self, body: Any) -> None:
        """Nothing more to keep than `calls`."""


class DemoGateway(Gateway):
    def keep(self, body: Any) -> None:
        with acting("system:demo", "message.send"):
            FakeDelivery.objects.create(
                channel="sms", kind="sms", to_index=address_index(body["to"]), at=clock.now(),
                payload=json.dumps(body, ensure_ascii=False),
            )  # fmt: skip
