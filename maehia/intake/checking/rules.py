"""The rules of `data/checks.yaml` as values; a rule on several columns is one rule for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from maehia.intake.findings import Severity
from maehia.intake.words import load_data

FACT = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition that a row must not meet. bad: SQL over canonical columns; drop: columns left out by a warning."""

    code: str
    kinds: tuple[str, ...]
    column: str
    bad: str
    severity: Severity
    what: str
    fix: str = ""
    needs: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    facts: frozenset[str] = field(default_factory=frozenset)

    def runs(self, kind: str, columns: Iterable[str], facts: Iterable[str]) -> bool:
        """Only over columns that are there and with facts that are known."""
        return kind in self.kinds and set(self.needs) <= set(columns) and self.facts <= set(facts)


@lru_cache(maxsize=1)
def default_rules() -> tuple[Rule, ...]:
    """The rules that come with the system."""
    return tuple(rule for entry in load_data("checks.yaml")["rules"] for rule in read_rule(entry))


def read_rule(entry: dict[str, Any]) -> Sequence[Rule]:
    """One entry of the data file; `{c}` in its condition stands for each of its columns."""
    columns = entry["column"] if isinstance(entry["column"], list) else [entry["column"]]
    return [
        Rule(
            code=entry["code"],
            kinds=tuple(entry["kinds"]),
            column=column,
            bad=entry["bad"].replace("{c}", f'"{column}"'),
            severity=entry["severity"],
            what=entry["what"],
            fix=entry.get("fix", ""),
            needs=tuple(entry.get("needs", [column])),
            drop=tuple(entry.get("drop", [column])) if entry["severity"] == "warning" else (),
            facts=frozenset(FACT.findall(entry["bad"])) - {"today"},
        )
        for column in columns
    ]
