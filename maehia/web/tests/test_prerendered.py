"""Files answer before the application: whole or not at all, by the clock, with tags, packed, and through a lost disk."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import timedelta

import pytest
from django.test import override_settings

from maehia.kit import clock
from maehia.kit.testing import NOW
from maehia.web import prerendered
from maehia.web.prerendered import Edition, Page, Prerendered

LONG = "ประกาศเตือนภัย ".encode() * 100


async def application(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 599, "headers": []})
    await send({"type": "http.response.body", "body": b"application"})


def ask(path: str, method: str = "GET", **headers: str):
    sent = []

    async def send(message) -> None:
        sent.append(message)

    asked = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(
        Prerendered(application)({"type": "http", "method": method, "path": path, "headers": asked}, None, send)
    )
    return sent[0]["status"], {key.decode(): value.decode() for key, value in sent[0]["headers"]}, sent[1]["body"]


def page(body: bytes = b"one", cache: str = prerendered.SHORT) -> Page:
    return Page(body, "text/html; charset=utf-8", NOW, cache)


@pytest.fixture(autouse=True)
def folder(tmp_path):
    with override_settings(MAEHIA_DATA=tmp_path), clock.at(NOW):
        prerendered.cabinet.shelves.clear()
        yield tmp_path
        prerendered.cabinet.shelves.clear()


def test_only_get_and_head_of_a_written_address_are_answered_here():
    prerendered.write("a", [Edition(NOW, {"/a/": page()})])
    assert ask("/a/")[::2] == (200, b"one")
    assert ask("/a/", "HEAD")[::2] == (200, b"")
    assert ask("/a/", "HEAD")[1]["content-length"] == "3"
    assert ask("/a/", "POST")[0] == ask("/b/")[0] == ask("/a/..%2f")[0] == 599


def test_every_answer_carries_the_policy_of_the_pages():
    prerendered.write("a", [Edition(NOW, {"/a/": page()})])
    told = ask("/a/")[1]
    assert "default-src 'none'" in told["content-security-policy"]
    assert told["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in told
    prerendered.cabinet.shelves.clear()
    with override_settings(SECURE_HSTS_SECONDS=60):
        assert ask("/a/")[1]["strict-transport-security"] == "max-age=60"


def test_who_has_it_is_told_so_by_tag_or_time():
    prerendered.write("a", [Edition(NOW, {"/a/": page(LONG)})])
    told = ask("/a/")[1]
    packed = ask("/a/", accept_encoding="gzip, br")[1]
    assert packed["etag"] != told["etag"]
    for tag in (told["etag"], packed["etag"], f"W/{told['etag']}", f'"x", {told["etag"]}', "*"):
        status, headers, body = ask("/a/", if_none_match=tag)
        assert (status, body, headers["etag"]) == (304, b"", told["etag"])
    assert ask("/a/", if_none_match='"other"')[0] == 200
    assert ask("/a/", if_modified_since=told["last-modified"])[0] == 304
    assert ask("/a/", if_modified_since="Tue, 17 Nov 2026 03:00:00 GMT")[0] == 200
    assert ask("/a/", if_modified_since="yesterday")[0] == 200
    assert ask("/a/", if_none_match='"other"', if_modified_since=told["last-modified"])[0] == 200


def test_a_long_page_goes_packed_to_who_unpacks():
    prerendered.write("a", [Edition(NOW, {"/a/": page(LONG), "/b/": page(b"short")})])
    _, told, body = ask("/a/", accept_encoding="gzip")
    assert gzip.decompress(body) == LONG
    assert (told["content-encoding"], told["vary"]) == ("gzip", "Accept-Encoding")
    assert int(told["content-length"]) == len(body) < len(LONG)
    assert "content-encoding" not in ask("/b/", accept_encoding="gzip")[1]
    assert ask("/a/")[2] == LONG


def test_editions_change_by_the_clock_alone():
    soon = NOW + timedelta(minutes=1)
    prerendered.write(
        "a", [Edition(NOW, {"/a/": page(b"now"), "/gone/": page()}), Edition(soon, {"/a/": page(b"then")})]
    )
    assert ask("/a/")[2] == b"now"
    with clock.at(soon - timedelta(seconds=1)):
        assert ask("/a/")[2] == b"now"
    with clock.at(soon):
        assert ask("/a/")[2] == b"then"
        assert ask("/gone/")[0] == 599
    with clock.at(NOW - timedelta(hours=1)):  # a clock that was set back still shows something
        assert ask("/a/")[2] == b"now"


def test_a_new_writing_takes_the_place_of_the_old_one_and_leaves_no_rest(folder):
    prerendered.write("a", [Edition(NOW, {"/a/": page(b"one"), "/b/": page(b"two")})])
    prerendered.write("other", [Edition(NOW, {"/o/": page(b"other")})])
    assert ask("/b/")[0] == 200
    prerendered.write("a", [Edition(NOW, {"/a/": page(b"three")})])
    assert (ask("/a/")[2], ask("/b/")[0], ask("/o/")[2]) == (b"three", 599, b"other")
    files = list((folder / "public" / "files").iterdir())
    assert sorted(path.read_bytes() for path in files) == [b"other", b"three"]


def test_a_broken_list_leaves_what_was_there_and_is_tried_again(folder):
    prerendered.write("a", [Edition(NOW, {"/a/": page(b"one")})])
    assert ask("/a/")[2] == b"one"
    target = folder / "public" / "a.json"
    good = target.read_bytes()
    for bad in (
        b"{",
        b"[]" * 2,
        b'[{"since": "x"}]',
        b'[{"since": "2026-11-18T03:00:00+00:00", "pages": {"/a/": {"file": "none"}}}]',
    ):
        target.write_bytes(bad)
        assert ask("/a/")[2] == b"one"
    target.write_bytes(good.replace(b'"/a/"', b'"/c/"'))
    assert ask("/c/")[2] == b"one"


def test_afolder_that_is_not_there_is_no_fault():
    assert ask("/a/")[0] == 599


def test_lists_name_files_by_their_content(folder):
    prerendered.write("a", [Edition(NOW, {"/a/": page(b"same"), "/b/": page(b"same")})])
    listed = json.loads((folder / "public" / "a.json").read_text())
    assert listed[0]["pages"]["/a/"]["file"] == listed[0]["pages"]["/b/"]["file"]
    assert len(list((folder / "public" / "files").iterdir())) == 1
