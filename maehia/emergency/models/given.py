"""Who was given relief goods, and who gave them to the town. Personal: class `relief`, narrowed by scopes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.models.relief import Entitlement, Move
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

PROOFS = [("signature", "ลงลายมือชื่อ"), ("photo", "ภาพถ่าย"), ("otp", "รหัสทางโทรศัพท์")]


class Distribution(models.Model):
    """One household was given one entitlement of one round, once: the database refuses a second time.

    receiver: who took it; proxy: of another household, with her own words why. move: the goods that left the shelf.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="distributions")
    household_key = models.UUIDField()
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="distributions")
    round = models.PositiveSmallIntegerField(default=1)
    receiver = EncryptedTextField()
    is_proxy = models.BooleanField(default=False)
    proxy_why = EncryptedTextField(null=True)
    proof = models.CharField(max_length=10, choices=PROOFS)
    move = models.OneToOneField(Move, on_delete=models.PROTECT, related_name="distribution")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "household_key", "entitlement", "round"], name="emergency_distribution_once"
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="emergency_distribution_round"),
            models.CheckConstraint(
                condition=Q(is_proxy=False) | Q(proxy_why__isnull=False), name="emergency_distribution_proxy_why"
            ),
        ]


class Donation(models.Model):
    """Goods that somebody gave. number: of the register of donations (ทะเบียนรับ-จ่ายสิ่งของบริจาค)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="donations")
    number = models.CharField(max_length=40)
    donor = EncryptedTextField()
    phone = EncryptedTextField(null=True)
    move = models.OneToOneField(Move, on_delete=models.PROTECT, related_name="donation")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="emergency_donation_once")]
