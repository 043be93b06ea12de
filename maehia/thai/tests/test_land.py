"""Title documents, tax-map codes, survey sheets, and ไร่-งาน-ตารางวา."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01A001", "01A001"),
        ("1A1", "01A001"),
        ("1a1", "01A001"),
        ("01-A-001", "01A001"),
        ("01 A 001", "01A001"),
        ("๐๑A๐๐๑", "01A001"),
        ("01A001/2", "01A001/2"),
        ("1A1/02", "01A001/2"),
        ("12B345/678", "12B345/678"),
    ],
)
def test_a_lot_of_the_tax_map_has_one_form(written: str, code: str) -> None:
    assert thai.normalize_ltax(written) == code


@pytest.mark.parametrize(
    "written",
    [None, "", "A001", "01001", "01AB001", "01A0001234", "01A000", "01A001/0", "01A001/1234", "123A001", "01ก001"],
)
def test_what_is_no_lot_is_refused(written: str | None) -> None:
    assert thai.normalize_ltax(written) is None


def test_old_thai_block_letters_need_the_map_of_the_town() -> None:
    assert thai.normalize_ltax("01ก001", {"ก": "A"}) == "01A001"
    assert thai.normalize_ltax("01ข001", {"ก": "A"}) is None


@given(st.from_regex(r"[0-9]{2}[A-Z](?!000)[0-9]{3}(/[1-9][0-9]{0,2})?", fullmatch=True))
def test_a_right_code_stays_as_it_is(code: str) -> None:
    assert thai.normalize_ltax(code) == code
    assert thai.normalize_ltax(code.lower()) == code


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("โฉนด", "chanote"),
        ("โฉนดที่ดิน", "chanote"),
        ("น.ส.4จ", "chanote"),
        ("น.ส. 4 จ.", "chanote"),
        ("นส.๔", "chanote"),
        ("น.ส.3", "ns3"),
        ("น.ส.3ก", "ns3k"),
        ("น.ส.3 ก.", "ns3k"),
        ("นส3ข", "ns3kh"),
        ("สปก.", "spk"),
        ("ส.ป.ก.4-01", "spk"),
        ("ส.ค.1", "sk1"),
        ("ภ.บ.ท.5", "local_tax"),
        ("ไม่มี", "none"),
        ("chanote", "chanote"),
    ],
)
def test_a_kind_of_document_is_known_by_every_way_to_write_it(written: str, key: str) -> None:
    kind = thai.parse_deed_kind(written)
    assert kind is not None
    assert kind.key == key


@pytest.mark.parametrize("written", [None, "", "ใบเสร็จ", "123"])
def test_other_papers_are_no_title_document(written: str | None) -> None:
    assert thai.parse_deed_kind(written) is None


@pytest.mark.parametrize(
    "written", ["5440IV4046", "5440 IV 4046", "ระวาง 5440 IV 4046", "5440iv4046", "5440Ⅳ4046", "5440-IV-4046"]
)
def test_a_survey_sheet_is_read_in_its_parts(written: str) -> None:
    sheet = thai.parse_survey_sheet(written)
    assert sheet == thai.SurveySheet("5440", "IV", "40", "46")
    assert str(sheet) == "5440IV4046"


@pytest.mark.parametrize("written", [None, "", "5440", "5440V4046", "5440IV40"])
def test_other_texts_are_no_survey_sheet(written: str | None) -> None:
    assert thai.parse_survey_sheet(written) is None


def test_land_is_measured_in_rai_ngan_and_wa() -> None:
    assert thai.land_area_m2(1) == 1600
    assert thai.land_area_m2(2, 1, Decimal("50.5")) == Decimal(3802)
    assert thai.land_area_m2(Decimal("15253.12")) == Decimal("24404992.00")  # the town: 24.405 km²


@pytest.mark.parametrize("written", ["2-1-50", "2 ไร่ 1 งาน 50 ตารางวา", "๒-๑-๕๐", "2-1-50.0 ตร.ว.", "2ไร่1งาน50วา"])
def test_an_area_is_read_from_its_three_numbers(written: str) -> None:
    assert thai.parse_land_area(written) == 3800


@pytest.mark.parametrize("written", [None, "", "2", "2-1", "สองไร่"])
def test_an_area_needs_all_three_numbers(written: str | None) -> None:
    assert thai.parse_land_area(written) is None


@given(st.integers(0, 10000), st.integers(0, 3), st.decimals(0, Decimal("99.99"), places=2))
def test_areas_come_back_from_the_screen(rai: int, ngan: int, wa: Decimal) -> None:
    area = thai.land_area_m2(rai, ngan, wa)
    assert thai.parse_land_area(thai.format_land_area(area)) == area
