"""The one way in which goods move: a move with its postings, written under the locks of the shelves they leave.

Runs inside a purpose that writes `incident`, in a transaction. Locks are taken in the order of place and item, the
incident's row comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Incident, Item, Lot, Move, Posting, StockGuard, StockPlace
from maehia.emergency.models.relief import PHYSICAL
from maehia.emergency.queries import relief as queries
from maehia.emergency.rules.stock import first_out, show, too_little
from maehia.kit.acting import required
from maehia.kit.clock import now, today

WHERE_TO = {
    "supplier": "ผู้ขายและผู้บริจาค", "in_transit": "ระหว่างขนส่ง", "beneficiary": "ผู้ประสบภัย", "loss": "สูญหายและเสียหาย",
    "adjustment": "ปรับยอดตามการนับ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transfer:
    """So much of a lot from a place to a place, in the item's unit."""

    item: Item
    lot: UUID
    source: StockPlace
    target: StockPlace
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """What a move is for. paper: number of the delivery note or order."""

    kind: str
    incident: Incident | None = None
    reason: str = ""
    paper: str = ""
    event_at: datetime | None = None


def side(kind: str) -> StockPlace:
    """The place that is no shelf: where goods come from, go to, or are on their way."""
    found = StockPlace.objects.filter(kind=kind, name=WHERE_TO[kind]).first()
    if found is not None:
        return found
    with transaction.atomic():
        return StockPlace.objects.get_or_create(mode=required().mode, kind=kind, name=WHERE_TO[kind])[0]


def lock_shelves(pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Hold the shelves (place, item) until the end of the transaction, always in the same order."""
    mode = required().mode
    for place, item in sorted(set(pairs)):
        StockGuard.objects.bulk_create([StockGuard(place_id=place, item_id=item, mode=mode)], ignore_conflicts=True)
        StockGuard.objects.select_for_update().get(place_id=place, item_id=item)


@transaction.atomic
def post(why: Why, transfers: Sequence[Transfer], *, reverses: Move | None = None) -> Move:
    """Write a move. Raises ProblemError nothing_moves, too_little; the database refuses what does not sum to zero."""
    if not transfers:
        raise refused("nothing_moves", "ยังไม่ได้ระบุสิ่งของและจำนวน", "qty", "กรอกอย่างน้อยหนึ่งรายการ")
    leaving = [t for t in transfers if t.source.kind in PHYSICAL]
    lock_shelves((t.source.pk, t.item.pk) for t in leaving)
    for taken in leaving:
        there = queries.balance(taken.source, taken.item, taken.lot)
        if there < sum((t.qty for t in leaving if (t.source, t.lot) == (taken.source, taken.lot)), Decimal(0)):
            raise too_little(taken.qty, there)
    made = Move.objects.create(
        incident=why.incident, kind=why.kind, reason=why.reason[:300], paper=why.paper[:80], reverses=reverses,
        by=required().actor, event_at=why.event_at or now(), at=now(),
    )  # fmt: skip
    Posting.objects.bulk_create([row for t in transfers for row in _both(made, t)])
    with connection.cursor() as cursor:  # now, while the context can still see the rows
        cursor.execute(
            "SET CONSTRAINTS emergency_posting_zero IMMEDIATE; SET CONSTRAINTS emergency_posting_zero DEFERRED"
        )
    return made


def _both(move: Move, t: Transfer) -> list[Posting]:
    common: dict[str, Any] = {"move": move, "item": t.item, "lot_id": t.lot, "unit": t.item.unit}
    return [Posting(place=t.source, qty=-t.qty, **common), Posting(place=t.target, qty=t.qty, **common)]


def pick(place: StockPlace, item: Item, qty: Decimal, *, own: Decimal = Decimal(0)) -> list[tuple[UUID, Decimal]]:
    """Lots for so much, first expiry first out, under the lock of the shelf. own: reserved for the one who asks.

    Raises ProblemError too_little when less is available than is asked.
    """
    lock_shelves([(place.pk, item.pk)])
    free = queries.available(place, item, today()) + own
    if free < qty:
        raise too_little(qty, max(free, Decimal(0)))
    return first_out(queries.shelves_of(place, item), qty, today())


def reverse(move: Move, reason: str) -> Move:
    """Undo a receipt, a count or a loss by a move the other way, once; nothing is edited.

    Raises ProblemError no_reason, reversed_before, not_reversible, too_little (the goods are gone already).
    """
    if len(reason.strip()) < 3:
        raise refused("no_reason", "การกลับรายการต้องมีเหตุผล", "reason", "เขียนเหตุผล")
    if move.kind not in ("receive", "adjust", "loss"):
        raise refused("not_reversible", "รายการชนิดนี้กลับรายการตรง ๆ ไม่ได้", move.get_kind_display(), "รับคืนหรือนับใหม่แทน")
    Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if Move.objects.filter(reverses=move).exists():
        raise refused("reversed_before", "รายการนี้กลับรายการไปแล้ว", move.paper)
    rows = list(move.postings.filter(qty__gt=0).select_related("item", "place"))
    out = {row.lot_id: row.place for row in move.postings.filter(qty__lt=0).select_related("place")}
    back = [Transfer(row.item, row.lot_id, row.place, out[row.lot_id], row.qty) for row in rows]
    made = post(Why("reverse", move.incident, reason), back, reverses=move)
    write_log(made, back, reason)
    return made


def lot_of(item: Item, number: str = "", expires_on: date | None = None) -> Lot:
    """The lot of an item with this number and last day."""
    return Lot.objects.get_or_create(
        item=item, number=number.strip()[:60], expires_on=expires_on, defaults={"came_on": today()}
    )[0]


def write_log(move: Move, transfers: Sequence[Transfer], text: str = "") -> None:
    """One line in the incident's log, with what moved."""
    if move.incident is None:
        return
    value = {"move": str(move.pk), "kind": move.kind, "lines": [
        {"item": t.item.code, "qty": show(t.qty).replace(",", ""), "unit": t.item.unit, "from": t.source.name,
         "to": t.target.name} for t in transfers]}  # fmt: skip
    log.append(move.incident, "stock", text or move.get_kind_display(), value=value, event_at=move.event_at)
