"""What is typed at the desk of an incident. Nothing is asked that is known; times may be left empty for "now"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from maehia.access.models import Account
from maehia.base import BANGKOK
from maehia.emergency.actions.desk_teams import KINDS
from maehia.emergency.models.desk import HOWS, POSTS, POSTS_EN
from maehia.emergency.views.incident_words import hazard_name, level_name
from maehia.emergency.workflow import HAZARDS, LEVELS
from maehia.kit import clock
from maehia.thai import to_arabic
from maehia.web import fields
from maehia.web.registry import in_language

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)(\s*น\.?)?")
ORDERS = [
    ("evacuate", gettext_lazy("อพยพ")), ("close", gettext_lazy("ปิดถนนหรือสถานที่")),
    ("shelter", gettext_lazy("ตั้งศูนย์พักพิง")), ("resources", gettext_lazy("ใช้คนหรือเครื่องมือ")),
    ("other", gettext_lazy("อื่น ๆ")),
]  # fmt: skip


def post_choices() -> list[tuple[str, str]]:
    return [(key, in_language(th, POSTS_EN[key])) for key, th in POSTS]


def account_choices(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    return [(str(a.pk), f"{a.display_name} ({a.unit})" if a.unit else a.display_name) for a in accounts]


class ClockField(forms.Field):
    """A time of day as people write it: 14:30, 14.30, 1430, ๑๔:๓๐ น."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "class": "short", "placeholder": "14:30", "maxlength": "12"})
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        typed = to_arabic(str(value or "")).strip()
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        if found is None:
            raise ValidationError(gettext("อ่านเวลานี้ไม่ออก กรุณาใส่เช่น 14:30"), code="clock")
        return time(int(found[1]), int(found[2]))


