"""What was changed in the town's profile in the browser, by whom, and what stood there before."""

from __future__ import annotations

from django.db import models


class TownChange(models.Model):
    """One saved change: the fields that differ, before and after. Rows are only added; undoing is another change."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at} {', '.join(self.after)}"
