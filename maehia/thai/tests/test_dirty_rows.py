"""The same invented people as seven lists of a town write them: after reading, the lists agree.

The cast: Somsri, born 1949, a widow in the estate ร่มโพธิ์; Kong, her grandson of ten; Sai Saeng, a worker
with one name and a 0-number. All of them are invented.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from maehia import thai

TODAY = date(2026, 11, 21)
SOMSRI_ID = "3500100000011"
SAI_ID = "0050100000011"


@dataclass(frozen=True)
class Row:
    """One row of a list, cell by cell as it came."""

    source: str
    name: str
    birth: str = ""
    number: str = ""
    address: str = ""
    phone: str = ""


SOMSRI = [
    Row("civil", "นางสมศรี ใจดี", "13 เมษายน 2492", SOMSRI_ID, "22/56 หมู่ที่ 3", "081-234-5678"),
    Row("vhv", "นาง สมศร\u0e35\u200b  ใจดี", "๑๓/๐๔/๒๔๙๒", "๓๕๐๐๑๐๐๐๐๐๐๑๑", "๒๒/๕๖ ม.๓", "๐๘๑ ๒๓๔ ๕๖๗๘"),
    Row("welfare", "นางสมศรี  ใจดี (ป้าศรี)", "13 เม.ย. 92", "3-5001-00000-01-1", "22-56 หมู่3", "812345678"),
    Row("tax", "นางสมศรี ใจดี กับพวก", "", "", "เลขที่ 22/56 ม.3 ม.บ.ร่มโพธิ์", "+66812345678"),
    Row("utility", "นางสมศรี ใจดี", "", "", "หมู่ 3 เลขที่ 22/56", "053-276491, 081-2345678"),
    Row("dog", "ป้า สมศรี ใจดี", "1949-04-13", "", "22/56ม.3 ต.แม่เหียะ", "081.234.5678"),
    Row("complaint", "นางสมศรี ใจดี", "1949-04-12T17:00:00Z", "", "22/56 Moo 3", "66812345678"),
]


@pytest.mark.parametrize("row", SOMSRI, ids=lambda row: row.source)
def test_somsri_has_one_name_in_every_list(row: Row) -> None:
    name = thai.parse_name(row.name)
    assert (name.first, name.last) == ("สมศรี", "ใจดี")
    assert (name.sex, name.adult) == ("F", True)


@pytest.mark.parametrize("row", [row for row in SOMSRI if row.birth], ids=lambda row: row.source)
def test_somsri_has_one_birthday_in_every_list(row: Row) -> None:
    assert thai.parse_birth(row.birth, TODAY) == thai.PartialDate(date(1949, 4, 13))


@pytest.mark.parametrize("row", [row for row in SOMSRI if row.number], ids=lambda row: row.source)
def test_somsri_has_one_number_in_every_list(row: Row) -> None:
    assert thai.normalize_id(row.number) == SOMSRI_ID
    assert thai.is_national_id(row.number)
    assert thai.id_holders(row.number) == ("person",)


@pytest.mark.parametrize("row", SOMSRI, ids=lambda row: row.source)
def test_somsri_lives_in_one_house_in_every_list(row: Row) -> None:
    address = thai.parse_address(row.address)
    assert (address.house_no, address.moo) == ("22/56", 3)


@pytest.mark.parametrize("row", SOMSRI, ids=lambda row: row.source)
def test_somsri_can_be_called_from_every_list(row: Row) -> None:
    assert "0812345678" in thai.phone_numbers(row.phone)


def test_kong_is_a_child_until_his_list_calls_him_a_man() -> None:
    assert thai.parse_name("ด.ช.ก้อง ใจดี").adult is False
    assert thai.parse_name("นายก้อง ใจดี").adult is True
    birth = thai.parse_birth("5 พ.ค. 59", TODAY)
    assert birth is not None
    assert thai.age_range(birth, TODAY) == (10, 10)


def test_kong_and_his_namesake_sound_alike_and_that_proves_nothing() -> None:
    assert thai.sound_key("ก้อง") == thai.sound_key("กอง")
    assert thai.name_key("ก้อง") != thai.name_key("กอง")


@pytest.mark.parametrize("full", ["นายจายแสง", "จายแสง -", "นายจายแสง (ไม่มีนามสกุล)", "นายจายแสง ไม่มีนามสกุล"])
def test_sai_saeng_has_one_name_and_no_surname(full: str) -> None:
    name = thai.parse_name(full)
    assert (name.first, name.last) == ("จายแสง", "")


def test_the_number_of_a_person_without_status_is_not_refused() -> None:
    assert thai.is_national_id(SAI_ID)
    assert "juristic" in thai.id_holders(SAI_ID)
    hint = thai.id_hint(SAI_ID)
    assert hint is not None
    assert "ไม่มีสถานะ" in hint.meaning


@pytest.mark.parametrize(
    ("cell", "reader"),
    [
        ("3.5001E+12", thai.normalize_id),
        ("30 ก.พ. 2560", thai.parse_date),
        ("1 ม.ค. 2650", thai.parse_date),
        ("12-May", thai.normalize_house_no),
        ("08123456789", thai.normalize_phone),
        ("5001", thai.normalize_house_code),
    ],
)
def test_a_ruined_cell_is_nothing_and_never_repaired(cell: str, reader: object) -> None:
    assert callable(reader)
    assert reader(cell) is None
