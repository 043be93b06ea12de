"""SMS through any gateway that takes an HTTP call: its shape is a small YAML file.

url: https://sms.example/send
method: POST                      # GET or POST
headers: {Authorization: Bearer ...}
body: {to: "{phone}", text: "{text}", sender: MAEHIA}     # JSON; or `form:`, or `query:`
success: '"status": ?"ok"'        # regular expression that the answer must contain; default: any 2xx
permanent: invalid_number         # an answer with this will never arrive
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import yaml
from django.conf import settings

from maehia.message import rules
from maehia.message.channels.base import TIMEOUT, Answer, Channel, Letter, Outcome, State, ask, outcome_of
from maehia.message.demo_mark import is_demo
from maehia.message.registry import LinkState

if TYPE_CHECKING:
    from maehia.message.actions.queue import Recipient

PARTS = {"body": "json", "form": "data", "query": "params"}
ALLOWED = {"url", "method", "headers", "success", "permanent", *PARTS}
_transport: list[httpx.BaseTransport | None] = [None]


class SmsChannel(Channel):
    key = "sms"
    title_th = "SMS"
    title_en = "SMS"
    help_th = (
        "ขอ URL และรหัสจากผู้ให้บริการ SMS แล้วเขียนไฟล์ตั้งค่า (url, method, headers, body, success) "
        "ระบุที่ไฟล์ใน MAEHIA_SMS_GATEWAY_FILE ตัวอย่างอยู่ใน docs/messages.md"
    )
    help_en = (
        "Ask your SMS provider for a URL and a key, write them into a small file (url, method, headers, body, success) "
        "and name it in MAEHIA_SMS_GATEWAY_FILE. docs/messages.md has an example."
    )

    def state(self) -> LinkState:
        if is_demo():
            return "fake"
        return "live" if settings.SMS_GATEWAY else "off"

    def address(self, to: Recipient) -> str:
        return to.phone

    def units(self, text: str) -> int:
        return rules.sms_parts(text)

    def send(self, letter: Letter) -> Outcome:
        config = gateway()
        values = {"phone": letter.to, "text": letter.text, "key": str(letter.retry_key)}
        options = {option: filled(config[name], values) for name, option in PARTS.items() if name in config}
        with _client() as client:
            answer = ask(
                client, config.get("method", "POST"), config["url"],
                headers={k: str(v) for k, v in config.get("headers", {}).items()}, **options,
            )  # fmt: skip
        return self._outcome(config, answer, self.units(letter.text))

    def _outcome(self, config: Mapping[str, Any], answer: Answer, parts: int) -> Outcome:
        if config.get("permanent") and re.search(config["permanent"], answer.text):
            return Outcome(State.PERMANENT, str(answer.status), "refused")
        outcome = outcome_of(answer, parts)
        if outcome.ok and config.get("success") and not re.search(config["success"], answer.text):
            return Outcome(State.TECHNICAL, str(answer.status), "answer_not_understood")
        return outcome

    def test(self) -> str:
        """The file is read and its address answers; no SMS is sent."""
        try:
            config = gateway()
        except ValueError as error:
            return str(error)
        with _client() as client:
            answer = ask(client, "HEAD", config["url"])
        return "" if answer.status and answer.status < 500 else answer.error or f"HTTP {answer.status}"


def gateway() -> dict[str, Any]:
    """The gateway's file, or that of the demo's fake. Raises ValueError with what is wrong in it."""
    if is_demo():
        from maehia.message.fakes.sms import GATEWAY

        return GATEWAY
    try:
        config = yaml.safe_load(settings.SMS_GATEWAY)
    except yaml.YAMLError as error:
        raise ValueError("sms_gateway_not_yaml") from error
    if not isinstance(config, dict) or set(config) - ALLOWED or not str(config.get("url", "")).startswith("https://"):
        raise ValueError("sms_gateway_needs_https_url_and_known_keys")
    return config


def filled(shape: Any, values: Mapping[str, str]) -> Any:
    """A body with {phone}, {text} and {key} put in, at any depth."""
    if isinstance(shape, dict):
        return {key: filled(part, values) for key, part in shape.items()}
    if isinstance(shape, list):
        return [filled(part, values) for part in shape]
    if isinstance(shape, str):
        return re.sub(r"\{(phone|text|key)\}", lambda match: values[match[1]], shape)
    return shape


@contextmanager
def through(transport: httpx.BaseTransport | None) -> Iterator[None]:
    """Let the calls go through another transport, until the end of the block."""
    before, _transport[0] = _transport[0], transport
    try:
        yield
    finally:
        _transport[0] = before


def _client() -> httpx.Client:
    transport = _transport[0]
    if transport is None and is_demo():
        from maehia.message.fakes.sms import DemoGateway

        transport = DemoGateway()
    return httpx.Client(transport=transport, timeout=TIMEOUT, trust_env=False)
