"""A definition as a Django form: shown with the parts of the web room, judged by the engine, without any script.

form = build_form(definition, request.POST or None, request.FILES or None, initial=known)
if form.is_valid():
    for upload in form.uploads:
        attach(about, upload.role, upload.ready, upload.name, id=upload.id)
    save(form.checked.answers)        # the ids of the files stand in the answers already
... {% include "forms/parts/questions.html" %}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import get_language, gettext

from maehia.base import ProblemError
from maehia.forms.engine import MOST_FILES, All, Any_, Checked, Field, Form, check, holds, read_form, say
from maehia.forms.files import read_file
from maehia.forms.pdf import Pdf
from maehia.forms.photos import Photo
from maehia.forms.questions import FilesBox, Look, box_of, initial_of
from maehia.kit import clock
from maehia.web.values import Source

FILE_ROLES = {"photo": "photo", "file": "document"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A new file of a posted form, looked at already. id: the answer names it so; give it to `attach`."""

    id: UUID
    field: str
    role: str
    name: str
    ready: Photo | Pdf


def build_form(
    definition: Form | Mapping[str, Any],
    data: Any = None,
    files: Any = None,
    initial: Mapping[str, Any] | None = None,
    **how: Any,
) -> EngineForm:
    """The form of a definition (or of its plain data). initial: kept answers, as prefilled or as given before.

    how: lang, page (one page's questions only), earlier (kept answers of the pages before), today, moos ((code, words)
    for addresses), sources (id -> Source: where a prefilled answer came from), kept (id -> [(file id, name)]: files
    that came before).
    """
    form = definition if isinstance(definition, Form) else read_form(definition)
    return EngineForm(form, data, files, initial or {}, **how)


class EngineForm(forms.Form):
    """`checked` (answers, faults, dropped) and `uploads` are there after `is_valid()`."""

    use_required_attribute = False  # a hidden question must not hold the browser back

    def __init__(
        self,
        definition: Form,
        data: Any,
        files: Any,
        initial: Mapping[str, Any],
        *,
        lang: str = "",
        page: str | None = None,
        earlier: Mapping[str, Any] | None = None,
        today: date | None = None,
        moos: Sequence[tuple[str, str]] = (),
        sources: Mapping[str, Source] | None = None,
        kept: Mapping[str, Sequence[tuple[Any, str]]] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.definition, self.page, self.earlier = definition, page, dict(earlier or {})
        self.lang = lang or get_language() or "th"
        self.today = today or clock.today()
        self.checked = Checked({})
        self.uploads: tuple[Upload, ...] = ()
        self._kept = {key: [(str(id_), name) for id_, name in rows] for key, rows in (kept or {}).items()}
        look = Look(self.lang, moos)
        for question in self.questions:
            self._add(question, look, initial.get(question.id), (sources or {}).get(question.id))

    @property
    def questions(self) -> tuple[Field, ...]:
        """Those of the page that may be asked, whatever is answered on it."""
        here = self.definition.fields if self.page is None else self.definition.on_page(self.page)
        ids = {question.id for question in here}
        return tuple(q for q in here if names_in(q.show_if) & ids or holds(q.show_if, self.earlier))

    def _add(self, question: Field, look: Look, value: Any, source: Source | None) -> None:
        box = box_of(question, look)
        if question.show_if and names_in(question.show_if) & {q.id for q in self.questions}:
            box.when = gettext("ตอบเฉพาะเมื่อ %(when)s") % {"when": say(self.definition, question.show_if, self.lang)}
        box.source = source
        if isinstance(box, FilesBox):
            box.kept, box.most = self._kept.get(question.id, []), question.most or MOST_FILES
        elif value is not None:
            box.initial = initial_of(question, value)
        self.fields[question.id] = box

    @property
    def earlier_json(self) -> str:
        """The answers of other pages on which the questions here look, for the script of the page."""
        wanted = {name for question in self.questions for name in names_in(question.show_if)}
        return json.dumps({k: v for k, v in self.earlier.items() if k in wanted}, ensure_ascii=False)

    def clean(self) -> dict[str, Any]:
        raw = dict(self.cleaned_data)
        for question in self.questions:
            if question.type in FILE_ROLES:
                raw[question.id] = self._files(question, raw.get(question.id) or [])
        self.checked = check(
            self.definition, raw, today=self.today, lang=self.lang, page=self.page, earlier=self.earlier
        )
        for fault in self.checked.faults:
            if fault.field not in self.errors:
                self.add_error(fault.field, fault.text)
        kept = {id_ for value in self.checked.answers.values() if isinstance(value, list) for id_ in value}
        self.uploads = tuple(upload for upload in self.uploads if str(upload.id) in kept)
        return self.checked.answers

    def _files(self, question: Field, files: Sequence[Any]) -> list[str]:
        """Ids of what stays and of what came; too many are counted and not opened."""
        getlist: Any = getattr(self.data, "getlist", lambda _name: [])
        dropped = set(getlist(f"{question.id}_drop"))
        ids = [id_ for id_, _ in self._kept.get(question.id, []) if id_ not in dropped]
        if len(ids) + len(files) > (question.most or MOST_FILES):
            return [*ids, *(str(uuid4()) for _ in files)]
        for file in files:
            try:
                ready = read_file(file, file.name, photo_only=question.type == "photo")
            except ProblemError as error:
                self.add_error(question.id, str(error.problem))
                continue
            upload = Upload(uuid4(), question.id, FILE_ROLES[question.type], file.name, ready)
            self.uploads = (*self.uploads, upload)
            ids.append(str(upload.id))
        return ids


def names_in(shown: Any) -> set[str]:
    """The questions on which a condition looks."""
    if shown is None:
        return set()
    if isinstance(shown, All | Any_):
        return set().union(*(names_in(part) for part in shown.parts))
    return {shown.field}
