"""A mapping: how the columns of one source become canonical columns. Confirmed by a person, kept as YAML."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import yaml

from maehia.intake.reading.book import Book, Sheet
from maehia.intake.words import kinds

NewColumns = Literal["evolve", "freeze", "discard"]


@dataclass(slots=True)
class Mapping:
    """What a data officer confirms once per source.

    kind: one of `maehia.intake.words.kinds()`. fields: canonical column -> heading, or headings joined by a space.
    constants: canonical column -> value for every row (role, level, ...). key: canonical columns that name the source's
    entity; [] = made from the row's identity. transforms: canonical column -> name in `transforms.EXTRA`.
    sheets: "all" (those with this layout), "first", or sheet names. layout: headings when it was confirmed.
    crs: choice key of `reading.choices` for geometry and lon/lat, None = as the file says. repairs: names of repairs
    that a person accepted ("swap_lat_lon"). new_columns: what a heading never seen before does: evolve = ask and go on,
    freeze = the delivery waits, discard = left out. also: mappings of the same rows to further kinds.
    """

    kind: str
    fields: dict[str, str | list[str]]
    constants: dict[str, str] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    transforms: dict[str, str] = field(default_factory=dict)
    sheets: str | list[str] = "all"
    layout: list[str] = field(default_factory=list)
    crs: str | None = None
    repairs: list[str] = field(default_factory=list)
    new_columns: NewColumns = "evolve"
    also: list[Mapping] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.kind not in kinds():
            raise ValueError(f"unknown kind: {self.kind}")
        unknown = (set(self.fields) | set(self.key)) - set(kinds()[self.kind].fields)
        if unknown:
            raise ValueError(f"{self.kind} has no column {', '.join(sorted(unknown))}")

    def columns_of(self, name: str) -> list[str]:
        """The headings behind a canonical column."""
        source = self.fields.get(name, [])
        return [source] if isinstance(source, str) else list(source)

    @property
    def used(self) -> set[str]:
        """Every heading that the mapping reads."""
        own = {heading for name in self.fields for heading in self.columns_of(name)}
        return own.union(*(other.used for other in self.also))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Mapping:
        """Raises ValueError or TypeError for a dict that is no mapping."""
        also = [cls.from_dict(other) for other in data.get("also", [])]
        return cls(**{**data, "also": also})

    def to_yaml(self) -> str:
        return yaml.safe_dump(self.to_dict(), allow_unicode=True, sort_keys=False)

    @classmethod
    def from_yaml(cls, text: str) -> Mapping:
        return cls.from_dict(yaml.safe_load(text))


def sheets_for(book: Book, mapping: Mapping) -> list[Sheet]:
    """The sheets of a book that the mapping is for: named ones, the first, or all visible ones with its columns."""
    if isinstance(mapping.sheets, list):
        return [sheet for sheet in book.sheets if sheet.name in mapping.sheets]
    visible = [sheet for sheet in book.sheets if not sheet.hidden] or book.sheets
    if mapping.sheets == "first":
        return visible[:1]
    needed = mapping.used
    return [sheet for sheet in visible if len(needed & set(sheet.header)) >= 0.6 * len(needed)]
