"""A LINE platform: takes replies and pushes as LINE does, signs webhooks, gives photos, confirms ID tokens.

`Platform` keeps what it was given in memory and may be told what to answer next (tests); `DemoPlatform` keeps it in
the database, so that the page with the phone shows it whichever process has sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpx
from django.conf import settings
from django.core import signing

from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message.actions.queue import address_index
from maehia.message.channels.line import api, objects
from maehia.message.models import FakeDelivery

USER = re.compile(r"U[0-9a-f]{32}")
TOKEN_SECONDS = 60
SALT = "maehia.message.fake.line"
ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_TOKEN_SECONDS = 3600


def _own(name: str) -> str:
    """A secret of this installation: made from the key that was made at its first start, never a constant."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{SALT}:{name}".encode(), hashlib.sha256).hexdigest()


def demo_keys() -> api.Keys:
    """bot is left open: a webhook for any destination is taken in a demo."""
    return api.Keys((_own("channel secret")[:32],), _own("token"), "", "demo-login", "demo-liff")


def user_id(name: str) -> str:
    """The LINE user id of an invented person."""
    return f"U{_own(f'user {name}')[:32]}"


def id_token(user: str, nonce: str = "", *, aud: str = "", seconds: int = ID_TOKEN_SECONDS) -> str:
    """What liff.getIDToken() would give in the demo's browser."""
    body = {"sub": user, "aud": aud or demo_keys().login_channel, "exp": int(time.time()) + seconds, "nonce": nonce}
    return signing.dumps(body, salt=f"{SALT}.id")


def reply_token(user: str) -> str:
    return signing.dumps({"u": user, "t": int(clock.now().timestamp()), "n": secrets.token_hex(4)}, salt=SALT)


def event(user: str, kind: str, *, reply: bool = True, **more: Any) -> dict[str, Any]:
    """One webhook event as LINE writes it."""
    made = {
        "type": kind,
        "webhookEventId": "01" + "".join(secrets.choice(ULID) for _ in range(24)),
        "timestamp": int(clock.now().timestamp() * 1000),
        "mode": "active",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user},
    }
    return {**made, **({"replyToken": reply_token(user)} if reply else {}), **more}


def webhook(events: Sequence[Mapping[str, Any]], secret: str) -> tuple[bytes, str]:
    """(raw body, signature) of a webhook."""
    raw = json.dumps({"destination": "U" + "x" * 32, "events": list(events)}).encode()
    return raw, api.signature(secret, raw)


