"""Accounts, roles, signers, consent, reads and broken glass. People are opaque keys, places are geometry."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from maehia.kit.crypto import EncryptedTextField
from maehia.web.registry import in_language


def tracked(model: Any) -> Any:
    """History by trigger of everything that people edit; a tracker belongs to one model."""
    trackers = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*trackers)(model)


def texts(length: int, **options: Any) -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True, **options)


class AccountManager(BaseUserManager["Account"]):
    """Log-in names are compared without regard to capitals and blanks around them."""

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(login=login.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, login: str | None) -> Account:
        return self.get(login=(login or "").strip().lower())


class Account(AbstractBaseUser):
    """Somebody who can log in. `person_key` ties a citizen (or an officer, as a citizen) to the register."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField("ชื่อเข้าระบบ", max_length=80, unique=True)
    display_name = models.CharField("ชื่อที่แสดง", max_length=120)
    unit = models.CharField("หน่วยงาน", max_length=120, blank=True)
    email = models.EmailField(blank=True)
    person_key = models.UUIDField(null=True, blank=True)
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField("ใช้งานได้", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    # Nobody is above the rules; Django's own code asks for these.
    is_superuser = False
    is_staff = False

    def __str__(self) -> str:
        return self.display_name

    @property
    def actor(self) -> str:
        """How the database and the logs name this account."""
        return f"user:{self.pk}"

    def get_full_name(self) -> str:
        return self.display_name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        from maehia.access.permissions import can

        return can(self, perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return False


@tracked
class Role(models.Model):
    """What a kind of work may do: permissions (verbs) and purposes (reads). `offered`: what setup once gave."""

    key = models.SlugField(max_length=40, primary_key=True)
    name_th = models.CharField("ชื่อบทบาท", max_length=120)
    name_en = models.CharField("ชื่อภาษาอังกฤษ", max_length=120, blank=True)
    permissions = texts(60)
    purposes = texts(60)
    offered = texts(60, editable=False)

    class Meta:
        ordering = ["name_th"]

    def __str__(self) -> str:
        return in_language(self.name_th, self.name_en)


@tracked
class Assignment(models.Model):
    """An account has a role from a day to a day, in some moo or (empty) the whole town."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    moos = texts(8, verbose_name="หมู่ที่รับผิดชอบ")
    starts_on = models.DateField("ตั้งแต่วันที่")
    ends_on = models.DateField("ถึงวันที่", null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assignment_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.starts_on}"


class Dated(models.Model):
    starts_on = models.DateField("ตั้งแต่วันที่")
    ends_on = models.DateField("ถึงวันที่", null=True, blank=True)
    order_no = models.CharField("คำสั่งเลขที่", max_length=120)

    class Meta:
        abstract = True


@tracked
class LegalHolder(Dated):
    """Who holds a position that the law names, from a day to a day, by which order."""

    position = models.CharField("ตำแหน่ง", max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position", "-starts_on"]

    def __str__(self) -> str:
        return f"{self.position} {self.starts_on}"


@tracked
class Delegation(Dated):
    """A holder lets somebody sign in his stead (รักษาราชการแทน / ปฏิบัติราชการแทน) for some powers."""

    holder = models.ForeignKey(LegalHolder, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    powers = texts(40, verbose_name="อำนาจ")

    class Meta:
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.holder_id} -> {self.deputy_id}"


class Consent(models.Model):
    """What a person agreed to, who agreed for a minor, and when it was taken back. Rows are not overwritten."""

    person_key = models.UUIDField()
    purpose = models.CharField(max_length=60)
    text_version = models.CharField(max_length=40)
    given_by = models.CharField(max_length=10, choices=[("self", "ตนเอง"), ("guardian", "ผู้ใช้อำนาจปกครอง")])
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_key", "purpose"], condition=Q(withdrawn_at=None), name="consent_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given_at}"


class Read(models.Model):
    """Somebody saw data about somebody: plain appended rows, sealed later in batches."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=60)
    mode = models.CharField(max_length=8)
    entity = models.CharField(max_length=20)
    key = models.UUIDField()
    via = models.CharField(max_length=80)
    unit = models.CharField(max_length=120, blank=True)
    grant = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["key", "-at"], name="access_read_key"),
            models.Index(fields=["actor", "-at"], name="access_read_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.entity} {self.at}"


class Seal(models.Model):
    """The hash of a closed batch of reads and of the seal before it."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"


class SealMark(models.Model):
    """Up to which id the next batch goes, once the transactions that were writing then have ended."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_id = models.BigIntegerField()
    writers = texts(30)

    def __str__(self) -> str:
        return str(self.last_id)


class Alert(models.Model):
    """A read that looks odd; a person of oversight closes it with words."""

    class Kind(models.TextChoices):
        KIN = "kin", gettext_lazy("ดูข้อมูลคนนามสกุลหรือบ้านเดียวกับตน")
        MANY = "many", gettext_lazy("ดูข้อมูลเกิน 50 คนในหนึ่งชั่วโมง")

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    purpose = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    note = EncryptedTextField(null=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.actor}"


class BreakGlass(models.Model):
    """Data opened in an emergency: ground, reason, at most two hours, and a review that is due."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", gettext_lazy("มีเหตุสมควร")
        UNJUSTIFIED = "unjustified", gettext_lazy("ไม่มีเหตุสมควร")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=80)
    ground = models.CharField(max_length=40)
    purpose = models.CharField(max_length=60)
    reason = EncryptedTextField()
    incident_no = models.CharField(max_length=60, blank=True)
    person_key = models.UUIDField(null=True)
    area = GeometryField(srid=4326, null=True)
    keys_count = models.PositiveIntegerField()
    grant = models.UUIDField(unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    review_due = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    review_note = EncryptedTextField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                name="break_glass_one_person_or_area",
                condition=Q(person_key=None, area__isnull=False) | Q(area__isnull=True, person_key__isnull=False),
            ),
            models.CheckConstraint(
                name="break_glass_reviewed_by_another",
                condition=Q(reviewed_at=None) | ~Q(reviewed_by=F("actor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.opened_at}"
