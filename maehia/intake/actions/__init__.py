"""Verbs of intake: receive, look, apply, withdraw, decide."""

from maehia.intake.actions.apply import Applied, apply_delivery, relink, withdraw
from maehia.intake.actions.decide import decide, skip, undo_decision
from maehia.intake.actions.deliver import confirm_mapping, preview, receive

__all__ = [
    "Applied",
    "apply_delivery",
    "confirm_mapping",
    "decide",
    "preview",
    "receive",
    "relink",
    "skip",
    "undo_decision",
    "withdraw",
]
