"""What a town changes of a service in a normal month, as a form; everything else is changed in the YAML below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from maehia.services.models import Unit
from maehia.services.rules.clock import Promise
from maehia.services.rules.definition import Definition, Text
from maehia.services.rules.tariff import shipped_tariffs

UNITS = [("working_minutes", gettext_lazy("นาทีทำการ")), ("working_days", gettext_lazy("วันทำการ")),
         ("calendar_days", gettext_lazy("วัน"))]  # fmt: skip
MOST_UPLOAD = 400_000


class GuidedForm(forms.Form):
    """Names, promise, unit, fee, radius, who sees it."""

    name_th = forms.CharField(label=gettext_lazy("ชื่อภาษาไทย"), max_length=160)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=160)
    text_th = forms.CharField(label=gettext_lazy("คำอธิบายภาษาไทย"), widget=forms.Textarea(attrs={"rows": 3}))
    text_en = forms.CharField(label=gettext_lazy("คำอธิบายภาษาอังกฤษ"), widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.ChoiceField(label=gettext_lazy("หน่วยงานที่รับเรื่อง"))
    first_amount = forms.IntegerField(label=gettext_lazy("ตอบครั้งแรกภายใน"), min_value=1, max_value=5000, required=False)
    first_unit = forms.ChoiceField(label=gettext_lazy("หน่วยเวลา (ตอบครั้งแรก)"), choices=UNITS)
    amount = forms.IntegerField(label=gettext_lazy("แล้วเสร็จภายใน"), min_value=1, max_value=5000)
    amount_unit = forms.ChoiceField(label=gettext_lazy("หน่วยเวลา (แล้วเสร็จ)"), choices=UNITS)
    fee = forms.ChoiceField(label=gettext_lazy("ค่าธรรมเนียม"), required=False)
    radius = forms.IntegerField(label=gettext_lazy("รัศมีหาเรื่องซ้ำ (เมตร)"), min_value=0, max_value=1000)
    is_public = forms.BooleanField(label=gettext_lazy("เผยแพร่สถานะต่อสาธารณะ"), required=False)
    after_photo = forms.BooleanField(label=gettext_lazy("ต้องมีภาพหลังดำเนินการก่อนปิดเรื่อง"), required=False)
    verified = forms.BooleanField(label=gettext_lazy("ตรวจสอบกับกฎหมายและเทศบัญญัติแล้ว"), required=False)
    source = forms.CharField(label=gettext_lazy("ที่มาของกำหนดเวลา"), max_length=300)
    note = forms.CharField(label=gettext_lazy("แก้อะไร เพราะอะไร"), max_length=300, required=False)

    def __init__(self, definition: Definition, data: Any = None) -> None:
        super().__init__(data, initial=initial_of(definition))
        self.definition = definition
        tariffs = [(key, row.name.th) for key, row in shipped_tariffs().items()]
        self.fields["unit"].choices = [(u.key, u.name_th) for u in Unit.objects.filter(active=True)]  # type: ignore[attr-defined]
        self.fields["fee"].choices = [("", gettext_lazy("ไม่มี")), *tariffs]  # type: ignore[attr-defined]
        if definition.confidential:
            del self.fields["is_public"]

    def changed(self) -> Definition:
        """The definition with what was filled in."""
        given = self.cleaned_data
        seen = replace(self.definition.visibility, is_public=given.get("is_public", False))
        first = Promise(given["first_amount"], given["first_unit"]) if given["first_amount"] else None
        return replace(
            self.definition, name=Text(given["name_th"], given["name_en"]), unit=given["unit"], fee=given["fee"],
            description=Text(given["text_th"], given["text_en"]), first_answer=first,
            resolve=replace(self.definition.resolve, amount=given["amount"], unit=given["amount_unit"]),
            duplicate_radius_m=given["radius"], visibility=seen, needs_after_photo=given["after_photo"],
            verified=given["verified"], source=given["source"],
        )  # fmt: skip


def initial_of(d: Definition) -> dict[str, Any]:
    first = d.first_answer
    return {
        "name_th": d.name.th, "name_en": d.name.en, "text_th": d.description.th, "text_en": d.description.en,
        "unit": d.unit, "first_amount": first.amount if first else None,
        "first_unit": first.unit if first else "working_days",
        "amount": d.resolve.amount, "amount_unit": d.resolve.unit, "fee": d.fee, "radius": d.duplicate_radius_m,
        "is_public": d.visibility.is_public, "after_photo": d.needs_after_photo, "verified": d.verified,
        "source": d.source,
    }  # fmt: skip


class YamlForm(forms.Form):
    """A definition, or several, as text or as a file."""

    text = forms.CharField(
        label="YAML", required=False, widget=forms.Textarea(attrs={"class": "yaml", "spellcheck": "false"})
    )
    file = forms.FileField(label=gettext_lazy("หรือเลือกไฟล์ .yaml"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        upload = given.get("file")
        if upload is not None:
            if upload.size > MOST_UPLOAD:
                raise forms.ValidationError(gettext_lazy("ไฟล์ใหญ่เกินที่รับ (400 KB)"))
            try:
                given["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(gettext_lazy("ไฟล์นี้ไม่ใช่ข้อความ UTF-8")) from error
        if not given.get("text", "").strip():
            raise forms.ValidationError(gettext_lazy("ยังไม่มีข้อความ YAML"))
        return given
