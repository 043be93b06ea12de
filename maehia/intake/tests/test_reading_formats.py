"""The less common formats and coordinate systems, each made by hand."""

from __future__ import annotations

import zipfile

import numpy as np
import pyarrow as pa
import pytest

from maehia.intake.findings import FINDING_SCHEMA, Finding, findings_table
from maehia.intake.reading import choices, guess_crs, read_file, to_lonlat
from maehia.intake.reading.crs import candidates_for, normal_code, transformer
from maehia.intake.reading.delimited import find_encoding
from maehia.intake.reading.layers import as_text
from maehia.intake.tests.makers import SOMCHAI

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="รายชื่อ">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def ods(path, rows):
    def cell(value):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=body))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return path


def test_an_opendocument_table_is_read(tmp_path):
    book = read_file(ods(tmp_path / "list.ods", [["ชื่อ", "เลขบัตรประชาชน"], ["สมชาย", SOMCHAI]]))
    assert (book.format, book.problems) == ("ods", [])
    assert book.sheets[0].column("เลขบัตรประชาชน") == [SOMCHAI]


def test_html_tables_are_read_in_thai_encodings(tmp_path):
    path = tmp_path / "x.xls"
    page = (
        f"<html><table><tr><td>ชื่อ</td><td>เลขบัตรประชาชน</td></tr><tr><td>มาลี</td><td>{SOMCHAI}</td></tr></table></html>"
    )
    path.write_bytes(page.encode("cp874"))
    book = read_file(path)
    assert book.encoding == "cp874"
    assert book.sheets[0].column("ชื่อ") == ["มาลี"]


def test_a_page_without_a_table_is_refused(tmp_path):
    path = tmp_path / "x.xls"
    path.write_text("<html><body>เข้าสู่ระบบ</body></html>")
    assert [problem.code for problem in read_file(path).problems][-1] == "no_rows"


@pytest.mark.parametrize(
    ("data", "filename", "encoding", "codes"),
    [
        ("ชื่อ".encode(), "x.csv", "utf-8", []),
        ("ชื่อ".encode("utf-8-sig"), "x.csv", "utf-8-sig", []),
        ("ชื่อ,นามสกุล".encode("utf-16-be"), "x.csv", "utf-16-be", []),
        ("ชื่อ".encode("cp874"), "x.csv", "cp874", []),
        ("ชื่อ".encode("cp874"), "x-UTF-8.csv", "cp874", ["encoding_not_as_named"]),
        (b"name,phone\n", "x.csv", "utf-8", []),
        (("สมชาย" * 60).encode() + b"\xff", "x.csv", "utf-8", ["damaged_characters"]),
        (("สมชาย" * 60).encode()[:-1], "x.csv", "utf-8", ["damaged_characters"]),
    ],
)
def test_the_encoding_is_decided_by_the_bytes(tmp_path, data, filename, encoding, codes):
    path = tmp_path / "file"
    path.write_bytes(data)
    found, _, problems = find_encoding(path, filename)
    assert found == encoding
    assert [problem.code for problem in problems] == codes


def test_typed_columns_become_text():
    def text(values, kind=None):
        return as_text(pa.chunked_array([pa.array(values, kind)])).to_pylist()

    assert text([1.0, 2.0, None]) == ["1", "2", None]
    assert text([1.5, 2.0, None]) == ["1.5", "2", None]
    assert text([True, False]) == ["true", "false"]
    assert text([" ก ", ""]) == ["ก", None]
    assert text([[1, 2], None]) == ["[1, 2]", None]
    assert text([b"\x01"]) == [None]
    assert text([1_600_000_000], pa.timestamp("s")) == ["2020-09-13T12:26:40"]


def xy(*points):
    return np.array([p[0] for p in points], float), np.array([p[1] for p in points], float)


@pytest.mark.parametrize(
    ("point", "first"),
    [((98.95, 18.74), "EPSG:4326"), ((18.74, 98.95), "EPSG:4326"), ((495_000, 2_072_000), "EPSG:32647"), ((5, 5), None), ((0, 0), None),
     ((11_015_000, 2_123_000), None)],
)  # fmt: skip
def test_numbers_suggest_their_coordinates(point, first):
    assert next(iter(candidates_for(*xy(point))), None) == first


def test_one_stray_point_does_not_hide_the_rest():
    assert candidates_for(*xy((98.95, 18.74), (98.96, 18.74), (0, 0))) == ["EPSG:4326"]


def test_nothing_suggests_nothing():
    assert candidates_for(*xy()) == []
    assert candidates_for(*xy((np.nan, np.nan))) == []
    assert guess_crs("EPSG:4326", *xy()).certain


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("EPSG:32647", "EPSG:32647"),
        ("OGC:CRS84", "EPSG:4326"),
        ("EPSG:4326", "EPSG:4326"),
        ("EPSG:24047", "EPSG:24047"),
        (None, None),
        ("nonsense", ""),
    ],
)
def test_a_declaration_is_read_as_its_code(declared, code):
    assert normal_code(declared) == code


@pytest.mark.parametrize(
    ("declared", "point", "certain", "first"),
    [
        ("EPSG:32647", (495_000, 2_072_000), True, "EPSG:32647"),
        ("EPSG:4326", (98.95, 18.74), True, "EPSG:4326"),
        (None, (98.95, 18.74), True, "EPSG:4326"),
        (None, (495_000, 2_072_000), False, "EPSG:32647"),
        ("EPSG:4326", (495_000, 2_072_000), False, "EPSG:32647"),
        ("EPSG:32647", (98.95, 18.74), False, "EPSG:4326"),
        ("EPSG:24047", (495_000, 2_072_000), False, "EPSG:24047#1"),
        ("EPSG:3857", (11_015_000, 2_123_000), True, "EPSG:3857"),
        ("nonsense", (495_000, 2_072_000), False, "EPSG:32647"),
    ],
)
def test_only_what_declaration_and_numbers_agree_on_is_certain(declared, point, certain, first):
    found = guess_crs(declared, *xy(point))
    assert (found.certain, found.candidates[0]) == (certain, first)
    assert found.reason


@pytest.mark.parametrize("key", ["EPSG:32647", "EPSG:24047#1", "EPSG:24047#2", "EPSG:32648", "EPSG:4326"])
def test_every_choice_leads_to_thailand(key):
    x, y = xy((98.95, 18.74)) if key == "EPSG:4326" else xy((495_000, 2_072_000))
    lon, lat = to_lonlat(key, x, y)
    assert 97 < lon[0] < 106
    assert 18 < lat[0] < 20


@pytest.mark.parametrize("key", ["EPSG:24047#9", "EPSG:0", "rubbish"])
def test_an_unknown_choice_is_refused(key):
    with pytest.raises(ValueError, match="unknown coordinates"):
        transformer(key)


def test_each_way_says_how_exact_it_is():
    assert [choice.accuracy_m for choice in choices("EPSG:24047")] == [3.0, 5.0]
    assert all(choice.operation for choice in choices("EPSG:24047"))


def test_findings_as_a_table_keep_their_columns_when_there_are_none():
    assert findings_table([]).schema == FINDING_SCHEMA
    table = findings_table([Finding("แผ่น", None, "ก", "x", "y", severity="column")])
    assert table.to_pylist()[0]["row"] is None
