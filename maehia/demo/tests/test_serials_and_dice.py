"""Numbers that belong to nobody, and chance that is the same everywhere."""

from __future__ import annotations

import pytest

from maehia.demo import serials
from maehia.demo.dice import Dice, Weighted, fading


@pytest.mark.parametrize("valid", ["3100600445635", "1112034563562", "8479988011441", "1234567890121"])
def test_the_check_digit_is_that_of_thai_ids(valid):
    assert serials.check_digit(valid[:12]) == valid[12]


@pytest.mark.parametrize("invalid", ["1234567890123", "0994000617723"])
def test_a_wrong_check_digit_is_seen(invalid):
    assert serials.check_digit(invalid[:12]) != invalid[12]


def test_invented_ids_never_repeat_and_come_from_no_province():
    made = [serials.national_id(n, "1") for n in range(60_000)]
    assert len(set(made)) == len(made)
    assert {nid[1:3] for nid in made} == {"98"}
    assert all(serials.check_digit(nid[:12]) == nid[12] for nid in made[:3000])


def test_phones_never_repeat_and_have_ten_digits():
    made = [serials.mobile(n) for n in range(200_000)]
    assert len(set(made)) == len(made)
    assert all(len(phone) == 10 and phone[:4] in {"0600", "0800", "0900"} for phone in made[:5000])


def test_house_codes_have_eleven_digits_and_never_repeat():
    made = [serials.house_code(n) for n in range(1, 50_000)]
    assert len(set(made)) == len(made)
    assert all(len(code) == 11 and code.startswith("9801") for code in made)


def test_juristic_numbers_begin_with_zero_and_are_valid():
    made = [serials.juristic_id(n) for n in range(1, 3000)]
    assert len(set(made)) == len(made)
    assert all(number[0] == "0" and serials.check_digit(number[:12]) == number[12] for number in made)


def test_fixed_lines_have_nine_digits():
    dice = Dice(1, "lines")
    assert all(len(serials.landline(dice)) == 9 for _ in range(20))


def test_streams_with_one_name_are_equal_and_others_differ():
    first, again, other = Dice(1, "a"), Dice(1, "a"), Dice(1, "b")
    draws = [dice.below(1_000_000) for dice in (first, again, other)]
    assert draws[0] == draws[1] != draws[2]


def test_the_first_draws_of_a_stream_are_written_down():
    """If this fails, the bytes of every demo town have changed."""
    dice = Dice(2569, "families")
    assert [dice.below(1000) for _ in range(6)] == FIRST_DRAWS


FIRST_DRAWS = [650, 433, 943, 905, 214, 949]


def test_shuffled_keeps_every_item_and_leaves_the_old_list_alone():
    items = list(range(50))
    mixed = Dice(1, "cards").shuffled(items)
    assert sorted(mixed) == items == list(range(50))
    assert mixed != items


def test_between_holds_both_ends():
    dice = Dice(1, "ends")
    assert {dice.between(3, 5) for _ in range(200)} == {3, 4, 5}


def test_weights_are_respected():
    dice, coin = Dice(1, "coin"), Weighted(("rare", "common"), (1, 9))
    drawn = [coin.pick(dice) for _ in range(4000)]
    assert 0.07 < drawn.count("rare") / 4000 < 0.13


def test_fading_prefers_the_first_items():
    dice, names = Dice(1, "names"), fading(tuple(range(100)))
    drawn = [names.pick(dice) for _ in range(5000)]
    assert drawn.count(0) > 3 * drawn.count(99)


def test_normal_stays_near_its_mean():
    dice = Dice(1, "bell")
    drawn = [dice.normal(50, 10) for _ in range(4000)]
    assert 49 < sum(drawn) / len(drawn) < 51
    assert sum(40 <= value <= 60 for value in drawn) > 0.6 * len(drawn)
