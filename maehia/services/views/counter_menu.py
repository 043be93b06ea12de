"""What the service centre brings to the pages: menu entries, texts of its messages, its jobs."""

from __future__ import annotations

from maehia.services import queue_jobs as queue_jobs  # registers the jobs


def register() -> None:
    """Called once at start."""
    from maehia.message.registry import templates
    from maehia.services.actions.booking import TEXTS

    for template in TEXTS:
        templates.add(template)
