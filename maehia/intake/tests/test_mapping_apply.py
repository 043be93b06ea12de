from __future__ import annotations

from datetime import date

import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maehia.intake.checking import TownFacts, check
from maehia.intake.mapping import Mapping, apply_mapping, propose_for, sheets_for
from maehia.intake.mapping.transforms import EXTRA, TYPES, Fault, clean_cell, transform_for
from maehia.intake.reading import choices, read_file
from maehia.intake.reading.crs import transformer
from maehia.intake.tests.makers import MALEE, PEOPLE, PEOPLE_HEAD, SOMCHAI, layer, text_file

TODAY = date(2026, 11, 21)
FIELDS = {"title": "คำนำหน้า", "first_name": "ชื่อ", "last_name": "นามสกุล", "national_id": "เลขประจำตัวประชาชน", "birth": "วันเกิด",
          "house_no": "บ้านเลขที่", "moo": "หมู่ที่"}  # fmt: skip


def sheet_of(tmp_path, *rows):
    return read_file(text_file(tmp_path / "list.csv", rows, delimiter=";")).sheets[0]


def mapped(tmp_path, fields, *rows, kind="person", **more):
    return apply_mapping(sheet_of(tmp_path, *rows), Mapping(kind, fields, **more), today=TODAY)


def column(result, name):
    return result.frame[name].to_pylist()


def problems(result):
    return [(row["row"], row["column"], row["code"]) for row in result.problems.to_pylist()]


def test_rows_become_canonical_columns(tmp_path):
    result = mapped(tmp_path, FIELDS, PEOPLE_HEAD, *PEOPLE)
    assert column(result, "row_no") == [2, 3, 4]
    assert column(result, "sheet") == ["list"] * 3
    assert column(result, "birth") == ["1949-04-13", "1968-01-01", "2017-06-05"]
    assert column(result, "moo") == ["5", "2", "10"]
    assert problems(result) == []


@pytest.mark.parametrize(
    ("type_", "cell", "value"),
    [
        ("date", "13 เม.ย. 92", "1949-04-13"),
        ("date", "๑๕/๖/๒๕๖๔", "2021-06-15"),
        ("date", "2564-06-15", "2021-06-15"),
        ("date", "25390000", "1996"),
        ("date", "01/2568", "2025-01"),
        ("national_id", "3-1006-00445-63-5", SOMCHAI),
        ("national_id", "๓๑๐๐๖๐๐๔๔๕๖๓๕", SOMCHAI),
        ("house_code", "5099-012345-6", "50990123456"),
        ("phone", "081-234-5678", "0812345678"),
        ("moo", "หมู่ที่ ๕", "5"),
        ("moo", "ม.12", "12"),
        ("house_no", "123-4", "123/4"),
        ("house_no", "ทะเบียนบ้านกลาง", "ทะเบียนบ้านกลาง"),
        ("sex", "หญิง", "F"),
        ("pet_sex", "ผู้", "M"),
        ("bool", "ทำหมันแล้ว", "true"),
        ("bool", "ยังไม่ทำ", "false"),
        ("money", "1,250.50 บาท", "1250.50"),
        ("int", "2 ชั้น", "2"),
        ("year", "2560", "2017"),
        ("year", "0", None),
        ("lat", "18°44'41\"", "18.7447222"),
        ("ltax", "1A1", "01A001"),
        ("datetime", "2026-01-31T07:00:00", "2026-01-31T07:00:00+07:00"),
        ("datetime", "31/1/2569 08:30", "2026-01-31T08:30:00+07:00"),
        ("datetime", "2026-01-31T00:00:00+00:00", "2026-01-31T00:00:00+00:00"),
        ("text", " เเม่เหียะ\u200b ", "แม่เหียะ"),
        ("text", "-", None),
        ("text", "ไม่ทราบ", None),
        ("code", "N/A", None),
    ],
)
def test_cells_are_cleaned_by_their_type(type_, cell, value):
    assert clean_cell(cell, transform_for(type_, None, TODAY)) == value


