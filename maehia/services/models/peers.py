"""What is exchanged with other systems: the switches of a peer, the outbox, and the hints that came in."""

from __future__ import annotations

from django.db import models

from maehia.kit.crypto import EncryptedTextField
from maehia.services.models.cases import Case


class Peer(models.Model):
    """Another system and how much may pass: a switch for each direction. credit: calls left, -1 = no limit.

    services: codes whose cases of ours are sent there. org_id: who we are there. since: nothing older is sent.
    """

    key = models.CharField(primary_key=True, max_length=20)
    takes_in = models.BooleanField(default=False)
    sends_out = models.BooleanField(default=False)
    services = models.JSONField(default=list)
    org_id = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    warn_below = models.PositiveIntegerField(default=500)
    stop_below = models.PositiveIntegerField(default=50)
    out_per_hour = models.PositiveIntegerField(default=200)
    changes_per_ticket = models.PositiveIntegerField(default=6)
    credit = models.IntegerField(null=True)
    ok_at = models.DateTimeField(null=True)
    error_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.key


class PeerTicket(models.Model):
    """A case and its name there. state: theirs, as last seen or sent. stopped: why nothing goes any more."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="tickets")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="peer_tickets")
    remote_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=60, blank=True)
    reopened = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "case"], name="services_ticket_one_per_case"),
            models.UniqueConstraint(
                fields=["peer", "remote_id"], condition=~models.Q(remote_id=""), name="services_peer_ticket_once"
            ),
        ]


class PeerOut(models.Model):
    """One thing to tell a peer: a new case, or one line of its history. Sent once, tried again later when it fails."""

    class Kind(models.TextChoices):
        NEW = "new", "เรื่องใหม่"
        STATE = "state", "สถานะ"
        COMMENT = "comment", "ข้อความ"

    ticket = models.ForeignKey(PeerTicket, on_delete=models.CASCADE, related_name="out")
    kind = models.CharField(max_length=10, choices=Kind)
    seq = models.PositiveIntegerField(default=0, help_text="of the line of history; 0 = the case itself")
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="given up: staff must look")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "kind", "seq"], name="services_out_once")]
        indexes = [
            models.Index(fields=["next_at"], name="services_out_due", condition=models.Q(sent_at=None, failed_at=None))
        ]


class PeerHint(models.Model):
    """A webhook that came: read the ticket. The same hint twice is one row. Words of a talk wait here, encrypted."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="hints")
    digest = models.BinaryField(max_length=32)
    remote_id = models.CharField(max_length=80)
    event = models.CharField(max_length=20, blank=True)
    words = EncryptedTextField(null=True)
    from_reporter = models.BooleanField(default=False)
    came_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "digest"], name="services_hint_once")]
        indexes = [models.Index(fields=["next_at"], name="services_hint_due", condition=models.Q(done_at=None))]
