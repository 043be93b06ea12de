"""What the town changes in the browser: its wording of a template, the terms of its channels. Rows are only added."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Max

from maehia.base import Problem, ProblemError
from maehia.kit.clock import now
from maehia.message import terms
from maehia.message.channels import EVERY
from maehia.message.models import TemplateText, Term
from maehia.message.registry import templates
from maehia.message.rules import placeholders_of

LONGEST = 4000
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@transaction.atomic
def save_template(key: str, th: str, en: str, *, by: str) -> TemplateText:
    """Store a new wording. Raises ProblemError: unknown_template, text_empty, text_too_long, unknown_placeholder,
    nothing_changed."""
    found = templates.get(key)
    wrong = _wording_fault(th, en, set(found.placeholders))
    if wrong:
        raise ProblemError(wrong)
    rows = TemplateText.objects.select_for_update().filter(key=key)
    last = rows.first()
    if ((last.th, last.en) if last else (found.th, found.en)) == (th, en):
        raise ProblemError(Problem("nothing_changed", "ไม่มีอะไรเปลี่ยน"))
    version = (rows.aggregate(Max("version"))["version__max"] or 0) + 1
    made = TemplateText.objects.create(key=key, version=version, th=th, en=en, by=by, at=now())
    terms.forget()
    return made


def _wording_fault(th: str, en: str, known: set[str]) -> Problem | None:
    if not th.strip():
        return Problem("text_empty", "ข้อความภาษาไทยว่างอยู่", fix="เขียนข้อความภาษาไทย")
    if max(len(th), len(en)) > LONGEST:
        return Problem("text_too_long", f"ข้อความยาวเกิน {LONGEST} ตัวอักษร", fix="ตัดให้สั้นลง")
    stray = (placeholders_of(th) | placeholders_of(en)) - known
    if stray or any(part.count("{") != len(re.findall(r"\{[a-z0-9_]+\}", part)) for part in (th, en)):
        names = ", ".join(sorted(f"{{{name}}}" for name in known)) or "–"
        return Problem("unknown_placeholder", "มีช่องเติมที่ระบบไม่รู้จัก", ", ".join(sorted(stray)), f"ใช้ได้เฉพาะ {names}")
    return None


def undo_template(key: str, version: int, *, by: str) -> TemplateText:
    """Put back an earlier wording (0 = that of the system). Raises ProblemError as `save_template`, not_found."""
    if version == 0:
        found = templates.get(key)
        return save_template(key, found.th, found.en, by=by)
    row = TemplateText.objects.filter(key=key, version=version).first()
    if row is None:
        raise ProblemError(Problem("not_found", "ไม่พบข้อความรุ่นนี้"))
    return save_template(key, row.th, row.en, by=by)


def set_term(key: str, typed: str, *, since: date, source: str, verified: bool, by: str) -> Term:
    """A new value from a day on. Raises ProblemError: unknown_term, term_value."""
    entry = terms.defaults().get(key)
    if entry is None:
        raise ProblemError(Problem("unknown_term", "ไม่มีค่านี้ในระบบ", key))
    value = term_value(entry["kind"], typed)
    row = Term.objects.create(
        key=key, value=value, since=since, source=source[:200], verified=verified, by=by, at=now()
    )
    terms.forget()
    return row


def term_value(kind: str, typed: str) -> Any:
    """A value as the form has it, in its kind. Raises ProblemError term_value."""
    text = typed.strip()
    read = {"number": _whole, "money": _money, "time": _hour, "numbers": _minutes, "words": _channels}[kind](text)
    if read is None:
        fix = {
            "number": "ใส่จำนวนเต็ม 0 ขึ้นไป", "money": "ใส่จำนวนบาท เช่น 0.50", "time": "ใส่เวลา เช่น 20:00",
            "numbers": "ใส่จำนวนนาทีคั่นด้วยจุลภาค เช่น 1, 5, 30", "words": "ใส่ชื่อช่องทางคั่นด้วยจุลภาค เช่น line, sms",
        }[kind]  # fmt: skip
        raise ProblemError(Problem("term_value", "อ่านค่านี้ไม่ออก", text[:60], fix))
    return read


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def _money(text: str) -> str | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return f"{amount:.2f}" if amount.is_finite() and 0 <= amount < 10**6 else None


def _hour(text: str) -> str | None:
    return text if _TIME.fullmatch(text) else None


def _minutes(text: str) -> list[int] | None:
    parts = [_whole(part.strip()) for part in text.split(",")]
    return [part for part in parts if part is not None] if all(parts) and len(parts) <= 10 else None


def _channels(text: str) -> list[str] | None:
    parts = [part.strip() for part in text.split(",")]
    return parts if len(set(parts)) == len(parts) and set(parts) <= set(EVERY) else None
