from __future__ import annotations

import pytest

from maehia.intake.mapping import profile
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import MALEE, PEOPLE, PEOPLE_HEAD, SOMCHAI, text_file


def columns(tmp_path, *rows):
    sheet = read_file(text_file(tmp_path / "list.csv", rows, delimiter=";")).sheets[0]
    return {column.name: column for column in profile(sheet)}


def test_shapes_are_seen_whatever_the_heading_says(tmp_path):
    found = columns(tmp_path, PEOPLE_HEAD, *PEOPLE)
    assert found["เลขประจำตัวประชาชน"].share("national_id") == 1.0
    assert found["คำนำหน้า"].share("title") == 1.0
    assert found["วันเกิด"].share("date_be") == 1.0
    assert found["บ้านเลขที่"].share("house_no") == 1.0
    assert found["หมู่ที่"].share("moo") == 1.0
    assert (found["หมู่ที่"].low, found["หมู่ที่"].high) == ("2", "10")
    assert (found["วันเกิด"].low, found["วันเกิด"].high) == ("1949-04-13", "2017-06-05")


@pytest.mark.parametrize(
    ("heading", "values", "shape"),
    [
        ("a", ["นายสมชาย ใจดี", "นางมาลี แก้วงาม"], "titled_name"),
        ("a", ["สมชาย ใจดี", "มาลี แก้วงาม"], "person_name"),
        ("a", ["123/4 ม.5 ต.ตัวอย่าง", "99 หมู่ 2 ต.ตัวอย่าง"], "address"),
        ("a", ["081-234-5678", "053 111 222"], "phone"),
        ("a", ["5099-012345-6", "50990123467"], "house_code"),
        ("a", ["98.951234", "98.94"], "lon"),
        ("a", ["18.744", "18.75"], "lat"),
        ("a", ["01A001", "12ก034/2"], "ltax"),
        ("a", ["2026-01-31 07:00", "31/1/2569 08:00"], "datetime"),
        ("a", ["ชาย", "หญิง"], "sex"),
        ("a", ["3.1E+12", "1.12E+12"], "excel_float"),
        ("a", ["0105552029681", "0993000133978"], "juristic_id"),
    ],
)
def test_each_shape_is_recognised(tmp_path, heading, values, shape):
    found = columns(tmp_path, [heading, "x"], *[[value, "1"] for value in values])[heading]
    expected = 0.5 if shape == "ltax" else 1.0
    assert found.share(shape) >= expected


def test_personal_samples_are_masked(tmp_path):
    found = columns(
        tmp_path, ["ชื่อ-สกุล", "เลขบัตร", "สี"], ["นายสมชาย ใจดี", SOMCHAI, "ดำ"], ["นางมาลี แก้วงาม", MALEE, "ขาว"]
    )
    assert found["สี"].samples == ["ดำ", "ขาว"]
    text = " ".join(found["ชื่อ-สกุล"].samples + found["เลขบัตร"].samples)
    assert "ใจดี" not in text
    assert SOMCHAI not in text
    assert found["เลขบัตร"].low == ""


def test_filled_and_distinct_are_counted_over_all_rows(tmp_path):
    found = columns(tmp_path, ["สี", "n"], *[["ดำ" if n % 2 else "", n] for n in range(3000)])
    assert (found["สี"].rows, found["สี"].filled, found["สี"].distinct) == (3000, 1500, 1)
    assert found["n"].distinct == 3000


@pytest.mark.parametrize("values", [["3.1E+12", "1.12E+12"], ["3100600000000", "1112000000000"]])
def test_a_column_that_a_spreadsheet_ruined_is_marked(tmp_path, values):
    found = columns(tmp_path, ["เลขบัตร", "x"], *[[value, "1"] for value in values])
    assert found["เลขบัตร"].ruined
