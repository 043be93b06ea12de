"""Limits on what the stations measure, as dated data; how each stands; and what crossed them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.thresholds import MEASURES, STAGES, STATES
from maehia.emergency.workflow import HAZARDS
from maehia.kit.modes import ModeField


class Threshold(models.Model):
    """One version of a limit. key: its name through all versions; the newest that holds on a day counts.

    station: code, or empty for every station of the quantity. over: reached or passed, in the measure's unit.
    readings: so many one after the other. stale_minutes: older = unknown. active False ends the limit from that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=40)
    name_th = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    measure = models.CharField(max_length=20, choices=[(code, one.th) for code, one in MEASURES.items()])
    station = models.CharField(max_length=40, blank=True)
    over = models.DecimalField(max_digits=9, decimal_places=2)
    hysteresis = models.DecimalField(max_digits=9, decimal_places=2)
    readings = models.PositiveSmallIntegerField(default=2)
    stale_minutes = models.PositiveSmallIntegerField(default=30)
    stage = models.PositiveSmallIntegerField(choices=[(n, th) for n, (th, _) in STAGES.items()], default=1)
    hazard = models.CharField(max_length=20, choices=HAZARDS)
    advice_th = models.CharField(max_length=300, blank=True)
    advice_en = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    verified = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["key", "-valid_from", "-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from"], condition=Q(withdrawn_at=None), name="emergency_threshold_day"
            ),
            models.CheckConstraint(condition=Q(hysteresis__gte=0), name="emergency_threshold_hysteresis"),
            models.CheckConstraint(
                condition=Q(readings__range=(1, 10), stale_minutes__gte=1), name="emergency_threshold_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class ThresholdState(models.Model):
    """How one limit stands at one station. base_*: the machine as of base_at, from which later readings are counted,
    so that one that comes late still falls into its place. state: normal, over or unknown (never normal when old)."""

    key = models.SlugField(max_length=40)
    station = models.CharField(max_length=40)
    mode = ModeField()
    state = models.CharField(max_length=8, choices=[(code, th) for code, (th, _) in STATES.items()], default="unknown")
    value = models.FloatField(null=True)
    at = models.DateTimeField(null=True, help_text="of the newest known reading")
    since = models.DateTimeField(null=True, help_text="since when it has been in this state")
    run = models.PositiveSmallIntegerField(default=0)
    base = models.JSONField(default=dict)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "station", "mode"], name="emergency_threshold_state_once")
        ]


class ThresholdCrossing(models.Model):
    """A limit was reached: a suggestion for who is on duty. It opens and sends nothing by itself.

    at: of the reading that did it. answer: "" open, incident or dismissed (with the reason). cleared_at: back below.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    threshold = models.ForeignKey(Threshold, on_delete=models.PROTECT, related_name="crossings")
    station = models.CharField(max_length=40)
    value = models.FloatField()
    at = models.DateTimeField()
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="crossings")
    reason = models.CharField(max_length=300, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["threshold", "station", "at", "mode"], name="emergency_threshold_crossing_once"
            ),
            models.CheckConstraint(
                condition=~Q(answer="incident") | Q(incident__isnull=False), name="emergency_threshold_crossing_led"
            ),
        ]
