"""Relief goods come in, are counted, and are lost. Each runs inside a purpose that writes `incident`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from maehia.base import Problem
from maehia.emergency.actions import guards, log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.relief_giving import distribute, set_entitlement
from maehia.emergency.actions.relief_loads import dispatch, receive_dispatch
from maehia.emergency.actions.relief_posting import (
    Transfer,
    Why,
    lock_shelves,
    lot_of,
    pick,
    post,
    reverse,
    side,
    write_log,
)
from maehia.emergency.models import Donation, Incident, Item, Move, StockCount, StockPlace
from maehia.emergency.queries import relief as queries
from maehia.emergency.rules.stock import bad_quantity, in_units, quantity, show
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import next_number

__all__ = [
    "Came", "adjust", "count", "dispatch", "distribute", "donate", "load_items", "lose", "open_place", "receive",
    "receive_dispatch", "reverse", "set_entitlement",
]  # fmt: skip
FILE = Path(__file__).resolve().parent.parent / "data" / "relief_items.yaml"


@dataclass(frozen=True, slots=True)
class Came:
    """Goods as they are brought in: qty in `unit` (the item's own or a pack), lot number and last day of use."""

    item: Item
    qty: Decimal
    unit: str = ""
    lot: str = ""
    expires_on: date | None = None


@cache
def _items() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))["items"]
    return rows


def load_items() -> int:
    """The kinds of goods that come with the system, in the mode of the context; what the town changed stays."""
    rows = [Item(mode=required().mode, **row) for row in _items()]
    before = Item.objects.count()
    Item.objects.bulk_create(rows, ignore_conflicts=True)
    return Item.objects.count() - before


def open_place(kind: str, name: str, *, incident: Incident | None = None, shelter: UUID | None = None) -> StockPlace:
    """A warehouse or the shelf of a shelter; the same name again is the same place. Raises ProblemError no_name."""
    if kind not in ("warehouse", "shelter") or not name.strip():
        raise refused("no_name", "ตั้งชื่อคลังหรือศูนย์พักพิงก่อน", "name", "กรอกชื่อ")
    return StockPlace.objects.get_or_create(
        mode=required().mode, kind=kind, name=name.strip()[:160], defaults={"incident": incident, "shelter": shelter}
    )[0]


@transaction.atomic
def receive(
    place: StockPlace, goods: Sequence[Came], *, incident: Incident | None = None, paper: str = "", reason: str = ""
) -> Move:
    """Goods from a supplier onto a shelf. Raises ProblemError nothing_moves, bad_quantity, unknown_unit, not_whole."""
    moved = _incoming(place, goods)
    made = post(Why("receive", incident, reason, paper), moved)
    write_log(made, moved)
    return made


def _incoming(place: StockPlace, goods: Sequence[Came]) -> list[Transfer]:
    outside = side("supplier")
    return [
        Transfer(g.item, lot_of(g.item, g.lot, g.expires_on).pk, outside, place,
                 in_units(g.qty, g.unit, g.item.unit, g.item.packs))
        for g in goods
    ]  # fmt: skip


@transaction.atomic
def donate(incident: Incident, place: StockPlace, goods: Sequence[Came], *, donor: str, phone: str = "") -> Donation:
    """Goods that somebody gives, with a number of the register. Needs a purpose that writes `relief`.

    Raises ProblemError no_donor and those of `receive`.
    """
    if not donor.strip():
        raise refused("no_donor", "ยังไม่ได้ระบุผู้บริจาค", "donor", "กรอกชื่อ หรือ “ไม่ประสงค์ออกนาม”")
    moved = _incoming(place, goods)
    number = f"{incident.number}/บ{next_number(f'emergency.donation.{incident.number}'[:60]):04d}"
    move = post(Why("receive", incident, "รับบริจาค", number), moved)
    made = Donation.objects.create(incident=incident, number=number, donor=donor.strip(), phone=phone.strip() or None,
                                   move=move, by=required().actor, at=now())  # fmt: skip
    write_log(move, moved, "รับบริจาคสิ่งของ")
    return made


