"""Rules 7 and 8: what a message refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from maehia.emergency.rules.cap.chain import CANCELLED, Known, chain_of, states
from maehia.emergency.rules.cap.context import Context
from maehia.emergency.rules.cap.finding import ERROR, WARNING, Finding
from maehia.emergency.rules.cap.head import PLAIN
from maehia.emergency.rules.cap.message import Alert, Triple
from maehia.emergency.rules.cap.times import read

PATH = "/alert/references"
NEED = ("Update", "Cancel", "Ack", "Error")


def well_formed(alert: Alert, _context: Context) -> Iterator[Finding]:
    """7: triples of sender, identifier and sent."""
    for word in (alert.references or "").split():
        parts = word.split(",")
        if len(parts) != 3 or not all(PLAIN.fullmatch(part) for part in parts) or read(parts[2]) is None:
            yield Finding("cap07_references", ERROR, PATH, (word[:120],))


def given(alert: Alert, context: Context) -> Iterator[Finding]:
    """8: what needs a reference has one; none to itself, none twice, none to a later message."""
    named = alert.named()
    if alert.msg_type in NEED and not (alert.references or "").strip():
        yield Finding("cap08_missing", ERROR, PATH, (alert.msg_type,))
    for triple, times in Counter(named).items():
        if times > 1:
            yield Finding("cap08_twice", ERROR, PATH, (str(triple),))
    own = read(alert.sent)
    for triple in dict.fromkeys(named):
        sent = read(triple.sent)
        if (triple.sender, triple.identifier) == (alert.sender, alert.identifier):
            yield Finding("cap08_self", ERROR, PATH, (str(triple),))
        elif own and sent and sent > own:
            yield Finding("cap08_later", ERROR if context.publishing else WARNING, PATH, (str(triple),))


def resolves(alert: Alert, context: Context) -> Iterator[Finding]:
    """8 (ours): each names a published message of the same sender and status."""
    if not context.publishing:
        return
    held = {one.triple: one for one in context.known}
    for triple in dict.fromkeys(alert.named()):
        if triple.sender != alert.sender:
            yield Finding("cap08_other_sender", ERROR, PATH, (str(triple),))
        elif triple not in held:
            yield Finding("cap08_unknown", ERROR, PATH, (str(triple),))
        elif held[triple].status != alert.status:
            yield Finding("cap08_status", ERROR, PATH, (str(triple), held[triple].status))


def complete(alert: Alert, context: Context) -> Iterator[Finding]:
    """8 (profiles): an Update or Cancel names every earlier message of its chain that has not expired."""
    own = read(alert.sent)
    if alert.msg_type not in ("Update", "Cancel") or own is None:
        return
    named = set(alert.named())
    for one in before(alert, context, named):
        if one.triple not in named and not one.over(own) and one.sent <= own:
            yield Finding("cap08_incomplete", ERROR, PATH, (str(one.triple),))


def still_on(alert: Alert, context: Context) -> Iterator[Finding]:
    """8 (ours): what has run out or was cancelled is neither updated nor cancelled."""
    own = context.now or read(alert.sent)
    if not context.publishing or alert.msg_type not in ("Update", "Cancel") or own is None:
        return
    found = before(alert, context, set(alert.named()))
    state = states(context.known, own)
    if found and all(one.over(own) or state[one.triple] == CANCELLED or one.msg_type == "Cancel" for one in found):
        yield Finding("cap08_over", ERROR, PATH, (alert.msg_type,))


def before(alert: Alert, context: Context, named: set[Triple]) -> list[Known]:
    """The chain of the named messages without this one itself."""
    return [one for one in chain_of(named, context.known) if one.triple.identifier != alert.identifier]


RULES = (well_formed, given, resolves, complete, still_on)
