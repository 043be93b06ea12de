"""What the stations measured: append-only, partitioned by year, outside the rebuild."""

from __future__ import annotations

from django.contrib.gis.db import models

from maehia.city.models.base import Projected


class Station(Projected):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120, blank=True)
    station_kind = models.CharField(max_length=30, blank=True)
    quantities = models.CharField(max_length=120, blank=True)
    geom = models.PointField(null=True)

    def __str__(self) -> str:
        return self.name


class Quantity(models.Model):
    """A measured quantity with its unit, plausible range and how long a value stays fresh."""

    key = models.SlugField(primary_key=True, max_length=30)
    name_th = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    unit = models.CharField(max_length=20)
    low = models.FloatField()
    high = models.FloatField()
    stale_minutes = models.PositiveIntegerField(default=180)
    stuck_minutes = models.PositiveIntegerField(default=720)
    source = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)


class Quality(models.TextChoices):
    GOOD = "good", "ปกติ"
    RANGE = "range", "นอกช่วงที่เป็นไปได้"
    STUCK = "stuck", "ค่าค้าง"
    MISSING = "missing", "ไม่มีค่า"


class Observation(models.Model):
    """One value at one time. `at` is when it was measured, `received_at` when it reached us."""

    pk = models.CompositePrimaryKey("station_code", "quantity", "at")
    station_code = models.CharField(max_length=40)
    quantity = models.CharField(max_length=30)
    at = models.DateTimeField()
    value = models.FloatField(null=True)
    quality = models.CharField(max_length=8, choices=Quality, default=Quality.GOOD)
    received_at = models.DateTimeField()
    origin = models.CharField(max_length=60, blank=True, help_text="delivery:12 or post:<account>")

    class Meta:
        managed = False
        db_table = "city_observation"


class LatestReading(models.Model):
    """The newest value per station and quantity, kept by the same write that adds observations."""

    pk = models.CompositePrimaryKey("station_code", "quantity")
    station_code = models.CharField(max_length=40)
    quantity = models.CharField(max_length=30)
    at = models.DateTimeField()
    value = models.FloatField(null=True)
    quality = models.CharField(max_length=8, choices=Quality)
    since = models.DateTimeField(help_text="since when the value has not changed")
