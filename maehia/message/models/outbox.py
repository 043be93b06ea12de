"""One row for each recipient, one row for each attempt."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField


class State(models.TextChoices):
    QUEUED = "queued", gettext_lazy("รอส่ง")
    SENDING = "sending", gettext_lazy("กำลังส่ง")
    SENT = "sent", gettext_lazy("ส่งแล้ว")
    DELIVERED = "delivered", gettext_lazy("ถึงผู้รับแล้ว")
    TEMPORARY = "temporary_failure", gettext_lazy("จะลองส่งใหม่")
    PERMANENT = "permanent_failure", gettext_lazy("ส่งไม่ถึงผู้รับ")
    TECHNICAL = "technical_failure", gettext_lazy("ระบบของผู้ให้บริการปฏิเสธ")
    HELD = "held", gettext_lazy("พักไว้")


WAITING = (State.QUEUED, State.SENDING, State.TEMPORARY)


class Message(models.Model):
    """A text for one recipient, frozen when it was queued.

    about: the case or the broadcast. recipient: JSON of `actions.Recipient`. recipient_index: blind index of its
    LINE user, phone or address. payload: JSON of LINE objects when it is more than a text. plan: channels still to
    try, filled when it is first taken up; channel: the one tried last; tries: attempts on it. next_at: when it is
    due, or until when a sender holds it. why: a code, when it is held.
    """

    State = State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=0)
    lang = models.CharField(max_length=2, default="th")
    about = models.UUIDField(null=True)
    recipient = EncryptedTextField()
    recipient_index = models.BinaryField(max_length=16, null=True)
    body = EncryptedTextField()
    payload = EncryptedTextField(null=True)
    retry_key = models.UUIDField(default=uuid.uuid4)
    urgent = models.BooleanField(default=False)
    bundle = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    channel = models.CharField(max_length=10, blank=True)
    plan = ArrayField(models.CharField(max_length=10), null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    attempted = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    why = models.CharField(max_length=40, blank=True)
    mode = ModeField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state__in=WAITING), name="message_due"),
            models.Index(fields=["about", "-created_at"], name="message_about"),
            models.Index(fields=["-created_at"], name="message_newest"),
            models.Index(fields=["recipient_index"], condition=models.Q(state__in=WAITING), name="message_waiting_for"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.id}"


class Attempt(models.Model):
    """What one channel did with a message, once. units: what the provider counts (pushes, parts of an SMS)."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    n = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10)
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices)
    provider_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(max_length=200, blank=True)
    units = models.PositiveSmallIntegerField(default=0)
    about = models.UUIDField(null=True)
    mode = ModeField()

    class Meta:
        ordering = ["message_id", "n"]
        constraints = [models.UniqueConstraint(fields=["message", "n"], name="attempt_once")]
        indexes = [
            models.Index(fields=["channel", "at"], name="attempt_channel"),
            models.Index(fields=["about"], name="attempt_about"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.at}"


class Broadcast(models.Model):
    """A text that an officer sent to many, with what was shown before it was confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text_th = models.TextField()
    text_en = models.TextField(blank=True)
    channel = models.CharField(max_length=10)
    moos = ArrayField(models.CharField(max_length=8), default=list)
    urgent = models.BooleanField(default=False)
    people = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=12, decimal_places=2)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    mode = ModeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.channel} {self.at}"
