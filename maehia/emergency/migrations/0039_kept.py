"""What was done in an emergency is not removed by whoever serves pages; what sheltered people need stays there.

Only a purpose that alters (redaction by a recorded order) removes rows. A need is health data: the public door and the
command room, whose purposes read the class `relief`, do not read it.
"""

from django.db import migrations

from maehia.kit.policies import ROLES, append_only, run_sql

KEPT = (
    "incident", "footprint", "handover", "snapshot", "survey", "claim", "donation", "stay", "stayevent", "calldown",
    "approvalcall", "otherway", "broadcastrequest", "review", "finding", "correctiveaction",
)  # fmt: skip
NOT_NEEDS = "('emergency.help', 'emergency.command')"


def never_deleted(table: str) -> migrations.RunSQL:
    return run_sql(
        f"CREATE TRIGGER mh_never_deleted BEFORE DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION public.maehia_append_only()",
        f"DROP TRIGGER IF EXISTS mh_never_deleted ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("emergency", "0038_release_protect")]
    operations = [
        *[never_deleted(f"emergency_{name}") for name in KEPT],
        append_only("emergency_distribution"),
        run_sql(
            f"CREATE POLICY mh_shelter ON emergency_stayneed AS RESTRICTIVE FOR SELECT TO {ROLES}"
            f" USING ((SELECT public.maehia_purpose()) NOT IN {NOT_NEEDS})",
            "DROP POLICY IF EXISTS mh_shelter ON emergency_stayneed",
        ),
    ]