@pytest.mark.parametrize(
    ("type_", "cell", "code"),
    [
        ("date", "30 ก.พ. 2530", "no_such_day"),
        ("date", "12/05/2650", "year_out_of_range"),
        ("date", "เมื่อวาน", "unreadable_date"),
        ("national_id", "310060044563", "id_not_13_digits"),
        ("national_id", "0000000000000", "placeholder_id"),
        ("national_id", "3.1E+12", "excel_float"),
        ("house_code", "509901234", "house_code_not_11_digits"),
        ("phone", "12345", "phone_unreadable"),
        ("moo", "บ้านใหม่", "moo_unreadable"),
        ("sex", "แมว", "sex_unknown"),
        ("bool", "บางที", "yes_no_unknown"),
        ("money", "ห้าร้อย", "not_a_number"),
        ("int", "2.5", "not_a_whole_number"),
        ("year", "นานแล้ว", "not_a_year"),
        ("ltax", "แปลงริมน้ำ", "ltax_unreadable"),
        ("datetime", "2569-01", "unreadable_date"),
        ("datetime", "31/1/2569 25:70", "unreadable_time"),
    ],
)
def test_what_cannot_be_read_says_why(type_, cell, code):
    fault = clean_cell(cell, transform_for(type_, None, TODAY))
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert fault.what


@given(st.text(max_size=40), st.sampled_from(sorted(TYPES)))
def test_no_cell_of_any_type_raises(cell, type_):
    result = clean_cell(cell, transform_for(type_, None, TODAY))
    assert result is None or isinstance(result, str | Fault)


@given(
    st.text(max_size=30),
    st.sampled_from(["date", "national_id", "phone", "house_code", "moo", "money", "sex", "house_no", "ltax", "bool"]),
)
def test_cleaning_twice_changes_nothing(cell, type_):
    transform = transform_for(type_, None, TODAY)
    once = clean_cell(cell, transform)
    if isinstance(once, str):
        assert clean_cell(once, transform) == once


def test_named_transforms_do_what_they_say():
    assert EXTRA["excel_serial"]("44362") == "2021-06-15"
    assert EXTRA["digits"]("No. 12/3") == "123"
    assert isinstance(EXTRA["digits"]("ไม่มีเลข"), Fault)
    assert EXTRA["upper"]("ab1") == "AB1"
    assert EXTRA["first_word"]("5 คน") == "5"


def test_a_bad_cell_is_dropped_and_told_and_its_row_goes_on(tmp_path):
    rows = [PEOPLE_HEAD, [1, "นาย", "สมชาย", "ใจดี", "310060044563", "30 ก.พ. 2530", "1", "5"], PEOPLE[1]]
    result = mapped(tmp_path, FIELDS, *rows)
    assert column(result, "birth") == [None, "1968-01-01"]
    assert column(result, "first_name") == ["สมชาย", "มาลี"]
    assert problems(result) == [(2, "เลขประจำตัวประชาชน", "id_not_13_digits"), (2, "วันเกิด", "no_such_day")]
    told = {row["code"]: row for row in result.problems.to_pylist()}
    assert told["no_such_day"]["value"] == "30 ก.พ. 2530"
    assert "310060044563" not in told["id_not_13_digits"]["value"]
    assert {row["severity"] for row in told.values()} == {"warning"}


@pytest.mark.parametrize(
    "cells", [["3.1E+12", "1.12E+12", SOMCHAI], ["3100600000000", "1112000000000", "1129900000000"]]
)
def test_a_ruined_id_column_is_refused_and_the_other_columns_go_on(tmp_path, cells):
    rows = [[n, "นาย", f"คน{n}", "ใจดี", cell, "2530", "1", "5"] for n, cell in enumerate(cells)]
    result = mapped(tmp_path, FIELDS, PEOPLE_HEAD, *rows)
    assert column(result, "national_id") == [None] * 3
    assert column(result, "first_name") == ["คน0", "คน1", "คน2"]
    assert result.refused == ["national_id"]
    refusal = result.problems.to_pylist()[0]
    assert (refusal["code"], refusal["severity"], refusal["row"]) == ("excel_float", "column", None)
    assert "ซ่อมไม่ได้" in refusal["what"]


