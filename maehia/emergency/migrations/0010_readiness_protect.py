"""Row-level security of readiness: class `incident`. What was called, moved or crossed carries its mode; who is on call
and which limits hold are the same in earnest and in exercise."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect

SHARED = ("contact", "dutyshift", "dutyneed", "resource", "outsidenumber", "readinesschange", "sheltercheck",
          "calltree", "callpost", "callperson", "threshold")  # fmt: skip
OF_MODE = ("resourcechange", "callrun", "calltry", "thresholdstate", "thresholdcrossing")
OF_INCIDENT = ("resourcechange", "callrun", "thresholdcrossing")
ONLY_ADDED = ("resourcechange", "readinesschange", "sheltercheck")


class Migration(migrations.Migration):
    dependencies = [("emergency", "0009_readiness")]
    operations = [
        mode_key("emergency_callrun"),
        mode_foreign_key("emergency_calltry", "run_id", "emergency_callrun"),
        *[mode_foreign_key(f"emergency_{name}", "incident_id", "emergency_incident") for name in OF_INCIDENT],
        *[protect(f"emergency_{name}", "incident") for name in SHARED],
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in OF_MODE],
        *[append_only(f"emergency_{name}") for name in ONLY_ADDED],
    ]
