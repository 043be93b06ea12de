"""Thai text in one canonical form."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maehia import thai

thai_text = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=30)


def test_digits_go_both_ways() -> None:
    assert thai.to_arabic("๑๒๓/๔ หมู่ ๕") == "123/4 หมู่ 5"
    assert thai.to_thai("ที่ 123/2569") == "ที่ ๑๒๓/๒๕๖๙"


@given(st.text())
def test_thai_digits_come_back_as_they_were(text: str) -> None:
    arabic = thai.to_arabic(text)
    assert thai.to_arabic(thai.to_thai(arabic)) == arabic


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e4dา", "นำ"),
        ("น\u0e4d\u0e49า", "น้ำ"),
        ("น\u0e49\u0e4dา", "น้ำ"),
        ("นำ\u0e49", "น้ำ"),
        ("เเก้ว", "แก้ว"),
        ("ท\u0e48\u0e35", "ที่"),
        ("หม\u0e48\u0e39", "หมู่"),
        ("ท\u0e35\u0e48\u0e48", "ที่"),
        ("สม\u200bชาย", "สมชาย"),
        ("\ufeffสม\u200dชาย\u200c", "สมชาย"),
        ("สม\u00adชาย", "สมชาย"),
        ("สมชาย\u00a0 ใจดี\t", "สมชาย ใจดี"),
        ("๑๒๓/๔", "123/4"),
        ("１２３", "123"),
        ("  a \n b ", "a b"),
        ("Cafe\u0301", "Café"),
        ("สิทธิ\u0e4c", "สิทธิ์"),
        ("จันทร\u0e4c", "จันทร์"),
    ],
)
def test_what_was_typed_becomes_what_was_meant(typed: str, meant: str) -> None:
    assert thai.clean_text(typed) == meant


def test_nothing_is_an_empty_text() -> None:
    assert thai.clean_text(None) == ""
    assert thai.clean_text(" \u200b ") == ""


@given(st.one_of(st.text(), thai_text))
@example("ํําำ่่ิ้เเเ")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = thai.clean_text(text)
    assert thai.clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()


@given(thai_text)
def test_cleaning_keeps_every_consonant_in_its_place(text: str) -> None:
    def consonants(of: str) -> str:
        return "".join(c for c in of if "ก" <= c <= "ฮ")

    assert consonants(thai.clean_text(text)) == consonants(text)
