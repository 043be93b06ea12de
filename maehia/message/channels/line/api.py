"""The calls to LINE over HTTPS. In a demo without keys they go to the fake platform of `message.fakes.line`."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from maehia.message.channels.base import TIMEOUT, Answer, ask
from maehia.message.demo_mark import is_demo
from maehia.message.registry import LinkState

API, DATA = "https://api.line.me", "https://api-data.line.me"
MOST_BYTES = 15 * 2**20
_transport: list[httpx.BaseTransport | None] = [None]


@dataclass(frozen=True, slots=True)
class Keys:
    """secrets: the channel secret, and the one before it while they are changed."""

    secrets: tuple[str, ...] = ()
    token: str = ""
    bot: str = ""
    login_channel: str = ""
    liff: str = ""


def state() -> LinkState:
    """A demo only ever talks to its fake."""
    if is_demo():
        return "fake"
    return "live" if settings.LINE["secret"] and settings.LINE["token"] else "off"


def keys() -> Keys:
    """The keys in use; those of the demo's fake are derived from this installation's own key."""
    held = settings.LINE
    if is_demo():
        from maehia.message.fakes.line import demo_keys

        return demo_keys()
    secrets = tuple(secret for secret in (held["secret"], held["secret_before"]) if secret)
    return Keys(secrets, held["token"], held["bot"], held["login_channel"], held["liff"])


def signature(secret: str, raw: bytes) -> str:
    return b64encode(hmac.digest(secret.encode(), raw, sha256)).decode()


def signed(raw: bytes, given: str) -> bool:
    """Whether the raw bytes of a webhook carry the signature of one of our secrets. Compared in constant time."""
    found = [hmac.compare_digest(signature(secret, raw).encode(), given.encode()) for secret in keys().secrets]
    return bool(given) and any(found)


@contextmanager
def through(transport: httpx.BaseTransport | None) -> Iterator[None]:
    """Let the calls go through another transport, until the end of the block."""
    before, _transport[0] = _transport[0], transport
    try:
        yield
    finally:
        _transport[0] = before


@contextmanager
def client() -> Iterator[httpx.Client]:
    """A client with the token in its header; that to the real LINE keeps its connections from letter to letter."""
    transport, token = _transport[0], keys().token
    if transport is None and is_demo():
        from maehia.message.fakes.line import DemoPlatform

        transport = DemoPlatform()
    if transport is None:
        yield _kept_client(token)
        return
    with _client(token, transport) as made:
        yield made


@lru_cache(maxsize=1)
def _kept_client(token: str) -> httpx.Client:
    return _client(token, None)


def _client(token: str, transport: httpx.BaseTransport | None) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(transport=transport, timeout=TIMEOUT, headers=headers, trust_env=False)


def push(to: str, objects: Sequence[Mapping[str, Any]], retry_key: UUID) -> Answer:
    """One push of 1 to 5 objects; the same retry key is never delivered twice by LINE."""
    with client() as line:
        return ask(
            line, "POST", f"{API}/v2/bot/message/push", headers={"X-Line-Retry-Key": str(retry_key)},
            json={"to": to, "messages": list(objects)},
        )  # fmt: skip


def reply(token: str, objects: Sequence[Mapping[str, Any]]) -> Answer:
    with client() as line:
        body = {"replyToken": token, "messages": list(objects)}
        return ask(line, "POST", f"{API}/v2/bot/message/reply", json=body)


def about_bot() -> Answer:
    with client() as line:
        return ask(line, "GET", f"{API}/v2/bot/info")


def content(message_id: str) -> bytes | None:
    """A photo that somebody sent; None when LINE does not give it, or when it is larger than we take."""
    if not message_id.isalnum():
        return None
    try:
        with client() as line, line.stream("GET", f"{DATA}/v2/bot/message/{message_id}/content") as answer:
            return _read(answer) if answer.status_code == 200 else None
    except httpx.HTTPError:
        return None


def _read(answer: httpx.Response) -> bytes | None:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def verify_id_token(id_token: str, nonce: str = "") -> str:
    """The LINE user id of an ID token that LINE itself confirms for our channel; "" when it does not.

    A profile or user id that the page sends is never looked at. nonce: ours, when the log-in carried one.
    """
    ours = keys().login_channel
    if not id_token or not ours:
        return ""
    with client() as line:
        form = {"id_token": id_token, "client_id": ours, **({"nonce": nonce} if nonce else {})}
        answer = ask(line, "POST", f"{API}/oauth2/v2.1/verify", data=form)
    said = answer.body
    good = (
        answer.status == 200
        and str(said.get("aud")) == ours
        and isinstance(said.get("exp"), int | float)
        and said["exp"] > time.time()
        and (not nonce or said.get("nonce") == nonce)
    )
    return str(said.get("sub", "")) if good else ""


def create_rich_menu(menu: Mapping[str, Any], image: bytes, kind: str) -> str:
    """Upload a menu and its picture and make it everybody's. Returns "" or the step that was refused."""
    with client() as line:
        made = ask(line, "POST", f"{API}/v2/bot/richmenu", json=dict(menu))
        number = str(made.body.get("richMenuId", ""))
        if made.status != 200 or not number.isascii():
            return "richmenu"
        sent = ask(
            line, "POST", f"{DATA}/v2/bot/richmenu/{number}/content", content=image, headers={"Content-Type": kind}
        )
        if sent.status != 200:
            return "picture"
        everybody = ask(line, "POST", f"{API}/v2/bot/user/all/richmenu/{number}")
        return "" if everybody.status == 200 else "default"


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
