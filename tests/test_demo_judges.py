"""Found and missed: each judge on one invented row, and pairs counted by hand."""

from datetime import date

import pytest

from maehia.cli.demo_judges import CODES, JUDGES, Case, House, Said, Tally, Truth, count_pairs, judge, majority
from maehia.cli.demo_pages.words import ABOUT_EN, CLASS_EN, FATE
from maehia.demo.dirt_classes import CLASSES
from maehia.demo.tries import TRIES

MALEE = Truth("F", date(1980, 5, 6), "มาลี", "ใจดี", b"malee-id")
HOUSE = House("12/3", 5)
READ = Said("มาลี", "ใจดี", date(1980, 5, 6), "day", "F", "12/3", 5, "", "12/3 หมู่ 5", b"malee-id", b"phone")


def case(said=READ, *, person=MALEE, house=HOUSE, linked=True, classes=(), codes=()):
    return Case(person, house, said, linked, frozenset(classes), frozenset(codes))


def but(**changes):
    return Said(**{**{name: getattr(READ, name) for name in Said.__dataclass_fields__}, **changes})


@pytest.mark.parametrize("kind", sorted(JUDGES))
def test_a_row_that_reads_as_the_truth_is_found(kind):
    said = but(birth_precision="year") if kind in {"date_year", "date_year_zeros"} else READ
    said = but(moo=None, house_no="ทะเบียนบ้านกลาง") if kind == "central_register" else said
    assert judge(kind, case(said)) is True


@pytest.mark.parametrize("kind", sorted(JUDGES))
def test_a_row_without_a_record_is_missed(kind):
    assert judge(kind, case(None)) is False


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("hidden_mark", but(first_name="มา\u200bลี")),
        ("title_in_first_name", but(first_name="นางมาลี")),
        ("full_name_in_one_cell", but(first_name="นาง", last_name="มาลี ใจดี")),
        ("date_two_digit", but(birth=date(1923, 5, 6))),
        ("date_year", READ),  # a day was invented where only the year is known
        ("phone_country", but(phone_index=None)),
        ("address_dash", but(house_no="12-3")),
        ("address_glued", but(moo=None)),
        ("thai_digits", but(house_no="๑๒/๓")),
        ("thai_digits", but(id_index=b"another")),
        ("central_register", READ),  # taken for a dwelling
    ],
)
def test_dirt_that_stayed_is_missed(kind, said):
    assert judge(kind, case(said)) is False


def test_a_name_changed_by_marriage_does_not_count_as_dirt():
    assert judge("extra_spaces", case(but(last_name="แสงทอง"))) is True


def test_two_kinds_of_dirt_on_one_value_cannot_be_told():
    assert judge("date_two_digit", case(but(birth=date(1979, 5, 6)), classes={"birth_slip"})) is None
    assert judge("address_dash", case(but(moo=15), classes={"moo_unknown"})) is None
    assert judge("double_e", case(but(first_name="มาลิ", last_name=""), classes={"respelled"})) is None
    assert judge("double_e", case(classes={"swapped_names"})) is None


def test_a_thai_year_before_2484_began_in_april():
    old = MALEE._replace(birth=date(1938, 2, 1))
    assert judge("date_year", case(but(birth=date(1937, 1, 1), birth_precision="year"), person=old)) is True
    assert judge("date_year", case(but(birth=date(1936, 1, 1), birth_precision="year"), person=old)) is False


def test_a_linked_row_is_judged_by_its_key_alone():
    assert judge("respelled", case(None, linked=True)) is True
    assert judge("respelled", case(linked=False)) is False
    assert judge("respelled", case(linked=None)) is None


def test_a_report_must_be_of_the_right_kind():
    assert judge("id_slip", case(codes={"id_check_digit"})) is True
    assert judge("id_slip", case(codes={"no_such_day"})) is False


def test_every_class_has_a_rule_and_english_words():
    fates = {kind: kept.fate for kind, kept in CLASSES.items()}
    assert set(CLASS_EN) == set(CLASSES)
    assert set(FATE) == set(fates.values()) - {"none"}
    counted = {"stuck_run", "gap", "out_of_range"}
    assert {kind for kind, fate in fates.items() if fate == "reported"} == set(CODES) | counted
    things = {"total_row", "juristic_owner", "house_code_dashes", "ltax_without_zeros"}
    assert {kind for kind, fate in fates.items() if fate == "cleaned"} == set(JUDGES) | things


def test_every_file_to_try_has_english_words():
    assert {one.file for one in TRIES} <= set(ABOUT_EN)


def test_a_tally_keeps_what_it_cannot_tell_apart():
    tally = Tally()
    for answer in (True, True, False, None):
        tally.add("vhv", answer)
    assert (tally.planted, tally.found, tally.missed, tally.untold) == (4, 2, 1, 1)
    assert tally.by_source == {"vhv": [2, 1]}


def test_pairs_are_counted_as_by_hand():
    # Malee's three rows got keys k1 k1 k2; Somchai's two rows k2 and none.
    pairs = count_pairs([("malee", "k1"), ("malee", "k1"), ("malee", "k2"), ("somchai", "k2"), ("somchai", "")])
    assert (pairs.true, pairs.made, pairs.right) == (4, 2, 1)
    assert (pairs.precision, pairs.recall) == (0.5, 0.25)
    assert round(pairs.f1, 4) == 0.3333
    assert count_pairs([]).f1 == 1.0


def test_a_majority_needs_two_rows():
    rows = [("malee", "k1"), ("malee", "k1"), ("malee", "k2"), ("somchai", "k3"), ("somchai", "k4"), ("nok", "")]
    assert majority(rows) == {"malee": "k1"}
