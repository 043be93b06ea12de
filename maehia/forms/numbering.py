"""How the numbers of documents look: data with a default, changed by the town in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from maehia import thai
from maehia.base import Problem, ProblemError
from maehia.forms.models import NumberPattern
from maehia.web.registry import in_language

FILE = Path(__file__).resolve().parent / "data" / "series.yaml"
PART = re.compile(r"\{(number|year)(?::([1-9]))?\}")


@dataclass(frozen=True, slots=True)
class Series:
    """A number series. pattern: as data/series.yaml says. thai_digits: in the whole document."""

    key: str
    th: str
    en: str
    pattern: str
    thai_digits: bool = False

    @property
    def title(self) -> str:
        return in_language(self.th, self.en)

    def text(self, number: int, year: int) -> str:
        """The number as it is printed, in Arabic digits."""
        values = {"number": number, "year": year}
        return PART.sub(lambda part: f"{values[part[1]]:0{part[2] or 1}d}", self.pattern)


@cache
def built_in() -> dict[str, Series]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["series"]
    return {row["key"]: Series(**row) for row in rows}


def all_series() -> list[Series]:
    """Every series, with the town's own patterns where it has chosen some."""
    own = {row.key: row for row in NumberPattern.objects.all()}
    return [_with(series, own.get(series.key)) for series in built_in().values()]


def series_of(key: str) -> Series:
    """One series. Raises ProblemError unknown_series."""
    found = built_in().get(key)
    if found is None:
        raise ProblemError(Problem("unknown_series", "ไม่มีชุดเลขที่เอกสารนี้", key))
    return _with(found, NumberPattern.objects.filter(key=key).first())


def _with(series: Series, own: NumberPattern | None) -> Series:
    if own is None:
        return series
    return Series(series.key, series.th, series.en, own.pattern, own.thai_digits)


def check_pattern(pattern: str) -> str:
    """A pattern that can be printed. Raises ProblemError bad_pattern."""
    pattern = thai.to_arabic(pattern.strip())
    rest = PART.sub("", pattern)
    if len(pattern) > 60 or "{" in rest or "}" in rest or not any(m[1] == "number" for m in PART.finditer(pattern)):
        raise ProblemError(
            Problem(
                "bad_pattern",
                "รูปแบบเลขที่เอกสารต้องมี {number} และไม่มีวงเล็บปีกกาอื่นนอกจาก {year}",
                pattern[:60],
                "เช่น ชม 52001/{number} หรือ {number:4}/{year}",
            )
        )
    return pattern
