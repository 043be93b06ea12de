"""What the desk of an incident keeps: who must be told by when, shifts and who stood at which post, playbooks.

No affected people in any of it; the names are those of staff. Playbooks belong to no mode: the same plan is exercised
and used.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.workflow import HAZARDS
from maehia.kit.modes import ModeField

POSTS = [
    ("commander", "ผู้อำนวยการเหตุการณ์"), ("operations", "ปฏิบัติการ"), ("planning", "อำนวยการและวางแผน"),
    ("information", "ข้อมูลและประชาสัมพันธ์"), ("liaison", "ประสานงาน"), ("recorder", "ผู้บันทึก"),
]  # fmt: skip
POSTS_EN = {
    "commander": "Incident commander", "operations": "Operations", "planning": "Planning",
    "information": "Information", "liaison": "Liaison", "recorder": "Recorder",
}  # fmt: skip
HOWS = [
    ("phone", "โทรศัพท์"), ("radio", "วิทยุสื่อสาร"), ("line", "LINE"), ("letter", "หนังสือ"), ("email", "อีเมล"),
    ("person", "แจ้งด้วยตนเอง"),
]  # fmt: skip


class AuthorityNotice(models.Model):
    """An authority above the town that must be told of an incident by a moment. text: ready to be read or sent.

    rule: key of data/notices.yaml, with its basis and whether that is verified as it stood then. sent_*: who told
    whom, how and when; nothing is taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notices")
    mode = ModeField()
    rule = models.CharField(max_length=40)
    to_th = models.CharField(max_length=200)
    to_en = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    basis = models.CharField(max_length=400, blank=True)
    verified = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True)
    how = models.CharField(max_length=10, choices=HOWS, blank=True)
    receiver = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["due_at", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "rule"], name="emergency_notice_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | (~Q(sent_by="") & ~Q(how="")), name="emergency_notice_sent_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_th} {self.due_at:%H:%M}"


class Shift(models.Model):
    """An operational period: who stands where, with which objectives (ICS 202), until it is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="shifts")
    mode = ModeField()
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True, help_text="the objectives, by who holds the power")
    approved_by = models.UUIDField(null=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="emergency_shift_number"),
            models.UniqueConstraint(fields=["incident"], condition=Q(closed_at=None), name="emergency_one_open_shift"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Post(models.Model):
    """Who stands at a post of a shift, from a moment to a moment; one at a time at each."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="posts")
    mode = ModeField()
    role = models.CharField(max_length=20, choices=POSTS)
    account = models.UUIDField()
    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "role"], condition=Q(ends_at=None), name="emergency_post_held_by_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.name}"


class Objective(models.Model):
    """What is to be reached in a shift. state: open, reached, dropped."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="objectives")
    mode = ModeField()
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=400)
    state = models.CharField(max_length=10, default="open")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["shift", "number"], name="emergency_objective_once")]

    def __str__(self) -> str:
        return self.text


class Playbook(models.Model):
    """A plan for one kind of hazard. current: the version that is used when one is started."""

    key = models.SlugField(max_length=40, primary_key=True)
    hazard = models.CharField(max_length=20, choices=HAZARDS)
    current = models.ForeignKey("PlaybookVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class PlaybookVersion(models.Model):
    """One version of a playbook; published ones never change.

    steps: [{"role": post, "minutes": int, "th": text, "en": text}], minutes counted from the start.
    """

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    steps = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="emergency_playbook_number"),
            models.UniqueConstraint(
                fields=["playbook"], condition=Q(published_at=None), name="emergency_playbook_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} {self.number}"


class Checklist(models.Model):
    """A playbook at work in an incident, as its version was when it was started."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="checklists")
    mode = ModeField()
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="checklists")
    playbook = models.CharField(max_length=40)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["started_at"]
        constraints = [models.UniqueConstraint(fields=["incident", "playbook"], name="emergency_checklist_once")]

    def __str__(self) -> str:
        return self.name_th


class ChecklistItem(models.Model):
    """One thing to do. state: open, done, unneeded (with why). role: the post that owns it."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    mode = ModeField()
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=20, choices=POSTS)
    text_th = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_at", "number"]
        constraints = [models.UniqueConstraint(fields=["checklist", "number"], name="emergency_item_once")]

    def __str__(self) -> str:
        return self.text_th
