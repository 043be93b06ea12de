"""The forms of the alert desk: choosing a template, and the words and codes of a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from maehia.emergency.actions.alert_desk import AlertTemplate
from maehia.emergency.actions.alerts import NewAlert, Words
from maehia.emergency.actions.alerts_compose import events
from maehia.emergency.models import Alert
from maehia.emergency.views.help_forms import lang
from maehia.kit import clock

URGENCY = [("Immediate", gettext_lazy("ทันที")), ("Expected", gettext_lazy("ภายใน 1 ชั่วโมง")),
           ("Future", gettext_lazy("ภายหลัง")), ("Past", gettext_lazy("ผ่านไปแล้ว"))]  # fmt: skip
SEVERITY = [("Extreme", gettext_lazy("ร้ายแรงที่สุด")), ("Severe", gettext_lazy("ร้ายแรง")),
            ("Moderate", gettext_lazy("ปานกลาง")), ("Minor", gettext_lazy("น้อย"))]  # fmt: skip
CERTAINTY = [("Observed", gettext_lazy("เกิดแล้ว")), ("Likely", gettext_lazy("น่าจะเกิด")),
             ("Possible", gettext_lazy("อาจเกิด"))]  # fmt: skip
RESPONSES = [("Evacuate", gettext_lazy("อพยพ")), ("Shelter", gettext_lazy("หลบในอาคาร")),
             ("Prepare", gettext_lazy("เตรียมตัว")), ("Avoid", gettext_lazy("หลีกเลี่ยง")),
             ("Monitor", gettext_lazy("ติดตามข่าว")), ("AllClear", gettext_lazy("พ้นอันตราย"))]  # fmt: skip
HOURS = [1, 2, 3, 6, 12, 24, 48]


def box(rows: int, label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), max_length=4000, **options)


class StartForm(forms.Form):
    """Which template, for which place."""

    template = forms.ChoiceField(label=gettext_lazy("แบบข้อความ"))
    area = forms.CharField(label=gettext_lazy("พื้นที่ ตามที่คนในพื้นที่เรียก"), max_length=200,
                           help_text=gettext_lazy("เช่น หมู่ 4 บ้านท่าข้าม"))  # fmt: skip
    area_en = forms.CharField(label=gettext_lazy("พื้นที่เป็นภาษาอังกฤษ"), max_length=200, required=False)

    def __init__(self, templates: dict[str, AlertTemplate], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        english = lang() == "en"
        self.fields["template"].choices = [(key, one.names[english]) for key, one in templates.items()]  # type: ignore[attr-defined]


class AlertForm(forms.Form):
    """A draft as its author changes it. What a box cannot hold (area, references) stays as it is."""

    headline = box(2, gettext_lazy("หัวข้อ: ภัยอะไร ที่ไหน ให้ทำอะไร"))
    description = box(3, gettext_lazy("เกิดอะไรขึ้น"), required=False)
    instruction = box(4, gettext_lazy("ให้ทำอะไร ตามลำดับ"), required=False)
    area = forms.CharField(label=gettext_lazy("พื้นที่"), max_length=300)
    headline_en = box(2, gettext_lazy("หัวข้อภาษาอังกฤษ"), required=False)
    description_en = box(3, gettext_lazy("เหตุการณ์ภาษาอังกฤษ"), required=False)
    instruction_en = box(4, gettext_lazy("คำแนะนำภาษาอังกฤษ"), required=False)
    area_en = forms.CharField(label=gettext_lazy("พื้นที่ภาษาอังกฤษ"), max_length=300, required=False)
    event = forms.ChoiceField(label=gettext_lazy("ชนิดของภัย"))
    urgency = forms.ChoiceField(label=gettext_lazy("ความเร่งด่วน"), choices=URGENCY)
    severity = forms.ChoiceField(label=gettext_lazy("ความรุนแรง"), choices=SEVERITY)
    certainty = forms.ChoiceField(label=gettext_lazy("ความแน่นอน"), choices=CERTAINTY)
    responses = forms.MultipleChoiceField(label=gettext_lazy("ให้ประชาชน"), choices=RESPONSES, required=False,
                                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
    hours = forms.TypedChoiceField(label=gettext_lazy("มีผลกี่ชั่วโมงนับจากนี้"), coerce=int, choices=[(n, n) for n in HOURS])

    def __init__(self, alert: Alert, *args: Any, **options: Any) -> None:
        options.setdefault("initial", initial_of(alert))
        super().__init__(*args, **options)
        self.alert = alert
        english = lang() == "en"
        self.fields["event"].choices = [(key, one["en" if english else "th"]) for key, one in events().items()]  # type: ignore[attr-defined]

    def new(self) -> NewAlert:
        """What the draft says now. Call after `is_valid`."""
        told, row = self.cleaned_data, self.alert
        expires = clock.now() + timedelta(hours=told["hours"])
        th = Words(told["headline"], told["description"], told["instruction"], told["area"])
        en = Words(told["headline_en"], told["description_en"], told["instruction_en"], told["area_en"] or told["area"])
        return NewAlert(
            event=told["event"], urgency=told["urgency"], severity=told["severity"], certainty=told["certainty"],
            expires=expires, th=th, en=en if en.headline.strip() else None, responses=tuple(told["responses"]),
            geom=row.geom, circle=row.circle, geocodes=tuple((a, b) for a, b in row.geocodes), onset=row.onset,
            web=row.web, contact=row.contact, note=row.note, status=row.status, template=row.template,
        )  # fmt: skip


def initial_of(alert: Alert) -> dict[str, Any]:
    rows = {info.language: info for info in alert.infos.all()}
    found: dict[str, Any] = {}
    for language, end in (("th", ""), ("en", "_en")):
        for name in ("headline", "description", "instruction", "area"):
            found[f"{name}{end}"] = getattr(rows.get(language), name, "")
    hours = (alert.expires - alert.made_at).total_seconds() / 3600
    nearest = min(HOURS, key=lambda n: abs(n - hours))
    return {**found, "event": alert.event, "urgency": alert.urgency, "severity": alert.severity, "hours": nearest,
            "certainty": alert.certainty, "responses": alert.responses}  # fmt: skip


class TextForm(forms.Form):
    """A template in the town's own words. {area} stands for the place."""

    headline = box(2, gettext_lazy("หัวข้อ"), help_text=gettext_lazy("{area} คือพื้นที่"))
    description = box(3, gettext_lazy("เกิดอะไรขึ้น"))
    instruction = box(4, gettext_lazy("ให้ทำอะไร"))
    headline_en = box(2, gettext_lazy("หัวข้อภาษาอังกฤษ"), required=False)
    description_en = box(3, gettext_lazy("เหตุการณ์ภาษาอังกฤษ"), required=False)
    instruction_en = box(4, gettext_lazy("คำแนะนำภาษาอังกฤษ"), required=False)

    @classmethod
    def of(cls, found: AlertTemplate) -> TextForm:
        return cls(initial={**found.th, **{f"{name}_en": text for name, text in found.en.items()}})

    def words(self) -> tuple[dict[str, str], dict[str, str]]:
        told = self.cleaned_data
        names = ("headline", "description", "instruction")
        return {name: told[name] for name in names}, {name: told[f"{name}_en"] for name in names}


def refused_words(problem: Any) -> str:
    return f"{problem.what} {problem.fix}".strip() or gettext("บันทึกไม่ได้")
