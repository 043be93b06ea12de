"""The fiscal year begins on 1 October."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 9, 30), 2569), (date(2026, 10, 1), 2570), (date(2026, 1, 1), 2569), (date(2026, 12, 31), 2570)],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(day: date, year: int) -> None:
    assert thai.fiscal_year(day) == year


def test_the_thai_day_of_a_moment_decides() -> None:
    last_evening_in_utc = datetime(2026, 9, 30, 18, 0, tzinfo=UTC)
    assert thai.fiscal_year(last_evening_in_utc) == 2570


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_day_lies_inside_its_fiscal_year(day: date) -> None:
    first, last = thai.fiscal_year_span(thai.fiscal_year(day))
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (10, 1, 9, 30)


@given(st.integers(2400, 2700))
def test_fiscal_years_follow_each_other_without_a_gap(year: int) -> None:
    assert thai.fiscal_year_span(year)[1] + timedelta(days=1) == thai.fiscal_year_span(year + 1)[0]


@pytest.mark.parametrize(("month", "quarter"), [(10, 1), (12, 1), (1, 2), (3, 2), (4, 3), (6, 3), (7, 4), (9, 4)])
def test_quarters_are_counted_from_october(month: int, quarter: int) -> None:
    assert thai.fiscal_quarter(date(2026, month, 15)) == quarter
