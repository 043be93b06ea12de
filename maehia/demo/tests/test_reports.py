"""Invented reports: the same seed, the same texts; every category in many phrasings; slips leave a text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from maehia.demo.dice import Dice
from maehia.demo.reports import categories, fresh_sentences, hard_reports, hard_sentences, make_reports, phrasings
from maehia.demo.slips import slip


def test_the_same_seed_gives_the_same_texts_and_another_seed_others():
    first, again, other = (list(make_reports(1, seed)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_every_category_is_said_in_at_least_twenty_ways():
    counts = {code: sum(p.category == code for p in phrasings()) for code in categories()}
    assert len(counts) == 30
    assert min(counts.values()) >= 20


def test_no_slot_or_choice_is_left_open():
    assert not [r.text for r in make_reports(4) if re.search(r"[{}\[\]|]", r.text)]


def test_no_text_is_empty():
    assert all(report.text.strip() for report in make_reports(3))


def test_each_category_has_its_sentences_written_by_hand():
    for sentences, each in ((hard_sentences(), 10), (fresh_sentences(), 4)):
        assert {code: sum(s.category == code for s in sentences) for code in categories()} == dict.fromkeys(
            categories(), each
        )


def test_a_hard_sentence_comes_first_as_it_stands():
    made = list(hard_reports(3))
    assert [report.text for report in made[::3]] == [report.text for report in hard_sentences()]


@given(st.text(alphabet="ไฟถนนดับ่้ ครับ", min_size=1), st.integers(0, 500))
def test_a_slip_never_eats_the_whole_text(text, seed):
    assert slip(text, Dice(seed, "slips"))
