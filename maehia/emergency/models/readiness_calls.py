"""Call trees, and what happened when one was rung."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.models.readiness import Contact
from maehia.kit.modes import ModeField


class CallTree(models.Model):
    """Who calls whom. minutes: without an answer for so long, the next deputy is called too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField(default=5)
    active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="emergency_tree_minutes")]


class CallPost(models.Model):
    """A post in the tree. caller: the post whose holder calls this one; without, whoever starts the call-out does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tree = models.ForeignKey(CallTree, on_delete=models.CASCADE, related_name="posts")
    name = models.CharField(max_length=120)
    caller = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="calls")
    order = models.PositiveSmallIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(caller=models.F("id")), name="emergency_post_not_itself")]


class CallPerson(models.Model):
    """Who holds a post: rank 1, then the deputies in order."""

    post = models.ForeignKey(CallPost, on_delete=models.CASCADE, related_name="people")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="posts")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["post", "rank"], name="emergency_post_rank"),
            models.UniqueConstraint(fields=["post", "contact"], name="emergency_post_contact"),
        ]


class CallRun(models.Model):
    """One call-out. minutes: as the tree said when it began."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    tree = models.ForeignKey(CallTree, on_delete=models.PROTECT, related_name="runs")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="callouts")
    words = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class CallTry(models.Model):
    """One person is called for one post. answer: "" while it rings, then coming, cannot or silent."""

    run = models.ForeignKey(CallRun, on_delete=models.PROTECT, related_name="tries")
    mode = ModeField()
    post = models.ForeignKey(CallPost, on_delete=models.PROTECT, related_name="tries")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tries")
    rank = models.PositiveSmallIntegerField()
    called_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "post", "contact"], name="emergency_try_once")]
