"""The data table."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import QueryDict
from django.test import RequestFactory

from maehia.base import FixedClock, Problem
from maehia.web import samples
from maehia.web.progress import Progress
from maehia.web.table import Cell, Column, Table, sort_key

COLUMNS = [
    Column("name", "ชื่อ", sortable=True),
    Column("people", "คน", numeric=True, sortable=True),
    Column("note", "หมายเหตุ"),
]
ROWS = [{"name": Cell("หมู่ 1", url="/moo/1/"), "people": 1204, "note": None}, {"name": "หมู่ 2", "people": None}]


def table(**more):
    return Table("ประชากร", COLUMNS, ROWS, **more)


def test_a_sorted_column_turns_over_when_asked_again():
    up = table(sort="people").heads[1]
    assert (up.aria_sort, up.url) == ("ascending", "?sort=-people")
    down = table(sort="-people").heads[1]
    assert (down.aria_sort, down.url) == ("descending", "?sort=people")


def test_sorting_keeps_the_filters_and_returns_to_the_first_page():
    head = table(sort="name", query=QueryDict("state=late&page=4")).heads[1]
    assert head.url == "?state=late&sort=people"


def test_a_column_that_cannot_be_sorted_has_no_link():
    head = table().heads[2]
    assert (head.url, head.aria_sort) == ("", "")


def test_numbers_are_grouped_and_missing_ones_stay_empty():
    first, second = table().body
    assert first[1].text == "1,204"
    assert second[1].text == ""
    assert first[0].url == "/moo/1/"
    assert first[0].first


def test_totals_have_a_cell_for_each_column():
    foot = table(totals={"name": "รวม", "people": 1204}).foot
    assert [cell.text for cell in foot] == ["รวม", "1,204", ""]


def test_the_count_is_of_all_pages():
    assert table().found_words == "2 รายการ"
    assert table(found=1200).found_words == "1,200 รายการ"
    assert table(page=Paginator(range(90), 50).page(1)).found_words == "90 รายการ"


def test_only_a_known_column_can_order_the_rows():
    def ask(asked):
        return sort_key(RequestFactory().get("/", {"sort": asked}), COLUMNS, "name")

    assert ask("-people") == "-people"
    assert ask("note") == "name"
    assert ask("people; DROP TABLE x") == "name"


def progress(done, total, **more):
    return Progress(
        "j",
        "นำเข้า",
        "running",
        "/j/",
        done,
        total,
        started=samples.NOON,
        now=FixedClock(samples.NOON).now() + more.pop("gone"),
        **more,
    )


def test_time_left_follows_the_speed_so_far():
    from datetime import timedelta

    assert progress(50, 200, gone=timedelta(seconds=10)).seconds_left == 30
    assert progress(5, 200, gone=timedelta(seconds=10)).seconds_left is None
    assert progress(0, 0, gone=timedelta(seconds=10)).seconds_left is None
    assert progress(200, 200, gone=timedelta(seconds=10)).seconds_left == 0


def test_each_state_has_a_word_and_a_look():
    states = {s: Progress("j", "x", s, "") for s in ("waiting", "running", "done", "failed", "stopped")}
    assert [p.tag for p in states.values()] == ["wait", "work", "done", "late", "wait"]
    assert len({p.state_words for p in states.values()}) == 5
    assert [s for s, p in states.items() if p.running] == ["waiting", "running"]


def test_a_failure_keeps_its_problem():
    assert Progress("j", "x", "failed", "", problem=Problem("disk", "ดิสก์เต็ม")).problem.what == "ดิสก์เต็ม"
