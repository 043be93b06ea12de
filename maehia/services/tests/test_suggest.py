"""The hint of a category: on invented sentences, below its limits, with its reasons; and what overruling costs it."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.demo.reports import categories, fresh_sentences, hard_sentences, make_reports, phrasings
from maehia.services.rules import suggest
from maehia.services.rules.suggest import Choice, measure

METRICS = json.loads((files("maehia.services") / "data" / "suggest_metrics.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ไฟถนนหน้าบ้านดับมาสามวันแล้วครับ", "light"),
        ("ไฟ ถนน ดับ 3 วัน แล้ว", "light"),
        ("ถนนเปนหลุมใหญมาก", "road"),  # tone marks left out
        ("รถขยะไม่มาเก็บสองอาทิตย์แล้ว", "waste"),
        ("ขี้เหยื้อล้นถัง บ่มีคนเก็บ", "waste"),
        ("น้ำประปาไม่ไหลตั้งแต่เช้า", "water_supply"),
        ("หมาจรจัดไล่กัดเด็ก", "animal_stray"),
        ("เพื่อนบ้านร้องคาราโอเกะเสียงดังทั้งคืน", "noise"),
    ],
)
def test_plain_reports_get_their_category_first(text, code):
    assert suggest.suggest(text)[0].code == code


def test_three_hints_at_most_best_first_and_no_more_sure_than_certain():
    hints = suggest.suggest("ท่อระบายน้ำอุดตันหน้าตลาด น้ำเอ่อขึ้นมาเหม็นมาก")
    assert 1 <= len(hints) <= 3
    assert [h.probability for h in hints] == sorted((h.probability for h in hints), reverse=True)
    assert sum(h.probability for h in hints) <= 1


@pytest.mark.parametrize("text", ["", "   ", "่้", "ก", "asdf qwer"])
def test_a_text_that_says_nothing_gets_no_hint(text):
    assert suggest.suggest(text) == []


def test_the_parts_that_spoke_are_shown_in_the_citizens_own_letters():
    parts = [reason.text for reason in suggest.explain("เมื่อวาน ไฟถนนดับ ที่หน้าวัด", "light")]
    assert any("ไฟ" in part for part in parts)
    assert all(part in "เมื่อวาน ไฟถนนดับ ที่หน้าวัด" for part in parts)


def test_an_unknown_category_has_no_reasons():
    with pytest.raises(KeyError):
        suggest.explain("ไฟถนนดับ", "nothing")


def test_a_text_too_short_for_words_has_no_reasons():
    assert suggest.explain("ก", "light") == []


@given(st.text(max_size=700))
def test_any_text_is_read_without_an_error_and_hints_are_probabilities(text):
    hints = suggest.suggest(text, limit=2)
    assert len(hints) <= 2
    assert all(0 <= h.probability <= 1 for h in hints)
    for reason in suggest.explain(text, "light"):
        assert reason.text in suggest.fold(text).text


@given(st.text(alphabet="กขคงไฟดับถน่้๊์ ", max_size=60))
def test_spaces_and_tone_marks_change_no_hint(text):
    bare = "".join(char for char in suggest.fold(text).chars)
    assert suggest.suggest(bare) == suggest.suggest(text)


def test_the_model_knows_every_category_that_people_may_choose():
    assert set(suggest.model().codes) == set(categories())


def test_the_model_is_small_enough_to_ship():
    assert (files("maehia.services") / "data" / "suggest_model.npz").stat().st_size <= 1_500_000


def test_the_metrics_are_those_of_the_shipped_model():
    """The fresh sentences again, by the file that is served."""
    model, fresh = suggest.model(), fresh_sentences()
    assert METRICS["model"]["threshold"] == model.threshold
    first = [model.codes[int(model.scores(suggest.buckets(r.text)).argmax())] for r in fresh]
    right = sum(code == report.category for code, report in zip(first, fresh, strict=True)) / len(fresh)
    assert METRICS["fresh_sentences"]["top1"] == round(right, 3)


def test_the_metrics_say_what_text_they_come_from():
    assert METRICS["hard_sentences"]["texts"] == len(hard_sentences()) == 300
    assert METRICS["text"]["phrasings"] == len(phrasings())
    assert "invented" in METRICS["statement"]["en"]
    assert "แต่งขึ้น" in METRICS["statement"]["th"]


def test_sentences_of_the_last_measurement_are_nowhere_in_the_training_text():
    learnt = {report.text for report in make_reports(1)} | {report.text for report in hard_sentences()}
    assert not learnt & {report.text for report in fresh_sentences()}


def test_overruling_is_counted_by_month():
    choices = [
        Choice("2026-11", ("light", "road"), "light"),
        Choice("2026-11", ("light", "road"), "road"),
        Choice("2026-11", ("light", "road"), "waste"),
        Choice("2026-11", (), "other"),
        Choice("2026-10", ("smoke",), "smoke"),
    ]
    months = measure(choices)
    assert list(months) == ["2026-10", "2026-11"]
    november = months["2026-11"]
    assert (november.cases, november.kept, november.near, november.overruled, november.silent) == (4, 1, 1, 1, 1)
    assert november.kept_share == pytest.approx(1 / 3)
    assert november.silent_share == 0.25
    assert november.confused["light", "waste"] == 1


def test_a_month_without_hints_has_no_share():
    assert measure([Choice("2026-11", (), "other")])["2026-11"].kept_share is None
