"""Damage to homes and the money for it: survey, lines, certificate, claims by source, payments.

Personal: class `relief`. The key of the survey is the scope under which its photos and papers are kept. Rates and
committees name nobody who is affected: class `incident`.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models
from django.db.models import Q

from maehia.emergency.models.incidents import Incident
from maehia.emergency.rules.damage_states import CLAIM, GRADES, OCCUPANCIES, SOURCES, SURVEY, choices
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

BAHT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class ReliefRate(models.Model):
    """What is paid for an item, from a day to a day, with where it was read. Never changed: ended by a newer row.

    per: household, house, person, month, rai, meal, cost (the cost itself, up to the amount). most: units at most.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.SlugField(max_length=40)
    name_th = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    amount = models.DecimalField(**BAHT)
    per = models.CharField(max_length=12)
    most = models.PositiveSmallIntegerField(null=True)
    rule_set = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    checked_on = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["rule_set", "item", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "item", "valid_from"], name="emergency_rate_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="emergency_rate_some"),
        ]


class Committee(models.Model):
    """Who decides over money of a source in an incident: the order that appointed them, and their offices."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="committees")
    source = models.CharField(max_length=12, choices=choices(SOURCES))
    name = models.CharField(max_length=200)
    order_no = models.CharField(max_length=120)
    members = models.JSONField(default=list)
    appointed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "source", "order_no"], name="emergency_committee_once")
        ]


class Survey(models.Model):
    """One household's home after the event. instance: the phone's own key of the form, hash: of what it brought.

    happened_at: by the phone's clock; received_at: by ours; skew_s: how far the phone's clock was off when it sent.
    statement: an officer's own words where papers are missing (ปค.14). share: percent of the house that is lost.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="surveys")
    number = models.CharField(max_length=40)
    code = models.CharField(max_length=12, blank=True, help_text="by which who reported it asks for its state")
    instance = models.CharField(max_length=80)
    hash = models.BinaryField(max_length=32)
    state = models.CharField(max_length=12, choices=SURVEY.choices(), default=SURVEY.start)
    is_self_reported = models.BooleanField(default=False)

    house_key = models.UUIDField(null=True)
    household_key = models.UUIDField()
    person_key = models.UUIDField(null=True)
    holder = EncryptedTextField()
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    address = EncryptedTextField(blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    point = models.PointField(null=True)
    told = EncryptedTextField(blank=True)

    occupancy = models.CharField(max_length=10, choices=choices(OCCUPANCIES), default="owner")
    is_registered = models.BooleanField(default=True)
    people = models.PositiveSmallIntegerField(default=1)
    storeys = models.PositiveSmallIntegerField(default=1)
    flooded_floors = models.PositiveSmallIntegerField(default=1)
    depth_m = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    days = models.PositiveSmallIntegerField(null=True)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(max_length=6, choices=choices(GRADES), blank=True)
    bands = models.CharField(max_length=40, blank=True, help_text="key of the dated bands that gave the grade")

    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_s = models.IntegerField(default=0)
    visit_on = models.DateField(null=True)
    surveyed_by = models.CharField(max_length=80, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    statement = EncryptedTextField(null=True)
    statement_by = models.CharField(max_length=80, blank=True)
    statement_at = models.DateTimeField(null=True)
    document = models.UUIDField(null=True)
    document_number = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["mode", "instance"], name="emergency_survey_instance"),
            models.UniqueConstraint(fields=["incident", "number"], name="emergency_survey_once"),
            models.CheckConstraint(condition=~Q(state="certified") | Q(document__isnull=False),
                                   name="emergency_survey_certified_by_paper"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["incident", "state"], name="emergency_survey_state"),
            models.Index(fields=["household_key"], name="emergency_survey_home"),
        ]


