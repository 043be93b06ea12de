"""Messages of others: one bad one never stops a feed, and what came is kept as it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maehia.base import ProblemError
from maehia.emergency.actions import alerts_foreign
from maehia.emergency.actions.alerts_foreign import Taken, listed, take, take_feed
from maehia.emergency.models import ForeignAlert
from maehia.emergency.rules import cap
from maehia.emergency.rules.cap import feed
from maehia.emergency.tests.cap_cast import GOLDEN
from maehia.emergency.tests.cast import Watch
from maehia.kit.testing import NOW, AppTestCase

PLAIN = replace(GOLDEN, msg_type="Alert", references=None)
SENT = {"sent": "2026-11-18T09:00:00+07:00"}


def message(number: int, **changes) -> bytes:
    infos = tuple(
        replace(info, effective=None, onset=None, expires="2026-11-18T20:00:00+07:00") for info in PLAIN.infos
    )
    values = {**SENT, "identifier": f"other-{number}", "infos": infos, **changes}
    return cap.build(replace(PLAIN, **values))


BAD = (
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", b"no xml", b"",
    message(7).replace(b"<scope>Public</scope>", b""),
    message(8, infos=()), message(1, note="EX-another"),
)  # fmt: skip


class TestForeign(Watch, AppTestCase):
    def test_one_bad_message_does_not_stop_the_rest(self):
        good = [message(number) for number in range(1, 4)]
        with self.command():
            assert take("ปภ.", [good[0], *BAD, *good[1:]]) == Taken(taken=3, quarantined=len(BAD))
            rows = {row.identifier: row for row in ForeignAlert.objects.filter(quarantined=False)}
            assert sorted(rows) == ["other-1", "other-2", "other-3"]
            found = {
                finding["code"] for row in ForeignAlert.objects.filter(quarantined=True) for finding in row.findings
            }
        assert {"cap20_doctype", "cap20_xml", "cap21_missing", "cap10_info", "cap02_reused"} <= found

    def test_the_same_bytes_come_ten_times_and_are_kept_once(self):
        with self.command():
            for _ in range(10):
                told = take("ปภ.", [message(1)])
            assert told == Taken(known=1)
            assert bytes(ForeignAlert.objects.get().body) == message(1)

    def test_what_is_too_large_is_refused_and_not_kept_whole(self):
        with self.command():
            assert take("ปภ.", [b"x" * 3_000_000]).quarantined == 1
            assert len(ForeignAlert.objects.get().body) == 1_000_000

    def test_a_feed_names_its_messages_in_atom_and_in_rss(self):
        entries = [feed.Entry(cap.parse(message(n)).alert, f"https://o/{n}.xml", f"https://o/{n}/") for n in (2, 1)]
        head = feed.Feed("https://o/", "https://o/", "o", "o", NOW - timedelta(hours=1), 2)
        documents = {"https://o/2.xml": message(2)}
        for made in (feed.atom(head, entries), feed.rss(head, entries)):
            assert listed(made) == ["https://o/2.xml", "https://o/1.xml"]
        with self.command():
            assert take_feed("o", feed.atom(head, entries), documents) == Taken(taken=1)
            with pytest.raises(ProblemError) as caught:
                alerts_foreign.take_feed("o", BAD[0], documents)
        assert caught.value.problem.code == "bad_feed"
