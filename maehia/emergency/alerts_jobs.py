"""What runs by itself for alerts: files of feeds and pages, each minute, so that a lost write mends itself."""

from __future__ import annotations

from maehia.emergency.views.public_alerts import write_all
from maehia.kit.jobs import periodic


@periodic("emergency.public_alerts", "* * * * *")
def refresh() -> None:
    write_all()
