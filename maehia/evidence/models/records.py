"""What all records share: where a row came from, and its two times.

*valid* = when it was so in the world; *known* = when we learned it. What a record says is never changed.
Two things can happen to it: a later delivery says otherwise (`valid_to`, learned at `ended_at`, by `ended_by`),
or its own delivery is withdrawn (`known_to`). Withdrawing the later delivery opens it again.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from maehia.evidence.models.deliveries import Delivery
from maehia.evidence.models.sources import Source
from maehia.kit.modes import ModeField


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> RecordQuerySet:
        """What is held to be so now."""
        return self.filter(known_to=None, ended_by=None)

    def as_of(self, valid: date, known: datetime) -> RecordQuerySet:
        """What was held at the moment `known` about the day `valid`."""
        held = Q(known_from__lte=known) & (Q(known_to=None) | Q(known_to__gt=known))
        open_then = Q(valid_to=None) | Q(valid_to__gt=valid) | Q(ended_at__gt=known)
        return self.filter(held & Q(valid_from__lte=valid) & open_then)


class Record(models.Model):
    """One row of one source. `ref` names the source entity ("vhv:12345") and is the same in every delivery."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=120)
    sheet = models.CharField(max_length=80, blank=True)
    row_no = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=16)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT, related_name="+")
    mode = ModeField()

    objects = RecordQuerySet.as_manager()

    #: columns that carry what the list said; the digest covers them
    VALUES: tuple[str, ...] = ()
    KIND = ""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.KIND}:{self.pk} {self.ref}"


def record_indexes(name: str) -> list[models.Index]:
    """Ways to a record: by its delivery and by its source entity."""
    return [
        models.Index(fields=["delivery"], name=f"{name}_delivery"),
        models.Index(fields=["ref"], name=f"{name}_ref"),
    ]


def record_rules(name: str) -> list[models.BaseConstraint]:
    """One source entity has one current record."""
    return [
        models.UniqueConstraint(
            fields=["ref", "mode"],
            condition=Q(known_to=None, ended_by=None),
            name=f"{name}_one_current_per_ref",
        )
    ]
