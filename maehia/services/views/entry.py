"""Quick entry: what came by phone, letter, Facebook, ศูนย์ดำรงธรรม or at the door, on one screen, one after another.

Each case begins with an empty form; the page is never stored by the browser, so that "back" shows nobody's data.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import BANGKOK, ProblemError
from maehia.city.models import Asset, House
from maehia.city.queries.labels import house_label, ref_of
from maehia.forms import actions as files
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import Created, idempotent
from maehia.services import actions
from maehia.services.actions import Contact, NewCase, Opened
from maehia.services.models import Case, Service
from maehia.services.queries.current import current
from maehia.services.queries.near import DEFAULT_RADIUS_M, Candidate, candidates
from maehia.services.rules.suggest import suggest
from maehia.services.views.case_forms import PhotosField
from maehia.services.views.staff_parts import channel_words, crumbs, state_words
from maehia.thai import normalize_house_no
from maehia.web import fields
from maehia.web import registry as web

CHANNELS = ("phone", "counter", "letter", "facebook", "damrongtham", "officer")
EARLIEST_YEARS = 2  # a letter that lay longer than that in a drawer is typed with care elsewhere
OFF = {"autocomplete": "off"}


class EntryForm(forms.Form):
    """One screen. Nothing is filled in by the browser; a place by house number, by the code on a lamp, or by a pin."""

    channel = fields.CardsField(label=gettext_lazy("ช่องทาง"), initial="phone")
    service = forms.ChoiceField(label=gettext_lazy("ประเภท"))
    text = forms.CharField(label=gettext_lazy("เรื่องที่แจ้ง"), max_length=4000,
                           widget=forms.Textarea({"rows": 4, **OFF}))  # fmt: skip
    urgent = forms.BooleanField(label=gettext_lazy("เร่งด่วน"), required=False)
    house_no = forms.CharField(
        label=gettext_lazy("บ้านเลขที่"), required=False, max_length=40, widget=forms.TextInput(OFF)
    )
    moo = forms.IntegerField(label=gettext_lazy("หมู่ที่"), required=False, min_value=1, max_value=40,
                             widget=forms.TextInput({"inputmode": "numeric", "class": "short", **OFF}))  # fmt: skip
    asset = forms.CharField(label=gettext_lazy("รหัสทรัพย์สิน"), required=False, max_length=60, widget=forms.TextInput(OFF),
                            help_text=gettext_lazy("เช่น เลขบนเสาไฟ"))  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("จุดสังเกต"), required=False, max_length=300, widget=forms.TextInput(OFF)
    )
    lat = forms.FloatField(required=False, min_value=5, max_value=21, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=97, max_value=106, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("ชื่อผู้แจ้ง"), required=False, max_length=120, widget=forms.TextInput(OFF))
    phone = fields.PhoneField(required=False)
    email = forms.EmailField(label=gettext_lazy("อีเมล"), required=False, widget=forms.EmailInput(OFF))
    day = fields.ThaiDateField(label=gettext_lazy("วันที่ได้รับ"), required=False)
    hour = forms.TimeField(label=gettext_lazy("เวลา"), required=False, input_formats=["%H:%M", "%H.%M"],
                           widget=forms.TextInput({"inputmode": "numeric", "class": "short", **OFF}))  # fmt: skip
    photos = PhotosField(label=gettext_lazy("ภาพหรือสำเนาหนังสือที่เป็นภาพ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(c, channel_words(c)) for c in CHANNELS]  # type: ignore[attr-defined]
        self.fields["service"].choices = [("", gettext("เลือกประเภท")), *services()]  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        self.place = self._place(found)
        if (found.get("lat") is None) != (found.get("lon") is None):
            self.add_error(None, gettext("หมุดบนแผนที่ไม่ครบ ปักใหม่อีกครั้ง"))
        found["event_at"] = self._moment(found)
        return found

    def _moment(self, found: dict[str, Any]) -> datetime | None:
        """When it was told; None = now. Not in the future."""
        if not found.get("day"):
            return None
        moment = datetime.combine(found["day"], found.get("hour") or time(8, 30), BANGKOK)
        if moment > clock.now():
            self.add_error("day", gettext("วันเวลาที่ได้รับอยู่ในอนาคต"))
        elif moment.year < clock.today().year - EARLIEST_YEARS:
            self.add_error("day", gettext("วันที่ได้รับเก่าเกินไป ตรวจปี พ.ศ. อีกครั้ง"))
        return moment

    def _place(self, found: dict[str, Any]) -> Place:
        place = Place(address=found.get("address") or "")
        if found.get("lat") is not None and found.get("lon") is not None:
            place.point = (found["lon"], found["lat"])
        if found.get("asset"):
            self._by_asset(found["asset"].strip(), place)
        if found.get("house_no"):
            self._by_house(found["house_no"], found.get("moo"), place)
        elif found.get("moo"):
            place.address = f"{place.address} {gettext('หมู่ %(moo)s') % {'moo': found['moo']}}".strip()
        return place

    def _by_asset(self, code: str, place: Place) -> None:
        row = Asset.objects.filter(code__iexact=code).first()
        if row is None:
            self.add_error("asset", gettext("ไม่มีทรัพย์สินรหัสนี้ในทะเบียน"))
            return
        spot = row.geom.centroid if row.geom is not None else None
        place.asset, place.words = row.pk, ref_of("asset", row).label
        place.point = place.point or ((spot.x, spot.y) if spot else None)

    def _by_house(self, typed: str, moo: int | None, place: Place) -> None:
        number = normalize_house_no(typed) or typed.strip()
        houses = House.objects.filter(house_no=number)
        found = list((houses.filter(moo=moo) if moo else houses)[:2])
        place.address = " ".join(part for part in (_house_words(number, moo), place.address) if part)
        if len(found) == 1:
            place.words = place.words or house_label(found[0])
            if found[0].geom is not None and place.point is None:
                place.point = (found[0].geom.point_on_surface.x, found[0].geom.point_on_surface.y)


def _house_words(number: str, moo: int | None) -> str:
    words = gettext("บ้านเลขที่ %(no)s") % {"no": number}
    return f"{words} {gettext('หมู่ %(moo)s') % {'moo': moo}}" if moo else words


@dataclass
class Place:
    """What was found of the place: the pin, the registered thing, and words for the page."""

    address: str = ""
    point: tuple[float, float] | None = None
    asset: UUID | None = None
    words: str = ""


def services() -> list[tuple[str, str]]:
    rows = Service.objects.filter(kind="report", state="published", current__isnull=False)
    return [(s.code, web.in_language(s.name_th, s.name_en)) for s in rows]


def after(request: HttpRequest, key: str) -> HttpResponse:
    """The number to tell the citizen; the same answer when the form was sent twice."""
    return redirect("services:entered", key)


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.enter")
@idempotent("services.entry", show=after)
def entry(request: HttpRequest) -> HttpResponse | Created:
    """The form; likely duplicates are shown once before a new case is opened."""
    form, same = EntryForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        same = [] if request.POST.get("sure") else look_for_same(request, form)
        if not same:
            try:
                return Created(save(request, form).case.pk)
            except ProblemError as error:
                form.add_error(None, " ".join(part for part in (error.problem.what, error.problem.fix) if part))
    context = {"form": form, "same": same, "guesses": guesses(form), "crumbs": crumbs((gettext("บันทึกเรื่อง"), "")),
               "state_words": {row["case"].id: row["state"] for row in same}}  # fmt: skip
    return render(request, "services/entry.html", context, status=422 if form.errors else 200)


def guesses(form: EntryForm) -> list[dict[str, Any]]:
    """Categories that the words speak of, offered when none was chosen; never chosen by itself."""
    if not form.is_bound or form.data.get("service"):
        return []
    names = dict(services())
    found = [guess for guess in suggest(form.data.get("text", "")) if guess.code in names]
    return [{"code": g.code, "words": names[g.code], "percent": round(g.probability * 100)} for g in found]


def look_for_same(request: HttpRequest, form: EntryForm) -> list[dict[str, Any]]:
    """Open cases that may be what the citizen tells."""
    code, place = form.cleaned_data["service"], form.place
    with acting_as(request.user, "services.desk"):  # type: ignore[arg-type]
        definition = current(code).definition
        if definition.confidential:
            return []
        found: list[Candidate] = candidates(
            code, place.point, asset_key=place.asset, text=form.cleaned_data["text"], inside=True,
            radius_m=definition.duplicate_radius_m or DEFAULT_RADIUS_M,
        )  # fmt: skip
        return [{"case": row, "state": state_words("report", row.state), "metres": round(row.metres)
                 if row.metres < 10_000 else None} for row in found]  # fmt: skip


def save(request: HttpRequest, form: EntryForm) -> Opened:
    """Open the case, keep its photos, and join it to another one when the officer said that it is the same."""
    sent, place, case_id = form.cleaned_data, form.place, uuid4()
    contact = Contact(name=sent["name"], phone=sent["phone"], email=sent["email"])
    new = NewCase(
        service=sent["service"], channel=sent["channel"], description=sent["text"], point=place.point,
        address=place.address, asset_key=place.asset, contact=contact, urgent=sent["urgent"], event_at=sent["event_at"],
        suggested=tuple(suggest(sent["text"])) if request.POST.get("hinted") else (),
    )  # fmt: skip
    with under(request, sent["service"], case_id) as sealed:
        by = str(request.user.actor)  # type: ignore[union-attr]
        for file in sent["photos"] or ():
            files.attach(case_id, "photo", file, file.name, is_confidential=sealed)
        opened = actions.open_case(new, by=by, case_id=case_id)
        parent = request.POST.get("same", "")
        if parent and not sealed:
            why = gettext("แจ้งทาง%(channel)s") % {"channel": channel_words(sent["channel"])}
            actions.merge(case_id, UUID(parent), by=by, why=why)
    words = {"number": opened.case.number}
    messages.success(request, gettext("บันทึกเรื่อง %(number)s แล้ว") % words)
    return opened


@contextmanager
def under(request: HttpRequest, code: str, case_id: UUID) -> Iterator[bool]:
    """The desk; for a sealed category only that one case, which the officer cannot open again."""
    sealed = current(code).definition.confidential
    if not sealed:
        with acting_as(request.user, "services.desk"):  # type: ignore[arg-type]
            yield False
        return
    with acting(request.user.actor, "services.report", scope=Scope.subject(case_id)):  # type: ignore[union-attr]
        yield True


@never_cache
@require_safe
@require("services.enter")
def entered(request: HttpRequest, key: UUID) -> HttpResponse:
    """What to tell the citizen: number, deadline, the link to follow it. No contact stands here."""
    with acting(request.user.actor, "services.link", scope=Scope.subject(key)):  # type: ignore[union-attr]
        case = Case.objects.filter(pk=key).select_related("service", "parent").first()
        mine = case is not None and case.events.filter(kind="opened", actor=request.user.actor).exists()  # type: ignore[union-attr]
        if case is None or not mine:
            return redirect("services:entry")
        context = {
            "case": case, "service": web.in_language(case.service.name_th, case.service.name_en),
            "link": request.build_absolute_uri(f"/follow/{actions.secret_of(case.pk)}/"),
            "open_url": "" if case.is_confidential else reverse("services:case", args=[case.pk]),
        }  # fmt: skip
        return render(request, "services/entry_done.html", context)
