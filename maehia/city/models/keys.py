"""Keys of stations and gateways that post readings. Only a hash is kept, so a stolen table opens nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReadingKey(models.Model):
    """A key with which a gateway may post readings of its stations; `stations` empty = all."""

    name = models.CharField(max_length=120)
    key_hash = models.CharField(max_length=64, unique=True)
    stations = models.JSONField(default=list, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_by=""), name="reading_key_revoked_by_somebody"
            )
        ]

    def __str__(self) -> str:
        return self.name
