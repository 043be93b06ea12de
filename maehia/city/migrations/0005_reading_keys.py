from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city", "0004_search")]
    operations = [
        migrations.CreateModel(
            name="ReadingKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("stations", models.JSONField(blank=True, default=list)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=80)),
            ],
            options={"ordering": ["-made_at", "-id"]},
        ),
        migrations.AddConstraint(
            model_name="readingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("revoked_at", None), models.Q(("revoked_by", ""), _negated=True), _connector="OR"),
                name="reading_key_revoked_by_somebody",
            ),
        ),
    ]
