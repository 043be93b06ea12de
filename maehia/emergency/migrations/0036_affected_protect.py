"""Row-level security of readings. The system writes them under the purpose that finds who is inside; nobody else."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, look_up_keys, protect

BY_RESOLVE = "(SELECT public.maehia_purpose()) = 'emergency.resolve' AND mode = (SELECT public.maehia_mode())"


class Migration(migrations.Migration):
    dependencies = [("emergency", "0035_affected")]
    operations = [
        mode_key("emergency_snapshot"),
        mode_foreign_key("emergency_snapshot", "footprint_id", "emergency_footprint"),
        mode_foreign_key("emergency_snapshot", "before_id", "emergency_snapshot"),
        mode_foreign_key("emergency_snapshotrow", "snapshot_id", "emergency_snapshot"),
        protect("emergency_snapshot", "incident", mode="mode"),
        protect("emergency_snapshotrow", "s26", key="lead", mode="mode", inserts=BY_RESOLVE),
        look_up_keys("emergency_snapshotrow", "s26", key="lead", mode="mode", one_by_one=True),
        append_only("emergency_snapshotrow"),
    ]
