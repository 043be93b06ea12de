"""What the demo adds to the services: loaders in a fixed order, each safe to run once in a fresh invented town.

A part of the room that has something to show writes `demo_<part>.py` beside this file, with a function of the seed,
and adds it: `demo.add("queue", load, order=30)`. A loader opens its own `acting()` context.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module

import maehia.services

Loader = Callable[[int], object]
LOADERS: list[tuple[int, str, Loader]] = []
ACTOR, PURPOSE = "system:demo", "system.demo"


def add(key: str, function: Loader, order: int) -> None:
    """Have a loader run; lower orders first (people and units 10, cases 20, the rest after them)."""
    if all(key != known for _, known, _ in LOADERS):
        LOADERS.append((order, key, function))
        LOADERS.sort(key=lambda row: row[:2])


def loaders() -> list[tuple[str, Loader]]:
    """(key, function) of all loaders, in their order."""
    for name in _parts():
        import_module(name)
    return [(key, function) for _, key, function in LOADERS]


def _parts() -> Iterator[str]:
    for part in pkgutil.iter_modules(maehia.services.__path__):
        if part.name.startswith("demo_"):
            yield f"maehia.services.{part.name}"
