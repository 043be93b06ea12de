import django.db.models.deletion
import maehia.kit.modes
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0036_affected_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="emergency.alert"
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
                ("sha256", models.CharField(max_length=64)),
                ("n", models.PositiveSmallIntegerField()),
                ("account", models.UUIDField()),
                ("called_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "ordering": ["alert_id", "n"],
                "constraints": [models.UniqueConstraint(fields=("alert", "sha256", "n"), name="emergency_call_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Fanout",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="fanout",
                        serialize=False,
                        to="emergency.alert",
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
                ("status", models.CharField(max_length=10)),
                ("started_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("queued", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode", "live"), ("status", "Actual")), name="emergency_fanout_live"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="emergency.alert"
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
                ("status", models.CharField(max_length=10)),
                ("recipient_index", models.BinaryField(max_length=16)),
                ("how", models.CharField(max_length=10)),
                ("message", models.UUIDField()),
                ("queued_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "recipient_index"), name="emergency_recipient_once"),
                    models.CheckConstraint(
                        condition=models.Q(("mode", "live"), ("status", "Actual")), name="emergency_recipient_live"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OtherWay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="other_ways", to="emergency.alert"
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
                ("way", models.CharField(max_length=20)),
                ("people", models.PositiveIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=80)),
                ("event_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-event_at"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="BroadcastRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broadcast_requests",
                        to="emergency.alert",
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
                ("status", models.CharField(max_length=10)),
                ("number", models.CharField(max_length=80)),
                ("document", models.UUIDField()),
                ("text", models.TextField()),
                ("area", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "ขอแล้ว รอคำตอบ"), ("confirmed", "ปภ. ยืนยันว่าส่งแล้ว"), ("refused", "ปภ. ไม่ส่ง")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=200)),
                ("answer", models.CharField(blank=True, max_length=400)),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode", "live"), ("status", "Actual")), name="emergency_broadcast_live"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "asked")),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("answered_at__isnull", False),
                                models.Q(("answered_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="emergency_broadcast_answered",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("value", models.JSONField()),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["key", "-at", "-id"],
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