class DamageLine(models.Model):
    """One damaged part. unit_cost: of the dated row `cost_key`; share: percent of this part that is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="lines")
    part = models.SlugField(max_length=40)
    name_th = models.CharField(max_length=120)
    floor = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=30)
    qty = models.DecimalField(max_digits=14, decimal_places=3)
    share = models.DecimalField(max_digits=5, decimal_places=2)
    unit_cost = models.DecimalField(**BAHT)
    cost_key = models.CharField(max_length=80)
    cost_verified = models.BooleanField(default=False)
    amount = models.DecimalField(**BAHT)

    class Meta:
        ordering = ["floor", "part"]
        constraints = [
            models.CheckConstraint(condition=Q(qty__gt=0, amount__gte=0), name="emergency_line_some"),
            models.CheckConstraint(condition=Q(share__range=(0, 100)), name="emergency_line_share"),
            models.UniqueConstraint(fields=["survey", "part", "floor"], name="emergency_line_once"),
        ]


class SurveyPhoto(models.Model):
    """A photo of a survey: hash of the file as it left the phone, where and when the phone says it was taken."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="photos")
    mode = ModeField()
    attachment = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    point = models.PointField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "sha256"], name="emergency_survey_photo_once")]


class SurveyConflict(models.Model):
    """The same form came again with other content: kept whole until somebody has looked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="conflicts")
    hash = models.BinaryField(max_length=32)
    content = EncryptedTextField(help_text="the form as JSON")
    received_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    settled_how = models.CharField(max_length=10, blank=True, help_text="kept or taken")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "hash"], name="emergency_survey_conflict_once")]


class Claim(models.Model):
    """Money asked from one source for one household. household_key, survey: copied, so that scopes find the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="claims")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="claims")
    household_key = models.UUIDField()
    number = models.CharField(max_length=40)
    source = models.CharField(max_length=12, choices=choices(SOURCES))
    committee = models.ForeignKey(Committee, null=True, on_delete=models.PROTECT, related_name="claims")
    rule_set = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=CLAIM.choices(), default=CLAIM.start)
    documents = models.JSONField(default=list, help_text="keys of the papers that were seen")
    amount = models.DecimalField(**BAHT)
    decision = models.CharField(max_length=200, blank=True, help_text="the committee's minutes, number and date")
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="emergency_claim_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="emergency_claim_some"),
        ]
        indexes = [models.Index(fields=["incident", "state"], name="emergency_claim_state")]


class ClaimItem(models.Model):
    """One entitlement of a claim: the rate row that it rests on, how many units, what they come to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="items")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    entitlement = models.SlugField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    rate = models.ForeignKey(ReliefRate, on_delete=models.PROTECT, related_name="+")
    units = models.DecimalField(max_digits=9, decimal_places=3)
    cost = models.DecimalField(**BAHT, null=True, help_text="of the damage lines, where the rate pays a cost")
    amount = models.DecimalField(**BAHT)
    lines = models.JSONField(default=list, help_text="keys of the damage lines it covers")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="emergency_claim_item_some"),
            models.UniqueConstraint(fields=["claim", "entitlement", "round"], name="emergency_claim_item_once"),
        ]


class Payment(models.Model):
    """A claim was paid, once. words: the amount in Thai words. Only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = ModeField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="payments")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="payment")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    amount = models.DecimalField(**BAHT)
    words = models.CharField(max_length=300)
    way = models.CharField(max_length=10, choices=[("cash", "เงินสด"), ("transfer", "โอนเงิน"), ("cheque", "เช็ค")])
    paper = models.CharField(max_length=80, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="emergency_payment_once")]


class PaidEntitlement(models.Model):
    """What a payment used up: a household gets an entitlement of a round once in an incident. rate: as it was."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entitlements")
    mode = ModeField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    household_key = models.UUIDField()
    entitlement = models.SlugField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    rate = models.ForeignKey(ReliefRate, on_delete=models.PROTECT, related_name="+")
    rate_amount = models.DecimalField(**BAHT)
    amount = models.DecimalField(**BAHT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "household_key", "entitlement", "round"], name="emergency_paid_entitlement_once"
            )
        ]


class PaidLine(models.Model):
    """A damage line that was paid for. The database refuses a second payment for it, from whatever source."""

    line = models.OneToOneField(DamageLine, primary_key=True, on_delete=models.PROTECT, related_name="paid")
    mode = ModeField()
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
