"""After the water: what was meant before, what was reported, what was learned, and the exercise that tries it again."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.base.machine import Move, State, machine, to
from maehia.emergency.models.incidents import Incident
from maehia.kit.modes import ModeField

ACTION = machine(
    "corrective_action", "open",
    State("open", "ยังไม่เริ่ม", "Open", to("in_progress", "done")),
    State("in_progress", "กำลังทำ", "In progress", to("done")),
    State("done", "ทำแล้ว รอตรวจ", "Done, to be verified",
          (Move("verified", ("other_person", "evidence")), *to("in_progress"))),
    State("verified", "ตรวจแล้ว", "Verified", to("in_progress"), "closed"),
)  # fmt: skip


class LifelineTarget(models.Model):
    """What a town lives on and how fast it means to have it back, from a day. hours: until 50, 80, 95 % for good."""

    key = models.SlugField(max_length=30)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    weight = models.FloatField(default=10)
    hours = models.JSONField()
    valid_from = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    set_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["order", "key", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="emergency_lifeline_day")]

    def __str__(self) -> str:
        return self.name_th


class SitRep(models.Model):
    """A situation report: numbered, frozen with the figures of its period, never changed afterwards.

    figures: numbers as they stood in the log at `ends`; words: situation, actions, needs, outlook. sha256: over both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="sitreps")
    mode = ModeField()
    incident_number = models.CharField(max_length=24)
    incident_name = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    log_seq = models.PositiveIntegerField()
    figures = models.JSONField()
    words = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120, blank=True)
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="emergency_sitrep_once"),
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="emergency_sitrep_period"),
        ]


class Review(models.Model):
    """The after-action review of one incident."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="review")
    mode = ModeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    summary = models.TextField(blank=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.CharField(max_length=80, blank=True)


class Finding(models.Model):
    """A strength or a gap. code: what found it in the log ("" = a person); seqs: the lines that show it."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "สิ่งที่ทำได้ดี"
        GAP = "gap", "สิ่งที่ต้องแก้ไข"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="findings")
    mode = ModeField()
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    seqs = models.JSONField(default=list)
    measured = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "code"], condition=~Q(code=""), name="emergency_finding_once")
        ]


class CorrectiveAction(models.Model):
    """What is done about a gap: by whom, until when, with which evidence, and the exercise that tries it again.

    retest: number of an exercise. A number and no key, because a live gap is tried in an exercise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="actions")
    mode = ModeField()
    text = models.TextField()
    owner = models.UUIDField()
    due = models.DateField()
    state = models.CharField(max_length=12, choices=ACTION.choices(), default=ACTION.start)
    evidence = models.TextField(blank=True)
    done_by = models.CharField(max_length=80, blank=True)
    verified_by = models.CharField(max_length=80, blank=True)
    retest = models.CharField(max_length=24, blank=True)
    retested = models.CharField(max_length=10, blank=True, help_text="passed, failed or empty")

    class Meta:
        ordering = ["due"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="verified") | (~Q(evidence="") & ~Q(verified_by=models.F("done_by"))),
                name="emergency_action_verified_by_another",
            )
        ]


class Exercise(models.Model):
    """An incident of mode exercise, played from a script. elapsed_s: of the script's clock when it was stopped."""

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.PROTECT, related_name="exercise")
    mode = ModeField(default="exercise")
    script = models.CharField(max_length=60)
    objectives = models.JSONField(default=list)
    retests = models.JSONField(default=list, help_text="[{action, incident, text}] that this exercise tries again")
    people = models.PositiveIntegerField(default=0)
    elapsed_s = models.FloatField(default=0)
    running_since = models.DateTimeField(null=True)
    planned_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(mode="exercise"), name="emergency_exercise_is_exercise")]


class Inject(models.Model):
    """Something that happens in an exercise at a minute of its script's clock."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="injects")
    mode = ModeField(default="exercise")
    minute = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    text = models.TextField()
    payload = models.JSONField(default=dict)
    played_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["minute", "id"]
