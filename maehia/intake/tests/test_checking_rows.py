from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import shapely

from maehia.intake.checking import TownFacts, check, default_rules, joined, read_rule
from maehia.intake.mapping import Mapping, apply_mapping, propose_for
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import BOONMEE, MALEE, PEOPLE, PEOPLE_HEAD, SOMCHAI, layer, text_file
from maehia.intake.words import kinds

TOWN = TownFacts(date(2026, 11, 21), moos=tuple(range(1, 11)), place_codes=frozenset({"500109"}))
PERSON = {"title": "คำนำหน้า", "first_name": "ชื่อ", "national_id": "เลขบัตร", "birth": "เกิด", "sex": "เพศ", "moo": "หมู่", "died": "ตาย",
          "moved_in": "เข้า", "moved_out": "ออก", "mother_id": "มารดา", "address": "ที่อยู่", "ext_id": "รหัส"}  # fmt: skip


def checked(tmp_path, kind, fields, *rows, town=TOWN, **more):
    head = list(fields.values())
    sheet = read_file(text_file(tmp_path / "list.csv", [head, *rows], delimiter=";")).sheets[0]
    return check(apply_mapping(sheet, Mapping(kind, fields, **more), today=town.today), town)


def person(tmp_path, *people, town=TOWN):
    """Each person is a dict of canonical cells; all others are empty."""
    rows = [
        [{"ext_id": f"P{n}", "first_name": "สมชาย", **cells}.get(name, "") for name in PERSON]
        for n, cells in enumerate(people)
    ]
    return checked(tmp_path, "person", PERSON, *rows, town=town)


def found(result):
    return [(row["row"], row["code"], row["severity"]) for row in result.problems.to_pylist()]


def test_good_rows_pass_untouched(tmp_path):
    sheet = read_file(text_file(tmp_path / "civil.csv", [PEOPLE_HEAD, *PEOPLE])).sheets[0]
    result = check(apply_mapping(sheet, propose_for(sheet).mapping(), today=TOWN.today), TOWN)
    assert found(result) == []
    assert result.valid
    assert len(result.good) == 3
    assert result.good["first_name"].to_pylist() == ["สมชาย", "มาลี", "บุญมี"]


@pytest.mark.parametrize(
    ("cells", "code", "severity", "dropped"),
    [
        ({"birth": "1/1/2580"}, "birth_in_future", "warning", "birth"),
        ({"birth": "1/1/2440"}, "birth_too_long_ago", "note", None),
        ({"birth": "30 ก.พ. 2530"}, "no_such_day", "warning", "birth"),
        ({"birth": "5/5/2650"}, "year_out_of_range", "warning", "birth"),
        ({"birth": "2530", "died": "2520"}, "died_before_birth", "warning", "died"),
        ({"died": "1/1/2575"}, "died_in_future", "warning", "died"),
        ({"moved_in": "5/5/2560", "moved_out": "4/5/2560"}, "moved_out_before_in", "warning", "moved_out"),
        ({"birth": "5/5/2560", "moved_in": "4/4/2550"}, "moved_in_before_birth", "warning", "moved_in"),
        ({"moved_in": "4/4/2571"}, "moved_in_future", "warning", "moved_in"),
        ({"national_id": SOMCHAI, "mother_id": SOMCHAI}, "own_mother", "warning", "mother_id"),
        ({"national_id": "3100600445634"}, "id_check_digit", "note", None),
        ({"mother_id": "3100600445634"}, "id_check_digit", "note", None),
        ({"title": "ด.ช.", "birth": "2520"}, "child_title_of_adult", "note", None),
        ({"title": "นาย", "birth": "2565"}, "adult_title_of_child", "note", None),
        ({"title": "นาง", "sex": "ชาย"}, "title_against_sex", "note", None),
        ({"moo": "15"}, "moo_unknown", "warning", "moo"),
        ({"address": "12/3 ม.15"}, "moo_unknown_in_address", "note", None),
        ({"first_name": ""}, "required_missing", "error", None),
    ],
)
def test_each_rule_finds_its_fault_and_leaves_the_neighbour_alone(tmp_path, cells, code, severity, dropped):
    result = person(tmp_path, cells, {"national_id": MALEE})
    assert found(result) == [(2, code, severity)]
    expected_good = 1 if severity == "error" else 2
    assert len(result.good) == expected_good
    assert len(result.quarantined) == 2 - expected_good
    if dropped:
        assert result.good[dropped][0].as_py() is None
    told = result.problems.to_pylist()[0]
    assert told["what"]
    assert told["fix"]
    assert "{" not in told["what"]


