"""The pure parts under a case: chain of history, blurred points, guards of moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.kit.testing import NOW
from maehia.services import workflow
from maehia.services.rules.blur import METRES_PER_DEGREE, public_point
from maehia.services.rules.chain import START, Line, broken_at, line_hash
from maehia.services.rules.guards import CHECKS, Asked, first_failed

WORDS = ("รับเรื่อง", "ช่างออกตรวจ", "เปลี่ยนหลอด", "ปิดเรื่อง")


def chain(notes):
    rows, before = [], START
    for seq, note in enumerate(notes, 1):
        line = Line("case", seq, "note", "", {"n": seq}, note, True, "user:1", NOW, NOW + timedelta(minutes=seq))
        own = line_hash(line, before)
        rows.append((line, before, own))
        before = own
    return rows, before


def test_an_untouched_history_holds():
    rows, head = chain(WORDS)
    assert broken_at(rows, head) is None


@given(st.integers(0, 3), st.sampled_from(["note", "actor", "kind", "is_public", "event_at", "value"]))
def test_one_changed_letter_is_noticed_at_its_line(at, name):
    rows, head = chain(WORDS)
    line, before, own = rows[at]
    other = {"note": "ไม่เคยเกิด", "actor": "user:2", "kind": "state", "is_public": False,
             "event_at": NOW - timedelta(days=1), "value": {"n": 99}}[name]  # fmt: skip
    rows[at] = (replace(line, **{name: other}), before, own)
    assert broken_at(rows, head) == at + 1


@given(st.integers(0, 3))
def test_a_dropped_line_is_noticed(at):
    rows, head = chain(WORDS)
    del rows[at]
    assert broken_at(rows, head) == at + 1


def test_a_history_of_another_case_does_not_fit():
    rows, head = chain(WORDS)
    line, before, own = rows[0]
    rows[0] = (replace(line, case="other"), before, own)
    assert broken_at(rows, head) == 1


points = st.tuples(st.floats(97.5, 105.5), st.floats(5.6, 20.4))


@given(points, st.sampled_from([50, 100, 200, 500]))
def test_a_blurred_point_lies_within_its_square_and_says_no_more(point, metres):
    lon, lat = public_point(*point, metres)
    assert abs(lat - point[1]) * METRES_PER_DEGREE <= metres / 2 + 0.2
    assert abs(lon - point[0]) * METRES_PER_DEGREE * 0.93 <= metres / 2 + 2
    # Blurring what is blurred gives the same: two reports from one house show one point.
    assert public_point(lon, lat, metres) == (lon, lat)


@given(points)
def test_without_blur_a_point_stays_where_it_is(point):
    lon, lat = public_point(*point, 0)
    assert abs(lon - point[0]) < 1e-6
    assert abs(lat - point[1]) < 1e-6


ASKED = Asked(here="in_progress", to="fixed", now=NOW, asked_by="user:1")
REFUSED = [
    ("after_photo", {"needs_after_photo": True}, {"needs_after_photo": True, "after_photos": 1}),
    ("public_reason", {"note": " "}, {"note": "อยู่ในที่ดินเอกชน"}),
    ("named_receiver", {}, {"receiver": "แขวงทางหลวง"}),
    ("parent_stands", {}, {"parent_stands": True}),
    ("second_pair_of_eyes", {}, {"second_eyes": True}),
    ("other_person", {"second_eyes": True, "last_actor": "user:1"}, {"second_eyes": True, "last_actor": "user:2"}),
    ("question", {}, {"question": "เสาต้นไหน"}),
    ("planned_date", {"planned_on": (NOW - timedelta(days=1)).date()}, {"planned_on": (NOW + timedelta(days=1)).date()}),
    ("internal_reason", {}, {"internal": "มีเบอร์โทรในข้อความ"}),
    ("reopen_ground", {}, {"reopen_photos": 1}),
    ("reopen_window", {"by_staff": False, "closed_at": NOW - timedelta(days=15)},
     {"by_staff": False, "closed_at": NOW - timedelta(days=14)}),
    ("told_before", {}, {"told_before": True}),
    ("gaps_once", {"gaps_listed": 1, "note": "ขาดโฉนด"}, {"note": "ขาดโฉนดและแบบแปลน"}),
    ("complete", {"missing": ("โฉนด",)}, {}),
    ("signed", {}, {"signed": True}),
    ("nothing_due", {"due": True}, {}),
    ("appeal", {}, {"note": "อุทธรณ์ที่ 5/2569"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "lacks", "has"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_guard_refuses_what_lacks_and_lets_pass_what_has(name, lacks, has):
    assert first_failed([name], replace(ASKED, **lacks)).code in (
        f"guard_{name}",
        "guard_second_eyes",
        "guard_public_reason",
    )
    assert CHECKS[name](replace(ASKED, **has)) is None


def test_every_guard_of_the_table_is_known():
    named = {g for table in workflow.KINDS.values() for s in table.values() for move in s.moves for g in move.guards}
    assert named <= set(CHECKS)


def test_where_a_second_pair_of_eyes_is_needed_nobody_closes_alone():
    alone = replace(ASKED, second_eyes=True)
    assert first_failed(["after_photo"], alone).code == "guard_second_eyes"
    checked = replace(alone, here="closure_requested", last_actor="user:2")
    assert first_failed(["after_photo", "other_person"], checked) is None
