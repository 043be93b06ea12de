"""Forms of the intake console. Labels are questions that a data officer can answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maehia.evidence.models import Source
from maehia.intake.mapping import Mapping
from maehia.intake.pages import field_label, labels
from maehia.intake.pages.common import source_name
from maehia.intake.titles import day_of
from maehia.intake.words import kinds
from maehia.kit import clock
from maehia.web.fields import CardsField, PickFileField, ThaiDateField

MAX_BYTES = 200 * 2**20
JOIN = " + "
ACCEPTED = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.json,.geojson,.gpkg,.zip"


class SourceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Sources by name; a locked one says so."""

    def label_from_instance(self, obj: Any) -> str:
        name = source_name(obj)
        return _("%(name)s (ยังไม่มีหนังสืออนุญาต)") % {"name": name} if obj.is_locked else name


class DeliverForm(forms.Form):
    """One file of one list."""

    source = SourceChoice(Source.objects.none(), label=_("ไฟล์นี้เป็นบัญชีอะไร"), empty_label=_("เลือกแหล่งข้อมูล"))
    file = PickFileField(
        label=_("ไฟล์"), accept=ACCEPTED, help_text=_("Excel, CSV, GeoJSON, GeoPackage หรือ Shapefile (zip) ไม่เกิน 200 MB")
    )
    as_of = ThaiDateField(
        label=_("ข้อมูล ณ วันที่"), required=False,
        help_text=_("วันที่ที่บัญชีนี้ถูกต้อง เช่น วันที่ตัดยอด เว้นว่างได้ถ้าหัวตารางในไฟล์เขียนวันที่ไว้"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(built_in=False).order_by("rank")  # type: ignore[attr-defined]
        self.fields["as_of"].latest = clock.today()  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("ไฟล์ใหญ่เกิน 200 MB กรุณาแบ่งไฟล์ หรือให้ผู้ดูแลระบบนำเข้าด้วยคำสั่ง maehia intake"))
        return file

    def clean(self) -> dict[str, Any]:
        """An empty day is read from the title rows of the file."""
        found = super().clean() or {}
        file = found.get("file")
        if file and not found.get("as_of") and "as_of" not in self.errors:
            found["as_of"] = day_of(Path(file.temporary_file_path()), file.name)
            if found["as_of"] is None:
                self.add_error("as_of", _("ไม่พบวันที่ของบัญชีในหัวตาราง กรุณากรอกวันที่ที่ข้อมูลนี้ถูกต้อง"))
        return found


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
            "data_class": _("ชั้นของข้อมูล"), "legal_basis": _("ฐานกฎหมาย"), "legal_section": _("มาตรา"),
            "legal_verified": _("นิติกรตรวจมาตราแล้ว"), "retention_days": _("เก็บไว้กี่วัน"),
            "rank": _("ลำดับความน่าเชื่อถือ (น้อยกว่าสำคัญกว่า)"), "licence": _("สัญญาอนุญาต"), "quality": _("คุณภาพ"),
        }  # fmt: skip

    cadence = forms.ChoiceField(choices=list(labels.CADENCE.items()), label=_("รอบการส่ง"))
    coverage = forms.ChoiceField(choices=list(labels.COVERAGE.items()), label=_("ไฟล์หนึ่งไฟล์หมายถึง"))
    data_class = forms.ChoiceField(choices=list(labels.DATA_CLASS.items()), label=_("ชั้นของข้อมูล"))


class NewSourceForm(SourceForm):
    """A list that the town did not have yet."""

    key = forms.RegexField(r"^[a-z][a-z0-9_-]{1,38}$", label=_("รหัส (อักษรอังกฤษตัวเล็ก)"))
    kind = forms.ChoiceField(label=_("หนึ่งแถวคือ"))
    field_order = ["key", "name_th", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = labels.kind_choices()  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if Source.objects.filter(key=key).exists():
            raise forms.ValidationError(_("มีแหล่งข้อมูลรหัสนี้แล้ว"))
        return key


class MappingForm(forms.Form):
    """One select per canonical field: which column of the file says this. Questions stand before, as cards."""

    def __init__(
        self, mapping: Mapping, header: list[str], questions: list[dict[str, Any]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mapping = mapping
        choices = [("", _("— ไม่มีในไฟล์ —")), *((name, name) for name in header)]
        for name in kinds()[mapping.kind].fields:
            held = mapping.columns_of(name)
            joined = JOIN.join(held)
            options = choices if joined in {"", *header} else [*choices, (joined, joined)]
            self.fields[name] = forms.ChoiceField(
                choices=options, required=False, initial=joined, label=field_label(name)
            )
        for question in questions:
            self.fields[f"ask_{question['name']}"] = CardsField(
                choices=question["options"], label=question["text"], required=question["required"],
                initial=mapping.crs or "" if question["name"] == "crs" else None,
            )  # fmt: skip

    def confirmed(self) -> Mapping:
        """The mapping as the officer left it."""
        fields = {name: held for name in kinds()[self.mapping.kind].fields if (held := self._columns(name))}
        crs = self.cleaned_data.get("ask_crs") or self.mapping.crs
        key = self.mapping.key if all(name in fields for name in self.mapping.key) else []
        return replace(self.mapping, fields=fields, key=key, crs=crs)

    def _columns(self, name: str) -> str | list[str]:
        """The chosen column; several columns that make one value stay together."""
        chosen = str(self.cleaned_data.get(name) or "")
        held = self.mapping.columns_of(name)
        return held if len(held) > 1 and chosen == JOIN.join(held) else chosen
