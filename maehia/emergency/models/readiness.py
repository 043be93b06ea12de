"""Readiness: who is on call, what stands where, whom to ring, who rang whom; and limits on what the stations measure.

People, things, numbers, trees and limits are the same in earnest and in exercise; what was called, moved or crossed
carries its mode. Names and phones of those on call are encrypted.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import F, Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.roster import KINDS, RESOURCE_KINDS, RESOURCE_STATES
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField


class Contact(models.Model):
    """Somebody who can be called out. account: when she logs in. kind: staff, อปพร., อสม., leader of a community.

    skills: codes of `rules.roster.SKILLS`. moos: where she works; empty = the whole town. phone: digits.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField(null=True, unique=True)
    name = EncryptedTextField()
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    kind = models.CharField(max_length=20, choices=[(code, th) for code, (th, _) in KINDS.items()], default="staff")
    skills = models.JSONField(default=list)
    moos = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["phone_index"], name="emergency_contact_phone")]


class DutyShift(models.Model):
    """A contact is on call from a moment to a moment. rank: 1 is called first, then the deputies. A cancelled one
    stays, with who cancelled it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    rank = models.PositiveSmallIntegerField(default=1)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    cancelled_by = models.CharField(max_length=80, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="emergency_shift_span", condition=Q(cancelled_at=None))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="emergency_shift_forward"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="emergency_shift_rank"),
            models.UniqueConstraint(
                fields=["contact", "starts_at"], condition=Q(cancelled_at=None), name="emergency_shift_once"
            ),
        ]


class DutyNeed(models.Model):
    """What must be covered: so many people with a skill (in a moo) in some hours of every day, from a day on.

    from_hour, to_hour: Thai hours; 20 to 8 reaches into the next morning, equal = the whole day.
    """

    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    skill = models.CharField(max_length=20, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=0)
    least = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_hour__lte=23, to_hour__lte=23), name="emergency_need_hours"),
            models.CheckConstraint(condition=Q(least__gte=1), name="emergency_need_least"),
        ]


class Resource(models.Model):
    """A vehicle, boat, pump, heap of sandbags. count: how many belong there; least: below it, somebody must act.

    keeper: who has the key. home: where it stands when nobody uses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=[(code, th) for code, (th, _) in RESOURCE_KINDS.items()])
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=1)
    least = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=20, default="คัน")
    keeper = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="resources")
    home = models.CharField(max_length=200)
    point = models.PointField(null=True)
    check_days = models.PositiveSmallIntegerField(default=30)
    active = models.BooleanField(default=True)


class ResourceChange(models.Model):
    """Where a resource is and how it is, from a moment on. Rows are only added: the newest counts.

    count: how many are fit for use. checked: somebody has looked at it (and not merely sent it out).
    """

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="changes")
    mode = ModeField()
    state = models.CharField(max_length=12, choices=[(code, th) for code, (th, _) in RESOURCE_STATES.items()])
    count = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    point = models.PointField(null=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="resource_changes")
    checked = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["resource", "-at", "-id"], name="emergency_resource_now")]


class OutsideNumber(models.Model):
    """A number outside of the town hall. phone: empty while unknown. checked_on: when somebody last rang it."""

    key = models.SlugField(max_length=40, unique=True)
    name_th = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=20, default="other")
    phone = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    checked_on = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "key"]


class ReadinessChange(models.Model):
    """What was changed in the browser, and what stood there before (encrypted JSON). Undoing is another change."""

    table = models.CharField(max_length=40)
    row = models.CharField(max_length=40)
    before = EncryptedTextField()
    after = EncryptedTextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "row"], name="emergency_change_row")]


class ShelterCheck(models.Model):
    """Somebody looked at a place that can shelter people. fit: it could open tonight. Rows are only added."""

    place_key = models.UUIDField()
    fit = models.BooleanField()
    lacks = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place_key", "-at"], name="emergency_shelter_checked")]
