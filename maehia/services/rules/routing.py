"""Who gets a case: ordered rules, the first that fits wins, with a trace of why.

A rule is data: conditions on facts of the case, all of which must hold. The trace keeps each rule that was looked at,
whether it fitted, and the values it saw, so that "why did it come to us?" has an answer years later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact compared with a value by an operator of OPERATORS. A missing one fits "is_empty" only."""

    fact: str
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Rule:
    """key: stable name. unit: who gets the case. No conditions: fits always (the last rule of a list)."""

    key: str
    unit: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was looked at: values are the facts that it saw, failed the first condition that did not hold."""

    rule: str
    fitted: bool
    values: tuple[tuple[str, Any], ...]
    failed: Condition | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """unit: None when no rule fitted, and a person must choose."""

    unit: str | None
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A case of the past that other rules would have sent elsewhere."""

    case: Any
    before: str | None
    after: str | None
    why: Step | None


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda seen, value: seen == value,
    "is_not": lambda seen, value: seen != value,
    "in": lambda seen, value: seen in value,
    "not_in": lambda seen, value: seen not in value,
    "at_least": lambda seen, value: seen >= value,
    "less_than": lambda seen, value: seen < value,
    "has": lambda seen, value: value in seen,
    "is_empty": lambda seen, value: seen in (None, "", ()),
}


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the fact fits. A missing fact, or one that cannot be compared with the value, does not."""
    seen = facts.get(condition.fact)
    if seen is None and condition.operator != "is_empty":
        return False
    try:
        return bool(OPERATORS[condition.operator](seen, condition.value))
    except TypeError:
        return False


def route(rules: Iterable[Rule], facts: Facts) -> Routed:
    """The unit of the first rule that fits, and every rule looked at until then."""
    trace: list[Step] = []
    for rule in rules:
        failed = next((c for c in rule.conditions if not holds(c, facts)), None)
        seen = tuple((c.fact, facts.get(c.fact)) for c in rule.conditions)
        trace.append(Step(rule.key, failed is None, seen, failed))
        if failed is None:
            return Routed(rule.unit, tuple(trace))
    return Routed(None, tuple(trace))


def faults(rules: Sequence[Rule], units: Iterable[str], facts: Iterable[str]) -> list[tuple[str, str]]:
    """(rule, what is wrong): an unknown unit, fact or operator, a key twice, a rule that can never be reached."""
    known_units, known_facts, found = set(units), set(facts), []
    seen: set[str] = set()
    closed_by = ""
    for rule in rules:
        if rule.key in seen:
            found.append((rule.key, "key_twice"))
        if closed_by:
            found.append((rule.key, f"never_reached_after:{closed_by}"))
        seen.add(rule.key)
        closed_by = closed_by or ("" if rule.conditions else rule.key)
        found += [(rule.key, fault) for fault in _faults_of(rule, known_units, known_facts)]
    return found


def _faults_of(rule: Rule, units: set[str], facts: set[str]) -> list[str]:
    found = [] if rule.unit in units else [f"unknown_unit:{rule.unit}"]
    for condition in rule.conditions:
        if condition.fact not in facts:
            found.append(f"unknown_fact:{condition.fact}")
        if condition.operator not in OPERATORS:
            found.append(f"unknown_operator:{condition.operator}")
    return found


def dry_run(cases: Iterable[tuple[Any, Facts, str | None]], rules: Sequence[Rule]) -> list[Moved]:
    """Of (case, facts, unit that it has), those that these rules would send elsewhere, with the rule that does."""
    moved = []
    for case, facts, before in cases:
        found = route(rules, facts)
        if found.unit != before:
            why = found.trace[-1] if found.unit is not None else None
            moved.append(Moved(case, before, found.unit, why))
    return moved
