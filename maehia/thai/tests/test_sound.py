"""The sound of names, with pythainlp's udom83 as a second opinion."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai


def test_names_that_sound_alike_share_a_key() -> None:
    assert thai.sound_key("พันธุ์ทิพย์") == thai.sound_key("พันทิพ") == "พ385000"


def test_some_names_that_sound_different_share_one_too() -> None:
    """So a sound match is evidence, never proof."""
    assert thai.sound_key("สมชาย") == thai.sound_key("สมชัย") == "ส072000"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ศิริพร", "สิริพร"), ("ลัก", "รักษ์"), ("วรรณา", "วันนา"), ("น้ำ", "นำ"), ("ไพร", "ไพล")],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert thai.sound_key(one) == thai.sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("บุญมี", "วิชัย"), ("ก", "ข"), ("มาลี", "สมร")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert thai.sound_key(one) != thai.sound_key(other)


@pytest.mark.parametrize("text", [None, "", " ", "123/4", "-", "์", "ะ", "😀", "(...)"])
def test_without_letters_there_is_no_key(text: str | None) -> None:
    assert thai.sound_key(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Smith", "Smyth"), ("JOHN", "john"), ("Sai Aung", "SAI-AUNG"), ("José", "Jose"), ("Robert", "Rupert")],
)
def test_latin_names_are_coded_by_their_consonants(one: str, other: str) -> None:
    assert thai.sound_key(one) == thai.sound_key(other) != ""


def test_spaces_digits_and_signs_do_not_count() -> None:
    assert thai.sound_key("สม ชาย") == thai.sound_key("สมชาย (2)") == thai.sound_key("สม\u200bชาย")


def test_the_letter_lo_chula_is_coded_with_the_other_l_letters() -> None:
    assert thai.sound_key("จุฬารัตน์") == thai.sound_key("จุลารัตน์")


@given(st.text())
def test_a_key_has_seven_characters_or_none(text: str) -> None:
    assert len(thai.sound_key(text)) in (0, 7)


def test_pythainlp_computes_the_same_keys_for_thousands_of_names() -> None:
    from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names
    from pythainlp.soundex import udom83

    names = sorted(thai_male_names() | thai_female_names() | thai_family_names())
    plain = [name for name in names if all("ก" <= c <= "์" for c in name) and thai.clean_text(name) == name]
    compared = [name for name in plain if "ฬ" not in name]  # the published table leaves ฬ out
    assert len(compared) > 15_000
    assert [name for name in compared if thai.sound_key(name) != udom83(name)] == []


def test_the_room_starts_without_the_heavy_libraries() -> None:
    code = "import sys, maehia.thai; print([m for m in ('pythainlp', 'holidays', 'django') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "key"), [("Hall", "H400000"), ("Wood", "W300000"), ("Lloyd", "L300000"), ("Tymczak", "T522000")]
)
def test_the_first_latin_letter_stays_and_silent_ones_fall(name: str, key: str) -> None:
    assert thai.sound_key(name) == key
