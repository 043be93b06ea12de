"""Decisions: accepted links of a linkage run, and what people ruled. Each can be undone, none is lost."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField


class LinkRun(models.Model):
    """One run of the linkage: which model, which cleaning, what it changed."""

    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    model_hash = models.CharField(max_length=64, blank=True)
    cleaning_version = models.CharField(max_length=20, blank=True)
    counts = models.JSONField(default=dict)
    mode = ModeField()


class Link(models.Model):
    """The entity key that a source entity was given. Append-only: a change ends one row and adds another."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=160)
    key = models.UUIDField(db_index=True)
    run = models.ForeignKey(LinkRun, on_delete=models.PROTECT, related_name="links")
    ended_run = models.ForeignKey(LinkRun, null=True, on_delete=models.PROTECT, related_name="ended_links")
    mode = ModeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "ref"], name="link_kind_ref")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ref", "mode"], condition=Q(ended_run=None), name="link_one_current_per_ref"
            )
        ]


class Redirect(models.Model):
    """After a merge the old key still leads to the person; an unmerge ends the redirect."""

    kind = models.CharField(max_length=20)
    old_key = models.UUIDField()
    new_key = models.UUIDField()
    run = models.ForeignKey(LinkRun, on_delete=models.PROTECT, related_name="+")
    ended_run = models.ForeignKey(LinkRun, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "old_key"], condition=Q(ended_run=None), name="redirect_one_per_key"
            )
        ]


class Undoable(models.Model):
    """Who decided, when and why; and who undid it."""

    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


@pghistory.track()
class Verdict(Undoable):
    """A person ruled on two source entities: the same, or never the same. It outlives every later run."""

    kind = models.CharField(max_length=20)
    ref_a = models.CharField(max_length=160)
    ref_b = models.CharField(max_length=160)
    same = models.BooleanField()
    mode = ModeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ref_a__lt=models.F("ref_b")), name="verdict_refs_in_order"),
            models.UniqueConstraint(
                fields=["kind", "ref_a", "ref_b", "mode"],
                condition=Q(undone_at=None),
                name="verdict_one_in_force",
            ),
        ]


@pghistory.track()
class Correction(Undoable):
    """A person set the right value of one field of one entity; it stands over every list."""

    kind = models.CharField(max_length=20)
    key = models.UUIDField()
    field = models.CharField(max_length=40)
    value = EncryptedTextField(null=True)
    mode = ModeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "field", "mode"],
                condition=Q(undone_at=None),
                name="correction_one_in_force",
            )
        ]
