"""The parts of the second register: slips of the pen, pools of names, a ledger that knows each day."""

import random
from pathlib import Path

import numpy as np
import pytest

from bench.second import slips
from bench.second.family_names import surname_texts
from bench.second.given import load_given
from bench.second.tables import Ledger

REPOSITORY = Path(__file__).resolve().parents[2]


class TestSlips:
    def test_neighbouring_keys_are_those_of_the_kedmanee_layout(self):
        assert set(slips.KEDMANEE["ก"]) >= {"ห", "ด", "ำ", "แ", "ฏ"}
        assert "ส" in slips.KEDMANEE["ว"]
        assert all("ก" <= k <= "๎" for near in slips.KEDMANEE.values() for k in near)

    @pytest.mark.parametrize(
        ("slip", "word", "possible"),
        [
            (slips.silent, "พงษ์", {"พง", "พงษ"}),
            (slips.silent, "สิทธิ์", {"สิท", "สิทธิ"}),
            (slips.vowel, "ทิม", {"ทีม"}),
            (slips.tone, "ก่อ", {"กอ", "ก้อ", "ก๊อ", "ก๋อ", "ก่่อ"}),
            (slips.turn, "กข", {"ขก"}),
            (slips.sound, "ณ", {"น"}),
        ],
    )
    def test_a_slip_stays_within_its_kind(self, slip, word, possible):
        seen = {slip(word, random.Random(i)) for i in range(60)}
        assert seen <= possible
        assert seen

    @pytest.mark.parametrize("slip", [slips.tone, slips.silent, slips.sound])
    def test_a_word_without_a_place_for_the_slip_stays(self, slip):
        assert slip("มา", random.Random(1)) == "มา"

    def test_a_digit_slip_always_changes_a_digit_or_the_length(self):
        assert all(slips.digit_slip("1509900258294", random.Random(i)) != "" for i in range(50))
        changed = [slips.digit_slip("1509900258294", random.Random(i)) != "1509900258294" for i in range(200)]
        assert np.mean(changed) > 0.9


class TestParts:
    def test_name_pools_have_hundreds_of_names_and_skewed_counts(self):
        given = load_given()
        for sex in (0, 1):
            for generation in range(4):
                weights = given.weights[sex, generation]
                assert len(weights) >= 300
                assert 0.1 < np.sort(weights)[-10:].sum() < 0.4

    def test_surnames_differ_by_the_ten_thousands_and_are_reused_beyond_their_number(self):
        names = surname_texts(60_000, np.random.default_rng(1))
        assert len(set(names)) == 60_000
        many = surname_texts(400_000, np.random.default_rng(1))
        assert len(many) == 400_000
        assert 250_000 < len(set(many)) < 400_000

    def test_ledger_answers_what_was_true_on_a_day(self):
        ledger, now = Ledger(), np.array([3, 9])
        ledger.note(np.array([0]), np.array([100]), np.array([1]))
        ledger.note(np.array([0]), np.array([200]), np.array([2]))
        who = np.array([0, 0, 0, 0, 1])
        days = np.array([99, 100, 199, 200, 50])
        assert ledger.at(now, who, days).tolist() == [1, 2, 2, 3, 9]

    def test_ledger_without_changes_answers_with_today(self):
        assert Ledger().at(np.array([7]), np.array([0]), 5).tolist() == [7]
