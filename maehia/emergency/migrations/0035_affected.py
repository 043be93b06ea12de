"""Readings of the register for a footprint: who was inside, in which order, and why."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import maehia.kit.modes


class Migration(migrations.Migration):
    dependencies = [("emergency", "0034_shelters_protect")]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mode", maehia.kit.modes.ModeField()),
                ("number", models.PositiveIntegerField()),
                ("known_at", models.DateTimeField()),
                ("weights", models.CharField(max_length=60)),
                ("counts", models.JSONField(default=dict)),
                ("before", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                             to="emergency.snapshot")),
                ("footprint", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="snapshots",
                                                to="emergency.footprint")),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="SnapshotRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mode", maehia.kit.modes.ModeField()),
                ("rank", models.PositiveIntegerField()),
                ("priority", models.PositiveIntegerField()),
                ("house_key", models.UUIDField()),
                ("household", models.UUIDField(null=True)),
                ("lead", models.UUIDField()),
                ("members", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("people", models.PositiveIntegerField()),
                ("moo", models.PositiveSmallIntegerField(null=True)),
                ("depth_m", models.FloatField(null=True)),
                ("access", models.CharField(default="unknown", max_length=8)),
                ("needs", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40),
                                                                    default=list, size=None)),
                ("terms", models.JSONField(default=list)),
                ("fresh", models.PositiveIntegerField(null=True)),
                ("snapshot", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows",
                                               to="emergency.snapshot")),
            ],
            options={
                "indexes": [models.Index(fields=["snapshot", "moo", "rank"], name="emergency_snapshot_moo"),
                            models.Index(fields=["snapshot", "house_key"], name="emergency_snapshot_house")],
            },
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("footprint", "number"), name="emergency_snapshot_once"),
        ),
        migrations.AddConstraint(
            model_name="snapshotrow",
            constraint=models.UniqueConstraint(fields=("snapshot", "rank"), name="emergency_snapshot_rank"),
        ),
    ]  # fmt: skip
