"""Incidents: what happens, who commands, where it reaches, and one log that everything writes itself into.

Nothing here names a person who is affected; actors are keys of accounts. Every row carries its mode.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q

from maehia.emergency.workflow import HAZARDS, INCIDENT
from maehia.kit.modes import ModeField


class Incident(models.Model):
    """One emergency. number: `MH-2569-0007` live, `EX-2569-0003` exercise.

    level: 0 until somebody has said it; 2 to 4 only with `level_by`. signer: who may order by law and in which capacity
    (`ground`: holder or delegation, with the order's number). seq, head: count of log lines and hash of the last.
    version: of the columns that people edit. started_at: when it began; recorded_at: when we wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    mode = ModeField()
    name = models.CharField(max_length=200)
    hazard = models.CharField(max_length=20, choices=HAZARDS)
    state = models.CharField(max_length=20, choices=INCIDENT.choices(), default=INCIDENT.start)
    place = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=120, blank=True, help_text="what it was opened from: threshold, report, call")

    level = models.PositiveSmallIntegerField(default=0)
    level_by = models.CharField(max_length=200, blank=True, help_text="authority that declared the level, order number")
    level_at = models.DateTimeField(null=True)
    commander = models.UUIDField(null=True)
    ground = models.CharField(max_length=20, blank=True)
    ground_order = models.CharField(max_length=120, blank=True)

    started_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True, help_text="exercise only: the clock of the script stands still")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    footprint = models.ForeignKey("Footprint", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    seq = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        indexes = [models.Index(fields=["state", "-started_at"], name="emergency_incident_state")]
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(0, 4)), name="emergency_incident_level"),
            models.CheckConstraint(
                condition=Q(level__lte=1) | ~Q(level_by=""), name="emergency_incident_level_declared"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(mode="exercise"), name="emergency_incident_only_exercise_pauses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class LogLine(models.Model):
    """One line of the incident's log: only ever added, chained by hash. event_at: when it happened; at: when we wrote.

    kind: what part wrote it ("state", "order", "alert", "stay", "stock" ...). value: JSON numbers and keys, no names
    of affected people. role: in which capacity the actor did it.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    mode = ModeField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)
    value = models.JSONField(default=dict)
    event_at = models.DateTimeField()
    at = models.DateTimeField()
    late = models.BooleanField(default=False)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["incident", "seq"], name="emergency_log_once")]
        indexes = [models.Index(fields=["incident", "kind", "event_at"], name="emergency_log_kind")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Order(models.Model):
    """A written order, with who gave it and the power it rests on (legal holder or delegation). Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="orders")
    mode = ModeField()
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    signer = models.UUIDField()
    signer_name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    ground = models.CharField(max_length=20)
    ground_order = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="emergency_order_once")]


class Handover(models.Model):
    """Command is handed over: the briefing (ICS 201) as it was, and whether the other accepted it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="handovers")
    mode = ModeField()
    giver = models.UUIDField()
    taker = models.UUIDField()
    briefing = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(accepted_at=None, refused_at=None), name="emergency_one_open_handover"
            )
        ]


class Footprint(models.Model):
    """Where it reaches, as known at one moment. Versions are numbered from 1 and never changed.

    origin: drawn, flood (the solver), geojson, raster, script. valid_at: the moment that it shows; made_at: when we
    got it. depth: a compressed grid in EPSG:32647 (see `maehia.emergency.rules.depths`), metres of water, or None.
    closed: what of the roads it closes, as the network room reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="footprints")
    mode = ModeField()
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=20)
    geom = models.MultiPolygonField()
    area_m2 = models.FloatField()
    depth = models.BinaryField(null=True)
    note = models.CharField(max_length=400, blank=True)
    valid_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="emergency_footprint_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} v{self.number}"


class Inside(models.Model):
    """A house inside a footprint: depth at its door (m), whether it can still be reached, its nearest open shelter.

    access: open, cut or unknown. minutes: on foot to the shelter. No people here; they join by the house.
    """

    footprint = models.ForeignKey(Footprint, on_delete=models.CASCADE, related_name="inside")
    mode = ModeField()
    house_key = models.UUIDField()
    moo = models.PositiveSmallIntegerField(null=True)
    depth_m = models.FloatField(null=True)
    access = models.CharField(max_length=8, default="unknown")
    shelter_key = models.UUIDField(null=True)
    minutes = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["footprint", "house_key"], name="emergency_inside_once")]


class Team(models.Model):
    """People who go out together in one incident. lead: an account; zone: where they work; phone: of the team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="teams")
    mode = ModeField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="field")
    lead = models.UUIDField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    moos = models.JSONField(default=list)
    point = models.PointField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class TeamMember(models.Model):
    """An account in a team, from a moment to a moment."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    mode = ModeField()
    account = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="emergency_member_account")]


class Grant(models.Model):
    """The right to see who is inside a footprint, made for one account; the keys stand in kit_scope.

    limited: only some of its houses (a door list), so it does not stand for the whole footprint.
    """

    footprint = models.ForeignKey(Footprint, on_delete=models.CASCADE, related_name="grants")
    mode = ModeField()
    account = models.UUIDField()
    scope = models.UUIDField()
    limited = models.BooleanField(default=False)
    people = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "footprint"], name="emergency_grant_account")]
