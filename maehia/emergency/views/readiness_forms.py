"""Forms of readiness. They accept what people type; the actions decide what holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from maehia.access.queries import holders_of
from maehia.base import BANGKOK
from maehia.emergency.models import CallPost, Contact
from maehia.emergency.queries import readiness as queries
from maehia.emergency.rules.roster import KINDS, RESOURCE_KINDS, RESOURCE_STATES, SKILLS
from maehia.emergency.rules.thresholds import MEASURES, STAGES
from maehia.emergency.workflow import HAZARDS, HAZARDS_EN
from maehia.thai import to_arabic
from maehia.web import fields
from maehia.web.registry import in_language

HOURS = [(n, f"{n:02d}:00") for n in range(24)]
DEPUTIES = 3


def choices(words: dict[Any, tuple[str, str]]) -> list[tuple[Any, str]]:
    return [(code, in_language(*pair)) for code, pair in words.items()]


def named(contacts: list[Contact]) -> list[tuple[str, str]]:
    """Contacts to choose from, each with what she can do."""
    names = queries.account_names(contacts)
    return [(str(one.pk), f"{queries.name_of(one, names)} ({in_language(*KINDS[one.kind])})") for one in contacts]


class Tick(forms.BooleanField):
    part = "emergency/readiness/tick.html"


class ContactForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("ชื่อและนามสกุล"), max_length=160)
    phone = fields.PhoneField(label=gettext_lazy("โทรศัพท์"), required=False)
    account = forms.ChoiceField(label=gettext_lazy("บัญชีผู้ใช้ในระบบ"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("เป็นใคร"))
    skills = fields.ManyCardsField(label=gettext_lazy("ทำอะไรได้"), required=False)
    moos = forms.CharField(
        label=gettext_lazy("หมู่ที่รับผิดชอบ"), required=False, max_length=60,
        help_text=gettext_lazy("เช่น 3, 5 เว้นว่างหมายถึงทั้งเมือง"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(str(one.pk), one.display_name) for one in holders_of("staff.enter")]
        self.fields["account"].choices = [("", gettext("ไม่มีบัญชี")), *people]  # type: ignore[attr-defined]
        self.fields["kind"].choices = choices(KINDS)  # type: ignore[attr-defined]
        self.fields["skills"].choices = choices(SKILLS)  # type: ignore[attr-defined]

    def clean_moos(self) -> list[int]:
        return whole_numbers(self.cleaned_data["moos"])


def whole_numbers(text: str) -> list[int]:
    """Numbers in a text, whatever parts them. Raises ValidationError for anything else."""
    parts = to_arabic(text).replace(",", " ").replace(";", " ").split()
    if not all(part.isdigit() and len(part) <= 3 for part in parts):
        raise forms.ValidationError(gettext("กรอกเป็นตัวเลข คั่นด้วยจุลภาค เช่น 3, 5"))
    return [int(part) for part in parts]


class ShiftForm(forms.Form):
    contact = forms.ChoiceField(label=gettext_lazy("ใครอยู่เวร"))
    day = fields.ThaiDateField(label=gettext_lazy("เข้าเวรวันที่"))
    start = forms.TypedChoiceField(label=gettext_lazy("เวลา"), coerce=int, choices=HOURS, initial=8)
    hours = forms.IntegerField(label=gettext_lazy("นานกี่ชั่วโมง"), min_value=1, max_value=336, initial=24)
    rank = forms.TypedChoiceField(label=gettext_lazy("ลำดับการเรียก"), coerce=int, initial=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["contact"].choices = named(queries.contacts())  # type: ignore[attr-defined]
        deputies = [(n, gettext("ผู้แทนลำดับที่ %(n)d") % {"n": n - 1}) for n in (2, 3)]
        self.fields["rank"].choices = [(1, gettext("คนแรก")), *deputies]  # type: ignore[attr-defined]

    def span(self) -> tuple[datetime, datetime]:
        given = self.cleaned_data
        begin = datetime.combine(given["day"], datetime.min.time().replace(hour=given["start"]), BANGKOK)
        return begin, begin + timedelta(hours=given["hours"])


class NeedForm(forms.Form):
    name_th = forms.CharField(label=gettext_lazy("ชื่อ"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=120, required=False)
    skill = forms.ChoiceField(label=gettext_lazy("ต้องทำอะไรได้"), required=False)
    moo = forms.IntegerField(label=gettext_lazy("เฉพาะหมู่ที่"), min_value=1, max_value=99, required=False)
    from_hour = forms.TypedChoiceField(label=gettext_lazy("ตั้งแต่"), coerce=int, choices=HOURS)
    to_hour = forms.TypedChoiceField(
        label=gettext_lazy("ถึง"), coerce=int, choices=HOURS, help_text=gettext_lazy("เวลาเดียวกันหมายถึงทั้งวันทั้งคืน")
    )
    least = forms.IntegerField(label=gettext_lazy("อย่างน้อยกี่คน"), min_value=1, max_value=99, initial=1)
    valid_from = fields.ThaiDateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"))
    valid_to = fields.ThaiDateField(label=gettext_lazy("ใช้ถึงวันที่"), required=False)
    source = forms.CharField(label=gettext_lazy("ที่มา เช่น เลขที่คำสั่ง"), max_length=300)
    verified = Tick(label=gettext_lazy("ตรวจสอบกับคำสั่งแล้ว"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["skill"].choices = [("", gettext("ใครก็ได้")), *choices(SKILLS)]  # type: ignore[attr-defined]


class ResourceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("ประเภท"))
    name = forms.CharField(label=gettext_lazy("ชื่อ"), max_length=120)
    code = forms.CharField(label=gettext_lazy("ทะเบียนหรือรหัส"), max_length=40, required=False)
    home = forms.CharField(label=gettext_lazy("ที่เก็บ"), max_length=200)
    count = forms.IntegerField(label=gettext_lazy("มีเท่าไร"), min_value=0, max_value=1_000_000, initial=1)
    unit = forms.CharField(label=gettext_lazy("หน่วย"), max_length=20, initial="คัน")
    least = forms.IntegerField(label=gettext_lazy("ต้องใช้ได้อย่างน้อย"), min_value=0, max_value=1_000_000, initial=1)
    check_days = forms.IntegerField(label=gettext_lazy("ตรวจสภาพทุกกี่วัน"), min_value=1, max_value=365, initial=30)
    keeper_id = forms.ChoiceField(label=gettext_lazy("ผู้ถือกุญแจ"), required=False)
    lon = forms.FloatField(label=gettext_lazy("ลองจิจูด"), required=False)
    lat = forms.FloatField(label=gettext_lazy("ละติจูด"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(RESOURCE_KINDS)  # type: ignore[attr-defined]
        people = named(queries.contacts())
        self.fields["keeper_id"].choices = [("", gettext("ยังไม่ระบุ")), *people]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("สภาพ"))
    place = forms.CharField(
        label=gettext_lazy("อยู่ที่ไหน"), max_length=200, required=False, help_text=gettext_lazy("เว้นว่างหมายถึงที่เก็บ")
    )
    count = forms.IntegerField(label=gettext_lazy("ใช้ได้กี่หน่วย"), min_value=0, required=False)
    checked = Tick(label=gettext_lazy("ตรวจสภาพแล้ววันนี้"), required=False)
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["state"].choices = choices(RESOURCE_STATES)  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    name_th = forms.CharField(label=gettext_lazy("หน่วยงาน"), max_length=160)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=160, required=False)
    phone = forms.CharField(
        label=gettext_lazy("หมายเลข"), max_length=60, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=200, required=False)
    source = forms.CharField(label=gettext_lazy("ที่มาของหมายเลข"), max_length=300)
    valid_from = fields.ThaiDateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"))


class TreeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("ชื่อผังการเรียก"), max_length=120)
    minutes = forms.IntegerField(
        label=gettext_lazy("ไม่ตอบกี่นาทีจึงเรียกผู้แทน"), min_value=1, max_value=120, initial=5
    )  # fmt: skip


class PostForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("ตำแหน่ง"), max_length=120)
    caller = forms.ChoiceField(label=gettext_lazy("ใครโทรหาตำแหน่งนี้"), required=False)
    order = forms.IntegerField(label=gettext_lazy("ลำดับ"), min_value=1, max_value=99, initial=1)

    def __init__(self, *args: Any, posts: list[CallPost], **options: Any) -> None:
        super().__init__(*args, **options)
        above = [(str(one.pk), one.name) for one in posts]
        self.fields["caller"].choices = [("", gettext("ผู้เริ่มการเรียก")), *above]  # type: ignore[attr-defined]
        people = [("", gettext("ไม่มี")), *named(queries.contacts())]
        for rank in range(DEPUTIES + 1):
            label = gettext("ผู้รับผิดชอบ") if rank == 0 else gettext("ผู้แทนคนที่ %(n)d") % {"n": rank}
            self.fields[f"person{rank}"] = forms.ChoiceField(label=label, choices=people, required=rank == 0)

    def people(self) -> list[str]:
        given = [self.cleaned_data.get(f"person{rank}") for rank in range(DEPUTIES + 1)]
        return [one for one in given if one]


class StartForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("เรียกทำไม ไปที่ไหน"), max_length=200, help_text=gettext_lazy("เช่น น้ำป่าหมู่ 5 รวมที่ศูนย์ดับเพลิง")
    )
    incident = forms.ChoiceField(label=gettext_lazy("เหตุการณ์"), required=False)

    def __init__(self, *args: Any, incidents: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        held = [(str(one.pk), f"{one.number} {one.name}") for one in incidents]
        self.fields["incident"].choices = [("", gettext("ยังไม่มีเหตุการณ์")), *held]  # type: ignore[attr-defined]


class ThresholdForm(forms.Form):
    name_th = forms.CharField(label=gettext_lazy("ชื่อเกณฑ์"), max_length=160)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=160, required=False)
    measure = forms.ChoiceField(label=gettext_lazy("วัดอะไร"))
    station = forms.ChoiceField(label=gettext_lazy("สถานี"), required=False)
    over = forms.DecimalField(label=gettext_lazy("ถึงเท่าไร"), max_digits=9, decimal_places=2)
    hysteresis = forms.DecimalField(
        label=gettext_lazy("ต้องต่ำกว่าเกณฑ์เท่าไรจึงกลับเป็นปกติ"), max_digits=9, decimal_places=2, initial="0.10"
    )
    readings = forms.IntegerField(label=gettext_lazy("วัดได้ติดกันกี่ครั้ง"), min_value=1, max_value=10, initial=2)
    stale_minutes = forms.IntegerField(
        label=gettext_lazy("ค่าที่เก่ากว่ากี่นาทีถือว่าไม่ทราบ"), min_value=1, max_value=1440, initial=30
    )
    stage = forms.TypedChoiceField(label=gettext_lazy("ระดับ"), coerce=int)
    hazard = forms.ChoiceField(label=gettext_lazy("ภัย"))
    advice_th = forms.CharField(label=gettext_lazy("เมื่อถึงเกณฑ์ให้ทำอะไร"), max_length=300, required=False)
    advice_en = forms.CharField(label=gettext_lazy("คำแนะนำภาษาอังกฤษ"), max_length=300, required=False)
    valid_from = fields.ThaiDateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"))
    source = forms.CharField(label=gettext_lazy("ที่มาของเกณฑ์"), max_length=300)
    verified = Tick(label=gettext_lazy("ตรวจสอบกับต้นฉบับแล้ว"), required=False)
    active = Tick(label=gettext_lazy("ใช้เกณฑ์นี้ (ไม่เลือกหมายถึงเลิกใช้ตั้งแต่วันนั้น)"), required=False, initial=True)

    def __init__(self, *args: Any, stations: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        measures = [(code, in_language(one.th, one.en)) for code, one in MEASURES.items()]
        self.fields["measure"].choices = measures  # type: ignore[attr-defined]
        listed = [(code, f"{name} ({code})") for code, name in sorted(stations.items())]
        self.fields["station"].choices = [("", gettext("ทุกสถานีที่วัดค่านี้")), *listed]  # type: ignore[attr-defined]
        self.fields["stage"].choices = choices(STAGES)  # type: ignore[attr-defined]
        hazards = [(code, in_language(th, HAZARDS_EN[code])) for code, th in HAZARDS]
        self.fields["hazard"].choices = hazards  # type: ignore[attr-defined]


class FileForm(forms.Form):
    file = fields.PickFileField(label=gettext_lazy("ไฟล์ CSV"), accept=".csv,text/csv")
