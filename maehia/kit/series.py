"""Numbers without gaps and without doubles: receipts, cases, documents."""

from __future__ import annotations

from django.db import connection

from maehia.base import BANGKOK
from maehia.kit import clock

BUDDHIST = 543


def buddhist_year() -> int:
    """This calendar year พ.ศ. in Bangkok."""
    return clock.now().astimezone(BANGKOK).year + BUDDHIST


def next_number(series: str, year: int | None = None) -> int:
    """The next number of a series in a Buddhist year (default: this one), from 1.

    It belongs to the caller's transaction: a rollback gives it back, others wait until the commit. Outside of
    a transaction it is refused, because a failure after it would leave a gap.
    """
    return next_numbers(series, 1, year)[0]


def next_numbers(series: str, count: int, year: int | None = None) -> range:
    """So many numbers at once, for rows that are written together; otherwise as `next_number`."""
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() needs the transaction of the row that bears the number")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_series (key, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (key, year) DO UPDATE SET last = kit_series.last + %s RETURNING last",
            [series, year or buddhist_year(), count, count],
        )
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)


def format_number(number: int, year: int, width: int = 5, prefix: str = "") -> str:
    """ "รง00012/2569": prefix, zero-filled number, Buddhist year."""
    return f"{prefix}{number:0{width}d}/{year}"
