import uuid

import django.contrib.gis.db.models.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import maehia.kit.crypto.fields
import maehia.kit.modes


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0012_help_protect"),
        ("emergency", "0014_doors_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shelter",
            fields=[
                ("capacity_day", models.PositiveIntegerField()),
                ("capacity_night", models.PositiveIntegerField()),
                ("area_m2", models.FloatField(null=True)),
                ("toilets", models.PositiveIntegerField(null=True)),
                ("water_l_day", models.FloatField(null=True)),
                ("facilities", models.JSONField(default=list)),
                (
                    "pets",
                    models.CharField(
                        choices=[("no", "ไม่รับ"), ("outside", "รับ แยกบริเวณ"), ("inside", "รับ อยู่กับเจ้าของ")],
                        default="no",
                        max_length=8,
                    ),
                ),
                ("access", models.CharField(blank=True, max_length=300)),
                ("flood_safe_m", models.FloatField(null=True)),
                ("contact", models.CharField(blank=True, max_length=120)),
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
                ("place_key", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("point", django.contrib.gis.db.models.fields.PointField(null=True, srid=4326)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "วางแผนไว้"),
                            ("standby", "เตรียมพร้อม"),
                            ("open", "เปิดรับ"),
                            ("closing", "กำลังปิด"),
                            ("closed", "ปิดแล้ว"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shelters", to="emergency.incident"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ShelterSite",
            fields=[
                ("capacity_day", models.PositiveIntegerField()),
                ("capacity_night", models.PositiveIntegerField()),
                ("area_m2", models.FloatField(null=True)),
                ("toilets", models.PositiveIntegerField(null=True)),
                ("water_l_day", models.FloatField(null=True)),
                ("facilities", models.JSONField(default=list)),
                (
                    "pets",
                    models.CharField(
                        choices=[("no", "ไม่รับ"), ("outside", "รับ แยกบริเวณ"), ("inside", "รับ อยู่กับเจ้าของ")],
                        default="no",
                        max_length=8,
                    ),
                ),
                ("access", models.CharField(blank=True, max_length=300)),
                ("flood_safe_m", models.FloatField(null=True)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("place_key", models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ShelterBands",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("last", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bands", to="emergency.shelter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShelterDesk",
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
                ("account", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("key", maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_shelterdesk.key", ring="main")),
                ("band_from", models.PositiveIntegerField()),
                ("band_to", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("synced_at", models.DateTimeField(null=True)),
                ("off_s", models.FloatField(default=0)),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desks", to="emergency.shelter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShelterNight",
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
                ("day", models.DateField()),
                ("by_hand", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField()),
                ("taken_by", models.CharField(max_length=80)),
                ("day_total", models.PositiveIntegerField()),
                ("night_total", models.PositiveIntegerField()),
                ("present", models.PositiveIntegerField()),
                ("came", models.PositiveIntegerField()),
                ("left", models.PositiveIntegerField()),
                ("capacity_night", models.PositiveIntegerField()),
                ("sexes", models.JSONField(default=dict)),
                ("ages", models.JSONField(default=dict)),
                ("needs", models.JSONField(default=dict)),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="nights", to="emergency.shelter"
                    ),
                ),
            ],
            options={
                "ordering": ["-taken_at"],
            },
        ),
        migrations.CreateModel(
            name="ShelterOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("places", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=400)),
                ("account", models.UUIDField()),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="emergency.shelter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stay",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "จะเข้าพัก"),
                            ("checked_in", "อยู่ในศูนย์"),
                            ("temporarily_out", "ออกชั่วคราว"),
                            ("checked_out", "ออกแล้ว"),
                            ("cancelled", "ไม่มา"),
                        ],
                        default="planned",
                        max_length=16,
                    ),
                ),
                ("person_key", models.UUIDField(null=True)),
                ("id_index", models.BinaryField(max_length=16, null=True)),
                (
                    "name",
                    maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_stay.name", null=True, ring="main"),
                ),
                (
                    "phone",
                    maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_stay.phone", null=True, ring="main"),
                ),
                ("phone_index", models.BinaryField(max_length=16, null=True)),
                ("sex", models.CharField(blank=True, max_length=1)),
                ("age", models.PositiveSmallIntegerField(null=True)),
                ("moo", models.PositiveSmallIntegerField(null=True)),
                ("band", models.CharField(blank=True, max_length=12)),
                ("party", models.UUIDField(null=True)),
                ("household_key", models.UUIDField(null=True)),
                ("overnight", models.BooleanField(default=True)),
                ("pets", models.PositiveSmallIntegerField(default=0)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home", "กลับบ้าน"),
                            ("relative", "ไปอยู่กับญาติ"),
                            ("hospital", "ไปโรงพยาบาล"),
                            ("other_shelter", "ย้ายศูนย์"),
                            ("deceased", "เสียชีวิต"),
                        ],
                        max_length=16,
                    ),
                ),
                ("planned_at", models.DateTimeField(null=True)),
                ("in_at", models.DateTimeField(null=True)),
                ("said_in_at", models.DateTimeField(null=True)),
                ("off_s", models.FloatField(default=0)),
                ("out_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "came_from",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="went_to",
                        to="emergency.stay",
                    ),
                ),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="emergency.shelter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StayEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("instance", models.UUIDField()),
                ("stay_key", models.UUIDField()),
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
                    "kind",
                    models.CharField(
                        choices=[("in", "เข้า"), ("away", "ออกชั่วคราว"), ("back", "กลับเข้ามา"), ("out", "ออก")],
                        max_length=4,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("home", "กลับบ้าน"),
                            ("relative", "ไปอยู่กับญาติ"),
                            ("hospital", "ไปโรงพยาบาล"),
                            ("other_shelter", "ย้ายศูนย์"),
                            ("deceased", "เสียชีวิต"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField()),
                ("off_s", models.FloatField(default=0)),
                ("recorded_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "body",
                    maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_stayevent.body", null=True, ring="main"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "บันทึกแล้ว"),
                            ("early", "รอการเข้าพัก"),
                            ("waits", "รอตัดสิน"),
                            ("dropped", "ไม่ใช้"),
                        ],
                        max_length=8,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("solved_by", models.CharField(blank=True, max_length=80)),
                ("solved_at", models.DateTimeField(null=True)),
                ("solved_how", models.CharField(blank=True, max_length=300)),
                (
                    "desk",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="emergency.shelterdesk",
                    ),
                ),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="emergency.shelter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StayNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    maehia.kit.modes.ModeField(
                        choices=[("live", "จริง"), ("exercise", "ซ้อม")],
                        default=maehia.kit.modes.current_mode,
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("need", maehia.kit.crypto.fields.EncryptedTextField(aad="emergency_stayneed.need", ring="s26")),
                ("ground", models.CharField(max_length=60)),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="emergency.stay"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShelterLoad",
            fields=[
                (
                    "shelter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="load",
                        serialize=False,
                        to="emergency.shelter",
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
                ("heads", models.IntegerField(default=0)),
                ("beds", models.IntegerField(default=0)),
                ("capacity_day", models.IntegerField()),
                ("capacity_night", models.IntegerField()),
                ("extra", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("beds__gte", 0), ("extra__gte", 0), ("heads__gte", 0)),
                        name="emergency_load_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "beds__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("capacity_night"), "+", models.F("extra")
                                ),
                            ),
                            (
                                "heads__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("capacity_day"), "+", models.F("extra")
                                ),
                            ),
                        ),
                        name="emergency_load_within_capacity",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=("incident", "place_key"),
                name="emergency_shelter_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity_night__lte", models.F("capacity_day"))),
                name="emergency_shelter_night_in_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelternight",
            constraint=models.UniqueConstraint(
                condition=models.Q(("by_hand", False)), fields=("shelter", "day"), name="emergency_night_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shelteroverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("places__gte", 1),
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("by_name", ""), _negated=True),
                ),
                name="emergency_override_named",
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["shelter", "state"], name="emergency_stay_shelter"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("party__isnull", False)), fields=["party"], name="emergency_stay_party"
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("person_key__isnull", False)), fields=["person_key"], name="emergency_stay_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("checked_in", "temporarily_out")), ("person_key__isnull", False)),
                fields=("mode", "person_key"),
                name="emergency_stay_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("checked_in", "temporarily_out")), ("id_index__isnull", False)),
                fields=("mode", "id_index"),
                name="emergency_stay_one_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ("checked_in", "temporarily_out")), models.Q(("band", ""), _negated=True)
                ),
                fields=("mode", "band"),
                name="emergency_stay_band",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("planned", "cancelled")), ("in_at__isnull", False), _connector="OR"),
                name="emergency_stay_came",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "checked_out"),
                        models.Q(("how", ""), _negated=True),
                        ("out_at__gte", models.F("in_at")),
                    ),
                    models.Q(models.Q(("state", "checked_out"), _negated=True), ("how", ""), ("out_at", None)),
                    _connector="OR",
                ),
                name="emergency_stay_left_somehow",
            ),
        ),
        migrations.AddIndex(
            model_name="stayevent",
            index=models.Index(fields=["stay_key"], name="emergency_stayevent_stay"),
        ),
        migrations.AddIndex(
            model_name="stayevent",
            index=models.Index(fields=["shelter", "at"], name="emergency_stayevent_at"),
        ),
        migrations.AddIndex(
            model_name="stayevent",
            index=models.Index(
                condition=models.Q(("state", "waits")), fields=["shelter"], name="emergency_stayevent_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="stayevent",
            constraint=models.UniqueConstraint(fields=("instance", "hash"), name="emergency_stayevent_same"),
        ),
        migrations.AddConstraint(
            model_name="stayevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("problem", "other_content"), _negated=True),
                fields=("instance",),
                name="emergency_stayevent_once",
            ),
        ),
    ]
