"""Who is entitled to what, with which papers: rules read from data, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent.parent / "data" / "claim_rules.yaml"
EFFECTS = ("refuse", "flooded_floors", "paper")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data says it. items: entitlements that it is about, "*" for all."""

    key: str
    when: Mapping[str, Any]
    items: tuple[str, ...]
    effect: str
    say: str
    source: str
    paper: str = ""
    instead_of: str = ""

    def about(self, item: str) -> bool:
        return "*" in self.items or item in self.items

    def holds(self, facts: Mapping[str, Any]) -> bool:
        return all(_meets(facts.get(name), wanted) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Source:
    """Where money comes from: the committee that decides, the sets of rates it may use, the papers it wants."""

    key: str
    committee: str
    rule_sets: tuple[str, ...]
    papers: tuple[str, ...]


@dataclass(slots=True)
class Verdict:
    """What the rules say of one entitlement. refused: why not, in sentences; papers: that are needed besides."""

    refused: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    not_needed: list[str] = field(default_factory=list)
    flooded_floors_only: bool = False
    said: list[Rule] = field(default_factory=list)


def _meets(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return value is not None and value > wanted.get("over", value - 1) and value < wanted.get("under", value + 1)
    return value in wanted if isinstance(wanted, list) else value == wanted


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


@cache
def rules() -> tuple[Rule, ...]:
    made = tuple(
        Rule(r["key"], r["when"], tuple(r["items"]), r["effect"], r["say"], r["source"], r.get("paper", ""),
             r.get("instead_of", ""))
        for r in _data()["rules"]
    )  # fmt: skip
    for rule in made:
        if rule.effect not in EFFECTS or (rule.effect == "paper") != bool(rule.paper):
            raise ValueError(f"rule {rule.key}: effect {rule.effect} is not complete")
    return made


@cache
def sources() -> dict[str, Source]:
    return {
        s["key"]: Source(s["key"], s["committee"], tuple(s["rule_sets"]), tuple(s["papers"]))
        for s in _data()["sources"]
    }


@cache
def papers() -> dict[str, tuple[str, str]]:
    return {key: (words["th"], words["en"]) for key, words in _data()["papers"].items()}


def judge(item: str, facts: Mapping[str, Any], given: Iterable[Rule] | None = None) -> Verdict:
    """Apply every rule to one entitlement of a home.

    facts: occupancy, is_registered, storeys, flooded_floors, days, grade.
    """
    verdict = Verdict()
    for rule in given if given is not None else rules():
        if not rule.about(item) or not rule.holds(facts):
            continue
        verdict.said.append(rule)
        if rule.effect == "refuse":
            verdict.refused.append(rule.say)
        elif rule.effect == "flooded_floors":
            verdict.flooded_floors_only = True
        else:
            verdict.papers.append(rule.paper)
            verdict.not_needed += [rule.instead_of] if rule.instead_of else []
    return verdict


def papers_for(source: str, verdicts: Sequence[Verdict]) -> list[str]:
    """All papers that a claim needs, in the order of the source, then those that rules add."""
    without = {key for v in verdicts for key in v.not_needed}
    wanted = [key for key in sources()[source].papers if key not in without]
    return list(dict.fromkeys([*wanted, *(key for v in verdicts for key in v.papers)]))
