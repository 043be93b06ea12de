"""Dates in every shape that lists hold, with their precision."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai
from maehia.thai.dates import MONTHS_LONG, MONTHS_SHORT, PartialDate

TODAY = date(2026, 11, 21)
JUNE_15 = PartialDate(date(2021, 6, 15))
days = st.dates(date(1857, 4, 1), date(2056, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2564-06-15",
        "2021-06-15",
        "2564/6/15",
        "15/06/2564",
        "15-6-2564",
        "15.06.2564",
        "15 6 2564",
        "15/06/2021",
        "15/06/64",
        "๑๕/๐๖/๒๕๖๔",
        "15 มิ.ย. 2564",
        "15 มิ.ย. 64",
        "15 มิ.ย.64",
        "15มิย64",
        "15 มิย. 2564",
        "15-มิ.ย.-64",
        "15 มิ. ย. 2564",
        "15 มิถุนายน 2564",
        "15 มิถุนายน พ.ศ. 2564",
        "15 มิถุนายน พ.ศ.2564",
        "15 มิถุนายน ค.ศ. 2021",
        "15 มิถุนายน พุทธศักราช 2564",
        "๑๕ มิถุนายน ๒๕๖๔",
        "วันที่ 15 มิถุนายน 2564",
        "วันที่ 15 เดือนมิถุนายน พ.ศ. 2564",
        "วันอังคารที่ 15 มิถุนายน 2564",
        "15 Jun 2021",
        "15 June 2564",
        "15-JUN-2021",
        "June 15, 2021",
        "20210615",
        "25640615",
        "15062564",
        "2021-06-15 00:00:00",
        "2021-06-15T14:30:00+07:00",
        "15/06/2564 14:30",
        "2021-06-14T17:00:00Z",
        "2021-06-14T17:00:00.000Z",
        "2564-06-14 17:00:00+00:00",
        "2021-06-15T23:59:00+07:00",
        "15 มิ.ย. 2564 เวลา 14:30 น.",
        "15 มิ.ย. 2564 14.30 น.",
        "\u200b15 มิ.ย.\u00a02564 ",
    ],
)
def test_one_day_in_many_shapes(text: str) -> None:
    assert thai.parse_date(text, TODAY) == JUNE_15
    assert thai.explain_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "มิ.ย. 2564",
        "มิถุนายน 2564",
        "เดือนมิถุนายน 2564",
        "06/2564",
        "2564-06",
        "6-2021",
        "25640600",
        "00/06/2564",
        "June 2021",
    ],
)
def test_a_month_is_a_month(text: str) -> None:
    assert thai.parse_date(text, TODAY) == PartialDate(date(2021, 6, 1), "month")


@pytest.mark.parametrize(
    "text",
    [
        "25390000",
        "2539",
        "พ.ศ. 2539",
        "พ.ศ.2539",
        "ปี 2539",
        "1996",
        "ค.ศ. 1996",
        "00/00/2539",
        "0/0/2539",
        "2539-00-00",
        "19960000",
        "2539.0",
        "๒๕๓๙",
    ],
)
def test_a_year_is_only_a_year(text: str) -> None:
    assert thai.parse_date(text, TODAY) == PartialDate(date(1996, 1, 1), "year")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13 เม.ย. 92", date(1949, 4, 13)),
        ("13 เม.ย. 69", date(2026, 4, 13)),
        ("13 เม.ย. 70", date(1927, 4, 13)),
        ("13/4/00", date(1957, 4, 13)),
    ],
)
def test_two_digits_are_this_century_up_to_this_year(text: str, value: date) -> None:
    assert thai.parse_date(text, TODAY) == PartialDate(value)


def test_two_digits_follow_the_day_on_which_they_are_read() -> None:
    assert thai.parse_date("13 เม.ย. 70", date(2027, 1, 1)) == PartialDate(date(2027, 4, 13))
    assert thai.parse_date("13 เม.ย. 92") == PartialDate(date(1949, 4, 13))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15 ก.พ. 2482", date(1940, 2, 15)),
        ("1 ม.ค. 2470", date(1928, 1, 1)),
        ("31 มี.ค. 2482", date(1940, 3, 31)),
        ("1 เม.ย. 2483", date(1940, 4, 1)),
        ("31 ธ.ค. 2483", date(1940, 12, 31)),
        ("1 ม.ค. 2484", date(1941, 1, 1)),
        ("15 ก.พ. 1940", date(1940, 2, 15)),
        ("29 ก.พ. 2482", date(1940, 2, 29)),
    ],
)
def test_before_2484_the_year_began_on_1_april(text: str, value: date) -> None:
    assert thai.parse_date(text) == PartialDate(value)


@pytest.mark.parametrize("text", ["15 ก.พ. 2483", "1 ม.ค. 2483", "31/03/2483", "2483-01-01", "ก.พ. 2483"])
def test_2483_has_no_january_to_march(text: str) -> None:
    assert thai.parse_date(text) is None
    problem = thai.explain_date(text)
    assert problem is not None
    assert problem.code == "calendar_gap"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30 ก.พ. 2560", "no_such_day"),
        ("30/02/2560", "no_such_day"),
        ("31 เม.ย. 2560", "no_such_day"),
        ("29 ก.พ. 2562", "no_such_day"),
        ("32/01/2560", "no_such_day"),
        ("1 ม.ค. 2650", "year_out_of_range"),
        ("01/01/2650", "year_out_of_range"),
        ("2650", "year_out_of_range"),
        ("1 ม.ค. 1500", "year_out_of_range"),
        ("15/13/2564", "no_such_month"),
        ("2564-13-01", "no_such_month"),
        ("44000", "excel_serial"),
        ("44000.5", "excel_serial"),
        ("15 มกรา 2564x", "unreadable_date"),
        ("15 พฤหัสบดี 2564", "unreadable_date"),
        ("เมื่อวาน", "unreadable_date"),
        ("อายุ 70 ปี", "unreadable_date"),
        ("123/4 ม.5", "unreadable_date"),
        ("99/99/9999", "no_such_month"),
        ("", "empty_date"),
        ("-", "empty_date"),
        ("00/00/0000", "empty_date"),
        ("0000-00-00", "empty_date"),
        ("00000000", "empty_date"),
        ("2021-06-31T10:00:00Z", "unreadable_date"),
        (None, "empty_date"),
    ],
)
def test_what_is_no_date_is_explained_in_thai(text: str | None, code: str) -> None:
    assert thai.parse_date(text, TODAY) is None
    problem = thai.explain_date(text, TODAY)
    assert problem is not None
    assert problem.code == code
    assert problem.what
    assert problem.fix


def test_the_explanation_shows_the_text_but_not_all_of_a_long_one() -> None:
    problem = thai.explain_date("30 ก.พ. 2560")
    assert problem is not None
    assert "30 ก.พ. 2560" in problem.what
    long = thai.explain_date("x1" * 500)
    assert long is not None
    assert len(long.what) < 100


def test_a_spreadsheet_day_number_is_a_date_only_when_the_column_says_so() -> None:
    assert thai.parse_date("44362") is None
    assert thai.parse_date("44362", excel_serial=True) == JUNE_15
    assert thai.parse_date("44362.604", excel_serial=True) == JUNE_15
    assert thai.parse_date("15/06/2564", excel_serial=True) == JUNE_15
    assert thai.parse_date("99999", excel_serial=True) is None


@given(days, st.sampled_from(["short", "long"]))
def test_format_and_parse_are_inverse(day: date, style: str) -> None:
    shown = thai.format_date(day, style)  # type: ignore[arg-type]
    assert thai.parse_date(shown) == PartialDate(day)
    assert thai.parse_date(thai.to_thai(shown)) == PartialDate(day)
    assert thai.parse_date(day.isoformat()) == PartialDate(day)


@given(days)
def test_buddhist_iso_and_slashes_are_read_alike(day: date) -> None:
    year = thai.buddhist_year(day)
    for text in (f"{year}-{day:%m-%d}", f"{day:%d/%m}/{year}", f"{year}{day:%m%d}"):
        assert thai.parse_date(text) == PartialDate(day)


@given(st.dates(date(1928, 4, 1), TODAY))
def test_two_digit_years_come_back_within_a_century(day: date) -> None:
    assert thai.parse_date(f"{day:%d/%m}/{thai.buddhist_year(day) % 100:02d}", TODAY) == PartialDate(day)


@given(
    st.one_of(st.text(max_size=30), st.from_regex(r"[0-9]{1,4}[-/. ][0-9ก-๙. ]{1,8}[-/. ]?[0-9]{0,4}", fullmatch=True))
)
def test_a_text_is_a_date_or_explained_never_both(text: str) -> None:
    assert (thai.parse_date(text, TODAY) is None) == (thai.explain_date(text, TODAY) is not None)


@pytest.mark.parametrize("number", range(1, 13))
def test_every_name_of_every_month_is_known(number: int) -> None:
    names = {MONTHS_SHORT[number - 1], MONTHS_LONG[number - 1], MONTHS_SHORT[number - 1].replace(".", "")}
    english = date(2021, number, 1)
    for name in names | {f"{english:%B}", f"{english:%b}", f"{english:%B}".upper()}:
        assert thai.parse_date(f"1 {name} 2564") == PartialDate(english)


def test_a_date_is_shown_in_the_buddhist_calendar() -> None:
    assert thai.format_date(date(2026, 11, 21)) == "21 พ.ย. 2569"
    assert thai.format_date(date(2026, 11, 21), "long") == "21 พฤศจิกายน 2569"
    assert thai.format_date(date(1940, 2, 15)) == "15 ก.พ. 2482"


def test_a_moment_is_shown_in_thai_time() -> None:
    moment = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
    assert thai.format_datetime(moment) == "21 พ.ย. 2569 14:30 น."
    assert thai.format_datetime(moment, "long") == "21 พฤศจิกายน 2569 14:30 น."
    assert thai.format_date(datetime(2026, 11, 21, 18, 0, tzinfo=UTC)) == "22 พ.ย. 2569"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        thai.format_datetime(datetime(2026, 11, 21, 14, 30))


@pytest.mark.parametrize("text", ["15 มิ.ย. 2564", "มิ.ย. 2564", "พ.ศ. 2564", "พ.ศ. 2470", "ก.พ. 2482"])
def test_only_what_is_known_is_shown(text: str) -> None:
    found = thai.parse_date(text)
    assert found is not None
    assert thai.format_partial_date(found) == text


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("1 ม.ค. 2499", date(1956, 1, 1), "year"),
        ("2 ม.ค. 2499", date(1956, 1, 2), "day"),
        ("1 ม.ค. 2560", date(2017, 1, 1), "day"),
        ("2499", date(1956, 1, 1), "year"),
        ("มิ.ย. 2499", date(1956, 6, 1), "month"),
    ],
)
def test_1_january_of_elders_is_only_their_year(text: str, value: date, precision: str) -> None:
    found = thai.parse_birth(text, TODAY)
    assert found is not None
    assert (found.value, found.precision) == (value, precision)


def test_1_january_of_an_old_year_is_that_year_whatever_it_began_with() -> None:
    assert thai.parse_birth("1 ม.ค. 2470", TODAY) == PartialDate(date(1927, 1, 1), "year")
    assert thai.parse_birth("1 ม.ค. 70", TODAY) == PartialDate(date(1927, 1, 1), "year")
    assert thai.parse_birth("1928-01-01", TODAY) == PartialDate(date(1928, 1, 1), "year")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("15 มิ.ย. 2564", date(2021, 6, 15), date(2021, 6, 15)),
        ("ก.พ. 2567", date(2024, 2, 1), date(2024, 2, 29)),
        ("ธ.ค. 2564", date(2021, 12, 1), date(2021, 12, 31)),
        ("2539", date(1996, 1, 1), date(1996, 12, 31)),
        ("2483", date(1940, 1, 1), date(1940, 12, 31)),
        ("2482", date(1939, 1, 1), date(1940, 3, 31)),
    ],
)
def test_a_part_of_a_date_spans_days(text: str, first: date, last: date) -> None:
    found = thai.parse_date(text)
    assert found is not None
    assert thai.possible_days(found) == (first, last)


def test_age_is_counted_in_completed_years() -> None:
    assert thai.age_on(date(1966, 11, 21), TODAY) == 60
    assert thai.age_on(date(1966, 11, 22), TODAY) == 59
    assert thai.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert thai.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_age_is_a_range_when_only_the_year_is_known() -> None:
    assert thai.age_range(PartialDate(date(1966, 1, 1), "year"), TODAY) == (59, 60)
    assert thai.age_range(PartialDate(date(1966, 1, 1)), TODAY) == (60, 60)


@given(days.filter(lambda day: day < TODAY), st.sampled_from(["day", "month", "year"]))
def test_the_day_itself_is_always_possible(day: date, precision: str) -> None:
    year = date(thai.buddhist_year(day) - 543, 1, 1)
    value = {"day": day, "month": day.replace(day=1), "year": year}[precision]
    partial = PartialDate(value, precision)  # type: ignore[arg-type]
    first, last = thai.possible_days(partial)
    assert first <= day <= last
    lowest, highest = thai.age_range(partial, TODAY)
    assert lowest <= thai.age_on(day, TODAY) <= highest


def test_nobody_is_born_tomorrow() -> None:
    tomorrow = thai.format_date(TODAY + timedelta(days=1))
    assert thai.parse_birth(tomorrow, TODAY) is None
    assert thai.parse_birth(tomorrow) is not None
    assert thai.parse_birth("ไม่ทราบ", TODAY) is None


@given(days)
def test_the_buddhist_year_never_goes_back(day: date) -> None:
    assert thai.buddhist_year(day + timedelta(days=1)) - thai.buddhist_year(day) in (0, 1, 2)
    assert thai.buddhist_year(date(1940, 3, 31)) == 2482
    assert thai.buddhist_year(date(1940, 4, 1)) == 2483


@pytest.mark.parametrize("year", ["2400", "2599", "1857", "2056"])
def test_the_first_and_last_years_are_read(year: str) -> None:
    assert thai.parse_date(f"15/06/{year}") is not None


@pytest.mark.parametrize("year", ["2399", "2600", "1856", "2057"])
def test_the_years_just_outside_are_not(year: str) -> None:
    problem = thai.explain_date(f"15/06/{year}")
    assert problem is not None
    assert problem.code == "year_out_of_range"
