"""Reads of relief goods: a balance is always the sum of postings. Inside the context that the caller opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet, Sum

from maehia.emergency.models import (
    Dispatch,
    DispatchLine,
    Distribution,
    Donation,
    Incident,
    Item,
    Move,
    Posting,
    RequestLine,
    Reservation,
    StockCount,
    StockPlace,
)
from maehia.emergency.models.relief import PHYSICAL
from maehia.emergency.rules.stock import DISPATCH, Shelf

NOTHING = Decimal("0.000")


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A lot on a shelf: qty on hand in the item's unit; promised: reserved of the item at this place, all lots."""

    place: StockPlace
    item: Item
    lot_number: str
    lot_key: UUID
    expires_on: date | None
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Low:
    """An item of which all shelves together hold less than its least."""

    item: Item
    on_hand: Decimal


def balance(place: StockPlace | UUID, item: Item | UUID | None = None, lot: UUID | None = None) -> Decimal:
    """What stands at a place, in the item's unit: the sum of its postings."""
    rows = Posting.objects.filter(place=place)
    if item is not None:
        rows = rows.filter(item=item)
    if lot is not None:
        rows = rows.filter(lot_id=lot)
    return _sum(rows)


def _sum(rows: QuerySet[Posting]) -> Decimal:
    return rows.aggregate(total=Sum("qty"))["total"] or NOTHING


def reserved(place: StockPlace | UUID, item: Item | UUID) -> Decimal:
    """Promised to request lines and not yet sent."""
    rows = Reservation.objects.filter(place=place, item=item, ended_at=None)
    return rows.aggregate(total=Sum("qty"))["total"] or NOTHING


def available(place: StockPlace, item: Item, today: date | None = None) -> Decimal:
    """On hand, less what is promised or stands packed in a load. today: leave out what is past its day."""
    shelves = [s for s in shelves_of(place, item) if today is None or s.expires_on is None or s.expires_on >= today]
    return sum((s.qty for s in shelves), NOTHING) - reserved(place, item)


def shelves_of(place: StockPlace, item: Item) -> list[Shelf]:
    """The lots of an item at a place, less what stands packed in loads that have not left."""
    rows = (
        Posting.objects.filter(place=place, item=item)
        .values("lot", expires=F("lot__expires_on"), came=F("lot__came_on"))
        .annotate(qty=Sum("qty"))
    )
    packed = dict(
        DispatchLine.objects.filter(dispatch__state="preparing", dispatch__source=place, item=item)
        .values_list("lot")
        .annotate(Sum("qty"))
        .values_list("lot", "qty__sum")
    )
    return [
        Shelf(r["lot"], r["qty"] - packed.get(r["lot"], NOTHING), r["expires"], r["came"]) for r in rows if r["qty"]
    ]


def stock(incident: Incident | None = None, place: StockPlace | None = None) -> list[OnShelf]:
    """All that stands on shelves, by place, item and expiry. incident: its own places and those of the town."""
    rows = Posting.objects.filter(place__kind__in=PHYSICAL)
    if place is not None:
        rows = rows.filter(place=place)
    elif incident is not None:
        rows = rows.filter(Q(place__incident=None) | Q(place__incident=incident))
    found = list(
        rows.values("place", "item", "lot", number=F("lot__number"), expires=F("lot__expires_on"))
        .annotate(total=Sum("qty"))
        .exclude(total=0)
    )
    places = StockPlace.objects.in_bulk({r["place"] for r in found})
    items = Item.objects.in_bulk({r["item"] for r in found})
    made = [
        OnShelf(places[r["place"]], items[r["item"]], r["number"], r["lot"], r["expires"], r["total"]) for r in found
    ]
    return sorted(made, key=lambda s: (s.place.kind, s.place.name, s.item.code, s.expires_on or date.max))


def below_least() -> list[Low]:
    """Items that are short, for the readiness page. A thing that never came is short too."""
    held = dict(
        Posting.objects.filter(place__kind__in=PHYSICAL)
        .values_list("item")
        .annotate(Sum("qty"))
        .values_list("item", "qty__sum")
    )
    rows = Item.objects.filter(is_active=True, least__gt=0)
    return [Low(i, held.get(i.pk, NOTHING)) for i in rows if held.get(i.pk, NOTHING) < i.least]


def places(incident: Incident, kinds: Iterable[str] = ("warehouse", "shelter")) -> list[StockPlace]:
    """Open shelves of the town and of the incident."""
    own = Q(incident=None) | Q(incident=incident)
    return list(StockPlace.objects.filter(own, kind__in=list(kinds), is_open=True))


def items() -> list[Item]:
    return list(Item.objects.filter(is_active=True))


def loads(incident: Incident) -> list[Dispatch]:
    return list(incident.dispatches.select_related("source", "target").prefetch_related("lines__item", "lines__lot"))


def requests(incident: Incident) -> list[RequestLine]:
    return list(incident.relief_requests.select_related("place", "item"))


def fulfilled(line: RequestLine) -> Decimal:
    """What has arrived for a request line."""
    return line.loads.aggregate(total=Sum("arrived"))["total"] or NOTHING


def promised(line: RequestLine) -> Decimal:
    """Reserved or on the way for a request line."""
    open_ones = line.reservations.filter(ended_at=None).aggregate(total=Sum("qty"))["total"] or NOTHING
    coming = line.loads.filter(dispatch__state__in=DISPATCH.of_kind("open")).aggregate(total=Sum("qty"))["total"]
    return open_ones + (coming or NOTHING)


def given_to(incident: Incident, household: UUID) -> list[Distribution]:
    """What a household was given in an incident."""
    rows = Distribution.objects.filter(incident=incident, household_key=household)
    return list(rows.select_related("entitlement").order_by("at"))


def donations(incident: Incident) -> list[Donation]:
    """The register of donations, in order."""
    rows = Donation.objects.filter(incident=incident)
    return list(rows.select_related("move").prefetch_related("move__postings__item", "move__postings__place"))


def uncounted(incident: Incident) -> list[StockPlace]:
    """Shelves that goods of the incident touched and that nobody counted since."""
    touched = Move.objects.filter(incident=incident).exclude(kind="adjust")
    last = dict(
        touched.filter(postings__place__kind__in=("warehouse", "shelter"))
        .values_list("postings__place")
        .annotate(Max("at"))
        .values_list("postings__place", "at__max")
    )
    counted = dict(
        StockCount.objects.filter(place__in=last)
        .values_list("place")
        .annotate(Max("at"))
        .values_list("place", "at__max")
    )
    open_ones = [key for key, at in last.items() if key not in counted or counted[key] < at]
    return list(StockPlace.objects.filter(pk__in=open_ones))


def on_the_way(incident: Incident) -> int:
    return incident.dispatches.filter(state__in=DISPATCH.of_kind("open")).count()


def open_reservations(incident: Incident) -> int:
    return Reservation.objects.filter(line__incident=incident, ended_at=None).count()
