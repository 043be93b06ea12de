"""Shapes in which clerks write dates, numbers, phones, sexes and titles."""

import random

import numpy as np

from bench.second.slips import digit_slip
from bench.second.words import words

TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_SHORT = words("ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.")
_LONG = words("มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม")

DATE_SHAPES = {
    "be_slash": lambda d, m, b, c: f"{d:02d}/{m:02d}/{b}",
    "be_bare": lambda d, m, b, c: f"{d}/{m}/{b}",
    "abbr": lambda d, m, b, c: f"{d} {_SHORT[m - 1]} {b}",
    "long": lambda d, m, b, c: f"{d} {_LONG[m - 1]} {b}",
    "abbr_two": lambda d, m, b, c: f"{d} {_SHORT[m - 1]} {b % 100:02d}",
    "slash_two": lambda d, m, b, c: f"{d:02d}/{m:02d}/{b % 100:02d}",
    "iso": lambda d, m, b, c: f"{c}-{m:02d}-{d:02d}",
    "iso_be": lambda d, m, b, c: f"{b}-{m:02d}-{d:02d}",
    "ce_slash": lambda d, m, b, c: f"{d:02d}/{m:02d}/{c}",
    "compact": lambda d, m, b, c: f"{b}{m:02d}{d:02d}",
    "thai": lambda d, m, b, c: f"{d}/{m}/{b}".translate(TO_THAI),
    "dash": lambda d, m, b, c: f"{d:02d}-{m:02d}-{b}",
    "stamp": lambda d, m, b, c: f"{c}-{m:02d}-{d:02d} 00:00:00",
    "no_dots": lambda d, m, b, c: f"{d} {_SHORT[m - 1].replace('.', '')} {b % 100:02d}",
    "year": lambda d, m, b, c: f"{b}",
    "year_era": lambda d, m, b, c: f"พ.ศ. {b}",
    "year_zeros": lambda d, m, b, c: f"{b}0000",
    "month": lambda d, m, b, c: f"{m:02d}/{b}",
    "month_word": lambda d, m, b, c: f"{_SHORT[m - 1]} {b}",
}
DATE_CODES = {name: i for i, name in enumerate(DATE_SHAPES)}
COARSE_DATES = tuple(DATE_CODES[n] for n in ("year", "year_era", "year_zeros", "month", "month_word"))
FIRST_AGE_CODE = len(DATE_SHAPES)
AGE_SHAPES = ("{} ปี", "อายุ {} ปี", "{}", "อายุ{}ปี")


