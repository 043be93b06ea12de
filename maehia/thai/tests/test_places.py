"""House codes, place codes, and the office that gave them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai

MAE_HIA = "500109"


@pytest.mark.parametrize("text", ["5001-012345-6", "50010123456", "๕๐๐๑-๐๑๒๓๔๕-๖", " 5001 012345 6 ", "50010123456.0"])
def test_a_house_code_is_read_however_it_is_grouped(text: str) -> None:
    assert thai.normalize_house_code(text) == "50010123456"


@pytest.mark.parametrize(
    "text", [None, "", "5001", "500101234567", "5.0E+10", "0001-012345-6", "11111111111", "บ้านเลขที่ 5"]
)
def test_only_length_and_office_of_a_house_code_are_checked(text: str | None) -> None:
    assert thai.normalize_house_code(text) is None


@pytest.mark.parametrize("last", "0123456789")
def test_no_last_digit_of_a_house_code_is_refused(last: str) -> None:
    assert thai.normalize_house_code(f"5001012345{last}") is not None


def test_a_municipal_office_of_former_years_is_kept() -> None:
    assert thai.house_office("3099-012345-6") == "3099"
    assert thai.house_office("ไม่ทราบ") is None


def test_a_house_code_is_shown_in_three_groups() -> None:
    assert thai.format_house_code("50010123456") == "5001-012345-6"
    assert thai.format_house_code("ไม่ทราบ") == "ไม่ทราบ"
    assert thai.format_house_code(None) == ""


@given(st.integers(10**10, 10**11 - 1).map(str))
def test_format_and_normalize_of_house_codes_are_inverse(code: str) -> None:
    if thai.normalize_house_code(code):
        assert thai.normalize_house_code(thai.format_house_code(code)) == code


@pytest.mark.parametrize(
    ("code", "level"),
    [("50", "province"), ("5001", "district"), (MAE_HIA, "tambon"), ("50010905", "moo"), ("๕๐๐๑๐๙", "tambon")],
)
def test_the_length_of_a_place_code_tells_its_level(code: str, level: str) -> None:
    assert thai.place_level(code) == level
    assert thai.is_place_code(code)


@pytest.mark.parametrize("code", [None, "", "5", "500", "50010", "5001090", "010109", "แม่เหียะ", "5001.9"])
def test_other_lengths_are_no_place_code(code: str | None) -> None:
    assert not thai.is_place_code(code)


def test_codes_of_other_tambons_keep_the_shape_because_the_trap_is_one_of_data() -> None:
    assert thai.is_place_code("500112")
    assert thai.is_place_code("500108")


def test_a_village_has_the_code_of_its_tambon_and_two_digits() -> None:
    assert thai.moo_code(MAE_HIA, 5) == "50010905"
    assert thai.moo_code("๕๐๐๑๐๙", 10) == "50010910"


@pytest.mark.parametrize(("tambon", "moo"), [("5001", 5), (MAE_HIA, 0), (MAE_HIA, 100), ("", 1)])
def test_a_village_code_needs_a_tambon_and_a_moo(tambon: str, moo: int) -> None:
    with pytest.raises(ValueError, match="tambon code"):
        thai.moo_code(tambon, moo)


def test_the_last_moo_of_a_tambon_is_99() -> None:
    assert thai.moo_code(MAE_HIA, 99) == "50010999"
    assert thai.moo_code(MAE_HIA, 1) == "50010901"


def test_a_house_code_of_two_digits_is_a_code() -> None:
    assert thai.normalize_house_code("11111111112") == "11111111112"
