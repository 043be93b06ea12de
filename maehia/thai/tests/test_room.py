"""What holds for the whole room: any text is survived, every data file says where it comes from."""

from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai
from maehia.thai.data import load_yaml

READERS: list[Callable[[str], object]] = [
    thai.clean_text,
    thai.collation_key,
    thai.e164,
    thai.explain_date,
    thai.explain_id,
    thai.format_house_code,
    thai.format_national_id,
    thai.format_phone,
    thai.house_office,
    thai.id_hint,
    thai.id_holders,
    thai.is_juristic_id,
    thai.is_organisation,
    thai.is_mobile,
    thai.is_national_id,
    thai.is_place_code,
    thai.looks_like_excel_date,
    thai.looks_like_excel_float,
    thai.name_key,
    thai.normalize_house_code,
    thai.normalize_house_no,
    thai.normalize_id,
    thai.normalize_ltax,
    thai.normalize_phone,
    thai.parse_address,
    thai.parse_birth,
    thai.parse_date,
    thai.parse_deed_kind,
    thai.parse_land_area,
    thai.parse_name,
    thai.parse_survey_sheet,
    thai.parse_title,
    thai.phone_numbers,
    thai.place_level,
    thai.sound_key,
    thai.split_persons,
    thai.thai_aqi_pm25,
    thai.to_arabic,
    thai.to_thai,
]
DATA_FILES = sorted(f.name for f in files("maehia.thai.data").iterdir() if f.name.endswith(".yaml"))
# Letters of other scripts, digits that Python calls digits but int() or a table may not know, marks, signs.
nasty = st.text(
    st.sampled_from("๑²①٣五০\u0e4d\u0e33\u0e48์ฤๅฯๆน.ส.ม.5/-+() 0123456789นายหญิงว่าที่ABß\u0130\u200b\ud7ff😀\n"),
    max_size=25,
)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(text=st.one_of(st.text(max_size=40), nasty))
def test_no_text_makes_a_reader_fail(reader: Callable[[str], object], text: str) -> None:
    reader(text)


@given(st.text(max_size=20))
def test_a_spreadsheet_column_is_survived_too(text: str) -> None:
    found = thai.parse_date(text, date(2026, 11, 21), excel_serial=True)
    assert found is None or found.precision in ("day", "month", "year")


def test_a_very_long_cell_is_read_quickly() -> None:
    for cell in ("หมู่" * 20_000, "1 " * 20_000, "นาย" * 20_000, "0-" * 20_000, "((" * 20_000, "ม." * 20_000):
        for reader in READERS:
            reader(cell)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_data_file_says_its_source_its_day_and_whether_it_is_verified(name: str) -> None:
    data = load_yaml(name)
    assert data["source"]
    assert isinstance(data["checked_on"], date)
    assert data["verified"] in (True, False)


def test_there_are_77_provinces_with_their_own_codes_and_writings() -> None:
    rows = load_yaml("provinces.yaml")["provinces"]
    assert len(rows) == len({row["code"] for row in rows}) == len({row["name"] for row in rows}) == 77
    written = [short for row in rows for short in (row["name"], *row["short"])]
    assert len(written) == len(set(written))


def test_everything_the_room_offers_exists() -> None:
    assert sorted(thai.__all__) == sorted(set(thai.__all__))
    assert [name for name in thai.__all__ if not hasattr(thai, name)] == []
