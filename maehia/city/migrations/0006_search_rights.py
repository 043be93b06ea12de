"""What the search function must read to judge a purpose and a grant: without it no search by name runs at all.

The functions of kit run with the caller's rights, and inside the search function the caller is maehia_search.
"""

from django.db import migrations

from maehia.kit.policies import run_sql

GRANT = """
GRANT SELECT ON kit_purpose, kit_scope, kit_scope_key TO maehia_search;
CREATE POLICY mh_search ON kit_scope FOR SELECT TO maehia_search USING (actor = (SELECT public.maehia_actor()));
CREATE POLICY mh_search ON kit_scope_key FOR SELECT TO maehia_search
  USING (scope_id IN (SELECT s.id FROM public.kit_scope s));
"""
REVOKE = """
DROP POLICY mh_search ON kit_scope;
DROP POLICY mh_search ON kit_scope_key;
REVOKE SELECT ON kit_purpose, kit_scope, kit_scope_key FROM maehia_search;
"""


class Migration(migrations.Migration):
    dependencies = [("city", "0005_reading_keys"), ("kit", "0002_rights")]
    operations = [run_sql(GRANT, REVOKE)]
