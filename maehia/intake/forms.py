"""Forms of the intake console. Labels are questions that a data officer can answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maehia.city.registry import field_word
from maehia.evidence.models import Source
from maehia.evidence.models.sources import Cadence, Coverage, DataClass
from maehia.intake.mapping import Mapping
from maehia.intake.words import kinds
from maehia.kit import clock
from maehia.web.fields import ThaiDateField

MAX_BYTES = 200 * 2**20
SKIP = "-"


class DeliverForm(forms.Form):
    """One file of one list."""

    source = forms.ModelChoiceField(Source.objects.none(), label=_("ไฟล์นี้เป็นบัญชีอะไร"), empty_label=_("เลือกแหล่งข้อมูล"))
    file = forms.FileField(label=_("ไฟล์"), help_text=_("Excel, CSV, GeoJSON, GeoPackage หรือ Shapefile (zip) ไม่เกิน 200 MB"))
    as_of = ThaiDateField(label=_("ข้อมูล ณ วันที่"), help_text=_("วันที่ที่บัญชีนี้ถูกต้อง เช่น วันที่ตัดยอด"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(built_in=False).order_by("rank")  # type: ignore[attr-defined]
        self.fields["file"].part = "web/parts/file_picker.html"  # type: ignore[attr-defined]
        self.fields["as_of"].latest = clock.today()  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("ไฟล์ใหญ่เกิน 200 MB กรุณาแบ่งไฟล์ หรือให้ผู้ดูแลระบบนำเข้าด้วยคำสั่ง maehia intake"))
        return file


class WhyForm(forms.Form):
    why = forms.CharField(label=_("เหตุผล"), min_length=3, max_length=300, widget=forms.Textarea({"rows": 2}))


class LeaveForm(forms.Form):
    """The keeper's written leave."""

    document_no = forms.CharField(label=_("เลขที่หนังสือ"), max_length=100)
    issued_on = ThaiDateField(label=_("ลงวันที่"))
    issued_by = forms.CharField(label=_("ผู้ออกหนังสือ"), max_length=200)
    note = forms.CharField(label=_("หมายเหตุ"), max_length=300, required=False)


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a town may change of a source in the browser."""

    class Meta:
        model = Source
        fields = (
            "name_th", "name_en", "owner_unit", "cadence", "coverage", "fresh_days", "data_class", "legal_basis",
            "legal_section", "legal_verified", "retention_days", "rank", "licence", "quality",
        )  # fmt: skip
        labels = {
            "name_th": _("ชื่อแหล่งข้อมูล"), "name_en": _("ชื่อภาษาอังกฤษ"), "owner_unit": _("หน่วยงานเจ้าของ"),
            "cadence": _("รอบการส่ง"), "coverage": _("ไฟล์หนึ่งไฟล์หมายถึง"), "fresh_days": _("นับว่าเป็นปัจจุบันกี่วันหลังวันที่ของข้อมูล"),
            "data_class": _("ชั้นข้อมูล"), "legal_basis": _("ฐานกฎหมาย"), "legal_section": _("มาตรา"),
            "legal_verified": _("นิติกรตรวจมาตราแล้ว"), "retention_days": _("เก็บไว้กี่วัน"),
            "rank": _("ลำดับความน่าเชื่อถือ (น้อยกว่าสำคัญกว่า)"), "licence": _("สัญญาอนุญาต"), "quality": _("คุณภาพ"),
        }  # fmt: skip

    cadence = forms.ChoiceField(choices=Cadence.choices, label=_("รอบการส่ง"))
    coverage = forms.ChoiceField(choices=Coverage.choices, label=_("ไฟล์หนึ่งไฟล์หมายถึง"))
    data_class = forms.ChoiceField(choices=DataClass.choices, label=_("ชั้นข้อมูล"))


class NewSourceForm(SourceForm):
    """A list that the town did not have yet."""

    key = forms.RegexField(r"^[a-z][a-z0-9_-]{1,38}$", label=_("รหัส (อักษรอังกฤษตัวเล็ก)"))
    kind = forms.ChoiceField(label=_("หนึ่งแถวคือ"))
    field_order = ["key", "name_th", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k.name, k.label) for k in kinds().values()]  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if Source.objects.filter(key=key).exists():
            raise forms.ValidationError(_("มีแหล่งข้อมูลรหัสนี้แล้ว"))
        return key


class MappingForm(forms.Form):
    """One select per canonical field: which column of the file says this."""

    def __init__(self, mapping: Mapping, header: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping = mapping
        choices = [("", _("— ไม่มีในไฟล์ —")), *((name, name) for name in header)]
        for name in kinds()[mapping.kind].fields:
            held = mapping.columns_of(name)
            joined = " + ".join(held)
            options = choices if len(held) < 2 else [*choices, (joined, joined)]
            self.fields[name] = forms.ChoiceField(
                choices=options, required=False, initial=joined, label=field_word(name)
            )

    def confirmed(self, crs: str = "", repairs: list[str] | None = None) -> Mapping:
        """The mapping as the officer left it."""
        data = self.mapping.to_dict()
        fields: dict[str, str | list[str]] = {}
        for name in self.fields:
            chosen = self.cleaned_data.get(name) or ""
            if chosen:
                parts = chosen.split(" + ")
                fields[name] = self.mapping.columns_of(name) if parts == self.mapping.columns_of(name) else chosen
                if isinstance(fields[name], list) and len(fields[name]) == 1:
                    fields[name] = fields[name][0]
        key = [name for name in data["key"] if name in fields]
        return Mapping.from_dict(
            {**data, "fields": fields, "key": key, "crs": crs or data["crs"], "repairs": repairs or data["repairs"]}
        )
