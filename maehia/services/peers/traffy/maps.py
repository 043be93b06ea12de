"""Traffy's words and ours: states and categories, read from data that a town edits. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.services import workflow

STATES, CATEGORIES = "traffy_states.yaml", "traffy_categories.yaml"


@dataclass(frozen=True, slots=True)
class States:
    """by_type, prefixes: what a Traffy state means here. out: what ours are sent as, "" = never."""

    by_type: Mapping[str, str]
    prefixes: tuple[tuple[str, str], ...]
    out: Mapping[str, str]

    def ours(self, status: str, status_type: str = "") -> str:
        """Our state for theirs, "" when it is unknown (then nothing changes and staff see the text).

        The text comes first where it says more than the type: ส่งต่อ(ใหม่) has a type of the next organisation.
        """
        named = next((state for text, state in self.prefixes if status.startswith(text)), "")
        if named == "forwarded":
            return named
        return self.by_type.get(status_type, "") or named

    def theirs(self, state: str) -> str:
        """Traffy's word for our state, "" = never sent. Raises KeyError for a state that the table forgot."""
        return self.out[state]


@dataclass(frozen=True, slots=True)
class Category:
    """A Traffy type and the service of ours. out: whether our cases of it may be sent under this type."""

    type: str
    service: str
    out: bool = False


def read_states(data: Mapping[str, Any]) -> States:
    """Raises ValueError when a state of a report is missing, or a word differs from the transition table's."""
    out = dict(data["out"])
    for code, state in workflow.KINDS["report"].items():
        if out.get(code) != state.traffy:
            raise ValueError(f"traffy states: {code} is {out.get(code)!r}, the transition table says {state.traffy!r}")
    targets = {*data["in"]["by_type"].values(), *(row["state"] for row in data["in"]["by_prefix"])}
    if unknown := targets - workflow.KINDS["report"].keys():
        raise ValueError(f"traffy states: {sorted(unknown)} are no states")
    prefixes = tuple((row["text"], row["state"]) for row in data["in"]["by_prefix"])
    return States(dict(data["in"]["by_type"]), prefixes, out)


def read_categories(data: Mapping[str, Any]) -> tuple[Category, ...]:
    return tuple(Category(row["type"], row["service"], bool(row.get("out"))) for row in data["types"])


@cache
def states() -> States:
    return read_states(_shipped(STATES))


@cache
def categories() -> tuple[Category, ...]:
    return read_categories(_shipped(CATEGORIES))


def service_of(types: str, known: frozenset[str] | None = None) -> str:
    """Our service for a ticket's type; several are joined by comma and the first that is known counts. "" = none."""
    table = {row.type: row.service for row in categories()}
    for name in types.strip("{}").split(","):
        code = table.get(name.strip(), "")
        if code and (known is None or code in known):
            return code
    return ""


def type_of(service: str) -> str:
    """Traffy's type for a service of ours, the first of the table; "" = none."""
    return next((row.type for row in categories() if row.service == service), "")


def _shipped(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files("maehia.services") / "data" / name).read_text("utf-8"))
    return data
