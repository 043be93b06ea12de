"""A service as the town promises it: one versioned definition, read from YAML or JSON, checked, written back.

A definition says what a report category or an application is called, which act governs it, who may apply, what is
asked, which papers the town has itself, who does which step in what time, what it costs, what comes out and who sees
it. A case keeps the definition that it was opened under.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

import yaml

from maehia.base import ProblemError
from maehia.forms.engine import Form, read_form
from maehia.services.rules.clock import Promise, Rung
from maehia.services.rules.definition_faults import faults, faults_of_data, plain_data, read_documents

__all__ = [
    "Before", "Definition", "Paper", "Retention", "Step", "Text", "Visibility",
    "as_data", "faults", "read_definition", "read_documents", "to_yaml",
]  # fmt: skip

Kind = Literal["report", "service"]
Asked = Literal["required", "optional", "none"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Thai and English."""

    th: str
    en: str

    def in_(self, lang: str) -> str:
        return self.en if lang == "en" else self.th


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of an application. town_has_it: the source in which the town finds it itself ("" = bring it)."""

    code: str
    name: Text
    town_has_it: str = ""
    required: bool = True
    show_if: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the work: its role, the unit ("" = the unit of the service), the state reached, the time given."""

    code: str
    name: Text
    role: str
    unit: str = ""
    state: str = ""
    time: Promise | None = None


@dataclass(frozen=True, slots=True)
class Visibility:
    """is_public: shown to everybody; blur_m: metres by which a public point is moved; released: fields shown at once
    without an officer's release (photos never are unless the town says so)."""

    is_public: bool = False
    blur_m: int = 0
    released: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """Years after the end of a case until its personal data goes; action: anonymise or delete."""

    years: int
    action: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the service took before; None = not known yet. source: where the figures come from."""

    steps: int | None = None
    documents: int | None = None
    visits: int | None = None
    days: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One service. first_answer and resolve: what is promised; ladder: who is told when it is exceeded.

    asset_kinds: the register's words for the things it is about (a lamp: ไฟถนน). answer_days: how long the town waits
    for the citizen's answer. duplicate_radius_m: 0 = never the same report. closing: words by end state.
    """

    code: str
    kind: Kind
    name: Text
    group: str
    description: Text
    unit: str
    resolve: Promise
    source: str
    first_answer: Promise | None = None
    keywords: tuple[str, ...] = ()
    act: str = ""
    who: Text | None = None
    needs_identity: bool = False
    place: Asked = "required"
    photo: Asked = "optional"
    urgent: bool = False
    confidential: bool = False
    form: Mapping[str, Any] = field(default_factory=lambda: {"fields": []})  # of the form engine; `questions` reads it
    documents: tuple[Paper, ...] = ()
    steps: tuple[Step, ...] = ()
    ladder: tuple[Rung, ...] = ()
    fee: str = ""
    outputs: tuple[str, ...] = ()
    visibility: Visibility = Visibility()
    duplicate_radius_m: int = 0
    asset_kinds: tuple[str, ...] = ()
    needs_after_photo: bool = False
    second_eyes: bool = False
    reopen_days: int = 14
    answer_days: int = 15
    closing: Mapping[str, Text] = field(default_factory=dict)
    retention: Retention = Retention(5, "anonymise")
    before: Before = Before()
    checked_on: date | None = None
    verified: bool = False

    @property
    def questions(self) -> Form:
        return read_form(self.form)

    @property
    def asset_kind(self) -> str:
        """The first word of the register for the thing, "" when the service is about no thing."""
        return self.asset_kinds[0] if self.asset_kinds else ""

    @property
    def to_bring(self) -> tuple[Paper, ...]:
        """The papers that only the citizen has."""
        return tuple(paper for paper in self.documents if not paper.town_has_it)

    @property
    def town_has(self) -> tuple[Paper, ...]:
        """The papers that nobody is asked for, since the town has them."""
        return tuple(paper for paper in self.documents if paper.town_has_it)


def read_definition(data: Mapping[str, Any]) -> Definition:
    """The definition of plain data. Raises ProblemError with the first fault (`faults` lists all)."""
    plain = plain_data(data)
    if found := faults_of_data(plain):
        raise ProblemError(found[0])
    return _read(plain)


def to_yaml(definition: Definition) -> str:
    """The definition as a YAML document that reads back to an equal one."""
    return yaml.safe_dump(as_data(definition), allow_unicode=True, sort_keys=False, width=110)


def _read(data: Mapping[str, Any]) -> Definition:
    given = {key: _READ[key](value) if key in _READ else value for key, value in data.items() if key != "promise"}
    promise = data["promise"]
    first = _promise(promise["first_answer"]) if "first_answer" in promise else None
    return Definition(**given, first_answer=first, resolve=_promise(promise["resolve"]))


def _text(data: Mapping[str, str]) -> Text:
    return Text(data["th"], data["en"])


def _promise(data: Mapping[str, Any]) -> Promise:
    return Promise(**data)


def _paper(data: Mapping[str, Any]) -> Paper:
    return Paper(**{**data, "name": _text(data["name"])})


def _step(data: Mapping[str, Any]) -> Step:
    time = {"time": _promise(data["time"])} if "time" in data else {}
    return Step(**{**data, "name": _text(data["name"]), **time})


def _ladder(rows: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    return tuple(Rung(_promise(row["exceeded_by"]), row["role"]) for row in rows)


_READ: Mapping[str, Any] = {
    "name": _text,
    "description": _text,
    "who": _text,
    "keywords": tuple,
    "outputs": tuple,
    "asset_kinds": tuple,
    "documents": lambda rows: tuple(_paper(row) for row in rows),
    "steps": lambda rows: tuple(_step(row) for row in rows),
    "ladder": _ladder,
    "visibility": lambda row: Visibility(**{**row, "released": tuple(row.get("released", ()))}),
    "closing": lambda row: {state: _text(text) for state, text in row.items()},
    "retention": lambda row: Retention(**row),
    "before": lambda row: Before(**row),
    "checked_on": date.fromisoformat,
}


def as_data(definition: Definition) -> dict[str, Any]:
    """The definition as plain JSON data, without what is the default anyway; `read_definition` gives it back."""
    found: dict[str, Any] = {}
    default = Definition("", "report", Text("", ""), "", Text("", ""), "", Promise(1, "working_days"), "")
    for part in fields(definition):
        value = getattr(definition, part.name)
        if part.name in ("first_answer", "resolve"):
            if value is not None:
                found.setdefault("promise", {})[part.name] = _plain(value)
        elif part.name in ALWAYS or value != getattr(default, part.name):
            found[part.name] = _plain(value)
    return {key: found[key] for key in ORDER if key in found}


ALWAYS = ("code", "kind", "name", "group", "description", "unit", "source", "verified")
ORDER = (
    "code", "kind", "name", "group", "description", "keywords", "act", "unit", "who", "needs_identity", "place",
    "photo", "urgent", "confidential", "promise", "ladder", "fee", "form", "documents", "steps", "outputs",
    "visibility", "duplicate_radius_m", "asset_kinds", "needs_after_photo", "second_eyes", "reopen_days",
    "answer_days", "closing", "retention", "before", "source", "checked_on", "verified",
)  # fmt: skip


def _plain(value: Any) -> Any:
    """Dataclasses as mappings without the parts that have their default value."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)
                if getattr(value, part.name) != part.default}  # fmt: skip
    return value
