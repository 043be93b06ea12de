"""Records about houses, land, places and lines: geometry lives here, personal data does not.

An owner, a customer or a tenant named in such a list becomes a `PersonRecord` that points here by
`about_kind` and `about_ref`.
"""

from __future__ import annotations

from django.contrib.gis.db import models

from maehia.evidence.models.records import Record, record_indexes, record_rules


class HouseRecord(Record):
    KIND = "house"
    VALUES = ("house_code", "house_no", "moo", "village", "house_kind", "geom")

    house_code = models.CharField(max_length=11, blank=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    village = models.CharField(max_length=120, blank=True)
    house_kind = models.CharField(max_length=40, blank=True)
    geom = models.PointField(null=True)

    class Meta:
        indexes = record_indexes("house_record")
        constraints = record_rules("house_record")


class BuildingRecord(Record):
    """Footprint with storeys, floor height above ground (m), floor area (m2) and value (baht)."""

    KIND = "building"
    VALUES = (
        "house_code", "house_no", "moo", "storeys", "material", "use", "floor_height_m", "area_m2", "value_baht",
        "built_year", "geom",
    )  # fmt: skip

    house_code = models.CharField(max_length=11, blank=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    storeys = models.PositiveSmallIntegerField(null=True)
    material = models.CharField(max_length=40, blank=True)
    use = models.CharField(max_length=40, blank=True)
    floor_height_m = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    area_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    value_baht = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    built_year = models.PositiveSmallIntegerField(null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("building_record")
        constraints = record_rules("building_record")


class ParcelRecord(Record):
    """A parcel of land; areas in the Thai units rai, ngan and square wa as the list gives them."""

    KIND = "parcel"
    VALUES = (
        "deed_kind", "deed_no", "land_office", "survey_sheet", "land_no", "ltax_code", "land_use", "area_rai",
        "area_ngan", "area_wa", "geom",
    )  # fmt: skip

    deed_kind = models.CharField(max_length=20, blank=True)
    deed_no = models.CharField(max_length=30, blank=True)
    land_office = models.CharField(max_length=80, blank=True)
    survey_sheet = models.CharField(max_length=30, blank=True)
    land_no = models.CharField(max_length=20, blank=True)
    ltax_code = models.CharField(max_length=20, blank=True)
    land_use = models.CharField(max_length=40, blank=True)
    area_rai = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    area_ngan = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    area_wa = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("parcel_record")
        constraints = record_rules("parcel_record")


class BusinessRecord(Record):
    KIND = "business"
    VALUES = ("name", "juristic_id", "business_kind", "license_no", "address", "house_no", "moo", "geom")

    name = models.CharField(max_length=200, blank=True)
    juristic_id = models.CharField(max_length=13, blank=True)
    business_kind = models.CharField(max_length=60, blank=True)
    license_no = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=400, blank=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    geom = models.PointField(null=True)

    class Meta:
        indexes = record_indexes("business_record")
        constraints = record_rules("business_record")


class PlaceRecord(Record):
    KIND = "place"
    VALUES = ("name", "place_kind", "capacity", "phone", "is_shelter", "geom")

    name = models.CharField(max_length=200, blank=True)
    place_kind = models.CharField(max_length=40, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    phone = models.CharField(max_length=60, blank=True, help_text="the public number of the place")
    is_shelter = models.BooleanField(null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("place_record")
        constraints = record_rules("place_record")


class AssetRecord(Record):
    KIND = "asset"
    VALUES = ("asset_kind", "name", "state", "installed", "geom")

    asset_kind = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=40, blank=True)
    installed = models.DateField(null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("asset_record")
        constraints = record_rules("asset_record")


class PetRecord(Record):
    KIND = "pet"
    VALUES = ("species", "name", "sex", "colour", "vaccinated_on", "sterilised", "house_no", "moo")

    species = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    colour = models.CharField(max_length=40, blank=True)
    vaccinated_on = models.DateField(null=True)
    sterilised = models.BooleanField(null=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = record_indexes("pet_record")
        constraints = record_rules("pet_record")


class AreaRecord(Record):
    KIND = "area"
    VALUES = ("code", "area_kind", "name", "quality", "geom")

    code = models.CharField(max_length=20, blank=True)
    area_kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120, blank=True)
    quality = models.CharField(max_length=20, blank=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("area_record")
        constraints = record_rules("area_record")


class RoadRecord(Record):
    KIND = "road"
    VALUES = ("name", "road_kind", "surface", "width_m", "geom")

    name = models.CharField(max_length=120, blank=True)
    road_kind = models.CharField(max_length=30, blank=True)
    surface = models.CharField(max_length=30, blank=True)
    width_m = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("road_record")
        constraints = record_rules("road_record")


class WaterwayRecord(Record):
    KIND = "waterway"
    VALUES = ("name", "waterway_kind", "geom")

    name = models.CharField(max_length=120, blank=True)
    waterway_kind = models.CharField(max_length=30, blank=True)
    geom = models.GeometryField(null=True)

    class Meta:
        indexes = record_indexes("waterway_record")
        constraints = record_rules("waterway_record")


class StationRecord(Record):
    KIND = "station"
    VALUES = ("code", "name", "station_kind", "quantities", "geom")

    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    station_kind = models.CharField(max_length=30, blank=True)
    quantities = models.CharField(max_length=120, blank=True)
    geom = models.PointField(null=True)

    class Meta:
        indexes = record_indexes("station_record")
        constraints = record_rules("station_record")


class PlaceCodeRecord(Record):
    """A province, district or tambon of the national list, held by code with validity."""

    KIND = "place_code"
    VALUES = ("code", "level", "name_th", "name_en", "parent", "postcode")

    code = models.CharField(max_length=8)
    level = models.CharField(max_length=12)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.CharField(max_length=8, blank=True)
    postcode = models.CharField(max_length=5, blank=True)

    class Meta:
        indexes = record_indexes("place_code_record")
        constraints = record_rules("place_code_record")
