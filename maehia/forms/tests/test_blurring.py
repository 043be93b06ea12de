"""What an officer marks can no longer be made out; the rest of the photo stays."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from maehia.base import ProblemError
from maehia.forms.blurring import MOST_BOXES, Box, blur_photo, check_boxes
from maehia.forms.tests.files_cast import picture

SIZE = (400, 300)
FACE = Box(0.25, 0.25, 0.25, 0.5)


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("L")


def contrast(image: Image.Image, area: tuple[int, int, int, int]) -> float:
    return ImageStat.Stat(image.crop(area)).stddev[0]


def blurred(*boxes: Box):
    return blur_photo(picture(SIZE).getvalue(), boxes, "0" * 64)


class TestBlur:
    def test_stripes_are_gone_inside_and_stay_outside(self):
        image = opened(blurred(FACE).jpeg)
        assert contrast(opened(picture(SIZE).getvalue()), (100, 75, 200, 225)) > 100
        assert contrast(image, (100, 75, 200, 225)) < 25
        assert contrast(image, (250, 75, 390, 225)) > 100

    def test_the_small_one_is_drawn_from_the_blurred_one(self):
        made = blurred(FACE)
        assert contrast(opened(made.small), (100, 75, 200, 225)) < 25

    def test_the_edge_of_a_box_is_covered_too(self):
        image = opened(blurred(FACE).jpeg)
        assert contrast(image, (93, 75, 100, 225)) < 30

    def test_only_a_few_flat_squares_are_left(self):
        part = opened(blurred(Box(0.1, 0.1, 0.6, 0.6)).jpeg).crop((40, 30, 280, 210))
        levels = {round(value / 16) for value in part.resize((24, 18), Image.Resampling.NEAREST).tobytes()}
        assert len(levels) <= 8

    def test_size_and_origin_are_those_of_the_photo(self):
        made = blurred(FACE)
        assert (made.width, made.height, made.received_sha256) == (*SIZE, "0" * 64)

    def test_a_box_over_the_edge_is_cut_at_the_edge(self):
        assert contrast(opened(blurred(Box(0.8, 0.8, 1, 1)).jpeg), (330, 250, 398, 298)) < 25


class TestRefused:
    @pytest.mark.parametrize(("boxes", "code"), [
        ([], "no_boxes"),
        ([FACE] * (MOST_BOXES + 1), "too_many_boxes"),
        ([Box(-0.01, 0, 0.1, 0.1)], "box_outside"),
        ([FACE, Box(1, 0, 0.1, 0.1)], "box_outside"),
        ([Box(0, 0, 0, 0.1)], "box_outside"),
        ([Box(float("nan"), 0, 0.1, 0.1)], "box_outside"),
        ([Box(0, 0, float("inf"), 0.1)], "box_outside"),
    ])  # fmt: skip
    def test_boxes_that_are_not_on_the_picture(self, boxes, code):
        with pytest.raises(ProblemError) as caught:
            check_boxes(boxes)
        assert caught.value.problem.code == code


UNIT = st.floats(0, 0.999)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.builds(Box, UNIT, UNIT, st.floats(0.001, 1), st.floats(0.001, 1)), min_size=1, max_size=4))
def test_whatever_is_marked_the_middle_of_each_box_is_flat(boxes):
    image = opened(blurred(*boxes).jpeg)
    for box in boxes:
        x, y = int((box.x + min(box.width, 1 - box.x) / 2) * 400), int((box.y + min(box.height, 1 - box.y) / 2) * 300)
        x, y = min(max(x, 2), 397), min(max(y, 2), 297)
        assert contrast(image, (x - 2, y - 2, x + 2, y + 2)) < 60
