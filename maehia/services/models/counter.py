"""Visits at the counter, and what visitors thought of the service."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from maehia.kit.crypto import EncryptedTextField
from maehia.services.models.queue import Desk, Ticket


class CounterVisit(models.Model):
    """One person at one desk. Everything the officer does for her hangs on this row and ends with it.

    person_key: for whom. helper_key, helper_name and paper: who came in her stead and by which authority.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    person_key = models.UUIDField(null=True)
    helper_key = models.UUIDField(null=True)
    helper_name = EncryptedTextField(null=True)
    paper = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id"], condition=Q(ended_at=None), name="services_visit_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(helper_key=None, helper_name__isnull=True) | ~Q(paper=""), name="services_visit_with_paper"
            ),
        ]


class VisitRating(models.Model):
    """One opinion, without a trace to ticket, desk or officer: month, group and service, one to five stars."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(help_text="first day of the month")
    group = models.CharField(max_length=40)
    service = models.CharField(max_length=40, blank=True)
    stars = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="services_visit_stars")]
        indexes = [models.Index(fields=["month", "group"], name="services_visit_month")]


class VisitWords(models.Model):
    """What somebody wrote beside the stars; not tied to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    group = models.CharField(max_length=40)
    words = models.CharField(max_length=1000)
