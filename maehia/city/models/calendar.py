"""Days that the town's office is closed or open against the calculated calendar, as they were announced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AnnouncedDay(models.Model):
    """One announced day. Rows are not changed: a wrong one is withdrawn with a reason and stays readable.

    working: the office is open although the calendar says holiday. announced: the day of the decision, None = known
    since ever; a promise that ended before it is not touched. verified: compared with the published announcement.
    """

    day = models.DateField()
    name = models.CharField(max_length=200)
    working = models.BooleanField(default=False)
    announced = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=Q(withdrawn_at=None), name="announced_day_stands_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~(Q(withdrawn_by="") | Q(withdrawn_why="")),
                name="announced_day_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