def split_days(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Day, month, Buddhist year and CE year.

    Before BE 2484 the year began on 1 April: January to March up to 1940 CE belong to the BE year before.
    """
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    day = (dates - months).astype(int) + 1
    month = (months - years).astype(int) + 1
    year = years.astype(int) + 1970
    return day, month, year + 543 - ((month <= 3) & (year <= 1940)), year


def write_dates(days: np.ndarray, shapes: np.ndarray, written: np.ndarray) -> np.ndarray:
    """Texts of birth days; age shapes count to the day the row was `written`."""
    key = days.astype(np.int64) * 64 + shapes
    unique, back = np.unique(key, return_inverse=True)
    codes = unique & 63
    parts = split_days(unique >> 6)
    makers = list(DATE_SHAPES.values())
    columns = zip(*(p.tolist() for p in parts), codes.tolist(), strict=True)
    texts = [makers[s](d, m, b, c) if s < FIRST_AGE_CODE else "" for d, m, b, c, s in columns]
    result = np.array(texts, dtype=object)[back] if texts else np.zeros(0, object)
    for row in np.flatnonzero(shapes >= FIRST_AGE_CODE).tolist():
        age = max(int((written[row] - days[row]) / 365.25), 0)
        result[row] = AGE_SHAPES[shapes[row] - FIRST_AGE_CODE].format(age)
    return result


def slip_days(days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Dates with one usual slip: year, day or month off, day and month exchanged."""
    day, month, _, year = split_days(days)
    kind = rng.choice(5, len(days), p=[0.3, 0.3, 0.15, 0.15, 0.1])
    sign = rng.choice([-1, 1], len(days))
    step = np.select([kind == 0, kind == 4], [1, 10], 0)
    new_year = year + sign * step
    new_month = np.where(kind == 2, (month - 1 + sign) % 12 + 1, month)
    new_day = np.where(kind == 1, (day - 1 + sign * rng.choice([1, 2, 10], len(days))) % 28 + 1, day)
    turned = (kind == 3) & (day <= 12)
    new_day, new_month = np.where(turned, month, new_day), np.where(turned, day, new_month)
    months = ((new_year - 1970) * 12 + new_month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(int) + np.minimum(new_day, 28) - 1


ID_SHAPES = (
    lambda t: t,
    lambda t: f"{t[0]}-{t[1:5]}-{t[5:10]}-{t[10:12]}-{t[12:]}",
    lambda t: f"{t[0]} {t[1:5]} {t[5:10]} {t[10:12]} {t[12:]}",
    lambda t: t.translate(TO_THAI),
    lambda t: f"'{t}",
    lambda t: t.lstrip("0"),
    lambda t: f"{t[0]}.{t[1:5]}E+12",
)
ID_PLAIN, ID_DASH, ID_SPACE, ID_THAI, ID_QUOTE, ID_NO_ZERO, ID_EXCEL = range(7)
PHONE_SHAPES = (
    lambda t: f"0{t}",
    lambda t: f"0{t[:2]}-{t[2:]}",
    lambda t: f"0{t[:2]}-{t[2:5]}-{t[5:]}",
    lambda t: f"0{t[:2]} {t[2:5]} {t[5:]}",
    lambda t: f"+66{t}",
    lambda t: t,
    lambda t: f"0{t}".translate(TO_THAI),
    lambda t: f"โทร. 0{t[:2]}-{t[2:]}",
)
CODE_SHAPES = (
    lambda t: t,
    lambda t: f"{t[:4]}-{t[4:10]}-{t[10:]}",
    lambda t: f"{t[:4]} {t[4:10]} {t[10:]}",
    lambda t: t.translate(TO_THAI),
)
SEX_WORDS = (("ชาย", "หญิง"), ("ช", "ญ"), ("M", "F"), ("1", "2"), ("ช.", "ญ."))
_TITLE_FORMS = {
    "ด.ช.": ("ด.ช.", "เด็กชาย", "ดช.", "ด.ช"),
    "ด.ญ.": ("ด.ญ.", "เด็กหญิง", "ดญ.", "ด.ญ"),
    "นางสาว": ("นางสาว", "น.ส.", "นส.", "น.ส"),
    "สามเณร": ("สามเณร", "ส.ณ.", "สามเณร", "เณร"),
    "พระ": ("พระ", "พระ", "พระภิกษุ", "พระ"),
    "MR.": ("MR.", "Mr.", "นาย", "Mr"),
    "MRS.": ("MRS.", "Mrs.", "นาง", "Mrs"),
    "MISS": ("MISS", "Miss", "น.ส.", "Ms."),
}


def write_shapes(texts: np.ndarray, shapes: np.ndarray, makers: tuple) -> np.ndarray:
    """Write each non-empty text in the shape of its number."""
    pairs = zip(texts.tolist(), shapes.tolist(), strict=True)
    return np.array([makers[s](t) if t else "" for t, s in pairs] or [""], dtype=object)[: len(texts)]


def write_titles(titles: np.ndarray, habit: np.ndarray) -> np.ndarray:
    """Titles in the clerk's habit (0..3)."""
    forms = {(t, i): form for t, options in _TITLE_FORMS.items() for i, form in enumerate(options)}
    pairs = zip(titles.tolist(), habit.tolist(), strict=True)
    return np.array([forms.get(pair, pair[0]) for pair in pairs] or [""], dtype=object)[: len(titles)]


def slip_digits(texts: np.ndarray, rows: np.ndarray, dice: random.Random) -> np.ndarray:
    """Digit slips in the given rows; returns the rows that really changed."""
    changed = []
    for row in rows.tolist():
        new = digit_slip(texts[row], dice)
        if new != texts[row]:
            texts[row] = new
            changed.append(row)
    return np.array(changed, dtype=int)
