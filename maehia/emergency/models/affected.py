"""Who was inside a footprint, as known at one moment: households in order of priority, with what the order comes from.

Keys, terms and numbers; names, phones and notes stay in the register and are read there, under the reader's own right.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from maehia.emergency.models.incidents import Footprint
from maehia.kit.modes import ModeField


class Snapshot(models.Model):
    """One reading of the register for a footprint; numbered from 1, the highest is the list of now. Never changed.

    counts: numbers only (`rules.affected_counts`). weights: which set of data/priority.yaml ordered it.
    before: the last reading of the footprint before, against which new and left are counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    footprint = models.ForeignKey(Footprint, on_delete=models.PROTECT, related_name="snapshots")
    mode = ModeField()
    number = models.PositiveIntegerField()
    before = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    known_at = models.DateTimeField()
    weights = models.CharField(max_length=60)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["footprint", "number"], name="emergency_snapshot_once")]


class SnapshotRow(models.Model):
    """A household of a reading. Class s26: its terms tell of health; a grant opens it by the key of `lead`.

    rank: 1 is helped first; total, so that pages neither repeat nor lose a household. household: key of the register,
    None for people of a house without one. lead: the first of `members` (living people of the household). terms:
    [[code, number, points], ...], their points add up to `priority`. needs: kinds. fresh: members that were not inside
    the footprint before, None for the first footprint.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rows")
    mode = ModeField()
    rank = models.PositiveIntegerField()
    priority = models.PositiveIntegerField()
    house_key = models.UUIDField()
    household = models.UUIDField(null=True)
    lead = models.UUIDField()
    members = ArrayField(models.UUIDField())
    people = models.PositiveIntegerField()
    moo = models.PositiveSmallIntegerField(null=True)
    depth_m = models.FloatField(null=True)
    access = models.CharField(max_length=8, default="unknown")
    needs = ArrayField(models.CharField(max_length=40), default=list)
    terms = models.JSONField(default=list)
    fresh = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "rank"], name="emergency_snapshot_rank")]
        indexes = [
            models.Index(fields=["snapshot", "moo", "rank"], name="emergency_snapshot_moo"),
            models.Index(fields=["snapshot", "house_key"], name="emergency_snapshot_house"),
        ]
