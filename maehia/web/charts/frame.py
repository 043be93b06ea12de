"""What all charts share: numbers to places, ticks, text widths, the outer SVG."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Number = float | int
MAX_SERIES = 6
WIDE, NARROW = 720, 340
FONT = 15
TOP, BOTTOM = 14, 30


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of numbers; None is a gap. low and high draw a band of uncertainty."""

    name: str
    values: Sequence[Number | None]
    low: Sequence[Number | None] = ()
    high: Sequence[Number | None] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A thin line to reach or not to pass."""

    value: Number
    label: str


def text_width(text: str, size: int = FONT) -> float:
    """Rough width in pixels; Thai vowels and tones above and below take no room."""
    wide = sum(1 for c in text if unicodedata.category(c) != "Mn")
    return wide * size * 0.54


def shorten(text: str, room: float, size: int = FONT) -> str:
    """The text, cut with an ellipsis (never between a letter and its vowel or tone) when it does not fit."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
        while text and unicodedata.category(text[-1]) == "Mn":
            text = text[:-1]
    return text.rstrip() + "…"


def number(value: Number) -> str:
    """1,234 or 1,234.5: as many decimals as mean something (two at most)."""
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def px(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at or below low to at or above high."""
    if high <= low:
        high = low + 1
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    unit = next(m for m in (1, 2, 2.5, 5, 10) if raw <= m * power * 1.0000001) * power
    first, last = math.floor(low / unit + 1e-9), math.ceil(high / unit - 1e-9)
    return [round(i * unit, 10) for i in range(first, last + 1)]


def known(values: Sequence[Number | None]) -> list[float]:
    """The finite numbers among the values."""
    return [float(v) for v in values if v is not None and math.isfinite(v)]


def check(labels: Sequence[str], series: Sequence[Series]) -> None:
    """Raises ValueError where a chart would mislead: too many series, or rows of another length."""
    if not 1 <= len(series) <= MAX_SERIES:
        raise ValueError(f"1 to {MAX_SERIES} series, not {len(series)}")
    for row in series:
        if any(len(part) not in (0, len(labels)) for part in (row.low, row.high)) or len(row.values) != len(labels):
            raise ValueError(f"series {row.name!r} does not have one value for each label")


@dataclass(frozen=True, slots=True)
class Scale:
    """Data to pixels along one side."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def value_scale(
    values: Sequence[float], start: float, end: float, *, zero: bool = True, about: int = 4
) -> tuple[Scale, list[float]]:
    """A scale over round ticks that holds all values (and zero)."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    marks = ticks(min(low, 0.0) if zero else low, max(high, 0.0) if zero else high, about)
    return Scale(marks[0], marks[-1], start, end), marks


def text(x: float, y: float, words: str, css: str = "", anchor: str = "start") -> str:
    """Words at a place."""
    shown = f' class="{css}"' if css else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{px(x)}" y="{px(y)}"{shown}{side}>{escape(words)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line class="{css}" x1="{px(x1)}" y1="{px(y1)}" x2="{px(x2)}" y2="{px(y2)}"/>'


def box(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{px(x)}" y="{px(y)}" width="{px(max(width, 0))}" height="{px(max(height, 0))}"/>'


def grid(scale: Scale, marks: Sequence[float], left: float, right: float, unit: str) -> list[str]:
    """Quiet horizontal lines with their values; the unit stands with the top one."""
    parts = []
    for mark in marks:
        y = scale(mark)
        parts.append(rule(left, y, right, y, "zero" if mark == 0 else "grid"))
        parts.append(text(left - 8, y + 5, number(mark), "axis", "end"))
    if unit:
        parts.append(text(left, scale(marks[-1]) - 8, unit, "axis"))
    return parts


def target_parts(target: Target | None, scale: Scale, left: float, right: float) -> list[str]:
    """The target's line, and its words above the plot: on the line they would meet the data."""
    if target is None:
        return []
    y = scale(float(target.value))
    words = text(right - 30, 14, target.label, "target-label", "end")
    return [rule(left, y, right, y, "target"), rule(right - 22, 9, right, 9, "target"), words]


def margin(marks: Sequence[float]) -> float:
    """Room for the value labels at the left."""
    return max(text_width(number(mark), 14) for mark in marks) + 14


def thinned(labels: Sequence[str], room: float) -> list[int]:
    """Which labels fit side by side: every n-th, and always the last."""
    if not labels:
        return []
    need = max(text_width(label, 14) for label in labels) + 12
    each = max(1, math.ceil(need * len(labels) / max(room, 1)))
    picked = list(range(len(labels) - 1, -1, -each))
    return sorted(picked)


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved apart so that labels do not touch, in the same order, kept inside."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    last = low - gap
    for i in order:
        moved[i] = last = max(places[i], last + gap)
    limit = high
    for i in reversed(order):
        moved[i] = limit = min(moved[i], limit)
        limit -= gap
    return moved


def svg(width: float, height: float, title: str, desc: str, parts: Sequence[str], *, css: str = "svg-chart") -> str:
    """The outer element. It is one image for a screen reader: title and description, the table has the numbers."""
    about = f"<title>{escape(title)}</title>" + (f"<desc>{escape(desc)}</desc>" if desc else "")
    label = escape(f"{title}: {desc}" if desc else title, quote=True)
    size = f'viewBox="0 0 {px(width)} {px(height)}" width="{px(width)}" height="{px(height)}"'
    names = f'class="{css}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}"'
    return f"<svg {names} {size}>{about}{''.join(parts)}</svg>"


def describe(labels: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """One plain sentence of extremes for the description, in the words of the data."""
    parts = []
    for row in series:
        pairs = [(v, label) for v, label in zip(row.values, labels, strict=True) if v is not None and math.isfinite(v)]
        if pairs:
            (low, at_low), (high, at_high) = min(pairs), max(pairs)
            name = f"{row.name} " if row.name else ""
            parts.append(f"{name}{number(low)} ({at_low}) – {number(high)} ({at_high}) {unit}".strip())
    return "; ".join(parts)
