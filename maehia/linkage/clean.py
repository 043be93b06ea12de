"""Dirty records in, cleaned records out: versioned, pure, once per distinct value.

A model is trained on one version of this cleaning and refuses another (`CLEANING_VERSION`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from maehia.linkage import values
from maehia.linkage.columns import clean_column

if TYPE_CHECKING:
    import pandas as pd

CLEANING_VERSION = "1"
INPUT_COLUMNS = (
    "rec_id", "source", "title", "first_name", "last_name", "full_name",
    "national_id", "birth", "sex", "address", "house_code", "phone",
)  # fmt: skip
# A list whose day is not told may be this old.
UNTOLD_AGE = timedelta(days=4 * 365)
ADULT_AGE = 15
# An ID that goes with so many first names (by sound) is nobody's.
FILLER_NAMES = 5
_EPOCH_LOW, _EPOCH_HIGH = -30_000, 40_000
_TEXT, _BOOL, _I32, _I16 = pa.string(), pa.bool_(), pa.int32(), pa.int16()


def clean_records(df: pd.DataFrame, as_of: Mapping[str, date] | None = None, today: date | None = None) -> pd.DataFrame:
    """Cleaned records of a frame with the columns of the CLI contract (missing ones count as empty).

    as_of: the day each source speaks of. today: latest day any list can speak of when it is not told
    (default: the latest as-of day; 31 December 2026 when none is told).
    Rows come back sorted by rec_id; see `clean_table` for the columns.
    """
    frame: pd.DataFrame = clean_table(table_from_frame(df), as_of, today).to_pandas()
    return frame


def table_from_frame(df: pd.DataFrame) -> pa.Table:
    """An Arrow table of text from a frame; None, NaN and NaT count as empty."""
    columns = {}
    for name in df.columns:
        cells = df[name].astype(object).where(df[name].notna(), None)
        columns[str(name)] = pa.array([None if c is None else str(c) for c in cells], _TEXT)
    return pa.table(columns)


def cleaned_from_frame(df: pd.DataFrame) -> pa.Table:
    """The Arrow form of a frame that `clean_records` gave, with its types (pandas makes floats of gaps)."""
    return pa.table({f.name: pa.array(df[f.name], from_pandas=True).cast(f.type) for f in cleaned_schema()})


def cleaned_schema() -> pa.Schema:
    """Columns and types of cleaned records."""
    return clean_table(pa.table({"rec_id": pa.array([], _TEXT)})).schema


def clean_table(records: pa.Table, as_of: Mapping[str, date] | None = None, today: date | None = None) -> pa.Table:
    """Cleaned Arrow table, sorted by rec_id.

    first, last: shown names; first_c, last_c: folded to bytes; first_k, last_k: sound; first_x, last_x:
    consonants in any script; latin: the first name is written in Latin letters; nid + nid_ok;
    birth yyyymmdd + birth_ok (day is trusted); born_lo, born_hi: days since 1970 between which the
    person was born, by birth or title; title_lo, title_hi: the same by the title alone; sex M/F;
    house_no, moo, village, tambon, house_code, phone.
    """
    as_of = dict(as_of or {})
    today = today or max(as_of.values(), default=date(2026, 12, 31))
    table = _complete(records)
    names = _names(table)
    births = _births(table, names["adult"], as_of, today)
    nid, nid_ok = clean_column(table["national_id"], values.read_id, (_TEXT, _BOOL))
    nid, nid_ok = _without_fillers(nid, nid_ok, names["first_k"])
    no, moo, village, tambon = clean_column(table["address"], values.read_place, (_TEXT, _I16, _TEXT, _TEXT))
    return pa.table(
        {
            "rec_id": table["rec_id"].combine_chunks(),
            "source": table["source"].combine_chunks(),
            **{key: column for key, column in names.items() if key not in ("sex", "adult")},
            "nid": nid,
            "nid_ok": pc.fill_null(nid_ok, False),
            **births,
            "sex": _sex(table, names["sex"]),
            "house_no": no,
            "moo": moo,
            "village": village,
            "tambon": tambon,
            "house_code": clean_column(table["house_code"], values.read_house_code, (_TEXT,))[0],
            "phone": clean_column(table["phone"], values.read_phone, (_TEXT,))[0],
        }
    )


def _complete(records: pa.Table) -> pa.Table:
    """All columns of the contract as text, sorted by rec_id so that row order never matters."""
    size = records.num_rows
    have = set(records.column_names)
    columns = {
        name: records[name].cast(_TEXT) if name in have else pa.chunked_array([pa.nulls(size, _TEXT)])
        for name in INPUT_COLUMNS
    }
    columns["source"] = pc.utf8_trim_whitespace(pc.fill_null(columns["source"], ""))
    table = pa.table(columns)
    return table.take(pc.sort_indices(table, sort_keys=[("rec_id", "ascending")]))


def _names(table: pa.Table) -> dict[str, pa.Array]:
    """Parts win over the whole name; a title may stand in its own cell or before a name."""
    types = (_TEXT, _TEXT, _TEXT, _BOOL)
    full = clean_column(table["full_name"], values.read_name, types)
    part = clean_column(table["first_name"], values.read_name, types)
    title = clean_column(table["title"], values.read_title, types)
    last_cell = clean_column(table["last_name"], values.read_last, (_TEXT,))[0]
    first = pc.coalesce(part[0], full[0])
    last = pc.coalesce(last_cell, part[1], full[1])
    forms = (_TEXT, _TEXT, _TEXT, _BOOL)
    first_c, first_k, first_x, latin = clean_column(pa.chunked_array([first]), values.name_forms, forms)
    last_c, last_k, last_x, _ = clean_column(pa.chunked_array([last]), values.name_forms, forms)
    return {
        "first": first, "last": last,
        "first_c": first_c, "last_c": last_c,
        "first_k": first_k, "last_k": last_k,
        "first_x": first_x, "last_x": last_x,
        "latin": pc.fill_null(latin, False),
        "sex": pc.coalesce(title[2], part[2], full[2]),
        "adult": pc.coalesce(title[3], part[3], full[3]),
    }  # fmt: skip


def _without_fillers(nid: pa.Array, good: pa.Array, name: pa.Array) -> tuple[pa.Array, pa.Array]:
    """A number that many different names carry was typed to fill the cell and says nothing."""
    bearers = pa.table({"nid": nid, "name": name}).group_by("nid").aggregate([("name", "count_distinct")])
    fillers = bearers.filter(pc.greater_equal(bearers["name_count_distinct"], FILLER_NAMES))["nid"]
    used = pc.is_in(nid, fillers.combine_chunks().drop_null())
    return pc.if_else(used, pa.scalar(None, _TEXT), nid), pc.if_else(used, False, good)


def _sex(table: pa.Table, by_title: pa.Array) -> pa.Array:
    """The sex cell, else the title; where the two disagree nothing is known."""
    told = clean_column(table["sex"], values.read_sex, (_TEXT,))[0]
    clash = pc.fill_null(pc.not_equal(told, by_title), False)
    return pc.if_else(clash, pa.scalar(None, _TEXT), pc.coalesce(told, by_title))


class _Day:
    """Reads a birth cell with the same `today`; a class so that another process can be given it."""

    def __init__(self, today: date) -> None:
        self.today = today

    def __call__(self, text: str) -> values.BirthCell:
        return values.read_birth(text, self.today)


def _births(table: pa.Table, adult: pa.Array, as_of: Mapping[str, date], today: date) -> dict[str, pa.Array]:
    day, exact, short, age = clean_column(table["birth"], _Day(today), (_I32, _BOOL, _BOOL, _I32))
    known = np.asarray(pc.is_valid(day))
    birth = np.asarray(pc.fill_null(day, 19700101)).astype(np.int64)
    trusted = np.asarray(pc.fill_null(exact, False))
    two_digits = np.asarray(pc.fill_null(short, False))
    early, late = _list_days(table["source"], {name.strip(): day for name, day in as_of.items()}, today)
    aged = np.asarray(pc.is_valid(age))
    birth = np.where(aged, _year_of_age(np.asarray(pc.fill_null(age, 0)), late), birth)
    known |= aged
    title_lo, title_hi = _proved_by_title(adult, early, late)
    # A grown-up born "in 64" was born in 2464: the title tells the century that two digits cannot.
    before = two_digits & known & (_days(birth) > title_hi + 366)
    birth = np.where(before, birth - 1_000_000, birth)
    # Nobody is born after the day the list speaks of.
    known &= _days(birth) <= late + 31
    lo, hi = _proved_by_birth(birth, known, trusted)
    return {
        "birth": pa.array(birth.astype(np.int32), mask=~known),
        "birth_ok": pa.array(trusted & known),
        "born_lo": pa.array(np.where(known, lo, title_lo).astype(np.int32)),
        "born_hi": pa.array(np.where(known, hi, title_hi).astype(np.int32)),
        "title_lo": pa.array(title_lo.astype(np.int32)),
        "title_hi": pa.array(title_hi.astype(np.int32)),
    }


def _days(yyyymmdd: np.ndarray) -> np.ndarray:
    """Days since 1970 of valid yyyymmdd numbers."""
    year, month, day = yyyymmdd // 10000, yyyymmdd // 100 % 100, yyyymmdd % 100
    months = (year - 1970) * 12 + month - 1
    first: np.ndarray = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days: np.ndarray = first + day - 1
    return days


def _year_of_age(age: np.ndarray, late: np.ndarray) -> np.ndarray:
    """1 January of the likelier birth year of somebody of `age` on the day `late`."""
    middle = (late - np.round((age + 0.5) * 365.25)).astype("datetime64[D]")
    year: np.ndarray = middle.astype("datetime64[Y]").astype(np.int64) + 1970
    born: np.ndarray = year * 10000 + 101
    return born


def _list_days(source: pa.ChunkedArray, as_of: Mapping[str, date], today: date) -> tuple[np.ndarray, np.ndarray]:
    """Earliest and latest day that each row's list can speak of."""
    coded = source.combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    late = np.array([(as_of.get(name, today) - date(1970, 1, 1)).days for name in names], np.int64)
    slack = np.array([0 if name in as_of else UNTOLD_AGE.days for name in names], np.int64)
    spots = coded.indices.to_numpy()
    return (late - slack)[spots], late[spots]


def _proved_by_title(adult: pa.Array, early: np.ndarray, late: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    grown = np.asarray(pc.fill_null(adult, False))
    child = np.asarray(pc.fill_null(pc.invert(adult), False))
    years = round(ADULT_AGE * 365.25)
    return np.where(child, early - years, _EPOCH_LOW), np.where(grown, late - years, _EPOCH_HIGH)


def _proved_by_birth(birth: np.ndarray, known: np.ndarray, trusted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    day = _days(birth)
    year = birth // 10000
    first, last = _days(year * 10000 + 101), _days(year * 10000 + 1231)
    lo = np.where(known, np.where(trusted, day, first), _EPOCH_LOW)
    return lo, np.where(known, np.where(trusted, day, last), _EPOCH_HIGH)
