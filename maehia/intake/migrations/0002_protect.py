"""Before and after of people are personal; the list of problems holds masked values only."""

from django.db import migrations

from maehia.kit.policies import protect


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("kit", "0002_rights")]
    operations = [protect("intake_changesample", "personal", scoped=False)]
