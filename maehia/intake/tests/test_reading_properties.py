"""What must hold for every file: nothing is lost, nothing is made up, nothing raises."""

from __future__ import annotations

import csv
import io
import string
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.intake.reading import Limits, load_sheet, read_file, save_sheet
from maehia.intake.reading.delimited import find_delimiter
from maehia.intake.reading.guards import is_unsafe_name
from maehia.intake.reading.header import column_letters, find_header, is_label, is_ordinal_row
from maehia.intake.reading.sniff import sniff
from maehia.intake.reading.spreadsheet import cell_text

THAI = "กขคงจชซญดตถทนบปผพมยรลวสหอะาิีุูเแโไ่้์"
HEAD = ["เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "โทรศัพท์"]
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

cells = st.text(THAI + string.ascii_letters + string.digits + " ,;|\"'\n-./", max_size=12)
rows = st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=12)


def clean(row):
    return tuple((cell.replace("\r\n", "\n").strip() or None) for cell in row)


def has_data(row):
    """A row that is neither empty nor a line between groups."""
    return sum(1 for cell in row if cell.strip()) >= 3


def as_csv(table, delimiter=",", encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode(encoding)


def read_bytes(data, name="list.csv", limits=None):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return read_file(path, limits=limits)


@quick
@given(rows, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp874"]))
def test_every_cell_of_a_text_file_comes_back(table, delimiter, encoding):
    """Three sound rows first, so that the delimiter can be seen at all."""
    table = [("3100600445635", "สมชาย", "ใจดี", "0812345678")] * 3 + [row for row in table if has_data(row)]
    sheet = read_bytes(as_csv([HEAD, *table], delimiter, encoding)).sheets[0]
    read = list(zip(*[sheet.column(name) for name in HEAD], strict=True))
    assert read == [clean(row) for row in table]
    assert sheet.row_numbers() == list(range(2, len(table) + 2))


@quick
@given(rows)
def test_every_cell_of_a_workbook_comes_back(table):
    table = [row for row in table if has_data(row)] or [("a", "b", "c", "d")]
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in table:
        book.active.append([cell if not cell.startswith("=") else "x" for cell in row])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        book.save(path)
        sheet = read_file(path).sheets[0]
    assert list(zip(*[sheet.column(name) for name in HEAD], strict=True)) == [clean(row) for row in table]


@quick
@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.xlsx", "x.geojson", "x.zip", "x.shp", "x.gpkg", "x.kml"]))
def test_no_bytes_under_any_name_raise(data, name):
    book = read_bytes(data, name)
    assert book.sheets or book.problems


@quick
@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\x00", b"{", b"[", b"<kml", b"\x00\x00\x27\x0a",
                                                 b"<html><table>", b"\xff\xfe", b"\xef\xbb\xbf"]))  # fmt: skip
def test_no_bytes_behind_any_signature_raise(data, signature):
    book = read_bytes(signature + data, "x.bin")
    assert book.sheets or book.problems


@quick
@given(rows)
def test_a_sheet_put_aside_comes_back_the_same(table):
    sheet = read_bytes(as_csv([HEAD, ("7", "x", "y", "z"), *table])).sheets[0]
    with tempfile.TemporaryDirectory() as folder:
        save_sheet(sheet, Path(folder) / "s.parquet")
        again = load_sheet(Path(folder) / "s.parquet")
    assert again.rows.equals(sheet.rows)
    assert (again.notes, again.findings, again.crs) == (sheet.notes, sheet.findings, sheet.crs)


@pytest.mark.parametrize("chunk", [1, 2, 3, 50])
def test_the_size_of_chunks_changes_nothing(chunk):
    table = [HEAD, *[(str(n), "ก" * (n % 4), "x", "") for n in range(11)]]
    whole = read_bytes(as_csv(table)).sheets[0]
    parts = read_bytes(as_csv(table), limits=Limits(chunk_rows=chunk)).sheets[0]
    assert parts.rows.to_pydict() == whole.rows.to_pydict()


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_a_number_read_as_text_is_the_number(value):
    assert float(cell_text(value)) == pytest.approx(value, rel=1e-14, abs=1e-300)


@given(st.integers(0, 9_999_999_999_999))
def test_a_whole_number_of_13_digits_loses_nothing(value):
    assert cell_text(float(value)) == str(value)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "TRUE"), (False, "FALSE"), (None, ""), (1e20, "1e+20"), (2.5, "2.5"), ("x", "x")]
)
def test_other_cells_become_text(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], 0),
        ([["ทะเบียนบุคคล"]], 1),
        ([["ทะเบียนบุคคล"], ["เทศบาลตัวอย่าง"], []], 3),
        ([["ทะเบียนบุคคล", "", "", "หน้า 1"]], 1),
        ([[], [], ["ข้อมูล ณ วันที่ 1 ต.ค. 2569"]], 3),
    ],
)
def test_the_heading_is_found_below_any_titles(before, after):
    table = [*before, HEAD, ["3100600445635", "สมชาย", "ใจดี", "0812345678"]]
    header = find_header(list(enumerate(table, start=1)))
    assert (header.names, header.last_row) == (HEAD, after + 1)
    assert len(header.titles) == sum(1 for row in before if any(row))


