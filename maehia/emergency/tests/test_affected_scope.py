"""Looking a key up in a grant shows exactly whom reading the whole grant shows, in every scope."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.city.models import Need, Person
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.riverside import Riverside, person_key
from maehia.kit.acting import Scope, acting
from maehia.kit.models import Scope as Grant
from maehia.kit.models import ScopeKey
from maehia.kit.policies import in_scope
from maehia.kit.testing import AppTestCase

PEOPLE = [person_key(n) for n in range(1, 11)]
PURPOSES = ("emergency.affected", "break_glass.s26", "me.data", "welfare.care", "volunteer.visit", "emergency.command")


class TestScope(Riverside, Watch, AppTestCase):
    def grant(self, keys, *, actor=None, purpose="emergency.affected", ended=False):
        with self.acting(), connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            begin = cursor.fetchone()[0]
            made = Grant.objects.create(actor=actor or self.commander.actor, purpose=purpose, starts_at=begin,
                                        expires_at=begin + timedelta(hours=1), ended_at=begin if ended else None)  # fmt: skip
            ScopeKey.objects.bulk_create([ScopeKey(scope=made, key=key) for key in keys])
        return Scope.grant(made.pk)

    def both(self, purpose, scope):
        """Keys by the old words, by the new ones (hashed or not), and those whom the tables show."""
        with acting(self.commander.actor, purpose, scope=scope), connection.cursor() as cursor:
            words = [in_scope("k.key"), in_scope("k.key", one_by_one=True)]
            asked = ", ".join(["k.key IN (SELECT public.maehia_scope_keys())", *words]).replace("%", "%%")
            cursor.execute(f"SELECT k.key, {asked} FROM unnest(%s::uuid[]) k(key)", [PEOPLE])
            rows = cursor.fetchall()
            shown = set(Person.objects.values_list("key", flat=True))
            needs = set(Need.objects.values_list("person_id", flat=True))
        found = [{row[0] for row in rows if row[column]} for column in (1, 2, 3)]
        return (*found, shown, needs)

    def test_every_scope_shows_the_same_people_either_way(self):
        @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(st.sampled_from(PEOPLE), unique=True), st.sampled_from(PURPOSES), st.booleans(),
               st.sampled_from(["grant", "subject", "area", "other", "none"]))  # fmt: skip
        def same(keys, purpose, ended, kind):
            scope = self.scope(kind, keys, purpose, ended)
            old, new, slow, shown, needs = self.both(purpose, scope)
            assert old == new == slow
            if kind in ("grant", "other") and purpose in ("emergency.affected", "break_glass.s26"):
                expected = set(keys) if kind == "grant" and not ended else set()
                assert (old, shown) == (expected, expected)
                assert needs == expected & {person_key(n) for n in (1, 6, 8)}

        same()

    def test_pages_are_found_by_their_indexes_as_the_serving_role(self):
        """Plans of a table with statistics are the bench's matter; here: an index can serve, policies do not forbid it."""
        scope = self.grant(PEOPLE)
        page = "SELECT lead FROM emergency_snapshotrow WHERE snapshot_id = %s AND rank > 5 ORDER BY rank LIMIT 500"
        asked = {
            "emergency_snapshotrow": (page, [uuid.uuid4()]),
            "city_person": ("SELECT key FROM city_person WHERE key = ANY (%s)", [PEOPLE]),
            "city_need": ("SELECT key FROM city_need WHERE person_id = ANY (%s)", [PEOPLE]),
            "kit_scope_key": ("SELECT count(*) FROM city_person WHERE key = ANY (%s)", [PEOPLE[:1]]),
        }
        for table, (statement, values) in asked.items():
            plan = self.plan(scope, statement, values)
            assert re.search(rf"Index (Only )?Scan using \w+ on {table}\b", plan), plan

    def plan(self, scope, statement, values):
        with acting(self.commander.actor, "emergency.affected", scope=scope), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == "maehia_app"
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute("EXPLAIN " + statement, values)
            return "\n".join(row[0] for row in cursor.fetchall())

    def scope(self, kind, keys, purpose, ended):
        if kind == "grant":
            return self.grant(keys, purpose=purpose, ended=ended)
        if kind == "other":
            return self.grant(keys, actor=self.officer.actor, purpose=purpose)
        if kind == "subject":
            return Scope.subject(keys[0] if keys else uuid.uuid4())
        return Scope.area(["5"]) if kind == "area" else None
