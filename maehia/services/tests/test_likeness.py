"""The same broken lamp twice is found before it is sent; two lamps side by side stay two."""

from hypothesis import given
from hypothesis import strategies as st

from maehia.services.rules.likeness import SHOWN, Report, alike, likely_same

DARK = Report("new", "lamp", 0.0, 0.0, "ไฟถนนดับหน้าวัด")


def found(*others, new=DARK, radius=200.0):
    return [f.report.key for f in likely_same(new, others, radius)]


def test_the_same_registered_lamp_is_first_whatever_the_words_say():
    asset = Report("new", "lamp", 0, 0, "ไฟดับ", asset="L7")
    others = [Report("near", "lamp", 1, 1, "ไฟดับ"), Report("same", "lamp", 3, 0, "เสาเอียง", asset="L7")]
    assert found(*others, new=asset) == ["same", "near"]


def test_two_registered_lamps_side_by_side_are_two():
    new = Report("new", "lamp", 0, 0, "ไฟดับ", asset="L7")
    assert found(Report("next", "lamp", 5, 0, "ไฟดับ", asset="L8"), new=new) == []


def test_another_category_is_another_report():
    assert found(Report("dog", "stray_dog", 0, 0, "ไฟถนนดับหน้าวัด")) == []


def test_beyond_the_radius_of_the_category_nothing_is_the_same():
    assert found(Report("far", "lamp", 200.1, 0, "ไฟถนนดับหน้าวัด")) == []
    assert found(Report("edge", "lamp", 200.0, 0, "ไฟถนนดับหน้าวัด")) == ["edge"]


def test_farther_off_only_like_words_count():
    assert found(Report("like", "lamp", 100, 0, "ไฟดับหน้าวัดครับ"), Report("not", "lamp", 100, 0, "กิ่งไม้พาดสาย")) == [
        "like"
    ]


def test_close_by_other_words_count_too():
    assert found(Report("close", "lamp", 20, 0, "มืดมาก")) == ["close"]


def test_a_report_is_not_its_own_duplicate():
    assert found(DARK) == []


def test_no_more_are_shown_than_a_phone_can_hold():
    assert len(found(*(Report(n, "lamp", n, 0, "ไฟถนนดับ") for n in range(20)))) == SHOWN


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_has_no_direction_and_stays_between_none_and_all(a, b):
    assert 0 <= alike(a, b) <= 1
    assert alike(a, b) == alike(b, a)


def test_words_that_say_nothing_are_like_nothing():
    assert alike("", "ไฟดับ") == alike("  ", "") == 0
