"""The desk of door lists: who goes where, what was found, what contradicts; giving and ending lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.access.models import Account
from maehia.access.permissions import acting_as, can, require
from maehia.access.queries import account_of, holders_of
from maehia.base import ProblemError
from maehia.emergency.actions import doors, doors_sync
from maehia.emergency.models import DoorList, Incident
from maehia.emergency.queries import doors as queries
from maehia.emergency.queries.incidents import mode_of
from maehia.emergency.views.doors_words import door_words, result_words, state_of
from maehia.emergency.views.help import moos
from maehia.emergency.views.parts import at_incident, find_or_404, own_purpose
from maehia.kit.idempotency import Created, idempotent
from maehia.web.charts import Series, figure

COMMAND = "emergency.command"


class ListForm(forms.Form):
    """Who goes to which doors. Either a village, or what was drawn; nothing chosen: the most urgent ones."""

    title = forms.CharField(label=gettext_lazy("ชื่อรายการ"), max_length=120, required=False,
                            help_text=gettext_lazy("เช่น ซอย 3 ฝั่งลำน้ำ เว้นว่างได้"))  # fmt: skip
    who = forms.ChoiceField(label=gettext_lazy("ผู้ไป"))
    moo = forms.ChoiceField(label=gettext_lazy("บ้านในหมู่"), required=False)
    first = forms.IntegerField(label=gettext_lazy("ไม่เกินกี่หลัง"), min_value=1, max_value=doors.MOST_DOORS, initial=30,
                               help_text=gettext_lazy("เลือกบ้านที่เร่งด่วนที่สุดก่อน แล้วเรียงตามทางเดิน"))  # fmt: skip
    hours = forms.IntegerField(label=gettext_lazy("ใช้ได้กี่ชั่วโมง"), min_value=1, max_value=doors.MOST_HOURS, initial=8)
    area = forms.CharField(required=False, widget=forms.HiddenInput)
    again = forms.BooleanField(label=gettext_lazy("รวมบ้านที่มอบหรือไปแล้ว"), required=False)

    def __init__(self, incident: Incident, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [
            (f"team:{t.pk}", gettext("ชุด %(name)s") % {"name": t.name}) for t in incident.teams.filter(ended_at=None)
        ]
        people = [(f"account:{a.pk}", f"{a.display_name} ({a.unit})") for a in holders_of("emergency.field")]
        self.fields["who"].choices = [*teams, *people]  # type: ignore[attr-defined]
        self.fields["moo"].choices = [("", gettext("ทุกหมู่ในพื้นที่")), *moos()]  # type: ignore[attr-defined]

    def clean_area(self) -> GEOSGeometry | None:
        drawn = self.cleaned_data["area"]
        if not drawn:
            return None
        try:
            found = GEOSGeometry(drawn, srid=4326)
        except (GEOSException, ValueError) as error:
            raise forms.ValidationError(gettext("อ่านพื้นที่ที่วาดไม่ได้ วาดใหม่อีกครั้ง")) from error
        if found.geom_type not in ("Polygon", "MultiPolygon") or not found.valid:
            raise forms.ValidationError(gettext("เส้นที่วาดตัดกันเองหรือยังไม่ปิด วาดใหม่อีกครั้ง"))
        return found

    def new(self) -> doors.NewList:
        kind, _, key = self.cleaned_data["who"].partition(":")
        found = self.cleaned_data
        return doors.NewList(
            title=found["title"], first=found["first"], hours=found["hours"], again=found["again"], area=found["area"],
            moo=int(found["moo"]) if found["moo"] else None, team=UUID(key) if kind == "team" else None,
            account=account_of(UUID(key)) if kind == "account" else None,
        )  # fmt: skip


@never_cache
@require_safe
@at_incident("emergency.field")
def desk(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Lists of the incident: all of them for the desk, one's own for who goes out."""
    return _desk(request, incident, ListForm(incident) if can(request.user, COMMAND) else None)


