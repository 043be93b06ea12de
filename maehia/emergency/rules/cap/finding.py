"""What a check found: a code, how grave it is, where, and what with; its words stand in data/cap_findings.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ERROR, WARNING, INFO = "ERROR", "WARNING", "INFO"
FILE = Path(__file__).resolve().parents[2] / "data" / "cap_findings.yaml"


@dataclass(frozen=True, slots=True)
class Finding:
    """code: `cap14_crossing` = rule 14 of the sheet. xpath: from /alert, without prefixes. args: fill the words."""

    code: str
    level: str
    xpath: str = "/alert"
    args: tuple[str, ...] = ()

    @property
    def rule(self) -> int:
        """The number of the rule."""
        return int(self.code[3:5])

    @property
    def th(self) -> str:
        return self._words("th")

    @property
    def en(self) -> str:
        return self._words("en")

    def _words(self, language: str) -> str:
        return str(words()[self.code][language]).format(*self.args, *("",) * 4)


@cache
def words() -> dict[str, dict[str, Any]]:
    """Code -> {th, en}. Every code of the rules stands there (a test holds that)."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def blocks(found: tuple[Finding, ...] | list[Finding]) -> bool:
    """Whether anything found keeps a message from going out."""
    return any(finding.level == ERROR for finding in found)
