"""Alerts: drafts that two people make into messages, and the messages as they went out.

A published row is never changed again: its bytes, their hash and (sender, identifier, sent) stand for ever. Whether it
was updated, cancelled or has expired is derived from the messages that name it (`rules.cap.chain`), never written.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.cap.workflow import ALERT, LEVELS, MSG_TYPES, STATUSES
from maehia.kit.modes import ModeField

TWO_PERSONS = Q(approver__isnull=False) & ~Q(approver=F("author"))
ALONE = ~Q(solo_reason="") & Q(solo_review__isnull=False)


class AlertReview(models.Model):
    """Somebody released an alert alone: why, and what the one who looked at it afterwards found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    reason = models.TextField()
    opened_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_alertreview_reason"),
            models.CheckConstraint(
                condition=Q(answered_by="") | ~Q(answered_by=F("opened_by")), name="emergency_alertreview_by_another"
            ),
        ]


class Alert(models.Model):
    """One message. state: as written (draft to published, dropped). The words stand in `infos`, one row per language.

    event: key of data/event_codes.yaml. categories, responses: CAP words. level: our colour, from the rule. expires,
    onset, sent: aware, whole seconds; sent is set when it is submitted, with identifier and bytes. geom: EPSG:4326;
    circle: `lat,lon km` or "". references: [[sender, identifier, sent]]. parent: the alert that an Update or Cancel was
    made from. prepared: a Cancel made beforehand, waiting to be needed. author, approver: actors. approved_sha256: the
    hash of the bytes that the second person saw. origin: manual, threshold, update, cancel, playbook.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="alerts")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    prepared = models.BooleanField(default=False)
    origin = models.CharField(max_length=20, default="manual")
    template = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=ALERT.choices(), default=ALERT.start)

    status = models.CharField(max_length=10, choices=STATUSES)
    msg_type = models.CharField(max_length=8, choices=MSG_TYPES, default="Alert")
    note = models.CharField(max_length=400, blank=True)
    references = models.JSONField(default=list)
    event = models.CharField(max_length=40)
    categories = models.JSONField(default=list)
    responses = models.JSONField(default=list)
    urgency = models.CharField(max_length=10)
    severity = models.CharField(max_length=10)
    certainty = models.CharField(max_length=10)
    level = models.CharField(max_length=8, choices=LEVELS)
    onset = models.DateTimeField(null=True)
    expires = models.DateTimeField()
    geom = models.MultiPolygonField(null=True)
    circle = models.CharField(max_length=60, blank=True)
    geocodes = models.JSONField(default=list)
    web = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)

    author = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    sender = models.CharField(max_length=120, blank=True)
    identifier = models.CharField(max_length=120, blank=True)
    sent = models.DateTimeField(null=True)
    xml = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    approver = models.CharField(max_length=80, null=True)
    approved_at = models.DateTimeField(null=True)
    approved_sha256 = models.CharField(max_length=64, blank=True)
    solo_reason = models.TextField(blank=True)
    solo_review = models.ForeignKey(AlertReview, null=True, on_delete=models.PROTECT, related_name="alerts")
    returned_reason = models.CharField(max_length=400, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["mode", "state", "-sent"], name="emergency_alert_state"),
            models.Index(fields=["incident", "-made_at"], name="emergency_alert_incident"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "identifier"], condition=~Q(identifier=""), name="emergency_alert_identifier_once"
            ),
            models.CheckConstraint(
                condition=Q(mode="exercise", status="Exercise") | (Q(mode="live") & ~Q(status="Exercise")),
                name="emergency_alert_exercise_is_exercise",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "published"), status="Actual") | TWO_PERSONS | ALONE,
                name="emergency_alert_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_review", "approved", "published"))
                | (Q(sent__isnull=False, xml__isnull=False, sha256__regex="^[0-9a-f]{64}$") & ~Q(identifier="")),
                name="emergency_alert_has_bytes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "published")) | Q(approved_sha256=F("sha256")),
                name="emergency_alert_approved_bytes",
            ),
            models.CheckConstraint(
                condition=Q(sent=None) | Q(expires__gt=F("sent")), name="emergency_alert_expires_after_sent"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & ~Q(published_by="")),
                name="emergency_alert_published_by",
            ),
        ]

    def __str__(self) -> str:
        return self.identifier or f"draft {self.pk}"

    @property
    def triple(self) -> tuple[str, str, str]:
        """(sender, identifier, sent) as other messages name this one; only when it has been submitted."""
        from maehia.emergency.rules.cap.times import written

        if self.sent is None:
            raise ValueError("a draft has no triple yet")
        return self.sender, self.identifier, written(self.sent)

    def words(self, language: str = "th") -> AlertInfo | None:
        """The words in a language ("th", "en"), Thai where that one is missing."""
        rows = {row.language: row for row in self.infos.all()}
        return rows.get(language) or rows.get("th") or next(iter(rows.values()), None)


class AlertInfo(models.Model):
    """The words of an alert in one language ("th", "en"). Changed only while the alert is a draft."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="infos")
    mode = ModeField()
    language = models.CharField(max_length=8)
    event = models.CharField(max_length=120)
    headline = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=300)

    class Meta:
        ordering = ["-language"]  # th before en
        constraints = [models.UniqueConstraint(fields=["alert", "language"], name="emergency_alertinfo_once")]


class AlertSetting(models.Model):
    """What the town decides about alerts, from a moment on (`data/alert_settings.yaml` lists keys). Only added."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-at", "-id"]


class ForeignAlert(models.Model):
    """A message of others as it came: accepted, or in quarantine with what is wrong with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=120)
    sender = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=200, blank=True)
    sent = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    quarantined = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="emergency_foreignalert_once")]
        indexes = [models.Index(fields=["sender", "identifier"], name="emergency_foreign_id")]
