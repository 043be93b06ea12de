"""Shelters under row-level security, and the counters that no check-in passes.

The counters are written by triggers that belong to the owner; the serving roles only read them. So the capacity holds
whatever code writes a stay, and two desks that write at the same moment wait for each other on one row.
"""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect, read_only, run_sql

OF_SHELTER = ("shelterload", "shelteroverride", "shelterdesk", "shelterbands", "stay", "stayevent", "shelternight")

SHELTER = """
CREATE FUNCTION public.emergency_shelter_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO emergency_shelterload (shelter_id, mode, heads, beds, capacity_day, capacity_night, extra)
    VALUES (NEW.id, NEW.mode, 0, 0, NEW.capacity_day, NEW.capacity_night, 0);
  ELSE
    IF NEW.state = 'closed' AND EXISTS (
      SELECT FROM emergency_shelterload l WHERE l.shelter_id = NEW.id AND l.heads > 0) THEN
      RAISE EXCEPTION 'shelter % still has people', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'emergency_shelter_closed_empty';
    END IF;
    UPDATE emergency_shelterload SET capacity_day = NEW.capacity_day, capacity_night = NEW.capacity_night
    WHERE shelter_id = NEW.id AND (capacity_day, capacity_night) <> (NEW.capacity_day, NEW.capacity_night);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_shelter_counts AFTER INSERT OR UPDATE ON emergency_shelter
  FOR EACH ROW EXECUTE FUNCTION public.emergency_shelter_counts()
"""
STAY = """
CREATE FUNCTION public.emergency_stay_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  was integer := 0; slept integer := 0; now_in integer := 0; sleeps integer := 0; place text;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.state IN ('checked_in', 'temporarily_out') THEN
    was := 1; slept := OLD.overnight::integer;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.state IN ('checked_in', 'temporarily_out') THEN
    now_in := 1; sleeps := NEW.overnight::integer;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.shelter_id <> OLD.shelter_id THEN
    RAISE EXCEPTION 'a stay does not move: it ends and another begins' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'emergency_stay_stays';
  END IF;
  IF now_in > was THEN
    SELECT state INTO place FROM emergency_shelter WHERE id = NEW.shelter_id;
    IF place IS DISTINCT FROM 'open' THEN
      RAISE EXCEPTION 'shelter % is not open', NEW.shelter_id USING ERRCODE = 'check_violation',
        CONSTRAINT = 'emergency_stay_shelter_open';
    END IF;
  END IF;
  IF (now_in, sleeps) <> (was, slept) THEN
    UPDATE emergency_shelterload SET heads = heads + now_in - was, beds = beds + sleeps - slept
    WHERE shelter_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.shelter_id ELSE NEW.shelter_id END;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no counters for this stay' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'emergency_stay_counted';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_stay_counts AFTER INSERT OR UPDATE OR DELETE ON emergency_stay
  FOR EACH ROW EXECUTE FUNCTION public.emergency_stay_counts()
"""
OVERRIDE = """
CREATE FUNCTION public.emergency_override_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE place uuid;
BEGIN
  place := CASE WHEN TG_OP = 'DELETE' THEN OLD.shelter_id ELSE NEW.shelter_id END;
  UPDATE emergency_shelterload SET extra = (
    SELECT coalesce(sum(o.places), 0) FROM emergency_shelteroverride o
    WHERE o.shelter_id = place AND o.ended_at IS NULL)
  WHERE shelter_id = place;
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_override_counts AFTER INSERT OR UPDATE OR DELETE ON emergency_shelteroverride
  FOR EACH ROW EXECUTE FUNCTION public.emergency_override_counts()
"""


def counter(name: str, table: str, sql: str) -> migrations.RunSQL:
    drop = f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS public.{name}()"
    return run_sql(f"{sql}; REVOKE ALL ON FUNCTION public.{name}() FROM PUBLIC", drop)


class Migration(migrations.Migration):
    dependencies = [("emergency", "0033_shelters")]
    operations = [
        mode_key("emergency_shelter"),
        mode_key("emergency_stay"),
        mode_key("emergency_shelterdesk"),
        mode_foreign_key("emergency_shelter", "incident_id", "emergency_incident"),
        *[mode_foreign_key(f"emergency_{name}", "shelter_id", "emergency_shelter") for name in OF_SHELTER],
        mode_foreign_key("emergency_stay", "came_from_id", "emergency_stay"),
        mode_foreign_key("emergency_stayneed", "stay_id", "emergency_stay"),
        mode_foreign_key("emergency_stayevent", "desk_id", "emergency_shelterdesk"),
        protect("emergency_sheltersite", "incident"),
        *[
            protect(f"emergency_{name}", "incident", mode="mode")
            for name in ("shelter", "shelterload", "shelteroverride", "shelterbands", "shelternight")
        ],
        protect("emergency_stay", "relief", mode="mode", key=["person_key"]),
        *[protect(f"emergency_{name}", "relief", mode="mode") for name in ("stayneed", "stayevent", "shelterdesk")],
        read_only("emergency_shelterload"),
        append_only("emergency_shelternight"),
        counter("emergency_shelter_counts", "emergency_shelter", SHELTER),
        counter("emergency_stay_counts", "emergency_stay", STAY),
        counter("emergency_override_counts", "emergency_shelteroverride", OVERRIDE),
    ]
