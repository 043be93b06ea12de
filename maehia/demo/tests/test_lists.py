"""The person lists as files: headers, traps of each office, and dirt that is really there and counted."""

from __future__ import annotations

import json
from collections import Counter

import openpyxl
import pytest

from maehia.demo.lists import LISTINGS, civil, dog, tax, vhv, welfare
from maehia.demo.serials import check_digit
from maehia.demo.tests.test_registers import digits


@pytest.fixture(scope="module")
def dirt(small):
    return json.loads((small.root / "truth/dirt.json").read_text(encoding="utf-8"))["counts"]


def body(small, listing, header, top):
    rows = small.xlsx(f"raw/{listing.file}")
    assert tuple(rows[top - 1]) == header
    return [dict(zip(header, row, strict=True)) for row in rows[top:]]


def test_civil_counts_the_registered_people(small, dirt):
    rows = body(small, civil.LISTING, civil.HEADER, 2)
    assert len(rows) == 300 + dirt["civil"].get("twice_in_list", 0)
    assert len({row["เลขที่รายการ"] for row in rows}) == len(rows)


def test_civil_ids_are_valid_but_for_the_slips(small, dirt):
    ids = [digits(str(row["เลขประจำตัวประชาชน"])) for row in body(small, civil.LISTING, civil.HEADER, 2)]
    wrong = sum(bool(nid) and check_digit(nid[:12]) != nid[12] for nid in ids)
    assert wrong <= dirt["civil"].get("id_slip", 0)
    assert sum(not nid for nid in ids) == dirt["civil"]["no_id"]


def test_mothers_in_the_civil_list_are_women_of_the_town(small):
    rows = body(small, civil.LISTING, civil.HEADER, 2)
    people = {row["nid"]: row["sex"] for row in small.csv("truth/people.csv", "utf-8")}
    mothers = {row["เลขประจำตัวมารดา"] for row in rows} - {""}
    assert mothers
    assert {people[nid] for nid in mothers} == {"F"}


def test_vhv_has_merged_titles_two_header_rows_and_a_total_row(small, dirt):
    sheet = openpyxl.load_workbook(small.root / "raw/vhv.xlsx").active
    assert {"A1:M1", "A2:M2", "C3:G3"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    rows = body(small, vhv.LISTING, vhv.HEADER, 4)
    assert str(rows[-1]["ที่"]).startswith("รวมทั้งสิ้น")
    assert dirt["vhv"]["total_row"] == 1


def test_vhv_holds_an_impossible_and_a_future_day(small, dirt):
    births = [str(row["ว/ด/ป เกิด"]) for row in body(small, vhv.LISTING, vhv.HEADER, 4)]
    assert sum(birth.startswith(("30/02/", "30 ก.พ.")) for birth in births) == dirt["vhv"]["impossible_day"] > 0
    assert births.count("12/05/2650") == dirt["vhv"]["future_day"] > 0


def test_vhv_holds_placeholder_ids_and_an_unknown_moo(small, dirt):
    rows = body(small, vhv.LISTING, vhv.HEADER, 4)
    assert sum(row["เลขบัตร ปชช."] == "0000000000000" for row in rows) == dirt["vhv"]["placeholder_id"] > 0
    assert sum(str(row["บ้านเลขที่/หมู่"]).endswith(" ม.15") for row in rows) == dirt["vhv"]["moo_unknown"] > 0


def test_welfare_pays_by_age_and_names_needs_not_diagnoses(small):
    rows = body(small, welfare.LISTING, welfare.HEADER, 2)
    elderly = [row for row in rows if row["ประเภทเบี้ย"] == "เบี้ยยังชีพผู้สูงอายุ"]
    assert {row["จำนวนเงิน (บาท/เดือน)"] for row in elderly} <= {600.0, 700.0, 800.0, 1000.0}
    assert any(row["ความต้องการพิเศษ"] for row in rows)


def test_utility_is_tis620_and_not_utf8(small):
    raw = (small.root / "raw/utility.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "เลขที่ผู้ใช้น้ำ" in raw.decode("cp874")


def test_tax_owners_hold_parcels_and_some_are_companies(small, dirt):
    rows = body(small, tax.LISTING, tax.HEADER, 2)
    companies = [row for row in rows if str(row["ชื่อเจ้าของทรัพย์สิน"]).startswith("บริษัท")]
    assert len(companies) == dirt["tax"]["juristic_owner"] > 0
    for row in companies:
        number = row["เลขประจำตัวประชาชน/เลขทะเบียนนิติบุคคล"]
        assert number[0] == "0"
        assert check_digit(number[:12]) == number[12]
    assert sum(bool(row["รหัสแปลงที่ดิน"]) for row in rows) > len(rows) / 2


def test_dog_rows_carry_an_animal_and_its_owner(small):
    rows = body(small, dog.LISTING, dog.HEADER, 2)
    assert {row["ชนิดสัตว์"] for row in rows} == {"สุนัข", "แมว"}
    assert all(row["ชื่อเจ้าของ"] for row in rows)


def test_truth_names_the_person_of_every_row_by_file_row_and_key(small):
    truth = small.csv("truth/truth.csv", "utf-8")
    by_file = Counter(row["file"] for row in truth)
    for entry in small.manifest.of("raw"):
        if entry.file in {listing.file for listing in LISTINGS}:
            assert by_file[entry.file] == entry.rows
    civil_rows = small.xlsx("raw/civil.xlsx")
    for row in truth:
        if row["source"] == "civil":
            assert civil_rows[int(row["row"]) - 1][0] == row["ext_id"]


def test_dirt_by_row_adds_up_to_the_counts(small, dirt):
    by_row = Counter((row["rec"].split("-")[0], row["class"]) for row in small.csv("truth/dirt.csv", "utf-8"))
    for (source, kind), count in by_row.items():
        assert dirt[source][kind] == count


def test_three_spellings_of_one_name_are_somewhere_in_the_lists():
    """In a town of 3,000 somebody's first name is written in three ways."""
    from maehia.demo import make_town
    from maehia.demo.dirt import Ledger
    from maehia.demo.registers import rows_of

    town = make_town(3000, seed=4)
    spellings: dict[int, set[str]] = {}
    for source in ("civil", "vhv", "tax", "utility", "complaint", "dog"):
        for rec in rows_of(town, source, Ledger()):
            name = (rec.full.split()[-1] if rec.full else rec.last).replace("เเ", "แ")
            spellings.setdefault(rec.person, set()).add(name)
    assert max(len(found) for found in spellings.values()) >= 3
