"""What people type on the pages of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from maehia.city.models import Station
from maehia.city.words import SEX, field_word
from maehia.evidence.models import RECORDS
from maehia.kit import clock
from maehia.web import fields

EARLIEST = date(1850, 1, 1)
WHY_LETTERS = 3


class WhyForm(forms.Form):
    """The reason of a decision; whoever reads the history sees it."""

    why = forms.CharField(
        label=_("เหตุผล"), max_length=300, min_length=WHY_LETTERS,
        help_text=_("ผู้อื่นจะเห็นเหตุผลนี้ในประวัติ เช่น ตรวจกับบัตรประชาชนที่เคาน์เตอร์แล้ว"),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class ThenForm(forms.Form):
    """As it was on day V, as known on day S."""

    valid = fields.ThaiDateField(label=_("ความเป็นจริง ณ วันที่"), earliest=EARLIEST)
    known = fields.ThaiDateField(label=_("เท่าที่เทศบาลรู้ ณ วันที่"), earliest=EARLIEST)


class PersonPickForm(forms.Form):
    """One field that a purpose may open in full."""

    field = forms.ChoiceField(choices=[("national_id", ""), ("phone", "")])


def correct_form(kind: str, name: str, data: Any = None, *, value: Any = None) -> WhyForm:
    """The form for a new value of one field, in the shape that the field needs."""
    form = WhyForm(data)
    new = value_field(kind, name)
    new.label, new.required = field_word(name), False
    new.help_text = new.help_text or _("เว้นว่างไว้ถ้าต้องการบันทึกว่าไม่ทราบค่า")
    form.fields = {"value": new, **form.fields}
    if data is None and value not in (None, ""):
        form.initial["value"] = value
    return form


def value_field(kind: str, name: str) -> forms.Field:
    """A form field that accepts what the column of the record can hold."""
    column = RECORDS[kind]._meta.get_field(name)
    if name == "national_id":
        return fields.NationalIdField()
    if name == "phone":
        return fields.PhoneField()
    if kind == "person" and name == "sex":
        return fields.CardsField(choices=[*SEX.items()])
    if isinstance(column, models.DateField):
        return fields.ThaiDateField(earliest=EARLIEST, latest=clock.today())
    if isinstance(column, models.BooleanField):
        return fields.CardsField(choices=[("True", _("ใช่")), ("False", _("ไม่ใช่"))])
    if isinstance(column, models.DecimalField):
        return forms.DecimalField(max_digits=column.max_digits, decimal_places=column.decimal_places)
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(min_value=0, max_value=1_000_000)
    return forms.CharField(max_length=column.max_length or 250)


class KeyForm(forms.Form):
    """A new key for a gateway."""

    name = forms.CharField(
        label=_("ชื่อกุญแจ"), max_length=120, help_text=_("เช่น ชื่อผู้ติดตั้งเครื่องวัดหรือชื่อสถานี เพื่อให้รู้ว่าเป็นของใคร")
    )  # fmt: skip
    stations = fields.ManyCardsField(label=_("สถานีที่ส่งค่าได้"), required=False, help_text=_("ไม่เลือกเลย หมายถึงทุกสถานี"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Station.objects.order_by("code").values_list("code", "name")
        self.fields["stations"].choices = [(code, f"{name} ({code})") for code, name in listed]  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A day that an announcement closes or opens."""

    day = fields.ThaiDateField(label=_("วันที่"), earliest=date(2020, 1, 1))
    kind = fields.CardsField(
        label=_("ประกาศว่า"), initial="free",
        choices=[("free", _("หยุดทำการ")), ("working", _("เปิดทำการ ทั้งที่ปฏิทินเป็นวันหยุด"))],
    )  # fmt: skip
    name = forms.CharField(label=_("ชื่อวัน"), max_length=200, help_text=_("เช่น วันหยุดพิเศษ (เพิ่มเติม)"))
    source = forms.CharField(
        label=_("ที่มา"), max_length=300, help_text=_("เช่น มติคณะรัฐมนตรี ประกาศเทศบาล เลขที่หรือเว็บไซต์ ใครก็ตรวจย้อนได้")
    )
    announced = fields.ThaiDateField(
        label=_("วันที่ประกาศ"), required=False, earliest=date(2015, 1, 1),
        help_text=_("เรื่องที่ครบกำหนดไปก่อนวันนี้จะไม่ถูกคิดใหม่"),
    )  # fmt: skip
    verified = forms.BooleanField(label=_("ตรวจกับประกาศที่เผยแพร่แล้ว"), required=False)


NUMBER = RegexValidator(
    r"^[0-9+][0-9 \-]{2,18}( ?(ต่อ|ext\.?) ?[0-9\-, ]{1,12})?$",
    _("กรุณากรอกหมายเลขโทรศัพท์ เช่น 199 หรือ 053-123-456 ต่อ 12"),
)


class TownForm(forms.Form):
    """What citizens read at the foot of every page."""

    slogan = forms.CharField(label=_("คำขวัญ"), max_length=300, required=False)
    address = forms.CharField(label=_("ที่อยู่ที่ทำการ"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    hours = forms.CharField(label=_("เวลาทำการ"), max_length=200, required=False)
    website = forms.URLField(label=_("เว็บไซต์"), max_length=200, required=False, assume_scheme="https")


class PhoneRow(forms.Form):
    """One number that citizens may call; a row without a number is left out."""

    label = forms.CharField(label=_("ใช้เมื่อ"), max_length=80, required=False)
    label_en = forms.CharField(label=_("ชื่อภาษาอังกฤษ"), max_length=80, required=False)
    number = forms.CharField(label=_("หมายเลข"), max_length=40, required=False, validators=[NUMBER])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("label")) != bool(values.get("number")) and "number" not in self.errors:
            self.add_error("number" if values.get("label") else "label", _("กรุณากรอกทั้งชื่อและหมายเลข หรือเว้นว่างทั้งสองช่อง"))
        return values


PhoneRows = forms.formset_factory(PhoneRow, extra=2, max_num=12, absolute_max=12)
