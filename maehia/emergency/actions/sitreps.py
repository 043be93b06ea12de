"""Situation reports: the figures of a period taken off the log, words by people, frozen when issued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from maehia.access.models import Account
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import locked, power_of, refused
from maehia.emergency.models import SitRep
from maehia.emergency.queries.situation import figures
from maehia.kit.clock import now

WORDS = ("situation", "actions", "needs", "outlook", "public")
LONGEST = 4000


def issue(
    incident: UUID, words: Mapping[str, str], *, account: Account, is_public: bool = False, ends: datetime | None = None
) -> SitRep:
    """Issue the next report of an incident, over the time since the one before. It can never be changed afterwards.

    words: situation, actions, needs, outlook; public: the short form for everybody, asked for when is_public.
    Raises ProblemError: no_incident, no_text, no_public_text, period_reversed, text_too_long.
    """
    row = locked(incident)
    said = {key: str(words.get(key, "")).strip() for key in WORDS}
    _check(said, is_public)
    last = row.sitreps.order_by("-number").first()
    start, end = last.ends if last else row.started_at, ends or now()
    if end <= start:
        raise refused("period_reversed", "ช่วงเวลาของรายงานว่างเปล่า", "ends", "รายงานฉบับก่อนครอบคลุมเวลานี้แล้ว")
    found = figures(row, end)
    made = SitRep(
        incident=row, mode=row.mode, incident_number=row.number, incident_name=row.name,
        number=(last.number if last else 0) + 1, starts=start, ends=end, log_seq=row.seq,
        figures=found, words=said, is_public=is_public, issued_at=now(), issued_by=account.actor,
        name=account.display_name, position=_position(account),
    )  # fmt: skip
    made.sha256 = fingerprint(made)
    made.save(force_insert=True)
    value = {"report": made.number, "public": is_public, "sha256": bytes(made.sha256).hex()}
    log.append(row, "sitrep", said["situation"][:200], after="issued", value=value)
    return made


def _check(said: Mapping[str, str], is_public: bool) -> None:
    if not said["situation"]:
        raise refused("no_text", "ยังไม่ได้เขียนสถานการณ์", "situation", "เขียนสรุปสถานการณ์สั้น ๆ")
    if is_public and not said["public"]:
        raise refused("no_public_text", "ยังไม่ได้เขียนข้อความสำหรับประชาชน", "public", "เขียนข้อความสั้นที่ประชาชนอ่านเข้าใจ")
    if any(len(text) > LONGEST for text in said.values()):
        raise refused("text_too_long", f"ข้อความยาวเกิน {LONGEST:,} ตัวอักษร", "situation", "เขียนให้สั้นลง")


def _position(account: Account) -> str:
    """The position by law where there is one, else the unit."""
    from maehia.base import ProblemError

    try:
        return power_of(account)[2]
    except ProblemError:
        return account.unit


def fingerprint(report: SitRep) -> bytes:
    """SHA-256 over what the report says, in one canonical form."""
    said = [str(report.incident_id), report.number, report.starts.isoformat(), report.ends.isoformat(), report.log_seq,
            report.figures, report.words, report.name]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).digest()


def is_intact(report: SitRep) -> bool:
    """Whether a stored report still says what was issued."""
    return fingerprint(report) == bytes(report.sha256)


def _plain(value: Any) -> str:
    return str(value)
