"""Thai dictionary order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai

# As PostgreSQL 15 sorts them with COLLATE "th-x-icu".
IN_ORDER = [
    "12",
    "123/4",
    "2",
    "ก็",
    "กก",
    "กมล",
    "กา",
    "การีมะ",
    "การีม๊ะ",
    "เก็บ",
    "เกม",
    "เกษม",
    "แก้ว",
    "ไก่",
    "ขวัญ",
    "คงเพชร",
    "คงเพ็ชร",
    "จันทรพร",
    "จันทร์พร",
    "ณ เชียงใหม่",
    "ณรงค์",
    "นาม",
    "น้าม",
    "นำ",
    "น้ำ",
    "แพร",
    "ฟ้า",
    "ม.10",
    "ม.5",
    "แม่ริม",
    "แม่เหียะ",
    "รักษ์",
    "ฤดี",
    "ลลิตา",
    "วรรณา",
    "ศรี",
    "สม ชาย",
    "สมชาย",
    "สมชายใจ",
    "สมชาย ใจดี",
    "โสภา",
    "ใสใจ",
    "ไสว",
    "A1",
    "Ann",
    "john",
    "John",
]


def test_thai_comes_in_dictionary_order() -> None:
    assert len(IN_ORDER) > 40
    assert sorted(reversed(IN_ORDER), key=thai.collation_key) == IN_ORDER


@pytest.mark.parametrize(("first", "second"), [("กมล", "เกษม"), ("เกษม", "แก้ว"), ("แก้ว", "ขวัญ")])
def test_a_leading_vowel_is_sorted_after_its_consonant(first: str, second: str) -> None:
    assert thai.collation_key(first) < thai.collation_key(second)


def test_tone_marks_decide_only_between_equals() -> None:
    assert thai.collation_key("น้าก") < thai.collation_key("นาม")
    assert thai.collation_key("นาม") < thai.collation_key("น้าม")


def test_spaces_and_dots_do_not_count() -> None:
    assert thai.collation_key("ณ เชียงใหม่")[0] == thai.collation_key("ณเชียงใหม่")[0]


@given(st.text(max_size=8), st.text(max_size=8))
def test_only_the_same_text_shares_a_place(one: str, other: str) -> None:
    same = thai.clean_text(one) == thai.clean_text(other)
    assert (thai.collation_key(one) == thai.collation_key(other)) == same
