"""Charts as SVG text, made by pure functions: the same picture on page, letter, wall and without JavaScript.

Marks take colours from classes of chart.css. Scales start at zero (a line of small change may say `zero=False`),
lines are labelled directly, there are at most six series, and every figure has its numbers as a table.

    bar, hbar, stacked, line, step      (labels, values or series, *, title, ...) -> str
    sparkline                           (values, *, title) -> str
    figure(kind, labels, data, ...)     -> Figure for web/parts/chart.html, drawn wide and narrow
"""

from maehia.web.charts.bars import bar, hbar, stacked
from maehia.web.charts.figure import Figure, figure
from maehia.web.charts.frame import MAX_SERIES, Series, Target
from maehia.web.charts.lines import line, sparkline, step

__all__ = ["MAX_SERIES", "Figure", "Series", "Target", "bar", "figure", "hbar", "line", "sparkline", "stacked", "step"]
