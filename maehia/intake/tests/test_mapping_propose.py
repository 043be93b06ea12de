"""Proposals: right without help for every list of the demo town, and honest where they cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from maehia.demo.write import write_town
from maehia.intake.mapping import Mapping, about_sheet, as_of, profile, propose, propose_for
from maehia.intake.reading import read_file
from maehia.intake.tests.makers import MALEE, PEOPLE, PEOPLE_HEAD, SOMCHAI, layer, text_file, workbook

# file -> (kind, canonical columns that must be found, key)
EXPECTED: dict[str, tuple[str, set[str], list[str]]] = {
    "civil.xlsx": ("person", {"national_id", "title", "first_name", "last_name", "sex", "birth", "nationality", "status", "relation",
                              "house_code", "house_no", "moo", "mother_id", "moved_in", "ext_id"}, ["ext_id"]),
    "vhv.xlsx": ("person", {"full_name", "nationality", "national_id", "birth", "sex", "address", "house_code", "household_no", "phone", "status",
                            "account_no"}, ["account_no"]),
    "welfare.xlsx": ("person", {"title", "first_name", "last_name", "national_id", "birth", "sex", "address", "house_code", "phone",
                                "benefit", "amount_baht", "need_kinds", "need_level", "need_note", "account_no"}, ["account_no"]),
    "tax.xlsx": ("person", {"full_name", "national_id", "address", "house_code", "phone", "account_no"}, ["account_no"]),
    "utility.csv": ("person", {"full_name", "address", "house_code", "phone", "account_no"}, ["account_no"]),
    "waste.csv": ("person", {"full_name", "address", "phone", "account_no"}, ["account_no"]),
    "complaint.csv": ("person", {"full_name", "national_id", "phone", "address", "account_no", "status"}, ["account_no"]),
    "dog.xlsx": ("pet", {"ext_id", "species", "name", "sex", "colour", "vaccinated_on", "sterilised", "owner_name", "owner_id", "address",
                         "phone"}, ["ext_id"]),
    "houses.geojson": ("house", {"house_code", "house_no", "moo", "village", "house_kind"}, ["house_code"]),
    "buildings.gpkg": ("building", {"ext_id", "house_code", "house_no", "moo", "storeys", "material", "use", "floor_height_m",
                                    "area_m2", "value_baht", "built_year"}, ["ext_id"]),
    "parcels.zip": ("parcel", {"deed_kind", "deed_no", "land_office", "survey_sheet", "land_no", "ltax_code", "land_use", "area_rai",
                               "area_ngan", "area_wa", "owner_name", "owner_id"}, ["ltax_code"]),
    "places.geojson": ("place", {"ext_id", "name", "place_kind", "capacity", "phone", "is_shelter"}, ["ext_id"]),
    "assets.csv": ("asset", {"ext_id", "asset_kind", "name", "state", "installed", "lon", "lat"}, ["ext_id"]),
    "areas.geojson": ("area", {"code", "area_kind", "name", "quality"}, ["area_kind", "code"]),
    "roads.geojson": ("road", {"ext_id", "name", "road_kind", "surface", "width_m"}, ["ext_id"]),
    "business.xlsx": ("business", {"name", "juristic_id", "business_kind", "license_no", "house_no", "moo", "phone", "owner_name",
                                   "lon", "lat"}, ["license_no"]),
    "stations.csv": ("station", {"code", "name", "station_kind", "quantities", "lon", "lat"}, ["code"]),
    "readings.csv": ("reading", {"station", "quantity", "time", "value"}, ["station", "quantity", "time"]),
    "waterways.geojson": ("waterway", {"ext_id", "name", "waterway_kind"}, ["ext_id"]),
}  # fmt: skip


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write_town(folder, people=1200, seed=7)
    return folder / "raw"


@pytest.mark.parametrize("file", EXPECTED)
def test_every_list_of_the_demo_town_is_understood_without_help(town, file):
    kind, fields, key = EXPECTED[file]
    book = read_file(town / file)
    assert [problem.code for problem in book.problems] == []
    proposal = propose_for(book.sheets[0], file)
    assert proposal.kind == kind
    assert set(proposal.fields) == fields
    assert proposal.key == key
    assert not proposal.unsure


def test_every_file_of_the_demo_town_is_in_this_test_or_no_list(town):
    others = {path.name for path in town.iterdir()} - set(EXPECTED)
    for name in others:
        if not name.endswith((".tif", ".md", ".txt")):
            proposal = propose_for(read_file(town / name).sheets[0], name)
            assert not proposal.unsure, name


def test_the_day_of_a_list_is_read_from_its_title(town):
    assert as_of(read_file(town / "vhv.xlsx").sheets[0]) == date(2026, 9, 30)


def sheet_of(tmp_path, *rows):
    return read_file(text_file(tmp_path / "list.csv", rows, delimiter=";")).sheets[0]


def test_a_list_with_english_headings_is_understood(tmp_path):
    head = ["No", "Title", "First name", "Surname", "ID card", "Date of birth", "House No.", "Moo", "Mobile"]
    rows = [[1, "นาย", "สมชาย", "ใจดี", SOMCHAI, "13/04/2492", "1/2", "5", "0812345678"]] * 4
    proposal = propose_for(sheet_of(tmp_path, head, *rows))
    assert proposal.kind == "person"
    assert set(proposal.fields) == {
        "title",
        "first_name",
        "last_name",
        "national_id",
        "birth",
        "house_no",
        "moo",
        "phone",
    }


def test_columns_without_headings_are_told_by_their_values(tmp_path):
    rows = [["นายสมชาย ใจดี", SOMCHAI, "0812345678", "12/3 ม.5"], ["นางมาลี แก้วงาม", MALEE, "0898765432", "99 หมู่ 2"]]
    sheet = read_file(workbook(tmp_path / "x.xlsx", rows)).sheets[0]
    proposal = propose_for(sheet, kind="person")
    assert proposal.fields == {
        "full_name": "คอลัมน์ A", "national_id": "คอลัมน์ B", "phone": "คอลัมน์ C", "address": "คอลัมน์ D"
    }  # fmt: skip


def test_whole_names_under_surname_are_not_taken_for_surnames(tmp_path):
    proposal = propose_for(
        sheet_of(
            tmp_path, ["ชื่อ-สกุล", "เลขบัตร"], ["นายสมชาย ใจดี", SOMCHAI], ["นางมาลี แก้วงาม", MALEE], ["นายบุญมี คำปัน", MALEE]
        )
    )
    assert "full_name" in proposal.fields
    assert "last_name" not in proposal.fields


def test_a_column_whose_values_deny_its_heading_is_doubted(tmp_path):
    good = sheet_of(tmp_path, ["ชื่อ", "เบอร์โทร"], *[["สมชาย", "0812345678"]] * 5)
    bad = sheet_of(tmp_path, ["ชื่อ", "เบอร์โทร"], *[["สมชาย", "ไม่สะดวกให้"]] * 5)
    sure = propose(profile(good), "person").field_confidence["phone"]
    assert propose(profile(bad), "person").field_confidence.get("phone", 0) < sure - 0.4


def test_a_ruined_id_column_is_asked_about(tmp_path):
    sheet = sheet_of(tmp_path, ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน"], *[["สมชาย", "ใจดี", "3.1E+12"]] * 4)
    assert [question.code for question in propose_for(sheet).questions] == ["excel_float"]


def test_a_table_that_could_be_anything_is_asked_about(tmp_path):
    proposal = propose_for(sheet_of(tmp_path, ["ชื่อ", "ประเภท"], ["ก", "1"], ["ข", "2"]))
    assert proposal.unsure
    assert proposal.questions[0].code == "which_kind"
    assert len(proposal.questions[0].options) == 3


def test_metres_without_prj_become_a_question_with_choices(tmp_path):
    shapes = [shapely.Point(495_000 + n, 2_072_000) for n in range(5)]
    path = layer(tmp_path / "x.geojson", shapes, {"บ้านเลขที่": ["1"] * 5, "รหัสประจำบ้าน": ["50990123456"] * 5}, crs=None)
    proposal = propose_for(read_file(path).sheets[0])
    question = next(question for question in proposal.questions if question.code == "crs_unknown")
    assert {"EPSG:32647", "EPSG:24047#1", "EPSG:24047#2"} <= {value for value, _ in question.options}


def test_a_key_that_repeats_is_not_proposed_as_key(tmp_path):
    rows = [["สมชาย", "ใจดี", SOMCHAI]] * 3 + [["มาลี", "แก้วงาม", MALEE]]
    assert propose_for(sheet_of(tmp_path, ["ชื่อ", "นามสกุล", "เลขบัตรประชาชน"], *rows)).key == []


def test_known_open_data_is_taken_exactly(tmp_path):
    head = [
        "id",
        "provinceCode",
        "districtCode",
        "subdistrictCode",
        "subdistrictNameEn",
        "subdistrictNameTh",
        "postalCode",
    ]
    proposal = propose_for(sheet_of(tmp_path, head, [1, 50, 5001, 500109, "Mae Hia", "แม่เหียะ", 50100]))
    assert (proposal.kind, proposal.constants, proposal.key) == ("place_code", {"level": "tambon"}, ["code"])
    assert proposal.fields["parent"] == "districtCode"
    assert proposal.confidence == 1.0


def test_what_goes_nowhere_is_told(tmp_path):
    sheet = sheet_of(tmp_path, ["ชื่อ", "นามสกุล", "งานอดิเรก", "ลำดับ"], ["สมชาย", "ใจดี", "ตกปลา", "1"])
    assert propose_for(sheet, kind="person").unmapped == ["งานอดิเรก"]


def test_a_remembered_mapping_is_used_again(tmp_path):
    sheet = sheet_of(tmp_path, PEOPLE_HEAD, *PEOPLE)
    mapping = Mapping("person", {"full_name": "ชื่อ"}, layout=PEOPLE_HEAD)
    proposal = propose(profile(sheet), remembered=mapping, around=about_sheet(sheet))
    assert (proposal.fields, proposal.confidence, proposal.unsure) == ({"full_name": "ชื่อ"}, 1.0, False)


def test_a_remembered_mapping_asks_when_a_column_was_renamed(tmp_path):
    head = [*PEOPLE_HEAD[:4], "เลข ปชช. 13 หลัก", *PEOPLE_HEAD[5:]]
    mapping = Mapping("person", {"national_id": "เลขประจำตัวประชาชน", "first_name": "ชื่อ"}, layout=PEOPLE_HEAD)
    proposal = propose(profile(sheet_of(tmp_path, head, *PEOPLE)), remembered=mapping)
    assert proposal.unsure
    assert {question.code for question in proposal.questions} & {"column_renamed", "column_missing"}


def test_headings_that_differ_in_spaces_only_are_the_same_layout(tmp_path):
    head = ["ลำดับ ", "คำ นำ หน้า", "ชื่อ", "นาม-สกุล", "เลขประจำตัว ประชาชน", "วัน เกิด", "บ้าน เลขที่", "หมู่ที่"]
    mapping = Mapping("person", {"national_id": "เลขประจำตัวประชาชน", "first_name": "ชื่อ"}, layout=PEOPLE_HEAD)
    proposal = propose(profile(sheet_of(tmp_path, head, *PEOPLE)), remembered=mapping)
    assert proposal.fields["national_id"] == "เลขประจำตัว ประชาชน"
    assert not proposal.unsure


@pytest.mark.parametrize(
    ("cells", "field"), [(["12/3", "7/1", "99"], "house_no"), (["ท001", "ท002", "ท003"], "ext_id")]
)
def test_a_word_with_two_meanings_is_decided_by_the_values(tmp_path, cells, field):
    rows = [["สมชาย", "ใจดี", cell] for cell in cells]
    proposal = propose_for(sheet_of(tmp_path, ["ชื่อ", "นามสกุล", "เลขที่"], *rows), kind="person")
    assert proposal.fields[field] == "เลขที่"


def test_a_kind_without_what_it_needs_is_asked_about(tmp_path):
    proposal = propose_for(sheet_of(tmp_path, ["สถานี", "ค่า"], ["S1", "5"]), kind="reading")
    assert [question.code for question in proposal.questions] == ["need_missing", "need_missing"]


def test_what_was_settled_for_a_source_stays_settled(tmp_path):
    sheet = sheet_of(tmp_path, PEOPLE_HEAD, *PEOPLE)
    owner = Mapping("house", {"house_no": "บ้านเลขที่"})
    settled = Mapping("person", {"full_name": "ชื่อ"}, crs="EPSG:24047#2", repairs=["swap_lat_lon"], new_columns="discard", also=[owner],
                      sheets="first", layout=PEOPLE_HEAD)  # fmt: skip
    again = propose_for(sheet, remembered=settled).mapping(sheet.header)
    assert again == settled
