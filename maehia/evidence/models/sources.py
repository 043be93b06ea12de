"""A source is a list that somebody keeps, with the promise and the law it comes under."""

from __future__ import annotations

from django.db import models


class DataClass(models.TextChoices):
    OPEN = "open", "ข้อมูลเปิด"
    PERSONAL = "personal", "ข้อมูลส่วนบุคคล"
    S26 = "s26", "ข้อมูลอ่อนไหว (มาตรา 26)"


class Cadence(models.TextChoices):
    ONCE = "once", "ครั้งเดียว"
    DAILY = "daily", "รายวัน"
    MONTHLY = "monthly", "รายเดือน"
    QUARTERLY = "quarterly", "รายไตรมาส"
    YEARLY = "yearly", "รายปี"
    LIVE = "live", "ต่อเนื่อง"


class Coverage(models.TextChoices):
    """What a delivery claims to hold: everything (a missing row is gone) or additions."""

    SNAPSHOT = "snapshot", "บัญชีทั้งหมด (รายการที่หายไปถือว่าสิ้นสุด)"
    ADDITIONS = "additions", "เฉพาะรายการเพิ่มหรือแก้ไข"


class Source(models.Model):
    """One list of the town or of a partner. `mapping` is the confirmed column mapping of its last layout."""

    key = models.CharField(primary_key=True, max_length=40)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, help_text="kind of record it brings: person, house, parcel ...")
    owner_unit = models.CharField(max_length=200, blank=True)
    cadence = models.CharField(max_length=12, choices=Cadence, default=Cadence.YEARLY)
    coverage = models.CharField(max_length=12, choices=Coverage, default=Coverage.SNAPSHOT)
    fresh_days = models.PositiveIntegerField(default=400, help_text="days after the as-of day that it counts as fresh")
    legal_basis = models.CharField(max_length=300, blank=True)
    legal_section = models.CharField(max_length=100, blank=True)
    legal_verified = models.BooleanField(default=False)
    data_class = models.CharField(max_length=10, choices=DataClass, default=DataClass.PERSONAL)
    retention_days = models.PositiveIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=50, help_text="which value stands when lists differ: lower wins")
    needs_leave = models.BooleanField(default=False, help_text="locked until a written leave is entered")
    built_in = models.BooleanField(default=False)
    household_kind = models.CharField(max_length=12, blank=True, help_text="registered, actual or budget")
    licence = models.CharField(max_length=100, blank=True)
    quality = models.CharField(max_length=100, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    layout = models.JSONField(default=dict, blank=True)
    column_contract = models.CharField(max_length=16, default="evolve")

    class Meta:
        ordering = ["rank", "key"]

    def __str__(self) -> str:
        return self.name_th

    @property
    def is_locked(self) -> bool:
        """A source that needs a written leave stays shut until one is in force."""
        return self.needs_leave and not self.leaves.filter(revoked_on=None).exists()


class SourceLeave(models.Model):
    """The written leave of the keeper of a list (civil register: the Department of Provincial Administration)."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="leaves")
    document_no = models.CharField(max_length=100)
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
