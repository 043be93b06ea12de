"""Policies: logs are added to and never changed, grants end by themselves, DDL takes no strange names."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from maehia.kit import policies, purposes
from maehia.kit.acting import Scope, acting
from maehia.kit.models import PublishedPurpose, ScopeKey
from maehia.kit.models import Scope as Grant
from maehia.kit.testing import ConcurrentTestCase, owner_connection

pytestmark = pytest.mark.usefixtures("protected")

KAMON = UUID("00000000-0000-4000-8000-000000000001")
KASEM = UUID("00000000-0000-4000-8000-000000000002")
NURSE, NEIGHBOUR = "user:nurse", "user:neighbour"
for purpose in (
    purposes.Purpose("test.ask", writes=frozenset({"audit"})),
    purposes.Purpose("test.glass", frozenset({"personal", "s26"}), frozenset({"personal"}), needs_scope="grant"),
    purposes.Purpose("test.me", frozenset({"personal"}), needs_scope="subject"),
):
    purposes.register(purpose)


@pytest.fixture(scope="module", autouse=True)
def published(protected, django_db_blocker):
    with django_db_blocker.unblock():
        purposes.publish("owner")


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


class Logs(ConcurrentTestCase):
    def setUp(self):
        with acting(NURSE, "test.ask"):
            run("INSERT INTO kit_test_log (actor, key, note) VALUES (%s, %s, 'อ่าน') RETURNING id", NURSE, KAMON)

    def count(self, actor, purpose, **options):
        with acting(actor, purpose, **options):
            return run("SELECT count(*) FROM kit_test_log")[0][0]

    def test_nobody_writes_in_anothers_name(self):
        with pytest.raises(DatabaseError, match="row-level security"), acting(NEIGHBOUR, "test.ask"):
            run("INSERT INTO kit_test_log (actor, note) VALUES (%s, 'x')", NURSE)

    def test_the_auditor_reads_all_and_a_reader_his_own(self):
        assert self.count("system:test", "test.everything") == 1
        assert self.count(NURSE, "test.ask") == 1
        assert self.count(NEIGHBOUR, "test.ask") == 0

    def test_a_subject_reads_what_is_about_him(self):
        assert self.count("user:kamon", "test.me", scope=Scope.subject(KAMON)) == 1
        assert self.count("user:kasem", "test.me", scope=Scope.subject(KASEM)) == 0

    def test_a_row_is_never_changed_nor_removed(self):
        for sql in ("UPDATE kit_test_log SET note = 'ไม่ได้อ่าน'", "DELETE FROM kit_test_log"):
            with acting("system:test", "test.everything"):
                assert run(sql) == 0
        assert self.count("system:test", "test.everything") == 1

    def test_the_trigger_stops_the_owner_too(self):
        with owner_connection().cursor() as cursor:
            cursor.execute("ALTER TABLE kit_test_log NO FORCE ROW LEVEL SECURITY")
            try:
                with pytest.raises(DatabaseError, match="never changed"):
                    cursor.execute("UPDATE kit_test_log SET note = 'x'")
            finally:
                cursor.execute("ALTER TABLE kit_test_log FORCE ROW LEVEL SECURITY")

    def test_only_a_purpose_that_alters_may_touch_it(self):
        with acting("system:keys", "system.keys"):
            assert run("UPDATE kit_test_log SET note = note") == 1


class Grants(ConcurrentTestCase):
    def setUp(self):
        with acting("system:test", "test.everything"):
            run("INSERT INTO kit_test_person (key, name, moo) VALUES (%s, 'กมล', 5), (%s, 'เกษม', 6)", KAMON, KASEM)
            run("INSERT INTO kit_test_need (person_id, kind) VALUES (%s, 'oxygen'), (%s, 'dialysis')", KAMON, KASEM)

    def open(self, hours=2.0, actor=NURSE, purpose="test.glass"):
        with acting(NURSE, "test.ask"):
            grant = Grant.objects.create(
                actor=actor, purpose=purpose, expires_at=timezone.now() + timedelta(hours=hours)
            )
            ScopeKey.objects.create(scope=grant, key=KAMON)
        return grant

    def needs(self, grant, actor=NURSE, purpose="test.glass"):
        with acting(actor, purpose, scope=Scope.grant(grant.pk)):
            return [kind for (kind,) in run("SELECT kind FROM kit_test_need")]

    def test_a_grant_opens_one_person(self):
        assert self.needs(self.open()) == ["oxygen"]

    def test_without_its_grant_the_purpose_shows_nothing(self):
        self.open()
        for scope in (None, Scope.area([5]), Scope.subject(KAMON)):
            with acting(NURSE, "test.glass", scope=scope):
                assert run("SELECT kind FROM kit_test_need") == []

    def test_a_grant_is_for_one_actor_and_one_purpose(self):
        grant = self.open()
        assert self.needs(grant, actor=NEIGHBOUR) == []
        assert self.needs(grant, purpose="test.everything") == []

    def test_more_than_two_hours_are_refused_by_the_database(self):
        with pytest.raises(DatabaseError, match="lasts at most"):
            self.open(hours=2.1)

    def test_a_purpose_nobody_published_gets_no_grant(self):
        with pytest.raises(DatabaseError, match="lasts at most"):
            self.open(purpose="test.none")

    def test_a_grant_ends_by_itself(self):
        grant = self.open()
        with owner_connection().cursor() as cursor:  # let the two hours pass
            cursor.execute(
                "ALTER TABLE kit_scope DISABLE TRIGGER kit_scope_limits; ALTER TABLE kit_scope NO FORCE ROW LEVEL SECURITY"
            )
            cursor.execute(
                "UPDATE kit_scope SET starts_at = now() - interval '3 hours', expires_at = now() - interval '1 second'"
            )
            cursor.execute(
                "ALTER TABLE kit_scope ENABLE TRIGGER kit_scope_limits; ALTER TABLE kit_scope FORCE ROW LEVEL SECURITY"
            )
        assert self.needs(grant) == []

    def test_a_grant_can_be_ended_but_not_stretched(self):
        grant = self.open()
        with acting("system:test", "test.everything"):
            with pytest.raises(DatabaseError, match="only be ended"):
                self.stretch(grant)
            Grant.objects.filter(pk=grant.pk).update(ended_at=timezone.now())
        assert self.needs(grant) == []

    def stretch(self, grant):
        from django.db import transaction

        with transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(expires_at=F("expires_at") + timedelta(minutes=1))

    def test_a_grant_reads_only(self):
        grant = self.open()
        with acting(NURSE, "test.glass", scope=Scope.grant(grant.pk)):
            assert run("SELECT name FROM kit_test_person") == [("กมล",)]
            assert run("UPDATE kit_test_person SET name = 'x'") == 0

    def test_nobody_adds_a_person_to_anothers_grant(self):
        grant = self.open()
        with pytest.raises(DatabaseError, match="row-level security"), acting(NURSE, "test.glass"):
            ScopeKey.objects.create(scope=grant, key=KASEM)

    def test_nobody_sees_whom_another_looked_up(self):
        self.open()
        with acting(NEIGHBOUR, "test.glass"):
            assert not Grant.objects.exists()
            assert not ScopeKey.objects.exists()


class Publishing(ConcurrentTestCase):
    def test_the_database_holds_the_list_as_published(self):
        row = PublishedPurpose.objects.get(key="test.glass")
        assert (row.reads, row.needs_scope) == (["personal", "s26"], "grant")

    def test_the_serving_role_cannot_give_itself_a_purpose(self):
        with pytest.raises(DatabaseError, match="permission denied"):
            run("UPDATE kit_purpose SET reads = '{s26}'")

    def test_one_key_has_one_meaning(self):
        with pytest.raises(ValueError, match="twice"):
            purposes.register(purposes.Purpose("test.glass"))

    def test_classes_and_scopes_are_known_words(self):
        for wrong in ({"reads": frozenset({"secret"})}, {"needs_scope": "moo"}):
            with pytest.raises(ValueError, match="unknown"):
                purposes.Purpose("test.wrong", **wrong)


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="class"):
        policies.protect("kit_job", "secret")


def test_a_name_that_is_not_a_name_is_refused():
    for name in ("kit_job; DROP TABLE kit_job", 'kit"job', "ตาราง", ""):
        with pytest.raises(ValueError, match="not a table"):
            policies.protect(name, "personal")


def test_every_policy_names_its_roles():
    sql = policies.protect("kit_job", "personal", moo="moo", key=("a", "b"), mode="mode", search=True).sql[0]
    assert "PUBLIC" not in sql.replace("FROM PUBLIC", "")
    assert sql.count("CREATE POLICY") == 5
    assert "FORCE ROW LEVEL SECURITY" in sql
