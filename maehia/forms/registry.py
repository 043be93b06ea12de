"""What forms and documents bring to every page: menu entries, tasks, layers."""

from __future__ import annotations


def register() -> None:
    """Called once at start."""
