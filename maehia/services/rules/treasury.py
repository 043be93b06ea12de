"""The daily file for the treasury's own system: order, heads and forms of its columns are data."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.base import BANGKOK
from maehia.services.rules.bank import Layout
from maehia.services.rules.definition import Text

BUDDHIST = 543
RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment as the file needs it."""

    paid_at: datetime
    acknowledgement: str
    invoice: str
    about: str
    payer: str
    amount: Decimal
    way: str
    transaction: str


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    field: str
    form: str


@dataclass(frozen=True, slots=True)
class Export:
    """A layout of the treasury's file."""

    key: str
    name: Text
    encoding: str
    delimiter: str
    header: bool
    columns: tuple[Column, ...]


def _local(value: Any) -> datetime:
    moment: datetime = value
    return moment.astimezone(BANGKOK)


FORMS: Mapping[str, Callable[[Any], str]] = {
    "text": lambda value: f"'{value}" if str(value).startswith(RISKY) else str(value),
    "day_be": lambda value: f"{_local(value):%d/%m}/{_local(value).year + BUDDHIST}",
    "day_ce": lambda value: f"{_local(value):%d/%m/%Y}",
    "iso": lambda value: _local(value).date().isoformat(),
    "time": lambda value: f"{_local(value):%H:%M}",
    "baht": lambda value: f"{value:.2f}",
    "satang": lambda value: str(int(value * 100)),
}


def write(layout: Export, rows: Iterable[Paid]) -> bytes:
    """The whole file of a day. A letter that the encoding lacks becomes "?": the amount must still arrive."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=layout.delimiter)
    if layout.header:
        writer.writerow([column.head for column in layout.columns])
    for row in rows:
        writer.writerow([FORMS[column.form](getattr(row, column.field)) for column in layout.columns])
    return target.getvalue().encode(layout.encoding, "replace")


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((files("maehia.services") / "data" / "fees.yaml").read_text("utf-8"))
    return data


BANK_FIELDS = ("paid_on", "paid_time", "amount", "ref1", "ref2", "transaction", "payer")


@cache
def bank_layouts() -> Mapping[str, tuple[Layout, Text]]:
    """Layouts of banks' files with their names, by key."""
    return {row["key"]: (_bank(row), Text(**row["name"])) for row in _data()["banks"]}


def _bank(row: Mapping[str, Any]) -> Layout:
    return Layout(row["key"], row["name"]["th"], delimiter=row["delimiter"],
                  **{name: tuple(row.get(name, ())) for name in BANK_FIELDS})  # fmt: skip


@cache
def exports() -> Mapping[str, Export]:
    """Layouts of the treasury's file, by key. Raises ValueError for a form or field that does not exist."""
    return {row["key"]: _export(row) for row in _data()["treasury"]}


def _export(row: Mapping[str, Any]) -> Export:
    columns: Sequence[Column] = [Column(**column) for column in row["columns"]]
    for column in columns:
        if column.form not in FORMS or column.field not in Paid.__dataclass_fields__:
            raise ValueError(f"treasury layout {row['key']}: {column}")
    return Export(row["key"], Text(**row["name"]), row["encoding"], row["delimiter"], row["header"], tuple(columns))
