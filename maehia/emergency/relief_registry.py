"""What relief and damage bring: the guard of closing."""

from __future__ import annotations


def register() -> None:
    """Called once at start."""
    from maehia.emergency.actions import relief

    relief.register()
