"""Row-level security of door lists and the call-down. Notes and calls are about people; calls go by their person."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect

KEYS = ("doorlist", "door", "doorvisit", "callround", "calldown")
BOUND = [
    ("doorlist", "incident_id", "incident"), ("doorlist", "footprint_id", "footprint"), ("doorlist", "team_id", "team"),
    ("door", "list_id", "doorlist"), ("dooraccess", "list_id", "doorlist"),
    ("doorvisit", "list_id", "doorlist"), ("doorvisit", "door_id", "door"),
    ("doornote", "visit_id", "doorvisit"), ("doorconflict", "list_id", "doorlist"),
    ("doorconflict", "visit_id", "doorvisit"), ("doorconflict", "door_id", "door"),
    ("callround", "incident_id", "incident"), ("calldown", "round_id", "callround"),
    ("callanswer", "call_id", "calldown"),
]  # fmt: skip
OF_INCIDENT = ("doorlist", "door", "dooraccess", "doorvisit", "callround")


class Migration(migrations.Migration):
    dependencies = [("emergency", "0013_doors"), ("kit", "0002_rights")]
    operations = [
        *[mode_key(f"emergency_{name}") for name in KEYS],
        *[mode_foreign_key(f"emergency_{name}", column, f"emergency_{to}") for name, column, to in BOUND],
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in OF_INCIDENT],
        protect("emergency_doornote", "relief", mode="mode", scoped=False),
        protect("emergency_doorconflict", "relief", mode="mode", scoped=False),
        protect("emergency_calldown", "relief", mode="mode", key="person_key"),
        protect("emergency_callanswer", "relief", mode="mode", key="person_key"),
        append_only("emergency_doorvisit"),
        append_only("emergency_callanswer"),
    ]
