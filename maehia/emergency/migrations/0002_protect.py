"""Row-level security of incidents: class `incident`, and the mode of the context. The log is only ever added to."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect

OF_INCIDENT = ("logline", "order", "handover", "footprint", "team")
ALONE = ("inside", "teammember", "grant")


class Migration(migrations.Migration):
    dependencies = [("emergency", "0001_initial"), ("kit", "0002_rights")]
    operations = [
        mode_key("emergency_incident"),
        mode_key("emergency_footprint"),
        mode_key("emergency_team"),
        mode_foreign_key("emergency_incident", "merged_into_id", "emergency_incident"),
        mode_foreign_key("emergency_incident", "footprint_id", "emergency_footprint"),
        *[mode_foreign_key(f"emergency_{name}", "incident_id", "emergency_incident") for name in OF_INCIDENT],
        mode_foreign_key("emergency_inside", "footprint_id", "emergency_footprint"),
        mode_foreign_key("emergency_grant", "footprint_id", "emergency_footprint"),
        mode_foreign_key("emergency_teammember", "team_id", "emergency_team"),
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in ("incident", *OF_INCIDENT, *ALONE)],
        append_only("emergency_logline"),
        append_only("emergency_order"),
    ]
