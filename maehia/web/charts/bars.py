"""Bars: upright, lying, stacked. Always from zero."""

from __future__ import annotations

from collections.abc import Sequence

from maehia.web.charts.frame import (
    BOTTOM,
    NARROW,
    TOP,
    WIDE,
    Number,
    Scale,
    Series,
    Target,
    box,
    check,
    describe,
    grid,
    known,
    margin,
    number,
    rule,
    shorten,
    svg,
    target_parts,
    text,
    text_width,
    thinned,
    value_scale,
)

ROW = 34


def _above(value: float, y: float) -> float:
    return y - 7 if value >= 0 else y + 18


def bar(
    labels: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    unit: str = "",
    target: Target | None = None,
    highlight: str = "",
    width: int = WIDE,
    height: int = 300,
) -> str:
    """Upright bars, each with its value. highlight: the one label in full colour, the others muted."""
    series = [Series("", values)]
    check(labels, series)
    reach = known(values) + ([float(target.value)] if target else [])
    top = TOP + (22 if unit or target else 8)
    scale, marks = value_scale(reach, height - BOTTOM, top)
    left, right = margin(marks), width - 4
    slot = (right - left) / max(len(labels), 1)
    thick = min(slot * 0.68, 72)
    parts = grid(scale, marks, left, right, unit)
    shown = thinned(list(labels), right - left)
    with_values = slot > max((text_width(number(v), 15) for v in known(values)), default=0) + 4
    for i, (label, value) in enumerate(zip(labels, values, strict=True)):
        middle = left + slot * (i + 0.5)
        if i in shown:
            parts.append(text(middle, height - 8, label, "axis", "middle"))
        if value is None:
            continue
        y = scale(float(value))
        css = "muted" if highlight and label != highlight else "s1"
        parts.append(box(middle - thick / 2, min(y, scale(0)), thick, abs(y - scale(0)), css))
        if with_values:
            parts.append(text(middle, _above(value, y), number(value), "label", "middle"))
    parts += target_parts(target, scale, left, right)
    return svg(width, height, title, describe(labels, series, unit), parts)


def hbar(
    labels: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    unit: str = "",
    highlight: str = "",
    width: int = WIDE,
) -> str:
    """Lying bars with long words: label above the bar on narrow pictures, left of it on wide ones."""
    series = [Series("", values)]
    check(labels, series)
    above = width <= NARROW * 1.3
    longest = max((text_width(label) for label in labels), default=0)
    left = 4.0 if above else min(longest + 14, width * 0.4)
    room = max((text_width(f"{number(v)} {unit}".strip(), 16) for v in known(values)), default=0) + 12
    row = ROW + 22 if above else ROW
    low, high = min([0.0, *known(values)]), max([0.0, *known(values)])
    scale = Scale(low, high if high > low else low + 1, left, width - room)
    height = row * len(labels) + 8
    parts = []
    for i, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = 4 + row * i
        if above:
            parts.append(text(left, y + 17, shorten(label, width - 8)))
        else:
            parts.append(text(left - 10, y + 22, shorten(label, left - 10), "", "end"))
        parts += _lying(
            value, scale, y + (24 if above else 5), unit, "muted" if highlight and label != highlight else "s1"
        )
    parts.append(rule(scale(0), 2, scale(0), height - 2, "zero"))
    return svg(width, height, title, describe(labels, series, unit), parts)


def _lying(value: Number | None, scale: Scale, y: float, unit: str, css: str) -> list[str]:
    if value is None:
        return [text(scale(0) + 6, y + 17, "–", "axis")]
    x = scale(float(value))
    return [
        box(min(x, scale(0)), y, abs(x - scale(0)), ROW - 12, css),
        text(max(x, scale(0)) + 6, y + 17, f"{number(value)} {unit}".strip(), "label"),
    ]


def stacked(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    width: int = WIDE,
) -> str:
    """Lying bars of parts of a whole, names above in the order of the parts. Negative parts are refused."""
    check(labels, series)
    if any(v < 0 for row in series for v in known(row.values)):
        raise ValueError("parts of a whole cannot be negative")
    above = width <= NARROW * 1.3
    longest = max((text_width(label) for label in labels), default=0)
    left = 4.0 if above else min(longest + 14, width * 0.35)
    totals = [sum(known([row.values[i] for row in series])) for i in range(len(labels))]
    room = max((text_width(f"{number(t)} {unit}".strip(), 16) for t in totals), default=0) + 12
    scale = Scale(0, max(totals, default=0) or 1, left, width - room)
    parts, y = _names(series, width)
    for i, label in enumerate(labels):
        words = (left, y + 17) if above else (left - 10, y + 22)
        parts.append(text(*words, shorten(label, width if above else left - 10), "", "start" if above else "end"))
        bar_y = y + (24 if above else 5)
        parts += _parts_of(i, series, scale, bar_y)
        parts.append(text(scale(totals[i]) + 6, bar_y + 17, f"{number(totals[i])} {unit}".strip(), "label"))
        y += ROW + 22 if above else ROW
    return svg(width, y + 4, title, describe(labels, series, unit), parts)


def _names(series: Sequence[Series], width: float) -> tuple[list[str], float]:
    """The key: a square and a name for each part, broken into lines."""
    parts: list[str] = []
    x, y = 4.0, 6.0
    for n, row in enumerate(series, start=1):
        need = text_width(row.name) + 38
        if x + need > width and x > 4:
            x, y = 4.0, y + 26
        parts += [box(x, y, 14, 14, f"s{n}"), text(x + 20, y + 13, row.name)]
        x += need
    return parts, y + 26


def _parts_of(i: int, series: Sequence[Series], scale: Scale, y: float) -> list[str]:
    parts, at = [], 0.0
    for n, row in enumerate(series, start=1):
        value = row.values[i]
        if not value:
            continue
        x1, x2 = scale(at), scale(at + float(value))
        parts.append(box(x1, y, x2 - x1, ROW - 12, f"part s{n}"))
        if x2 - x1 > text_width(number(value)) + 8:
            parts.append(text((x1 + x2) / 2, y + 17, number(value), "inside", "middle"))
        at += float(value)
    return parts
