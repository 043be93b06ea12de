"""What the town sets: texts, terms of the channels, a citizen's choice; and how each link fares."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from maehia.kit.crypto import EncryptedTextField


class TemplateText(models.Model):
    """The town's own wording of a template. Version 0 is that of the code; rows are only added."""

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    th = models.TextField()
    en = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Term(models.Model):
    """A quota, price, hour or limit from a day on, with where it comes from. Rows are only added."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    since = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-since", "-at", "-id"]

    def __str__(self) -> str:
        return f"{self.key} {self.since}"


class Preference(models.Model):
    """The channels that a citizen wants, the first one first."""

    account_key = models.UUIDField(unique=True)
    person_key = models.UUIDField()
    channels = ArrayField(models.CharField(max_length=10))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_key}"


class ConnectionState(models.Model):
    """When a link to another system last worked and last failed."""

    key = models.CharField(max_length=40, primary_key=True)
    ok_at = models.DateTimeField(null=True)
    error_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.key


class FakeDelivery(models.Model):
    """Demo only: what a fake provider was given. to_index: blind index of the address; payload: JSON of the call."""

    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    to_index = models.BinaryField(max_length=16, null=True)
    ref = models.CharField(max_length=60, blank=True)
    payload = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["to_index", "id"], name="fake_delivery_to")]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind} {self.at}"
