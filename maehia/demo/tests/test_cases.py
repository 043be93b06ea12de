"""The plan of two years: seasons, hot spots, twins, the same each time; and photos that say that they are invented."""

from __future__ import annotations

import io
from collections import Counter
from datetime import datetime, timedelta

import pytest
from PIL import Image, ImageFont

from maehia.demo.cases import BANGKOK, fiscal_start, make_cases
from maehia.demo.pictures import SIZE, picture

UNTIL = datetime(2026, 11, 22, 9, 0, tzinfo=BANGKOK)


@pytest.fixture(scope="module")
def plan():
    return make_cases(2569, UNTIL)


def test_the_same_seed_plans_the_same_and_another_seed_something_else(plan):
    assert make_cases(2569, UNTIL) == plan
    assert make_cases(2570, UNTIL) != plan


def test_two_whole_fiscal_years_and_the_begun_one_are_planned(plan):
    assert fiscal_start(UNTIL.date()).isoformat() == "2024-10-01"
    assert fiscal_start(datetime(2026, 9, 30).date()).isoformat() == "2023-10-01"
    assert all(fiscal_start(UNTIL.date()) <= p.received.date() and p.received < UNTIL for p in plan)
    counts = Counter(p.kind for p in plan if p.twin_of is None)
    assert counts["report"] >= 1500
    assert counts["service"] == 300


def test_burning_comes_in_the_dry_months_and_flood_in_the_rain(plan):
    months = {
        code: Counter(p.received.month for p in plan if p.service == code) for code in ("burning", "flood_street")
    }
    burning, flood = months["burning"], months["flood_street"]
    assert burning[2] + burning[3] + burning[4] > 0.5 * burning.total()
    assert flood[8] + flood[9] + flood[10] > 0.5 * flood.total()
    assert flood[1] + flood[12] <= 2


def test_some_spots_come_back_three_times_within_a_year(plan):
    last_year = Counter((p.moo, p.spot) for p in plan if UNTIL - p.received < timedelta(days=365) and p.twin_of is None)
    assert sum(count >= 3 for count in last_year.values()) >= 11


def test_a_twin_repeats_an_earlier_report_of_the_same_spot(plan):
    twins = [p for p in plan if p.twin_of is not None]
    assert len(twins) > 30
    for twin in twins:
        first = plan[twin.twin_of]
        assert (twin.service, twin.moo, twin.spot) == (first.service, first.moo, first.spot)
        assert first.twin_of is None
        assert timedelta() < twin.received - first.received < timedelta(days=1)


def test_every_way_of_telling_and_a_few_sealed_ones_are_planned(plan):
    assert {p.channel for p in plan} == {
        "web", "line", "counter", "phone", "facebook", "letter", "damrongtham", "volunteer",
    }  # fmt: skip
    sealed = [p for p in plan if p.service in ("staff_conduct", "corruption")]
    assert 1 <= len(sealed) <= 20
    assert not any(step.kind in ("release", "me_too") for p in sealed for step in p.steps)


def test_what_is_old_has_been_answered(plan):
    ends = {"fixed", "cannot_fix", "not_ours", "forwarded", "cancelled", "moderated"}
    old = [p for p in plan if p.kind == "report" and p.twin_of is None and UNTIL - p.received > timedelta(days=60)]
    assert {next(s.to for s in reversed(p.steps) if s.kind == "state") for p in old} <= ends


def test_steps_stand_in_the_order_of_time(plan):
    for planned in plan:
        moves = [step.at for step in planned.steps if step.kind == "state"]
        assert moves == sorted(moves)


def test_a_photo_is_drawn_the_same_each_time_and_another_one_after_the_repair():
    font = ImageFont.load_default(40)
    before, after = picture("road", 1, font), picture("road", 1, font, after=True)
    assert before == picture("road", 1, font)
    assert before != after
    assert Image.open(io.BytesIO(before)).size == SIZE


@pytest.mark.parametrize(
    "kind", ["light", "road", "waste", "flood_street", "drain", "burning", "tree", "footpath", "no such kind"]
)
def test_every_photo_carries_its_mark(kind):
    """The corner of the mark is white with red letters, whatever is drawn behind."""
    corner = Image.open(io.BytesIO(picture(kind, 3, ImageFont.load_default(40)))).crop((0, 0, 60, 60))
    colours = [corner.getpixel((x, y)) for x in range(60) for y in range(60)]
    assert sum(min(c) > 235 for c in colours) > 1000
    assert any(c[0] > 110 and c[1] < 110 for c in colours)
