"""Who sees which part of a case: one table, asked by every page, list, map, export and standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

RULES = ("yes", "public", "released", "no")


@dataclass(frozen=True, slots=True)
class About:
    """What the table asks of a case. is_public: its category is shown to everybody. is_confidential: about staff or
    corruption. is_hidden: moderated, draft or erased. released: the fields that an officer has released."""

    is_public: bool
    is_confidential: bool = False
    is_hidden: bool = False
    released: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matrix:
    """fields[field][viewer] = one of RULES. Checked when made: every field says something for every viewer."""

    fields: Mapping[str, Mapping[str, str]]
    viewers: tuple[str, ...]
    confidential_viewers: tuple[str, ...]

    def __post_init__(self) -> None:
        for field, row in self.fields.items():
            if set(row) != set(self.viewers):
                raise ValueError(f"visibility of {field}: viewers {sorted(set(row) ^ set(self.viewers))} differ")
            if unknown := set(row.values()) - set(RULES):
                raise ValueError(f"visibility of {field}: {sorted(map(str, unknown))} are no rules")

    def seen_by(self, viewer: str, about: About) -> frozenset[str]:
        """The fields that this viewer sees. Empty: for this viewer the case does not exist (404).

        Raises KeyError for a viewer that the table does not know.
        """
        if viewer in self.confidential_viewers:
            return frozenset(self.fields) if about.is_confidential else frozenset()
        if viewer not in self.viewers:
            raise KeyError(viewer)
        own = viewer in ("reporter", "link_holder")
        if about.is_confidential and not own:
            return frozenset()
        if about.is_hidden and viewer == "public":
            return frozenset()
        return frozenset(field for field, row in self.fields.items() if _holds(row[viewer], field, about))


def _holds(rule: str, field: str, about: About) -> bool:
    if rule == "public":
        return about.is_public
    if rule == "released":
        return about.is_public and field in about.released
    return rule == "yes"


def read_matrix(data: Mapping[str, Any]) -> Matrix:
    """The table from its data. Raises KeyError for a missing part, ValueError for a hole or an unknown rule."""
    return Matrix(data["fields"], tuple(data["viewers"]), tuple(data["confidential_viewers"]))


@cache
def shipped() -> Matrix:
    """The table of this version (services/data/visibility.yaml)."""
    return read_matrix(yaml.safe_load((files("maehia.services") / "data" / "visibility.yaml").read_text("utf-8")))