def test_one_odd_float_in_a_long_column_costs_its_cell_only(tmp_path):
    rows = [[n, "นาย", f"คน{n}", "ใจดี", "3.1E+12" if n == 7 else SOMCHAI, "2530", "1", "5"] for n in range(200)]
    result = mapped(tmp_path, FIELDS, PEOPLE_HEAD, *rows)
    assert result.refused == []
    assert problems(result) == [(9, "เลขประจำตัวประชาชน", "excel_float")]


def test_the_source_key_names_the_row(tmp_path):
    result = mapped(
        tmp_path, {"ext_id": "รหัส", "full_name": "ชื่อ"}, ["รหัส", "ชื่อ"], ["C-1", "สมชาย ใจดี"], ["C-2", "มาลี แก้วงาม"]
    )
    assert column(result, "ext_id") == ["C-1", "C-2"]


def test_a_key_of_personal_columns_is_hashed_under_the_secret(tmp_path):
    sheet = sheet_of(tmp_path, PEOPLE_HEAD, *PEOPLE)
    mapping = Mapping("person", FIELDS, key=["national_id"])
    plain, secret, again = (apply_mapping(sheet, mapping, today=TODAY, secret=key) for key in (b"", b"town", b"town"))
    assert column(secret, "ext_id") == column(again, "ext_id")
    assert column(secret, "ext_id") != column(plain, "ext_id")
    assert SOMCHAI not in "".join(column(secret, "ext_id"))


def test_a_national_id_used_as_source_key_is_hashed_too(tmp_path):
    result = mapped(
        tmp_path, {"ext_id": "รหัส", "full_name": "ชื่อ"}, ["รหัส", "ชื่อ"], [SOMCHAI, "สมชาย ใจดี"], ["A7", "มาลี แก้วงาม"]
    )
    assert column(result, "ext_id")[1] == "A7"
    assert len(column(result, "ext_id")[0]) == 20


def test_rows_without_a_key_are_named_by_what_they_say_in_any_order(tmp_path):
    head = ["ชื่อ-สกุล", "วันเกิด", "โทรศัพท์"]
    rows = [["สมชาย ใจดี", "2500", "0811111111"], ["มาลี แก้วงาม", "2510", "0822222222"]]
    fields = {"full_name": "ชื่อ-สกุล", "birth": "วันเกิด", "phone": "โทรศัพท์"}
    one = mapped(tmp_path, fields, head, *rows)
    two = mapped(tmp_path, fields, head, *[[*row[:2], "0833333333"] for row in reversed(rows)])
    assert column(one, "ext_id") == column(two, "ext_id")[::-1]


def test_rows_that_nothing_tells_apart_get_numbers(tmp_path):
    result = mapped(
        tmp_path, {"full_name": "ชื่อ"}, ["ชื่อ", "x"], ["สมชาย ใจดี", "1"], ["สมชาย ใจดี", "2"], ["มาลี แก้วงาม", "3"]
    )
    first, second, third = column(result, "ext_id")
    assert second == f"{first}#2"
    assert "#" not in third


def test_a_row_with_an_empty_key_still_gets_a_name(tmp_path):
    rows = [["สมชาย", "ใจดี", SOMCHAI], ["มาลี", "แก้วงาม", ""]]
    fields = {"first_name": "ชื่อ", "last_name": "สกุล", "national_id": "เลขบัตร"}
    result = mapped(tmp_path, fields, ["ชื่อ", "สกุล", "เลขบัตร"], *rows, key=["national_id"])
    assert all(column(result, "ext_id"))
    assert len(set(column(result, "ext_id"))) == 2


def test_constants_and_joined_columns_fill_canonical_columns(tmp_path):
    head = ["คำนำหน้า", "ชื่อเจ้าของ", "นามสกุลเจ้าของ", "ชนิด"]
    rows = [["นาย", "สมชาย", "ใจดี", "สุนัข"], ["", "มาลี", "", "แมว"]]
    fields = {"owner_name": head[:3], "species": "ชนิด"}
    result = mapped(tmp_path, fields, head, *rows, kind="pet", constants={"colour": "ดำ"})
    assert column(result, "owner_name") == ["นาย สมชาย ใจดี", "มาลี"]
    assert column(result, "colour") == ["ดำ", "ดำ"]


