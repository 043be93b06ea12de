"""A category is found by the words that people use, also misspelt; an emergency is told before anything else."""

from __future__ import annotations

import pytest

from maehia.services.catalogue_files import shipped
from maehia.services.rules.emergencies import calls_for
from maehia.services.rules.finding import Entry, find, fold

ENTRIES = [
    Entry(d.code, (d.name.th, d.name.en), d.keywords, f"{d.description.th} {d.description.en}")
    for d in shipped().values() if d.kind == "report"
]  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["ไฟทาง", "ไฟถนน", "ไฟส่องสว่าง", "เสาไฟดับหน้าบ้าน", "ไฟ ทาง ดับ", "ไฟสองสวาง", "street light"]
)
def test_every_word_for_a_street_light_finds_the_street_light(typed):
    assert find(typed, ENTRIES)[0] == "light"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ถนนเป็นหลุม", "road"), ("ฟุตบาท", "footpath"), ("ท่อตัน", "drain"), ("หมาจรจัด", "animal_stray"), ("ขยะล้น", "waste"),
     ("น้ำท่วมขัง", "flood_street"), ("ยุงลาย", "mosquito"), ("cctv", "cctv")],
)  # fmt: skip
def test_common_words_find_their_category_first(typed, code):
    assert find(typed, ENTRIES)[0] == code


def test_a_slip_of_the_pen_still_finds():
    assert "footpath" in find("ทางเทา", ENTRIES)
    assert "drain" in find("ท่อระบายนำ", ENTRIES)


def test_one_letter_or_nonsense_finds_nothing():
    assert find("ไ", ENTRIES) == []
    assert find("", ENTRIES) == []
    assert find("qqzzxx", ENTRIES) == []


def test_tone_marks_and_blanks_do_not_count():
    assert fold("ท่อ ระบาย น้ำ") == fold("ทอระบายนำ้") == "ทอระบายนำ"


@pytest.mark.parametrize(
    ("text", "number"),
    [("ไฟไหม้บ้านในซอย", "199"), ("มีคนจมน้ำที่ฝาย", "1669"), ("รถชนมีคนเจ็บ", "1669"), ("น้ำป่ามาแล้ว", "1784"),
     ("มีคนถูกทำร้าย", "191"), ("a house on fire", "199")],
)  # fmt: skip
def test_an_emergency_gets_its_number_first(text, number):
    assert calls_for(text)[0].number == number


@pytest.mark.parametrize("text", ["ไฟทางดับ 3 ดวง", "ถังดับเพลิงหมดอายุ", "ขยะล้นถัง", "", "ขอให้ซ้อมดับเพลิงที่โรงเรียน"])
def test_everyday_reports_are_no_emergency(text):
    assert calls_for(text) == []
