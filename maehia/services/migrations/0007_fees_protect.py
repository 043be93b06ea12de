"""Row-level security of invoices and payments: who sees the case or is the payer sees them; bank files the desk only."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import protect

OF_INVOICE = "EXISTS (SELECT FROM public.services_invoice i WHERE i.id = invoice_id)"


class Migration(migrations.Migration):
    dependencies = [("services", "0006_fees")]
    operations = [
        mode_key("services_invoice"),
        mode_foreign_key("services_invoice", "case_id", "services_case"),
        protect("services_invoice", "case", key=["id", "case_id", "person_key"], mode="mode"),
        protect("services_payment", "case", scoped=False, only=OF_INVOICE),
        protect("services_bankfile", "case"),
        protect("services_bankline", "case"),
    ]
