"""What the readiness page asks of every part: lines that say who has to do what.

    readiness_checks.add("drills", lines_of_drills, th="การฝึกซ้อม", en="Drills", order=60)

A function runs in the context of each of its `modes` (live unless said otherwise), gets the moment and returns lines,
the worst first; no line = all is well there. One that fails makes a line of its own: what could not be looked at is
never shown as fit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from maehia.kit.modes import current_mode
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
    modes: tuple[str, ...]


_checks: dict[str, _Entry] = {}


def add(
    key: str, check: Check, *, th: str = "", en: str = "", order: int = 100, modes: tuple[str, ...] = ("live",)
) -> None:
    """Let a part say what is not ready. Raises ValueError for a key with two functions."""
    if key in _checks and _checks[key].check is not check:
        raise ValueError(f"readiness check {key} is added twice")
    _checks[key] = _Entry(check, th or key, en or th or key, order, modes)


def remove(key: str) -> None:
    _checks.pop(key, None)


def groups(moment: datetime) -> list[Group]:
    """Every check of the context's mode, in order. Inside a purpose that reads incidents."""
    mode = current_mode()
    found = sorted(
        ((key, one) for key, one in _checks.items() if mode in one.modes), key=lambda item: (item[1].order, item[0])
    )
    return [Group(key, in_language(one.th, one.en), _lines(key, one.check, moment)) for key, one in found]


def joined(parts: Sequence[Group]) -> list[Group]:
    """Groups of two modes with the same key made one."""
    found: dict[str, Group] = {}
    for part in parts:
        held = found.get(part.key)
        found[part.key] = Group(part.key, part.title, held.lines + part.lines) if held else part
    return list(found.values())


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
