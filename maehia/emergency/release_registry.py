"""What the release of alerts brings to every page and to other parts. Called once at start."""

from __future__ import annotations

from maehia.emergency import release_jobs  # noqa: F401 (told to the worker by being imported)
from maehia.emergency.actions import alert_desk, fanout, release
from maehia.emergency.actions.alerts_release import on_published
from maehia.emergency.actions.thresholds import on_crossed
from maehia.emergency.views.incident_tabs import Tab, tabs
from maehia.message import registry as message


def register() -> None:
    for template in (*release.templates(), *fanout.templates()):
        message.templates.add(template)
    release.register_texts()
    on_published(fanout.queue_fanout)
    on_crossed(alert_desk.draft_of_crossing)
    tabs.add(Tab("alerts", "ประกาศเตือน", "Alerts", "emergency:alert_desk", "emergency.see", order=20))