@pytest.mark.parametrize(
    "cells",
    [
        {"birth": "21/11/2569"},
        {"birth": "2569"},
        {"birth": "2530", "died": "2530"},
        {"moved_in": "5/5/2560", "moved_out": "5/5/2560"},
        {"title": "ด.ญ.", "birth": "2555"},
        {"title": "นาย", "birth": "2554"},
        {"national_id": "0105552029681"},
        {"address": "12/3 ม.15 ต.อื่น อ.อื่น"},
        {"address": "22/56 ม.บ.ร่มโพธิ์"},
        {"address": "22/56 หมู่บ้านร่มโพธิ์ 15"},
        {"moo": "10"},
    ],
)
def test_what_is_just_possible_is_not_a_fault(tmp_path, cells):
    assert found(person(tmp_path, cells)) == []


def test_rules_rest_where_the_town_does_not_know(tmp_path):
    assert found(person(tmp_path, {"moo": "15"}, town=TownFacts(date(2026, 11, 21)))) == []


def test_a_repeated_row_is_kept_once_and_a_conflicting_one_waits(tmp_path):
    rows = [["P1", "สมชาย"], ["P2", "มาลี"], ["P1", "สมชาย"], ["P2", "มาลัย"]]
    result = checked(tmp_path, "person", {"ext_id": "รหัส", "first_name": "ชื่อ"}, *rows)
    assert found(result) == [(4, "duplicate_row", "error"), (5, "duplicate_key", "error")]
    assert result.good["first_name"].to_pylist() == ["สมชาย", "มาลี"]
    assert result.quarantined["first_name"].to_pylist() == ["สมชาย", "มาลัย"]
    assert "แถว 3" in result.problems["what"][1].as_py()


def test_keys_repeated_across_sheets_are_seen(tmp_path):
    mapping = Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ"})
    parts = []
    for name in ("หมู่1", "หมู่2"):
        sheet = read_file(text_file(tmp_path / f"{name}.csv", [["รหัส", "ชื่อ"], ["P1", f"คน{name}"]])).sheets[0]
        parts.append(apply_mapping(sheet, mapping))
    result = check(joined(parts), TOWN)
    assert [(row["sheet"], row["code"]) for row in result.problems.to_pylist()] == [("หมู่2", "duplicate_key")]


def test_a_refused_column_is_told_once_and_rows_go_on(tmp_path):
    people = [{"national_id": "3.1E+12"}, {"national_id": "1.1E+12"}]
    result = person(tmp_path, *people)
    assert found(result) == [(None, "excel_float", "column")]
    assert len(result.good) == 2
    assert result.refused_columns == ["national_id"]
    assert not result.valid


