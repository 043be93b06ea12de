"""The forms of those who ask for help or say that they are safe. Nothing in them is required: nobody is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy

from maehia.emergency.actions.help import MOST_PEOPLE
from maehia.emergency.rules.help import read_digits
from maehia.emergency.rules.help_data import needs
from maehia.web.fields import ManyCardsField

PHONE = {"inputmode": "tel", "autocomplete": "tel", "type": "tel", "class": "medium"}


def lang() -> str:
    return "en" if (get_language() or "th").startswith("en") else "th"


class SafeForm(forms.Form):
    """Who is safe: how many, which phone, where from. All optional."""

    people = forms.CharField(
        label=gettext_lazy("กี่คน รวมคุณด้วย"), required=False, initial="1",
        widget=forms.TextInput({"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("เบอร์โทรศัพท์ของคุณ"), required=False, max_length=60, widget=forms.TextInput(PHONE),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("ชื่อ"), required=False, max_length=120, widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
    moo = forms.ChoiceField(label=gettext_lazy("หมู่ที่"), required=False)
    note = forms.CharField(
        label=gettext_lazy("อยากบอกอะไรเพิ่ม"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    written_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, moos: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["moo"].choices = [("", "–"), *moos]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """What was told, as `Ask` takes it. Reads whatever came: a field that is wrong is left out."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "people": number(found.get("people", "")), "phone": found.get("phone", ""), "name": found.get("name", ""),
            "moo": int(found["moo"]) if found.get("moo") else None, "note": found.get("note", ""),
            "written_at": moment(found.get("written_at", "")), "lang": lang(),
        }  # fmt: skip


class HelpForm(SafeForm):
    """What is needed and where. lon, lat: of a phone that tells its place."""

    field_order = ["needs", "phone", "people", "address", "moo", "note", "name"]

    needs = ManyCardsField(label=gettext_lazy("ต้องการอะไร"), required=False)
    address = forms.CharField(
        label=gettext_lazy("อยู่ที่ไหน"), required=False, max_length=300,
        help_text=gettext_lazy("บ้านเลขที่ ซอย หรือจุดสังเกต"),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )  # fmt: skip
    lon = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["needs"].choices = [(key, kind.name(lang())) for key, kind in needs().items()]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        found = super().told()
        chosen = self.data.getlist("needs") if hasattr(self.data, "getlist") else self.data.get("needs", [])
        point = (degrees(self.cleaned_data.get("lon", "")), degrees(self.cleaned_data.get("lat", "")))
        place = point if None not in point else None
        return {**found, "needs": tuple(chosen), "address": self.cleaned_data.get("address", ""), "point": place}


class StatusForm(forms.Form):
    """Code and last four digits."""

    code = forms.CharField(
        label=gettext_lazy("รหัส 8 หลัก"), max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "class": "medium", "autocomplete": "off"}),
    )  # fmt: skip
    last4 = forms.CharField(
        label=gettext_lazy("เลข 4 ตัวท้ายของโทรศัพท์ที่แจ้งไว้"), max_length=12,
        help_text=gettext_lazy("ถ้าไม่ได้ให้เบอร์ไว้ ใช้เลข 4 ตัวที่ได้รับพร้อมรหัส"),
        widget=forms.TextInput({"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )  # fmt: skip


def number(typed: str) -> int:
    """How many people; 1 for what is no number."""
    digits = read_digits(typed)[:4]
    return min(int(digits), MOST_PEOPLE) if digits else 1


def degrees(typed: str) -> float | None:
    try:
        return float(typed)
    except (TypeError, ValueError):
        return None


def moment(typed: str) -> datetime | None:
    """An aware moment as a phone writes it; None for anything else."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
