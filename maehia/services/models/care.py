"""Beside `Caring`: the code by which a carer is found, and the names and contacts that the two let each other see."""

from __future__ import annotations

from django.db import models

from maehia.kit.crypto import EncryptedTextField
from maehia.services.models.people import Caring


class CareCode(models.Model):
    """A short-lived code that a carer reads out; only its hash is kept. name: hers, sealed, for whom she tells it."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    carer_key = models.UUIDField()
    account_id = models.UUIDField(null=True)
    name = EncryptedTextField()
    phone = EncryptedTextField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class CaringWho(models.Model):
    """The two by name, and how the carer is told; seen by whoever sees the row of `Caring`."""

    caring = models.OneToOneField(Caring, primary_key=True, on_delete=models.CASCADE, related_name="who")
    cared_name = EncryptedTextField()
    carer_name = EncryptedTextField()
    carer_account = models.UUIDField(null=True)
    carer_phone = EncryptedTextField(null=True)
    carer_email = EncryptedTextField(null=True)
    carer_line = EncryptedTextField(null=True)