def test_a_mapped_column_that_is_not_in_the_sheet_is_told(tmp_path):
    result = mapped(tmp_path, {"full_name": "ชื่อ", "phone": "โทร"}, ["ชื่อ", "x"], ["สมชาย ใจดี", "1"])
    assert problems(result) == [(None, "โทร", "column_missing")]
    assert column(result, "phone") == [None]


def test_a_row_can_speak_of_a_second_kind(tmp_path):
    owner = Mapping("person", {"full_name": "เจ้าของ", "phone": "โทร"})
    head = ["ชื่อสัตว์", "เจ้าของ", "โทร"]
    result = mapped(tmp_path, {"name": "ชื่อสัตว์"}, head, ["แต้ม", "สมชาย ใจดี", "0812345678"], kind="pet", also=[owner])
    assert [other.kind for other in result.also] == ["person"]
    assert column(result.also[0], "phone") == ["0812345678"]
    assert column(result.also[0], "row_no") == [2]


def test_a_mapping_survives_yaml(tmp_path):
    mapping = Mapping("pet", {"owner_name": ["ชื่อ", "สกุล"], "species": "ชนิด"}, {"colour": "ดำ"}, ["ext_id"], {"name": "upper"}, crs="EPSG:24047#2",
                      repairs=["swap_lat_lon"], also=[Mapping("person", {"full_name": "ชื่อ"})])  # fmt: skip
    assert Mapping.from_yaml(mapping.to_yaml()) == mapping
    assert "ชื่อ" in mapping.to_yaml()


@pytest.mark.parametrize("data", [{"kind": "ghost", "fields": {}}, {"kind": "person", "fields": {"wings": "ปีก"}}])
def test_a_mapping_to_nothing_is_refused(data):
    with pytest.raises(ValueError):
        Mapping.from_dict(data)


def test_sheets_of_one_layout_are_taken_together_and_hidden_ones_left(tmp_path):
    book = openpyxl.Workbook()
    for name in ("หมู่ 1", "หมู่ 2", "สรุป", "เก่า"):
        page = book.create_sheet(name)
        page.append(["ชื่อ", "นามสกุล"] if name != "สรุป" else ["หมู่", "จำนวน"])
        page.append(["สมชาย", "ใจดี"] if name != "สรุป" else ["1", "20"])
    book["เก่า"].sheet_state = "hidden"
    del book["Sheet"]
    book.save(tmp_path / "x.xlsx")
    mapping = Mapping("person", {"first_name": "ชื่อ", "last_name": "นามสกุล"})
    read = read_file(tmp_path / "x.xlsx")
    assert [sheet.name for sheet in sheets_for(read, mapping)] == ["หมู่ 1", "หมู่ 2"]
    mapping.sheets = ["เก่า"]
    assert [sheet.name for sheet in sheets_for(read, mapping)] == ["เก่า"]
    mapping.sheets = "first"
    assert [sheet.name for sheet in sheets_for(read, mapping)] == ["หมู่ 1"]


POINTS = [shapely.Point(98.95 + n / 1000, 18.74) for n in range(4)]
HOUSE = {"รหัสประจำบ้าน": [f"5099012345{n}" for n in range(4)], "บ้านเลขที่": ["1", "2", "3", "4"]}


def metres(shapes, key):
    back = transformer(key)
    turn = lambda xy: __import__("numpy").column_stack(back.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))  # noqa: E731
    return [shapely.transform(shape, turn) for shape in shapes]


@pytest.mark.parametrize("key", ["EPSG:32647", "EPSG:24047#1", "EPSG:24047#2"])
def test_geometry_is_brought_to_degrees_by_the_chosen_way(tmp_path, key):
    sheet = read_file(layer(tmp_path / "x.geojson", metres(POINTS, key), HOUSE, crs=None)).sheets[0]
    mapping = propose_for(sheet).mapping()
    mapping.crs = key
    result = apply_mapping(sheet, mapping)
    found = shapely.from_wkb(result.frame["geometry"].to_pylist())
    assert max(shape.distance(point) for shape, point in zip(found, POINTS, strict=True)) < 1e-6


