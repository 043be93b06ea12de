"""What a dirty cell says."""

from datetime import date

import pytest

from maehia.linkage import values
from maehia.linkage.tests.cast import SOMCHAI_ID, TODAY


@pytest.mark.parametrize("written", [SOMCHAI_ID, "3-1006-00445-63-5", "๓๑๐๐๖๐๐๔๔๕๖๓๕", " 3 1006 00445 63 5 "])
def test_an_id_is_read_in_every_writing(written: str) -> None:
    assert values.read_id(written) == (SOMCHAI_ID, True)


def test_a_spreadsheets_ruined_id_says_nothing() -> None:
    assert values.read_id("3.1006E+12") == (None, False)


def test_an_id_with_a_wrong_check_digit_is_kept_but_not_good() -> None:
    assert values.read_id("3100600445636") == ("3100600445636", False)


def test_an_id_that_lost_a_digit_still_helps_to_recognise() -> None:
    assert values.read_id("310060044563") == ("310060044563", False)


@pytest.mark.parametrize("filler", ["0000000000000", "1111111111111", "-", "ไม่มี", "12345"])
def test_a_filled_in_id_says_nothing(filler: str) -> None:
    assert values.read_id(filler).number is None


def test_a_birth_day_is_exact() -> None:
    assert values.read_birth("15 มิ.ย. 2514", TODAY) == (19710615, True, False, None)


def test_the_first_of_january_tells_only_the_year() -> None:
    assert values.read_birth("1/1/2480", TODAY)[1] is False


def test_a_year_alone_is_not_exact() -> None:
    assert values.read_birth("2539", TODAY) == (19960101, False, False, None)


@pytest.mark.parametrize("cell", ["30 ก.พ. 2530", "พ.ศ. 2650", "31/31/2530", "วานนี้", "-", "2590-01-05"])
def test_an_impossible_birth_says_nothing(cell: str) -> None:
    assert values.read_birth(cell, TODAY).day is None


def test_two_digits_of_a_year_are_marked() -> None:
    assert values.read_birth("13 เม.ย. 92", TODAY).short
    assert not values.read_birth("13 เม.ย. 2492", TODAY).short


@pytest.mark.parametrize(("cell", "age"), [("57 ปี", 57), ("อายุ 34 ปี", 34), ("๗๒ ปี", 72), ("150 ปี", None)])
def test_an_age_in_the_birth_column_is_read(cell: str, age: int | None) -> None:
    assert values.read_birth(cell, TODAY).age == age


@pytest.mark.parametrize(
    ("cell", "sex"), [("ชาย", "M"), ("ญ", "F"), ("หญิง", "F"), ("Male", "M"), ("2", "F"), ("ไม่ระบุ", None), ("x", None)]
)
def test_sex_is_read_in_every_writing(cell: str, sex: str | None) -> None:
    assert values.read_sex(cell) == sex


def test_courtesy_written_together_is_no_name() -> None:
    assert values.read_name("คุณวุฒิวัฒน์ อินต๊ะ").first == "วุฒิวัฒน์"


def test_a_name_that_begins_like_courtesy_stays() -> None:
    assert values.read_name("คุณากร ใจดี").first == "คุณากร"


def test_a_title_before_a_latin_name_is_taken_off() -> None:
    assert values.read_name("MrNANG BROWN").first == "NANG"


def test_title_tells_sex_and_age() -> None:
    assert values.read_name("ด.ญ.มาลี ใจดี") == ("มาลี", "ใจดี", "F", False)


@pytest.mark.parametrize("cell", ["-", "ไม่มี", "ไม่ระบุ", "  ", "?"])
def test_a_filler_is_no_name(cell: str) -> None:
    assert values.read_name(cell).first is None
    assert values.read_last(cell) is None


def test_nickname_in_brackets_is_left_out() -> None:
    assert values.read_last("ใจดี (กุ้ง)") == "ใจดี"


def test_spaces_inside_a_name_do_not_count() -> None:
    assert values.name_forms("ณ อยุธยา").folded == values.name_forms("ณอยุธยา").folded


def test_a_village_is_not_a_moo() -> None:
    place = values.read_place("22/56 ม.บ.ร่มโพธิ์")
    assert (place.no, place.moo, place.village) == ("22/56", None, "ร่มโพธิ์")


@pytest.mark.parametrize("cell", ["123/4 ม.5", "123/4ม.5", "๑๒๓/๔ หมู่ ๕", "บ้านเลขที่ 123/4 หมู่ที่ 5 ต.แม่เหียะ"])
def test_an_address_gives_number_and_moo(cell: str) -> None:
    assert values.read_place(cell)[:2] == ("123/4", 5)


@pytest.mark.parametrize("cell", ["081-234-5678", "+66812345678", "812345678", "๐๘๑ ๒๓๔ ๕๖๗๘"])
def test_a_phone_is_read_in_every_writing(cell: str) -> None:
    assert values.read_phone(cell) == "0812345678"


def test_today_bounds_a_birth() -> None:
    assert values.read_birth("2026-12-31", date(2025, 1, 1)).day is None
