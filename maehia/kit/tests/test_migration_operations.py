"""What a migration says in one line: protect, unprotect, history, search, composite keys; forward and back."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from maehia.kit import guard, modes, policies, sweep
from maehia.kit.policies import append_only, owned_by_search, protect, protect_history, read_only
from maehia.kit.testing import ConcurrentTestCase

TABLE = "kit_test_thing"


def owner(*statements):
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def app(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


class Operations(ConcurrentTestCase):
    def setUp(self):
        owner(f"CREATE TABLE {TABLE} (id uuid PRIMARY KEY, name text, mode varchar(8) NOT NULL DEFAULT 'live')")

    def tearDown(self):
        owner(f"DROP TABLE IF EXISTS {TABLE}_child", f"DROP TABLE IF EXISTS {TABLE} CASCADE")
        owner("DROP FUNCTION IF EXISTS kit_test_find(text)")
        guard.forget()

    def forward(self, operation):
        owner(*operation.sql)
        guard.forget()

    def backward(self, operation):
        owner(*operation.reverse_sql)
        guard.forget()

    def add(self, name="ก"):
        with self.acting():
            return app(f"INSERT INTO {TABLE} (id, name) VALUES (%s, %s) RETURNING id", uuid4(), name)

    def state(self):
        return app("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", TABLE)[0]

    def test_protection_comes_and_goes(self):
        operation = protect(TABLE, "open", mode="mode")
        self.forward(operation)
        assert self.state() == (True, True)
        self.add()
        with pytest.raises(Exception, match="วัตถุประสงค์"):
            app(f"SELECT * FROM {TABLE}")
        self.backward(operation)
        assert self.state() == (False, False)
        assert len(app(f"SELECT * FROM {TABLE}")) == 1
        assert app("SELECT count(*) FROM pg_policies WHERE tablename = %s", TABLE) == [(0,)]

    def test_protection_comes_back_after_it_went(self):
        operation = protect(TABLE, "open")
        for move in (self.forward, self.backward, self.forward):
            move(operation)
        assert self.state() == (True, True)

    def test_history_is_added_to_only(self):
        self.forward(protect_history(TABLE, "open", mode="mode"))
        self.add()
        with self.acting():
            assert app(f"UPDATE {TABLE} SET name = 'ข'") == 0
            assert app(f"DELETE FROM {TABLE}") == 0
            assert app(f"SELECT name FROM {TABLE}") == [("ก",)]
        assert [p.code for p in sweep.findings() if p.where.startswith(TABLE)] == []

    def test_an_open_table_can_be_append_only_too(self):
        operation = append_only(TABLE)
        self.forward(operation)
        app(f"INSERT INTO {TABLE} (id) VALUES (%s)", uuid4())
        for sql in (f"UPDATE {TABLE} SET name = 'x'", f"DELETE FROM {TABLE}"):
            with pytest.raises(DatabaseError, match="never changed"):
                app(sql)
        with self.acting("system.keys"):
            assert app(f"UPDATE {TABLE} SET name = 'x'") == 1
        self.backward(operation)
        assert app(f"DELETE FROM {TABLE}") == 1

    def test_a_table_of_the_owner_is_read_only(self):
        operation = read_only(TABLE)
        self.forward(operation)
        with pytest.raises(DatabaseError, match="permission denied"):
            app(f"INSERT INTO {TABLE} (id) VALUES (%s)", uuid4())
        self.backward(operation)
        assert app(f"INSERT INTO {TABLE} (id) VALUES (%s)", uuid4()) == 1

    def test_more_may_be_read_and_added_than_the_class_says(self):
        self.forward(protect(TABLE, "audit", reads="name = 'ของทุกคน'", inserts="name = 'ของทุกคน'"))
        with self.acting("system.login"):
            assert app(f"INSERT INTO {TABLE} (id, name) VALUES (%s, 'ของทุกคน') RETURNING name", uuid4()) == [
                ("ของทุกคน",)
            ]
            assert app(f"UPDATE {TABLE} SET name = 'x'") == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                app(f"INSERT INTO {TABLE} (id, name) VALUES (%s, 'อื่น')", uuid4())

    def test_the_search_function_sees_all_rows_and_only_it(self):
        self.forward(protect(TABLE, "personal", search=True))
        self.add("กมล")
        owner(
            f"""CREATE FUNCTION kit_test_find(part text) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
            SET search_path = public AS $$ SELECT name FROM {TABLE} WHERE name LIKE '%' || part || '%' $$"""
        )
        with transaction.atomic(using="owner"):
            owner(*owned_by_search("public.kit_test_find(text)").sql)
        assert app("SELECT kit_test_find('ก')") == [("กมล",)]
        assert app(
            "SELECT rolname FROM pg_proc p JOIN pg_roles r ON r.oid = proowner WHERE proname = 'kit_test_find'"
        ) == [("maehia_search",)]
        assert app("SELECT has_schema_privilege('maehia_search', 'public', 'CREATE')") == [(False,)]

    def test_composite_keys_come_and_go(self):
        owner(f"CREATE TABLE {TABLE}_child (id int, thing uuid, mode varchar(8))")
        key, link = modes.mode_key(TABLE), modes.mode_foreign_key(f"{TABLE}_child", "thing", TABLE)
        self.forward(key)
        self.forward(link)
        with pytest.raises(DatabaseError, match="mode_fk"):
            app(f"INSERT INTO {TABLE}_child VALUES (1, %s, 'live')", uuid4())
        self.backward(link)
        self.backward(key)
        assert app(f"INSERT INTO {TABLE}_child VALUES (1, %s, 'drill')", uuid4()) == 1

    def test_a_model_names_its_table(self):
        from maehia.kit.models import Series

        assert policies.table_name(Series) == "kit_series"
