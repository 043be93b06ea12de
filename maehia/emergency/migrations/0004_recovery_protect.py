"""Row-level security of reports and reviews. A situation report that was made public is read by everybody."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect

PUBLIC = "(SELECT public.maehia_reads('open')) AND is_public AND mode = 'live'"
INSIDE = ("review", "finding", "correctiveaction", "exercise", "inject")


class Migration(migrations.Migration):
    dependencies = [("emergency", "0003_recovery")]
    operations = [
        mode_key("emergency_review"),
        mode_key("emergency_finding"),
        mode_key("emergency_exercise", "incident_id"),
        *[mode_foreign_key(f"emergency_{name}", "incident_id", "emergency_incident")
          for name in ("sitrep", "review", "exercise")],
        mode_foreign_key("emergency_finding", "review_id", "emergency_review"),
        mode_foreign_key("emergency_correctiveaction", "finding_id", "emergency_finding"),
        mode_foreign_key("emergency_inject", "exercise_id", "emergency_exercise", "incident_id"),
        protect("emergency_lifelinetarget", "open"),
        protect("emergency_sitrep", "incident", mode="mode", reads=PUBLIC),
        append_only("emergency_sitrep"),
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in INSIDE],
    ]  # fmt: skip
