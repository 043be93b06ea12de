"""Forms of shelters: what a site holds, who comes, where somebody goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from maehia.emergency.actions.shelters import FACTS, Facts
from maehia.emergency.actions.stays_guest import Guest
from maehia.emergency.models import Stay
from maehia.emergency.queries.shelters_sheets import word
from maehia.emergency.queries.shelters_words import facility_words, need_words
from maehia.emergency.rules.shelters import HOWS, OTHER_SHELTER, PETS
from maehia.web.fields import CardsField, ManyCardsField, NationalIdField, PhoneField

OFF = {"autocomplete": "off"}
FIRST = ("name", "band", "sex", "age")
SHORT = {"inputmode": "numeric", "class": "short", **OFF}
SEXES = [
    ("f", gettext_lazy("หญิง")),
    ("m", gettext_lazy("ชาย")),
    ("x", gettext_lazy("อื่น")),
    ("", gettext_lazy("ไม่ทราบ")),
]


def count(label: Any, required: bool = False, most: int = 100_000, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=most,
                              widget=forms.NumberInput(SHORT), **more)  # fmt: skip


def measure(label: Any, **more: Any) -> forms.FloatField:
    box = forms.NumberInput({**SHORT, "step": "0.1"})
    return forms.FloatField(label=label, required=False, min_value=0, widget=box, **more)


class FactsForm(forms.Form):
    """What a site holds."""

    capacity_night = count(gettext_lazy("ความจุกลางคืน (คนที่นอนได้)"), required=True)
    capacity_day = count(gettext_lazy("ความจุกลางวัน"), help_text=gettext_lazy("เว้นว่างถ้าเท่ากับกลางคืน"))
    area_m2 = measure(gettext_lazy("พื้นที่นอน (ตร.ม.)"))
    toilets = count(gettext_lazy("ห้องสุขา (ห้อง)"))
    water_l_day = measure(gettext_lazy("น้ำใช้ต่อวัน (ลิตร)"))
    flood_safe_m = measure(gettext_lazy("พื้นแห้งเมื่อน้ำรอบอาคารสูงไม่เกิน (ม.)"))
    pets = CardsField(label=gettext_lazy("สัตว์เลี้ยง"), choices=())
    facilities = ManyCardsField(label=gettext_lazy("สิ่งอำนวยความสะดวก"), choices=(), required=False)
    access = forms.CharField(
        label=gettext_lazy("ทางเข้าถึง"), required=False, max_length=300, widget=forms.TextInput(OFF)
    )
    contact = forms.CharField(label=gettext_lazy("ผู้ติดต่อและโทรศัพท์"), required=False, max_length=120,
                              widget=forms.TextInput(OFF))  # fmt: skip

    def __init__(self, *args: Any, row: Any = None, **options: Any) -> None:
        if row is not None:
            options["initial"] = {name: getattr(row, name) for name in FACTS}
        super().__init__(*args, **options)
        self.fields["pets"].choices = [(key, word(pair)) for key, pair in PETS.items()]  # type: ignore[attr-defined]
        self.fields["facilities"].choices = [(k, word(p)) for k, p in facility_words().items()]  # type: ignore[attr-defined]
        if row is None:
            self.initial.setdefault("pets", "no")

    def facts(self) -> Facts:
        """After is_valid()."""
        return Facts(**{**self.cleaned_data, "capacity_day": self.cleaned_data["capacity_day"] or 0})


class GuestForm(forms.Form):
    """One person who comes. Nothing is required: who says nothing gets a wristband."""

    name = forms.CharField(
        label=gettext_lazy("ชื่อและนามสกุล"), required=False, max_length=200, widget=forms.TextInput(OFF)
    )
    national_id = NationalIdField(required=False)
    phone = PhoneField(required=False)
    sex = CardsField(label=gettext_lazy("เพศ"), choices=SEXES, required=False)
    age = count(gettext_lazy("อายุ (ปี)"), most=130)
    moo = count(gettext_lazy("หมู่ที่อยู่"), most=99)
    needs = ManyCardsField(label=gettext_lazy("ต้องดูแลเรื่องใด"), choices=(), required=False)
    band = forms.CharField(
        label=gettext_lazy("หมายเลขสายรัดข้อมือ"), required=False, max_length=80,
        help_text=gettext_lazy("พิมพ์หรือสแกน ถ้าไม่มีทั้งชื่อและสายรัด ระบบออกหมายเลขให้"),
        widget=forms.TextInput({**OFF, "inputmode": "numeric", "class": "medium", "data-band": ""}),
    )  # fmt: skip
    pets = count(gettext_lazy("สัตว์เลี้ยงที่พามา (ตัว)"), most=50)
    overnight = forms.BooleanField(label=gettext_lazy("ค้างคืน"), required=False, initial=True)

    def __init__(self, *args: Any, stay: Stay | None = None, **options: Any) -> None:
        if stay is not None:
            names = ("name", "phone", "sex", "age", "moo", "band", "pets", "overnight")
            options["initial"] = {
                **{name: getattr(stay, name) for name in names}, "needs": [row.need for row in stay.needs.all()],
            }  # fmt: skip
        super().__init__(*args, **options)
        self.fields["needs"].choices = [(k, word(p)) for k, p in need_words().items()]  # type: ignore[attr-defined]

    @property
    def first(self) -> list[forms.BoundField]:
        """What is asked of everybody; the rest may wait until the queue at the door is shorter."""
        return [self[name] for name in FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in (*FIRST, "overnight")]

    @property
    def open_more(self) -> bool:
        """Whether something stands wrong in what is folded away."""
        return any(field.errors for field in self.more)

    def guest(self, person_key: UUID | None = None) -> Guest:
        """After is_valid()."""
        found = self.cleaned_data
        return Guest(
            name=found["name"], person_key=person_key, national_id=found["national_id"], phone=found["phone"],
            sex=found["sex"], age=found["age"], moo=found["moo"], needs=tuple(sorted(found["needs"])),
            band=found["band"], overnight=found["overnight"], pets=found["pets"] or 0,
        )  # fmt: skip


def how_choices() -> list[tuple[str, str]]:
    """Where somebody may go; another shelter has its own button."""
    return [(key, word(pair)) for key, pair in HOWS.items() if key != OTHER_SHELTER]


def keys_of(values: Sequence[str]) -> list[UUID]:
    """The keys among what a form sent; what is none is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def key_of(value: str | None) -> UUID | None:
    """A key that a form sent, None for what is none."""
    return next(iter(keys_of([value or ""])), None)