@transaction.atomic
def lose(place: StockPlace, item: Item, qty: Decimal, reason: str, *, incident: Incident | None = None) -> Move:
    """Goods that are spoilt, broken or gone. Raises ProblemError no_reason, too_little, bad_quantity."""
    if len(reason.strip()) < 3:
        raise refused("no_reason", "การตัดเป็นสูญหายต้องมีเหตุผล", "reason", "เขียนเหตุผล")
    out = side("loss")
    moved = [Transfer(item, lot, place, out, some) for lot, some in _any(place, item, quantity(qty))]
    made = post(Why("loss", incident, reason), moved)
    write_log(made, moved, reason)
    return made


def _any(place: StockPlace, item: Item, qty: Decimal) -> list[tuple[UUID, Decimal]]:
    """Lots that are gone: what is past its day goes first, before what could still be given."""
    lock_shelves([(place.pk, item.pk)])
    stale = sorted((s for s in queries.shelves_of(place, item) if s.qty > 0), key=lambda s: s.expires_on or date.max)
    chosen, left = [], qty
    for shelf in stale:
        taken = min(left, shelf.qty)
        if taken > 0:
            chosen.append((shelf.lot, taken))
            left -= taken
    return chosen if left <= 0 else pick(place, item, qty)


def adjust(place: StockPlace, item: Item, lot: UUID, counted: Decimal, reason: str) -> Move | None:
    """Bring the books to what was counted for one lot. None when they agree. Raises ProblemError bad_quantity."""
    if not counted.is_finite() or counted < 0 or counted != counted.quantize(Decimal("0.001")):
        raise bad_quantity("counted")
    lock_shelves([(place.pk, item.pk)])
    more = counted - queries.balance(place, item, lot)
    if not more:
        return None
    other = side("adjustment")
    moved = Transfer(item, lot, other, place, more) if more > 0 else Transfer(item, lot, place, other, -more)
    return post(Why("adjust", None, reason), [moved])


@transaction.atomic
def count(
    place: StockPlace, counted: Mapping[tuple[UUID, UUID], Decimal], *, incident: Incident | None = None
) -> StockCount:
    """Somebody counted a place. counted: (item, lot) -> quantity; what is not named was not there.

    Raises ProblemError bad_quantity. Differences become moves to or from `adjustment`.
    """
    before = {(row.item.pk, row.lot_key): row.qty for row in queries.stock(place=place)}
    lock_shelves((place.pk, item) for item, _ in {**before, **counted})
    items = Item.objects.in_bulk({item for item, _ in {**before, **counted}})
    differences = []
    for (item, lot), was in {**dict.fromkeys(counted, queries.NOTHING), **before}.items():
        found = counted.get((item, lot), queries.NOTHING)
        if adjust(place, items[item], lot, found, "ตามการนับ") is not None:
            differences.append({"item": items[item].code, "lot": str(lot), "was": show(was), "counted": show(found)})
    made = StockCount.objects.create(
        place=place, incident=incident, differences=differences, by=required().actor, at=now()
    )
    if incident is not None:
        value = {"place": place.name, "differences": differences}
        log.append(incident, "stock", f"นับของที่{place.name}", value=value)
    return made


def _reconciled(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    """Nothing on the way, nothing promised, and every shelf that was touched has been counted since."""
    code, fix = "guard_stock_reconciled", "ปิดการขนส่งและการจองให้ครบ แล้วนับของทุกคลังที่เกี่ยวข้อง"
    if loads := queries.on_the_way(incident):
        return Problem(code, f"มีของที่ยังส่งไม่ถึง {loads} เที่ยว", incident.number, fix)
    if promised := queries.open_reservations(incident):
        return Problem(code, f"มีการจองของค้าง {promised} รายการ", incident.number, fix)
    if places := queries.uncounted(incident):
        return Problem(code, "ยังไม่ได้นับของหลังเหตุการณ์: " + ", ".join(p.name for p in places[:5]), incident.number, fix)
    return None


def register() -> None:
    """Called once at start."""
    guards.provide("stock_reconciled", _reconciled)
