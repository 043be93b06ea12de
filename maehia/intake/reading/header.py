"""Where the table begins: title rows above, one or two heading rows, a row of column numbers below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from maehia.intake.words import is_heading_word

Span = tuple[
    tuple[int, int], tuple[int, int]
]  # merged cells: ((first row, first column), (last row, last column)), 0-based

NUMBER_LIKE = re.compile(r"^[\s\d๐-๙.,/:+\-E]+$")
LONG_DIGITS = re.compile(r"[\d๐-๙]{5,}")
ORDINAL = re.compile(r"^\(?\s*[\d๐-๙]{1,3}\s*\)?$")
ORDINAL_STARTS = {"1", "(1)", "๑", "(๑)"}
LETTER = re.compile(r"[^\W\d_]")
LONGEST_HEADING = 70


@dataclass(slots=True)
class Header:
    """The headings of a table. first_row, last_row: 1-based rows of the file; 0 = the table has no headings."""

    names: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)  # those of `names` that the file itself gives
    first_row: int = 0
    last_row: int = 0
    titles: list[str] = field(default_factory=list)
    printed: list[tuple[str, ...]] = field(default_factory=list)
    _starts: set[str] = field(init=False, repr=False, default_factory=set)

    @property
    def found(self) -> bool:
        return self.last_row > 0

    def is_repeat(self, row: Sequence[str]) -> bool:
        """True for a heading printed again on the next page, and for the row "(1) (2) (3)" below it."""
        start = row[0]
        if start in ORDINAL_STARTS:
            return self.found and is_ordinal_row(row)
        return start in self._starts and _key(row) in self.printed

    def __post_init__(self) -> None:
        self._starts = {row[0] for row in self.printed if row}


def is_ordinal_row(row: Sequence[str]) -> bool:
    """(1) (2) (3) ...: Thai forms number their columns below the headings."""
    if not row or not ORDINAL.match(row[0]) or len(row) < 3:
        return False
    filled = [cell for cell in row if cell]
    if len(filled) < 3 or not all(map(ORDINAL.match, filled)):
        return False
    return [int(re.sub(r"\D", "", cell)) for cell in filled] == list(range(1, len(filled) + 1))


def find_header(head: Sequence[tuple[int, Sequence[str]]], merges: Sequence[Span] = ()) -> Header:
    """The headings among the first rows of a sheet, by known words, by form and by what stands below."""
    rows = [(number, [squeeze(cell) for cell in cells]) for number, cells in head]
    best = _best_row(rows)
    if best is None:
        width = max((len(cells) for _, cells in rows), default=0)
        return Header(names=_unique(["" for _ in range(width)]))
    upper, lower = _pair(rows, best, merges)
    names = _joined(rows, upper, lower, merges)
    number = rows[upper][0]
    titles = [" ".join(dict.fromkeys(cell for cell in cells if cell)) for _, cells in rows[:upper] if any(cells)]
    return Header(
        names=_unique(names),
        given=[name for name, given in zip(_unique(names), names, strict=True) if given],
        first_row=number,
        last_row=rows[lower][0],
        titles=titles,
        printed=[_key(cells) for _, cells in rows[upper : lower + 1]],
    )


def squeeze(text: str) -> str:
    """White space of any kind, line breaks too, as one space."""
    return " ".join(text.split())


def _key(row: Sequence[str]) -> tuple[str, ...]:
    cells = [squeeze(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def is_label(cell: str) -> bool:
    """Could this be a heading? Words, not numbers, not long."""
    if NUMBER_LIKE.match(cell) or LONG_DIGITS.search(cell) or len(cell) > LONGEST_HEADING:
        return False
    return bool(LETTER.search(cell))


def _best_row(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Index of the best heading row. Known words weigh most; without any, the first full row of labels."""
    width = _typical_width(rows)
    best, best_score = None, 0.0
    for index, (_, cells) in enumerate(rows):
        filled = [cell for cell in cells if cell]
        if not filled or not all(map(is_label, filled)):
            continue
        if len(filled) < 0.5 * width and not (width <= 2 and len(filled) == width):
            continue
        known = sum(map(is_heading_word, filled))
        unique = len(set(filled)) == len(filled)
        if not known and not _labels_over_data(rows, index, width):
            continue
        score = 3 * known / len(filled) + len(filled) / max(width, 1) + 0.5 * unique - 0.02 * index
        if score > best_score:
            best, best_score = index, score
    return best


