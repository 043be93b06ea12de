"""A chart with its sentence, its source and its numbers as a table: what web/parts/chart.html takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from maehia.web.charts.bars import bar, hbar, stacked
from maehia.web.charts.frame import NARROW, WIDE, Number, Series
from maehia.web.charts.lines import line, step

KINDS: dict[str, Callable[..., str]] = {"bar": bar, "hbar": hbar, "stacked": stacked, "line": line, "step": step}
BY_SERIES = {"stacked", "line"}


@dataclass(frozen=True, slots=True)
class Figure:
    """finding: the sentence that the picture shows; what: what is drawn and its unit; rows: the table twin."""

    finding: str
    what: str
    svg: SafeString
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    source: str
    as_of: date | None = None


def _series(kind: str, data: Sequence[Any], what: str) -> list[Series]:
    return list(data) if kind in BY_SERIES else [Series(what, data)]


def _twin(labels: Sequence[str], series: Sequence[Series], first: str) -> tuple[list[str], list[list[Any]]]:
    """Headers and rows; a band adds its two ends as columns."""
    headers: list[str] = [first]
    columns: list[list[Any]] = [list(labels)]
    for row in series:
        headers.append(row.name)
        columns.append(list(row.values))
        if row.low and row.high:
            headers += [f"{row.name} (ต่ำ)", f"{row.name} (สูง)"]
            columns += [list(row.low), list(row.high)]
    return headers, [list(cells) for cells in zip(*columns, strict=True)]


def figure(
    kind: str,
    labels: Sequence[str],
    data: Sequence[Number | None] | Sequence[Series],
    *,
    finding: str,
    what: str,
    source: str,
    first_header: str = "",
    as_of: date | None = None,
    **options: Any,
) -> Figure:
    """Draw a chart of a kind ("bar", "hbar", "stacked", "line", "step") twice, for wide and for narrow places.

    data: numbers, or `Series` for stacked and line. options: those of the kind (unit, target, highlight, zero).
    Refuses a figure without a source.
    """
    if not source:
        raise ValueError("a chart names its source")
    draw = KINDS[kind]
    wide, narrow = (draw(labels, data, title=what, width=size, **options) for size in (WIDE, NARROW))
    headers, rows = _twin(labels, _series(kind, data, what), first_header)
    both = f'<div class="chart-wide">{wide}</div><div class="chart-narrow">{narrow}</div>'
    return Figure(finding, what, mark_safe(both), headers, rows, source, as_of)  # noqa: S308 - every text is escaped
