"""Rights of the roles, the functions that the policies call, and the first protected tables."""

from pathlib import Path

from django.db import migrations

from maehia.kit.policies import protect, read_only, run_sql

SQL = Path(__file__).resolve().parents[1] / "sql"

ROLES_EXIST = """DO $$
DECLARE missing text;
BEGIN
  SELECT string_agg(r, ', ') INTO missing
  FROM unnest(ARRAY['maehia_app', 'maehia_worker', 'maehia_search', 'maehia_owner']) r
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'maehia: roles are missing: %; run maehia/kit/sql/maehia_roles.sql first', missing;
  END IF;
  IF current_user <> 'maehia_owner' THEN
    RAISE EXCEPTION 'maehia: migrations run as maehia_owner, not as %', current_user;
  END IF;
END $$"""

# TRUNCATE and REFERENCES are never granted. Tables made before this line and after it are both covered.
GRANTS = """
GRANT USAGE ON SCHEMA public TO maehia_app, maehia_worker, maehia_search;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO maehia_app, maehia_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO maehia_app, maehia_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO maehia_app, maehia_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO maehia_app, maehia_worker;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM maehia_app, maehia_worker;
"""

TRIGGERS = """
CREATE TRIGGER kit_scope_limits BEFORE INSERT OR UPDATE ON kit_scope
  FOR EACH ROW EXECUTE FUNCTION public.maehia_grant_limits();
CREATE TRIGGER kit_demo_mark_once BEFORE UPDATE OR DELETE ON kit_demo_mark
  FOR EACH ROW EXECUTE FUNCTION public.maehia_once();
"""
DROP_TRIGGERS = """
DROP TRIGGER kit_scope_limits ON kit_scope;
DROP TRIGGER kit_demo_mark_once ON kit_demo_mark;
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_frame")]

    operations = [
        run_sql(ROLES_EXIST, "SELECT 1"),
        run_sql(GRANTS, "SELECT 1"),
        run_sql((SQL / "functions.sql").read_text(encoding="utf-8"), "SELECT 1"),
        run_sql(TRIGGERS, DROP_TRIGGERS),
        read_only("kit_purpose"),
        read_only("kit_demo_mark"),
        protect("kit_scope", "audit", reads="actor = (SELECT public.maehia_actor())"),
        protect("kit_scope_key", "audit", reads="scope_id IN (SELECT s.id FROM public.kit_scope s)"),
    ]
