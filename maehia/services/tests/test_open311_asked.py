"""What a GET asks for: windows, lists, pages; every fault names its parameter. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from maehia.services.api.open311.asked import SPAN, Asked, check_jurisdiction, read_list
from maehia.services.api.open311.faults import Fault

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
NAMES = (
    "service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "updated_after",
    "updated_before", "bbox", "extensions", "lang",
)  # fmt: skip


def asked(**given: str) -> Asked:
    return read_list(given, NOW)


def refused(**given: str) -> str:
    with pytest.raises(Fault) as caught:
        read_list(given, NOW)
    assert caught.value.status == 400
    return " ".join(caught.value.descriptions)


def outcome(given: dict[str, str]) -> Asked | Fault:
    try:
        return read_list(given, NOW)
    except Fault as fault:
        return fault


class Windows(SimpleTestCase):
    def test_nothing_asked_is_the_last_90_days(self) -> None:
        assert (asked().start, asked().end) == (NOW - SPAN, NOW)
        assert (asked().page, asked().page_size) == (0, 1000)

    def test_one_bound_puts_the_other_90_days_away(self) -> None:
        at = datetime(2026, 3, 1, tzinfo=UTC)
        assert asked(start_date="2026-03-01T00:00:00Z").end == at + SPAN
        assert asked(end_date="2026-03-01T07:00:00+07:00").start == at - SPAN

    def test_90_days_pass_and_a_second_more_does_not(self) -> None:
        assert asked(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:00Z").start is not None
        assert "90" in refused(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:01Z")
        assert "start_date" in refused(start_date="2026-01-01T00:00:00Z", end_date="2026-04-02T00:00:00Z")

    def test_a_plus_that_nobody_escaped_is_understood(self) -> None:
        assert asked(start_date="2026-03-01T07:00:00 07:00").start == datetime(2026, 3, 1, tzinfo=UTC)

    def test_a_date_alone_is_its_midnight_here(self) -> None:
        assert asked(start_date="2026-03-01").start == datetime(2026, 2, 28, 17, tzinfo=UTC)

    def test_unreadable_naive_and_buddhist_times_are_refused_by_name(self) -> None:
        for text in ("yesterday", "2026-13-01", "2026-03-01T00:00:00", "2569-03-01T00:00:00Z", "0001-01-01", "\x00x"):
            for name in ("start_date", "end_date", "updated_after", "updated_before"):
                assert name in refused(**{name: text}), (name, text)
        assert "start_date" in refused(start_date="2026-03-02", end_date="2026-03-01")

    def test_asking_by_time_of_change_lifts_the_window(self) -> None:
        found = asked(updated_after="2026-11-01T00:00:00Z")
        assert (found.start, found.end) == (None, None)

    def test_a_walk_through_pages_has_a_window_that_stands_still_for_the_day(self) -> None:
        later = read_list({"page": "2"}, NOW + timedelta(hours=3))
        assert later.start == asked(page="1").start
        assert later.start is not None
        assert later.start <= NOW - SPAN


class Lists(SimpleTestCase):
    def test_ids_override_all_other_arguments_even_broken_ones(self) -> None:
        found = asked(service_request_id="2569-000002, 2569-000001,,2569-000002", status="fixed", start_date="x")
        assert found == Asked(ids=("2569-000002", "2569-000001"))

    def test_statuses_are_open_and_closed_only(self) -> None:
        assert asked(status="closed, open").statuses == ("closed", "open")
        assert "status" in refused(status="fixed")
        assert "status" in refused(status="open,fixed")

    def test_pages_and_boxes_are_checked(self) -> None:
        assert (asked(page="3", page_size="200").offset, asked(page_size="5").page) == (400, 1)
        for name, text in (("page", "0"), ("page", "x"), ("page_size", "1001"), ("page_size", "-1"), ("bbox", "1,2,3"),
                           ("bbox", "99,18,98,19"), ("bbox", "nan,1,2,3"), ("extensions", "perhaps"), ("lang", "de")):  # fmt: skip
            assert name in refused(**{name: text}), (name, text)
        assert asked(bbox="98.9,18.7,99,18.8").bbox == (98.9, 18.7, 99.0, 18.8)

    def test_an_empty_parameter_is_an_absent_one(self) -> None:
        for name in NAMES:
            assert asked(**{name: ""}) == asked(), name
            assert asked(**{name: " "}) == asked(), name

    def test_another_town_is_not_found(self) -> None:
        check_jurisdiction({"jurisdiction_id": "maehia"}, "maehia")
        check_jurisdiction({"jurisdiction_id": ""}, "maehia")
        with pytest.raises(Fault) as caught:
            check_jurisdiction({"jurisdiction_id": "elsewhere"}, "maehia")
        assert caught.value.status == 404

    @given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
    def test_any_text_is_read_or_refused_with_400(self, given_: dict[str, Any]) -> None:
        found = outcome(given_)
        if isinstance(found, Fault):
            assert found.status == 400
            assert all(any(name in words for name in NAMES) for words in found.descriptions)
        else:
            assert found.page_size <= 1000
