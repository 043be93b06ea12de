from __future__ import annotations

import pytest

from maehia.intake.reading import Limits, read_file
from maehia.intake.tests.makers import MALEE, PEOPLE, PEOPLE_HEAD, SOMCHAI, text_file

ROWS = [PEOPLE_HEAD, *PEOPLE]


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp874", "cp874"), ("tis-620", "cp874"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")],
)  # fmt: skip
def test_thai_text_is_read_in_every_encoding_and_the_choice_is_told(tmp_path, encoding, read_as):
    book = read_file(text_file(tmp_path / "list.csv", ROWS, encoding))
    assert book.encoding == read_as
    assert book.sheets[0].header == PEOPLE_HEAD
    assert book.sheets[0].column("นามสกุล") == ["ใจดี", "แก้วงาม", "คำปัน"]


def test_cp874_in_a_file_named_utf8_is_read_as_cp874_and_told(tmp_path):
    book = read_file(text_file(tmp_path / "water_utf8.csv", ROWS, "cp874"))
    assert book.sheets[0].column("ชื่อ")[0] == "สมชาย"
    assert [problem.code for problem in book.problems] == ["encoding_not_as_named"]


def test_one_damaged_byte_does_not_turn_a_utf8_file_into_rubbish(tmp_path):
    path = text_file(tmp_path / "list.csv", ROWS)
    path.write_bytes(path.read_bytes() + b"4,\xe0\xb8,x,y,,,,\r\n")
    book = read_file(path)
    assert book.sheets[0].column("ชื่อ")[0] == "สมชาย"
    assert [problem.code for problem in book.problems] == ["damaged_characters"]


def test_text_that_was_garbled_before_is_told(tmp_path):
    garbled = [[str(cell).encode().decode("cp874", errors="replace") for cell in row] for row in ROWS]
    book = read_file(text_file(tmp_path / "list.csv", garbled))
    assert "garbled_text" in [problem.code for problem in book.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    sheet = read_file(text_file(tmp_path / "list.csv", ROWS, delimiter=delimiter)).sheets[0]
    assert sheet.column("เลขประจำตัวประชาชน")[:2] == [SOMCHAI, MALEE]


def test_quoted_cells_keep_delimiters_and_line_breaks(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('ชื่อ,ที่อยู่\nสมชาย,"1/2 หมู่ 3\nต.ตัวอย่าง, อ.ตัวอย่าง"\nมาลี,"9 ""ซอย 1"""\n')
    sheet = read_file(path).sheets[0]
    assert sheet.column("ที่อยู่") == ["1/2 หมู่ 3\nต.ตัวอย่าง, อ.ตัวอย่าง", '9 "ซอย 1"']
    assert sheet.row_numbers() == [2, 3]


def test_a_row_with_too_many_cells_waits_and_the_others_go_on(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ชื่อ,นามสกุล,หมู่ที่\nสมชาย,ใจดี,5\nมาลี,แก้ว,งาม,2\nบุญมี,คำปัน\n")
    sheet = read_file(path).sheets[0]
    assert sheet.row_numbers() == [2, 4]
    assert [(f.row, f.code, f.severity) for f in sheet.findings] == [
        (3, "row_too_long", "error"),
        (4, "row_too_short", "note"),
    ]
    assert "4 ช่อง" in sheet.findings[0].what


def test_trailing_delimiters_are_no_extra_cells(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ชื่อ,นามสกุล\nสมชาย,ใจดี,,\n")
    sheet = read_file(path).sheets[0]
    assert (len(sheet), sheet.findings) == (1, [])


def test_findings_of_one_kind_are_summed_up_beyond_the_limit(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ชื่อ,นามสกุล\n" + "ก,ข\n" * 30 + "ก,ข,ค\n" * 8)
    sheet = read_file(path, limits=Limits(max_findings=5)).sheets[0]
    assert len(sheet.findings) == 6
    assert "3 แถว" in sheet.findings[-1].what


def test_a_quotation_mark_that_never_closes_is_told_and_no_row_is_lost(tmp_path):
    path = tmp_path / "list.csv"
    lines = [f"คน{n},ที่อยู่ {n},05{n:06d}" for n in range(3000)]
    lines[10] = 'คน10,"ที่อยู่ 10,05000010'
    path.write_text("ชื่อ,ที่อยู่,โทรศัพท์\n" + "\n".join(lines) + "\n")
    book = read_file(path)
    assert [problem.code for problem in book.problems] == ["unclosed_quote"]
    assert "แถว 12" in book.problems[0].where
    assert len(book.sheets[0]) == 3000


def test_a_huge_cell_is_emptied_and_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ชื่อ,หมายเหตุ\nสมชาย," + "ก" * 40_000 + "\nมาลี,ปกติ\n")
    sheet = read_file(path).sheets[0]
    assert sheet.column("หมายเหตุ") == [None, "ปกติ"]
    assert [(f.row, f.code) for f in sheet.findings] == [(2, "cell_too_long")]


def test_the_excel_separator_line_is_no_row(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("sep=;\nชื่อ;นามสกุล\nสมชาย;ใจดี\n")
    sheet = read_file(path).sheets[0]
    assert sheet.header == ["ชื่อ", "นามสกุล"]
    assert sheet.row_numbers() == [3]


def test_json_records_are_a_table(tmp_path):
    path = tmp_path / "tambons.json"
    path.write_text(
        '[{"subdistrictCode": 500109, "subdistrictNameTh": "ตัวอย่าง"}, {"subdistrictCode": 500110, "subdistrictNameTh": null}]'
    )
    sheet = read_file(path).sheets[0]
    assert sheet.header == ["subdistrictCode", "subdistrictNameTh"]
    assert sheet.column("subdistrictCode") == ["500109", "500110"]
    assert sheet.column("subdistrictNameTh") == ["ตัวอย่าง", None]
    assert sheet.row_numbers() == [1, 2]
