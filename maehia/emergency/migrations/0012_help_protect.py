"""Row-level security of requests for help: class `relief`, in the mode of the context. Nothing of them is deleted."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect, run_sql

KEPT = ("helprequest", "safereport")


def never_deleted(table: str) -> migrations.RunSQL:
    return run_sql(
        f"CREATE TRIGGER mh_never_deleted BEFORE DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION public.maehia_append_only()",
        f"DROP TRIGGER IF EXISTS mh_never_deleted ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("emergency", "0011_help")]
    operations = [
        mode_key("emergency_helprequest"),
        mode_key("emergency_safereport"),
        *[mode_foreign_key(f"emergency_{name}", "incident_id", "emergency_incident") for name in KEPT],
        mode_foreign_key("emergency_helprequest", "same_as_id", "emergency_helprequest"),
        mode_foreign_key("emergency_helprequest", "team_id", "emergency_team"),
        mode_foreign_key("emergency_helpevent", "request_id", "emergency_helprequest"),
        mode_foreign_key("emergency_safereport", "again_of_id", "emergency_safereport"),
        protect("emergency_helprequest", "relief", key=["id", "person_key"], mode="mode"),
        protect("emergency_helpevent", "relief", key=["request_id"], mode="mode"),
        protect("emergency_safereport", "relief", key=["id", "person_key"], mode="mode"),
        append_only("emergency_helpevent"),
        *[never_deleted(f"emergency_{name}") for name in KEPT],
    ]
