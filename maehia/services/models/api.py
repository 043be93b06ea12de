"""Keys of programs, and what the standards need besides: which services answer with a token, and the tokens."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from maehia.kit.modes import ModeField
from maehia.services.models.catalogue import Service


class ApiKey(models.Model):
    """A client application that may file cases. Only the hash of the key is kept.

    mode: what it files is live, or exercise (a sandbox: seen under /open311/test/ only). per_minute: calls that create.
    """

    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    key_hash = models.CharField(max_length=64, unique=True)
    mode = models.CharField(max_length=8, choices=[("live", "ใช้งานจริง"), ("exercise", "ทดลอง")], default="live")
    per_minute = models.PositiveIntegerField(default=60)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_by=""), name="services_apikey_revoked_by_somebody"
            ),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="services_apikey_some_calls"),
        ]

    def __str__(self) -> str:
        return self.name


class TokenService(models.Model):
    """A service whose Open311 POST answers with a token instead of the number (type `batch` of the standard)."""

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="+")


class ReportToken(models.Model):
    """The hash of a token that stands for a case until its number is asked for. Neither can be guessed of the other."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    case_id = models.UUIDField()
    mode = ModeField()
    made_at = models.DateTimeField()
