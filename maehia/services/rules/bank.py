"""What a bank's CSV says of payments, and which invoice each line pays. Layouts are data; money is Decimal.

A line pays an invoice when its two references name it and the amount is exact. Everything else is said, not guessed:
another amount, an invoice that is paid already, references that nobody gave out, a line that came before.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from datetime import time as clock_time
from decimal import Decimal, InvalidOperation
from typing import Literal

from maehia.base import BANGKOK, Problem
from maehia.thai import parse_date

Verdict = Literal["pays", "wrong_amount", "paid_already", "cancelled", "unknown_reference", "came_before"]
MOST_BYTES = 10 * 2**20
ENCODINGS = ("utf-8-sig", "cp874")
NOT_REFERENCE = re.compile(r"[^A-Z0-9]")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a bank writes what: header words per field, the first that stands in the file counts."""

    key: str
    name: str
    paid_on: tuple[str, ...]
    paid_time: tuple[str, ...]
    amount: tuple[str, ...]
    ref1: tuple[str, ...]
    ref2: tuple[str, ...]
    transaction: tuple[str, ...]
    payer: tuple[str, ...] = ()
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Line:
    """One payment of the file. transaction: the bank's own id, or a hash over the line where it gives none."""

    number: int
    paid_at: datetime
    amount: Decimal
    ref1: str
    ref2: str
    transaction: str
    payer: str


@dataclass(frozen=True, slots=True)
class Read:
    """lines: what could be read. problems: each with its row; a bad row never stops the good ones."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as the reconciliation needs it. state: open, paid or cancelled."""

    id: str
    amount: Decimal
    state: str


def read_bank_file(raw: bytes, layout: Layout) -> Read:
    """Lines and problems of a file. A file without the needed columns has one problem and no lines."""
    text = _text(raw)
    if text is None or len(raw) > MOST_BYTES:
        return Read((), (Problem("bank_file", "อ่านไฟล์ไม่ได้ หรือไฟล์ใหญ่เกิน 10 MB", fix="ส่งออกไฟล์ CSV จากธนาคารใหม่"),))
    rows = list(csv.reader(io.StringIO(text), delimiter=layout.delimiter))
    head = next((n for n, row in enumerate(rows) if _columns(row, layout)), None)
    if head is None:
        return Read((), (Problem("bank_columns", "ไม่พบหัวคอลัมน์ที่ต้องใช้ในไฟล์", layout.name, "เลือกรูปแบบของธนาคารให้ตรง"),))
    at = _columns(rows[head], layout)
    read = [_line(n, row, at) for n, row in enumerate(rows[head + 1 :], head + 2) if any(cell.strip() for cell in row)]
    lines = _told_apart((r for r in read if isinstance(r, Line)), has_own="transaction" in at)
    return Read(lines, tuple(r for r in read if isinstance(r, Problem)))


def _text(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


NEEDED = ("paid_on", "amount", "ref1")


def _columns(row: Sequence[str], layout: Layout) -> Mapping[str, int]:
    """Field -> column; empty when the row is not the header."""
    words = {cell.strip().casefold(): n for n, cell in reversed(list(enumerate(row)))}
    fields = ("paid_on", "paid_time", "amount", "ref1", "ref2", "transaction", "payer")
    found = {
        field: words[name.casefold()]
        for field in fields
        for name in reversed(getattr(layout, field))
        if name.casefold() in words
    }
    return found if all(field in found for field in NEEDED) else {}


def _line(number: int, row: Sequence[str], at: Mapping[str, int]) -> Line | Problem:
    cell = {field: row[n].strip() if n < len(row) else "" for field, n in at.items()}
    paid_at, amount = _moment(cell["paid_on"], cell.get("paid_time", "")), _money(cell["amount"])
    if paid_at is None:
        return Problem("bank_date", "อ่านวันที่ชำระไม่ได้", f"แถว {number}", "ตรวจวันที่ในไฟล์ของธนาคาร")
    if amount is None:
        return Problem(
            "bank_amount", "อ่านจำนวนเงินไม่ได้ หรือไม่ใช่จำนวนที่มากกว่า 0", f"แถว {number}", "ตรวจจำนวนเงินในไฟล์ของธนาคาร"
        )
    ref1, ref2 = reference(cell["ref1"]), reference(cell.get("ref2", ""))
    own = cell.get("transaction", "")[:80] or hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:40]
    return Line(number, paid_at, amount, ref1, ref2, own, cell.get("payer", "")[:120])


def _told_apart(lines: Iterable[Line], *, has_own: bool) -> tuple[Line, ...]:
    """Where the bank gives no number of its own, the second of two equal lines is another payment, not the same."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        seen[line.transaction] += 1
        again = seen[line.transaction]
        found.append(line if has_own or again == 1 else replace(line, transaction=f"{line.transaction}-{again}"))
    return tuple(found)


def reference(text: str) -> str:
    """As invoices give them out: capitals and digits; a bank may add spaces, dashes or a leading apostrophe."""
    return NOT_REFERENCE.sub("", text.upper())


def _moment(day: str, time: str) -> datetime | None:
    clock = TIME.search(time or day)
    found = parse_date(day[: clock.start()].strip() if clock and not time else day)
    if found is None or found.precision != "day":
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime.combine(found.value, clock_time(hour, minute, second), BANGKOK)


def _money(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").replace("฿", "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 and amount == amount.quantize(Decimal("0.01")) else None


@dataclass(frozen=True, slots=True)
class Matched:
    """What one line means. owed: id of the invoice that its references name, "" for none."""

    line: Line
    verdict: Verdict
    owed: str = ""


def reconcile(lines: Iterable[Line], owed: Mapping[tuple[str, str], Owed], seen: Iterable[str]) -> list[Matched]:
    """A verdict for each line, in order. owed: by (Ref1, Ref2). seen: transactions that were read before.

    Of two lines for one invoice the first pays; nothing is paid twice, whatever the file holds.
    """
    known, paid = set(seen), {o.id for o in owed.values() if o.state == "paid"}
    found = []
    for line in lines:
        match = _match(line, owed.get((line.ref1, line.ref2)), known, paid)
        known.add(line.transaction)
        if match.verdict == "pays":
            paid.add(match.owed)
        found.append(match)
    return found


def _match(line: Line, invoice: Owed | None, known: set[str], paid: set[str]) -> Matched:
    if line.transaction in known:
        return Matched(line, "came_before")
    if invoice is None:
        return Matched(line, "unknown_reference")
    if invoice.id in paid:
        return Matched(line, "paid_already", invoice.id)
    if invoice.state == "cancelled":
        return Matched(line, "cancelled", invoice.id)
    return Matched(line, "pays" if line.amount == invoice.amount else "wrong_amount", invoice.id)
