"""Doors that somebody goes to, what was found there, and the telephone calls to those who need help most.

Lists, doors and results name houses, never people (class `incident`). Notes, what waits for a decision, and calls are
about people (`relief`).
"""

from __future__ import annotations

import builtins
import uuid

from django.contrib.gis.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Footprint, Grant, Incident, Team
from maehia.emergency.rules.calldown import ANSWERS, CALL, NO_ANSWER
from maehia.emergency.rules.sync import RESULTS
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

RESULT_CHOICES = [(result, result) for result in RESULTS]


class DoorList(models.Model):
    """Houses that one account, or one team, goes to. number: in the incident, from 1. start: where the walk begins.

    ways_for: for which footprint and open shelters the ways were worked out. minutes: of the whole walk.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="door_lists")
    mode = ModeField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    footprint = models.ForeignKey(Footprint, on_delete=models.PROTECT, related_name="+")
    account = models.UUIDField(null=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="door_lists")
    start = models.PointField(null=True)
    minutes = models.FloatField(null=True)
    ways_for = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="emergency_doorlist_once"),
            models.CheckConstraint(
                condition=Q(account=None) ^ Q(team=None), name="emergency_doorlist_account_or_team"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Door(models.Model):
    """A house of a list. minutes: on foot from the start, None when no dry way leads there. way: to the nearest open
    shelter, as JSON {shelter, name, open, minutes, metres, turns, line}; leg: the line from the door before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(DoorList, on_delete=models.CASCADE, related_name="doors")
    mode = ModeField()
    position = models.PositiveIntegerField()
    house_key = models.UUIDField()
    moo = models.PositiveSmallIntegerField(null=True)
    minutes = models.FloatField(null=True)
    depth_m = models.FloatField(null=True)
    leg = models.JSONField(default=builtins.list)  # the field above has taken the bare name
    way = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["list", "house_key"], name="emergency_door_once")]
        indexes = [models.Index(fields=["house_key"], name="emergency_door_house")]


class DoorAccess(models.Model):
    """Who has opened a list, under which grant, and when it was put on a phone."""

    list = models.ForeignKey(DoorList, on_delete=models.CASCADE, related_name="opened")
    mode = ModeField()
    account = models.UUIDField()
    grant = models.ForeignKey(Grant, null=True, on_delete=models.SET_NULL, related_name="+")
    first_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "account"], name="emergency_dooraccess_once")]


class DoorVisit(models.Model):
    """What was found at a door, once per number that the phone gave it (`instance`). Never changed.

    phone_at, offset_s, skew_s: the phone's clock, and its distance from ours when the list was fetched and when this
    was sent. event_at: when it happened; rank_at: by which visits of a door are put in order (see rules.sync).
    """

    list = models.ForeignKey(DoorList, on_delete=models.PROTECT, related_name="visits")
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="visits")
    mode = ModeField()
    instance = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    house_key = models.UUIDField()
    moo = models.PositiveSmallIntegerField(null=True)
    account = models.UUIDField()
    result = models.CharField(max_length=12, choices=RESULT_CHOICES)
    people = models.PositiveSmallIntegerField(null=True)
    turn = models.PositiveIntegerField(default=0)
    phone_at = models.DateTimeField()
    offset_s = models.FloatField(default=0)
    skew_s = models.FloatField(default=0)
    event_at = models.DateTimeField()
    rank_at = models.DateTimeField()
    clamped = models.CharField(max_length=5, blank=True)
    doubtful = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "instance"], name="emergency_doorvisit_once"),
            models.CheckConstraint(condition=Q(result__in=RESULTS), name="emergency_doorvisit_result"),
        ]
        indexes = [models.Index(fields=["house_key", "rank_at"], name="emergency_doorvisit_house")]


class DoorNote(models.Model):
    """What was written down at a door: about people, so it is kept apart."""

    visit = models.OneToOneField(DoorVisit, on_delete=models.CASCADE, related_name="note")
    mode = ModeField()
    text = EncryptedTextField()


class DoorConflict(models.Model):
    """A report that came with a number we know but with other words: a person decides. choice: first or other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(DoorList, on_delete=models.PROTECT, related_name="conflicts")
    visit = models.ForeignKey(DoorVisit, on_delete=models.PROTECT, related_name="conflicts")
    mode = ModeField()
    digest = models.BinaryField(max_length=32)
    account = models.UUIDField()
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=12, choices=RESULT_CHOICES)
    people = models.PositiveSmallIntegerField(null=True)
    note = EncryptedTextField(null=True)
    phone_at = models.DateTimeField()
    received_at = models.DateTimeField()
    choice = models.CharField(max_length=5, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "digest"], name="emergency_doorconflict_once")]


class CallRound(models.Model):
    """The call-down of an incident. alerted_at: from when the minutes are counted."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="call_round")
    mode = ModeField()
    alerted_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)


class CallDown(models.Model):
    """One person who is called. priority: the higher the sooner. first_at: when somebody was first spoken to.

    taken_by, taken_at: who is calling now, so that two do not call the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(CallRound, on_delete=models.PROTECT, related_name="calls")
    mode = ModeField()
    person_key = models.UUIDField()
    house_key = models.UUIDField(null=True)
    moo = models.PositiveSmallIntegerField(null=True)
    priority = models.FloatField(default=0)
    state = models.CharField(max_length=20, choices=CALL.choices(), default=CALL.start)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    first_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person_key"], name="emergency_calldown_once"),
            models.CheckConstraint(condition=Q(state__in=list(CALL.states)), name="emergency_calldown_state"),
        ]
        indexes = [models.Index(fields=["round", "state", "-priority"], name="emergency_calldown_next")]


class CallAnswer(models.Model):
    """One call, or one visit, and what came of it. instance: the number by which the form is sent once."""

    call = models.ForeignKey(CallDown, on_delete=models.CASCADE, related_name="answers")
    mode = ModeField()
    instance = models.UUIDField(unique=True)
    person_key = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=20, choices=[(a, a) for a in (*ANSWERS, NO_ANSWER, "visited")])
    note = EncryptedTextField(null=True)
    account = models.UUIDField()
    at = models.DateTimeField()
