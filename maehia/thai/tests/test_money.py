"""Baht in words and on the screen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("1", "หนึ่งบาทถ้วน"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("110", "หนึ่งร้อยสิบบาทถ้วน"),
        ("1234.50", "หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์"),
        ("0.25", "ยี่สิบห้าสตางค์"),
        ("0.01", "หนึ่งสตางค์"),
        ("1.11", "หนึ่งบาทสิบเอ็ดสตางค์"),
        ("600", "หกร้อยบาทถ้วน"),
        ("1000000", "หนึ่งล้านบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("21000000", "ยี่สิบเอ็ดล้านบาทถ้วน"),
        ("2500000", "สองล้านห้าแสนบาทถ้วน"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("5000001000000", "ห้าล้านเอ็ดล้านบาทถ้วน"),
        ("-21.5", "ลบยี่สิบเอ็ดบาทห้าสิบสตางค์"),
        ("-0.001", "ศูนย์บาทถ้วน"),
        ("0.005", "หนึ่งสตางค์"),
        ("1.995", "สองบาทถ้วน"),
    ],
)
def test_an_amount_in_words(amount: str, words: str) -> None:
    assert thai.baht_text(Decimal(amount)) == words


def test_whole_numbers_are_money_too() -> None:
    assert thai.baht_text(20) == "ยี่สิบบาทถ้วน"
    assert thai.number_text(-121) == "ลบหนึ่งร้อยยี่สิบเอ็ด"


@pytest.mark.parametrize("amount", [1.5, True, "12"])
def test_a_float_is_not_money(amount: object) -> None:
    with pytest.raises(TypeError, match="Decimal"):
        thai.baht_text(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), Decimal("1e60")])
def test_what_is_not_an_amount_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        thai.baht_text(amount)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1234.5", "1,234.50 บาท"),
        ("1234", "1,234 บาท"),
        ("0", "0 บาท"),
        ("-1234567.891", "-1,234,567.89 บาท"),
        ("-0.001", "0 บาท"),
    ],
)
def test_an_amount_on_the_screen(amount: str, shown: str) -> None:
    assert thai.format_baht(Decimal(amount)) == shown
    assert thai.format_baht(Decimal(amount), unit=False) == shown.removesuffix(" บาท")


@given(st.decimals(min_value=1, max_value=10**15, places=2))
def test_pythainlp_says_the_same_but_for_a_last_one_after_a_million(amount: Decimal) -> None:
    from pythainlp.util import bahttext

    millions, rest = divmod(int(amount), 1_000_000)
    if (millions and rest == 1) or (millions % 1_000_000 == 1 and millions > 1):
        assert "เอ็ด" in thai.baht_text(amount)
    elif amount and float(amount) == amount:
        assert thai.baht_text(amount) == bahttext(float(amount))


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=2))
def test_a_negative_amount_is_the_positive_one_with_a_word_before_it(amount: Decimal) -> None:
    expected = thai.baht_text(abs(amount))
    assert thai.baht_text(amount) == (f"ลบ{expected}" if amount < 0 else expected)


def test_the_largest_amount_is_just_below_10_to_50() -> None:
    assert thai.baht_text(Decimal(10) ** 49).startswith("สิบล้านล้าน")
    with pytest.raises(ValueError, match="finite"):
        thai.baht_text(Decimal(10) ** 50)
