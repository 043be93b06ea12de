"""Relief goods: double-entry postings, lots, places, reservations, requests, dispatches.

Goods are no people: all of this is class `incident`. Who was given and who gave stands in `models.given`.
Quantities are Decimal(14,3) in the item's own unit; a balance is the sum of postings and stands nowhere.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.stock import DISPATCH, REQUEST
from maehia.kit.modes import ModeField

PLACE_KINDS = [
    ("supplier", "ผู้ขายหรือผู้บริจาค"), ("warehouse", "คลัง"), ("in_transit", "ระหว่างขนส่ง"), ("shelter", "ศูนย์พักพิง"),
    ("beneficiary", "ผู้ประสบภัย"), ("loss", "สูญหายเสียหาย"), ("adjustment", "ปรับยอด"),
]  # fmt: skip
PHYSICAL = ("warehouse", "in_transit", "shelter")  # a shelf that can be counted: never below zero
MOVE_KINDS = [
    ("receive", "รับเข้า"), ("dispatch", "ส่งออก"), ("arrive", "ถึงปลายทาง"), ("return", "ส่งคืน"), ("loss", "สูญหาย"),
    ("adjust", "ปรับยอดตามการนับ"), ("distribute", "แจกจ่าย"), ("reverse", "กลับรายการ"),
]  # fmt: skip
QUANTITY: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}


class Item(models.Model):
    """A kind of goods. unit: the one it is counted in. packs: [{unit, num, den}]: one pack = num/den units.

    least: below this in all shelves together readiness says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    code = models.SlugField(max_length=40)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    unit = models.CharField(max_length=30)
    packs = models.JSONField(default=list)
    least = models.DecimalField(**QUANTITY, default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["mode", "code"], name="emergency_item_code")]

    def __str__(self) -> str:
        return self.name_th


class Lot(models.Model):
    """Goods of one item that came together. expires_on: last day of use, None when it keeps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=60, blank=True)
    expires_on = models.DateField(null=True)
    came_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number", "expires_on"], nulls_distinct=False, name="emergency_lot_once"
            )
        ]


class StockPlace(models.Model):
    """Where goods can be. incident: of a place that ends with it. shelter: key of a shelter of this room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    kind = models.CharField(max_length=12, choices=PLACE_KINDS)
    name = models.CharField(max_length=160)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="stock_places")
    shelter = models.UUIDField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["mode", "kind", "name"], name="emergency_stockplace_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_physical(self) -> bool:
        return self.kind in PHYSICAL


class StockGuard(models.Model):
    """The row that is locked while goods leave a shelf. It holds no number: a balance is only ever summed."""

    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    mode = ModeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "item"], name="emergency_stockguard_once")]


class Move(models.Model):
    """Why goods went from somewhere to somewhere. Never changed; a wrong one is reversed by another, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="stock_moves")
    kind = models.CharField(max_length=12, choices=MOVE_KINDS)
    reason = models.CharField(max_length=300, blank=True)
    paper = models.CharField(max_length=80, blank=True, help_text="number of the delivery note or order")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    by = models.CharField(max_length=80)
    event_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["incident", "at"], name="emergency_move_incident")]


class Posting(models.Model):
    """One side of a move: qty into (+) or out of (-) a place. Per move, item, lot and unit they sum to zero."""

    move = models.ForeignKey(Move, on_delete=models.PROTECT, related_name="postings")
    mode = ModeField()
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="postings")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=30)
    qty = models.DecimalField(**QUANTITY)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(qty=0), name="emergency_posting_not_zero")]
        indexes = [models.Index(fields=["place", "item", "lot"], name="emergency_posting_shelf")]


class RequestLine(models.Model):
    """Goods that somebody needs somewhere. qty: asked; the rest is read from reservations and dispatches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="relief_requests")
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    qty = models.DecimalField(**QUANTITY)
    state = models.CharField(max_length=20, choices=REQUEST.choices(), default=REQUEST.start)
    note = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(qty__gt=0), name="emergency_request_some")]


class Reservation(models.Model):
    """Goods on a shelf that are promised to a request line. available = on hand - reserved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    line = models.ForeignKey(RequestLine, on_delete=models.PROTECT, related_name="reservations")
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    qty = models.DecimalField(**QUANTITY)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, blank=True, help_text="used or released")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(qty__gt=0), name="emergency_reservation_some")]
        indexes = [
            models.Index(fields=["place", "item"], condition=Q(ended_at=None), name="emergency_reservation_open")
        ]


class Dispatch(models.Model):
    """A load on its way from a place to a place. A difference at its end is posted to loss, never edited away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="dispatches")
    number = models.CharField(max_length=40)
    source = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=DISPATCH.choices(), default=DISPATCH.start)
    carrier = models.CharField(max_length=120, blank=True, help_text="vehicle or team, no affected person")
    by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="emergency_dispatch_once")]


class DispatchLine(models.Model):
    """What a load holds. arrived: what was counted at its end, None until then."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="lines")
    mode = ModeField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(RequestLine, null=True, on_delete=models.PROTECT, related_name="loads")
    qty = models.DecimalField(**QUANTITY)
    arrived = models.DecimalField(**QUANTITY, null=True)


class StockCount(models.Model):
    """Somebody counted a place. differences: [{item, lot, counted, was}], as text, empty when all agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="counts")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="+")
    differences = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Entitlement(models.Model):
    """What each household may be given in an incident, in each of so many rounds. contents: [{item, qty}], codes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entitlements")
    code = models.SlugField(max_length=40)
    name_th = models.CharField(max_length=120)
    contents = models.JSONField(default=list)
    rounds = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["incident", "code"], name="emergency_entitlement_once")]
