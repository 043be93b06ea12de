"""Pages of relief goods: what stands where, in, out, on the way, and to whom on a phone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.base import ProblemError
from maehia.city.models import Household
from maehia.emergency.actions import relief as actions
from maehia.emergency.actions import relief_loads as loads
from maehia.emergency.actions.relief_giving import Receiver
from maehia.emergency.actions.relief_loads import Wanted
from maehia.emergency.models import Dispatch, Entitlement, Incident, RequestLine, StockPlace
from maehia.emergency.models.given import PROOFS
from maehia.emergency.queries import damage as homes
from maehia.emergency.queries import relief as queries
from maehia.emergency.rules.stock import DISPATCH, REQUEST, show
from maehia.emergency.views import relief_parts as parts
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import today
from maehia.kit.idempotency import Created, idempotent

RELIEF, PURPOSE = "emergency.relief", parts.PURPOSE
Answer = HttpResponseBase | Created


def page(request: HttpRequest, incident: Incident, name: str, status: int = 200, **context: Any) -> HttpResponse:
    base = {"incident": incident, "tab": "relief", "rows": range(parts.ROWS)}
    return render(request, f"emergency/relief/{name}.html", {**base, **context}, status=status)


@require_safe
@at_incident(RELIEF, PURPOSE)
def stock(request: HttpRequest, incident: Incident) -> HttpResponse:
    """All shelves, what is short, what is on the way, what is asked for."""
    actions.load_items()
    shelves: dict[StockPlace, list[Any]] = {}
    day = today()
    for row in queries.stock(incident):
        shelves.setdefault(row.place, []).append({
            "row": row, "qty": show(row.qty), "late": row.expires_on is not None and row.expires_on < day,
            "free": show(max(Decimal(0), queries.available(row.place, row.item, day))),
        })  # fmt: skip
    return page(
        request, incident, "stock", shelves=shelves.items(), short=queries.below_least(),
        loads=[(load, DISPATCH.states[load.state]) for load in queries.loads(incident)],
        requests=[_asked(line) for line in queries.requests(incident)], uncounted=queries.uncounted(incident),
    )  # fmt: skip


def _asked(line: RequestLine) -> dict[str, Any]:
    moves = [
        m.to for m in REQUEST.states[line.state].moves if m.to in ("submitted", "approved", "rejected", "cancelled")
    ]
    return {
        "line": line, "state": REQUEST.states[line.state], "qty": show(line.qty),
        "promised": show(queries.promised(line)), "came": show(queries.fulfilled(line)),
        "moves": [(to, REQUEST.states[to].th) for to in moves], "open": REQUEST.states[line.state].kind == "work",
    }  # fmt: skip


def choices(incident: Incident) -> dict[str, Any]:
    """What every form of goods offers."""
    items = queries.items()
    return {"items": items, "units": parts.units(items), "places": queries.places(incident)}


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.receive", show=parts.back("relief"))
def receive(request: HttpRequest, incident: Incident) -> Answer:
    """Goods come in: bought, brought, or given by somebody whose name goes into the register."""
    if request.method == "POST":
        try:
            return Created(_receive(request, incident))
        except ProblemError as error:
            return page(request, incident, "receive", 400, errors=parts.told(error), **choices(incident))
    actions.load_items()
    return page(request, incident, "receive", **choices(incident))


def _receive(request: HttpRequest, incident: Incident) -> UUID:
    place = place_of(incident, request.POST.get("place", "")) or actions.open_place(
        request.POST.get("kind", "warehouse"), request.POST.get("new_place", ""),
        incident=incident if request.POST.get("kind") == "shelter" else None,
    )  # fmt: skip
    goods = parts.read_goods(request)
    if request.POST.get("donated"):
        given = actions.donate(
            incident, place, goods, donor=request.POST.get("donor", ""), phone=request.POST.get("phone", "")
        )
        parts.said(request, gettext("รับบริจาคแล้ว เลขที่ %(n)s") % {"n": given.number})
        return given.pk
    move = actions.receive(place, goods, incident=incident, paper=request.POST.get("paper", ""))
    parts.said(request, gettext("รับของเข้า%(place)sแล้ว") % {"place": place.name})
    return move.pk


def place_of(incident: Incident, typed: str) -> StockPlace | None:
    """An open shelf of the town or the incident."""
    return next((p for p in queries.places(incident) if str(p.pk) == typed), None)


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.dispatch", show=parts.back("relief"))
def dispatch(request: HttpRequest, incident: Incident) -> Answer:
    """Send goods from a shelf to a shelf, for a request or without one."""
    line = _line(incident, request.POST.get("request") or request.GET.get("request", ""))
    if request.method == "POST":
        try:
            return Created(_dispatch(request, incident, line))
        except ProblemError as error:
            return page(request, incident, "dispatch", 400, errors=parts.told(error), line=line, **choices(incident))
    return page(request, incident, "dispatch", line=line, **choices(incident))


def _line(incident: Incident, typed: str) -> RequestLine | None:
    return next((row for row in queries.requests(incident) if str(row.pk) == typed), None)


def _dispatch(request: HttpRequest, incident: Incident, line: RequestLine | None) -> UUID:
    source, target = (place_of(incident, request.POST.get(name, "")) for name in ("source", "target"))
    if source is None or target is None:
        raise parts.problem("no_place", gettext("ยังไม่ได้เลือกต้นทางและปลายทาง"), "source", gettext("เลือกทั้งสองแห่ง"))
    wanted = [
        Wanted(g.item, g.qty, g.unit, line if line and g.item.pk == line.item_id else None)
        for g in parts.read_goods(request)
    ]
    made = loads.dispatch(incident, source, target, wanted, carrier=request.POST.get("carrier", ""))
    parts.said(request, gettext("ส่งของแล้ว เที่ยวที่ %(n)s") % {"n": made.number})
    return made.pk


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
def load(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """One load: counted at its end line by line, or turned back, or lost."""
    row = Dispatch.objects.select_related("source", "target").filter(pk=key, incident=incident).first()
    if row is None:
        raise Http404
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            _end(request, row)
            return redirect("emergency:relief", incident.number)
        except ProblemError as error:
            errors = parts.told(error)
    lines = [
        (n, show(n.qty), show(n.arrived) if n.arrived is not None else "")
        for n in row.lines.select_related("item", "lot")
    ]
    context = {"load": row, "lines": lines, "state": DISPATCH.states[row.state], "errors": errors}
    return page(request, incident, "load", 400 if errors else 200, **context)


def _end(request: HttpRequest, row: Dispatch) -> None:
    how = request.POST.get("how", "")
    if how in ("returned", "lost"):
        loads.give_back(row, lost=how == "lost", reason=request.POST.get("reason", ""))
    elif row.state == "preparing":
        loads.leave(row)
    else:
        typed = {n.pk: request.POST.get(f"line-{n.pk}", "") for n in row.lines.all()}
        loads.receive_dispatch(row, {key: parts.number(v, "") for key, v in typed.items() if v.strip()})
    parts.said(request, gettext("บันทึกเที่ยว %(n)s แล้ว") % {"n": row.number})


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.ask", show=parts.back("relief"))
def ask(request: HttpRequest, incident: Incident) -> Answer:
    """Somebody needs goods somewhere."""
    if request.method == "POST":
        try:
            place = place_of(incident, request.POST.get("place", ""))
            if place is None:
                raise parts.problem("no_place", gettext("ยังไม่ได้เลือกปลายทาง"), "place", gettext("เลือกคลังหรือศูนย์พักพิง"))
            wanted = parts.read_goods(request)
            made = [loads.ask(incident, place, g.item, g.qty, request.POST.get("note", "")) for g in wanted]
            for line in made:
                loads.move_request(line, "submitted")
            return Created(made[0].pk if made else incident.pk)
        except ProblemError as error:
            return page(request, incident, "ask", 400, errors=parts.told(error), **choices(incident))
    return page(request, incident, "ask", **choices(incident))


@require_POST
@at_incident(RELIEF, PURPOSE)
def request_act(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponseBase:
    """Approve, reject, cancel a request line, or promise goods to it."""
    line = _line(incident, str(key))
    if line is None:
        raise Http404
    try:
        if request.POST.get("to") == "allocate":
            place = place_of(incident, request.POST.get("place", "")) or queries.places(incident)[0]
            loads.allocate(line, place, parts.number(request.POST.get("qty", ""), line.item.name_th))
        else:
            loads.move_request(line, request.POST.get("to", ""), request.POST.get("reason", ""))
    except ProblemError as error:
        context = {"errors": parts.told(error), "asked": _asked(line), **choices(incident)}
        return page(request, incident, "request", 400, **context)
    return redirect("emergency:relief", incident.number)


@require_safe
@at_incident(RELIEF, PURPOSE)
def request_one(request: HttpRequest, incident: Incident, key: UUID) -> HttpResponse:
    line = _line(incident, str(key))
    if line is None:
        raise Http404
    return page(request, incident, "request", asked=_asked(line), **choices(incident))


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.give", show=parts.back("relief_give"))
def give(request: HttpRequest, incident: Incident) -> Answer:
    """Give out on a phone: the house, who takes it, how it is proven."""
    kinds = list(Entitlement.objects.filter(incident=incident))
    base = {"kinds": kinds, "moos": parts.moos(), "proofs": PROOFS, "typed": request.POST, **choices(incident)}
    if request.method == "POST":
        try:
            home = homes.home_of(request.POST.get("house_no", ""), _moo(request))
            several = _households(home, request.POST.get("household", ""))
            if several:
                return page(request, incident, "give", 400, several=several, **base)
            return Created(_give(request, incident, kinds, home))
        except ProblemError as error:
            return page(request, incident, "give", 400, errors=parts.told(error), **base)
    return page(request, incident, "give", **base)


def _moo(request: HttpRequest) -> int | None:
    typed = request.POST.get("moo", "")
    return int(typed) if typed.isdigit() else None


def _households(home: homes.Home, chosen: str) -> list[Household]:
    """The households to choose from, where a house has several and none is chosen yet."""
    if home.house is None or home.household is not None:
        return []
    there = homes.households_of(home.house)
    return [] if len(there) < 2 or chosen in {str(h.key) for h in there} else there


def _chosen(house: UUID, chosen: str) -> UUID:
    """The chosen household of a house, else the house: a made-up key would be given the same goods again and again."""
    return next((h.key for h in homes.households_of(house) if str(h.key) == chosen), house)


def _give(request: HttpRequest, incident: Incident, kinds: list[Entitlement], home: homes.Home) -> UUID:
    kind = next((k for k in kinds if str(k.pk) == request.POST.get("kind", "")), None)
    place = place_of(incident, request.POST.get("place", ""))
    if kind is None or place is None:
        raise parts.problem("no_kind", gettext("ยังไม่ได้เลือกชุดสิ่งของและคลัง"), "kind", gettext("เลือกให้ครบ"))
    if home.house is None:
        raise parts.problem("no_house", gettext("ไม่พบบ้านเลขที่นี้ในทะเบียน"), "house_no", gettext("ตรวจบ้านเลขที่และหมู่"))
    household = home.household or _chosen(home.house, request.POST.get("household", ""))
    who = Receiver(request.POST.get("receiver", ""), request.POST.get("proof", ""), request.POST.get("proxy_why", ""))
    round_no = request.POST.get("round", "1")
    made = actions.distribute(kind, household, place, who, round_no=int(round_no) if round_no.isdigit() else 0)
    parts.said(
        request, gettext("แจก%(what)sให้บ้านเลขที่ %(no)s แล้ว") % {"what": kind.name_th, "no": request.POST["house_no"]}
    )
    return made.pk


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.kind", show=parts.back("relief_give"))
def kind(request: HttpRequest, incident: Incident) -> Answer:
    """A set of goods that each household may be given."""
    if request.method == "POST":
        try:
            code = f"set-{Entitlement.objects.filter(incident=incident).count() + 1}"
            rounds = request.POST.get("rounds", "1")
            contents = [{"item": g.item.code, "qty": g.qty} for g in parts.read_goods(request)]
            name = request.POST.get("name", "").strip()
            if not name:
                raise parts.problem("no_name", gettext("ตั้งชื่อชุดก่อน"), "name", gettext("เช่น ถุงยังชีพรอบแรก"))
            made = actions.set_entitlement(
                incident, code, name, contents, rounds=int(rounds) if rounds.isdigit() else 1
            )
            return Created(made.pk)
        except ProblemError as error:
            return page(request, incident, "kind", 400, errors=parts.told(error), **choices(incident))
    return page(request, incident, "kind", **choices(incident))


@require_http_methods(["GET", "POST"])
@at_incident(RELIEF, PURPOSE)
@idempotent("emergency.relief.count", show=parts.back("relief"))
def count(request: HttpRequest, incident: Incident, key: UUID) -> Answer:
    """Count one place; what differs is posted, never edited."""
    place = place_of(incident, str(key))
    if place is None:
        raise Http404
    rows = queries.stock(place=place)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            found = {
                (r.item.pk, r.lot_key): parts.number(request.POST.get(f"lot-{r.lot_key}", ""), r.item.name_th)
                for r in rows
            }
            made = actions.count(place, found, incident=incident)
            parts.said(request, gettext("นับแล้ว พบต่างจากบัญชี %(n)d รายการ") % {"n": len(made.differences)})
            return Created(made.pk)
        except ProblemError as error:
            errors = parts.told(error)
    shown = [(r, show(r.qty), request.POST.get(f"lot-{r.lot_key}", "")) for r in rows]
    return page(request, incident, "count", 400 if errors else 200, place=place, shelf=shown, errors=errors)


@require_safe
@at_incident(RELIEF, PURPOSE)
def donations(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The register of donated goods, to be printed (ทะเบียนรับ-จ่ายสิ่งของบริจาค)."""
    rows = [
        {"row": d, "goods": [f"{p.item.name_th} {show(p.qty)} {p.unit}" for p in d.move.postings.all() if p.qty > 0]}
        for d in queries.donations(incident)
    ]
    return page(request, incident, "donations", rows=rows)
