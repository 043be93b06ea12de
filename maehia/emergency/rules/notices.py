"""Which authorities must be told of an incident, by when, and in which words. Dated data in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """One duty to tell. ends: the last day on which it holds, None for none; text: a pattern with {words}."""

    rule: str
    starts: date
    minutes: int
    to_th: str
    to_en: str
    text: str
    basis: str
    source: str
    verified: bool
    ends: date | None = None

    def due(self, opened: datetime) -> datetime:
        return opened + timedelta(minutes=self.minutes)


def read_rules(entries: Iterable[Mapping[str, Any]]) -> list[NoticeRule]:
    """Rules out of the data file. Raises KeyError, ValueError for a broken entry."""
    return [
        NoticeRule(
            entry["rule"], entry["from"], int(entry["minutes"]), entry["to"]["th"], entry["to"]["en"],
            str(entry["text"]).strip(), entry["basis"], entry["source"], bool(entry["verified"]), entry.get("until"),
        )
        for entry in entries
    ]  # fmt: skip


def on_day(rules: Iterable[NoticeRule], day: date) -> list[NoticeRule]:
    """The rules that hold on a day: of each key the newest."""
    found: dict[str, NoticeRule] = {}
    for rule in sorted(rules, key=lambda one: one.starts):
        if rule.starts <= day and (rule.ends is None or day <= rule.ends):
            found[rule.rule] = rule
    return sorted(found.values(), key=lambda one: one.minutes)


def fill(pattern: str, words: Mapping[str, str]) -> str:
    """The text with its words; a word that is not known is a dash, never an error in the night."""
    return pattern.format_map(_Known(words))


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
