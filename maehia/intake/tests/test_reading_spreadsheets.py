from __future__ import annotations

from datetime import date

import openpyxl

from maehia.intake.reading import read_file
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, SOMCHAI, workbook


def test_title_rows_above_the_heading_become_titles(tmp_path):
    rows = [["ทะเบียนราษฎร เมืองตัวอย่าง (ข้อมูลสมมติ)"], ["ข้อมูล ณ วันที่ 30 ก.ย. 2567"], [], PEOPLE_HEAD, *PEOPLE]
    book = read_file(workbook(tmp_path / "civil.xlsx", rows, ["A1:H1", "A2:H2"]))
    sheet = book.sheets[0]
    assert sheet.header == PEOPLE_HEAD
    assert sheet.titles == ["ทะเบียนราษฎร เมืองตัวอย่าง (ข้อมูลสมมติ)", "ข้อมูล ณ วันที่ 30 ก.ย. 2567"]
    assert sheet.first_data_row == 5
    assert sheet.row_numbers() == [5, 6, 7]
    assert sheet.column("ชื่อ") == ["สมชาย", "มาลี", "บุญมี"]


def test_two_heading_rows_are_joined(tmp_path):
    top = ["ที่", "ชื่อ-สกุล", "เลขบัตรประชาชน", "ที่อยู่", None, None, "โทรศัพท์"]
    sub = [None, None, None, "บ้านเลขที่", "หมู่ที่", "หมู่บ้าน", None]
    rows = [["แบบสำรวจ อสม."], top, sub, [1, "นายสมชาย ใจดี", SOMCHAI, "๑๒๓/๔", "๕", "บ้านตัวอย่าง", "0812345678"]]
    path = workbook(tmp_path / "vhv.xlsx", rows, ["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:G3"])
    sheet = read_file(path).sheets[0]
    assert sheet.header[2:] == [
        "เลขบัตรประชาชน", "ที่อยู่ / บ้านเลขที่", "ที่อยู่ / หมู่ที่", "ที่อยู่ / หมู่บ้าน", "โทรศัพท์"
    ]  # fmt: skip
    assert sheet.first_data_row == 4
    assert sheet.column("ที่อยู่ / บ้านเลขที่") == ["๑๒๓/๔"]


def test_two_heading_rows_without_merged_cells_are_joined_too(tmp_path):
    rows = [
        ["ชื่อ-สกุล", "เลขบัตรประชาชน", "ที่อยู่", "", "โทรศัพท์"],
        ["", "", "บ้านเลขที่", "หมู่ที่", ""],
        ["นางมาลี แก้วงาม", SOMCHAI, "99", "2", "0812345678"],
    ]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.header == ["ชื่อ-สกุล", "เลขบัตรประชาชน", "ที่อยู่ / บ้านเลขที่", "ที่อยู่ / หมู่ที่", "โทรศัพท์"]
    assert len(sheet) == 1


