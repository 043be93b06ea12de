"""Rates that a town's own ordinances set, over those that come with the system."""

from __future__ import annotations

from django.db import models


class TariffRate(models.Model):
    """Baht for one of what a line of a tariff is counted by, from a day on. A withdrawn one counts no more."""

    tariff = models.CharField(max_length=60)
    line = models.CharField(max_length=60)
    start = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["tariff", "line", "-start", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "line", "start"], condition=models.Q(withdrawn_at=None), name="services_tariff_day"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="services_tariff_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.tariff}.{self.line} {self.start}"
