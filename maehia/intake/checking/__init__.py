"""Checking: rows in bulk against the rules of their kind -> good rows, and problems that say how to put them right."""

from maehia.intake.checking.check import Checked, Repair, TownFacts, check, joined
from maehia.intake.checking.outline import area_km2, check_outline
from maehia.intake.checking.rules import Rule, default_rules, read_rule

__all__ = [
    "Checked", "Repair", "Rule", "TownFacts", "area_km2", "check", "check_outline", "default_rules",
    "joined", "read_rule",
]  # fmt: skip
