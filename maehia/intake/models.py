"""What intake keeps beside evidence: the problems of a delivery and the pairs that wait for a person."""

from __future__ import annotations

from django.db import models

from maehia.evidence.models import Delivery, Verdict
from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField


class Severity(models.TextChoices):
    ERROR = "error", "แถวนี้ยังไม่รับ"
    COLUMN = "column", "ไม่รับคอลัมน์นี้"
    WARNING = "warning", "รับแถว แต่ไม่รับค่านี้"
    NOTE = "note", "ควรตรวจดู"


class ProblemRow(models.Model):
    """One line of the list of problems; values are masked, so that the list can be sent to its keeper."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="problems")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40)
    what = models.CharField(max_length=500)
    fix = models.CharField(max_length=500, blank=True)
    severity = models.CharField(max_length=8, choices=Severity)
    value = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["delivery", "code"], name="problem_delivery_code")]


class ReviewItem(models.Model):
    """Two source entities that may be one: a person must say. Rebuilt by each run; verdicts outlive it."""

    kind = models.CharField(max_length=20)
    ref_a = models.CharField(max_length=160)
    ref_b = models.CharField(max_length=160)
    p = models.FloatField(help_text="probability that they are the same, 0 to 1")
    reason = models.CharField(max_length=40, help_text="band, or the guard that refused the link")
    weight = models.PositiveSmallIntegerField(default=0, help_text="what depends on it; the heaviest comes first")
    waits_on = models.CharField(max_length=120, blank=True)
    moo = models.PositiveSmallIntegerField(null=True)
    verdict = models.ForeignKey(Verdict, null=True, on_delete=models.SET_NULL, related_name="+")
    skipped = models.PositiveSmallIntegerField(default=0)
    mode = ModeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref_a", "ref_b", "mode"], name="review_one_per_pair")]
        indexes = [models.Index(fields=["kind", "-weight", "-p"], name="review_order")]


class ChangeSample(models.Model):
    """The first rows that a delivery would change, with before and after, for the eyes of who decides. Encrypted."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="samples")
    kind = models.CharField(max_length=20)
    body = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "kind"], name="sample_one_per_kind")]
