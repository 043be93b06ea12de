"""Lines over time: with band and target, as steps, and small beside a number."""

from __future__ import annotations

import math
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
    check,
    describe,
    grid,
    known,
    margin,
    number,
    px,
    shorten,
    spread,
    svg,
    target_parts,
    text,
    text_width,
    thinned,
    value_scale,
)

Point = tuple[float, float]


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Unbroken stretches; a gap in the data is a gap in the line."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(points: Sequence[Point], stepped: bool) -> str:
    first, *rest = points
    parts = [f"M{px(first[0])} {px(first[1])}"]
    for x, y in rest:
        parts.append(f"H{px(x)}V{px(y)}" if stepped else f"L{px(x)} {px(y)}")
    return "".join(parts)


def _points(values: Sequence[Number | None], xs: Sequence[float], scale: Scale) -> list[Point | None]:
    good = (v is not None and math.isfinite(v) for v in values)
    return [(x, scale(float(v or 0))) if ok else None for v, x, ok in zip(values, xs, good, strict=True)]


def _band(row: Series, xs: Sequence[float], scale: Scale) -> list[str]:
    if not (row.low and row.high):
        return []
    parts = []
    both = zip(_points(row.low, xs, scale), _points(row.high, xs, scale), strict=True)
    pairs: list[tuple[Point, Point] | None] = [(a, b) if a and b else None for a, b in both]
    run: list[tuple[Point, Point]] = []
    for pair in [*pairs, None]:
        if pair:
            run.append(pair)
        elif run:
            outline = [high for _, high in run] + [low for low, _ in reversed(run)]
            parts.append(f'<path class="band" d="{_path(outline, False)}Z"/>')
            run = []
    return parts


def _stroke(row: Series, n: int, xs: Sequence[float], scale: Scale, stepped: bool) -> list[str]:
    parts = []
    for run in _runs(_points(row.values, xs, scale)):
        if len(run) == 1:
            parts.append(f'<circle class="dot s{n}" cx="{px(run[0][0])}" cy="{px(run[0][1])}" r="4"/>')
        else:
            parts.append(f'<path class="line s{n}" d="{_path(run, stepped)}"/>')
    return parts


def _last(values: Sequence[Number | None]) -> tuple[int, float] | None:
    known_at = [(i, float(v)) for i, v in enumerate(values) if v is not None and math.isfinite(v)]
    return known_at[-1] if known_at else None


def _end_labels(series: Sequence[Series], xs: Sequence[float], scale: Scale, right: float, room: float) -> list[str]:
    """Name and last value beside the end of each line, moved apart where lines end together."""
    ends = [(n, row, last) for n, row in enumerate(series, start=1) if (last := _last(row.values))]
    places = spread([scale(value) for _, _, (_, value) in ends], 20, scale.end, scale.start)
    parts = []
    for (n, row, (i, value)), y in zip(ends, places, strict=True):
        parts.append(f'<circle class="dot s{n}" cx="{px(xs[i])}" cy="{px(scale(value))}" r="4.5"/>')
        words = shorten(row.name, room - text_width(number(value)) - 22) if row.name else ""
        parts.append(text(right + 10, y + 5, f"{words} {number(value)}".strip(), f"label s{n}"))
    return parts


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    target: Target | None = None,
    zero: bool = True,
    stepped: bool = False,
    width: int = WIDE,
    height: int = 300,
) -> str:
    """Lines over equal steps of time. zero=False only for small change on a large value (say so in the words)."""
    check(labels, series)
    reach = [v for row in series for part in (row.values, row.low, row.high) for v in known(part)]
    reach += [float(target.value)] if target else []
    top = TOP + (22 if unit or target else 8)
    scale, marks = value_scale(reach, height - BOTTOM, top, zero=zero)
    left = margin(marks)
    longest = (
        max(text_width(f"{row.name} {number(last[1])}", 16) for row in series if (last := _last(row.values)))
        if reach
        else 0
    )
    room = min(longest + 16, width * (0.34 if width <= NARROW else 0.28))
    right = width - room
    gap = (right - left) / max(len(labels) - 1, 1)
    xs = [left + gap * i for i in range(len(labels))]
    parts = grid(scale, marks, left, right, unit)
    for row in series:
        parts += _band(row, xs, scale)
    parts += target_parts(target, scale, left, right)
    for n, row in enumerate(series, start=1):
        parts += _stroke(row, n, xs, scale, stepped)
    parts += _end_labels(series, xs, scale, right, room)
    for i in thinned(list(labels), right - left):
        parts.append(text(xs[i], height - 8, labels[i], "axis", "middle" if i else "start"))
    return svg(width, height, title, describe(labels, series, unit), parts)


def step(
    labels: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    name: str = "",
    unit: str = "",
    target: Target | None = None,
    width: int = WIDE,
    height: int = 260,
) -> str:
    """A value that holds until it changes: a level, a stock, a price."""
    series = [Series(name, values)]
    return line(labels, series, title=title, unit=unit, target=target, stepped=True, width=width, height=height)


def sparkline(values: Sequence[Number | None], *, title: str, width: int = 112, height: int = 28) -> str:
    """A small line beside a number: shape only, no scale; the last value has a dot."""
    numbers = known(values)
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    scale = Scale(low, high if high > low else low + 1, height - 4, 4)
    gap = (width - 8) / max(len(values) - 1, 1)
    xs = [4 + gap * i for i in range(len(values))]
    parts = [
        p
        for run in _runs(_points(values, xs, scale))
        if len(run) > 1
        for p in (f'<path class="line" d="{_path(run, False)}"/>',)
    ]
    if last := _last(values):
        parts.append(f'<circle class="dot" cx="{px(xs[last[0]])}" cy="{px(scale(last[1]))}" r="3"/>')
    return svg(width, height, title, "", parts, css="sparkline")
