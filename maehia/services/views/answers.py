"""The extra questions of a category as a form of the page; what an answer may be is decided by the engine alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from maehia.forms.engine import Field, Form, check, say
from maehia.kit.clock import today
from maehia.services.views.offered import lang
from maehia.web.fields import CardsField, ManyCardsField

PREFIX = "answer"
ELSEWHERE = ("photo", "file", "point", "address")  # the report itself asks for them


class AnswersForm(forms.Form):
    """`is_valid()`, bound fields with their errors, and `answers()`: id -> value as the engine keeps it."""

    def __init__(self, questions: Form, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.questions = questions
        for field in questions.fields:
            if field.type not in ELSEWHERE:
                self.fields[field.id] = _field(questions, field)

    def clean(self) -> dict[str, Any]:
        checked = check(self.questions, self._raw(), today=today(), lang=lang())
        for fault in checked.faults:
            if fault.field in self.fields:
                self.add_error(fault.field, fault.text)
        self._kept = checked.answers
        return dict(self.cleaned_data)

    def _raw(self) -> Mapping[str, Any]:
        """What was sent, as it was sent: lists for questions with several answers."""
        found: dict[str, Any] = {}
        for field in self.questions.fields:
            name = self.add_prefix(field.id)
            if field.type == "choices" and hasattr(self.data, "getlist"):
                found[field.id] = self.data.getlist(name)
            else:
                found[field.id] = self.data.get(name)
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    def answers(self) -> dict[str, Any]:
        """The kept answers of a valid form."""
        return dict(self._kept)


class Loose(forms.CharField):
    """Takes any text: the engine reads it, and says what is missing."""

    part = "web/parts/field.html"

    def validate(self, value: Any) -> None:
        """The engine knows."""


class LooseCards(CardsField):
    def validate(self, value: Any) -> None:
        """The engine knows the options."""


class LooseMany(ManyCardsField):
    def validate(self, value: Any) -> None:
        """The engine knows the options."""


def _field(questions: Form, field: Field) -> forms.Field:
    hints = [field.hint.in_(lang())] if field.hint else []
    if field.show_if is not None:
        hints.append(gettext("ตอบเมื่อ %(clause)s") % {"clause": say(questions, field.show_if, lang())})
    shown: dict[str, Any] = {"label": field.label.in_(lang()), "help_text": " ".join(hints), "required": False}
    made = _of_type(field, shown)
    made.widget.attrs.setdefault("aria-required", "true" if field.required else "false")
    # The engine decides what is missing; the page only leaves the word "optional" away.
    made.required = field.required and field.show_if is None
    return made


def _of_type(field: Field, shown: dict[str, Any]) -> forms.Field:
    options = [(option.value, option.label.in_(lang())) for option in field.options]
    match field.type:
        case "choice":
            return LooseCards(choices=options, **shown)
        case "choices":
            return LooseMany(choices=options, **shown)
        case "yes_no":
            return LooseCards(choices=[("yes", gettext("ใช่")), ("no", gettext("ไม่ใช่"))], **shown)
        case "longtext":
            return Loose(widget=forms.Textarea({"rows": 3}), **shown)
    modes = {"number": "decimal", "person_id": "numeric", "phone": "tel", "house": "numeric"}
    attrs = {"class": "medium", **({"inputmode": modes[field.type]} if field.type in modes else {})}
    return Loose(widget=forms.TextInput(attrs), **shown)
