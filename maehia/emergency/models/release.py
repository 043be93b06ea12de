"""What happens around the release of an alert: who was called to approve it, to whom it went, what was asked of others.

No address of anybody here: a recipient is a blind index, the letter itself stands in the outbox.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.alerts import Alert
from maehia.kit.modes import ModeField

REQUESTED, CONFIRMED, REFUSED = "asked", "confirmed", "refused"
ANSWERS = [(REQUESTED, "ขอแล้ว รอคำตอบ"), (CONFIRMED, "ปภ. ยืนยันว่าส่งแล้ว"), (REFUSED, "ปภ. ไม่ส่ง")]


class ApprovalCall(models.Model):
    """An approver was called for the bytes of an alert. n: 1 for the first one. answer: approved, returned or ""."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="calls")
    mode = ModeField()
    sha256 = models.CharField(max_length=64)
    n = models.PositiveSmallIntegerField()
    account = models.UUIDField()
    called_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["alert_id", "n"]
        constraints = [models.UniqueConstraint(fields=["alert", "sha256", "n"], name="emergency_call_once")]

    def __str__(self) -> str:
        return f"{self.n} {self.answer}"


class Fanout(models.Model):
    """An alert is being put before its recipients. status: the alert's own, Actual alone; queued: letters so far."""

    alert = models.OneToOneField(Alert, primary_key=True, on_delete=models.PROTECT, related_name="fanout")
    mode = ModeField()
    status = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    queued = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(mode="live", status="Actual"), name="emergency_fanout_live")]

    def __str__(self) -> str:
        return f"{self.queued}"


class AlertRecipient(models.Model):
    """One recipient of one alert, once. recipient_index: blind index of address; message: the letter in the outbox."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="recipients")
    mode = ModeField()
    status = models.CharField(max_length=10)
    recipient_index = models.BinaryField(max_length=16)
    how = models.CharField(max_length=10)
    message = models.UUIDField()
    queued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "recipient_index"], name="emergency_recipient_once"),
            models.CheckConstraint(condition=Q(mode="live", status="Actual"), name="emergency_recipient_live"),
        ]

    def __str__(self) -> str:
        return self.how


class OtherWay(models.Model):
    """A way by which people without a phone are told, and when it was done: loudspeaker, radio, doors, interpreter."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="other_ways")
    mode = ModeField()
    way = models.CharField(max_length=20)
    people = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    event_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-event_at"]

    def __str__(self) -> str:
        return self.way


class BroadcastRequest(models.Model):
    """A numbered request to the province (ปภ.จังหวัด) for a cell broadcast. document: the paper; times are evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="broadcast_requests")
    mode = ModeField()
    status = models.CharField(max_length=10)
    number = models.CharField(max_length=80)
    document = models.UUIDField()
    text = models.TextField()
    area = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ANSWERS, default=REQUESTED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(mode="live", status="Actual"), name="emergency_broadcast_live"),
            models.CheckConstraint(
                condition=Q(state=REQUESTED, answered_at=None)
                | (~Q(state=REQUESTED) & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="emergency_broadcast_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AlertText(models.Model):
    """The town's own wording of a template of alerts from a moment on. Only added; before it: alert_texts.yaml."""

    key = models.CharField(max_length=40)
    value = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-at", "-id"]

    def __str__(self) -> str:
        return self.key
