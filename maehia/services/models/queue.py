"""The queue of the service centre: desks, tickets, the periods that time is measured by, and appointments.

What stands on a wall screen is on `Ticket` and `Booking`, without a word about the person; who it is, which case and
which phone stand beside it (`TicketFor`, `BookingFor`), where no policy lets visitors look.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField
from maehia.services.models.cases import Case
from maehia.web.registry import in_language

TICKET_CHANNELS = [("walk_in", "เดินเข้ามา"), ("booked", "นัดไว้"), ("phone", "รับบัตรทางโทรศัพท์มือถือ")]
TICKET_STATES = [
    ("waiting", "รอเรียก"), ("invited", "เรียกแล้ว"), ("serving", "กำลังรับบริการ"), ("hold", "พักไว้"),
    ("no_show", "เรียกแล้วไม่มา"), ("done", "เสร็จแล้ว"), ("left", "ออกจากคิว"),
]  # fmt: skip


def first_priorities() -> list[dict[str, Any]]:
    """What a new town starts with; changed in the browser. minutes: how much earlier she counts as having come."""
    return [
        {"key": "elderly", "th": "ผู้สูงอายุ 60 ปีขึ้นไป", "en": "Aged 60 or over", "minutes": 20},
        {"key": "disabled", "th": "คนพิการ", "en": "Person with a disability", "minutes": 30},
        {"key": "pregnant", "th": "สตรีมีครรภ์", "en": "Pregnant", "minutes": 30},
        {"key": "monk", "th": "พระภิกษุ สามเณร", "en": "Monk or novice", "minutes": 20},
    ]


class QueueRules(models.Model):
    """How the queue of this town works, from a moment on; the newest row holds, older ones stay to be read."""

    slot_minutes = models.PositiveSmallIntegerField("ความยาวช่วงนัด (นาที)", default=30)
    booked_percent = models.PositiveSmallIntegerField("สัดส่วนช่องบริการที่ให้นัดได้ (ร้อยละ)", default=50)
    booked_early = models.PositiveSmallIntegerField("เรียกผู้นัดก่อนเวลาได้ (นาที)", default=5)
    booked_grace = models.PositiveSmallIntegerField("ผู้นัดมาสายได้ (นาที)", default=15)
    days_ahead = models.PositiveSmallIntegerField("เปิดให้นัดล่วงหน้า (วัน)", default=30)
    priorities = models.JSONField(default=first_priorities)
    since = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(booked_percent__lte=100), name="services_queue_percent"),
            models.CheckConstraint(condition=Q(slot_minutes__range=(5, 120)), name="services_queue_slot"),
        ]


class QueueGroup(models.Model):
    """Services that are called under one letter. services: codes; minutes: planned for one visit."""

    key = models.SlugField(primary_key=True, max_length=40)
    letter = models.CharField("อักษรหน้าหมายเลข", max_length=1)
    name_th = models.CharField("ชื่อกลุ่มบริการ", max_length=120)
    name_en = models.CharField("ชื่อภาษาอังกฤษ", max_length=120, blank=True)
    services = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField("เวลาที่วางแผนต่อราย (นาที)", default=15)
    bookable = models.BooleanField("จองเวลาได้", default=True)
    active = models.BooleanField("เปิดใช้", default=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["order", "key"]
        constraints = [
            models.UniqueConstraint(fields=["letter"], condition=Q(active=True), name="services_queue_letter"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="services_queue_minutes"),
        ]

    def __str__(self) -> str:
        return in_language(self.name_th, self.name_en)


class Desk(models.Model):
    """A desk of the service centre. opened_by: the account that sits there now; citizens see the number only."""

    number = models.PositiveSmallIntegerField("ช่องที่", unique=True)
    name_th = models.CharField("ชื่อช่อง", max_length=80, blank=True)
    groups = models.ManyToManyField(QueueGroup, related_name="desks")
    active = models.BooleanField("เปิดใช้", default=True)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["opened_by"], condition=~Q(opened_by=None), name="services_desk_one_each"),
            models.CheckConstraint(
                condition=Q(opened_by=None, opened_at=None) | ~Q(opened_by=None) & ~Q(opened_at=None),
                name="services_desk_opened",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Ticket(models.Model):
    """A place in the queue of one day. ranked_at: from when its turn is counted. calls: how often it was called.

    credit: minutes of priority. Why it has them is asked and not kept: it would tell of health or faith.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    letter = models.CharField(max_length=1)
    number = models.PositiveSmallIntegerField()
    group = models.ForeignKey(QueueGroup, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=TICKET_CHANNELS)
    state = models.CharField(max_length=8, choices=TICKET_STATES, default="waiting")
    credit = models.PositiveSmallIntegerField(default=0)
    ranked_at = models.DateTimeField()
    booked_for = models.DateTimeField(null=True)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    calls = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    rated = models.BooleanField(default=False)
    lang = models.CharField(max_length=2, default="th")
    mode = ModeField()

    class Meta:
        ordering = ["day", "letter", "number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "letter", "number", "mode"], name="services_ticket_once"),
            models.UniqueConstraint(
                fields=["desk"], condition=Q(state__in=["invited", "serving"]), name="services_ticket_one_at_desk"
            ),
        ]
        indexes = [models.Index(fields=["day", "state"], name="services_ticket_day")]


class TicketFor(models.Model):
    """Whose ticket it is and the case it belongs to, as far as somebody said so."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="about")
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")
    person_key = models.UUIDField(null=True)


class Period(models.Model):
    """One stretch of a ticket's time. Rows are added and closed, else never changed: time comes from them alone."""

    class Kind(models.TextChoices):
        WAITING = "waiting", "รอ"
        INVITED = "invited", "เรียก"
        SERVING = "serving", "รับบริการ"
        HOLD = "hold", "พัก"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="periods")
    group = models.ForeignKey(QueueGroup, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(end=None), name="services_period_one_open"),
            models.CheckConstraint(condition=Q(end=None) | Q(end__gte=F("start")), name="services_period_forward"),
        ]
        indexes = [models.Index(fields=["kind", "start"], name="services_period_kind")]


class Booking(models.Model):
    """An appointment: a place in a slot of a group. state: kind `appointment` of workflow.py."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(QueueGroup, on_delete=models.PROTECT, related_name="+")
    slot = models.DateTimeField()
    day = models.DateField()
    state = models.CharField(max_length=10, default="booked")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="booking")
    lang = models.CharField(max_length=2, default="th")
    mode = ModeField()

    class Meta:
        ordering = ["slot", "id"]
        indexes = [models.Index(fields=["day", "group"], name="services_booking_day")]


class BookingFor(models.Model):
    """Who comes, for what, and how she is reminded; encrypted."""

    booking = models.OneToOneField(Booking, primary_key=True, on_delete=models.CASCADE, related_name="about")
    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    line_user = EncryptedTextField(null=True)
    person_key = models.UUIDField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")
    service = models.CharField(max_length=40, blank=True)
    reminded_at = models.DateTimeField(null=True)


class BookingEvent(models.Model):
    """One line of an appointment's history: booked, moved, cancelled, came, did not come."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=10)
    slot = models.DateTimeField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