def test_column_numbers_below_the_heading_and_headings_of_the_next_page_are_skipped(tmp_path):
    ordinals = [f"({n})" for n in range(1, 9)]
    rows = [PEOPLE_HEAD, ordinals, PEOPLE[0], PEOPLE_HEAD, PEOPLE[1]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.row_numbers() == [3, 5]
    assert any("พิมพ์ซ้ำ" in note for note in sheet.notes)


def test_totals_and_signatures_below_the_table_are_left_out_with_a_note(tmp_path):
    rows = [
        PEOPLE_HEAD,
        *PEOPLE,
        ["รวม", None, "3 คน"],
        [],
        [None, "ลงชื่อ ................ ผู้จัดทำ"],
        [None, "(เจ้าหน้าที่ตัวอย่าง)"],
    ]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.row_numbers() == [2, 3, 4]
    assert [note for note in sheet.notes if note.startswith("แถว 5")]


def test_a_row_that_begins_with_a_total_in_the_middle_stays(tmp_path):
    rows = [["ชื่อ", "จำนวนเงิน"], ["รวมใจ", "5"], ["สมชาย", "6"], ["มาลี", "7"]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert len(sheet) == 3


def test_a_13_digit_number_stored_as_a_number_is_read_exactly(tmp_path):
    rows = [["ชื่อ", "เลขประจำตัวประชาชน", "พิกัด X"], ["สมชาย", int(SOMCHAI), 0.1 + 0.2]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.column("เลขประจำตัวประชาชน") == [SOMCHAI]
    assert sheet.column("พิกัด X") == ["0.3"]


def test_date_cells_become_iso_text(tmp_path):
    rows = [["ชื่อ", "วันเกิด"], ["สมชาย", date(1949, 4, 13)]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.column("วันเกิด") == ["1949-04-13"]


def test_empty_rows_and_columns_are_dropped_and_row_numbers_stay(tmp_path):
    rows = [["ชื่อ", None, "นามสกุล"], ["สมชาย", None, "ใจดี"], [], [None, None, None], ["มาลี", None, "แก้วงาม"]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.header == ["ชื่อ", "นามสกุล"]
    assert sheet.row_numbers() == [2, 5]


def test_a_column_with_values_but_no_heading_keeps_its_letter(tmp_path):
    rows = [["ชื่อ", "นามสกุล", None], ["สมชาย", "ใจดี", "0812345678"]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.header == ["ชื่อ", "นามสกุล", "คอลัมน์ C"]


def test_the_same_heading_twice_gets_a_number(tmp_path):
    rows = [["ชื่อ", "โทรศัพท์", "โทรศัพท์"], ["สมชาย", "0812345678", "053999999"]]
    assert read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0].header == ["ชื่อ", "โทรศัพท์", "โทรศัพท์ (2)"]


def test_hidden_sheets_are_read_and_marked(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["ชื่อ", "นามสกุล"])
    book.active.append(["สมชาย", "ใจดี"])
    hidden = book.create_sheet("เก่า")
    hidden.append(["ชื่อ", "นามสกุล"])
    hidden.append(["มาลี", "แก้วงาม"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in read_file(tmp_path / "x.xlsx").sheets] == [
        ("Sheet", False),
        ("เก่า", True),
    ]


def test_a_table_without_headings_gets_letters_and_keeps_its_first_row(tmp_path):
    rows = [["สมชาย ใจดี", SOMCHAI, "5"], ["มาลี แก้วงาม", "1129900166199", "2"]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.header == ["คอลัมน์ A", "คอลัมน์ B", "คอลัมน์ C"]
    assert len(sheet) == 2


def test_a_web_page_named_xls_is_read_as_its_table(tmp_path):
    path = tmp_path / "report.xls"
    path.write_text(
        f"<html><table><tr><th>ชื่อ</th><th>เลขบัตรประชาชน</th></tr><tr><td>สมชาย</td><td>{SOMCHAI}</td></tr></table></html>"
    )
    book = read_file(path)
    assert book.format == "html"
    assert book.sheets[0].column("เลขบัตรประชาชน") == [SOMCHAI]
    assert [problem.code for problem in book.problems] == ["wrong_extension"]


def test_an_ods_and_a_macro_workbook_are_workbooks(tmp_path):
    path = workbook(tmp_path / "x.xlsm", [PEOPLE_HEAD, *PEOPLE])
    assert read_file(path).format == "xlsx"
    assert read_file(path).problems == []


def test_lines_that_only_part_the_table_are_left_out_with_a_note(tmp_path):
    rows = [PEOPLE_HEAD, ["กลุ่มที่ ๑"], PEOPLE[0], ["หมู่ 2", None], PEOPLE[1]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    assert sheet.row_numbers() == [3, 5]
    assert [note for note in sheet.notes if "กลุ่มที่ ๑" in note]


def test_a_row_with_a_single_number_is_data(tmp_path):
    sheet = read_file(workbook(tmp_path / "x.xlsx", [PEOPLE_HEAD, PEOPLE[0], [2]])).sheets[0]
    assert sheet.row_numbers() == [2, 3]
