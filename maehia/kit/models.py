"""Tables of the frame: purposes, grants, jobs, keys of idempotent posts, number series, notices."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class PublishedPurpose(models.Model):
    """A purpose as the policies read it. Written by the owner from the registry, see `purposes.publish`."""

    key = models.CharField(max_length=60, primary_key=True)
    reads = ArrayField(models.CharField(max_length=12), default=list)
    writes = ArrayField(models.CharField(max_length=12), default=list)
    needs_scope = models.CharField(max_length=8, blank=True)
    alters = models.BooleanField(default=False)
    max_grant = models.DurationField(default=timedelta(hours=2))

    class Meta:
        db_table = "kit_purpose"

    def __str__(self) -> str:
        return self.key


class Scope(models.Model):
    """A grant: some keys, one actor, one purpose, until a moment that the database keeps to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=60)
    starts_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_scope"
        constraints = [
            models.CheckConstraint(
                name="kit_scope_ends_after_start", condition=models.Q(expires_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class ScopeKey(models.Model):
    """One person, house or household that a grant opens."""

    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="keys")
    key = models.UUIDField()

    class Meta:
        db_table = "kit_scope_key"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="kit_scope_key_once")]

    def __str__(self) -> str:
        return str(self.key)


class FileKey(models.Model):
    """The key of one encrypted file, wrapped by ring "files"; NULL after redaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_file_key"

    def __str__(self) -> str:
        return str(self.id)


class IdempotencyKey(models.Model):
    """What a POST with this key made. No body, no answer: a hash and the id of the row."""

    actor = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    body_hash = models.BinaryField(max_length=32)
    result = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "kit_idempotency"
        constraints = [models.UniqueConstraint(fields=["actor", "route", "key"], name="kit_idempotency_once")]
        indexes = [models.Index(fields=["expires_at"], name="kit_idempotency_expires")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class Series(models.Model):
    """The last number given out of a series in a Buddhist year."""

    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "kit_series"
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="kit_series_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.last}/{self.year}"


class Notice(models.Model):
    """A line for one account: the key of a registered text and plain parameters, no personal data."""

    account_key = models.CharField(max_length=80)
    text_key = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_notice"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["account_key", "-created_at"], name="kit_notice_account"),
            models.Index(fields=["account_key"], name="kit_notice_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.text_key} -> {self.account_key}"


class RateWindow(models.Model):
    """How often something happened in a window of time."""

    bucket = models.CharField(max_length=160)
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "kit_rate"
        constraints = [models.UniqueConstraint(fields=["bucket", "starts_at"], name="kit_rate_once")]

    def __str__(self) -> str:
        return f"{self.bucket} {self.count}"


class DemoMark(models.Model):
    """One row, written once by `maehia demo`: everything in this database is invented."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    written_at = models.DateTimeField()
    seed = models.BigIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "kit_demo_mark"
        constraints = [models.CheckConstraint(name="kit_demo_mark_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"demo since {self.written_at}"


class Job(models.Model):
    """Long work: who asked, for what purpose, on which ids, and how far it is. Never personal data."""

    class State(models.TextChoices):
        QUEUED = "queued", "รอทำ"
        RUNNING = "running", "กำลังทำ"
        DONE = "done", "เสร็จแล้ว"
        FAILED = "failed", "ไม่สำเร็จ"
        CANCELLED = "cancelled", "ยกเลิกแล้ว"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=60)
    mode = models.CharField(max_length=8, default="live")
    ids = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    words = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_wanted = models.BooleanField(default=False)
    problem = models.JSONField(null=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_job"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["beat_at"], name="kit_job_running", condition=models.Q(state="running"))]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def percent(self) -> int:
        """0 to 100; 100 only when it is done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}
