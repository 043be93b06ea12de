import uuid

import django.db.models.deletion
from django.db import migrations, models

import maehia.kit.crypto.fields
import maehia.kit.modes


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0010_readiness_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True)),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="emergency.incident",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="same_ones",
                        to="emergency.helprequest",
                    ),
                ),
                ("same_why", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "รับเรื่องแล้ว รอคัดกรอง"),
                            ("triaged", "คัดกรองแล้ว รอชุดช่วยเหลือ"),
                            ("assigned", "มอบหมายชุดช่วยเหลือแล้ว"),
                            ("en_route", "ชุดช่วยเหลือกำลังเดินทาง"),
                            ("on_scene", "ชุดช่วยเหลือถึงแล้ว"),
                            ("resolved", "ช่วยเหลือแล้ว"),
                            ("unreachable", "ติดต่อไม่ได้"),
                            ("referred", "ส่งต่อหน่วยงานอื่นแล้ว"),
                            ("duplicate", "รวมกับคำขอก่อนหน้า"),
                        ],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(null=True)),
                ("needs", models.JSONField(default=list)),
                ("people", models.PositiveSmallIntegerField(default=1)),
                (
                    "channel",
                    models.CharField(
                        choices=[("web", "เว็บ"), ("line", "LINE"), ("phone", "โทรศัพท์"), ("desk", "เจ้าหน้าที่บันทึก")],
                        max_length=8,
                    ),
                ),
                ("lang", models.CharField(default="th", max_length=2)),
                (
                    "name",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_helprequest.name", null=True, ring="main"
                    ),
                ),
                (
                    "phone",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_helprequest.phone", null=True, ring="main"
                    ),
                ),
                ("phone_index", models.BinaryField(max_length=16, null=True)),
                ("last4_index", models.BinaryField(max_length=16)),
                (
                    "note",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_helprequest.note", null=True, ring="main"
                    ),
                ),
                (
                    "address",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_helprequest.address", null=True, ring="main"
                    ),
                ),
                (
                    "line_user",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_helprequest.line_user", null=True, ring="main"
                    ),
                ),
                ("line_index", models.BinaryField(max_length=16, null=True)),
                ("person_key", models.UUIDField(null=True)),
                ("house_key", models.UUIDField(null=True)),
                ("moo", models.PositiveSmallIntegerField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="emergency.team",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("read_due", models.DateTimeField()),
                ("there_due", models.DateTimeField(null=True)),
                ("triaged_at", models.DateTimeField(null=True)),
                ("there_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("safe_at", models.DateTimeField(help_text="the same phone said later that all are safe", null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident", "state"], name="emergency_help_desk"),
                    models.Index(fields=["asked_at"], name="emergency_help_asked"),
                    models.Index(
                        condition=models.Q(("phone_index", None), _negated=True),
                        fields=["phone_index"],
                        name="emergency_help_phone",
                    ),
                    models.Index(
                        condition=models.Q(("line_index", None), _negated=True),
                        fields=["line_index"],
                        name="emergency_help_line",
                    ),
                    models.Index(
                        condition=models.Q(("house_key", None), _negated=True),
                        fields=["house_key"],
                        name="emergency_help_house",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("priority", None), ("priority__range", (1, 4)), _connector="OR"),
                        name="emergency_help_p1_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "duplicate"), _negated=True),
                            models.Q(("same_as", None), _negated=True),
                            _connector="OR",
                        ),
                        name="emergency_help_duplicate_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("assigned", "en_route", "on_scene")), _negated=True),
                            models.Q(("team", None), _negated=True),
                            _connector="OR",
                        ),
                        name="emergency_help_has_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("new", "duplicate", "referred", "unreachable")),
                            models.Q(("priority", None), _negated=True),
                            _connector="OR",
                        ),
                        name="emergency_help_triaged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="emergency.helprequest"
                    ),
                ),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("before", models.CharField(blank=True, max_length=12)),
                ("after", models.CharField(blank=True, max_length=12)),
                (
                    "note",
                    maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_helpevent.note", null=True, ring="main"),
                ),
                ("value", models.JSONField(default=dict)),
                ("actor", models.CharField(max_length=80)),
                ("event_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [models.UniqueConstraint(fields=("request", "seq"), name="emergency_help_event_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SafeReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safe_reports",
                        to="emergency.incident",
                    ),
                ),
                (
                    "again_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed",
                        to="emergency.safereport",
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(default=1)),
                (
                    "channel",
                    models.CharField(
                        choices=[("web", "เว็บ"), ("line", "LINE"), ("phone", "โทรศัพท์"), ("desk", "เจ้าหน้าที่บันทึก")],
                        max_length=8,
                    ),
                ),
                (
                    "name",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_safereport.name", null=True, ring="main"
                    ),
                ),
                (
                    "phone",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_safereport.phone", null=True, ring="main"
                    ),
                ),
                ("phone_index", models.BinaryField(max_length=16, null=True)),
                ("line_index", models.BinaryField(max_length=16, null=True)),
                (
                    "note",
                    maehia.kit.crypto.fields.EncryptedTextField(
                        aad="emergency_safereport.note", null=True, ring="main"
                    ),
                ),
                ("person_key", models.UUIDField(null=True)),
                ("house_key", models.UUIDField(null=True)),
                ("moo", models.PositiveSmallIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident", "asked_at"], name="emergency_safe_incident"),
                    models.Index(
                        condition=models.Q(("phone_index", None), _negated=True),
                        fields=["phone_index"],
                        name="emergency_safe_phone",
                    ),
                ],
                "constraints": [],
            },
        ),
    ]
