"""What is asked for on the pages of the messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from maehia.message.actions.edit import LONGEST
from maehia.web.fields import ManyCardsField, ThaiDateField


class WordingForm(forms.Form):
    """The text of a template in both languages."""

    th = forms.CharField(label=gettext_lazy("ข้อความภาษาไทย"), max_length=LONGEST, widget=forms.Textarea({"rows": 6}))
    en = forms.CharField(
        label=gettext_lazy("ข้อความภาษาอังกฤษ"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 6, "lang": "en"}),
    )


class TermForm(forms.Form):
    """A value from a day on, and where it comes from."""

    value = forms.CharField(label=gettext_lazy("ค่าใหม่"), max_length=120)
    since = ThaiDateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"))
    source = forms.CharField(
        label=gettext_lazy("ที่มา"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("เช่น สัญญาเลขที่ หรือหน้าเว็บของผู้ให้บริการ"),
    )
    verified = forms.BooleanField(label=gettext_lazy("ตรวจกับต้นทางแล้ว"), required=False)


class BroadcastForm(forms.Form):
    """A text, to whom, how urgent. moos: (code, words with the number of followers)."""

    text_th = forms.CharField(label=gettext_lazy("ข้อความ"), max_length=1000, widget=forms.Textarea({"rows": 5}))
    text_en = forms.CharField(
        label=gettext_lazy("ข้อความภาษาอังกฤษ"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3, "lang": "en"}),
    )
    moos = ManyCardsField(
        label=gettext_lazy("ส่งถึงผู้ติดตามใน"), required=False, help_text=gettext_lazy("ไม่เลือก = ผู้ติดตามทั้งเมือง")
    )
    urgent = forms.BooleanField(label=gettext_lazy("เหตุฉุกเฉิน: ส่งทันทีแม้เป็นเวลากลางคืน และใช้โควตาที่กันไว้ได้"), required=False)

    def __init__(self, *args: Any, moos: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moos"].choices = moos  # type: ignore[attr-defined]


class PreferenceForm(forms.Form):
    """The channels that a citizen wants."""

    channels = ManyCardsField(label=gettext_lazy("ช่องทางที่ต้องการให้แจ้ง"))

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = choices  # type: ignore[attr-defined]
