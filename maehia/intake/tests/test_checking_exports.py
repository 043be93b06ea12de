from __future__ import annotations

import csv
import errno
from datetime import date

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.intake import exporting
from maehia.intake.checking import TownFacts, check
from maehia.intake.exporting import frictionless_report, safe_cell, write_csv, write_problems, write_xlsx
from maehia.intake.findings import Finding, findings_table, mask
from maehia.intake.mapping import Mapping, apply_mapping
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import text_file

ATTACKS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1+1", "=HYPERLINK(\"http://x\")", "%0A=1", "\u200b=1"]  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_text_that_could_run_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["-12.5", "+66", "123", "สมชาย", "", None, -5, "3-1006", "a=b"])
def test_numbers_and_words_stay_as_they_are(value):
    assert safe_cell(value) == value


@given(st.text())
def test_no_exported_text_begins_a_formula(text):
    result = safe_cell(text)
    assert isinstance(result, str)
    assert not result.lstrip(" ").startswith(("=", "@", "\t", "\r")) or result.startswith("'")


PROBLEMS = findings_table(
    [
        Finding("=1+1", 3, "ชื่อ", "x", "=HYPERLINK(1)", "แก้", "error", "@x"),
        Finding("แผ่น", None, "เลขบัตร", "excel_float", "ไม่รับ", "ส่งใหม่", "column", "3.1E+12"),
    ]
)


def test_problems_as_csv_open_as_thai_and_run_nothing(tmp_path):
    write_problems(PROBLEMS, tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["แผ่น", "แถว", "คอลัมน์", "รหัสปัญหา"]
    assert rows[1][0] == "'=1+1"
    assert rows[1][4] == "'=HYPERLINK(1)"
    assert rows[2][6] == "ไม่รับทั้งคอลัมน์"


def test_problems_as_workbook_hold_text_not_formulas(tmp_path):
    write_problems(PROBLEMS, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx").active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet["B2"].value == 3
    assert sheet.freeze_panes == "A2"


def test_control_characters_do_not_break_a_workbook(tmp_path):
    write_xlsx(pa.table({"a": ["x\x00\x07y"]}), tmp_path / "t.xlsx", title="[x]/y")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").active["A2"].value == "xy"


def test_a_table_as_csv_keeps_numbers_dates_and_bytes_readable(tmp_path):
    table = pa.table({"n": [1.5], "d": [date(2026, 11, 21)], "b": [b"\x01\xff"], "t": [None]})
    write_csv(table, tmp_path / "t.csv", {"n": "จำนวน"})
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines() == ["จำนวน,d,b,t", "1.5,2026-11-21,01ff,"]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_full_disk_while_exporting_is_told_and_leaves_nothing(tmp_path, monkeypatch, write):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exporting, "write_csv_to", full)
    monkeypatch.setattr(openpyxl.workbook.workbook.Workbook, "save", full)
    with pytest.raises(ProblemError) as caught:
        write(pa.table({"a": ["x"]}), tmp_path / "t.out")
    assert caught.value.problem.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_the_report_has_the_frictionless_form(tmp_path):
    rows = [["รหัส", "ชื่อ", "เกิด"], ["1", "ก", "30 ก.พ. 2530"], ["2", "", "2530"], ["3", "ค", "2440"]]
    sheet = read_file(text_file(tmp_path / "x.csv", rows)).sheets[0]
    mapping = Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ", "birth": "เกิด"})
    checked = check(apply_mapping(sheet, mapping), TownFacts(date(2026, 11, 21)))
    report = frictionless_report(checked, "x.csv", sheet.header)
    assert report["valid"] is False
    assert report["stats"]["errors"] == 2
    task = report["tasks"][0]
    assert {(error["rowNumber"], error["fieldNumber"], error["type"]) for error in task["errors"]} == {
        (2, 3, "no_such_day"), (3, 2, "required_missing")
    }  # fmt: skip
    assert task["stats"]["rows"] == 3
    assert frictionless_report(checked, "x.csv", sheet.header, most=1)["tasks"][0]["warnings"]


@pytest.mark.parametrize(
    ("value", "personal", "shown"),
    [("3100600445635", False, "31xxxxxxxxx35"), ("สมชาย", True, "สม…"), ("", True, ""), (None, False, "")],
)
def test_masking_keeps_enough_to_find_the_row(value, personal, shown):
    assert mask(value, personal) == shown