class Platform(httpx.BaseTransport):
    """LINE, as far as we call it. answers: status codes (or "timeout") for the next calls; then it behaves."""

    def __init__(self, keys: api.Keys | None = None, answers: Sequence[int | str] = ()) -> None:
        self.keys = keys or demo_keys()
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, str], Any]] = []
        self.photos: dict[str, bytes] = {}
        self._kept: list[tuple[str, str, str, list[Any]]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raw = request.read()
        body = json.loads(raw) if request.headers.get("content-type", "").startswith("application/json") else raw
        self.calls.append((request.url.path, dict(request.headers), body))
        if self.answers:
            told = self.answers.pop(0)
            if told == "timeout":
                raise httpx.ReadTimeout("no answer", request=request)
            if told != 200:
                return httpx.Response(int(told), json={"message": "told to answer so"})
        path = request.url.path
        if path.startswith("/oauth2/"):
            return self._verify(raw)
        if request.headers.get("authorization") != f"Bearer {self.keys.token}":
            return httpx.Response(401, json={"message": "Authentication failed"})
        if path.endswith("/content") and request.method == "GET":
            return self._photo(path.split("/")[-2])
        return self._message(path, request, body)

    def _message(self, path: str, request: httpx.Request, body: Any) -> httpx.Response:
        if path == "/v2/bot/info":
            return httpx.Response(200, json={"userId": "U" + "0" * 32, "displayName": "demo"})
        if path not in {"/v2/bot/message/push", "/v2/bot/message/reply"}:
            return httpx.Response(200, json={"richMenuId": "richmenu-demo"})
        refused = refusal(body.get("messages"))
        if refused:
            return httpx.Response(400, json={"message": refused})
        if path.endswith("push"):
            return self._push(body, request.headers.get("x-line-retry-key", ""))
        return self._reply(body)

    def _push(self, body: dict[str, Any], retry_key: str) -> httpx.Response:
        if not USER.fullmatch(str(body.get("to"))):
            return httpx.Response(400, json={"message": "The property, 'to', in the request body is invalid"})
        if retry_key and self.known(f"retry:{retry_key}"):
            return httpx.Response(409, json={"message": "The retry key is already accepted"})
        self.keep("push", body["to"], f"retry:{retry_key}" if retry_key else "", body["messages"])
        return httpx.Response(200, json={"sentMessages": []})

    def _reply(self, body: dict[str, Any]) -> httpx.Response:
        token = str(body.get("replyToken"))
        ref = f"reply:{hashlib.sha256(token.encode()).hexdigest()[:40]}"
        try:
            said = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            said = None
        if said is None or clock.now().timestamp() - said["t"] > TOKEN_SECONDS or self.known(ref):
            return httpx.Response(400, json={"message": "Invalid reply token"})
        self.keep("reply", said["u"], ref, body["messages"])
        return httpx.Response(200, json={"sentMessages": []})

    def _verify(self, raw: bytes) -> httpx.Response:
        form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
        try:
            said = signing.loads(form.get("id_token", ""), salt=f"{SALT}.id")
        except signing.BadSignature:
            return httpx.Response(400, json={"error": "invalid_request", "error_description": "Invalid IdToken."})
        if said["aud"] != form.get("client_id") or said["exp"] <= time.time():
            return httpx.Response(400, json={"error": "invalid_request", "error_description": "IdToken expired."})
        if form.get("nonce", "") not in {"", said["nonce"]}:
            return httpx.Response(400, json={"error": "invalid_request", "error_description": "Invalid nonce."})
        return httpx.Response(200, json={"iss": "https://access.line.me", **said})

    def _photo(self, number: str) -> httpx.Response:
        found = self.photo(number)
        return httpx.Response(200, content=found) if found is not None else httpx.Response(404, json={})

    def photo(self, number: str) -> bytes | None:
        return self.photos.get(number)

    def known(self, ref: str) -> bool:
        return any(row[2] == ref for row in self._kept)

    def keep(self, kind: str, to: str, ref: str, messages: list[Any]) -> None:
        self._kept.append((kind, to, ref, messages))

    @property
    def bubbles(self) -> list[Any]:
        """Everything that people saw, in order."""
        return [message for _, _, _, messages in self._kept for message in messages]


def refusal(messages: Any) -> str:
    """What LINE would say against the messages of a call; "" when it takes them."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= objects.PER_CALL:
        return "messages: size must be between 1 and 5"
    for message in messages:
        try:
            objects.check(message)
        except ProblemError as error:
            return f"messages: a property is invalid ({error.problem.code})"
    return ""


class DemoPlatform(Platform):
    """The platform of the demo: what it was given stands in the database."""

    def known(self, ref: str) -> bool:
        with acting("system:demo", "message.send"):
            return FakeDelivery.objects.filter(ref=ref).exists()

    def keep(self, kind: str, to: str, ref: str, messages: list[Any]) -> None:
        keep(kind, to, {"messages": messages}, ref)

    def photo(self, number: str) -> bytes | None:
        with acting("system:demo", "message.send"):
            row = FakeDelivery.objects.filter(kind="photo", ref=f"photo:{number}").first()
        return base64.b64decode(json.loads(row.payload)["photo"]) if row else None


def keep(kind: str, user: str, payload: Mapping[str, Any], ref: str = "") -> None:
    """A line of the chat on the demo's phone."""
    with acting("system:demo", "message.send"):
        FakeDelivery.objects.create(
            channel="line", kind=kind, to_index=address_index(user), ref=ref, payload=api.dumps(payload), at=clock.now()
        )


def keep_photo(user: str, raw: bytes) -> str:
    """Put a photo where the platform gives it out; returns its message id."""
    number = str(secrets.randbelow(10**18))
    keep("photo", user, {"photo": base64.b64encode(raw).decode()}, f"photo:{number}")
    return number
