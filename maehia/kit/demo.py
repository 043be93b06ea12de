"""The demo is a mark in the database, written once. No setting switches it on."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module

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


Loader = Callable[..., object]


class Loaders:
    """What a room adds to the demo: loaders in a fixed order, each safe to run once in a fresh invented town.

    A part of the room that has something to show writes `demo_<part>.py` in the room's folder and adds its function:
    `demo.add("queue", load, order=30)`. A loader opens its own `acting()` context.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._loaders: list[tuple[int, str, Loader]] = []

    def add(self, key: str, function: Loader, order: int) -> None:
        """Have a loader run; lower orders first."""
        if all(key != known for _, known, _ in self._loaders):
            self._loaders.append((order, key, function))
            self._loaders.sort(key=lambda row: row[:2])

    def all(self) -> list[tuple[str, Loader]]:
        """(key, function) of all loaders, in their order."""
        for name in self._parts():
            import_module(name)
        return [(key, function) for _, key, function in self._loaders]

    def _parts(self) -> Iterator[str]:
        for part in pkgutil.iter_modules(import_module(self.package).__path__):
            if part.name.startswith("demo_"):
                yield f"{self.package}.{part.name}"
