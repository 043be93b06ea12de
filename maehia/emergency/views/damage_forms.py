"""The damage form, as a citizen and as a surveyor fill it; the same fields give the same `Found`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from maehia.emergency.actions.damage import Form, Found, Picture
from maehia.emergency.queries.damage import Home
from maehia.emergency.rules.damage import Broken, broken, parts
from maehia.emergency.rules.damage_states import OCCUPANCIES
from maehia.emergency.views import relief_parts
from maehia.kit.idempotency import body_hash
from maehia.web.fields import CardsField, PhoneField
from maehia.web.registry import in_language

MOST_PHOTOS = 5
FLOORS = 3  # rows are offered for so many floors
OFF = {"autocomplete": "off"}


class TellForm(forms.Form):
    """What a citizen tells of her own home."""

    holder = forms.CharField(label=gettext_lazy("ชื่อและนามสกุลผู้ประสบภัย"), max_length=160,
                             widget=forms.TextInput({"autocomplete": "name"}))  # fmt: skip
    phone = PhoneField()
    house_no = forms.CharField(label=gettext_lazy("บ้านเลขที่"), max_length=40,
                               widget=forms.TextInput({"autocomplete": "address-line1"}))  # fmt: skip
    moo = forms.ChoiceField(label=gettext_lazy("หมู่ที่"))
    told = forms.CharField(label=gettext_lazy("เสียหายอย่างไร"), max_length=1500, required=False,
                           widget=forms.Textarea({"rows": 4}),
                           help_text=gettext_lazy("เช่น น้ำท่วมสูงถึงเอว ที่นอนและตู้เย็นเสียหาย ผนังร้าว"))  # fmt: skip
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    device_at = forms.IntegerField(required=False, widget=forms.HiddenInput)
    taken = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moo"].choices = [("", gettext("เลือกหมู่")), *relief_parts.moos()]  # type: ignore[attr-defined]


class SurveyForm(TellForm):
    """What a surveyor finds at the house."""

    phone = PhoneField(required=False)
    occupancy = CardsField(label=gettext_lazy("อยู่ในฐานะใด"))
    is_registered = CardsField(label=gettext_lazy("ทะเบียนบ้าน"),
                               choices=[("yes", gettext_lazy("มีทะเบียนบ้าน")), ("no", gettext_lazy("ไม่มี"))])  # fmt: skip
    people = forms.IntegerField(label=gettext_lazy("อยู่กี่คน"), min_value=1, max_value=200, initial=1)
    storeys = forms.IntegerField(label=gettext_lazy("บ้านกี่ชั้น"), min_value=1, max_value=20, initial=1)
    flooded_floors = forms.IntegerField(label=gettext_lazy("น้ำท่วมกี่ชั้น"), min_value=1, max_value=20, initial=1)
    depth_m = forms.DecimalField(label=gettext_lazy("ระดับน้ำในบ้าน (เมตร)"), min_value=0, max_value=20,
                                 decimal_places=2, required=False)  # fmt: skip
    days = forms.IntegerField(label=gettext_lazy("ท่วมกี่วัน"), min_value=0, max_value=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occupancy"].choices = [(k, in_language(*words)) for k, words in OCCUPANCIES.items()]  # type: ignore[attr-defined]
        for name in ("people", "storeys", "flooded_floors", "depth_m", "days"):
            self.fields[name].widget = forms.TextInput({"inputmode": "decimal", "class": "short", **OFF})


def part_rows() -> list[dict[str, Any]]:
    """The parts of a home, for the table of the form."""
    return [{"key": p.key, "name": in_language(p.th, p.en), "unit": p.unit} for p in parts().values()]


def read_lines(request: HttpRequest) -> list[Broken]:
    """The parts that were filled in. Raises ProblemError of `broken`."""
    found = []
    for key in parts():
        qty, share = (request.POST.get(f"{name}-{key}", "").strip() for name in ("qty", "share"))
        if qty or share:
            found.append(broken(key, qty, share, request.POST.get(f"floor-{key}", "1").strip() or "1"))
    return found


def read_pictures(request: HttpRequest) -> list[Picture]:
    """The photos, each with where and when the phone says it was taken."""
    said = _taken(request.POST.get("taken", ""))
    files = request.FILES.getlist("photos")[:MOST_PHOTOS]
    return [_picture(file, said[n] if n < len(said) else {}) for n, file in enumerate(files)]


def _taken(text: str) -> list[dict[str, Any]]:
    """[{lon, lat, at}] from the phone; whatever else stands there is nothing."""
    try:
        read = json.loads(text or "[]")
    except ValueError:
        return []
    return [row if isinstance(row, dict) else {} for row in read][:MOST_PHOTOS] if isinstance(read, list) else []


def _picture(file: Any, said: dict[str, Any]) -> Picture:
    lon, lat = said.get("lon"), said.get("lat")
    known = all(isinstance(v, int | float) for v in (lon, lat)) and 97 <= lon <= 106 and 5 <= lat <= 21
    return Picture(file, lon if known else None, lat if known else None, moment(said.get("at")))


def moment(milliseconds: Any) -> datetime | None:
    """A phone's milliseconds as a time; None for what no clock says."""
    if not isinstance(milliseconds, int | float) or not 1.5e12 < milliseconds < 4e12:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def read_form(request: HttpRequest, form: forms.Form, home: Home) -> Form:
    """A valid form as the actions take it. Raises ProblemError of its lines."""
    d = form.cleaned_data
    pinned = d.get("lon") is not None and d.get("lat") is not None
    common = {
        "holder": d["holder"], "phone": d.get("phone", ""), "address": d["house_no"], "moo": int(d["moo"]),
        "told": d["told"], "home": home, "happened_at": moment(d.get("device_at")),
        "lon": d["lon"] if pinned else None, "lat": d["lat"] if pinned else None,
    }  # fmt: skip
    if isinstance(form, SurveyForm):
        common |= {name: d[name] for name in ("occupancy", "people", "storeys", "flooded_floors", "depth_m", "days")}
        common |= {"is_registered": d["is_registered"] == "yes", "lines": read_lines(request)}
    return Form(request.POST.get("idempotency_key", ""), body_hash(request), Found(**common), read_pictures(request))
