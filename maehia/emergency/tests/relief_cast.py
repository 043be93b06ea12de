"""A warehouse, two shelters and some goods, under the flood of `Watch`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

from django.db.models import Sum

from maehia.emergency.actions import relief
from maehia.emergency.actions.relief import Came
from maehia.emergency.models import Item, Posting, StockPlace
from maehia.kit.acting import acting

SOON, LATER = date(2026, 12, 1), date(2027, 6, 1)
PAST = date(2026, 11, 1)


class Goods:
    """Mixed in after `Watch`: inside `relief()` `self.stocked()` makes incident, places and items."""

    officer: Any
    flood: Any

    def relief(self, mode: str = "live") -> Any:
        """The context of the officer who handles goods and damage."""
        return acting(self.officer.actor, "emergency.relief", mode=mode)

    def stocked(self) -> None:
        relief.load_items()
        self.incident = self.flood()
        self.depot = relief.open_place("warehouse", "คลังเทศบาล")
        self.temple = relief.open_place("shelter", "ศูนย์วัดป่า", incident=self.incident)
        self.water, self.rice = (Item.objects.get(code=code) for code in ("water-600", "rice-5"))

    def bring(self, qty: str, *, item: Item | None = None, lot: str = "", expires: date | None = None,
              unit: str = "") -> Any:  # fmt: skip
        return relief.receive(self.depot, [Came(item or self.water, D(qty), unit, lot, expires)])


def sums() -> list[tuple[Any, ...]]:
    """Moves whose postings do not sum to zero: none, ever."""
    rows = Posting.objects.values("move", "item", "lot", "unit").annotate(total=Sum("qty")).exclude(total=0)
    return list(rows.values_list("move", "total"))


def shelf_totals() -> dict[tuple[str, str], D]:
    """What every shelf holds by place and item."""
    rows = Posting.objects.filter(place__kind__in=("warehouse", "shelter", "in_transit"))
    found = rows.values_list("place__name", "item__code").annotate(total=Sum("qty"))
    return {(place, item): total for place, item, total in found.values_list("place__name", "item__code", "total")}


def negative_lots() -> int:
    rows = Posting.objects.filter(place__kind__in=("warehouse", "shelter", "in_transit"))
    return rows.values("place", "lot").annotate(total=Sum("qty")).filter(total__lt=0).count()


def everywhere() -> D:
    """All postings together: always nothing."""
    return Posting.objects.aggregate(total=Sum("qty"))["total"] or D(0)


__all__ = ["LATER", "PAST", "SOON", "Goods", "StockPlace", "everywhere", "negative_lots", "shelf_totals", "sums"]
