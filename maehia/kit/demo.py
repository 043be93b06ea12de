"""The demo is a mark in the database, written once. No setting switches it on."""

from __future__ import annotations

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.models import DemoMark


def is_demo(using: str = "default") -> bool:
    """Whether everything in this database is invented."""
    return DemoMark.objects.using(using).exists()


def write_mark(seed: int, people: int) -> DemoMark:
    """Mark an empty database as a demo, by the owner. Safe to repeat; the first mark stays."""
    mark, _ = DemoMark.objects.using("owner").get_or_create(
        id=1, defaults={"seed": seed, "people": people, "written_at": clock.now()}
    )
    return mark


def require_demo() -> None:
    """Refuse what only a demo may do. Raises ProblemError."""
    if not is_demo():
        raise ProblemError(
            Problem("not_a_demo", "ทำได้เฉพาะในเมืองตัวอย่าง (ข้อมูลสมมติ)", fix="สร้างเมืองตัวอย่างด้วย maehia demo")
        )
