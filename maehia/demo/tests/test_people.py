"""Persons through time, families, and what happens to them between the lists."""

from __future__ import annotations

from datetime import date

import pytest

from maehia.demo import make_town
from maehia.demo.dice import Dice
from maehia.demo.families import Maker, make_family, make_monks
from maehia.demo.houses import MOO_NAMES, make_houses
from maehia.demo.life import live
from maehia.demo.people import Change, Person, plain_title
from maehia.demo.town import AGES, scaled

DAY = date(2026, 11, 21).toordinal()


@pytest.fixture(scope="module")
def town():
    return make_town(3000, seed=77)


def kanya(**changes):
    """กัญญา, born in 1995, single, of house 3."""
    values = {"key": 1, "sex": "F", "birth": date(1995, 5, 1).toordinal(), "first": "กัญญา", "last": "ใจดี", "house": 3}
    return Person(**{**values, **changes})


@pytest.mark.parametrize(
    ("sex", "age", "married", "title"),
    [
        ("M", 14.9, False, "ด.ช."),
        ("M", 15.0, False, "นาย"),
        ("F", 3, False, "ด.ญ."),
        ("F", 20, False, "นางสาว"),
        ("F", 20, True, "นาง"),
    ],
)
def test_title_follows_age_sex_and_marriage(sex, age, married, title):
    assert plain_title(sex, age, married) == title


def test_before_the_wedding_she_has_her_old_name_and_after_it_the_new_one():
    wedding = date(2025, 2, 14).toordinal()
    person = kanya(changes=[Change(wedding, "last", "แสงทอง"), Change(wedding, "title", "นาง")])
    assert person.then(wedding - 1)[:3] == ("นางสาว", "กัญญา", "ใจดี")
    assert person.then(wedding)[:3] == ("นาง", "กัญญา", "แสงทอง")


def test_a_move_and_a_new_phone_count_from_their_day():
    person = kanya(phone="0600000001", changes=[Change(100, "house", 9), Change(200, "phone", "0600000002")])
    assert person.then(99)[3:] == (3, "0600000001")
    assert person.then(150)[3:] == (9, "0600000001")
    assert person.then(200)[3:] == (9, "0600000002")


def test_here_means_born_come_not_left_and_alive():
    person = kanya(came=DAY - 100, left=DAY - 10)
    assert not person.here(DAY - 101)
    assert person.here(DAY - 50)
    assert not person.here(DAY - 10)
    assert not kanya(died=DAY - 5).here(DAY)


def test_a_rank_stays_whatever_the_age():
    assert kanya(title="ว่าที่ ร.ต.หญิง").then(DAY).title == "ว่าที่ ร.ต.หญิง"


def test_the_town_has_mae_hias_published_shape():
    assert scaled(19_352) == (7000, 13_636)


def test_every_household_has_one_head(town):
    heads: dict[int, int] = {}
    for person in town.residents:
        heads[person.household] = heads.get(person.household, 0) + (person.role == "เจ้าบ้าน")
    # The last registered household may have lost its head to the exact count of people.
    assert sum(count != 1 for count in heads.values()) <= 3


def test_mothers_are_sixteen_to_forty_six_years_older(town):
    people = {person.key: person for person in town.people}
    for person in town.residents:
        if person.mother >= 0:
            gap = (person.birth - people[person.mother].birth) / 365.25
            assert 16 < gap < 46


def test_own_children_of_a_mother_bear_her_or_the_fathers_name(town):
    children = [p for p in town.residents if p.role == "บุตร" and p.mother >= 0]
    same = sum(p.last == town.people[p.mother].last for p in children)
    assert 0.6 < same / len(children) < 0.99


def test_twins_are_born_on_one_day_and_have_two_names(town):
    births: dict[tuple[int, int], list[Person]] = {}
    for person in town.residents:
        if person.mother >= 0 and person.role == "บุตร":
            births.setdefault((person.mother, person.birth), []).append(person)
    twins = [pair for pair in births.values() if len(pair) == 2]
    assert twins
    assert all(a.first != b.first and a.nid != b.nid for a, b in twins)


def test_grandmothers_were_often_born_on_the_first_of_january(town):
    old = [p for p in town.residents if p.age(DAY) > 72]
    assert 0.08 < sum(p.birth_form == "jan1" for p in old) / len(old) < 0.25


def test_strangers_have_other_numbers_or_none_and_often_one_name(town):
    strangers = [p for p in town.residents if p.nation != "ไทย"]
    assert {p.nid[:1] for p in strangers} <= {"", "0", "6", "7"}
    assert sum(not p.last for p in strangers) > len(strangers) / 2


def test_first_digit_of_an_id_follows_the_year_of_birth(town):
    law = date(1984, 1, 1).toordinal()
    for person in town.residents:
        if person.nid[:1] == "1":
            assert person.birth >= law
        if person.nid[:1] == "3":
            assert person.birth < law


def test_surnames_are_shared_by_families_not_by_everybody(town):
    counts: dict[str, int] = {}
    for person in town.people:
        if person.last:
            counts[person.last] = counts.get(person.last, 0) + 1
    assert max(counts.values()) < 0.03 * len(town.people)
    assert len(counts) > 500


def test_no_two_persons_share_an_id(town):
    ids = [p.nid for p in town.people if p.nid]
    assert len(set(ids)) == len(ids)


def test_families_fill_the_house_they_are_made_for():
    houses = make_houses(5, 60)
    make = Maker(Dice(5, "one family"), DAY)
    members = make_family(make, houses[7], registered=True)
    assert members
    assert {p.house for p in members} == {7}
    assert all(p.registered for p in members)


def test_monks_live_at_the_temple_under_their_title():
    houses = make_houses(5, 60)
    make = Maker(Dice(5, "monks"), DAY)
    monks = list(make_monks(make, houses[2], 6))
    assert all(p.title.startswith("พระ") and p.sex == "M" and p.house == 2 for p in monks)


def test_houses_are_spread_over_ten_moo_and_numbers_do_not_repeat():
    houses = make_houses(5, 1200)
    assert {h.moo for h in houses} == set(range(1, len(MOO_NAMES) + 1))
    assert len({(h.moo, h.house_no) for h in houses}) == len({h.code for h in houses}) == 1200


def test_estates_are_plots_with_many_houses():
    houses = make_houses(5, 3000)
    estates: dict[tuple[int, str, str], int] = {}
    for house in houses:
        if house.estate:
            plot = house.house_no.partition("/")[0]
            estates[house.moo, plot, house.estate] = estates.get((house.moo, plot, house.estate), 0) + 1
    assert estates
    assert min(estates.values()) >= 20


def test_changes_stand_in_the_order_of_time(town):
    for person in town.people:
        days = [change.day for change in person.changes]
        assert days == sorted(days)


def test_an_old_person_dies_more_often_than_a_young_one():
    def dead(age: float) -> int:
        people = [kanya(key=n, birth=DAY - int(age * 365), household=n) for n in range(800)]
        live(Dice(1, f"deaths {age}"), DAY, people, [], 10_000)
        return sum(p.died < DAY for p in people)

    assert dead(85) > 5 * max(dead(30), 1)


def test_lists_are_spread_over_three_years():
    assert max(AGES.values()) > 1200
    assert min(AGES.values()) < 30
