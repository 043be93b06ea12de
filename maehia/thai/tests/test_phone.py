"""Telephone numbers as lists hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai

digits = st.text("0123456789", min_size=7, max_size=7)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("053-276491", "053276491"),
        ("053 276 491", "053276491"),
        ("(053) 276491", "053276491"),
        ("02-123-4567", "021234567"),
        ("081-234-5678", "0812345678"),
        ("08-1234-5678", "0812345678"),
        ("081.234.5678", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66812345678", "0812345678"),
        ("66812345678", "0812345678"),
        ("0066 81 234 5678", "0812345678"),
        ("+66 (0)81 234 5678", "0812345678"),
        ("+6653276491", "053276491"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
        ("812345678", "0812345678"),
        ("53276491", "053276491"),
        ("812345678.0", "0812345678"),
        ("โทร. 081-2345678", "0812345678"),
        ("1800-123-456", "1800123456"),
        ("0612345678", "0612345678"),
    ],
)
def test_a_number_is_read_in_its_national_form(text: str, number: str) -> None:
    assert thai.normalize_phone(text) == number


@pytest.mark.parametrize(
    "text",
    [None, "", "-", "ไม่มี", "0000000000", "08123456789", "12345", "1669", "8.12E+08", "0112345678", "3100600445635"],
)
def test_what_is_no_number_is_not_repaired(text: str | None) -> None:
    assert thai.normalize_phone(text) is None
    assert thai.phone_numbers(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "053-276491, 081-234-5678",
        "053276491/0812345678",
        "053-276491 หรือ 081-234-5678",
        "053276491\n0812345678",
        "053276491 0812345678",
        "053-276491 ต่อ 12, 0812345678",
        "053-276491-3, 081-2345678 (ลูกสาว)",
        "053276491, 053-276-491; 0812345678",
    ],
)
def test_several_numbers_in_a_cell_are_all_found_once(text: str) -> None:
    assert thai.phone_numbers(text) == ("053276491", "0812345678")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0812345678", "081-234-5678"),
        ("053276491", "053-276491"),
        ("021234567", "02-123-4567"),
        ("1800123456", "1800-123-456"),
        ("1669", "1669"),
    ],
)
def test_a_number_is_shown_as_thais_write_it(number: str, shown: str) -> None:
    assert thai.format_phone(number) == shown


def test_only_mobile_numbers_take_an_sms() -> None:
    assert thai.is_mobile("081-234-5678")
    assert not thai.is_mobile("053-276491")
    assert not thai.is_mobile(None)


def test_machines_get_the_international_form() -> None:
    assert thai.e164("081-234-5678") == "+66812345678"
    assert thai.e164("1800-123-456") is None
    assert thai.e164("ไม่มี") is None


@given(st.sampled_from(["08", "06", "09"]), st.integers(0, 9), digits)
def test_every_writing_of_a_mobile_number_gives_the_same_digits(head: str, next_digit: int, rest: str) -> None:
    number = f"{head}{next_digit}{rest}"
    if thai.normalize_phone(number) is None:  # all digits alike
        assert len(set(number[1:])) == 1
        return
    for writing in (thai.format_phone(number), thai.to_thai(number), f"+66{number[1:]}", number[1:]):
        assert thai.normalize_phone(writing) == number
    assert thai.normalize_phone(thai.e164(number)) == number


@pytest.mark.parametrize("filler", ["0888888888", "0666666666", "022222222"])
def test_a_number_of_one_digit_is_a_filler(filler: str) -> None:
    assert thai.normalize_phone(filler) is None


def test_a_number_of_two_digits_is_a_number() -> None:
    assert thai.normalize_phone("0888888889") == "0888888889"
