"""What the town offers and who does it: units, services with their versions, routing rules with theirs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

KINDS = [("report", "เรื่องแจ้ง"), ("service", "คำขอ"), ("appointment", "นัดหมาย")]


class Unit(models.Model):
    """A unit of the town hall that gets cases. Citizens see its name, never an officer's."""

    key = models.SlugField(primary_key=True, max_length=40)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.name_th


class UnitMember(models.Model):
    """An account that works in a unit. is_head: is told when a promise is exceeded."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="members")
    account_id = models.UUIDField()
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "account_id"], name="services_member_once")]
        indexes = [models.Index(fields=["account_id"], name="services_member_account")]


class State(models.TextChoices):
    DRAFT = "draft", "ร่าง"
    PUBLISHED = "published", "เผยแพร่"
    RETIRED = "retired", "เลิกใช้"


class Service(models.Model):
    """A service or a category of reports. The code is its name for ever; words and promises stand in versions."""

    code = models.SlugField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=12, choices=KINDS)
    name_th = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    group = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    is_public = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=100)
    current = models.ForeignKey("ServiceVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name_th


class ServiceVersion(models.Model):
    """A definition as it was at a time. Once published it never changes: cases keep the one they came under."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="services_version_once")]


class RoutingVersion(models.Model):
    """The ordered rules by which cases come to units, as they were at a time. rules: list of rule dicts."""

    rules = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="published"), name="services_routing_one_published"
            )
        ]


class EscalationRung(models.Model):
    """Who is told when a promise is exceeded by how much; the ladder of the town, changed in the browser."""

    name_th = models.CharField(max_length=120)
    after_percent = models.PositiveIntegerField(help_text="of the promised time, 100 = when it is due")
    roles = ArrayField(models.CharField(max_length=40), default=list)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["after_percent", "id"]
