"""Traffy's quirks, read; its states and categories, mapped; its columns, both ways. No database."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import SimpleTestCase

from maehia.base import BANGKOK
from maehia.services import workflow
from maehia.services.peers.traffy import columns, hooks, maps, wire
from maehia.services.peers.traffy.wire import Answer, TraffyError, read_answer, read_issue, read_time

TICKET = {"ticket_id": "2026-ABCDEF", "latitude": "18.744", "longitude": 98.951, "type": "ถนน",
          "timestamp": "2026-08-31 10:00:00.000000", "status": "รอรับเรื่อง"}  # fmt: skip
ROW = columns.Row("2569-000001", "ถนน", "กองช่าง", "หลุมกลางถนน", (98.951, 18.744), "หมู่ 5",
                  datetime(2026, 8, 31, 10, tzinfo=BANGKOK), "เสร็จสิ้น", datetime(2026, 9, 1, tzinfo=BANGKOK), star=5)  # fmt: skip


def failed(data: Any) -> str:
    with pytest.raises(TraffyError) as caught:
        read_answer(data)
    return caught.value.kind


class Answers(SimpleTestCase):
    def test_the_field_status_decides_not_the_http_code(self) -> None:
        assert failed({"status": "fail", "message": "Invalid user or pass", "results": []}) == "password"
        assert failed({"status": "fail", "message": "this token has expired | หมดอายุ"}) == "expired"
        assert failed({"status": "fail", "message": "ERR 1 - Invalid token"}) == "token"
        assert failed({"status": "fail", "message": "Running out of API usage quota"}) == "quota"
        assert failed({"status": "fail", "message": "[latitude] is not specified"}) == "refused"
        assert failed({}) == "refused"
        assert failed([1]) == "refused"

    def test_a_warning_worked_and_is_told(self) -> None:
        found = read_answer({"status": "warning", "message": "Almost running out of API usage quota", "results": []})
        assert found == Answer([], "Almost running out of API usage quota")

    def test_no_balance_is_unlimited_and_not_zero(self) -> None:
        assert read_answer({"status": "success", "credit_balance": None}).credit == wire.UNLIMITED
        assert read_answer({"status": "success", "credit_balance": "12"}).credit == 12
        assert read_answer({"status": "success"}).credit is None

    def test_absent_empty_and_single_results_are_lists(self) -> None:
        for results in (None, [], {}):
            assert wire.rows(results) == []
        assert wire.rows({"a": 1}) == [{"a": 1}]


class Quirks(SimpleTestCase):
    def test_ids_compare_as_text(self) -> None:
        row = {"org_id": 151, "org": "เทศบาลสมมติ", "status": "เสร็จสิ้น", "status_type": "finish"}
        issue = read_issue(TICKET | {"orgs": [row], "type_id": 7})
        assert issue.state_of("151") == ("เสร็จสิ้น", "finish")
        assert issue.state_of("9") == ("รอรับเรื่อง", "")
        assert issue.category_id == "7"

    def test_a_photo_is_a_list_or_one_address_and_a_folder_is_none(self) -> None:
        assert wire.read_photos("https://x.example/a.jpg") == ("https://x.example/a.jpg",)
        assert wire.read_photos(["https://x.example/a.jpg", ""]) == ("https://x.example/a.jpg",)
        assert wire.read_photos([{"uri": "https://x.example/a.jpg", "note": ""}]) == ("https://x.example/a.jpg",)
        assert wire.read_photos("https://storage.example/bucket/") == ()
        assert wire.read_photos(None) == ()
        assert wire.read_photos("javascript:alert(1)") == ()

    def test_no_star_is_no_rating(self) -> None:
        assert [read_issue(TICKET | {"star": star}).star for star in (0, None, "", "4", 9)] == [
            None,
            None,
            None,
            4,
            None,
        ]

    def test_times_are_the_towns_and_the_feeds_are_utc(self) -> None:
        ten = datetime(2026, 8, 31, 10, tzinfo=BANGKOK)
        assert read_time("2026-08-31 10:00:00.000000") == ten
        assert read_time("2026-08-31 10:00:00+00") == ten + timedelta(hours=7)
        assert read_time("soon") is None
        assert read_time(wire.write_time(ten)) == ten
        assert read_time(wire.write_time(ten, feed=True)) == ten

    def test_a_point_comes_in_three_shapes_and_zero_is_none(self) -> None:
        assert wire.read_point(TICKET) == (98.951, 18.744)
        assert wire.read_point({"coords": "98.951,18.744"}) == (98.951, 18.744)
        assert wire.read_point({"coords": ["98.951", "18.744"]}) == (98.951, 18.744)
        for broken in ({}, {"latitude": "x", "longitude": 1}, {"latitude": 0, "longitude": 0}, {"coords": "1"},
                       {"latitude": 98.9, "longitude": 18.7}):  # fmt: skip
            assert wire.read_point(broken) is None

    def test_a_ticket_without_a_number_is_refused(self) -> None:
        with pytest.raises(TraffyError):
            read_issue({"status": "รอรับเรื่อง"})


class Maps(SimpleTestCase):
    def test_every_state_of_a_report_has_a_word_or_says_that_it_is_not_sent(self) -> None:
        table = maps.states()
        for code, state in workflow.KINDS["report"].items():
            assert table.theirs(code) == state.traffy
            assert (table.theirs(code) == "") == (state.type == "hidden")

    def test_every_state_of_traffy_means_one_of_ours(self) -> None:
        table = maps.states()
        assert table.ours("รอรับเรื่อง", "waiting") == "submitted"
        assert table.ours("กำลังดำเนินการ") == "in_progress"
        assert table.ours("เสร็จสิ้น", "finish") == "fixed"
        assert table.ours("ซ่อมแล้วรอตรวจ", "inprogress") == "in_progress"
        assert table.ours("ส่งต่อ(ใหม่)", "waiting") == "forwarded"
        assert table.ours("คำที่ไม่รู้จัก") == ""

    def test_a_table_with_a_hole_or_a_foreign_word_is_refused(self) -> None:
        shipped = maps._shipped(maps.STATES)
        with pytest.raises(ValueError, match="fixed"):
            maps.read_states(shipped | {"out": shipped["out"] | {"fixed": ""}})
        with pytest.raises(ValueError, match="gone"):
            maps.read_states(shipped | {"in": shipped["in"] | {"by_type": {"finish": "gone"}}})

    def test_the_first_known_type_of_a_ticket_names_the_service(self) -> None:
        assert maps.service_of("{ถนน,น้ำท่วม}") == "road"
        assert maps.service_of("ไม่มี, แสงสว่าง") == "light"
        assert maps.service_of("ถนน,น้ำท่วม", frozenset({"flood_street"})) == "flood_street"
        assert maps.service_of("") == ""
        assert maps.type_of("light") == "แสงสว่าง"
        assert maps.type_of("corruption") == ""


class Columns(SimpleTestCase):
    def test_the_dump_has_its_16_names_and_lng_lat(self) -> None:
        text = "".join(columns.write_rows(columns.DUMP, [columns.dump_line(ROW)], bom=False))
        row = next(csv.DictReader(io.StringIO(text)))
        assert len(row) == 16
        assert (row["coords"], row["type"], row["comment"]) == ("98.951,18.744", "{ถนน}", "หลุมกลางถนน")

    def test_the_exchange_file_has_a_bom_and_its_21_names(self) -> None:
        text = "".join(columns.write_rows(columns.EXCHANGE, [columns.exchange_line(ROW)], bom=True))
        assert text.startswith("\ufeff")
        row = next(csv.DictReader(io.StringIO(text[1:])))
        assert tuple(row) == columns.EXCHANGE
        assert len(row) == 21
        assert (row["latitude"], row["timestamp"], row["star"]) == ("18.744", "2026-08-31 10:00:00.000000", "5")

    def test_both_layouts_read_back_to_the_same_ticket(self) -> None:
        for names, made in ((columns.EXCHANGE, columns.exchange_line), (columns.DUMP, columns.dump_line)):
            text = "".join(columns.write_rows(names, [made(ROW)], bom=names is columns.EXCHANGE))
            (issue,) = columns.read_rows(text)
            assert isinstance(issue, wire.Issue)
            assert (issue.ticket_id, issue.point, issue.at, issue.status, issue.star, issue.description) == (
                ROW.ticket_id, ROW.point, ROW.at, "เสร็จสิ้น", 5, ROW.description)  # fmt: skip

    def test_a_bad_row_is_named_and_good_ones_go_on(self) -> None:
        text = "ticket_id,timestamp,state\n,2026-08-31 10:00:00,x\nA,never,x\nB,2026-08-31 10:00:00,เสร็จสิ้น\n"
        found = list(columns.read_rows(text))
        assert [str(row)[:5] for row in found[:2]] == ["แถว 2", "แถว 3"]
        assert isinstance(found[2], wire.Issue)
        with pytest.raises(ValueError, match="ticket_id"):
            list(columns.read_rows("a,b\n1,2\n"))

    def test_a_cell_never_becomes_a_formula(self) -> None:
        assert columns.safe("=HYPERLINK(1)") == "'=HYPERLINK(1)"
        assert columns.safe("@x") == "'@x"
        assert columns.safe("-cmd") == "'-cmd"
        assert columns.safe("-18.7") == "-18.7"
        assert columns.safe("") == ""


class Hints(SimpleTestCase):
    def test_the_kinds_are_told_apart_by_method_and_event(self) -> None:
        assert hooks.read_hint("POST", b'{"ticket_id": "A"}').what == "issue"
        assert hooks.read_hint("PATCH", b'{"ticket_id": "A", "status": "x"}').what == "status"
        talk = hooks.read_hint("POST", '{"ticket_id": "A", "event": "chat", "comment": "ขอบคุณ"}'.encode())
        assert (talk.what, talk.words, talk.from_reporter) == ("talk", "ขอบคุณ", True)

    def test_the_same_hint_has_the_same_digest_whatever_else_it_says(self) -> None:
        one = hooks.read_hint("PATCH", b'{"ticket_id": "A", "timestamp": "1", "status": "x"}')
        assert hooks.read_hint("PATCH", b'{"status": "y", "timestamp": "1", "ticket_id": "A"}').digest == one.digest
        assert hooks.read_hint("PATCH", b'{"ticket_id": "A", "timestamp": "2"}').digest != one.digest
        assert hooks.read_hint("POST", b'{"ticket_id": "A", "timestamp": "1"}').digest != one.digest

    def test_what_is_no_webhook_is_refused(self) -> None:
        for body in (b"", b"[]", b"{}", b'{"ticket_id": ""}', b'{"ticket_id": "A", "event": "x"}', b"\xff\xfe",
                     b'{"ticket_id": "' + b"A" * 70_000 + b'"}', b'{"ticket_id": "a\\u0000b"}'):  # fmt: skip
            with pytest.raises(ValueError):
                hooks.read_hint("POST", body)
