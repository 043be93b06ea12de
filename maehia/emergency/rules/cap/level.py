"""Our colour of a message, from the total rule in data/alert_levels.yaml: the first line that fits decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.emergency.rules.cap.message import Info, Pair

FILE = Path(__file__).resolve().parents[2] / "data" / "alert_levels.yaml"
PARAMETER = "layer:TH-MaeHia:1.0:level"


@cache
def lines() -> tuple[dict[str, Any], ...]:
    """The lines of the rule in order; the last one has no condition."""
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8"))["lines"])


def level_of(urgency: str, severity: str, responses: Iterable[str], rule: Sequence[dict[str, Any]] = ()) -> str:
    """green, blue, yellow, orange or red. Raises LookupError when no line fits (the rule is then not total)."""
    told = {"urgency": {urgency}, "severity": {severity}, "response": set(responses)}
    for line in rule or lines():
        if all(told[name] & set(wanted) for name, wanted in line.get("when", {}).items()):
            return str(line["level"])
    raise LookupError(f"no level for {urgency}, {severity}")


def parameter(level: str) -> Pair:
    return Pair(PARAMETER, level)


def level_told(info: Info) -> str:
    """The colour that a message itself states, "" when it states none."""
    return next((pair.value for pair in info.parameters if pair.name == PARAMETER), "")
