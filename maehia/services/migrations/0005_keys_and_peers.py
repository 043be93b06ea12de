"""Keys of programs, tokens of Open311, and what is exchanged with other systems."""

import django.db.models.deletion
from django.db import migrations, models

import maehia.kit.crypto.fields
import maehia.kit.modes
from maehia.kit.policies import protect

OF_CASE = "EXISTS (SELECT FROM public.services_case c WHERE c.id = case_id)"
OF_TICKET = "EXISTS (SELECT FROM public.services_peerticket t WHERE t.id = ticket_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0004_queue_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="Peer",
            fields=[
                ("key", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("takes_in", models.BooleanField(default=False)),
                ("sends_out", models.BooleanField(default=False)),
                ("services", models.JSONField(default=list)),
                ("org_id", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField()),
                ("warn_below", models.PositiveIntegerField(default=500)),
                ("stop_below", models.PositiveIntegerField(default=50)),
                ("out_per_hour", models.PositiveIntegerField(default=200)),
                ("changes_per_ticket", models.PositiveIntegerField(default=6)),
                ("credit", models.IntegerField(null=True)),
                ("ok_at", models.DateTimeField(null=True)),
                ("error_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="ReportToken",
            fields=[
                ("hash", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("case_id", models.UUIDField()),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TokenService",
            fields=[
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="services.service",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("contact", models.CharField(max_length=200)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[("live", "ใช้งานจริง"), ("exercise", "ทดลอง")], default="live", max_length=8
                    ),
                ),
                ("per_minute", models.PositiveIntegerField(default=60)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None), models.Q(("revoked_by", ""), _negated=True), _connector="OR"
                        ),
                        name="services_apikey_revoked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("per_minute__gt", 0)), name="services_apikey_some_calls"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeerTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remote_id", models.CharField(blank=True, max_length=80)),
                ("state", models.CharField(blank=True, max_length=60)),
                ("reopened", models.PositiveIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("stopped", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="peer_tickets", to="services.case"
                    ),
                ),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="services.peer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PeerOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "เรื่องใหม่"), ("state", "สถานะ"), ("comment", "ข้อความ")], max_length=10
                    ),
                ),
                (
                    "seq",
                    models.PositiveIntegerField(default=0, help_text="of the line of history; 0 = the case itself"),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(help_text="given up: staff must look", null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="out", to="services.peerticket"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PeerHint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32)),
                ("remote_id", models.CharField(max_length=80)),
                ("event", models.CharField(blank=True, max_length=20)),
                (
                    "words",
                    maehia.kit.crypto.fields.EncryptedTextField(aad="services_peerhint.words", null=True, ring="main"),
                ),
                ("from_reporter", models.BooleanField(default=False)),
                ("came_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hints", to="services.peer"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("done_at", None)), fields=["next_at"], name="services_hint_due")
                ],
                "constraints": [models.UniqueConstraint(fields=("peer", "digest"), name="services_hint_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="peerticket",
            constraint=models.UniqueConstraint(fields=("peer", "case"), name="services_ticket_one_per_case"),
        ),
        migrations.AddConstraint(
            model_name="peerticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("remote_id", ""), _negated=True),
                fields=("peer", "remote_id"),
                name="services_peer_ticket_once",
            ),
        ),
        migrations.AddIndex(
            model_name="peerout",
            index=models.Index(
                condition=models.Q(("failed_at", None), ("sent_at", None)), fields=["next_at"], name="services_out_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="peerout",
            constraint=models.UniqueConstraint(fields=("ticket", "kind", "seq"), name="services_out_once"),
        ),
        protect("services_peerticket", "case", scoped=False, only=OF_CASE),
        protect("services_peerout", "case", scoped=False, only=OF_TICKET),
        protect("services_peerhint", "case", scoped=False),
    ]
