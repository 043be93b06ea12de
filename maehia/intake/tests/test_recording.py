from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, to_wkb

from maehia.evidence.models import RECORDS
from maehia.intake.recording import make_batches
from maehia.intake.recording.person import names_organisation, need_kind, person_values
from maehia.intake.recording.things import thing_values

DAY = date(2026, 9, 30)


def one(kind, row, **options):
    batches = make_batches("vhv", kind, [{"ext_id": "7", "row_no": 5, "sheet": "สำรวจ", **row}], as_of=DAY, **options)
    return {batch.kind: list(batch.rows) for batch in batches}


def test_a_survey_row_becomes_a_person_with_an_address():
    said = one(
        "person", {"full_name": "นางมาลี สุขใจดี", "birth": "13 เม.ย. 92", "address": "๑๒/๓ ม.๕", "phone": "081-234-5678"}
    )
    person = said["person"][0]
    assert person["ref"] == "vhv:7"
    assert (person["title"], person["first_name"], person["last_name"]) == ("นาง", "มาลี", "สุขใจดี")
    assert (person["birth"], person["birth_precision"]) == (date(1949, 4, 13), "day")
    assert (person["house_no"], person["moo"], person["sex"]) == ("12/3", 5, "F")
    assert person["phone"] == "0812345678"


def test_own_address_columns_win_over_the_written_address():
    said = person_values({"full_name": "นายบุญ มา", "address": "9 หมู่ 9", "house_no": "12/3", "moo": "หมู่ที่ 5"}, DAY)
    assert (said["house_no"], said["moo"]) == ("12/3", 5)


def test_a_title_glued_to_the_first_name_is_taken_apart():
    said = person_values({"first_name": "นางสาวใจดี", "last_name": "มั่งมี"}, DAY)
    assert (said["title"], said["first_name"], said["sex"]) == ("นางสาว", "ใจดี", "F")


def test_needs_stand_apart_from_the_person_and_only_on_a_legal_ground():
    row = {"full_name": "นางมาลี สุขใจดี", "need_kinds": "ติดเตียง, ใช้ออกซิเจน", "need_note": "เครื่องไฟฟ้า"}
    with_ground = one("person", row, need_ground="s26_5_a")
    assert [n["need_kind"] for n in with_ground["need"]] == ["bedridden", "oxygen"]
    assert {n["person_ref"] for n in with_ground["need"]} == {"vhv:7"}
    assert not any("need" in name for name in with_ground["person"][0])
    assert one("person", row)["need"] == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [("ติดเตียง", "bedridden"), ("ผู้ป่วยฟอกไต", "dialysis"), ("พิการทางการมองเห็น", "blind"), ("หูหนวก", "deaf"),
     ("อยู่คนเดียว", "alone"), ("ปกติ", ""), ("-", ""), ("สิ่งที่ไม่รู้จัก", "other")],
)  # fmt: skip
def test_a_word_of_a_list_is_a_kind_of_need(word, kind):
    assert need_kind(word) == kind


def test_an_owner_of_a_parcel_is_a_person_who_points_at_it():
    said = one("parcel", {"deed_no": "12345", "ltax_code": "1A1", "owner_name": "นายบุญมา สุขใจดี", "area_rai": "1.5"})
    assert said["parcel"][0]["ltax_code"] == "01A001"
    assert said["parcel"][0]["area_rai"] == Decimal("1.5")
    owner = said["person"][0]
    assert (owner["role"], owner["about_kind"], owner["about_ref"]) == ("owner", "parcel", "vhv:7")
    assert owner["ref"] == "vhv.owner:7"


def test_a_company_is_kept_but_is_no_person():
    assert names_organisation("บริษัท ครัวสองพี่น้อง จำกัด", None)
    assert not names_organisation("นายวัดชัย ใจดี", None)
    assert one("person", {"full_name": "วัดป่าสมมติ"})["person"][0]["role"] == "organisation"


def test_a_pets_owner_has_an_address_and_the_pet_a_house():
    said = one("pet", {"species": "สุนัข", "name": "ทองแท้", "sex": "ผู้", "sterilised": "ทำแล้ว", "owner_name": "นายบุญ มา",
                       "address": "45 ม.2"})  # fmt: skip
    pet = said["pet"][0]
    assert (pet["sex"], pet["sterilised"], pet["house_no"], pet["moo"]) == ("M", True, "45", 2)
    assert said["person"][0]["role"] == "pet_owner"


def test_a_place_takes_its_point_from_the_layer_or_from_its_coordinates():
    at = Point(98.95, 18.74)
    assert thing_values("place", {"name": "วัด", "geometry": to_wkb(at)}, DAY)["geom"].coords == (98.95, 18.74)
    assert thing_values("place", {"name": "วัด", "lon": "98.95", "lat": "18.74"}, DAY)["geom"].coords == (98.95, 18.74)
    assert thing_values("place", {"name": "วัด", "lon": "98.95"}, DAY)["geom"] is None
    assert thing_values("place", {"name": "วัด", "lon": "950", "lat": "18"}, DAY)["geom"] is None


def test_a_building_year_in_buddhist_era_is_read_as_common_era():
    assert thing_values("building", {"built_year": "2540"}, DAY)["built_year"] == 1997


@given(st.dictionaries(st.sampled_from(["full_name", "birth", "address", "phone", "national_id", "moo", "died", "need_kinds",
                                        "amount_baht", "sex", "title", "first_name"]), st.text(max_size=40)))  # fmt: skip
def test_no_cell_whatever_stops_a_row_and_every_value_has_a_column(row):
    said = one("person", row, need_ground="s26_5_a")
    for kind, rows in said.items():
        for values in rows:
            assert set(values) - {"ref", "row_no", "sheet"} <= set(RECORDS[kind].VALUES)
