"""Row-level security of the desk. Playbooks are the town's own papers and carry no mode; their use does."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import protect

OF_INCIDENT = ("authoritynotice", "shift", "checklist")
OF_SHIFT = ("post", "objective")


class Migration(migrations.Migration):
    dependencies = [("emergency", "0005_desk")]
    operations = [
        mode_key("emergency_shift"),
        mode_key("emergency_checklist"),
        *[mode_foreign_key(f"emergency_{name}", "incident_id", "emergency_incident") for name in OF_INCIDENT],
        *[mode_foreign_key(f"emergency_{name}", "shift_id", "emergency_shift") for name in OF_SHIFT],
        mode_foreign_key("emergency_checklistitem", "checklist_id", "emergency_checklist"),
        *[protect(f"emergency_{name}", "incident", mode="mode")
          for name in (*OF_INCIDENT, *OF_SHIFT, "checklistitem")],
        protect("emergency_playbook", "incident"),
        protect("emergency_playbookversion", "incident"),
    ]  # fmt: skip
