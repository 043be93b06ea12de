"""Limits and accuracies as dated data: each value with its source and whether somebody verified it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from a day on, until the next one of its name."""

    start: date
    value: Any
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds on a day. accuracy: metres by source (parcels, roads, zones, floods, drawn)."""

    limits: Mapping[str, Dated]
    accuracy: Mapping[str, Dated]
    zones_allowed: Dated

    def __getitem__(self, name: str) -> float:
        return float(self.limits[name].value)

    def tolerance(self, *sources: str) -> float:
        """How far two lines may be off together: the sum, since nobody knows that errors cancel (metres)."""
        return float(sum(self.accuracy[source].value for source in sources))


def read_limits(data: Mapping[str, Any], on: date) -> Limits:
    """The rows that hold on a day. Raises KeyError for a part or a row that is missing."""
    return Limits(
        {name: _on(rows, on, name) for name, rows in data["limits"].items()},
        {name: _on(rows, on, name) for name, rows in data["accuracy_m"].items()},
        _on(data["zones_allowed"], on, "zones_allowed"),
    )


def _on(rows: list[Mapping[str, Any]], day: date, name: str) -> Dated:
    held = [row for row in rows if row["from"] <= day]
    if not held:
        raise KeyError(f"{name} has no value on {day}")
    row = max(held, key=lambda r: r["from"])
    return Dated(row["from"], row["value"], row["source"], row["verified"])


@cache
def shipped_limits(on: date) -> Limits:
    """The limits of this version on a day (services/data/permit_limits.yaml)."""
    text = (files("maehia.services") / "data" / "permit_limits.yaml").read_text("utf-8")
    return read_limits(yaml.safe_load(text), on)
