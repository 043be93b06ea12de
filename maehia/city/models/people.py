"""People and what binds them. Every table here is guarded by row-level security.

`moo` is repeated on each row by value, so that a policy can limit an officer to an area without a join.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from maehia.city.models.base import Projected
from maehia.city.models.land import House
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField


class Person(Projected):
    """One human being, as the lists agree. Names of the past stand in `PersonName`."""

    mode = ModeField()
    title = models.CharField(max_length=60, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    national_id = EncryptedTextField(null=True)
    id_index = models.BinaryField(max_length=16, null=True)
    id4_index = models.BinaryField(max_length=16, null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    phone4_index = models.BinaryField(max_length=16, null=True)
    died = models.DateField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="+")
    registered = models.BooleanField(default=False, help_text="stands in the civil register of this town")

    class Meta:
        indexes = [
            models.Index(fields=["id_index"], name="person_id_index"),
            models.Index(fields=["id4_index"], name="person_id4_index"),
            models.Index(fields=["phone_index"], name="person_phone_index"),
            models.Index(fields=["phone4_index"], name="person_phone4_index"),
            models.Index(fields=["house"], name="person_house"),
        ]

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.first_name} {self.last_name}".strip()


class PersonName(models.Model):
    """Every name that a list gave this person, folded for search. Read only through the search function."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=250)
    folded = models.CharField(max_length=250)
    sound = models.CharField(max_length=60, blank=True)
    current = models.BooleanField(default=False)
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()

    class Meta:
        indexes = [
            GinIndex(OpClass("folded", name="gin_trgm_ops"), name="person_name_trgm"),
            models.Index(fields=["sound"], name="person_name_sound"),
        ]


class Residence(models.Model):
    """Who lives where, by which list, and when. `kind`: registered or actual."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    status = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()
    sources = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["house"], name="residence_house")]


class Household(Projected):
    """People who belong together, in one of three senses: registered, actual, budget."""

    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=60, blank=True)
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="+")
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()

    class Meta:
        indexes = [models.Index(fields=["house"], name="household_house")]


class HouseholdMember(models.Model):
    key = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    relation = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()
    sources = models.JSONField(default=dict)


class Tie(models.Model):
    """What binds a person to a thing: owns a parcel, runs a business, keeps a pet, pays an account."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ties")
    role = models.CharField(max_length=20)
    about_kind = models.CharField(max_length=20)
    about_key = models.UUIDField(null=True)
    account_no = models.CharField(max_length=60, blank=True)
    benefit = models.CharField(max_length=60, blank=True)
    amount_baht = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()
    sources = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["about_key"], name="tie_about_key")]


class Need(models.Model):
    """What a person needs (not the diagnosis), under its legal ground. Section 26: own table, own key."""

    key = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    need_kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20, blank=True)
    note = EncryptedTextField(null=True, ring="s26")
    ground = models.CharField(max_length=60)
    as_of = models.DateField()
    moo = models.PositiveSmallIntegerField(null=True)
    mode = ModeField()
    sources = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["person"], name="need_person")]
