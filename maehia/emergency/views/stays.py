"""People at a shelter: check in (alone, with the household, without a name), find by wristband, out, move, identify."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.base import Problem, ProblemError
from maehia.city.queries.people import household_view, person_view
from maehia.city.queries.search import find, parse_term
from maehia.emergency.actions import stays as actions
from maehia.emergency.actions.stays_guest import Guest
from maehia.emergency.actions.stays_identify import amend, identify
from maehia.emergency.models import Incident, Shelter, Stay
from maehia.emergency.queries import shelters as shelter_queries
from maehia.emergency.queries import stays as queries
from maehia.emergency.queries.shelters_sheets import sex_word, state_word, word
from maehia.emergency.queries.shelters_words import need_words
from maehia.emergency.rules.shelters import OPEN_STAYS, STAY
from maehia.emergency.rules.shelters_bands import read_band
from maehia.emergency.views.parts import at_incident
from maehia.emergency.views.shelters import line, shelter_or_404
from maehia.emergency.views.shelters_forms import GuestForm, how_choices, key_of, keys_of
from maehia.kit.idempotency import Created, idempotent
from maehia.web.formats import NOTHING, show_datetime, show_phone
from maehia.web.values import Term

WORK = "emergency.shelter"
TAGS = {"planned": "wait", "open": "open", "closed": "done"}
Refusal = Problem | None
NOBODY = UUID(int=0)


def shown(stay: Stay) -> dict[str, Any]:
    """One person as a line of the list."""
    tag = "work" if stay.state == "temporarily_out" else TAGS[STAY.states[stay.state].kind]
    return {
        "row": stay, "name": stay.name or gettext("ไม่ทราบชื่อ"), "tag": tag, "state": state_word(stay),
        "needs": ", ".join(word(need_words()[n.need]) for n in stay.needs.all() if n.need in need_words()),
        "who": " · ".join(part for part in (sex_word(stay.sex), gettext("%(n)s ปี") % {"n": stay.age}
                                            if stay.age is not None else "") if part),
    }  # fmt: skip


@require_safe
@never_cache
@at_incident(WORK, WORK)
def people(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse:
    """Who is in a shelter now, families together. ?band= leads to one wristband; ?show=all shows who left too."""
    row, refused = shelter_or_404(incident, shelter), None
    if typed := request.GET.get("band", "").strip():
        try:
            found = queries.open_of(band=read_band(typed, incident.mode))
            if found:
                return redirect("emergency:stay", incident.number, found[0].pk)
            refused = Problem("no_band", "ไม่มีผู้พักพิงที่ใช้สายรัดหมายเลขนี้อยู่", fix="ตรวจหมายเลข หรือดูรายชื่อด้านล่าง")
        except ProblemError as error:
            refused = error.problem
    every = request.GET.get("show") == "all"
    states = tuple(STAY.states) if every else ("planned", *OPEN_STAYS)
    return render(request, "emergency/shelters/people.html", {
        "incident": incident, "tab": "shelters", "row": row, "line": line(shelter_queries.load_row(row)),
        "people": [shown(stay) for stay in queries.inside(row.pk, states)], "every": every, "refused": refused,
        "typed": typed,
    }, status=404 if refused else 200)  # fmt: skip


def to_stay(request: HttpRequest, pk: str) -> HttpResponseBase:
    return redirect("emergency:stay", request.resolver_match.kwargs["number"], pk)  # type: ignore[union-attr]


def to_people(request: HttpRequest, _pk: str) -> HttpResponseBase:
    kwargs = request.resolver_match.kwargs  # type: ignore[union-attr]
    return redirect("emergency:shelter_people", kwargs["number"], kwargs["shelter"])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@at_incident(WORK, WORK)
@idempotent("emergency.stay_in", show=to_people)
def check_in(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse | Created:
    """Somebody comes in: found in the register, with her household, or as told; also without a name."""
    row = shelter_or_404(incident, shelter)
    if request.method != "POST":
        return draw_in(request, row)
    form = GuestForm(request.POST)
    if not form.is_valid():
        return draw_in(request, row, form)
    try:
        with transaction.atomic():
            person = key_of(request.POST.get("person_key"))
            stay = actions.check_in(row.pk, form.guest(person), instance=_instance(request))
    except ProblemError as error:
        return draw_in(request, row, form, error.problem)
    told = gettext("รับ %(name)s เข้าศูนย์แล้ว") % {"name": stay.name or gettext("ผู้ไม่ทราบชื่อ")}
    band = gettext("สายรัดข้อมือ %(band)s") % {"band": stay.band} if stay.band else ""
    messages.success(request, " ".join(part for part in (told, band) if part))
    return Created(stay.pk)


def _instance(request: HttpRequest) -> UUID:
    """The id that the form carried, so that a retry after any fault is the same act."""
    return key_of(request.POST.get("instance")) or uuid4()


def draw_in(request: HttpRequest, row: Shelter, form: Any = None, refused: Refusal = None) -> HttpResponse:
    """The page of coming in. ?q= searches the register, ?person= proposes her household."""
    typed, hits = request.GET.get("q", "").strip(), []
    if typed and not form:
        try:
            hits = [hit for hit in find(parse_term(typed), people=True) if hit.kind == "person"][:20]
        except ProblemError as error:
            refused = error.problem
    chosen = key_of(request.GET.get("person"))
    load = shelter_queries.load_row(row)
    return render(request, "emergency/shelters/in.html", {
        "incident": row.incident, "tab": "shelters", "row": row, "line": line(load), "typed": typed, "hits": hits,
        "family": family(chosen) if chosen else [], "form": form or GuestForm(), "refused": refused,
        "instance": request.POST.get("instance") or uuid4(), "load": load,
    }, status=422 if form else 200)  # fmt: skip


def family(person: UUID) -> list[dict[str, Any]]:
    """The person and her households' members, each once, with where she stays already."""
    view = person_view(person, via="shelter")
    if view is None:
        raise Http404(str(person))
    members = {view.key: view.person}
    home = None
    for household in view.households:
        found = household_view(household.household_id)
        home = home or household.household_id
        for member in found.members if found else []:
            members.setdefault(member.person_id, member.person)
    alive = [one for one in members.values() if not one.died]
    return [{"person": one, "stay": next(iter(queries.open_of(person_key=one.key)), None), "household": home}
            for one in alive]  # fmt: skip


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.stay_together", show=to_people)
def together(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse | Created:
    """A household comes in at once, all or none."""
    row = shelter_or_404(incident, shelter)
    home = key_of(request.POST.get("household"))
    overnight = bool(request.POST.get("overnight"))
    guests = [Guest(person_key=key, household_key=home, overnight=overnight)
              for key in keys_of(request.POST.getlist("person"))]  # fmt: skip
    try:
        with transaction.atomic():
            made = actions.check_in_together(row.pk, guests)
    except ProblemError as error:
        return draw_in(request, row, refused=error.problem)
    words = ngettext("รับเข้าศูนย์แล้ว %(n)s คน", "รับเข้าศูนย์แล้ว %(n)s คน", len(made)) % {"n": len(made)}
    messages.success(request, words)
    return Created(made[0].pk)


def stay_or_404(incident: Incident, key: UUID) -> Stay:
    found = queries.get(key)
    if found is None or found.shelter.incident_id != incident.pk:
        raise Http404(str(key))
    return found


@require_safe
@never_cache
@at_incident(WORK, WORK)
def stay(request: HttpRequest, incident: Incident, stay: UUID) -> HttpResponse:
    """One person in a shelter, and what can happen next. ?q= searches who she is."""
    return draw_stay(request, stay_or_404(incident, stay))


def draw_stay(request: HttpRequest, row: Stay, refused: Refusal = None, form: Any = None) -> HttpResponse:
    incident, typed, hits = row.shelter.incident, request.GET.get("q", "").strip(), []
    if typed and row.person_key is None:
        try:
            hits = [hit for hit in find(parse_term(typed), people=True) if hit.kind == "person"][:20]
        except ProblemError as error:
            refused = error.problem
    places = [one for one in shelter_queries.load(incident)
              if one.shelter.pk != row.shelter_id and one.shelter.state == "open"]  # fmt: skip
    return render(request, "emergency/shelters/stay.html", {
        "incident": incident, "tab": "shelters", "row": row, "one": shown(row), "terms": terms(row),
        "hows": how_choices(),
        "company": [shown(stay) for stay in queries.together(row)], "places": places, "refused": refused,
        "open": row.state in OPEN_STAYS, "typed": typed, "hits": hits, "form": form or GuestForm(stay=row),
        "open_form": bool(form), "clash": request.POST.get("person_key") if refused else "", "instance": uuid4(),
    }, status=422 if refused or form else 200)  # fmt: skip


def terms(row: Stay) -> list[Term]:
    came = row.came_from.shelter.name if row.came_from_id and row.came_from else ""
    one = shown(row)
    rows = [
        Term(gettext("สายรัดข้อมือ"), row.band or NOTHING), Term(gettext("เพศและอายุ"), one["who"] or NOTHING),
        Term(gettext("โทรศัพท์"), show_phone(row.phone) if row.phone else NOTHING),
        Term(gettext("ต้องดูแล"), one["needs"] or NOTHING),
        Term(gettext("เข้าเมื่อ"), show_datetime(row.in_at) if row.in_at else NOTHING,
             note=clock_words(row) if row.off_s else ""),
        Term(gettext("ค้างคืน"), gettext("ใช่") if row.overnight else gettext("เฉพาะกลางวัน")),
        Term(gettext("ทะเบียนเมือง"), gettext("ระบุตัวแล้ว") if row.person_key else gettext("ยังไม่ระบุตัว")),
    ]  # fmt: skip
    if came:
        rows.append(Term(gettext("ย้ายมาจาก"), came))
    if row.out_at:
        rows.append(Term(gettext("ออกเมื่อ"), show_datetime(row.out_at), note=one["state"]))
    return rows


def clock_words(row: Stay) -> str:
    said = show_datetime(row.said_in_at) if row.said_in_at else NOTHING
    return gettext("นาฬิกาของโต๊ะบอก %(said)s คลาดไป %(n)s นาที") % {"said": said, "n": round(-row.off_s / 60)}


Act = Callable[[HttpRequest, Stay], str]


def _out(request: HttpRequest, row: Stay) -> str:
    keys = [row.pk, *keys_of(request.POST.getlist("with"))]
    for number, key in enumerate(keys):
        actions.check_out(key, request.POST.get("how", ""), instance=_instance(request) if number == 0 else None)
    return gettext("บันทึกออกแล้ว %(n)s คน") % {"n": len(keys)}


def _away(request: HttpRequest, row: Stay) -> str:
    actions.step_out(row.pk, instance=_instance(request))
    return gettext("บันทึกออกชั่วคราวแล้ว ที่นอนยังเก็บไว้")


def _back(request: HttpRequest, row: Stay) -> str:
    actions.come_back(row.pk, instance=_instance(request))
    return gettext("บันทึกกลับเข้าศูนย์แล้ว")


def _arrive(request: HttpRequest, row: Stay) -> str:
    actions.arrive(row.pk, instance=_instance(request))
    return gettext("บันทึกเข้าศูนย์แล้ว")


def _cancel(_request: HttpRequest, row: Stay) -> str:
    actions.cancel(row.pk)
    return gettext("บันทึกว่าไม่มาแล้ว")


def _transfer(request: HttpRequest, row: Stay) -> str:
    keys = [row.pk, *keys_of(request.POST.getlist("with"))]
    made = actions.transfer(keys, key_of(request.POST.get("to")) or NOBODY)
    return gettext("ย้าย %(n)s คนไป %(name)s แล้ว") % {"n": len(made), "name": made[0].shelter.name}


def _identify(request: HttpRequest, row: Stay) -> str:
    person = key_of(request.POST.get("person_key")) or NOBODY
    found = identify(row.pk, person, move_here=bool(request.POST.get("move_here")))
    return gettext("ระบุตัวแล้วว่าเป็น %(name)s") % {"name": found.name}


ACTS: dict[str, Act] = {
    "out": _out, "away": _away, "back": _back, "arrive": _arrive, "cancel": _cancel, "transfer": _transfer,
    "identify": _identify,
}  # fmt: skip


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.stay_do", show=to_stay)
def act(request: HttpRequest, incident: Incident, stay: UUID, verb: str) -> HttpResponse | Created:
    """Out, out for a while, back, to another shelter, who she is."""
    row = stay_or_404(incident, stay)
    if verb not in ACTS:
        raise Http404(verb)
    try:
        with transaction.atomic():
            words = ACTS[verb](request, row)
    except ProblemError as error:
        return draw_stay(request, stay_or_404(incident, stay), error.problem)
    messages.success(request, words)
    newest = queries.newest_of(row.pk)
    return Created(newest)


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.stay_amend", show=to_stay)
def correct(request: HttpRequest, incident: Incident, stay: UUID) -> HttpResponse | Created:
    """Correct what was written down about a person."""
    row, form = stay_or_404(incident, stay), GuestForm(request.POST)
    version = request.POST.get("version", "")
    if not form.is_valid():
        return draw_stay(request, row, form=form)
    try:
        with transaction.atomic():
            amend(row.pk, form.guest(), int(version) if version.isdigit() else 0)
    except ProblemError as error:
        return draw_stay(request, stay_or_404(incident, stay), error.problem, form)
    messages.success(request, gettext("แก้ไขข้อมูลแล้ว"))
    return Created(row.pk)
