"""The town itself: one row, from its profile."""

from __future__ import annotations

from django.contrib.gis.db import models


class Town(models.Model):
    """Names, codes, phones and hours of the local government that runs this system."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    lao_type = models.CharField(max_length=40)
    lao_code = models.CharField(max_length=8, blank=True)
    tambon_codes = models.JSONField(default=list)
    district_code = models.CharField(max_length=4)
    province_code = models.CharField(max_length=2)
    area_km2 = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    outline = models.MultiPolygonField(null=True)
    outline_quality = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phones = models.JSONField(default=list)
    hours = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=200, blank=True)
    slogan = models.CharField(max_length=300, blank=True)
    logo = models.CharField(max_length=200, blank=True)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="town_is_one")]

    def __str__(self) -> str:
        return self.name_th
