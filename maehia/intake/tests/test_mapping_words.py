"""The words of Thai offices: the data files are sound, and the wording of real forms leads to the right columns."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
import shapely

from maehia.intake.mapping import Around, profile, propose
from maehia.intake.mapping.transforms import FAST, TYPES
from maehia.intake.reading import Sheet
from maehia.intake.words import bare, forms, is_heading_word, kinds, load_data, words

VALUES = {
    "person": ["นายสมชาย ใจดี", "นางมาลี แก้วงาม", "ด.ช.บุญมี คำปัน"],
    "id": ["3100600445635", "1129900166199", "1509900258294"],
    "tax": ["0105552029681", "0993000133978", "0994000617721"],
    "date": ["13 เม.ย. 2492", "1/2/2511", "๕ มิ.ย. ๒๕๖๐"],
    "house_no": ["123/4", "99", "7/1"],
    "moo": ["5", "2", "10"],
    "code": ["A-001", "A-002", "A-003"],
    "house_code": ["50990123456", "50990123467", "50990123478"],
    "phone": ["0812345678", "053-123456", "089-8765432"],
    "address": ["123/4 ม.5 ต.ตัวอย่าง", "99 หมู่ 2 ต.ตัวอย่าง", "7/1 ม.10"],
    "name": ["สมชาย", "มาลี", "บุญมี"],
    "title": ["นาย", "นาง", "ด.ช."],
    "sex": ["ชาย", "หญิง", "ชาย"],
    "word": ["ก", "ข", "ค"],
    "number": ["12.5", "3", "41"],
    "whole": ["1", "2", "3"],
    "yes": ["ใช่", "ไม่ใช่", "ใช่"],
    "lon": ["98.951234", "98.96123", "98.94001"],
    "lat": ["18.741234", "18.75123", "18.74001"],
    "ltax": ["01A001", "01A002", "02B113"],
    "time": ["2026-01-31 07:00", "2026-01-31 08:00", "2026-01-31 09:00"],
}


def proposal(columns, kind=None, geometry=()):
    """columns: heading -> name in VALUES."""
    table = {"row_no": [2, 3, 4], **{heading: VALUES[values] for heading, values in columns.items()}}
    sheet = Sheet("แผ่น", list(columns), pa.table(table))
    return propose(profile(sheet), kind, around=Around([shape.geom_type for shape in geometry]))


POINT, LINE = shapely.Point(98.95, 18.74), shapely.LineString([(98.95, 18.74), (98.96, 18.75)])
AREA = shapely.box(98.95, 18.74, 98.96, 18.75)

FORMS = [
    ("person", (), {"ที่": "whole", "คำนำหน้าชื่อ": "title", "ชื่อ": "name", "สกุล": "name", "เลขประจำตัวประชาชน 13 หลัก": "id", "ว.ด.ป. เกิด": "date"},
     {"title": "คำนำหน้าชื่อ", "first_name": "ชื่อ", "last_name": "สกุล", "national_id": "เลขประจำตัวประชาชน 13 หลัก", "birth": "ว.ด.ป. เกิด"}),
    ("person", (), {"ชื่อ-นามสกุล": "person", "หมายเลขบัตรประชาชน": "id", "บ้านเลขที่": "house_no", "หมู่ที่": "moo", "จำนวนเงิน (บาท)": "number", "ประเภทเบี้ยยังชีพ": "word"},
     {"full_name": "ชื่อ-นามสกุล", "national_id": "หมายเลขบัตรประชาชน", "amount_baht": "จำนวนเงิน (บาท)", "benefit": "ประเภทเบี้ยยังชีพ"}),
    ("person", (), {"ลำดับที่": "whole", "ชื่อผู้ใช้น้ำ": "person", "เลขที่ผู้ใช้น้ำ": "code", "ที่อยู่": "address", "เบอร์โทรศัพท์": "phone"},
     {"account_no": "เลขที่ผู้ใช้น้ำ", "full_name": "ชื่อผู้ใช้น้ำ", "phone": "เบอร์โทรศัพท์"}),
    ("person", (), {"PID": "id", "FNAME": "name", "LNAME": "name", "BIRTH": "date", "SEX": "sex", "HID": "house_code"},
     {"national_id": "PID", "first_name": "FNAME", "last_name": "LNAME", "birth": "BIRTH", "sex": "SEX", "house_code": "HID"}),
    ("person", (), {"เลขประจำตัวประชาชน": "id", "ชื่อ - สกุล": "person", "ประเภทความพิการ": "word", "ระดับการพึ่งพา": "word", "ที่อยู่ตามทะเบียนบ้าน": "address"},
     {"need_kinds": "ประเภทความพิการ", "need_level": "ระดับการพึ่งพา", "full_name": "ชื่อ - สกุล"}),
    ("person", (), {"เลขบัตรประชาชน": "id", "ชื่อตัว": "name", "ชื่อสกุล": "name", "ย้ายเข้าเมื่อ": "date", "ย้ายออกเมื่อ": "date", "วันที่ตาย": "date"},
     {"moved_in": "ย้ายเข้าเมื่อ", "moved_out": "ย้ายออกเมื่อ", "died": "วันที่ตาย"}),
    ("house", (POINT,), {"รหัสประจำบ้าน": "house_code", "เลขที่บ้าน": "house_no", "หมู่": "moo", "ประเภทบ้าน": "word"},
     {"house_code": "รหัสประจำบ้าน", "house_no": "เลขที่บ้าน", "house_kind": "ประเภทบ้าน"}),
    ("building", (AREA,), {"รหัสอาคาร": "code", "จำนวนชั้น": "whole", "โครงสร้าง": "word", "พื้นที่ (ตร.ม.)": "number", "ราคาประเมิน": "number"},
     {"storeys": "จำนวนชั้น", "material": "โครงสร้าง", "area_m2": "พื้นที่ (ตร.ม.)", "value_baht": "ราคาประเมิน"}),
    ("parcel", (AREA,), {"เลขที่โฉนด": "code", "ระวาง": "code", "เลขที่ดิน": "code", "ไร่": "whole", "งาน": "whole", "ตร.ว.": "number", "ชื่อเจ้าของ": "person"},
     {"deed_no": "เลขที่โฉนด", "survey_sheet": "ระวาง", "land_no": "เลขที่ดิน", "area_rai": "ไร่", "area_ngan": "งาน", "area_wa": "ตร.ว.", "owner_name": "ชื่อเจ้าของ"}),
    ("parcel", (), {"รหัสแปลงที่ดิน": "ltax", "เนื้อที่ / ไร่": "whole", "เนื้อที่ / งาน": "whole", "เนื้อที่ / ตร.วา": "whole", "ผู้ถือกรรมสิทธิ์": "person", "ประเภทเอกสารสิทธิ์": "word"},
     {"ltax_code": "รหัสแปลงที่ดิน", "area_rai": "เนื้อที่ / ไร่", "area_ngan": "เนื้อที่ / งาน", "owner_name": "ผู้ถือกรรมสิทธิ์", "deed_kind": "ประเภทเอกสารสิทธิ์"}),
    ("business", (), {"เลขที่ใบอนุญาต": "code", "ชื่อสถานประกอบการ": "word", "ประเภทกิจการ": "word", "เลขทะเบียนนิติบุคคล": "tax", "ชื่อผู้ประกอบการ": "person"},
     {"license_no": "เลขที่ใบอนุญาต", "name": "ชื่อสถานประกอบการ", "business_kind": "ประเภทกิจการ", "juristic_id": "เลขทะเบียนนิติบุคคล"}),
    ("place", (POINT,), {"ชื่อสถานที่": "word", "ประเภท": "word", "รองรับได้ (คน)": "whole", "ใช้เป็นศูนย์พักพิง": "yes"},
     {"name": "ชื่อสถานที่", "place_kind": "ประเภท", "capacity": "รองรับได้ (คน)", "is_shelter": "ใช้เป็นศูนย์พักพิง"}),
    ("asset", (), {"รหัสครุภัณฑ์": "code", "ชนิดทรัพย์สิน": "word", "สภาพการใช้งาน": "word", "พิกัด X": "lon", "พิกัด Y": "lat"},
     {"ext_id": "รหัสครุภัณฑ์", "asset_kind": "ชนิดทรัพย์สิน", "state": "สภาพการใช้งาน", "lon": "พิกัด X", "lat": "พิกัด Y"}),
    ("pet", (), {"ชนิดสัตว์": "word", "ชื่อสุนัข": "word", "เพศ": "sex", "สี/ตำหนิ": "word", "ฉีดวัคซีนเมื่อ": "date", "ทำหมัน": "yes", "ชื่อเจ้าของ": "person"},
     {"species": "ชนิดสัตว์", "name": "ชื่อสุนัข", "colour": "สี/ตำหนิ", "vaccinated_on": "ฉีดวัคซีนเมื่อ", "owner_name": "ชื่อเจ้าของ"}),
    ("road", (LINE,), {"ชื่อถนน": "word", "ผิวจราจร": "word", "กว้าง (เมตร)": "number"}, {"name": "ชื่อถนน", "surface": "ผิวจราจร", "width_m": "กว้าง (เมตร)"}),
    ("waterway", (LINE,), {"ชื่อลำเหมือง": "word", "ประเภททางน้ำ": "word"}, {"name": "ชื่อลำเหมือง", "waterway_kind": "ประเภททางน้ำ"}),
    ("area", (AREA,), {"ชื่อชุมชน": "word", "ประเภทพื้นที่": "word", "รหัสพื้นที่": "code"}, {"name": "ชื่อชุมชน", "area_kind": "ประเภทพื้นที่", "code": "รหัสพื้นที่"}),
    ("station", (), {"รหัสสถานี": "code", "ชื่อสถานี": "word", "ประเภทสถานี": "word", "ละติจูด": "lat", "ลองจิจูด": "lon"},
     {"code": "รหัสสถานี", "name": "ชื่อสถานี", "station_kind": "ประเภทสถานี", "lon": "ลองจิจูด", "lat": "ละติจูด"}),
    ("reading", (), {"สถานี": "code", "พารามิเตอร์": "word", "วันเวลา": "time", "ค่าตรวจวัด": "number"},
     {"station": "สถานี", "quantity": "พารามิเตอร์", "time": "วันเวลา", "value": "ค่าตรวจวัด"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "geometry", "columns", "expected"), FORMS, ids=[f"{form[0]}-{index}" for index, form in enumerate(FORMS)]
)
def test_the_wording_of_an_office_form_is_understood(kind, geometry, columns, expected):
    found = proposal(columns, geometry=geometry)
    assert found.kind == kind
    assert expected.items() <= found.fields.items()
    assert "which_kind" not in {question.code for question in found.questions}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_canonical_name_is_a_heading_of_its_kind(kind):
    """Our own exports can be read again without help."""
    fields = {name: kinds()[kind].fields[name] for name in kinds()[kind].fields}
    sample = {"national_id": "id", "owner_id": "id", "juristic_id": "tax", "date": "date", "house_no": "house_no", "moo": "moo", "phone": "phone",
              "house_code": "house_code", "full_name": "person", "name": "name", "title": "title", "sex": "sex", "pet_sex": "sex", "bool": "yes",
              "address": "address", "lon": "lon", "lat": "lat", "ltax": "ltax", "datetime": "time", "money": "number", "number": "number",
              "int": "whole", "year": "whole"}  # fmt: skip
    found = proposal({name: sample.get(type_, "word") for name, type_ in fields.items()}, kind)
    assert found.fields == {name: name for name in fields}


def test_every_kind_of_the_plan_is_there():
    assert set(kinds()) == {
        "person", "house", "building", "parcel", "business", "place", "asset", "pet", "area", "road", "waterway", "station",
        "reading", "place_code",
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_data_of_a_kind_names_only_its_own_columns(kind):
    entry = kinds()[kind]
    known = set(entry.fields) | {"geometry"}
    assert {name for names in entry.key for name in names} <= known
    assert set(entry.identity) <= known
    assert {name for names in entry.needs for name in names} <= known
    assert set(entry.signs) <= known
    assert set(entry.personal) <= known
    assert set(entry.fields.values()) <= set(TYPES)
    assert entry.label


def test_every_word_means_a_column_that_exists():
    data = load_data("headings.yaml")
    everything = {name for kind in kinds().values() for name in kind.fields}
    assert set(data["common"]) <= everything
    for kind, entries in data["kinds"].items():
        assert set(entries) <= set(kinds()[kind].fields), kind
    for layout in data["layouts"]:
        assert set(layout["fields"]) | set(layout["constants"]) <= set(kinds()[layout["kind"]].fields)


def test_no_word_is_empty_or_of_one_column_twice():
    data = load_data("headings.yaml")
    for entries in [data["common"], *data["kinds"].values()]:
        for name, synonyms in entries.items():
            assert all(isinstance(word, str) and bare(word) for word in synonyms), name


def test_the_fast_way_is_only_for_types_that_exist():
    assert set(FAST) <= set(TYPES)


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("เลขประจำตัว\nประชาชน", "เลขประจำตัวประชาชน"),
        ("ว/ด/ป เกิด", "วดปเกิด"),
        ("E-mail", "email"),
        ("หมู่ ๕", "หมู่5"),
        ("ชื่อ (ไทย)", "ชื่อไทย"),
        ("First_Name", "firstname"),
    ],
)
def test_headings_are_compared_without_dress(heading, form):
    assert bare(heading) == form


def test_a_heading_is_tried_whole_without_brackets_and_below_its_group():
    assert forms("ที่อยู่ / บ้านเลขที่ (เดิม)") == ["ที่อยู่บ้านเลขที่เดิม", "ที่อยู่บ้านเลขที่", "บ้านเลขที่เดิม", "บ้านเลขที่"]


@pytest.mark.parametrize(
    ("cell", "known"),
    [("เลขบัตรประชาชน", True), ("ลำดับที่", True), ("เลขบัตรประชาชนผู้ยื่น", True), ("สมชาย", False), ("123", False)],
)
def test_heading_words_are_told_from_values(cell, known):
    assert is_heading_word(cell) is known


def test_general_words_say_nothing_inside_a_longer_heading():
    assert bare("ประเภท") in words().general
    assert "asset_kind" not in proposal({"ประเภทสมาชิกชมรม": "word", "ชื่อ": "word"}, "asset").fields


def test_words_of_one_kind_only_speak_for_it():
    counts = Counter(word for kind in kinds() for word in words().only(kind))
    assert max(counts.values()) == 1
    assert bare("ชื่อลำเหมือง") in words().only("waterway")
