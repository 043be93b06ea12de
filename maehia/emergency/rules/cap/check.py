"""All 24 rules over one message. Every rule is asked; all that is found comes back, never the first alone."""

from __future__ import annotations

from maehia.emergency.rules.cap import areas, head, infos, links, words
from maehia.emergency.rules.cap.build import build
from maehia.emergency.rules.cap.context import NOTHING, Context
from maehia.emergency.rules.cap.finding import ERROR, Finding
from maehia.emergency.rules.cap.message import Alert, trimmed
from maehia.emergency.rules.cap.parse import parse
from maehia.emergency.rules.cap.schema import EXTENDED, STRICT, schema_findings
from maehia.emergency.rules.cap.sign import signature_findings

RULES = (*head.RULES, *links.RULES, *infos.RULES, *areas.RULES, *words.RULES)


def check(alert: Alert, context: Context = NOTHING) -> tuple[Finding, ...]:
    """Findings of a message as values, in the order of the rules. Structure (20, 21) is checked on bytes."""
    message = trimmed(alert)
    found = [finding for rule in RULES for finding in rule(message, context)]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: (finding.rule, finding.xpath, finding.code)))


def check_bytes(data: bytes, context: Context = NOTHING) -> tuple[Alert | None, tuple[Finding, ...]]:
    """Read and check: structure, every rule and the signature. No alert: the bytes were refused."""
    read = parse(data)
    if read.alert is None:
        return None, read.findings
    found = (*read.findings, *check(read.alert, context), *signature_findings(context, read.signed))
    return read.alert, tuple(sorted(found, key=lambda finding: (finding.rule, finding.xpath, finding.code)))


def proof(data: bytes, context: Context) -> tuple[Finding, ...]:
    """All that is proven of our own bytes before release: both schemas, every rule, and that they read back equal."""
    alert, found = check_bytes(data, context)
    schemas = [finding for name in (STRICT, EXTENDED) for finding in schema_findings(data, name)]
    again = parse(build(alert)).alert if alert is not None else None
    equal = () if again == alert else (Finding("cap21_unequal", ERROR),)
    return (*found, *schemas, *equal)
