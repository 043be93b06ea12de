"""Who asked for help and who said that she is safe: personal, encrypted, never deleted.

A request stands outside of any incident (incident None) until the duty officer takes it into one.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident, Team
from maehia.emergency.rules.help_machine import HELP
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

CHANNELS = [("web", "เว็บ"), ("line", "LINE"), ("phone", "โทรศัพท์"), ("desk", "เจ้าหน้าที่บันทึก")]


class HelpRequest(models.Model):
    """One ask for help. code: eight digits given at once. last4_index: blind index of the phone's last four digits, or
    of the four digits that were given instead of a phone. same_as: an earlier request that this is likely the same as
    (same_why: phone, house, place); its state is `duplicate` when it is joined. lon, lat: degrees, as far as told.

    asked_at: when it was asked (an offline phone's word, never in the future); recorded_at: when we got it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    code = models.CharField(max_length=8, unique=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="help_requests")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="same_ones")
    same_why = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=12, choices=HELP.choices(), default=HELP.start)
    priority = models.PositiveSmallIntegerField(null=True)
    needs = models.JSONField(default=list)
    people = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    lang = models.CharField(max_length=2, default="th")

    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    last4_index = models.BinaryField(max_length=16)
    note = EncryptedTextField(null=True)
    address = EncryptedTextField(null=True)
    line_user = EncryptedTextField(null=True)
    line_index = models.BinaryField(max_length=16, null=True)
    person_key = models.UUIDField(null=True)
    house_key = models.UUIDField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="help_requests")
    asked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    read_due = models.DateTimeField()
    there_due = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    there_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True, help_text="the same phone said later that all are safe")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["incident", "state"], name="emergency_help_desk"),
            models.Index(fields=["asked_at"], name="emergency_help_asked"),
            models.Index(fields=["phone_index"], name="emergency_help_phone", condition=~Q(phone_index=None)),
            models.Index(fields=["line_index"], name="emergency_help_line", condition=~Q(line_index=None)),
            models.Index(fields=["house_key"], name="emergency_help_house", condition=~Q(house_key=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(priority=None) | Q(priority__range=(1, 4)), name="emergency_help_p1_4"),
            models.CheckConstraint(
                condition=~Q(state="duplicate") | ~Q(same_as=None), name="emergency_help_duplicate_of"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("assigned", "en_route", "on_scene")) | ~Q(team=None),
                name="emergency_help_has_team",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("new", "duplicate", "referred", "unreachable")) | ~Q(priority=None),
                name="emergency_help_triaged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def point(self) -> tuple[float, float] | None:
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None


class HelpEvent(models.Model):
    """One step of a request: only ever added. note: what was said, encrypted. event_at: when it happened."""

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="events")
    mode = ModeField()
    seq = models.PositiveIntegerField()
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, blank=True)
    note = EncryptedTextField(null=True)
    value = models.JSONField(default=dict)
    actor = models.CharField(max_length=80)
    event_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["request", "seq"], name="emergency_help_event_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.after}"


class SafeReport(models.Model):
    """Somebody said "we are safe". again_of: an earlier one of the same phone, which this one renews: counted once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="safe_reports")
    again_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewed")
    people = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    line_index = models.BinaryField(max_length=16, null=True)
    note = EncryptedTextField(null=True)
    person_key = models.UUIDField(null=True)
    house_key = models.UUIDField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    asked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["incident", "asked_at"], name="emergency_safe_incident"),
            models.Index(fields=["phone_index"], name="emergency_safe_phone", condition=~Q(phone_index=None)),
        ]

    def __str__(self) -> str:
        return f"{self.people} {self.asked_at}"
