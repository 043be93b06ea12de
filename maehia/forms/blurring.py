"""Faces, number plates and house numbers made unreadable where an officer marked them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from maehia.base import Problem, ProblemError
from maehia.forms.photos import Photo, encode

MOST_BOXES = 40
BLOCKS = 5  # along the longer side of a box: too few to tell one face or plate from another
LEAST_BLOCK = 0.025  # of the longer side of the picture: a small box becomes one or two flat colours
EDGE = 0.02  # of the picture: what stands at the edge of a box goes too


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the picture, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


def check_boxes(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The boxes that lie on the picture. Raises ProblemError no_boxes, too_many_boxes, box_outside."""
    found = tuple(boxes)
    if not found:
        raise ProblemError(Problem("no_boxes", "ยังไม่ได้เลือกส่วนที่จะปิดบัง", fix="ลากกรอบบนภาพ หรือกรอกตัวเลขของกรอบ"))
    if len(found) > MOST_BOXES:
        raise ProblemError(Problem("too_many_boxes", f"ปิดบังได้ไม่เกิน {MOST_BOXES} กรอบ", fix="รวมกรอบที่อยู่ใกล้กัน"))
    for number, box in enumerate(found, start=1):
        if not (0 <= box.x < 1 and 0 <= box.y < 1 and 0 < box.width <= 1 and 0 < box.height <= 1):
            raise ProblemError(Problem("box_outside", "กรอบอยู่นอกภาพ", f"กรอบที่ {number}", "ใช้ตัวเลข 0 ถึง 100"))
    return found


def blur_photo(jpeg: bytes, boxes: Iterable[Box], received_sha256: str) -> Photo:
    """A new photo in which the boxes are a few flat squares; the pixels below them are in none of its bytes."""
    found = check_boxes(boxes)
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    for box in found:
        area = _pixels(box, picture.size)
        picture.paste(_mosaic(picture.crop(area), LEAST_BLOCK * max(picture.size)), area[:2])
    return encode(picture, received_sha256)


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    left, top = int((box.x - EDGE) * width), int((box.y - EDGE) * height)
    right, bottom = round((box.x + box.width + EDGE) * width), round((box.y + box.height + EDGE) * height)
    return max(0, left), max(0, top), min(width, max(right, left + 1)), min(height, max(bottom, top + 1))


def _mosaic(part: Image.Image, least: float) -> Image.Image:
    step = max(*part.size, least * BLOCKS) / BLOCKS
    few = (max(1, round(part.width / step)), max(1, round(part.height / step)))
    return part.resize(few, Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
