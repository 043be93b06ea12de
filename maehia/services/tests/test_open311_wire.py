"""The wire of GeoReport v2: shapes, escapes, times. No database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from maehia.services.api.open311.faults import about, no_request
from maehia.services.api.open311.wire import HEAD, moment, write

ROW = {"service_request_id": "2569-000123", "service_notice": None, "account_id": None}
POLE = {
    "service_code": "014",
    "attributes": [
        {"variable": True, "code": "POLE", "datatype": "singlevaluelist", "required": True, "order": 1,
         "values": [{"key": "1", "name": "เสาไฟ"}]},
    ],
}  # fmt: skip


def tree(body: bytes) -> Any:
    return etree.fromstring(body)


class Shapes(SimpleTestCase):
    def test_a_reply_reads_letter_by_letter_as_the_convention_shows_it(self) -> None:
        assert write("service_requests", [ROW], "json") == (
            b'[{"service_request_id":"2569-000123","service_notice":null,"account_id":null}]'
        )
        assert write("service_requests", [ROW], "xml").decode() == (
            '<?xml version="1.0" encoding="utf-8"?>\n<service_requests><request><service_request_id>2569-000123'
            "</service_request_id><service_notice></service_notice><account_id></account_id></request></service_requests>"
        )

    def test_an_empty_container_is_an_array_and_an_element_without_children(self) -> None:
        assert write("service_requests", [], "json") == b"[]"
        assert write("service_requests", [], "xml").decode() == HEAD + "<service_requests></service_requests>"

    def test_one_child_is_still_an_array_and_codes_stay_text(self) -> None:
        found = json.loads(write("service_definition", POLE, "json"))
        assert found["service_code"] == "014"
        assert found["attributes"][0]["values"] == [{"key": "1", "name": "เสาไฟ"}]
        assert found["attributes"][0]["variable"] is True

    def test_children_are_named_after_their_container(self) -> None:
        root = tree(write("service_definition", POLE, "xml"))
        assert root.tag == "service_definition"
        assert root.findtext("attributes/attribute/values/value/name") == "เสาไฟ"
        assert root.findtext("attributes/attribute/required") == "true"
        assert root.findtext("attributes/attribute/order") == "1"

    def test_no_attribute_and_no_namespace_stands_in_the_tree(self) -> None:
        root = tree(write("discovery", {"formats": ["text/xml"], "lat": 18.744}, "xml"))
        assert all(not node.attrib and not node.nsmap for node in root.iter())
        assert root.findtext("formats/format") == "text/xml"
        assert root.findtext("lat") == "18.744"

    def test_errors_carry_the_status_as_a_number_and_name_the_parameter(self) -> None:
        body = json.loads(write("errors", no_request().body(), "json"))
        assert body == [{"code": 404, "description": "service_request_id: ไม่พบเรื่องนี้ (no such request)"}]
        assert tree(write("errors", no_request().body(), "xml")).findtext("error/code") == "404"
        assert about("lat", "ก", "a") == "lat: ก (a)"


class Escapes(SimpleTestCase):
    def test_markup_in_a_text_comes_back_as_text(self) -> None:
        evil = '<script>alert("1")</script> & ]]> <!-- -->'
        body = write("service_requests", [{"description": evil}], "xml")
        assert b"<script" not in body
        assert tree(body).findtext("request/description") == evil

    def test_what_xml_cannot_say_is_left_out_of_both(self) -> None:
        row = [{"description": "ก\x00\x0b\ud800ข\n"}]
        assert tree(write("service_requests", row, "xml")).findtext("request/description") == "กข\n"
        assert json.loads(write("service_requests", row, "json")) == [{"description": "กข\n"}]

    @given(st.text(st.characters(exclude_characters="\r")))
    def test_any_text_reads_the_same_from_both(self, text: str) -> None:
        row = [{"description": text}]
        from_json = json.loads(write("service_requests", row, "json"))[0]["description"]
        assert (tree(write("service_requests", row, "xml")).findtext("request/description") or "") == from_json


class Times(SimpleTestCase):
    def test_a_time_is_written_with_the_offset_of_the_town_and_a_gregorian_year(self) -> None:
        assert moment(datetime(2026, 11, 21, 18, 30, 15, 999, UTC)) == "2026-11-22T01:30:15+07:00"
        assert moment(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=9)))) == "2025-12-31T22:00:00+07:00"
        assert moment(None) is None
