"""Search by name: one function of maehia_search, because under row-level security a trigram index is not used.

It checks purpose, mode and scope itself, and returns keys only; the rows are then read under the caller's policies.
"""

from django.db import migrations

from maehia.kit.policies import owned_by_search

FUNCTION = """
CREATE FUNCTION public.city_search_people(sought text, sounded text, most integer)
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
    SELECT n.person_id, max(
        CASE WHEN n.folded = sought THEN 3 WHEN n.folded LIKE pattern THEN 2 ELSE 1 END
        + CASE WHEN n.current THEN 0.5 ELSE 0 END + similarity(n.folded, sought))::real AS score
    FROM public.city_personname n
    WHERE (n.folded LIKE pattern OR (sounded <> '' AND n.sound = sounded)) AND n.mode = asked
      AND (everywhere OR n.moo::text = ANY (moos) OR n.person_id IN (SELECT public.maehia_scope_keys()))
    GROUP BY n.person_id
    ORDER BY 2 DESC, 1
    LIMIT least(most, 200);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("city", "0003_observations")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.city_search_people(text, text, integer)"),
        owned_by_search("public.city_search_people(text, text, integer)"),
    ]
