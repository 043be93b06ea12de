"""What every projected row has: our own random key and, per value, the record it came from."""

from __future__ import annotations

from django.db import models


class Projected(models.Model):
    """`sources` maps a field to its origin: "person:123" (a record) or "correction:7" (a decision)."""

    key = models.UUIDField(primary_key=True)
    sources = models.JSONField(default=dict)

    class Meta:
        abstract = True