def _typical_width(rows: Sequence[tuple[int, list[str]]]) -> float:
    widths = sorted(sum(1 for cell in cells if cell) for _, cells in rows if any(cells))
    return float(widths[len(widths) * 3 // 4]) if widths else 0.0


def _labels_over_data(rows: Sequence[tuple[int, list[str]]], index: int, width: float) -> bool:
    """Without a known word: a full row that looks unlike the rows below it."""
    cells = rows[index][1]
    below = [row for _, row in rows[index + 1 :] if any(row)]
    if sum(1 for cell in cells if cell) < 0.8 * width:
        return False
    if not below:
        return index == 0
    return any(
        row[column] and not is_label(row[column])
        for row in below
        for column in range(min(len(row), len(cells)))
        if cells[column]
    )


def _pair(rows: Sequence[tuple[int, list[str]]], best: int, merges: Sequence[Span]) -> tuple[int, int]:
    """First and last heading row: the best row alone, with a group row above, or with sub-headings below."""
    above, below = best - 1, best + 1
    if below < len(rows) and _is_sub_row(rows, best, below, merges):
        return best, below
    if above >= 0 and _is_group_row(rows, above, best):
        return above, best
    return best, best


def _is_sub_row(rows: Sequence[tuple[int, list[str]]], upper: int, lower: int, merges: Sequence[Span]) -> bool:
    up, low = rows[upper][1], rows[lower][1]
    filled = [cell for cell in low if cell]
    if not filled or not all(map(is_label, filled)):
        return False
    spans = _group_columns(rows[upper][0] - 1, merges)
    if spans:
        return all(column in spans for column, cell in enumerate(low) if cell)
    # Without merged cells: it fills gaps of the row above and leaves gaps where that row stands alone.
    fills_gap = any(cell and (column >= len(up) or not up[column]) for column, cell in enumerate(low))
    leaves_gap = any(cell and (column >= len(low) or not low[column]) for column, cell in enumerate(up))
    known = sum(map(is_heading_word, filled))
    return fills_gap and leaves_gap and known * 2 >= len(filled)


def _is_group_row(rows: Sequence[tuple[int, list[str]]], upper: int, lower: int) -> bool:
    up, low = rows[upper][1], rows[lower][1]
    filled = [cell for cell in up if cell]
    if len(filled) < 2 or not all(map(is_label, filled)):
        return False
    fills_gap = any(cell and (column >= len(low) or not low[column]) for column, cell in enumerate(up))
    named = [cell for cell in low if cell]
    return fills_gap or len(set(named)) < len(named)


def _group_columns(row: int, merges: Sequence[Span]) -> set[int]:
    """Columns (0-based) that lie under a heading merged over several columns of this row."""
    return {
        column
        for (top, left), (bottom, right) in merges
        if top <= row <= bottom and right > left
        for column in range(left, right + 1)
    }


def _joined(rows: Sequence[tuple[int, list[str]]], upper: int, lower: int, merges: Sequence[Span]) -> list[str]:
    if upper == lower:
        return list(rows[upper][1])
    up, low = rows[upper][1], rows[lower][1]
    width = max(len(up), len(low))
    up, low = up + [""] * (width - len(up)), low + [""] * (width - len(low))
    spans = _group_columns(rows[upper][0] - 1, merges)
    names, group = [], ""
    for column in range(width):
        if up[column]:
            group = up[column]
        elif not low[column] or (spans and column not in spans):
            group = ""
        names.append(" / ".join(part for part in (group if low[column] else up[column], low[column]) if part))
    return names


def _unique(names: Sequence[str]) -> list[str]:
    """Each column has its own name: empty ones get the spreadsheet's letter, repeated ones a number."""
    used: dict[str, int] = {}
    result = []
    for index, given in enumerate(names):
        name = given or column_letters(index)
        used[name] = used.get(name, 0) + 1
        result.append(name if used[name] == 1 else f"{name} ({used[name]})")
    return result


def column_letters(index: int) -> str:
    """The name of a column without a heading, as the spreadsheet shows it: 0 -> คอลัมน์ A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return f"คอลัมน์ {letters}"
