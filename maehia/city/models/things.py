"""Businesses, places, assets and pets. Their owners are ties of people, kept apart."""

from __future__ import annotations

from django.contrib.gis.db import models

from maehia.city.models.base import Projected
from maehia.city.models.land import House


class Business(Projected):
    name = models.CharField(max_length=200, blank=True)
    juristic_id = models.CharField(max_length=13, blank=True, db_index=True)
    business_kind = models.CharField(max_length=60, blank=True)
    license_no = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=400, blank=True)
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="businesses")
    geom = models.PointField(null=True)


class Place(Projected):
    """Temple, school, clinic, market ...; `is_shelter` and `capacity` (people) serve emergencies."""

    name = models.CharField(max_length=200, blank=True)
    place_kind = models.CharField(max_length=40, blank=True)
    capacity = models.PositiveIntegerField(null=True)
    phone = models.CharField(max_length=60, blank=True)
    is_shelter = models.BooleanField(null=True)
    geom = models.GeometryField(null=True)


class Asset(Projected):
    """A thing that the town looks after: light, CCTV, hydrant, pump, drain, bin."""

    code = models.CharField(max_length=60, blank=True)
    asset_kind = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=40, blank=True)
    installed = models.DateField(null=True)
    geom = models.GeometryField(null=True)


class Pet(Projected):
    species = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=60, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    colour = models.CharField(max_length=40, blank=True)
    vaccinated_on = models.DateField(null=True)
    sterilised = models.BooleanField(null=True)
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="pets")
