"""Files that people send, and documents that the town issues. The files themselves lie encrypted on disk."""

from __future__ import annotations

import uuid

from django.db import models

from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField

ROLES = [
    ("photo", "ภาพถ่าย"), ("before", "ก่อนดำเนินการ"), ("after", "หลังดำเนินการ"), ("document", "เอกสาร"),
    ("plan", "แบบแปลน"), ("signature", "ลายมือชื่อ"),
]  # fmt: skip
PHOTO_ROLES = frozenset({"photo", "before", "after"})
KINDS = [("jpeg", "ภาพ"), ("pdf", "PDF")]


class Attachment(models.Model):
    """A file about something (a case): seen by whoever may see that, and by everybody once it is released.

    about: key of what it belongs to, made before it. person_key: whose it is in the register. original: the photo of
    which this one is a blurred copy. size: bytes of the full file. An erased one has no file and no key any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.UUIDField()
    person_key = models.UUIDField(null=True)
    role = models.CharField(max_length=12, choices=ROLES)
    kind = models.CharField(max_length=4, choices=KINDS)
    name = EncryptedTextField(blank=True)
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=40, blank=True)
    small_as = models.CharField(max_length=40, blank=True)
    file_key = models.UUIDField(null=True)
    original = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="blurred")
    is_confidential = models.BooleanField(default=False)
    mode = ModeField()
    made_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="forms_attachment_sealed",
                condition=models.Q(is_confidential=False) | models.Q(released_at=None),
            ),
            models.CheckConstraint(
                name="forms_attachment_erased", condition=models.Q(erased_at=None) | models.Q(file_key=None)
            ),
        ]
        indexes = [models.Index(fields=["about", "created_at"], name="forms_attachment_about")]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"

    @property
    def is_photo(self) -> bool:
        return self.kind == "jpeg"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class Document(models.Model):
    """A letter, permit or certificate that the town issued, as PDF; checked by its code without a log-in.

    series, year, number: without gaps, number_text as printed. holder: whom it is for. code: printed as QR; the public
    page reads the row by verify_key alone, which is made from the code. signed_*: as the paper shows.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "มีผล"
        REVOKED = "revoked", "เพิกถอนแล้ว"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.UUIDField()
    person_key = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    number_text = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    holder = EncryptedTextField(blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=40, blank=True)
    file_key = models.UUIDField(null=True)
    code = EncryptedTextField()
    verify_key = models.UUIDField(unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    signed_name = models.CharField(max_length=120)
    signed_position = models.CharField(max_length=200)
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    is_confidential = models.BooleanField(default=False)
    mode = ModeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-issued_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number", "mode"], name="forms_document_number_once"),
            models.CheckConstraint(
                name="forms_document_revoked_why",
                condition=models.Q(state="issued", revoked_at=None)
                | (models.Q(state="revoked", revoked_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]
        indexes = [models.Index(fields=["about"], name="forms_document_about")]

    def __str__(self) -> str:
        return self.number_text


class NumberPattern(models.Model):
    """How the numbers of a series look, where the town chose another way than the one that came with the system."""

    key = models.CharField(max_length=40, primary_key=True)
    pattern = models.CharField(max_length=60)
    thai_digits = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "forms_number_pattern"

    def __str__(self) -> str:
        return f"{self.key}: {self.pattern}"
