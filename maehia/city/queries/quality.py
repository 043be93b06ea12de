"""How good the register is: counts, what is known of people, and where a list differs from what stands.

Totals only; run it under `system.quality`. Rows of the fix list carry no value of another list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext

from maehia.city.words import field_word
from maehia.evidence.models import Source
from maehia.kit.modes import current_mode


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many living people something is known."""

    key: str
    label: str
    count: int
    of: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.count / self.of, 1) if self.of else None


KNOWN_SQL = """
SELECT count(*), count(id_index), count(birth), count(*) FILTER (WHERE birth_precision = 'day'), count(house_id),
  count(phone_index), count(*) FILTER (WHERE registered)
FROM city_person WHERE died IS NULL
"""


def known_of_people() -> list[Known]:
    """Shares of people with ID, birth, house, phone, and in the civil register."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_SQL)
        total, *counts = cursor.fetchone()
    labels = (
        ("id", gettext("มีเลขประจำตัวประชาชน")), ("birth", gettext("รู้ปีเกิด")), ("birth_day", gettext("รู้วันเกิดเต็ม")),
        ("house", gettext("รู้บ้านที่อยู่")), ("phone", gettext("มีเบอร์โทรศัพท์")), ("registered", gettext("มีชื่อในทะเบียนราษฎร")),
    )  # fmt: skip
    return [Known(key, label, count, total) for (key, label), count in zip(labels, counts, strict=True)]


# A name counts as different only beyond blanks; a birth day only where the list gives a whole day.
DIFFERS = {
    "first_name": "r.first_name <> '' AND replace(r.first_name, ' ', '') <> replace(p.first_name, ' ', '')",
    "last_name": "r.last_name <> '' AND replace(r.last_name, ' ', '') <> replace(p.last_name, ' ', '')",
    "sex": "r.sex <> '' AND p.sex <> '' AND r.sex <> p.sex",
    "birth": "r.birth IS NOT NULL AND r.birth_precision = 'day' AND p.birth_precision = 'day' AND r.birth <> p.birth",
    "national_id": "r.id_index IS NOT NULL AND p.id_index IS NOT NULL AND r.id_index <> p.id_index",
}
JOINED = """
FROM evidence_personrecord r
JOIN evidence_link l ON l.kind = 'person' AND l.ref = r.ref AND l.mode = r.mode AND l.ended_run_id IS NULL
JOIN city_person p ON p.key = l.key AND p.mode = r.mode
WHERE r.known_to IS NULL AND r.ended_by_id IS NULL AND r.mode = %s
"""


@dataclass(frozen=True, slots=True)
class ListDifference:
    """A list, how many of its rows stand now, and per field how many differ from the register."""

    source: Source
    rows: int
    by_field: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_field.values())


def differences_by_list() -> list[ListDifference]:
    """Per list of people: rows whose value is not the one that stands, the list with most of them first."""
    counts = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in DIFFERS.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT r.source_id, count(*), {counts} {JOINED} GROUP BY r.source_id", [current_mode()])
        rows = cursor.fetchall()
    sources = Source.objects.in_bulk([row[0] for row in rows])
    found = [ListDifference(sources[row[0]], row[1], dict(zip(DIFFERS, row[2:], strict=True))) for row in rows]
    return sorted(found, key=lambda d: (-d.total, d.source.rank))


@dataclass(frozen=True, slots=True)
class ToFix:
    """One row of a list that its keeper should look at."""

    filename: str
    sheet: str
    row: int
    field: str
    words: str


def rows_to_fix(source: str, limit: int = 20_000) -> Iterator[ToFix]:
    """The fix list of one list, in the order of its rows: where to look, without what the others say."""
    fields = " UNION ALL ".join(
        f"SELECT r.delivery_id, r.sheet, r.row_no, '{name}' {JOINED} AND r.source_id = %s AND {sql}"
        for name, sql in DIFFERS.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.filename, f.* FROM ({fields}) f(delivery, sheet, row_no, field)"  # noqa: S608
            f" JOIN evidence_delivery d ON d.id = f.delivery ORDER BY 1, 3, 4, 5 LIMIT {limit}",
            [value for _ in DIFFERS for value in (current_mode(), source)],
        )
        for filename, _delivery, sheet, row, field in cursor.fetchall():
            yield ToFix(
                filename, sheet, row, field, gettext("%(field)s ไม่ตรงกับค่าที่ทะเบียนใช้") % {"field": field_word(field)}
            )
