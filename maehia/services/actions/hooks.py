"""Questions about a case that other parts of the room answer: whether a fee is open, what an application lacks."""

from __future__ import annotations

from collections.abc import Callable

from maehia.services.models import Case
from maehia.services.rules.definition import Definition

Dues = Callable[[Case], bool]
Missing = Callable[[Case, Definition], tuple[str, ...]]
Ended = Callable[[Case, str], None]
_dues: list[Dues] = []
_withdrawn: list[Ended] = []
_missing: list[Missing] = []


def provide_dues(function: Dues) -> None:
    """Let the fees say whether something is due before a case may be finished."""
    if function not in _dues:
        _dues.append(function)


def provide_missing(function: Missing) -> None:
    """Let a kind of application say what it lacks (words for the officer)."""
    if function not in _missing:
        _missing.append(function)


def provide_withdrawn(function: Ended) -> None:
    """Let a part take back what hung on an application that was withdrawn. function: (case, by)."""
    if function not in _withdrawn:
        _withdrawn.append(function)


def withdrawn(case: Case, by: str) -> None:
    for function in _withdrawn:
        function(case, by)


def dues(case: Case) -> bool:
    return case.kind == "service" and any(ask(case) for ask in _dues)


def missing(case: Case, definition: Definition) -> tuple[str, ...]:
    if case.kind != "service" or case.state not in ("submitted", "resubmitted"):
        return ()
    return tuple(part for ask in _missing for part in ask(case, definition))
