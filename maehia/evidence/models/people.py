"""Records about people. Row-level security guards both tables; health stands apart under section 26."""

from __future__ import annotations

from django.db import models

from maehia.evidence.models.records import Record, record_indexes, record_rules
from maehia.kit.crypto import EncryptedTextField


class PersonRecord(Record):
    """What a list said of a person: a resident, an owner, a customer. No health data stands here."""

    KIND = "person"
    VALUES = (
        "role", "about_kind", "about_ref", "title", "first_name", "last_name", "full_name", "national_id",
        "birth", "birth_precision", "birth_text", "sex", "nationality", "address", "house_no", "moo", "village",
        "house_code", "phone", "status", "household_no", "relation", "mother_id", "account_no", "moved_in",
        "moved_out", "died", "benefit", "amount_baht",
    )  # fmt: skip

    role = models.CharField(max_length=20, default="resident")
    about_kind = models.CharField(max_length=20, blank=True)
    about_ref = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=60, blank=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    full_name = models.CharField(max_length=250, blank=True)
    national_id = EncryptedTextField(null=True)
    id_index = models.BinaryField(max_length=16, null=True)
    birth = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, blank=True)
    birth_text = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=400, blank=True)
    house_no = models.CharField(max_length=40, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    village = models.CharField(max_length=120, blank=True)
    house_code = models.CharField(max_length=11, blank=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    status = models.CharField(max_length=40, blank=True)
    household_no = models.CharField(max_length=40, blank=True)
    relation = models.CharField(max_length=40, blank=True)
    mother_id = EncryptedTextField(null=True)
    account_no = models.CharField(max_length=40, blank=True)
    moved_in = models.DateField(null=True)
    moved_out = models.DateField(null=True)
    died = models.DateField(null=True)
    benefit = models.CharField(max_length=60, blank=True)
    amount_baht = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        indexes = record_indexes("person_record")
        constraints = record_rules("person_record")


class NeedRecord(Record):
    """A need that a list reported (bedridden, oxygen ...), with the legal ground it is held on."""

    KIND = "need"
    VALUES = ("person_ref", "need_kind", "level", "note", "ground")

    person_ref = models.CharField(max_length=120)
    need_kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20, blank=True)
    note = EncryptedTextField(null=True, ring="s26")
    ground = models.CharField(max_length=60)

    class Meta:
        indexes = record_indexes("need_record")
        constraints = record_rules("need_record")