def _desk(request: HttpRequest, incident: Incident, form: ListForm | None, status: int = 200) -> HttpResponse:
    account: Account = request.user  # type: ignore[assignment]
    commands = form is not None
    mine = queries.lists_of(account.pk, incident.pk)
    context: dict[str, Any] = {
        "incident": incident, "tab": "doors", "form": form, "mine": [_row(one) for one in mine],
        "lists": [_row(one) for one in queries.lists(incident.pk)] if commands else [],
        "conflicts": [_conflict(one) for one in queries.conflicts(incident.pk)] if commands else [],
    }  # fmt: skip
    if commands:
        found = queries.reached(incident)
        context |= {
            "reached": found, "results": [(result_words(key), n) for key, n in found.by_result.items()],
            "chart": _chart(found) if found.doors else None,
        }  # fmt: skip
    return render(request, "emergency/doors/desk.html", context, status=status)


def _row(row: DoorList) -> dict[str, Any]:
    who = row.team.name if row.team else (account_of(row.account).display_name if row.account else "")  # type: ignore[union-attr]
    tag, words = state_of(row)
    return {"row": row, "who": who, "tag": tag, "words": words}


def _conflict(row: Any) -> dict[str, Any]:
    visit = row.visit
    return {
        "row": row, "door": door_words(visit.door), "list": row.list.title,
        "first": _said(visit.result, visit.people, getattr(getattr(visit, "note", None), "text", "")),
        "other": _said(row.result, row.people, row.note or ""),
        "other_door": "" if row.door_id == visit.door_id else door_words(row.door),
    }  # fmt: skip


def _said(result: str, people: int | None, note: str) -> str:
    parts = [result_words(result), gettext("%(n)s คน") % {"n": people} if people is not None else "", note]
    return " · ".join(part for part in parts if part)


def _chart(found: queries.Reached) -> Any:
    moos_ = sorted(found.by_moo, key=lambda moo: (len(moo), moo))
    series = [Series(result_words(key), [found.by_moo[moo][key] for moo in moos_]) for key in found.by_result]
    return figure(
        "stacked", [gettext("หมู่ %(n)s") % {"n": moo} if moo else gettext("ไม่ทราบหมู่") for moo in moos_], series,
        finding=gettext("ไปแล้ว %(done)s จาก %(all)s หลัง") % {"done": found.done, "all": found.doors},
        what=gettext("บ้านตามผลล่าสุด แยกหมู่ (หลัง)"), source=gettext("บันทึกจากรายการบ้าน"), first_header=gettext("หมู่"),
    )  # fmt: skip


def _back(request: HttpRequest, _made: str) -> HttpResponseBase:
    return redirect("emergency:doors", request.resolver_match.kwargs["number"])  # type: ignore[union-attr]


@never_cache
@require_POST
@require(COMMAND)
@idempotent("emergency.doors", show=_back)
def give(request: HttpRequest, number: str) -> Created | HttpResponseBase:
    """Give some houses to a volunteer or a team."""
    account: Account = request.user  # type: ignore[assignment]
    with acting_as(account, own_purpose(request), mode=mode_of(number)):
        incident = find_or_404(number)
        form = ListForm(incident, request.POST)
        fine = form.is_valid()
        new = form.new() if fine else None
    if new is not None:
        try:
            made = doors.make_list(account, incident, new)
            messages.success(request, gettext("มอบรายการที่ %(n)s แล้ว") % {"n": made.number})
            return Created(made.pk)
        except ProblemError as error:
            form.add_error(None, " ".join(filter(None, (error.problem.what, error.problem.fix))))
    with acting_as(account, own_purpose(request), mode=mode_of(number)):
        return _desk(request, find_or_404(number), form, status=422)


@never_cache
@require_POST
@require(COMMAND)
def end(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """End a list: it opens nothing any more, and phones delete it."""
    row = doors.end_list(request.user, key, mode=mode_of(number))  # type: ignore[arg-type]
    messages.success(request, gettext("ปิดรายการที่ %(n)s แล้ว โทรศัพท์จะลบข้อมูลเมื่อมีสัญญาณ") % {"n": row.number})
    return redirect("emergency:doors", number)


@never_cache
@require_POST
@require(COMMAND)
def decide(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """Decide between two reports with one number."""
    try:
        doors_sync.settle_conflict(request.user, key, request.POST.get("choice", ""), mode=mode_of(number))  # type: ignore[arg-type]
        messages.success(request, gettext("บันทึกการตัดสินแล้ว"))
    except ProblemError as error:
        messages.error(request, error.problem.what)
    return redirect("emergency:doors", number)
