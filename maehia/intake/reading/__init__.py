"""Reading: files of any office -> sheets of text cells with row numbers, geometry kept beside.

>>> book = read_file("civil.xlsx")          # doctest: +SKIP
>>> book.sheets[0].header, len(book.sheets[0]), book.problems   # doctest: +SKIP
"""

from maehia.intake.reading.book import GEOMETRY, ROW_NO, Book, CrsGuess, Limits, Sheet
from maehia.intake.reading.crs import Choice, Fit, choices, crs_fit, guess_crs, to_lonlat
from maehia.intake.reading.read import read_file
from maehia.intake.reading.store import load_sheet, save_sheet

__all__ = [
    "GEOMETRY", "ROW_NO", "Book", "Choice", "CrsGuess", "Fit", "Limits", "Sheet", "choices", "crs_fit", "guess_crs",
    "load_sheet", "read_file", "save_sheet", "to_lonlat",
]  # fmt: skip
