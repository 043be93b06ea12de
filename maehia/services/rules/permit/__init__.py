"""The fast lane for a house: what is planned, checked against what the register knows of the land. Pure."""

from maehia.services.rules.permit.checks import Finding, Outcome, examine
from maehia.services.rules.permit.facts import Land, Line, Plan, Shape, rectangle
from maehia.services.rules.permit.limits import Limits, read_limits, shipped_limits

__all__ = [
    "Finding", "Land", "Limits", "Line", "Outcome", "Plan", "Shape", "examine", "read_limits", "rectangle",
    "shipped_limits",
]  # fmt: skip
