"""Houses, buildings, parcels, areas and lines: geometry, no personal data."""

from __future__ import annotations

from django.contrib.gis.db import models

from maehia.city.models.base import Projected


class House(Projected):
    """An address where people can live. `geom` is its point; `moo` and number name it."""

    house_code = models.CharField(max_length=11, blank=True, db_index=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    village = models.CharField(max_length=120, blank=True)
    house_kind = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=8, blank=True)
    geom = models.PointField(null=True)

    class Meta:
        indexes = [models.Index(fields=["moo", "house_no"], name="house_moo_no")]

    def __str__(self) -> str:
        return f"{self.house_no or '-'} หมู่ {self.moo or '-'}"


class Building(Projected):
    """A built footprint; `floor_height_m` is the height of the ground floor above the land (m)."""

    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="buildings")
    storeys = models.PositiveSmallIntegerField(null=True)
    material = models.CharField(max_length=40, blank=True)
    use = models.CharField(max_length=40, blank=True)
    floor_height_m = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    area_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    value_baht = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    built_year = models.PositiveSmallIntegerField(null=True)
    geom = models.GeometryField(null=True)


class Parcel(Projected):
    deed_kind = models.CharField(max_length=20, blank=True)
    deed_no = models.CharField(max_length=30, blank=True)
    land_office = models.CharField(max_length=80, blank=True)
    survey_sheet = models.CharField(max_length=30, blank=True)
    land_no = models.CharField(max_length=20, blank=True)
    ltax_code = models.CharField(max_length=20, blank=True, db_index=True)
    land_use = models.CharField(max_length=40, blank=True)
    area_rai = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    area_ngan = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    area_wa = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["deed_no"], name="parcel_deed_no")]


class Area(Projected):
    """Municipality, moo, ชุมชน or zone. `quality` = sketch until a surveyed outline replaces it."""

    code = models.CharField(max_length=20, blank=True)
    area_kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120, blank=True)
    quality = models.CharField(max_length=20, blank=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area_kind", "code"], name="area_kind_code")]

    def __str__(self) -> str:
        return self.name


class Road(Projected):
    name = models.CharField(max_length=120, blank=True)
    road_kind = models.CharField(max_length=30, blank=True)
    surface = models.CharField(max_length=30, blank=True)
    width_m = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    geom = models.GeometryField(null=True)


class Waterway(Projected):
    name = models.CharField(max_length=120, blank=True)
    waterway_kind = models.CharField(max_length=30, blank=True)
    geom = models.GeometryField(null=True)


class PlaceCode(Projected):
    """Province (2 digits), district (4) or tambon (6) of the national list."""

    code = models.CharField(max_length=8, unique=True)
    level = models.CharField(max_length=12)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.CharField(max_length=8, blank=True, db_index=True)
    postcode = models.CharField(max_length=5, blank=True)
