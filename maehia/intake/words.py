"""The words above columns and the canonical fields they mean. Data: `data/headings.yaml`, `data/kinds.yaml`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.thai import clean_text

NOT_LETTERS = re.compile(r"[\s.()\[\]{}_\-/:*\"'“”‘’,+#?ฯ–—]+")
BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
SHORTEST_INSIDE = 5  # a shorter word inside a longer heading is chance


def load_data(name: str) -> dict[str, Any]:
    """One of the room's YAML data files."""
    text = files("maehia.intake").joinpath("data", name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def bare(heading: str) -> str:
    """A heading as it is compared: clean Thai, no spaces, no punctuation, small letters."""
    return NOT_LETTERS.sub("", clean_text(heading).lower())


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its canonical columns with their types, and how rows of it are told apart."""

    name: str
    label: str
    fields: dict[str, str]
    key: list[list[str]]
    identity: list[str]
    needs: list[list[str]]
    signs: dict[str, float]
    geometry: list[str] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return {name: Kind(name=name, **entry) for name, entry in load_data("kinds.yaml")["kinds"].items()}


@dataclass(frozen=True, slots=True)
class Words:
    common: dict[str, list[str]]  # bare word -> fields, the likeliest first
    kinds: dict[str, dict[str, list[str]]]  # kind -> bare word -> fields, the likeliest first
    ignored: frozenset[str]
    layouts: list[dict[str, Any]]
    parts: dict[str, list[frozenset[str]]]  # field -> the bare words of each of its parts, in order

    @property
    def general(self) -> frozenset[str]:
        """Words that stand above columns of many kinds ("ประเภท"): inside a longer heading they say nothing."""
        return _general()

    def meanings(self, kind: str) -> dict[str, list[str]]:
        """Every bare word that can stand above a column of this kind, with the fields it can mean."""
        allowed = kinds()[kind].fields
        own = self.kinds.get(kind, {})
        merged = {word: fit for word, names in self.common.items() if (fit := [n for n in names if n in allowed])}
        for word, names in own.items():
            merged[word] = names + [name for name in merged.get(word, []) if name not in names]
        return merged

    def only(self, kind: str) -> frozenset[str]:
        """The words that no other kind uses: they speak for this one."""
        others = set(self.common).union(*(table for name, table in self.kinds.items() if name != kind))
        return frozenset(set(self.kinds.get(kind, {})) - others)


@lru_cache(maxsize=1)
def words() -> Words:
    data = load_data("headings.yaml")
    by_kind = {kind: _table(entries) for kind, entries in data["kinds"].items()}
    common = _table(data["common"])
    ignored = frozenset(bare(str(word)) for word in data["ignored"])
    parts = {
        name: [frozenset(bare(str(word)) for word in part) for part in every] for name, every in data["parts"].items()
    }
    return Words(common, by_kind, ignored, data["layouts"], parts)


def _table(entries: dict[str, list[Any]]) -> dict[str, list[str]]:
    """Bare word -> the fields it can mean, in the order of the file."""
    table: dict[str, list[str]] = {}
    for name, synonyms in entries.items():
        for word in synonyms:
            names = table.setdefault(bare(str(word)), [])
            if name not in names:
                names.append(name)
    return table


@lru_cache(maxsize=1)
def _general(many: int = 4) -> frozenset[str]:
    counts = Counter(word for table in words().kinds.values() for word in table)
    return frozenset(word for word, count in counts.items() if count >= many)


@lru_cache(maxsize=1)
def _all_words() -> frozenset[str]:
    every = set(words().common) | words().ignored
    for table in words().kinds.values():
        every.update(table)
    for layout in words().layouts:
        every.update(bare(heading) for heading in layout["when"])
    return frozenset(every)


@lru_cache(maxsize=4096)
def is_heading_word(cell: str) -> bool:
    """True when any list of ours could use this cell as a heading."""
    known = _all_words()
    return any(form in known for form in forms(cell)) or any(
        word in bare(cell) for word in known if len(word) >= SHORTEST_INSIDE + 3
    )


def forms(heading: str) -> list[str]:
    """The heading as bare words to look up: whole, without brackets, the part below a group heading."""
    parts = [heading, BRACKETS.sub("", heading)]
    if " / " in heading:
        lower = heading.rsplit(" / ", 1)[1]
        parts += [lower, BRACKETS.sub("", lower), heading.replace(" / ", "")]
    return list(dict.fromkeys(form for form in map(bare, parts) if form))