def test_a_table_of_unknown_words_takes_its_first_full_row_of_words():
    table = [["แปลกๆ", "ของเล่น"], ["123", "45"], ["124", "46"]]
    assert find_header(list(enumerate(table, start=1))).names == ["แปลกๆ", "ของเล่น"]


def test_numbers_alone_are_no_heading():
    table = [["1", "2", "3"], ["4", "5", "6"]]
    header = find_header(list(enumerate(table, start=1)))
    assert (header.found, header.names[0]) == (False, "คอลัมน์ A")


@pytest.mark.parametrize(
    ("cell", "label"),
    [("ชื่อ", True), ("หมู่ 1", True), ("1,234", False), ("3100600445635", False), ("", False), ("ก" * 90, False)],
)
def test_a_heading_is_words(cell, label):
    assert is_label(cell) is label


@pytest.mark.parametrize(
    ("row", "ordinal"),
    [
        (["(1)", "(2)", "(3)"], True),
        (["๑", "๒", "๓"], True),
        (["1", "2", "3", ""], True),
        (["1", "3", "4"], False),
        (["1", "2"], False),
        ([], False),
    ],
)
def test_a_row_of_column_numbers_is_recognised(row, ordinal):
    assert is_ordinal_row(row) is ordinal


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(index, letters):
    assert column_letters(index) == f"คอลัมน์ {letters}"


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("ชื่อ\nสมชาย\n", ","),
        ("sep=|\na|b\n", "|"),
        ("", ","),
    ],
)
def test_the_delimiter_that_fits_is_taken(sample, delimiter):
    assert find_delimiter(sample) == delimiter


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("a/b.shp", False),
        ("a/../b.shp", False),
        ("../b.shp", True),
        ("..\\b.shp", True),
        ("/b", True),
        ("\\b", True),
        ("c:b", True),
        ("a\x00b", True),
        ("..", True),
    ],
)
def test_names_that_leave_the_folder_are_known(name, unsafe):
    assert is_unsafe_name(name) is unsafe


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"), (b"a,b\n1,2", "text"), (b"\xef\xbb\xbfa,b", "text"), ("ก,ข".encode("cp874"), "text"), ("ก,ข".encode("utf-16"), "text"),
        (b'{"type": "FeatureCollection", "features": []}', "geojson"), (b'[{"a": 1}]', "json"), (b"<html>", "html"), (b"<?xml version='1.0'?><kml>", "kml"),
        (b"<?xml version='1.0'?><other>", "unknown"), (b"%PDF", "unknown"), (b"PK\x03\x04", "truncated_zip"), (b"\x00\x00\x27\x0a", "shapefile"),
        (b"<?xml version='1.0'?><html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "html"),
    ],
)  # fmt: skip
def test_content_tells_the_format(tmp_path, content, kind):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sniff(path) == kind


def test_a_zip_of_tables_is_read_as_one_book(tmp_path):
    with zipfile.ZipFile(tmp_path / "lists.zip", "w") as archive:
        archive.writestr("ก/moo1.csv", as_csv([HEAD, ("1", "สมชาย", "ใจดี", "2")]))
        archive.writestr("ก/moo2.csv", as_csv([HEAD, ("1", "มาลี", "แก้วงาม", "2")]))
        archive.writestr("readme.md", "x")
    book = read_file(tmp_path / "lists.zip")
    assert (book.problems, [sheet.name for sheet in book.sheets]) == ([], ["moo1 moo1", "moo2 moo2"])


def test_a_zip_without_a_table_and_a_zip_in_a_zip_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.zip", b"PK\x05\x06" + b"\x00" * 18)
    assert [problem.code for problem in read_file(tmp_path / "a.zip").problems] == ["no_table"]


def test_a_bad_table_in_a_zip_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("empty.csv", b"")
    book = read_file(tmp_path / "a.zip")
    assert book.refused
    assert [(problem.code, problem.where) for problem in book.problems] == [("empty_file", "a.zip/empty.csv")]
