"""What is owed, what was paid, and what the bank said. Decimal baht only."""

from __future__ import annotations

import uuid

from django.db import models

from maehia.kit.crypto import EncryptedTextField
from maehia.kit.modes import ModeField
from maehia.services.models.cases import Case


class Invoice(models.Model):
    """An amount that somebody owes the town. ref1 and ref2 name it to the bank and are never given out again.

    lines: [{code, th, en, per, quantity, rate, amount, source, verified}] as charged, all amounts as text.
    """

    class State(models.TextChoices):
        OPEN = "open", "รอชำระ"
        PAID = "paid", "ชำระแล้ว"
        CANCELLED = "cancelled", "ยกเลิก"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="invoices")
    person_key = models.UUIDField(null=True)
    payer = EncryptedTextField(null=True)
    about = models.CharField(max_length=160, help_text="what it is for, in words")
    account_no = models.CharField(max_length=60, blank=True)
    lines = models.JSONField(default=list)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    ref1 = models.CharField(max_length=20)
    ref2 = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    due_on = models.DateField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=300, blank=True)
    mode = ModeField()

    class Meta:
        ordering = ["-made_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["ref1", "ref2"], name="services_invoice_refs"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="services_invoice_amount"),
        ]
        indexes = [
            models.Index(fields=["state", "-made_at"], name="services_invoice_state"),
            models.Index(fields=["person_key"], name="services_invoice_person",
                         condition=models.Q(person_key__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """An invoice was paid, once: the database refuses a second one.

    acknowledgement: number of the paper that the payer gets at once; official_receipt: the treasury's, when it came.
    """

    class Way(models.TextChoices):
        QR = "qr", "สแกนจ่ายผ่านธนาคาร"
        CASH = "cash", "เงินสด"
        CARD = "card", "บัตร"
        TRANSFER = "transfer", "โอนเงิน"

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="payment")
    way = models.CharField(max_length=10, choices=Way)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    paid_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=80)
    transaction = models.CharField(max_length=80, blank=True)
    acknowledgement = models.CharField(max_length=30, unique=True)
    official_receipt = models.CharField(max_length=40, blank=True)
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["paid_at"], name="services_payment_paid")]
        constraints = [
            models.UniqueConstraint(
                fields=["official_receipt"], condition=~models.Q(official_receipt=""), name="services_payment_receipt"
            )
        ]


class BankFile(models.Model):
    """A file of the bank, known by its hash; the file itself is not kept."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    layout = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    problems = models.JSONField(default=list)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class BankLine(models.Model):
    """One line of the bank and what became of it. settled_*: how a person solved what the machine would not guess."""

    class Verdict(models.TextChoices):
        PAYS = "pays", "ตรงกับใบแจ้ง"
        WRONG_AMOUNT = "wrong_amount", "จำนวนเงินไม่ตรง"
        PAID_ALREADY = "paid_already", "ชำระไปแล้ว"
        CANCELLED = "cancelled", "ใบแจ้งยกเลิกแล้ว"
        UNKNOWN = "unknown_reference", "ไม่รู้จักเลขอ้างอิง"

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    paid_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    ref1 = models.CharField(max_length=60, blank=True)
    ref2 = models.CharField(max_length=60, blank=True)
    transaction = models.CharField(max_length=80, unique=True)
    payer = EncryptedTextField(null=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="bank_lines")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True)
    settled_how = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["file"], name="services_bank_open",
                         condition=~models.Q(verdict="pays") & models.Q(settled_at=None)),
        ]  # fmt: skip


class PayeeSetting(models.Model):
    """To whom the bank's QR pays, from a day on. biller_id: 15 digits of the town's contract with its bank."""

    since = models.DateField()
    biller_id = models.CharField(max_length=15, blank=True, help_text="empty: no QR is shown")
    name = models.CharField(max_length=120, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-since", "-id"]