class WhenForm(forms.Form):
    """When it happened; empty is now. A time without a day is today's."""

    day = fields.ThaiDateField(label=gettext_lazy("วันที่เกิด"), required=False)
    clock = ClockField(label=gettext_lazy("เวลาที่เกิด"), required=False, help_text=gettext_lazy("เว้นว่างไว้คือเดี๋ยวนี้"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("day") and not found.get("clock") and "clock" not in self.errors:
            self.add_error("clock", gettext("ใส่เวลาของวันนั้นด้วย"))
        return found

    @property
    def moment(self) -> datetime | None:
        at = self.cleaned_data.get("clock")
        if at is None:
            return None
        return datetime.combine(self.cleaned_data.get("day") or clock.today(), at, tzinfo=BANGKOK)


class OpenForm(WhenForm):
    """Three taps on a phone: open, the hazard, done. A name is made of hazard and place when none is typed."""

    hazard = fields.CardsField(label=gettext_lazy("ภัย"))
    place = forms.CharField(
        label=gettext_lazy("สถานที่"), max_length=200, required=False, help_text=gettext_lazy("เช่น หมู่ 5 ริมห้วยแม่เหียะ")
    )
    name = forms.CharField(
        label=gettext_lazy("ชื่อเหตุการณ์"), max_length=200, required=False,
        help_text=gettext_lazy("เว้นว่างได้ ระบบตั้งให้จากภัยและสถานที่"),
    )  # fmt: skip
    source = forms.CharField(required=False, widget=forms.HiddenInput, max_length=120)
    point = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    field_order = ["hazard", "place", "name", "day", "clock", "source", "point"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hazard"].choices = [(key, hazard_name(key)) for key, _ in HAZARDS]  # type: ignore[attr-defined]
        self.fields["clock"].label = gettext("เวลาที่เริ่มเกิด")

    @property
    def title(self) -> str:
        """What was typed, else hazard and place in Thai."""
        place = self.cleaned_data["place"]
        hazard = dict(HAZARDS)[self.cleaned_data["hazard"]]
        return str(self.cleaned_data["name"]) or f"{hazard} {place}".strip()


class LevelForm(WhenForm):
    """How grave it is; 2 to 4 only with who declared it."""

    level = forms.TypedChoiceField(label=gettext_lazy("ระดับ"), coerce=int)
    level_by = forms.CharField(
        label=gettext_lazy("ผู้ประกาศและเลขที่คำสั่ง"), max_length=200, required=False,
        help_text=gettext_lazy("จำเป็นสำหรับระดับ 2 ถึง 4 เพราะเทศบาลประกาศเองไม่ได้"),
    )  # fmt: skip
    field_order = ["level", "level_by", "day", "clock"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(n, level_name(n)) for n in LEVELS]  # type: ignore[attr-defined]


class WhoForm(forms.Form):
    """One of those who hold the power."""

    who = forms.ChoiceField(label=gettext_lazy("ผู้อำนวยการเหตุการณ์"))

    def __init__(self, *args: Any, accounts: Iterable[Account], label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = account_choices(accounts)  # type: ignore[attr-defined]
        if label:
            self.fields["who"].label = label


class OrderForm(forms.Form):
    """A written order."""

    kind = forms.ChoiceField(label=gettext_lazy("เรื่องที่สั่ง"), choices=ORDERS)
    text = forms.CharField(label=gettext_lazy("คำสั่ง"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class NoteForm(WhenForm):
    """A line for the log."""

    text = forms.CharField(label=gettext_lazy("ข้อความบันทึก"), max_length=4000, widget=forms.Textarea({"rows": 2}))
    post = forms.ChoiceField(label=gettext_lazy("ในตำแหน่ง"), required=False)
    field_order = ["text", "post", "day", "clock"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [("", gettext("ไม่ระบุ")), *post_choices()]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """What the guards of a move ask for, and nothing else."""

    def __init__(self, asks: Iterable[str], *args: Any, targets: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in asks:
            self.fields["reason"] = forms.CharField(
                label=gettext("เหตุผล"), max_length=400, widget=forms.Textarea({"rows": 2})
            )
        if "into" in asks:
            choices = [(str(one.pk), f"{one.number} {one.name}") for one in targets]
            self.fields["into"] = forms.ChoiceField(label=gettext("รวมกับ"), choices=choices)
        if "higher_authority" in asks:
            levels = [(n, level_name(n)) for n in LEVELS if n > 1]
            self.fields["level"] = forms.ChoiceField(label=gettext("ระดับใหม่"), choices=levels)
            self.fields["level_by"] = forms.CharField(label=gettext("ผู้ประกาศและเลขที่คำสั่ง"), max_length=200)


class TellForm(WhenForm):
    """Who was told, how, when."""

    how = forms.ChoiceField(label=gettext_lazy("แจ้งทาง"), choices=HOWS)
    receiver = forms.CharField(label=gettext_lazy("ผู้รับแจ้ง"), max_length=200)
    field_order = ["how", "receiver", "day", "clock"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(key, gettext(th)) for key, th in HOWS]  # type: ignore[attr-defined]
        self.fields["clock"].label, self.fields["day"].label = gettext("เวลาที่แจ้ง"), gettext("วันที่แจ้ง")


class TeamForm(forms.Form):
    """A team; its leader is its first member."""

    name = forms.CharField(label=gettext_lazy("ชื่อชุด"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("งาน"), choices=KINDS)
    lead = forms.ChoiceField(label=gettext_lazy("หัวหน้าชุด"), required=False)
    phone = forms.CharField(label=gettext_lazy("โทรศัพท์หรือวิทยุของชุด"), max_length=40, required=False)
    moos = forms.CharField(
        label=gettext_lazy("หมู่ที่รับผิดชอบ"), max_length=60, required=False, help_text=gettext_lazy("เช่น 2, 5")
    )

    def __init__(self, *args: Any, accounts: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, gettext(th)) for key, th in KINDS]  # type: ignore[attr-defined]
        self.fields["lead"].choices = [("", gettext("ยังไม่กำหนด")), *account_choices(accounts)]  # type: ignore[attr-defined]

    def clean_moos(self) -> list[str]:
        typed = to_arabic(self.cleaned_data["moos"])
        found = re.findall(r"\d+", typed)
        if typed.strip() and not found:
            raise ValidationError(gettext("ใส่เลขหมู่ เช่น 2, 5"), code="moos")
        return list(dict.fromkeys(str(int(one)) for one in found))


class PostForm(forms.Form):
    """Who stands where."""

    role = forms.ChoiceField(label=gettext_lazy("ตำแหน่ง"))
    who = forms.ChoiceField(label=gettext_lazy("ผู้ปฏิบัติ"))

    def __init__(self, *args: Any, accounts: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = post_choices()  # type: ignore[attr-defined]
        self.fields["who"].choices = account_choices(accounts)  # type: ignore[attr-defined]


def chosen(accounts: Iterable[Account], key: str) -> Account | None:
    """The account of a choice field's value."""
    return next((a for a in accounts if a.pk == UUID(key)), None) if key else None
