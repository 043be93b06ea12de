"""Search by name as two questions instead of one with OR, so that each uses its own index.

With OR the planner reads the whole table as soon as a sound is frequent (measured on 27,000 names: 10-30 ms, growing
with the town). Names that hold the words come first; a few that only sound alike fill up after them. MATERIALIZED
keeps the grouping from choosing the index of the key; without fastupdate the index has no unsorted tail to read.
"""

from django.db import migrations

from maehia.kit.policies import run_sql

FUNCTION = """
CREATE OR REPLACE FUNCTION public.city_search_people(sought text, sounded text, most integer)
RETURNS TABLE (person_id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  pattern text := '%' || replace(replace(replace(sought, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
  everywhere boolean := public.maehia_scope_all();
  moos text[] := public.maehia_scope_moos();
  asked text := public.maehia_mode();
BEGIN
  IF NOT public.maehia_reads('personal') THEN
    RAISE EXCEPTION 'maehia: this purpose does not search people' USING ERRCODE = 'MH004';
  END IF;
  IF length(sought) < 2 THEN
    RETURN;
  END IF;
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT n.person_id, n.folded, n.current FROM public.city_personname n
      WHERE n.folded LIKE pattern AND n.mode = asked
        AND (everywhere OR n.moo::text = ANY (moos) OR n.person_id IN (SELECT public.maehia_scope_keys())))
    SELECT f.person_id, max(
        CASE WHEN f.folded = sought THEN 3 ELSE 2 END + CASE WHEN f.current THEN 0.5 ELSE 0 END
        + similarity(f.folded, sought))::real AS score
    FROM found f GROUP BY f.person_id ORDER BY 2 DESC, 1 LIMIT least(most, 200);
  IF sounded = '' THEN
    RETURN;
  END IF;
  RETURN QUERY
    WITH found AS MATERIALIZED (
      SELECT n.person_id, n.folded FROM public.city_personname n
      WHERE n.sound = sounded AND n.folded NOT LIKE pattern AND n.mode = asked
        AND (everywhere OR n.moo::text = ANY (moos) OR n.person_id IN (SELECT public.maehia_scope_keys())))
    SELECT f.person_id, max(similarity(f.folded, sought))::real AS score
    FROM found f GROUP BY f.person_id ORDER BY 2 DESC, 1 LIMIT least(most, 20);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("city", "0006_search_rights")]
    # Replacing keeps the owner (maehia_search) and the rights of the first version.
    operations = [
        run_sql(FUNCTION, ""),
        run_sql("ALTER INDEX person_name_trgm SET (fastupdate = off)", "ALTER INDEX person_name_trgm RESET (fastupdate)"),
    ]
