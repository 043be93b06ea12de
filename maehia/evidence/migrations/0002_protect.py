"""Row-level security of evidence, and the rule that what a record says is never changed."""

from django.db import migrations

from maehia.kit.policies import protect, protect_history

GUARD = """
CREATE FUNCTION public.evidence_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ending text[] := ARRAY['valid_to', 'known_to', 'ended_at', 'ended_by_id'];
BEGIN
  IF public.maehia_alters() THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - ending IS DISTINCT FROM to_jsonb(NEW) - ending THEN
    RAISE EXCEPTION 'maehia: what a record of % says is never changed', TG_TABLE_NAME USING ERRCODE = 'MH001';
  END IF;
  RETURN NEW;
END $$;
"""
RECORDS = [
    "personrecord", "needrecord", "houserecord", "buildingrecord", "parcelrecord", "businessrecord", "placerecord",
    "assetrecord", "petrecord", "arearecord", "roadrecord", "waterwayrecord", "stationrecord", "placecoderecord",
]  # fmt: skip


def guard(name):
    table = f"evidence_{name}"
    return migrations.RunSQL(
        f"CREATE TRIGGER mh_record_guard BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION public.evidence_record_guard()",
        f"DROP TRIGGER mh_record_guard ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("kit", "0002_rights")]
    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION public.evidence_record_guard()"),
        *[guard(name) for name in RECORDS],
        protect("evidence_personrecord", "personal", moo="moo", mode="mode"),
        protect("evidence_needrecord", "s26", mode="mode"),
        protect("evidence_correction", "personal", key="key", mode="mode"),
        protect_history("evidence_correctionevent", "personal", key="key", mode="mode"),
    ]
