"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from maehia.base import FixedClock
from maehia.kit import clock
from maehia.web import formats

NOON = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)  # 14:30 in Thailand


def test_a_time_is_shown_as_thai_time_in_buddhist_years():
    assert formats.show_datetime(NOON) == "21 พ.ย. 2569 14:30 น."
    assert formats.show_date(NOON, "long") == "21 พฤศจิกายน 2569"


def test_just_before_midnight_utc_is_already_tomorrow_in_thailand():
    assert formats.show_date(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == "22 พ.ย. 2569"
    assert formats.local_day(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_english_pages_count_years_as_english_readers_do():
    with override("en"):
        assert formats.show_datetime(NOON) == "21 Nov 2026, 14:30"
        assert formats.show_date(date(2026, 1, 5), "long") == "5 January 2026"
        assert formats.show_baht("1234.5") == "1,234.50 baht"


@pytest.mark.parametrize("show", [formats.show_date, formats.show_datetime, formats.show_since, formats.show_number])
def test_nothing_is_a_dash(show):
    assert show(None) == "–"


def test_a_naive_time_is_taken_as_thai_time():
    assert formats.show_datetime(datetime(2026, 11, 21, 14, 30)) == "21 พ.ย. 2569 14:30 น."
    assert formats.show_datetime(date(2026, 11, 21)) == "21 พ.ย. 2569"


@pytest.mark.parametrize(
    ("span", "th", "en"),
    [
        (timedelta(days=3, hours=5), "3 วัน", "3 days"),
        (timedelta(hours=1, minutes=59), "1 ชั่วโมง", "1 hour"),
        (150, "2 นาที", "2 minutes"),
        (1, "1 วินาที", "1 second"),
    ],
)
def test_spans_are_told_in_their_largest_unit(span, th, en):
    assert formats.show_span(span) == th
    with override("en"):
        assert formats.show_span(span) == en


def test_relative_time_follows_the_injected_clock():
    with clock.use(FixedClock(NOON)):
        assert formats.show_since(NOON - timedelta(minutes=2)) == "2 นาทีที่แล้ว"
        assert formats.show_since(NOON) == "เมื่อสักครู่"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"), (1234.5, "1,234.5"), ("0.10", "0.1"), (Decimal("1E+3"), "1,000"), (-4, "-4"),
        ("หลายคน", "หลายคน"), (float("nan"), "–"), ("", "–"), (0, "0"),
    ],
)  # fmt: skip
def test_numbers_are_grouped_and_words_left_alone(value, shown):
    assert formats.show_number(value) == shown


def test_money_has_two_decimals():
    assert formats.show_baht(Decimal("1234.5")) == "1,234.50 บาท"
    assert formats.show_baht(None) == "–"


def test_an_id_is_masked_unless_asked():
    assert formats.show_national_id("1234567890121") == "x-xxxx-xxxxx-12-1"
    assert formats.show_national_id("1234567890121", "full") == "1-2345-67890-12-1"
    assert formats.show_national_id(None) == "–"


def test_what_is_no_id_is_masked_too():
    assert formats.show_national_id("AB123456") == "xxxxxxxx"
    assert formats.show_national_id("AB123456", "full") == "AB123456"


def test_a_phone_is_grouped_and_can_be_masked():
    assert formats.show_phone("0812345678") == "081-234-5678"
    assert formats.show_phone("0812345678", "masked") == "081-xxx-5678"
    assert formats.show_phone("", "masked") == "–"
    assert formats.show_phone("สายด่วน", "masked") == "xxxxxxx"


def test_sizes_are_told_in_steps_of_thousand():
    assert [formats.show_size(n) for n in (None, 512, 4_200, 4_200_000, 7_000_000_000)] == [
        "–", "512 B", "4 kB", "4.2 MB", "7.0 GB",
    ]  # fmt: skip
