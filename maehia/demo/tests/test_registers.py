"""The lists in the shape of `maehia link`: same seed, same bytes; the truth fits; the dirt is counted right."""

from __future__ import annotations

import csv
import hashlib

import pytest

from maehia.demo import make_town, write_records_csv
from maehia.demo.dirt import INVISIBLE
from maehia.demo.serials import check_digit

THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """4,000 records of the seven lists, read back: (register, rows, truth)."""
    folder = tmp_path_factory.mktemp("lists")
    register = write_records_csv(folder / "records.csv", folder / "truth.csv", 4000, seed=7)
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["rec_id"]: int(row["person"]) for row in csv.DictReader(file)}
    return register, rows, truth


def digits(text: str) -> str:
    return "".join(c for c in text.translate(THAI) if c.isdigit())


def of(rows, source):
    return [row for row in rows if row["source"] == source]


def test_same_seed_gives_same_bytes_and_another_seed_another_town(tmp_path):
    sums = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_records_csv(tmp_path / f"{name}.csv", tmp_path / f"{name}-truth.csv", 600, seed=seed)
        sums.append(hashlib.sha256((tmp_path / f"{name}.csv").read_bytes()).hexdigest())
    assert sums[0] == sums[1] != sums[2]


def test_every_record_has_its_person_in_the_truth(lists):
    register, rows, truth = lists
    assert [row["rec_id"] for row in rows] == list(truth)
    assert register.records == len(rows) == pytest.approx(4000, rel=0.1)
    assert register.persons == len(set(truth.values()))


def test_the_town_has_exactly_the_registered_people_asked_for():
    town = make_town(300, seed=3)
    day = town.as_of("civil").toordinal()
    assert sum(p.registered and p.here(day) for p in town.residents) == 300


def test_ids_are_valid_except_the_counted_slips_and_belong_to_no_office(lists):
    register, rows, _ = lists
    wrong = dict.fromkeys(register.as_of, 0)
    for row in rows:
        nid = digits(row["national_id"])
        if nid and check_digit(nid[:12]) != nid[12]:
            wrong[row["source"]] += 1
        elif nid:
            assert nid[1:3] == "98"
    slips = {source: register.dirt[source].get("id_slip", 0) for source in wrong}
    # A slip passes the check digit about one time in twelve.
    assert all(wrong[source] <= slips[source] for source in wrong)
    assert sum(wrong.values()) >= 0.8 * sum(slips.values()) > 0


def test_hidden_marks_and_double_e_in_the_file_are_those_counted(lists):
    register, rows, _ = lists
    for source, counts in register.dirt.items():
        names = [row[k] for row in of(rows, source) for k in ("first_name", "last_name", "full_name")]
        marks = sum(sum(name.count(mark) for mark in INVISIBLE) for name in names)
        assert marks == counts.get("hidden_mark", 0)
        assert sum("เเ" in name for name in names) <= counts.get("double_e", 0)


def test_thai_digits_in_the_file_are_those_counted(lists):
    register, rows, _ = lists
    cells = ("national_id", "birth", "address", "phone")
    for source in ("vhv", "welfare", "dog"):
        found = sum(any(c in "๐๑๒๓๔๕๖๗๘๙" for k in cells for c in row[k]) for row in of(rows, source))
        assert found == pytest.approx(register.dirt[source]["thai_digits"], abs=3)


def test_missing_cells_are_those_counted(lists):
    register, rows, _ = lists
    for source, cell, kind in (
        ("vhv", "birth", "no_birth"),
        ("vhv", "national_id", "no_id"),
        ("tax", "address", "no_address"),
    ):
        assert sum(not row[cell] for row in of(rows, source)) == register.dirt[source][kind]


def test_lists_without_civil_hold_no_civil_row(tmp_path):
    register = write_records_csv(tmp_path / "r.csv", tmp_path / "t.csv", 600, without=("civil",))
    assert "civil" not in register.as_of
    assert ",civil," not in (tmp_path / "r.csv").read_text(encoding="utf-8")


def test_the_hard_cases_are_all_there():
    """Twins, father and son of one name, weddings, renames, moves, strangers with 0-numbers, monks."""
    town = make_town(3000, seed=5)
    people = {p.key: p for p in town.people}
    mothers = [(p.mother, p.birth) for p in town.residents if p.mother >= 0]
    changed = {change.what for p in town.people for change in p.changes}
    assert len(mothers) > len(set(mothers))
    assert changed == {"first", "last", "title", "house", "phone"}
    assert {p.nid[:1] for p in town.residents} >= {"", "0", "1", "3", "6", "7"}
    assert any(p.title.startswith("พระ") for p in town.residents)
    sons = [p for p in town.residents if p.role == "บุตร" and p.sex == "M"]
    fathers = {(p.household, p.first) for p in town.residents if p.role == "เจ้าบ้าน" and p.sex == "M"}
    assert any((son.household, son.first) in fathers for son in sons)
    assert all(people[p.mother].sex == "F" for p in town.residents if p.mother >= 0)
