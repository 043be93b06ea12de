"""Requests for goods, promises on shelves, and the loads that carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.relief_posting import Transfer, Why, lock_shelves, pick, post, side, write_log
from maehia.emergency.models import Dispatch, DispatchLine, Incident, Item, RequestLine, Reservation, StockPlace
from maehia.emergency.queries import relief as queries
from maehia.emergency.rules.stock import DISPATCH, REQUEST, in_units, quantity, request_state, show, too_little
from maehia.kit.acting import required
from maehia.kit.clock import now, today
from maehia.kit.series import next_number


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a load shall carry: qty in `unit`; request: the line that it is for."""

    item: Item
    qty: Decimal
    unit: str = ""
    request: RequestLine | None = None


def ask(incident: Incident, place: StockPlace, item: Item, qty: Decimal, note: str = "") -> RequestLine:
    """A line of a request, as a draft. Raises ProblemError bad_quantity."""
    return RequestLine.objects.create(
        incident=incident, place=place, item=item, qty=quantity(qty), note=note[:300], asked_at=now(),
        asked_by=required().actor,
    )  # fmt: skip


@transaction.atomic
def move_request(line: RequestLine, to: str, reason: str = "") -> RequestLine:
    """Submit, approve, reject or cancel a line; a cancelled one gives back what was promised.

    Raises ProblemError move_refused.
    """
    held = _line(line)
    if to not in ("submitted", "approved", "rejected", "cancelled") or REQUEST.find(held.state, to) is None:
        raise refused("move_refused", f"จากสถานะ “{REQUEST.states[held.state].th}” ทำสิ่งนี้ไม่ได้", to)
    if to == "cancelled":
        _release(held)
    return _set(held, to, reason)


def _line(line: RequestLine) -> RequestLine:
    rows = RequestLine.objects.select_for_update(of=("self",)).select_related("incident", "item", "place")
    return rows.get(pk=line.pk)


def _set(line: RequestLine, to: str, reason: str = "") -> RequestLine:
    if line.state == to:
        return line
    before, line.state = line.state, to
    line.save(update_fields=["state"])
    value = {"request": str(line.pk), "item": line.item.code, "qty": show(line.qty), "place": line.place.name}
    log.append(line.incident, "relief", reason, before=before, after=to, value=value)
    return line


def _release(line: RequestLine) -> None:
    line.reservations.filter(ended_at=None).update(ended_at=now(), ended_how="released")


@transaction.atomic
def allocate(line: RequestLine, place: StockPlace, qty: Decimal) -> Reservation:
    """Promise goods of a shelf to an approved line. Raises ProblemError too_little, too_much, not_approved."""
    wanted = quantity(qty)
    lock_shelves([(place.pk, line.item_id)])
    held = _line(line)
    if REQUEST.states[held.state].kind != "work":
        raise refused("not_approved", "คำขอนี้ยังไม่ได้อนุมัติ หรือปิดแล้ว", held.get_state_display(), "อนุมัติคำขอก่อน")
    left = held.qty - queries.promised(held) - queries.fulfilled(held)
    if wanted > left:
        raise refused("too_much", f"คำขอนี้เหลือให้จัดสรร {show(max(left, Decimal(0)))}", "qty", "ลดจำนวน")
    free = queries.available(place, held.item, today())
    if wanted > free:
        raise too_little(wanted, max(free, Decimal(0)))
    made = Reservation.objects.create(line=held, place=place, item=held.item, qty=wanted, made_at=now())
    _by_numbers(held)
    return made


def _by_numbers(line: RequestLine) -> None:
    """The state that follows from what is promised and what has come."""
    if REQUEST.states[line.state].kind != "closed":
        _set(line, request_state(line.qty, queries.promised(line), queries.fulfilled(line)))


@transaction.atomic
def prepare(
    incident: Incident, source: StockPlace, target: StockPlace, wanted: Sequence[Wanted], *, carrier: str = ""
) -> Dispatch:
    """Pack a load: lots are chosen first expiry first out and stand aside; reservations of its lines are used up.

    Raises ProblemError nothing_moves, same_place, too_little and those of packs.
    """
    if not wanted:
        raise refused("nothing_moves", "ยังไม่ได้ระบุสิ่งของและจำนวน", "qty", "กรอกอย่างน้อยหนึ่งรายการ")
    if source.pk == target.pk or not (source.is_physical and target.kind in ("warehouse", "shelter")):
        raise refused("same_place", "ต้นทางและปลายทางต้องเป็นคลังหรือศูนย์พักพิงคนละแห่ง", "target", "เลือกปลายทางอื่น")
    lock_shelves((source.pk, w.item.pk) for w in wanted)
    chosen = []
    for one in wanted:
        qty = in_units(one.qty, one.unit, one.item.unit, one.item.packs)
        own = _use(one.request, source, qty)
        chosen += [(one, lot, some) for lot, some in pick(source, one.item, qty, own=own)]
        _end(one.request, source, qty)
    number = f"{incident.number}/ส{next_number(f'emergency.dispatch.{incident.number}'[:60]):03d}"
    made = Dispatch.objects.create(incident=incident, number=number, source=source, target=target,
                                   carrier=carrier[:120], by=required().actor, made_at=now())  # fmt: skip
    DispatchLine.objects.bulk_create(
        DispatchLine(dispatch=made, item=w.item, lot_id=lot, request=w.request, qty=some) for w, lot, some in chosen
    )
    return made