def test_geometry_nobody_is_sure_of_is_refused_and_the_rows_go_on(tmp_path):
    sheet = read_file(layer(tmp_path / "x.geojson", metres(POINTS, "EPSG:32647"), HOUSE, crs=None)).sheets[0]
    result = apply_mapping(sheet, propose_for(sheet).mapping())
    assert result.frame["geometry"].null_count == 4
    assert column(result, "house_no") == ["1", "2", "3", "4"]
    assert [(row["code"], row["severity"]) for row in result.problems.to_pylist()] == [("crs_unknown", "column")]
    assert result.refused == ["geometry"]
    after = check(result, TownFacts(TODAY))
    assert (len(after.good), after.counts()) == (4, {"crs_unknown": 1})


def test_a_self_crossing_polygon_is_made_valid_and_its_original_kept(tmp_path):
    bow = shapely.Polygon([(98.95, 18.74), (98.951, 18.741), (98.951, 18.74), (98.95, 18.741)])
    square = shapely.box(98.96, 18.74, 98.961, 18.741)
    sheet = read_file(layer(tmp_path / "x.geojson", [bow, square], {"จำนวนชั้น": [1, 2], "วัสดุ": ["ไม้", "ปูน"]})).sheets[0]
    result = apply_mapping(sheet, propose_for(sheet).mapping())
    repaired = shapely.from_wkb(result.frame["geometry"].to_pylist())
    assert all(shapely.is_valid(repaired))
    assert repaired[0].geom_type == "MultiPolygon"
    original = result.frame["geometry_original"].to_pylist()
    assert shapely.from_wkb(original[0]).equals_exact(bow, 1e-6)
    assert original[1] is None
    assert problems(result) == [(1, "geometry", "geometry_invalid")]
    assert "ตัดกันเอง" in result.problems["what"][0].as_py()


def test_metres_in_lon_lat_columns_need_a_choice(tmp_path):
    head, rows = (
        ["รหัสทรัพย์สิน", "ประเภททรัพย์สิน", "พิกัด X", "พิกัด Y"],
        [["A1", "โคมไฟ", 494850, 2072100], ["A2", "โคมไฟ", 494900, 2072150]],
    )
    sheet = sheet_of(tmp_path, head, *rows)
    mapping = propose_for(sheet).mapping()
    unsure = apply_mapping(sheet, mapping)
    assert unsure.frame["lon"].null_count == 2
    mapping.crs = "EPSG:32647"
    sure = apply_mapping(sheet, mapping)
    assert [round(float(text), 3) for text in column(sure, "lon")] == [98.951, 98.952]
    assert len(choices("EPSG:24047")) == 2


def test_three_dimensional_shapes_lose_their_height(tmp_path):
    sheet = read_file(
        layer(tmp_path / "x.gpkg", [shapely.Point(98.95, 18.74, 300)], {"รหัสประจำบ้าน": ["50990123456"]}, driver="GPKG")
    ).sheets[0]
    result = apply_mapping(sheet, propose_for(sheet, kind="house").mapping())
    assert not shapely.has_z(shapely.from_wkb(result.frame["geometry"][0].as_py()))


def test_malee_is_not_in_any_text_of_problems(tmp_path):
    rows = [[1, "นาง", "มาลี", "แก้วงาม", MALEE + "0", "x", "99", "บ้านใหม่"]]
    text = str(mapped(tmp_path, FIELDS, PEOPLE_HEAD, *rows).problems.to_pylist())
    assert MALEE not in text
    assert "แก้วงาม" not in text


def test_rows_of_a_mapping_without_columns_still_have_names(tmp_path):
    result = mapped(tmp_path, {}, ["a", "b"], ["1", "2"], ["1", "3"])
    assert len(set(column(result, "ext_id"))) == 2
