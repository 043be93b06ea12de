"""Every table and view of the database: protected, or listed with a reason. Nothing lies open by accident."""

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from maehia.kit import guard, sweep
from maehia.kit.testing import AppTestCase, ConcurrentTestCase, owner_connection

WRITTEN_BY_TRIGGERS = {"emergency_shelterload"}  # the serving roles only read these: they are refused even earlier


class Sweep(AppTestCase):
    def test_every_table_is_protected_or_has_a_written_reason(self):
        assert [f"{problem.code} {problem.where}" for problem in sweep.findings()] == []

    def test_every_reason_is_a_sentence(self):
        for table, reason in sweep.reasons().items():
            assert len(reason) >= 6, table
            assert reason.endswith((".", ";")), table

    def test_without_a_context_no_protected_table_shows_a_row(self):
        """As maehia_app, past the Python guard, over every protected table."""
        with connection.cursor() as cursor:
            raw = cursor.cursor
            raw.execute("SELECT current_user")
            assert raw.fetchone() == ("maehia_app",)
            for table in self.protected():
                raw.execute(f'SELECT count(*) FROM "{table}"')
                assert raw.fetchone() == (0,), table

    def test_without_a_context_nothing_is_changed_or_removed(self):
        with connection.cursor() as cursor:
            for table in self.protected():
                try:
                    with transaction.atomic():
                        cursor.cursor.execute(f'DELETE FROM "{table}"')
                        assert cursor.cursor.rowcount == 0, table
                except (InsufficientPrivilege, ProgrammingError):
                    assert table in WRITTEN_BY_TRIGGERS

    def test_every_protected_table_is_known_to_the_guard(self):
        assert set(guard.protected_tables(connection)) == set(self.protected())

    def protected(self):
        return [name for name, why in sweep.tables().items() if why == "policies"]


class Finding(ConcurrentTestCase):
    """What the sweep says when somebody forgets."""

    def run_owner(self, sql):
        with owner_connection().cursor() as cursor:
            cursor.execute(sql)

    def found(self, sql):
        before = set(sweep.findings())
        self.run_owner(f"CREATE TABLE kit_test_forgotten (name text); {sql}")
        try:
            return {(problem.code, problem.where) for problem in set(sweep.findings()) - before}
        finally:
            self.run_owner("DROP TABLE kit_test_forgotten CASCADE")

    def test_a_forgotten_table(self):
        assert self.found("") == {("table_not_listed", "kit_test_forgotten")}

    def test_a_view_that_reads_with_the_owners_rights(self):
        found = self.found("CREATE VIEW kit_test_view AS SELECT * FROM kit_test_forgotten")
        assert ("table_not_listed", "kit_test_view") in found

    def test_a_view_that_reads_with_the_callers_rights_is_fine(self):
        found = self.found("CREATE VIEW kit_test_view WITH (security_invoker=true) AS SELECT * FROM kit_test_forgotten")
        assert found == {("table_not_listed", "kit_test_forgotten")}

    def test_security_without_force_and_without_policies(self):
        found = self.found("ALTER TABLE kit_test_forgotten ENABLE ROW LEVEL SECURITY")
        assert ("not_forced", "kit_test_forgotten") in found
        assert ("policy_missing", "kit_test_forgotten: DELETE, INSERT, SELECT, UPDATE") in found

    def test_a_policy_for_everybody(self):
        found = self.found(
            "ALTER TABLE kit_test_forgotten ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY open ON kit_test_forgotten USING (true)"
        )
        assert ("policy_for_public", "kit_test_forgotten") in found

    def test_a_right_to_truncate(self):
        found = self.found("GRANT TRUNCATE ON kit_test_forgotten TO maehia_worker")
        assert ("may_truncate", "kit_test_forgotten: maehia_worker") in found


@pytest.mark.usefixtures("protected")
class Roles(AppTestCase):
    def test_new_tables_of_the_owner_are_usable_without_truncate(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p, has_table_privilege('maehia_worker', 'kit_series', p) FROM"
                " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES']) p"
            )
            assert dict(cursor.fetchall()) == {
                "SELECT": True, "INSERT": True, "UPDATE": True, "DELETE": True, "TRUNCATE": False, "REFERENCES": False,
            }  # fmt: skip

    def test_nobody_may_make_tables_or_change_roles(self):
        for statement in ("CREATE TABLE public.kit_test_own (id int)", "SET ROLE maehia_owner"):
            with (
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_row_security_cannot_be_switched_off(self):
        with connection.cursor() as cursor:
            cursor.cursor.execute("SET LOCAL row_security = off")
            with pytest.raises(Exception, match="row-level security"), transaction.atomic():
                cursor.cursor.execute("SELECT * FROM kit_test_person")
