"""What a town starts with in an emergency: limits, outside numbers, needs of the roster, playbooks, goods, rates."""

from __future__ import annotations

from maehia.emergency.actions import claims, playbooks, readiness, relief
from maehia.kit.acting import acting

ACTOR = "system:emergency"


def load_shipped() -> None:
    """Add what is missing; what a town changed stays as it is. Opens contexts of its own; safe to repeat."""
    with acting(ACTOR, "emergency.command"):
        readiness.load_defaults()
        playbooks.load_shipped()
    for mode in ("live", "exercise"):
        with acting(ACTOR, "emergency.relief", mode=mode):
            relief.load_items()
    with acting(ACTOR, "emergency.relief"):
        claims.load_rates()
