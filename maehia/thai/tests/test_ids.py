"""National and juristic numbers, with python-stdnum as a second opinion."""

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.th import moa
from stdnum.th import pin as stdnum_pin

from maehia import thai
from maehia.thai.ids import FIRST_DIGIT_HINTS, JURISTIC, PERSON

VALID = (
    "3100600445635",
    "1112034563562",
    "1129900166199",
    "1509900258294",
    "3200100052579",
    "8479988011441",
    "1234567890121",
)
JURISTIC_VALID = ("0105552029681", "0993000133978", "0994000617721")
twelve = st.text("0123456789", min_size=12, max_size=12)
whole = twelve.map(lambda first: first + thai.check_digit(first))


@pytest.mark.parametrize("number", VALID)
def test_a_number_with_the_right_check_digit_passes(number: str) -> None:
    assert thai.is_national_id(number)
    assert thai.check_digit(number[:12]) == number[12]


@pytest.mark.parametrize("number", ["1234567890123", "0994000617723", "0101700230705"])
def test_a_wrong_check_digit_is_seen(number: str) -> None:
    assert not thai.is_national_id(number)
    assert not thai.is_juristic_id(number)
    assert thai.id_holders(number) == ()


@pytest.mark.parametrize("number", JURISTIC_VALID)
def test_a_zero_number_needs_the_kind_of_holder(number: str) -> None:
    assert thai.is_juristic_id(number)
    assert thai.id_holders(number) == (PERSON, JURISTIC)


def test_a_number_that_does_not_start_with_zero_is_never_juristic() -> None:
    assert not thai.is_juristic_id(VALID[0])
    assert thai.id_holders(VALID[0]) == (PERSON,)


@pytest.mark.parametrize(
    "text",
    [
        "3-1006-00445-63-5",
        " 3100600445635 ",
        "๓๑๐๐๖๐๐๔๔๕๖๓๕",
        "3 1006 00445 63 5",
        "'3100600445635",
        "3100600445635.0",
        "3100\u200b600445635",
    ],
)
def test_a_number_is_read_however_it_is_grouped(text: str) -> None:
    assert thai.normalize_id(text) == "3100600445635"


@pytest.mark.parametrize(
    "text", [None, "", "-", "310060044563", "31006004456355", "3.1006E+12", "3100600a45635", "ไม่มี"]
)
def test_what_is_not_thirteen_digits_is_no_number(text: str | None) -> None:
    assert thai.normalize_id(text) is None
    assert not thai.is_national_id(text)


def test_a_number_is_shown_in_its_five_groups() -> None:
    assert thai.format_national_id("1234567890121") == "1-2345-67890-12-1"
    assert thai.format_national_id("ไม่มีบัตร") == "ไม่มีบัตร"
    assert thai.format_national_id(None) == ""


@pytest.mark.parametrize("text", ["3.1E+12", "3.10060044563E+12", "3E+12", "3.1e12", "๓.๑E+12", "3,1E+12"])
def test_a_number_that_excel_ruined_is_recognised(text: str) -> None:
    assert thai.looks_like_excel_float(text)


@pytest.mark.parametrize("text", [None, "", "3100600445635", "3.1", "E12", "12E", "บ้าน 3E"])
def test_a_plain_text_is_not_taken_for_a_ruined_number(text: str | None) -> None:
    assert not thai.looks_like_excel_float(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3.1E+12", "excel_float"),
        ("3100600445634", "id_check_digit"),
        ("0101700230705", "id_check_digit"),
        ("31006", "id_not_13_digits"),
        ("310060044563a", "id_not_13_digits"),
        ("", "empty_id"),
        ("-", "empty_id"),
        (None, "empty_id"),
    ],
)
def test_a_wrong_number_is_explained_and_not_printed(text: str | None, code: str) -> None:
    problem = thai.explain_id(text)
    assert problem is not None
    assert problem.code == code
    assert problem.fix
    assert "31006004456" not in problem.what


@pytest.mark.parametrize("number", VALID + JURISTIC_VALID)
def test_a_right_number_needs_no_explanation(number: str) -> None:
    assert thai.explain_id(number) is None


def test_the_first_digit_hints_and_the_office_is_that_of_first_registration() -> None:
    hint = thai.id_hint("3-1006-00445-63-5")
    assert hint is not None
    assert (hint.first_digit, hint.first_office) == ("3", "1006")
    assert "2527" in hint.meaning
    assert thai.id_hint("3100") is None


def test_every_first_digit_has_a_meaning_and_none_is_rejected() -> None:
    assert sorted(FIRST_DIGIT_HINTS) == list("0123456789")
    for first in "0123456789":
        eleven = first + "50010012345"
        assert thai.is_national_id(eleven + thai.check_digit(eleven))


@given(whole)
def test_format_and_normalize_are_inverse(number: str) -> None:
    assert thai.normalize_id(thai.format_national_id(number)) == number
    assert thai.normalize_id(thai.to_thai(number)) == number


@given(twelve)
def test_stdnum_computes_the_same_check_digit(first: str) -> None:
    assert thai.check_digit(first) == stdnum_pin.calc_check_digit(first + "0")


@given(st.text("0123456789", min_size=13, max_size=13))
def test_stdnum_agrees_where_it_looks_at_the_check_digit_only(number: str) -> None:
    assume(number[0] not in "09")  # stdnum refuses persons with 0 and 9; we do not
    assert thai.is_national_id(number) == stdnum_pin.is_valid(number)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_stdnum_agrees_on_juristic_numbers(rest: str) -> None:
    number = "0" + rest
    if thai.is_juristic_id(number) and number[1] == "1":
        assert moa.is_valid(number)
    if moa.is_valid(number):
        assert thai.is_juristic_id(number)


@given(twelve, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_caught_except_in_digit_3_or_under_check_digit_1(first: str, place: int, shift: int) -> None:
    """Remainders 0 and 10 both give check digit 1, so there a changed sum can hide."""
    number = first + thai.check_digit(first)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    if place == 2:
        assert thai.is_national_id(wrong)
    elif place == 12 or number[12] != "1":
        assert not thai.is_national_id(wrong)


def test_substitutions_are_caught_at_the_published_rate() -> None:
    chooser = random.Random(50)
    caught = {place: 0 for place in range(13)}
    for _ in range(500):
        first = "".join(chooser.choices("0123456789", k=12))
        number = first + thai.check_digit(first)
        for place in range(13):
            for digit in set("0123456789") - {number[place]}:
                caught[place] += not thai.is_national_id(number[:place] + digit + number[place + 1 :])
    rate = {place: count / 4500 for place, count in caught.items()}
    assert rate[2] == 0
    assert rate[12] == 1
    assert all(0.965 < rate[place] < 0.995 for place in range(12) if place != 2)
    assert sum(rate.values()) / 13 == pytest.approx(0.907, abs=0.005)
