"""Write the name cells of one list: split or in one cell, with slips, nicknames and lost parts."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from bench.second import formats
from bench.second.marks import MARK
from bench.second.slips import SLIPS

if TYPE_CHECKING:
    from bench.second.fill import Sheet

_CALLS = ("ป้า", "ลุง", "คุณ", "น้อง", "พี่", "")
_ZERO_WIDTHS = "\u200b\u200c\u200d\ufeff\u00ad"


def write_names(sheet: Sheet) -> None:
    """Fill title, first_name, last_name or full_name of every row."""
    rows, profile = sheet.rows, sheet.profile
    names = sheet.world.names(rows.who, rows.day, sheet.rng, profile.latin, profile.ranks)
    rows.mark("latin", names.latin)
    title = formats.write_titles(names.title, sheet.clerks.habit({0: 0.5, 1: 0.3, 2: 0.13, 3: 0.07}))
    first, last = names.first, names.last
    _slip(sheet, first, last)
    _lose_last(sheet, last)
    _add_nicknames(sheet, first, last, title)
    title[~sheet.held("title") & ~names.robed] = ""
    polite = sheet.rng.random(len(sheet)) < profile.polite
    title[polite & ~names.robed & ~names.latin] = "คุณ"
    _place(sheet, title, first, last)
    _spaces(sheet)
    _zero_width(sheet)


def _slip(sheet: Sheet, first: np.ndarray, last: np.ndarray) -> None:
    """Typing, hearing and reading slips in one name part, now and then two."""
    kinds, shares = list(SLIPS), [share for _, share in SLIPS.values()]
    for row in np.flatnonzero(sheet.errs("name")).tolist():
        for _ in range(2 if sheet.dice.random() < 0.15 else 1):
            part = last if last[row] and sheet.dice.random() < 0.55 else first
            _slip_once(sheet, part, row, kinds, shares)


def _slip_once(sheet: Sheet, part: np.ndarray, row: int, kinds: list[str], shares: list[float]) -> None:
    for _ in range(5):  # a slip that does not fit the word (no tone, no silent letter) is drawn again
        kind = sheet.dice.choices(kinds, shares)[0]
        slipped = SLIPS[kind][0](part[row], sheet.dice)
        if slipped not in ("", part[row]):
            part[row] = slipped
            sheet.rows.marks[row] |= MARK[kind]
            return


def _lose_last(sheet: Sheet, last: np.ndarray) -> None:
    lost = sheet.errs("only_first") & (last != "")
    last[lost] = ""
    sheet.rows.mark("only_first", lost)


def _add_nicknames(sheet: Sheet, first: np.ndarray, last: np.ndarray, title: np.ndarray) -> None:
    """In brackets after the name; in lists taken by phone or at the door now and then instead of it."""
    chosen = np.flatnonzero(sheet.errs("nickname"))
    nicknames = sheet.world.nicknames(sheet.rows.who[chosen])
    by_ear = sheet.profile.full_name >= 0.9
    for row, nickname in zip(chosen.tolist(), nicknames.tolist(), strict=True):
        if by_ear and sheet.dice.random() < 0.3:
            first[row], last[row], title[row] = sheet.dice.choice(_CALLS) + nickname, "", ""
        elif last[row] and sheet.dice.random() < 0.6:
            last[row] = f"{last[row]} ({nickname})"
        else:
            first[row] = f"{first[row]} ({nickname})" if sheet.dice.random() < 0.7 else f"{first[row]}({nickname})"
    sheet.rows.mark("nickname", chosen)


def _place(sheet: Sheet, title: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
    """Split cells or one cell by the clerk's habit; wrong cells by mistake."""
    share = sheet.profile.full_name
    full = sheet.clerks.habit({1: share, 0: 1 - share}, loyal=0.97) == 1
    glue = sheet.clerks.habit({0: 0.7, 1: 0.3}) == 0
    whole = join_names(title, first, last, glue)
    glued = ~full & sheet.errs("title_glued") & (title != "")
    swapped = ~full & ~glued & sheet.errs("swapped") & (last != "")
    misplaced = ~full & ~glued & ~swapped & sheet.errs("misplaced")
    cells = sheet.cells
    cells["full_name"] = np.where(full, whole, "")
    cells["title"] = np.where(full | glued | misplaced, "", title)
    front = np.where(glued, title + first, np.where(swapped, last, first))
    cells["first_name"] = np.where(full, "", np.where(misplaced, whole, front))
    cells["last_name"] = np.where(full | misplaced, "", np.where(swapped, first, last))
    for name, flags in (("title_glued", glued), ("swapped", swapped), ("misplaced", misplaced)):
        sheet.rows.mark(name, flags)


def join_names(title: np.ndarray, first: np.ndarray, last: np.ndarray, glue: np.ndarray) -> np.ndarray:
    """Whole names: the title is glued to the first name in Thai, but not before Latin letters."""
    parts = zip(title.tolist(), first.tolist(), last.tolist(), glue.tolist(), strict=True)
    texts = []
    for t, f, s, g in parts:
        gap = "" if not t or (g and not f[:1].isascii()) else " "
        texts.append(f"{t}{gap}{f} {s}" if s else f"{t}{gap}{f}")
    return np.array(texts or [""], dtype=object)[: len(texts)]


def _spaces(sheet: Sheet) -> None:
    """Two spaces, a space at an end, a space inside a word, or none between the names."""
    for row in np.flatnonzero(sheet.errs("spaces")).tolist():
        cell = "full_name" if sheet.cells["full_name"][row] else "first_name"
        text = sheet.cells[cell][row]
        new = _respace(text, sheet.dice)
        if new != text:
            sheet.cells[cell][row] = new
            sheet.rows.marks[row] |= MARK["spaces"]


def _respace(text: str, dice: random.Random) -> str:
    luck = dice.random()
    if luck < 0.4:
        return text.replace(" ", "  ", 1)
    if luck < 0.7:
        return f"{text} " if luck < 0.6 else f" {text}"
    if luck < 0.8:
        return text.replace(" ", "", 1)
    return text.replace(" ", "\u00a0", 1)


def _zero_width(sheet: Sheet) -> None:
    """Invisible signs that web pages and PDF files leave in names."""
    for row in np.flatnonzero(sheet.errs("zero_width")).tolist():
        cell = "full_name" if sheet.cells["full_name"][row] else "first_name"
        text = sheet.cells[cell][row]
        i = sheet.dice.randrange(len(text) + 1)
        sheet.cells[cell][row] = text[:i] + sheet.dice.choice(_ZERO_WIDTHS) + text[i:]
        sheet.rows.marks[row] |= MARK["zero_width"]
