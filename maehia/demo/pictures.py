"""Invented photos, drawn: a dark lamp, a hole in the road, a heap of waste. Each says that it is one ("ภาพสมมติ")."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

from .dice import Dice

SIZE = (960, 720)
MARK = "ภาพสมมติ"
Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
NIGHT: Colour = (22, 28, 46)
DAY: Colour = (176, 206, 226)
ROAD: Colour = (96, 98, 102)
GRASS: Colour = (104, 140, 84)


def picture(kind: str, seed: int, font: Font, *, after: bool = False) -> bytes:
    """A JPEG of a category before or after the work; the same arguments give the same bytes.

    kind: a category of reports; one that has no drawing gets the street. font: for the mark, with Thai letters.
    """
    dice = Dice(seed, f"picture-{kind}")
    dark = kind == "light"
    image = Image.new("RGB", SIZE, _near(dice, NIGHT if dark else DAY))
    draw = ImageDraw.Draw(image)
    _street(draw, dice, dark=dark)
    _DRAWN.get(kind, _nothing)(draw, dice, after)
    _mark(draw, font)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def _near(dice: Dice, colour: Colour) -> Colour:
    shift = dice.between(-12, 12)
    r, g, b = (min(max(part + shift, 0), 255) for part in colour)
    return r, g, b


def _street(draw: ImageDraw.ImageDraw, dice: Dice, *, dark: bool) -> None:
    """Ground, houses, and a road that runs away to the horizon."""
    fade = 0.35 if dark else 1.0
    ground, road = (_faded(c, fade) for c in (GRASS, ROAD))
    draw.rectangle((0, 380, 960, 720), fill=ground)
    for n in range(5):
        left, top = n * 200 + dice.between(-30, 30), dice.between(230, 300)
        wall = _faded(_near(dice, (205, 190, 165)), fade)
        draw.rectangle((left, top, left + 130, 390), fill=wall)
        draw.polygon([(left - 12, top), (left + 65, top - 60), (left + 142, top)], fill=_faded((150, 84, 66), fade))
    draw.polygon([(420, 385), (540, 385), (900, 720), (60, 720)], fill=road)
    for n in range(5):
        y = 410 + n * n * 16
        draw.line((480, y, 480, y + 8 + n * 8), fill=_faded((226, 222, 196), fade), width=3 + 2 * n)


def _faded(colour: Colour, fade: float) -> Colour:
    r, g, b = (int(part * fade) for part in colour)
    return r, g, b


def _nothing(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    """The street alone."""


def _lamp(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    x = dice.between(640, 760)
    if after:
        for n in range(8):
            glow = 46 + n * 10
            draw.polygon(
                [(x - 110, 140), (x - 300 + n * 22, 720), (x + 120 - n * 22, 720)], fill=(glow, glow, glow // 2)
            )
    draw.rectangle((x, 120, x + 14, 620), fill=(92, 98, 108))
    draw.line((x + 6, 124, x - 120, 128), fill=(92, 98, 108), width=9)
    draw.ellipse((x - 140, 116, x - 88, 150), fill=(255, 244, 190) if after else (52, 56, 64))


def _hole(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    x, y = dice.between(330, 480), dice.between(520, 580)
    for n in range(3):
        _blob(draw, dice, (x + n * 90, y + n * 26), 70 - 12 * n, (66, 66, 70) if after else (44, 38, 32))
        if not after:
            _blob(draw, dice, (x + n * 90, y + n * 26), 40 - 8 * n, (112, 98, 76))


def _blob(draw: ImageDraw.ImageDraw, dice: Dice, at: tuple[int, int], radius: int, colour: Colour) -> None:
    corners = [radius * dice.spread(0.75, 1.2) for _ in range(14)]
    draw.polygon(
        [(at[0] + r * 1.5 * cos(n * pi / 7), at[1] + r * 0.55 * sin(n * pi / 7)) for n, r in enumerate(corners)],
        fill=colour,
    )


def _heap(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    x = dice.between(560, 640)
    draw.rectangle((x + 40, 470, x + 140, 610), fill=(52, 108, 78))
    if after:
        return
    for _ in range(26):
        bag = _near(dice, dice.pick(((34, 34, 38), (238, 236, 230), (70, 90, 160), (196, 66, 60))))
        left, top = x + dice.between(-140, 190), dice.between(520, 640)
        draw.ellipse((left, top, left + 66, top + 54), fill=bag)


def _water(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    if after:
        return
    draw.rectangle((0, 500, 960, 720), fill=(140, 118, 88))
    for _ in range(40):
        x, y = dice.between(0, 900), dice.between(510, 710)
        draw.line((x, y, x + dice.between(20, 70), y), fill=(168, 148, 116), width=3)


def _drain(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    draw.rectangle((330, 560, 610, 660), fill=(150, 150, 148))
    draw.rectangle((350, 574, 590, 646), fill=(110, 112, 112) if after else (34, 32, 30))
    if after:
        for n in range(9):
            draw.line((362 + n * 27, 576, 362 + n * 27, 644), fill=(60, 62, 62), width=6)
    else:
        for _ in range(18):
            x, y = dice.between(350, 570), dice.between(570, 640)
            draw.ellipse((x, y, x + 34, y + 14), fill=_near(dice, (96, 74, 44)))


def _fire(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    _blob(draw, dice, (700, 580), 80, (48, 42, 38))
    if after:
        return
    for n in range(12):
        grey = 120 + n * 8
        x, y = 700 + dice.between(-60, 60), 520 - n * 40
        draw.ellipse((x - 60 - n * 6, y - 40, x + 60 + n * 6, y + 40), fill=(grey, grey, grey))
    for n in range(7):
        x = 640 + n * 20
        draw.polygon([(x, 590), (x + 22, 500 + dice.between(0, 40)), (x + 44, 590)], fill=(236, 120 + n * 12, 40))


def _tree(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    if after:
        draw.ellipse((690, 560, 770, 600), fill=(132, 98, 62))
        return
    draw.line((880, 480, 260, 610), fill=(98, 72, 46), width=38)
    for _ in range(34):
        x, y = dice.between(120, 480), dice.between(500, 680)
        draw.ellipse((x, y, x + 80, y + 58), fill=_near(dice, (58, 108, 56)))


def _path(draw: ImageDraw.ImageDraw, dice: Dice, after: bool) -> None:
    for row in range(3):
        for n in range(10):
            x, y = 20 + n * 92 + row * 20, 560 + row * 52
            gone = not after and dice.chance(0.3)
            draw.rectangle((x, y, x + 84, y + 44), fill=(112, 96, 76) if gone else _near(dice, (190, 150, 130)))


_DRAWN: Mapping[str, Callable[[ImageDraw.ImageDraw, Dice, bool], None]] = {
    "light": _lamp, "road": _hole, "waste": _heap, "waste_dump": _heap, "flood_street": _water, "drain": _drain,
    "burning": _fire, "tree": _tree, "footpath": _path,
}  # fmt: skip


def _mark(draw: ImageDraw.ImageDraw, font: Font) -> None:
    box = draw.textbbox((0, 0), MARK, font=font)
    width, height = box[2] - box[0], box[3] - box[1]
    draw.rectangle((0, 0, width + 40, height + 36), fill=(255, 255, 255))
    draw.text((20 - box[0], 18 - box[1]), MARK, font=font, fill=(150, 20, 20))
