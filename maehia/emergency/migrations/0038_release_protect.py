"""Row-level security of the release of alerts. Only an alert of status Actual has recipients or goes to the province:
the key is over (id, status), so the database itself refuses an exercise that tries an outside channel."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key
from maehia.kit.policies import append_only, protect, run_sql

OUTSIDE = ("fanout", "alertrecipient", "broadcastrequest")
OF_ALERT = ("approvalcall", "otherway", *OUTSIDE)


def status_key(table: str) -> migrations.RunSQL:
    name = f"{table}_status_fk"
    return run_sql(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (alert_id, status)"
        f" REFERENCES emergency_alert (id, status) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("emergency", "0037_release")]
    operations = [
        run_sql(
            "ALTER TABLE emergency_alert ADD CONSTRAINT emergency_alert_status_key UNIQUE (id, status)",
            "ALTER TABLE emergency_alert DROP CONSTRAINT emergency_alert_status_key",
        ),
        *[mode_foreign_key(f"emergency_{name}", "alert_id", "emergency_alert") for name in OF_ALERT],
        *[status_key(f"emergency_{name}") for name in OUTSIDE],
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in OF_ALERT],
        protect("emergency_alerttext", "open"),
        append_only("emergency_alerttext"),
    ]
