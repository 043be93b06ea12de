"""Forms of access: they only read input; the actions decide."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.utils.translation import gettext, gettext_lazy

from maehia import thai
from maehia.access import permissions, purposes, queries
from maehia.access.models import Account, BreakGlass, LegalHolder, Role
from maehia.base import ProblemError
from maehia.web.fields import CardsField, ManyCardsField, ThaiDateField
from maehia.web.registry import in_language

LONGEST_AREA = 200_000  # characters of a drawn polygon


def refuse(form: forms.Form, error: ProblemError, field: str | None = None) -> None:
    """Show a problem on the form: what is wrong and what to do."""
    form.add_error(field, f"{error.problem.what} {error.problem.fix}".strip())


class AccountForm(forms.Form):
    login = forms.CharField(
        label=gettext_lazy("ชื่อเข้าระบบ"), max_length=80, help_text=gettext_lazy("ตัวอักษรอังกฤษและตัวเลข เช่น malee.s")
    )
    display_name = forms.CharField(label=gettext_lazy("ชื่อที่แสดง"), max_length=120)
    unit = forms.CharField(
        label=gettext_lazy("หน่วยงาน"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("ประชาชนเห็นชื่อหน่วยงานนี้เมื่อถามว่าใครเปิดดูข้อมูลของตน"),
    )
    password = forms.CharField(
        label=gettext_lazy("รหัสผ่านแรก"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("อย่างน้อย 12 ตัวอักษร ผู้ใช้ต้องตั้งการยืนยันสองชั้นเมื่อเข้าครั้งแรก"),
    )


class PersonForm(forms.Form):
    """What may change about an account by hand."""

    display_name = forms.CharField(label=gettext_lazy("ชื่อที่แสดง"), max_length=120)
    unit = forms.CharField(label=gettext_lazy("หน่วยงาน"), max_length=120, required=False)
    supervisor = forms.ChoiceField(
        label=gettext_lazy("ผู้บังคับบัญชา"), required=False, help_text=gettext_lazy("ได้รับแจ้งเมื่อเปิดข้อมูลฉุกเฉินหรืออ่านข้อมูลผิดปกติ")
    )

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Account.objects.filter(is_active=True).exclude(pk=account.pk).order_by("display_name")
        self.fields["supervisor"].choices = [("", gettext("ไม่ระบุ")), *((str(a.pk), a.display_name) for a in others)]


class AssignForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("บทบาท"))
    moos = forms.CharField(
        label=gettext_lazy("เฉพาะหมู่ที่"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("เว้นว่าง = ทั้งเมือง หลายหมู่คั่นด้วยจุลภาค เช่น 5, 6"),
    )
    starts_on = ThaiDateField(label=gettext_lazy("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=gettext_lazy("ถึงวันที่"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(r.key, in_language(r.name_th, r.name_en)) for r in Role.objects.all()]

    def clean_moos(self) -> list[str]:
        parts = [p.strip() for p in thai.to_arabic(self.cleaned_data["moos"]).replace(" ", ",").split(",") if p.strip()]
        if any(not part.isdecimal() or len(part) > 8 for part in parts):
            raise forms.ValidationError(gettext("หมู่ที่ต้องเป็นตัวเลข คั่นด้วยจุลภาค เช่น 5, 6"))
        return [str(int(part)) for part in parts]


class EndForm(forms.Form):
    last_day = ThaiDateField(label=gettext_lazy("วันสุดท้าย"))


class RoleForm(forms.Form):
    """What a role may do; saved only after a preview."""

    permissions = ManyCardsField(label=gettext_lazy("ทำอะไรได้"), required=False)
    purposes = ManyCardsField(label=gettext_lazy("เปิดข้อมูลเพื่ออะไรได้"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        catalogue = permissions.catalogue()
        self.fields["permissions"].choices = [(k, in_language(e["th"], e["en"])) for k, e in catalogue.items()]
        shown = [p for p in purposes.published().values() if not p.key.startswith("system.")]
        self.fields["purposes"].choices = [(p.key, in_language(p.th, p.en)) for p in shown]
        self.fields["purposes"].hints = {p.key: p.basis + ("" if p.verified else gettext(" (ยังไม่ยืนยัน)")) for p in shown}


class HolderForm(forms.Form):
    position = forms.ChoiceField(label=gettext_lazy("ตำแหน่ง"))
    account = forms.ChoiceField(label=gettext_lazy("ผู้ดำรงตำแหน่ง"))
    order_no = forms.CharField(label=gettext_lazy("คำสั่งเลขที่"), max_length=120)
    starts_on = ThaiDateField(label=gettext_lazy("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=gettext_lazy("ถึงวันที่"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["position"].choices = list(queries.positions().items())
        self.fields["account"].choices = people_choices()


class DelegateForm(forms.Form):
    holder = forms.ChoiceField(label=gettext_lazy("ผู้มอบอำนาจ"))
    deputy = forms.ChoiceField(label=gettext_lazy("ผู้รับมอบ"))
    powers = ManyCardsField(label=gettext_lazy("อำนาจที่มอบ"))
    order_no = forms.CharField(label=gettext_lazy("คำสั่งเลขที่"), max_length=120)
    starts_on = ThaiDateField(label=gettext_lazy("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=gettext_lazy("ถึงวันที่"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = queries.positions()
        holders = LegalHolder.objects.select_related("account")
        self.fields["holder"].choices = [(h.pk, f"{names[h.position]}: {h.account}") for h in holders]
        self.fields["deputy"].choices = people_choices()
        given = {key: power for key, power in queries.powers().items() if power["delegable"]}
        self.fields["powers"].choices = [(key, power["th"]) for key, power in given.items()]
        self.fields["powers"].hints = {key: power["source"] for key, power in given.items()}


def people_choices() -> list[tuple[str, str]]:
    """Officers; a citizen signs nothing."""
    return [(str(account.pk), account.display_name) for account in queries.holders_of("staff.enter")]


class GlassForm(forms.Form):
    """One person (from the page one comes from) or one drawn area."""

    ground = CardsField(label=gettext_lazy("ฐานทางกฎหมาย"))
    cannot_consent = forms.BooleanField(
        label=gettext_lazy("ข้าพเจ้ายืนยันว่าเจ้าของข้อมูลให้ความยินยอมไม่ได้ในขณะนี้"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("เหตุผล"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("อย่างน้อย 10 ตัวอักษร ผู้บังคับบัญชาและ DPO จะได้อ่านทันที"),
    )
    incident_no = forms.CharField(label=gettext_lazy("เลขที่เหตุการณ์"), max_length=60, required=False)
    hours = forms.ChoiceField(label=gettext_lazy("เปิดนาน"))
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    area = forms.CharField(
        label=gettext_lazy("พื้นที่ที่วาด (GeoJSON)"),
        required=False,
        max_length=LONGEST_AREA,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = queries.grounds().values()
        self.fields["ground"].choices = [(g.key, in_language(g.th, g.en)) for g in chosen]
        self.fields["ground"].hints = {g.key: g.source + ("" if g.verified else gettext(" (ยังไม่ยืนยัน)")) for g in chosen}
        self.fields["hours"].choices = [
            ("0.5", gettext("30 นาที")),
            ("1", gettext("1 ชั่วโมง")),
            ("2", gettext("2 ชั่วโมง")),
        ]

    def clean_area(self) -> GEOSGeometry | None:
        text = self.cleaned_data["area"]
        if not text:
            return None
        try:
            shape = GEOSGeometry(json.dumps(json.loads(text)), srid=4326)
        except (ValueError, TypeError, GEOSException, GDALException) as error:
            raise forms.ValidationError(gettext("อ่านรูปพื้นที่ที่วาดไม่ได้ กรุณาวาดใหม่")) from error
        return shape

    def chosen_person(self) -> UUID | None:
        return self.cleaned_data.get("person") or None


class ReviewForm(forms.Form):
    verdict = CardsField(label=gettext_lazy("ผลการตรวจทาน"), choices=BreakGlass.Verdict.choices)
    note = forms.CharField(label=gettext_lazy("ความเห็น"), widget=forms.Textarea({"rows": 3}), max_length=1000)


class CloseForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("ตรวจแล้วพบว่า"), widget=forms.Textarea({"rows": 2}), max_length=1000)


class ReadsForm(forms.Form):
    """Filters of the read log."""

    who = forms.ChoiceField(label=gettext_lazy("ผู้อ่าน"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("วัตถุประสงค์"), required=False)
    key = forms.UUIDField(label=gettext_lazy("รหัสบุคคล"), required=False)
    day = ThaiDateField(label=gettext_lazy("วันที่"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        everyone = Account.objects.order_by("display_name")
        self.fields["who"].choices = [("", gettext("ทุกคน")), *((a.actor, a.display_name) for a in everyone)]
        listed = purposes.published().values()
        self.fields["purpose"].choices = [
            ("", gettext("ทุกวัตถุประสงค์")),
            *((p.key, in_language(p.th, p.en)) for p in listed),
        ]
