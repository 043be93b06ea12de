"""LINE: what came in, who follows, what was begun in the chat. A LINE user id stands here only, encrypted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from maehia.kit.crypto import EncryptedTextField


class LineEvent(models.Model):
    """One event of a webhook, stored once. payload is dropped when the event is done."""

    class State(models.TextChoices):
        NEW = "new", gettext_lazy("รอประมวลผล")
        DONE = "done", gettext_lazy("เสร็จ")
        QUARANTINED = "quarantined", gettext_lazy("กักไว้ตรวจ")

    webhook_event_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    source_user = EncryptedTextField(null=True)
    user_index = models.BinaryField(max_length=16, null=True)
    event_at = models.DateTimeField()
    received_at = models.DateTimeField()
    sha256 = models.BinaryField(max_length=32)
    payload = EncryptedTextField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["event_at"], condition=models.Q(state="new"), name="line_event_new")]

    def __str__(self) -> str:
        return f"{self.kind} {self.webhook_event_id}"


class LineFollower(models.Model):
    """Somebody who follows the account. reply_token: the last unused one, worth a free answer until reply_until."""

    line_user = EncryptedTextField()
    user_index = models.BinaryField(max_length=16, unique=True)
    moo = models.CharField(max_length=8, blank=True)
    community = models.CharField(max_length=120, blank=True)
    asked_moo_at = models.DateTimeField(null=True)
    news = models.BooleanField(default=True)
    lang = models.CharField(max_length=2, default="th")
    followed_at = models.DateTimeField()
    unfollowed_at = models.DateTimeField(null=True)
    reply_token = EncryptedTextField(null=True)
    reply_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"follower {self.pk}"


class LineLink(models.Model):
    """A LINE user is a person of the register, from a moment until one of them ends it. Rows are the record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_key = models.UUIDField()
    account_key = models.UUIDField()
    line_user = EncryptedTextField()
    user_index = models.BinaryField(max_length=16)
    how = models.CharField(max_length=20)
    linked_at = models.DateTimeField()
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_index"], condition=models.Q(unlinked_at=None), name="line_link_one_active"
            )
        ]
        indexes = [models.Index(fields=["account_key"], name="line_link_account")]

    def __str__(self) -> str:
        return f"{self.account_key} {self.linked_at}"


class Conversation(models.Model):
    """What somebody has begun in the chat and not finished, as JSON."""

    user_index = models.BinaryField(max_length=16, unique=True)
    state = EncryptedTextField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"conversation {self.pk}"
