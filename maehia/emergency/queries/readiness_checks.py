"""What the readiness page asks of every part: lines that say who has to do what.

    readiness_checks.add("drills", lines_of_drills, th="การฝึกซ้อม", en="Drills", order=60)

A function gets the moment and returns lines, the worst first; no line = all is well there. One that fails makes a line
of its own: what could not be looked at is never shown as fit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from maehia.web.registry import in_language

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """state: late (act now), work (act soon) or wait (not known). what: what is missing; who: who has to act;
    do: what to do; url: where. Texts in the language of the page."""

    state: str
    what: str
    who: str = ""
    do: str = ""
    url: str = ""


Check = Callable[[datetime], Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the page with its lines."""

    key: str
    title: str
    lines: tuple[Line, ...]

    @property
    def state(self) -> str:
        return min((line.state for line in self.lines), key=["late", "work", "wait"].index, default="done")


@dataclass(frozen=True, slots=True)
class _Entry:
    check: Check
    th: str
    en: str
    order: int


_checks: dict[str, _Entry] = {}


def add(key: str, check: Check, *, th: str = "", en: str = "", order: int = 100) -> None:
    """Let a part say what is not ready. Raises ValueError for a key with two functions."""
    if key in _checks and _checks[key].check is not check:
        raise ValueError(f"readiness check {key} is added twice")
    _checks[key] = _Entry(check, th or key, en or th or key, order)


def remove(key: str) -> None:
    _checks.pop(key, None)


def groups(moment: datetime) -> list[Group]:
    """Every check, in order. Inside a purpose that reads incidents."""
    found = sorted(_checks.items(), key=lambda item: (item[1].order, item[0]))
    return [Group(key, in_language(one.th, one.en), _lines(key, one.check, moment)) for key, one in found]


def _lines(key: str, check: Check, moment: datetime) -> tuple[Line, ...]:
    try:
        with transaction.atomic():
            return tuple(check(moment))
    except Exception as error:
        logger.exception("readiness check %s: %s", key, type(error).__name__)
        return (
            Line(
                "wait",
                gettext("ตรวจหมวดนี้ไม่ได้ จึงไม่ทราบว่าพร้อมหรือไม่"),
                gettext("ผู้ดูแลระบบ"),
                gettext("ดูบันทึกข้อผิดพลาดของระบบ"),
            ),
        )