def _use(line: RequestLine | None, place: StockPlace, qty: Decimal) -> Decimal:
    """How much of this load is promised to its own line already."""
    if line is None:
        return Decimal(0)
    rows = line.reservations.filter(place=place, ended_at=None)
    return min(qty, sum((r.qty for r in rows), Decimal(0)))


def _end(line: RequestLine | None, place: StockPlace, qty: Decimal) -> None:
    """Take so much of the line's promises as used; what is left over of one stays promised."""
    if line is None:
        return
    left = qty
    for row in line.reservations.select_for_update().filter(place=place, ended_at=None).order_by("made_at", "id"):
        if left <= 0:
            return
        rest, left = row.qty - left, left - row.qty
        row.ended_at, row.ended_how = now(), "used"
        row.save(update_fields=["ended_at", "ended_how"])
        if rest > 0:
            Reservation.objects.create(line=line, place=place, item=row.item, qty=rest, made_at=row.made_at)


@transaction.atomic
def leave(load: Dispatch) -> Dispatch:
    """The load drives off: its goods are on the way. Raises ProblemError move_refused."""
    held = _locked(load, "in_transit")
    lines = list(held.lines.select_related("item"))
    way = side("in_transit")
    moved = [Transfer(line.item, line.lot_id, held.source, way, line.qty) for line in lines]
    move = post(Why("dispatch", held.incident, held.carrier, held.number), moved)
    held.state, held.left_at = "in_transit", now()
    held.save(update_fields=["state", "left_at"])
    write_log(move, moved, f"ส่งของ {held.number} ไป{held.target.name}")
    return held


def dispatch(
    incident: Incident, source: StockPlace, target: StockPlace, wanted: Sequence[Wanted], *, carrier: str = ""
) -> Dispatch:
    """Pack and send at once. Raises as `prepare`."""
    with transaction.atomic():
        return leave(prepare(incident, source, target, wanted, carrier=carrier))


@transaction.atomic
def receive_dispatch(load: Dispatch, arrived: Mapping[int, Decimal]) -> Dispatch:
    """The load is counted at its target. arrived: line -> quantity; less than was sent is posted to loss.

    Raises ProblemError move_refused, not_counted (a line without a number), more_than_sent.
    """
    held = _locked(load, "received")
    lines = list(held.lines.select_related("item", "request"))
    way, gone = side("in_transit"), side("loss")
    for line in lines:
        line.arrived = _arrived(line, arrived)
    came = [Transfer(n.item, n.lot_id, way, held.target, n.arrived) for n in lines if n.arrived]
    lost = [Transfer(n.item, n.lot_id, way, gone, n.qty - (n.arrived or 0)) for n in lines if n.arrived != n.qty]
    made = [(post(Why("arrive", held.incident, "", held.number), came), came)] if came else []
    made += [(post(Why("loss", held.incident, "ขาดเมื่อรับ", held.number), lost), lost)] if lost else []
    _finish(held, "received", lines)
    for move, moved in made:
        write_log(move, moved, f"รับของ {held.number} ที่{held.target.name}" if moved is came else "ของขาดเมื่อรับ")
    return held


def _arrived(line: DispatchLine, arrived: Mapping[int, Decimal]) -> Decimal:
    counted = arrived.get(line.pk)
    if counted is None or not counted.is_finite() or counted < 0:
        raise refused("not_counted", "ยังไม่ได้กรอกจำนวนที่รับจริงครบทุกรายการ", line.item.name_th, "กรอก 0 ถ้าไม่ได้รับ")
    if counted > line.qty:
        raise refused("more_than_sent", f"รับมากกว่าที่ส่ง ({show(line.qty)})", line.item.name_th,
                      "กรอกเท่าที่ส่ง แล้วบันทึกส่วนเกินด้วยการนับของ")  # fmt: skip
    return counted


@transaction.atomic
def give_back(load: Dispatch, *, lost: bool = False, reason: str = "") -> Dispatch:
    """The load came back whole, or is gone whole (lost). Raises ProblemError move_refused, no_reason."""
    if len(reason.strip()) < 3:
        raise refused("no_reason", "ต้องระบุเหตุผล", "reason", "เขียนเหตุผล")
    held = _locked(load, "lost" if lost else "returned")
    lines = list(held.lines.select_related("item", "request"))
    way, end = side("in_transit"), side("loss") if lost else held.source
    moved = [Transfer(line.item, line.lot_id, way, end, line.qty) for line in lines]
    move = post(Why("loss" if lost else "return", held.incident, reason, held.number), moved)
    for line in lines:
        line.arrived = Decimal(0)
    _finish(held, "lost" if lost else "returned", lines)
    write_log(move, moved, reason)
    return held


def _locked(load: Dispatch, to: str) -> Dispatch:
    held = (
        Dispatch.objects.select_for_update(of=("self",)).select_related("incident", "source", "target").get(pk=load.pk)
    )
    if DISPATCH.find(held.state, to) is None:
        raise refused("move_refused", f"เที่ยวนี้อยู่ในสถานะ “{DISPATCH.states[held.state].th}” แล้ว", held.number)
    return held


def _finish(load: Dispatch, state: str, lines: Sequence[DispatchLine]) -> None:
    load.state, load.ended_at = state, now()
    load.save(update_fields=["state", "ended_at"])
    DispatchLine.objects.bulk_update(lines, ["arrived"])
    asked: set[UUID] = {line.request_id for line in lines if line.request_id}
    for line in RequestLine.objects.select_for_update(of=("self",)).select_related("incident", "item", "place").filter(
        pk__in=asked
    ).order_by("pk"):  # fmt: skip
        _by_numbers(line)
