"""Files without a time of writing; needs that never name a diagnosis."""

from __future__ import annotations

import json
import zipfile
from datetime import date

import openpyxl
import pytest
import python_calamine

from maehia.demo import needs
from maehia.demo.files import NOTICE, Sheet, column, write_csv, write_geojson, write_xlsx, zip_bytes
from maehia.demo.people import Person

DAY = date(2026, 11, 21).toordinal()


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_spreadsheets_do(index, name):
    assert column(index) == name


def test_a_workbook_is_read_alike_by_two_readers(tmp_path):
    path = tmp_path / "two.xlsx"
    rows = [["หัวตาราง"], ["ก & <ข>", 12, 1.5, date(2026, 1, 31), None, ""], ["", "  เว้นวรรค  "]]
    write_xlsx(path, [Sheet("แผ่น 1", rows, ["A1:D1"]), Sheet("ว่าง", [])], "ทดสอบ")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["แผ่น 1", "ว่าง"]
    sheet = book["แผ่น 1"]
    assert [cell.value for cell in sheet[2]][:3] == ["ก & <ข>", 12, 1.5]
    assert sheet["D2"].value.date() == date(2026, 1, 31)
    assert sheet["B3"].value == "  เว้นวรรค  "
    other = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("แผ่น 1").to_python()
    assert other[1][:4] == ["ก & <ข>", 12.0, 1.5, date(2026, 1, 31)]


def test_a_workbook_carries_the_notice_and_no_time_of_writing(tmp_path):
    path = tmp_path / "still.xlsx"
    write_xlsx(path, [Sheet("ก", [["ข"]])], "ทดสอบ")
    with zipfile.ZipFile(path) as book:
        assert {info.date_time for info in book.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert NOTICE in book.read("docProps/core.xml").decode()


def test_zips_of_the_same_files_are_the_same_bytes():
    assert zip_bytes({"ก.txt": b"1", "b": b"2"}) == zip_bytes({"ก.txt": b"1", "b": b"2"})


def test_tis620_cannot_be_read_as_utf8(tmp_path):
    path = tmp_path / "old.csv"
    write_csv(path, [("ชื่อ",), ("สมศรี",)], "cp874")
    assert path.read_bytes().decode("cp874").split() == ["ชื่อ", "สมศรี"]
    with pytest.raises(UnicodeDecodeError):
        path.read_text(encoding="utf-8")


def test_geojson_is_one_feature_a_line_with_the_notice(tmp_path):
    path = tmp_path / "points.geojson"
    points = [{"type": "Feature", "properties": {"n": n}, "geometry": None} for n in range(3)]
    assert write_geojson(path, "points", points, quality="sketch") == 3
    read = json.loads(path.read_text(encoding="utf-8"))
    assert (read["notice"], read["quality"], len(read["features"])) == (NOTICE, "sketch", 3)


def elder(age, key=5):
    return Person(key, "F", DAY - int(age * 365.25), "บัวคำ", "ใจดี", 1)


@pytest.mark.parametrize(("age", "amount"), [(64, 600), (74, 700), (84, 800), (94, 1000)])
def test_the_elderly_allowance_grows_with_age(age, amount):
    need = next(
        n for n in (needs.need_of(seed, elder(age), DAY, False) for seed in range(60)) if n.benefits == (needs.ELDERLY,)
    )
    assert need.amount == amount


def test_who_lives_alone_is_marked_and_has_nobody_to_help():
    need = needs.need_of(1, elder(80), DAY, alone=True)
    assert needs.ALONE in need.kinds
    assert "ไม่มีผู้ดูแลในบ้าน" in need.note


def test_the_same_person_has_the_same_need_at_every_call():
    assert needs.need_of(9, elder(77), DAY, False) == needs.need_of(9, elder(77), DAY, False)


def test_a_bedridden_person_depends_on_others_entirely():
    found = [needs.need_of(1, elder(88, key), DAY, False) for key in range(400)]
    bedridden = [need for need in found if needs.BEDRIDDEN in need.kinds]
    assert bedridden
    assert {need.level for need in bedridden} == {needs.LEVELS[2]}


def test_small_children_get_the_newborn_grant_and_no_need():
    need = needs.need_of(1, elder(2), DAY, False)
    assert (need.benefits, need.kinds, need.amount) == ((needs.NEWBORN,), (), 600)


def test_all_kinds_of_need_occur_among_a_few_thousand_elders():
    kinds = {kind for key in range(4000) for kind in needs.need_of(1, elder(80, key), DAY, key % 5 == 0).kinds}
    assert {needs.ALONE, needs.BEDRIDDEN, needs.OXYGEN, needs.DIALYSIS, needs.DEMENTIA} <= kinds
    assert kinds & set(needs.DISABILITIES)
