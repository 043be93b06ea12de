"""Rows of the lists: what each office knows, and who is in which list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maehia.demo import make_town
from maehia.demo.dice import Dice
from maehia.demo.dirt import Ledger
from maehia.demo.habits import HABITS
from maehia.demo.nextmonth import clean_habits
from maehia.demo.records import Scribe, elsewhere
from maehia.demo.registers import rows_of
from maehia.demo.rolls import LINKED, ROLLS


@pytest.fixture(scope="module")
def town():
    return make_town(1500, seed=31)


def scribe(town, source, **habits):
    made = Scribe(town.seed, source, town.as_of(source), town.houses, Ledger(places=[]))
    made.habits = replace(HABITS[source], **habits)
    return made


def resident(town):
    """A registered Thai with surname, ID and phone, who never changed anything."""
    return next(
        p
        for p in town.residents
        if p.registered and p.last and p.nid and p.phone and not p.changes and not p.title and p.came == 0
    )


def test_a_clean_row_says_what_is_true(town):
    person = resident(town)
    made = scribe(town, "civil")
    made.habits = clean_habits("civil")
    row = made.row(person)
    assert (row.first, row.last, row.nid) == (person.first, person.last, person.nid)
    assert row.house_no == town.houses[person.house].house_no
    assert row.person == person.key
    assert not made.ledger.counts


def test_a_full_name_cell_holds_title_first_and_last(town):
    person = resident(town)
    row = scribe(town, "tax", respelled=0, slipped=0, no_title=0, double_e=0, extra_spaces=0, stale=0).row(person)
    assert row.full.replace(" ", "") == f"{person.then(town.day.toordinal()).title}{person.first}{person.last}"
    assert row.first == row.last == row.title == ""


def test_swapped_names_stand_in_each_others_cell(town):
    person = resident(town)
    row = scribe(town, "welfare", swapped=1.0, respelled=0, slipped=0, hidden_mark=0, title_in_first=0).row(person)
    assert (row.first, row.last) == (person.last, person.first)


def test_a_title_may_be_glued_to_the_first_name(town):
    row = scribe(town, "welfare", title_in_first=1.0, swapped=0, respelled=0, slipped=0, hidden_mark=0).row(
        resident(town)
    )
    assert row.title == ""
    assert row.first.startswith(("นาย", "นาง", "ด."))


def test_thai_digits_reach_every_number_of_the_row(town):
    row = scribe(town, "vhv", thai_digits=1.0, has_id=1.0, has_birth=1.0, has_phone=1.0).row(resident(town))
    assert not any(c in "0123456789" for c in row.nid + row.birth + row.address + row.phone)


def test_the_water_office_knows_no_birth_no_sex_no_id(town):
    rows = list(rows_of(town, "utility", Ledger()))
    assert not any(row.birth or row.sex or row.nid for row in rows)
    assert sum(bool(row.phone) for row in rows) > len(rows) / 2


def test_one_slip_is_one_note_at_its_row(town):
    made = scribe(town, "vhv", has_id=1.0, id_slip=1.0)
    row = made.row(resident(town))
    assert ("id_slip" in {kind for rec, kind in made.ledger.places if rec == row.rec_id}) is True


def test_out_of_town_addresses_name_another_tambon():
    dice = Dice(1, "far")
    assert all("แม่เหียะ" not in elsewhere(dice) for _ in range(50))


def test_nobody_dead_or_gone_is_in_the_civil_list(town):
    day = town.as_of("civil").toordinal()
    for entry in ROLLS["civil"](town, Dice(1, "civil"), day):
        assert entry.person.registered
        assert entry.person.birth <= day < min(entry.person.died, entry.person.left)


def test_the_survey_finds_people_who_are_not_registered(town):
    entries = list(ROLLS["vhv"](town, Dice(1, "vhv"), town.as_of("vhv").toordinal()))
    unregistered = sum(not entry.person.registered for entry in entries)
    assert 0.1 < unregistered / len(entries) < 0.4


def test_welfare_is_for_elders_small_children_and_disabled_people(town):
    day = town.as_of("welfare").toordinal()
    ages = [entry.person.age(day) for entry in ROLLS["welfare"](town, Dice(1, "welfare"), day)]
    assert sum(age >= 60 for age in ages) > 0.7 * len(ages)
    assert any(age < 6 for age in ages)


def test_landowners_may_live_elsewhere(town):
    rows = list(rows_of(town, "tax", Ledger()))
    outside = [row for row in rows if row.house < 0]
    assert outside
    assert all(row.person >= town.first_outsider for row in outside)


def test_a_meter_may_be_in_the_landlords_name(town):
    entries = list(ROLLS["utility"](town, Dice(1, "utility"), town.as_of("utility").toordinal()))
    day = town.as_of("utility").toordinal()
    assert any(entry.house is not None and entry.person.then(day).house != entry.house for entry in entries)


@pytest.mark.parametrize("source", LINKED)
def test_every_list_writes_the_same_rows_twice(town, source):
    assert list(rows_of(town, source, Ledger())) == list(rows_of(town, source, Ledger()))


def test_lists_of_houses_follow_the_houses(town):
    day = town.as_of("civil").toordinal()
    order = [town.people[row.person].then(day).house for row in rows_of(town, "civil", Ledger())]
    assert order == sorted(order)


def test_somebody_stands_twice_in_the_tax_list(town):
    ledger = Ledger()
    rows = list(rows_of(town, "tax", ledger))
    people = [row.person for row in rows]
    assert len(people) - len(set(people)) == ledger.counts["tax", "twice_in_list"] > 0
