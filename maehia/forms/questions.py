"""Boxes for questions: one Django field per type. They hand on what was typed; the engine alone judges it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from maehia.forms.engine import Field, shown_data
from maehia.forms.files import ACCEPT_FILE, ACCEPT_PHOTO
from maehia.web.fields import CardsField, ManyCardsField, ThaiDateWidget

MANY_OPTIONS = 8  # from so many on a list to open is easier than cards
YES_NO = [("yes", gettext_lazy("ใช่")), ("no", gettext_lazy("ไม่ใช่"))]


@dataclass(frozen=True, slots=True)
class Look:
    """How questions are shown. lang: of labels and options. moos: (code, words) to choose from in addresses."""

    lang: str
    moos: Sequence[tuple[str, str]] = ()


class HandedOn:
    """A field that checks nothing."""

    def clean(self, value: Any, *_initial: Any) -> Any:
        return value


class LineBox(HandedOn, forms.CharField):
    part = "web/parts/field.html"


class DateBox(HandedOn, forms.Field):
    """Day, month and year as one text; what was typed whole into the first box stays whole."""

    part = "web/parts/field.html"

    def clean(self, value: Any, *_initial: Any) -> Any:
        typed = [part for part in value or [] if part]
        return "/".join(typed)


class OneCard(HandedOn, CardsField):
    pass


class OneOfList(HandedOn, forms.ChoiceField):
    part = "web/parts/field.html"


class ManyCards(HandedOn, ManyCardsField):
    pass


class NamedParts(forms.MultiWidget):
    """Several boxes with names of their own; the value is a mapping."""

    use_fieldset = True
    names: tuple[str, ...] = ()

    def __init__(self, widgets: Mapping[str, forms.Widget]) -> None:
        self.names = tuple(widgets)
        super().__init__(dict(widgets))

    def decompress(self, value: Any) -> list[Any]:
        return [(value or {}).get(name, "") for name in self.names]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, self.decompress(value) if isinstance(value, Mapping) else value, attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:  # type: ignore[override]
        return dict(zip(self.names, super().value_from_datadict(data, files, name), strict=True))


class AddressParts(NamedParts):
    template_name = "forms/widgets/address.html"


class AddressBox(HandedOn, forms.Field):
    part = "web/parts/field.html"


class PointBox(HandedOn, forms.Field):
    part = "forms/parts/point.html"


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else [f for f in [files.get(name)] if f]


class FilesBox(HandedOn, forms.FileField):
    """kept: files that came before, as (id, name)."""

    part = "forms/parts/files.html"
    kept: Sequence[tuple[str, str]] = ()
    most = 0


def _line(question: Field, _look: Look, **attrs: Any) -> forms.Field:
    return LineBox(widget=forms.TextInput({key.replace("_", "-"): value for key, value in attrs.items()}))


def _number(question: Field, _look: Look) -> forms.Field:
    return LineBox(
        widget=forms.TextInput({"inputmode": "decimal" if question.decimals else "numeric", "class": "short"})
    )


def _choice(question: Field, look: Look) -> forms.Field:
    choices = [(option.value, option.label.in_(look.lang)) for option in question.options]
    if len(choices) >= MANY_OPTIONS:
        return OneOfList(choices=[("", gettext("เลือก")), *choices])
    return OneCard(choices=choices)


def _choices(question: Field, look: Look) -> forms.Field:
    return ManyCards(choices=[(option.value, option.label.in_(look.lang)) for option in question.options])


def _address(_question: Field, look: Look) -> forms.Field:
    moo = (
        forms.Select(choices=[("", gettext("เลือกหมู่")), *look.moos])
        if look.moos
        else forms.TextInput({"inputmode": "numeric"})
    )
    boxes = {"house_no": forms.TextInput({"autocomplete": "address-line1"}), "moo": moo, "note": forms.TextInput()}
    return AddressBox(widget=AddressParts(boxes))


def _point(_question: Field, _look: Look) -> forms.Field:
    boxes = {name: forms.TextInput({"inputmode": "decimal"}) for name in ("lat", "lon")}
    return PointBox(widget=NamedParts(boxes))


def _files(question: Field, _look: Look) -> forms.Field:
    return FilesBox(
        widget=ManyFiles({"accept": ACCEPT_PHOTO if question.type == "photo" else ACCEPT_FILE, "multiple": True})
    )


BOXES: Mapping[str, Callable[[Field, Look], forms.Field]] = {
    "text": _line,
    "longtext": lambda _q, _l: LineBox(widget=forms.Textarea({"rows": 5})),
    "number": _number,
    "date": lambda _q, _l: DateBox(widget=ThaiDateWidget()),
    "choice": _choice,
    "choices": _choices,
    "yes_no": lambda _q, _l: OneCard(choices=YES_NO),
    "person_id": lambda q, look: _line(
        q, look, inputmode="numeric", autocomplete="off", **{"class": "medium", "data_group": "1-4-5-2-1"}
    ),
    "phone": lambda q, look: _line(q, look, type="tel", inputmode="tel", autocomplete="tel", **{"class": "medium"}),
    "address": _address,
    "point": _point,
    "photo": _files,
    "file": _files,
    "house": lambda q, look: _line(q, look, inputmode="numeric", **{"class": "medium"}),
    "parcel": lambda q, look: _line(q, look, **{"class": "medium"}),
}


def box_of(question: Field, look: Look) -> Any:
    """The field of a question with its words; `show_if` and `type` are for the script of the page."""
    box: Any = BOXES[question.type](question, look)
    box.label = question.label.in_(look.lang)
    box.help_text = question.hint.in_(look.lang) if question.hint else ""
    box.required = box.widget.is_required = question.required
    box.type = question.type
    box.show_if = json.dumps(shown_data(question.show_if), ensure_ascii=False) if question.show_if else ""
    box.when, box.source = "", None
    return box


def initial_of(question: Field, value: Any) -> Any:
    """A kept answer as its box shows it."""
    if question.type == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    if question.type == "date" and isinstance(value, str) and value.count("-") == 2:
        year, month, day = (int(part) for part in value.split("-"))
        return [str(day), str(month), str(year + 543)]
    return value
