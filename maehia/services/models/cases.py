"""The case: one table for reports and applications, its details, and its history that is only ever added to.

What the public may see stands on `Case` itself (blurred point, released text); the rest on `CaseDetail`, which no
policy opens to visitors.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models

from maehia.kit.modes import ModeField
from maehia.services.models.catalogue import KINDS, Service, ServiceVersion, Unit

CHANNELS = [
    ("web", "เว็บไซต์"), ("line", "LINE"), ("counter", "ศูนย์บริการ"), ("phone", "โทรศัพท์"), ("letter", "หนังสือ"),
    ("facebook", "Facebook"), ("damrongtham", "ศูนย์ดำรงธรรม"), ("volunteer", "อสม."), ("officer", "เจ้าหน้าที่พบเอง"),
    ("open311", "Open311"), ("api", "API"), ("traffy", "Traffy Fondue"),
]  # fmt: skip


class Case(models.Model):
    """One thing that somebody told or asked the town.

    number: `2569-000123`. version: how many events its history has; a writer who saw another one is refused.
    head: hash of the last event. promise: what was promised when the service was assigned, with the act.
    person_key: whom an application is for, when she is in the register.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    definition = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    workflow_version = models.CharField(max_length=10)
    channel = models.CharField(max_length=12, choices=CHANNELS)
    origin = models.CharField(max_length=60, blank=True, help_text="another system, and its name for this case")
    origin_id = models.CharField(max_length=80, blank=True)
    lang = models.CharField(max_length=2, default="th")
    mode = ModeField()

    state = models.CharField(max_length=20)
    state_type = models.CharField(max_length=8)
    state_before = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.UUIDField(null=True)
    is_public = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)

    public_point = models.PointField(null=True)
    public_text = models.TextField(blank=True, help_text="description, once an officer has released it")
    public_address = models.CharField(max_length=200, blank=True)
    last_note = models.TextField(blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    asset_key = models.UUIDField(null=True)
    place_key = models.UUIDField(null=True)
    person_key = models.UUIDField(null=True)

    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(help_text="last change that the public sees")
    promise = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes)

    me_too = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    reopened = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "origin_id"], condition=~models.Q(origin_id=""), name="services_case_origin_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state_type__in=["open", "closed", "fixed", "hidden"]),
                name="services_case_state_type",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="services_case_rating"
            ),
            models.CheckConstraint(
                condition=models.Q(is_confidential=False) | models.Q(is_public=False), name="services_case_sealed"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_at"], name="services_case_inbox", condition=models.Q(state_type="open")),
            models.Index(fields=["due_at"], name="services_case_due", condition=models.Q(state_type="open")),
            models.Index(fields=["-received_at", "-id"], name="services_case_received"),
            models.Index(fields=["-updated_at"], name="services_case_updated"),
            models.Index(fields=["service", "-received_at"], name="services_case_service"),
            models.Index(fields=["asset_key"], name="services_case_asset", condition=models.Q(asset_key__isnull=False)),
            models.Index(fields=["person_key"], name="services_case_person",
                         condition=models.Q(person_key__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class CaseDetail(models.Model):
    """What only those see who work on the case or filed it. trace: why it came to its unit, rule by rule."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="detail")
    description = models.TextField(blank=True)
    point = models.PointField(null=True)
    address = models.CharField(max_length=400, blank=True)
    answers = models.JSONField(default=dict)
    trace = models.JSONField(default=list)
    suggested = models.JSONField(default=list, help_text="[[code, probability], ...] as the citizen was shown")


class CaseEvent(models.Model):
    """One line of the history. value: what changed. note: words, shown to whom `is_public` says.

    event_at: when it happened, as its source tells. hash: over this line and the hash before, so that nothing can
    be changed, dropped or put in between without being noticed.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "รับเรื่อง"
        STATE = "state", "เปลี่ยนสถานะ"
        SERVICE = "service", "เปลี่ยนประเภท"
        UNIT = "unit", "ส่งให้หน่วยงาน"
        ASSIGNEE = "assignee", "มอบหมายผู้รับผิดชอบ"
        NOTE = "note", "บันทึก"
        QUESTION = "question", "สอบถามผู้แจ้ง"
        ANSWER = "answer", "ผู้แจ้งตอบ"
        PLACE = "place", "แก้ตำแหน่ง"
        PHOTO = "photo", "ภาพ"
        RELEASE = "release", "เผยแพร่"
        MERGE = "merge", "รวมเรื่อง"
        UNMERGE = "unmerge", "แยกเรื่อง"
        ME_TOO = "me_too", "มีผู้แจ้งเพิ่ม"
        RATING = "rating", "ให้คะแนน"
        URGENT = "urgent", "เร่งด่วน"
        CHECK = "check", "ผลตรวจ"
        RECOMMEND = "recommend", "ความเห็น"
        SIGN = "sign", "ลงนาม"
        DOCUMENT = "document", "เอกสาร"
        PAYMENT = "payment", "ค่าธรรมเนียม"
        RUNG = "rung", "เตือนเกินกำหนด"
        ERASED = "erased", "ลบข้อมูล"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=20, blank=True)
    value = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)
    actor = models.CharField(max_length=80)
    origin = models.CharField(max_length=60, blank=True)
    event_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="services_event_once")]
        indexes = [models.Index(fields=["kind", "recorded_at"], name="services_event_kind")]


class ClockPause(models.Model):
    """The clocks of a case stood still; cause is shown to the citizen. end None: still."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    cause = models.CharField(max_length=200)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(end=None), name="services_pause_one_open")
        ]


class RungFired(models.Model):
    """A rung of the ladder was told, once."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rungs")
    rung = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rung"], name="services_rung_once")]