def test_ragged_rows_of_the_file_are_in_the_same_list(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("รหัส,ชื่อ\nP1,สมชาย\nP2,มาลี,แก้ว\n")
    sheet = read_file(path).sheets[0]
    result = check(apply_mapping(sheet, Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ"})), TOWN)
    assert found(result) == [(3, "row_too_long", "error")]


def test_personal_values_are_masked_in_the_list_and_dates_are_not(tmp_path):
    result = person(tmp_path, {"national_id": "3100600445634", "birth": "1/1/2580"})
    values = {row["code"]: row["value"] for row in result.problems.to_pylist()}
    assert values["birth_in_future"] == "2037-01-01"
    assert "3100600445634" not in str(result.problems.to_pylist())


PLACE = {"ext_id": "รหัส", "asset_kind": "ประเภท", "lat": "lat", "lon": "lon"}
BOX = shapely.to_wkb(shapely.box(98.90, 18.70, 98.97, 18.78))


def test_swapped_coordinates_are_proposed_for_repair_not_silently_repaired(tmp_path):
    rows = [["A1", "โคมไฟ", "18.744", "98.951"], ["A2", "โคมไฟ", "98.952", "18.745"]]
    result = checked(tmp_path, "asset", PLACE, *rows)
    assert found(result) == [(3, "lat_lon_swapped", "warning")]
    assert result.good["lon"].to_pylist() == ["98.951", None]
    assert "18.745000, 98.952000" in result.problems["what"][0].as_py()
    assert [(repair.name, repair.rows) for repair in result.repairs] == [("swap_lat_lon", 1)]


def test_an_accepted_repair_puts_them_right_and_says_so(tmp_path):
    rows = [["A1", "โคมไฟ", "18.744", "98.951"], ["A2", "โคมไฟ", "98.952", "18.745"]]
    result = checked(tmp_path, "asset", PLACE, *rows, repairs=["swap_lat_lon"])
    assert found(result) == [(3, "lat_lon_swapped_back", "note")]
    assert [float(text) for text in result.good["lon"].to_pylist()] == [98.951, 98.952]
    assert result.repairs == []


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [("0", "0", "place_outside_country"), ("18.744", "", "half_a_place"), ("51.5", "-0.1", "place_outside_country"),
     ("18.9", "99.2", "place_outside_town")],
)  # fmt: skip
def test_places_that_cannot_be_here_are_told(tmp_path, lat, lon, code):
    rows = [["A1", "โคมไฟ", lat, lon], ["A2", "โคมไฟ", "18.744", "98.951"], ["A3", "โคมไฟ", "", ""]]
    town = TownFacts(date(2026, 11, 21), outline=BOX)
    result = checked(tmp_path, "asset", PLACE, *rows, town=town)
    assert [row[:2] for row in found(result)] == [(2, code)]
    kept = result.good["lat"][0].as_py()
    assert (kept is None) == (code != "place_outside_town")


def test_a_place_within_the_buffer_of_the_sketch_outline_is_in_town(tmp_path):
    row = ["A1", "โคมไฟ", "18.7", "98.895"]
    assert found(checked(tmp_path, "asset", PLACE, row, town=TownFacts(date(2026, 11, 21), outline=BOX))) == []
    near = TownFacts(date(2026, 11, 21), outline=BOX, buffer_m=100)
    assert [code for _, code, _ in found(checked(tmp_path, "asset", PLACE, row, town=near))] == ["place_outside_town"]


def test_shapes_are_checked_for_swapping_type_and_emptiness(tmp_path):
    shapes = [shapely.Point(98.95, 18.74), shapely.Point(18.74, 98.95), shapely.Point()]
    fields = {"รหัสประจำบ้าน": ["50990123456", "50990123457", "50990123458"], "บ้านเลขที่": ["1", "2", "3"]}
    sheet = read_file(layer(tmp_path / "h.gpkg", shapes, fields, driver="GPKG")).sheets[0]
    result = check(apply_mapping(sheet, propose_for(sheet).mapping()), TOWN)
    assert found(result) == [(2, "lat_lon_swapped", "warning"), (3, "geometry_empty", "note")]
    assert result.good["geometry"].null_count == 2
    repaired = check(apply_mapping(sheet, Mapping("house", {"house_no": "บ้านเลขที่"}, repairs=["swap_lat_lon"])), TOWN)
    assert shapely.from_wkb(repaired.good["geometry"][1].as_py()).equals(shapes[0])


def test_lines_in_a_house_layer_are_not_taken_as_houses(tmp_path):
    line = shapely.LineString([(98.95, 18.74), (98.96, 18.75)])
    sheet = read_file(layer(tmp_path / "h.geojson", [line], {"รหัสประจำบ้าน": ["50990123456"]})).sheets[0]
    result = check(apply_mapping(sheet, Mapping("house", {"house_code": "รหัสประจำบ้าน"})), TOWN)
    assert found(result) == [(1, "geometry_wrong_type", "warning")]


@pytest.mark.parametrize(
    ("kind", "cells", "code"),
    [
        ("building", {"house_no": "1", "storeys": "150"}, "storeys_unlikely"),
        ("building", {"house_no": "1", "floor_height_m": "120"}, "floor_height_unlikely"),
        ("building", {"house_no": "1", "area_m2": "0"}, "area_unlikely"),
        ("building", {"house_no": "1", "value_baht": "-5"}, "value_negative"),
        ("building", {"house_no": "1", "built_year": "2590"}, "year_unlikely"),
        ("parcel", {"deed_no": "1", "area_ngan": "7"}, "ngan_too_many"),
        ("parcel", {"deed_no": "1", "area_wa": "140"}, "wa_too_many"),
        ("parcel", {"deed_no": "1", "area_rai": "-2"}, "rai_unlikely"),
        ("parcel", {"deed_no": "1", "owner_id": "3100600445634"}, "owner_id_check_digit"),
        ("business", {"name": "ร้าน", "juristic_id": "0105552029682"}, "owner_id_check_digit"),
        ("place", {"name": "วัด", "capacity": "-3"}, "capacity_unlikely"),
        ("asset", {"asset_kind": "โคมไฟ", "installed": "2580"}, "date_in_future"),
        ("pet", {"name": "แต้ม", "vaccinated_on": "2580"}, "date_in_future"),
        ("road", {"name": "ถนน", "width_m": "600"}, "width_unlikely"),
        (
            "reading",
            {"station": "S1", "quantity": "pm25", "time": "2027-05-01T00:00:00", "value": "5"},
            "time_in_future",
        ),
        (
            "reading",
            {"station": "S1", "quantity": "pm25", "time": "2026-05-01T00:00:00", "value": "-1"},
            "value_missing_mark",
        ),
        ("place_code", {"code": "5001", "level": "tambon", "name_th": "ก"}, "place_code_shape"),
        ("place_code", {"code": "500109", "parent": "5101", "name_th": "ก"}, "place_code_parent"),
        ("area", {"code": "990909", "name": "ก"}, "place_code_unknown"),
        ("person", {"first_name": "ก", "amount_baht": "-600"}, "amount_negative"),
    ],
)
def test_every_kind_has_its_own_rules(tmp_path, kind, cells, code):
    fields = {name: name for name in cells}
    result = checked(tmp_path, kind, fields, list(cells.values()))
    assert [row[1] for row in found(result)] == [code]


def test_every_rule_speaks_of_kinds_and_columns_that_exist():
    beside = {"place", "place_state", "geometry", "shape_m2"}
    for rule in default_rules():
        for kind in rule.kinds:
            assert {rule.column, *rule.needs, *rule.drop} <= set(kinds()[kind].fields) | beside | {
                "lon",
                "lat",
                "national_id",
                "owner_id",
                "mother_id",
                "installed",
                "vaccinated_on",
                "juristic_id",
            }, rule.code
        assert rule.fix, rule.code


def test_every_rule_of_the_data_file_is_tried_in_this_file(tmp_path):
    text = Path(__file__).read_text(encoding="utf-8")
    assert {rule.code for rule in default_rules() if rule.code not in text} == set()


def test_a_town_can_add_its_own_rule(tmp_path):
    entry = {
        "code": "no_nine",
        "kinds": ["person"],
        "column": "moo",
        "bad": "moo = '9'",
        "severity": "error",
        "what": "ไม่มีหมู่ 9 ({value})",
    }
    sheet = read_file(text_file(tmp_path / "x.csv", [["รหัส", "ชื่อ", "หมู่"], ["1", "ก", "9"], ["2", "ข", "8"]])).sheets[0]
    result = check(
        apply_mapping(sheet, Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ", "moo": "หมู่"})),
        TOWN,
        read_rule(entry),
    )
    assert found(result) == [(2, "no_nine", "error")]
    assert result.problems["what"][0].as_py() == "ไม่มีหมู่ 9 (9)"
    assert result.counts() == {"no_nine": 1}


def test_a_frame_without_a_row_is_checked_too(tmp_path):
    sheet = read_file(text_file(tmp_path / "x.csv", [["รหัส", "ชื่อ"], ["1", "ก"]])).sheets[0]
    sheet.rows = sheet.rows.slice(0, 0)
    result = check(apply_mapping(sheet, Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ"})), TOWN)
    assert (len(result.good), len(result.problems)) == (0, 0)
    assert isinstance(result.good, pa.Table)
    assert BOONMEE


def test_a_mapping_without_columns_lets_no_row_through(tmp_path):
    sheet = read_file(text_file(tmp_path / "x.csv", [["a", "b"], ["1", "2"]])).sheets[0]
    result = check(apply_mapping(sheet, Mapping("person", {})), TOWN)
    assert found(result) == [(2, "required_missing", "error")]


def test_rules_cannot_reach_the_disk(tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    bad = f"moo IN (SELECT CAST(a AS VARCHAR) FROM read_csv('{tmp_path}/secret.csv'))"
    entry = {"code": "x", "kinds": ["person"], "column": "moo", "bad": bad, "severity": "error", "what": "x"}
    sheet = read_file(text_file(tmp_path / "x.csv", [["ชื่อ", "หมู่"], ["ก", "1"]])).sheets[0]
    with pytest.raises(duckdb.PermissionException):
        check(apply_mapping(sheet, Mapping("person", {"first_name": "ชื่อ", "moo": "หมู่"})), TOWN, read_rule(entry))


@pytest.mark.parametrize(("wa", "codes"), [("45.0", []), ("90.0", ["area_against_shape"])])
def test_the_area_of_a_deed_is_held_against_its_shape(tmp_path, wa, codes):
    """A square of about 180 m2 = 45 square wa."""
    square = shapely.box(98.95, 18.74, 98.95 + 13.416 / 105_450, 18.74 + 13.416 / 110_670)
    fields = {"DEED_NO": ["1"], "RAI": ["0"], "NGAN": ["0"], "WA": [wa]}
    sheet = read_file(layer(tmp_path / "p.geojson", [square], fields)).sheets[0]
    result = check(apply_mapping(sheet, propose_for(sheet).mapping()), TOWN)
    assert [row[1] for row in found(result)] == codes
    assert "shape_m2" not in result.good.column_names
