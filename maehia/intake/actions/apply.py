"""Applying a delivery in one transaction: records, links, register. Or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import transaction

from maehia.base import BANGKOK, Problem, ProblemError
from maehia.city.actions import Reading, add_readings, refresh
from maehia.evidence.actions import CommitCounts, commit_delivery, note_state, withdraw_delivery
from maehia.evidence.models import Delivery
from maehia.intake.linking import LinkReport, run_linkage
from maehia.intake.pipeline import Prepared, Words, prepare, silent

READING_ROWS = 20_000


@dataclass(slots=True)
class Applied:
    """What applying did: rows of evidence, links, rows of the register."""

    counts: CommitCounts
    linked: LinkReport | None = None
    register: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    readings: int = 0


@transaction.atomic
def apply_delivery(
    delivery: Delivery, say: Words = silent, *, link: bool = True, prepared: Prepared | None = None
) -> Applied:
    """Apply a previewed delivery. The file is read again, unless what was `prepared` in this very call chain is given;
    a mapping that was not confirmed stops it.

    link=False leaves linkage and register for later (many files at once). Raises ProblemError: not_confirmed, and
    those of `commit_delivery`.
    """
    found = prepared or prepare(delivery, say)
    if found.proposal is not None:
        raise ProblemError(
            Problem(
                "not_confirmed", "ยังไม่ได้ยืนยันความหมายของคอลัมน์", delivery.filename, "เปิดหน้ารายการนี้แล้วยืนยันการจับคู่คอลัมน์ก่อน"
            )
        )
    say("กำลังบันทึก")
    readings = _take_readings(delivery, found)
    applied = Applied(commit_delivery(delivery, found.batches), readings=readings)
    if readings:
        delivery.refresh_from_db()
        note_state(delivery, delivery.state, counts={"readings_new": readings})
    _remember(delivery, found)
    if link and found.batches:
        applied.linked, applied.register = relink(say)
    return applied


def _remember(delivery: Delivery, found: Prepared) -> None:
    """A mapping that worked is used for the source's next file."""
    source = delivery.source
    if source.mapping != found.mapping.to_dict():
        source.mapping = found.mapping.to_dict()
        source.save(update_fields=["mapping"])


@transaction.atomic
def relink(say: Words = silent) -> tuple[LinkReport, dict[str, tuple[int, int, int]]]:
    """Link what is current and bring the register up to it."""
    linked = run_linkage(say)
    say("กำลังปรับทะเบียนเมือง")
    return linked, refresh().by_table


@transaction.atomic
def withdraw(delivery: Delivery, why: str, say: Words = silent) -> Applied:
    """Take a delivery back; the register returns to what the other lists say. Readings stay: they are measurements."""
    say("กำลังถอนรายการ")
    applied = Applied(withdraw_delivery(delivery, why))
    applied.linked, applied.register = relink(say)
    return applied


def _take_readings(delivery: Delivery, found: Prepared) -> int:
    if found.readings is None:
        return 0
    origin = f"delivery:{delivery.pk}"
    return sum(add_readings(part, origin=origin) for part in _reading_parts(found.readings))


def _reading_parts(table: pa.Table) -> Iterator[list[Reading]]:
    """Readings in parts of one station and quantity order, oldest first, so that runs are graded in order."""
    ordered = table.sort_by([("station", "ascending"), ("quantity", "ascending"), ("time", "ascending")])
    for start in range(0, ordered.num_rows, READING_ROWS):
        yield [_reading(row) for row in ordered.slice(start, READING_ROWS).to_pylist()]


def _reading(row: dict[str, Any]) -> Reading:
    at = datetime.fromisoformat(row["time"])
    at = at if at.tzinfo else at.replace(tzinfo=BANGKOK)
    value = row.get("value")
    return Reading(row["station"], row["quantity"], at, None if value in (None, "") else float(value))
