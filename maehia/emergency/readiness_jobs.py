"""What readiness does by itself: limits every five minutes, deputies every minute."""

from __future__ import annotations

from maehia.emergency.actions import calltree, readiness_tell, thresholds
from maehia.kit.jobs import periodic


@periodic("emergency.thresholds", "*/5 * * * *")
def look() -> int:
    """A crossing drafts and tells who is on duty; it never sends to the public."""
    found = thresholds.evaluate()
    readiness_tell.send(found)
    return len(found)


@periodic("emergency.deputies", "* * * * *")
def ring() -> int:
    return calltree.tick()
