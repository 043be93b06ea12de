"""Fields accept what people type: Thai digits, spaces, dashes, พ.ศ. and ค.ศ."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils.translation import override
from lxml import html

from maehia.web import fields


class BornForm(forms.Form):
    born = fields.ThaiDateField(earliest=date(1900, 1, 1), latest=date(2026, 12, 31), autocomplete="bday")


class OptionalForm(forms.Form):
    born = fields.ThaiDateField(required=False)
    phone = fields.PhoneField(required=False)
    nid = fields.NationalIdField(required=False)


def born(day: str, month: str, year: str, form: type[forms.Form] = BornForm) -> forms.Form:
    return form({"born_day": day, "born_month": month, "born_year": year})


@pytest.mark.parametrize(
    "typed",
    [
        ("21", "11", "2510"),
        ("๒๑", "11", "๒๕๑๐"),
        (" 21 ", "11", " 2510 "),
        ("21", "11", "1967"),
        ("21 พ.ย. 2510", "", ""),
        ("21/11/2510", "", ""),
    ],
)
def test_a_date_is_read_however_it_is_typed(typed):
    form = born(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(1967, 11, 21)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("30", "2", "2510"), "ไม่มีในปฏิทิน"),
        (("31", "", "2510"), "ไม่มีในปฏิทิน"),
        (("", "5", "2510"), "ไม่มีในปฏิทิน"),
        (("1", "1", "2650"), ""),
        (("1", "1", "2570"), "อนาคต"),
        (("1", "6", "2430"), "เก่าเกินไป"),
        (("", "", ""), "ให้ครบ"),
        (("x", "y", "z"), ""),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_words(typed, words):
    form = born(*typed)
    assert not form.is_valid()
    assert words in str(form.errors)


def test_an_optional_date_may_be_left_out_but_not_half_filled():
    assert born("", "", "", OptionalForm).is_valid()
    assert not born("5", "", "", OptionalForm).is_valid()


def test_a_known_date_is_shown_in_buddhist_years():
    field = BornForm(initial={"born": date(1967, 11, 21)})["born"]
    page = html.fromstring(str(field))
    assert page.xpath("//input/@value") == ["21", "2510"]
    assert page.xpath("//option[@selected]/text()") == ["พฤศจิกายน"]
    assert page.xpath("//input[@id='id_born_0']/@autocomplete") == ["bday-day"]


def test_months_are_named_in_the_language_of_the_page():
    with override("en"):
        assert "November" in str(BornForm()["born"])


def test_each_box_of_a_date_has_its_own_label():
    page = html.fromstring(str(BornForm()["born"]))
    assert set(page.xpath("//label/@for")) == set(page.xpath("//input/@id | //select/@id"))


@pytest.mark.parametrize("typed", ["1234567890121", "1-2345-67890-12-1", "๑๒๓๔๕๖๗๘๙๐๑๒๑", "1 2345 67890 12 1"])
def test_an_id_is_read_however_it_is_grouped(typed):
    assert fields.NationalIdField().clean(typed) == "1234567890121"


@pytest.mark.parametrize(
    ("typed", "code"), [("12345", "length"), ("1234567890123", "check_digit"), ("3.1E+12", "length")]
)
def test_a_wrong_id_says_which_rule_is_broken(typed, code):
    with pytest.raises(forms.ValidationError) as raised:
        fields.NationalIdField().clean(typed)
    assert raised.value.code == code


def test_the_words_of_a_wrong_check_digit_are_a_whole_sentence():
    with pytest.raises(forms.ValidationError, match="ตัวเลขหลักที่ 13 ไม่ตรง"):
        fields.NationalIdField().clean("1234567890123")


@pytest.mark.parametrize("typed", ["0812345678", "081-234-5678", "+66 81 234 5678", "๐๘๑ ๒๓๔ ๕๖๗๘"])
def test_a_phone_is_read_however_it_is_written(typed):
    assert fields.PhoneField().clean(typed) == "0812345678"


def test_a_wrong_phone_says_what_to_do():
    with pytest.raises(forms.ValidationError, match="9 หรือ 10 หลัก"):
        fields.PhoneField().clean("12")


def test_optional_id_and_phone_may_be_empty():
    assert OptionalForm({}).is_valid()


MOOS = [("50010101", "หมู่ 1")]


def address(**data: str) -> fields.AddressForm:
    return fields.AddressForm(data, moos=MOOS)


@pytest.mark.parametrize("data", [{"house_no": "99/9"}, {"note": "ข้างวัด"}, {"lon": "98.94", "lat": "18.73"}])
def test_one_way_to_find_the_place_is_enough(data):
    assert address(**data).is_valid()


@pytest.mark.parametrize("data", [{}, {"moo": "50010101"}, {"lon": "98.94"}])
def test_no_way_to_find_the_place_is_refused(data):
    form = address(**data)
    assert not form.is_valid()
    assert "ปักหมุด" in str(form.errors)


@pytest.mark.parametrize("data", [{"lon": "18.73", "lat": "98.94"}, {"lon": "0", "lat": "0"}])
def test_swapped_or_foreign_places_are_refused(data):
    assert not address(**data).is_valid()


def test_the_pin_finds_its_two_hidden_fields():
    form = fields.AddressForm(moos=MOOS, prefix="home")
    assert form.pin_prefix == "id_home-"
    assert form["lon"].auto_id == form.pin_prefix + "lon"


def test_djangos_own_sentences_are_natural_thai():
    field = forms.CharField()
    with pytest.raises(forms.ValidationError, match="กรุณากรอกข้อมูลนี้"):
        field.clean("")
