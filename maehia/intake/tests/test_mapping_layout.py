from __future__ import annotations

import pytest

from maehia.intake.mapping import (
    Layout,
    LayoutChange,
    Mapping,
    compare_layout,
    discarded,
    follow,
    layout_of,
    layout_problems,
)
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, text_file

OLD = Layout(["ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "โทรศัพท์"], {"เลขบัตรประชาชน": "national_id", "โทรศัพท์": "phone"})
MAPPING = Mapping(
    "person", {"first_name": "ชื่อ", "last_name": "นามสกุล", "national_id": "เลขบัตรประชาชน", "phone": "โทรศัพท์"}
)


def test_the_same_headings_have_the_same_fingerprint_whatever_the_spaces(tmp_path):
    one = layout_of(read_file(text_file(tmp_path / "a.csv", [PEOPLE_HEAD, *PEOPLE])).sheets[0])
    two = layout_of(
        read_file(text_file(tmp_path / "b.csv", [[f" {name} " for name in PEOPLE_HEAD], *PEOPLE])).sheets[0]
    )
    assert one.fingerprint == two.fingerprint
    assert one.shapes["เลขประจำตัวประชาชน"] == "national_id"
    assert compare_layout(one, two).same


def test_another_order_is_noticed_but_breaks_nothing():
    change = compare_layout(OLD, Layout(OLD.columns[::-1], OLD.shapes))
    assert (change.same, change.reordered) == (True, True)
    assert layout_problems(change, MAPPING) == []


def test_a_renamed_column_is_recognised_by_its_values():
    new = Layout(
        ["ชื่อ", "นามสกุล", "เลขประจำตัว 13 หลัก", "โทรศัพท์"], {"เลขประจำตัว 13 หลัก": "national_id", "โทรศัพท์": "phone"}
    )
    change = compare_layout(OLD, new)
    assert [(a, b) for a, b, _ in change.renamed] == [("เลขบัตรประชาชน", "เลขประจำตัว 13 หลัก")]
    assert follow(MAPPING, change).fields["national_id"] == "เลขประจำตัว 13 หลัก"
    assert [problem.code for problem in layout_problems(change, MAPPING)] == ["column_renamed"]


def test_a_column_in_the_place_of_another_is_not_taken_for_it():
    new = Layout(["ชื่อ", "นามสกุล", "สีที่ชอบ", "โทรศัพท์"], {"โทรศัพท์": "phone"})
    change = compare_layout(OLD, new)
    assert (change.renamed, change.new, change.missing) == ([], ["สีที่ชอบ"], ["เลขบัตรประชาชน"])
    assert "national_id" not in follow(MAPPING, change).fields
    assert {problem.code for problem in layout_problems(change, MAPPING)} == {"column_missing", "new_column"}


@pytest.mark.parametrize(
    ("contract", "codes", "notes"),
    [("evolve", ["new_column"], 0), ("freeze", ["new_column_frozen"], 0), ("discard", [], 1)],
)
def test_a_new_column_follows_the_contract_of_its_source(contract, codes, notes):
    mapping = Mapping("person", {"first_name": "ชื่อ"}, new_columns=contract)
    change = LayoutChange(new=["กรุ๊ปเลือด"])
    assert [problem.code for problem in layout_problems(change, mapping)] == codes
    assert len(discarded(change, mapping, "แผ่น 1")) == notes


def test_a_missing_column_that_nobody_used_is_no_problem():
    assert layout_problems(LayoutChange(missing=["หมายเหตุ"]), MAPPING) == []
