"""Who stands behind a case: reporter, applicant, follower, carer; and how they are reached."""

from __future__ import annotations

from django.db import models

from maehia.kit.crypto import EncryptedTextField
from maehia.services.models.cases import Case

ROLES = [("reporter", "ผู้แจ้ง"), ("applicant", "ผู้ยื่นคำขอ"), ("subject", "ผู้รับบริการ"), ("follower", "ผู้ติดตาม"),
         ("carer", "ผู้ดูแล")]  # fmt: skip


class Party(models.Model):
    """Somebody in a role on one case. Contact as it was given, encrypted; empty for those who gave none.

    wants: channels by which news are sent, in order. moved_from: the case on which she stood before a merge.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=10, choices=ROLES)
    person_key = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    name = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    email = EncryptedTextField(null=True)
    line_user = EncryptedTextField(null=True)
    line_index = models.BinaryField(max_length=16, null=True)
    lang = models.CharField(max_length=2, default="th")
    wants = models.JSONField(default=list)
    since = models.DateTimeField()
    moved_from = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="services_party_case"),
            models.Index(fields=["person_key"], name="services_party_person",
                         condition=models.Q(person_key__isnull=False)),
            models.Index(fields=["line_index"], name="services_party_line",
                         condition=models.Q(line_index__isnull=False)),
            models.Index(fields=["phone_index"], name="services_party_phone",
                         condition=models.Q(phone_index__isnull=False)),
        ]  # fmt: skip


class CaseSecret(models.Model):
    """The hash of a secret link and the case that it opens. The secret itself is nowhere."""

    hash = models.BinaryField(primary_key=True, max_length=32)
    case_id = models.UUIDField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="services_secret_case")]


class CaseLink(models.Model):
    """Two cases that belong together. An undone link stays, with who undid it."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", "เรื่องเดียวกัน"
        RELATED = "related", "เกี่ยวข้องกัน"
        SPLIT = "split", "แยกออกมา"

    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_down")
    child = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_up")
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(kind="duplicate", undone_at=None), name="services_link_one_parent"
            )
        ]


class Caring(models.Model):
    """A citizen lets a relative see, file and get news for her. Shown to both, revocable by both."""

    class May(models.TextChoices):
        SEE = "see", "ดู"
        FILE = "file", "ดูและยื่นแทน"

    cared_key = models.UUIDField(help_text="the person who is cared for")
    carer_key = models.UUIDField()
    may = models.CharField(max_length=6, choices=May, default=May.FILE)
    alerts = models.BooleanField(default=True)
    relation = models.CharField(max_length=40, blank=True)
    granted_by = models.CharField(max_length=80)
    how = models.CharField(max_length=200, help_text="in the app, or the paper shown at the counter")
    at = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cared_key", "carer_key"], condition=models.Q(ended_at=None), name="services_caring_once"
            ),
            models.CheckConstraint(condition=~models.Q(cared_key=models.F("carer_key")), name="services_caring_other"),
        ]


class Tombstone(models.Model):
    """What is left of an erased case: that it was, and by which rule it went."""

    number = models.CharField(max_length=20)
    service_code = models.CharField(max_length=40)
    month_received = models.DateField()
    month_closed = models.DateField(null=True)
    state = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    batch = models.UUIDField()
    erased_at = models.DateTimeField()
