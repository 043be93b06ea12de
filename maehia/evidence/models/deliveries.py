"""A delivery is one file of one source, kept as it came."""

from __future__ import annotations

from django.db import models

from maehia.evidence.models.sources import Source
from maehia.kit.modes import ModeField


class DeliveryState(models.TextChoices):
    RECEIVED = "received", "ได้รับไฟล์แล้ว"
    PARSED = "parsed", "อ่านไฟล์แล้ว"
    MAPPED = "mapped", "จับคู่คอลัมน์แล้ว"
    CHECKED = "checked", "ตรวจสอบแล้ว"
    PREVIEWED = "previewed", "รอยืนยันการนำเข้า"
    COMMITTED = "committed", "นำเข้าแล้ว"
    REFUSED = "refused", "ไม่รับ"
    WITHDRAWN = "withdrawn", "ถอนแล้ว"


class Delivery(models.Model):
    """The file is stored encrypted under its own key; erasing that key erases the file, the sha256 stays."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="deliveries")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored_as = models.CharField(max_length=100, blank=True)
    file_key = models.UUIDField(null=True, help_text="key of the stored file; dropping it erases the file")
    as_of = models.DateField(help_text="the day for which the list is true")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.RECEIVED)
    encoding = models.CharField(max_length=30, blank=True)
    file_format = models.CharField(max_length=30, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    mode = ModeField()

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            # The same file twice is refused; a refused or withdrawn one may be brought again.
            models.UniqueConstraint(
                fields=["source", "sha256", "mode"],
                condition=~models.Q(state__in=["refused", "withdrawn"]),
                name="delivery_same_file_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.source_id})"

    @property
    def is_open(self) -> bool:
        return self.state not in {"committed", "refused", "withdrawn"}


class RedactionEntry(models.Model):
    """The journal of erasures, replayed after a restore before the system serves."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    ground = models.CharField(max_length=300)
    refs = models.JSONField(help_text="source references of the erased records, no personal data")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT)
