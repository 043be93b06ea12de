"""Dirt functions, each on its own: what they spoil, and that they spoil nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from maehia.demo import dirt
from maehia.demo.dice import Dice
from maehia.demo.dirt import Ledger
from maehia.demo.houses import House
from maehia.demo.serials import check_digit, national_id

SOMSRI = national_id(42, "3")
BORN = date(1949, 4, 13)


def house(**changes):
    values = {
        "index": 0,
        "house_no": "123/4",
        "moo": 5,
        "estate": "ร่มโพธิ์เงิน",
        "soi": "7",
        "road": "",
        "code": "98010000017",
    }
    return House(**{**values, **changes})


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("slash", "13/04/2492"),
        ("short_month", "13 เม.ย. 2492"),
        ("two_digit", "13 เม.ย. 92"),
        ("long_month", "13 เมษายน 2492"),
        ("iso_be", "2492-04-13"),
        ("compact", "24920413"),
        ("christian", "1949-04-13"),
        ("year", "2492"),
        ("year_zeros", "24920000"),
    ],
)
def test_a_day_is_printed_in_the_shapes_of_thai_offices(form, text):
    assert dirt.printed_date(form, BORN) == text


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(1941, 1, 1), 2484),
        (date(1940, 12, 31), 2483),
        (date(1940, 4, 1), 2483),
        (date(1940, 3, 31), 2482),
        (date(1935, 2, 1), 2477),
        (date(2021, 6, 15), 2564),
    ],
)
def test_before_2484_the_year_began_in_april(day, year):
    assert dirt.thai_year(day) == year


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("moo_dot", "123/4 ม.5"),
        ("glued", "123/4ม.5"),
        ("moo_word", "123/4 หมู่ 5 ต.แม่เหียะ"),
        ("dash", "123-4 หมู่5"),
        ("estate", "123/4 ม.บ.ร่มโพธิ์เงิน"),
        ("estate_moo", "123/4 หมู่บ้านร่มโพธิ์เงิน หมู่ที่ 5"),
        ("soi", "123/4 ซ.7 ม.5 ต.แม่เหียะ"),
        ("long", "บ้านเลขที่ 123/4 หมู่ที่ 5 ต.แม่เหียะ อ.เมือง จ.เชียงใหม่ 50100"),
    ],
)
def test_an_address_is_printed_in_eight_shapes(form, text):
    assert dirt.printed_address(form, house()) == text


def test_only_houses_of_an_estate_are_written_by_its_name():
    dice = Dice(1, "addresses")
    forms = {dirt.address_form(dice, house(estate="", soi="")) for _ in range(300)}
    assert forms == {"moo_dot", "moo_word", "glued", "dash", "long"}
    forms = {dirt.address_form(dice, house()) for _ in range(300)}
    assert {"estate", "estate_moo", "soi"} <= forms


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("plain", "0600123456"),
        ("dash", "060-012-3456"),
        ("one_dash", "060-0123456"),
        ("space", "060 012 3456"),
        ("country", "+66600123456"),
        ("no_zero", "600123456"),
    ],
)
def test_a_phone_is_printed_in_six_shapes(form, text):
    assert dirt.printed_phone(form, "0600123456") == text


def test_an_id_is_printed_with_dashes_or_spaces():
    assert dirt.printed_id("dash", "3100600445635") == "3-1006-00445-63-5"
    assert dirt.printed_id("space", "3100600445635") == "3 1006 00445 63 5"
    assert dirt.printed_id("plain", "3100600445635") == "3100600445635"


def test_an_id_slip_changes_one_or_two_digits_and_never_the_length():
    dice = Dice(1, "slips")
    for _ in range(500):
        slip = dirt.id_slip(dice, SOMSRI)
        assert len(slip) == 13
        assert 1 <= sum(a != b for a, b in zip(slip, SOMSRI, strict=True)) <= 2


def test_most_id_slips_fail_the_check_digit():
    dice = Dice(2, "slips")
    slips = [dirt.id_slip(dice, SOMSRI) for _ in range(500)]
    assert sum(check_digit(slip[:12]) != slip[12] for slip in slips) > 440


def test_a_respelled_name_sounds_alike_and_is_not_the_same():
    dice = Dice(1, "spellings")
    assert dirt.respelled(dice, "ศิริพร") in {"สิริพร", "ศิริพล", "ศริพร"} | {"ศิริพร".replace("ศ", "ส", 1)}
    for name in ("พันธุ์ทิพย์", "ณัฐวุฒิ", "วงศ์คำ", "สุภาพร", "มี", "กาน"):
        assert all(dirt.respelled(dice, name) != name for _ in range(50))


def test_a_slip_never_touches_the_first_letter():
    dice = Dice(1, "letters")
    for name in ("สมชาย", "กัญญา", "แก้วมา"):
        assert all(dirt.slipped(dice, name)[0] == name[0] for _ in range(100))


def test_a_slip_does_not_invent_a_double_e():
    dice = Dice(1, "letters")
    assert not any("เเ" in dirt.slipped(dice, "นนทเกษม") for _ in range(300))


def test_a_hidden_mark_disappears_when_it_is_taken_out():
    dice = Dice(1, "marks")
    for _ in range(50):
        marked = dirt.hidden_mark(dice, "สมศรี")
        assert len(marked) == len("สมศรี") + 1
        assert "".join(c for c in marked if c not in dirt.INVISIBLE) == "สมศรี"


def test_the_ledger_counts_and_remembers_where():
    ledger = Ledger(places=[])
    ledger.note("vhv", "id_slip", "vhv-000001")
    ledger.note("vhv", "id_slip", "vhv-000002")
    ledger.note("vhv", "total_row")
    assert ledger.as_dict() == {"vhv": {"id_slip": 2, "total_row": 1}}
    assert ledger.places == [("vhv-000001", "id_slip"), ("vhv-000002", "id_slip")]
