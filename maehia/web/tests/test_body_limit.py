"""No request fills the disk before somebody has asked who sent it."""

from __future__ import annotations

import asyncio

import pytest

from maehia.web import body_limit
from maehia.web.body_limit import BodyLimit, allow

MOST, LARGE = 100, 1000
SESSION = (b"cookie", b"maehia_language=th; sessionid=abc")


async def taker(scope, receive, send):
    """Reads the whole body as Django does, and says how much came."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def ask(path="/x/", chunks=(b"",), length=None, headers=()):
    sent, left = [], list(chunks)

    async def receive():
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message):
        sent.append(message)

    named = [*headers, *([(b"content-length", str(length).encode())] if length is not None else [])]
    scope = {"type": "http", "path": path, "headers": named}
    asyncio.run(BodyLimit(taker, MOST, {"/deliver/": LARGE})(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_what_is_small_enough_goes_through():
    assert ask(chunks=(b"a" * 60, b"b" * 40), length=100) == (200, b"100")


def test_a_length_beyond_the_limit_is_refused_before_a_byte_is_read():
    assert ask(chunks=(), length=101)[0] == 413


def test_chunks_without_a_length_are_counted():
    assert ask(chunks=(b"a" * 60, b"b" * 60, b"c" * 60))[0] == 413


@pytest.mark.parametrize("path", ["/staff/intake/deliver/", "/en/staff/intake/deliver/"])
def test_a_file_may_be_larger_where_files_are_sent_by_somebody_with_a_session(path):
    assert ask(path, (b"a" * 900,), 900, [SESSION]) == (200, b"900")
    assert ask(path, (), 900)[0] == 413
    assert ask(path, (), 1001, [SESSION])[0] == 413


def test_elsewhere_a_session_changes_nothing():
    assert ask("/me/", (), 900, [SESSION])[0] == 413


def test_a_length_that_is_no_number_is_refused():
    assert ask(length="-5")[0] == 413


@pytest.fixture
def allowed(monkeypatch):
    monkeypatch.setattr(body_limit, "_allowed", {})
    allow("/report/", LARGE, visitors=True)
    allow("/release/", LARGE)


def test_a_room_lets_visitors_bring_photos_where_they_report(allowed):
    assert ask("/report/", (b"a" * 900,), 900) == (200, b"900")
    assert ask("/en/report/", (b"a" * 900,), 900) == (200, b"900")
    assert ask("/report/", (), 1001)[0] == 413


def test_a_room_lets_people_with_a_session_bring_more(allowed):
    assert ask("/staff/x/release/", (), 900)[0] == 413
    assert ask("/staff/x/release/", (b"a" * 900,), 900, [SESSION]) == (200, b"900")


def test_200_megabytes_of_photo_are_refused_before_they_come():
    from maehia.forms.files import most_bytes
    from maehia.forms.photos import MOST_BYTES

    assert MOST_BYTES < most_bytes(1) < most_bytes() < 70 * 2**20
    refused = asyncio.run(first_status(most_bytes(), 200 * 2**20))
    assert refused == 413


async def first_status(most: int, length: int) -> int:
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/report/", "headers": [(b"content-length", str(length).encode())]}
    await BodyLimit(taker, most, {})(scope, None, send)  # type: ignore[arg-type]
    return sent[0]["status"]
