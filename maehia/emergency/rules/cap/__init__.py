"""CAP 1.2 without a database: values, bytes, the 24 rules, chains, colours, feeds, texts for other channels.

alert, found = check_bytes(data, Context(now=..., known=...))     # what came from others
data = build(alert); blocks(proof(data, context))                 # what is ours
"""

from maehia.emergency.rules.cap.build import build
from maehia.emergency.rules.cap.chain import Known, chain_of, in_feed, in_force, known_of, states, to_name, turns
from maehia.emergency.rules.cap.check import check, check_bytes, proof
from maehia.emergency.rules.cap.context import NOTHING, Context
from maehia.emergency.rules.cap.finding import ERROR, INFO, WARNING, Finding, blocks
from maehia.emergency.rules.cap.level import level_of
from maehia.emergency.rules.cap.message import Alert, Area, Info, Pair, Resource, Triple
from maehia.emergency.rules.cap.parse import Parsed, parse
from maehia.emergency.rules.cap.workflow import LIVE_FEED, PRACTICE_FEED

__all__ = [
    "ERROR",
    "INFO",
    "LIVE_FEED",
    "NOTHING",
    "PRACTICE_FEED",
    "WARNING",
    "Alert",
    "Area",
    "Context",
    "Finding",
    "Info",
    "Known",
    "Pair",
    "Parsed",
    "Resource",
    "Triple",
    "blocks",
    "build",
    "chain_of",
    "check",
    "check_bytes",
    "in_feed",
    "in_force",
    "known_of",
    "level_of",
    "parse",
    "proof",
    "states",
    "to_name",
    "turns",
]
