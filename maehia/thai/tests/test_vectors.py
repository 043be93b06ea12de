"""Every vector of the registry sheet's rules, one test each."""

from datetime import date

import pytest

from maehia import thai

TODAY = date(2026, 11, 21)

VALID_IDS = "3100600445635 1112034563562 1129900166199 1509900258294 3200100052579 8479988011441 1234567890121"


@pytest.mark.parametrize("number", VALID_IDS.split())
def test_a_real_shape_of_national_id_passes(number: str) -> None:
    assert thai.is_national_id(number)
    assert thai.check_digit(number[:12]) == number[12]


@pytest.mark.parametrize("number", ["1234567890123", "0994000617723"])
def test_a_wrong_check_digit_is_seen(number: str) -> None:
    assert not thai.is_national_id(number)
    assert not thai.is_juristic_id(number)


@pytest.mark.parametrize(
    ("text", "house_no", "moo", "village"),
    [
        ("123/4 ม.5", "123/4", 5, None),
        ("123/4ม.5", "123/4", 5, None),
        ("๑๒๓/๔ หมู่ ๕", "123/4", 5, None),
        ("บ้านเลขที่ 123/4 หมู่ที่ 5 ต.แม่เหียะ", "123/4", 5, None),
        ("123-4 หมู่5", "123/4", 5, None),
        ("22/56 ม.บ.ร่มโพธิ์", "22/56", None, "ร่มโพธิ์"),
        ("22/56 หมู่บ้านร่มโพธิ์", "22/56", None, "ร่มโพธิ์"),
    ],
)
def test_an_estate_is_not_a_moo(text: str, house_no: str, moo: int | None, village: str | None) -> None:
    address = thai.parse_address(text)
    assert (address.house_no, address.moo, address.village) == (house_no, moo, village)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2564-06-15", date(2021, 6, 15), "day"),
        ("13 เม.ย. 92", date(1949, 4, 13), "day"),
        ("25390000", date(1996, 1, 1), "year"),
    ],
)
def test_a_date_keeps_how_much_of_it_is_known(text: str, value: date, precision: str) -> None:
    assert thai.parse_date(text, TODAY) == thai.PartialDate(value, precision)  # type: ignore[arg-type]


def test_names_that_sound_alike_share_a_key() -> None:
    assert thai.sound_key("พันธุ์ทิพย์") == thai.sound_key("พันทิพ") == "พ385000"
    assert thai.sound_key("สมชาย") == thai.sound_key("สมชัย") == "ส072000"
