"""Nobody sees a person without saying who asks and for what."""

import asyncio
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from maehia.kit import purposes
from maehia.kit.acting import NoPurpose, Scope, Widening, acting, current
from maehia.kit.testing import AppTestCase, ConcurrentTestCase, in_threads

pytestmark = pytest.mark.usefixtures("protected")

KAMON = UUID("00000000-0000-4000-8000-000000000001")
KASEM = UUID("00000000-0000-4000-8000-000000000002")
CLERK = "user:00000000-0000-4000-8000-0000000000aa"

for purpose in (
    purposes.Purpose("test.counter", frozenset({"personal"}), frozenset({"personal"})),
    purposes.Purpose("test.look", frozenset({"personal"})),
    purposes.Purpose("test.own", frozenset({"personal"}), needs_scope="subject"),
):
    purposes.register(purpose)


def publish() -> None:
    """What `maehia upgrade` does after a purpose was added."""
    purposes.publish("owner")


@pytest.fixture(scope="module", autouse=True)
def published(protected, django_db_blocker):
    with django_db_blocker.unblock():
        publish()


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kit_test_person ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def add(key, name, moo=5, mode="live") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_test_person (key, name, moo, mode) VALUES (%s, %s, %s, %s) RETURNING key",
            [key, name, moo, mode],
        )


def settings() -> tuple:
    with connection.cursor() as cursor:
        cursor.execute("SELECT maehia_actor(), maehia_purpose(), maehia_mode(), maehia_scope()")
        return cursor.fetchone()


class Reading(AppTestCase):
    def setUp(self):
        with acting(CLERK, "test.counter"):
            add(KAMON, "กมล", 5)
            add(KASEM, "เกษม", 6)

    def test_the_code_under_test_is_the_app_role(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == ("maehia_app", False, False)

    def test_without_a_context_python_refuses(self):
        with pytest.raises(NoPurpose, match="kit_test_person"):
            names()

    def test_without_a_context_the_database_gives_no_rows(self):
        with connection.cursor() as cursor:  # a cursor that the Python guard does not see
            cursor.cursor.execute("SELECT count(*) FROM kit_test_person")
            assert cursor.cursor.fetchone() == (0,)

    def test_a_purpose_opens_its_class(self):
        with acting(CLERK, "test.look"):
            assert names() == ["กมล", "เกษม"]

    def test_a_reader_cannot_write(self):
        with pytest.raises(Exception, match="row-level security"), acting(CLERK, "test.look"):
            add(uuid4(), "ขวัญ")

    def test_a_reader_updates_nothing(self):
        with acting(CLERK, "test.look"), connection.cursor() as cursor:
            cursor.execute("UPDATE kit_test_person SET name = 'x'")
            assert cursor.rowcount == 0

    def test_an_area_shows_its_moo_only(self):
        with acting(CLERK, "test.look", scope=Scope.area([5])):
            assert names() == ["กมล"]

    def test_nothing_is_written_outside_the_area(self):
        scope = Scope.area([5])
        with pytest.raises(Exception, match="row-level security"), acting(CLERK, "test.counter", scope=scope):
            add(uuid4(), "ขวัญ", 6)

    def test_a_subject_sees_himself(self):
        with acting(CLERK, "test.own", scope=Scope.subject(KASEM)):
            assert names() == ["เกษม"]

    def test_a_purpose_that_needs_a_subject_shows_nothing_without_one(self):
        with acting(CLERK, "test.own"):
            assert names() == []
        with acting(CLERK, "test.own", scope=Scope.area([5, 6])):
            assert names() == []

    def test_an_exercise_sees_no_living_person(self):
        with acting(CLERK, "test.look", mode="exercise"):
            assert names() == []

    def test_a_purpose_nobody_published_is_refused(self):
        with pytest.raises(NoPurpose, match="unknown"), acting(CLERK, "test.unknown"):
            pass

    def test_a_purpose_only_python_knows_shows_nothing(self):
        purposes._registry["test.python"] = purposes.Purpose("test.python", purposes.CLASSES)
        try:
            with acting(CLERK, "test.python"):
                assert names() == []
        finally:
            del purposes._registry["test.python"]

    def test_an_empty_actor_is_refused(self):
        with pytest.raises(NoPurpose), acting(" ", "test.look"):
            pass


class Restoring(AppTestCase):
    def test_the_context_is_restored_on_exit(self):
        with acting(CLERK, "test.counter"):
            with acting(CLERK, "test.look", scope=Scope.area([5])):
                assert settings() == (CLERK, "test.look", "live", "area:5")
            assert settings() == (CLERK, "test.counter", "live", None)
        assert settings() == (None, None, None, None)
        assert current() is None

    def test_an_error_inside_restores_too(self):
        with acting(CLERK, "test.counter"):
            with pytest.raises(ZeroDivisionError), acting(CLERK, "test.look"):
                raise ZeroDivisionError
            assert settings()[1] == "test.counter"

    def test_a_broken_statement_inside_restores_too(self):
        with acting(CLERK, "test.counter"):
            with pytest.raises(Exception, match="division by zero"), acting(CLERK, "test.look"):
                run("SELECT 1/0")
            assert settings()[1] == "test.counter"

    def test_a_rolled_back_savepoint_keeps_the_outer_context(self):
        with acting(CLERK, "test.counter"):
            with acting(CLERK, "test.look"):
                transaction.set_rollback(True)
            assert settings()[1] == "test.counter"

    def test_the_same_context_again_costs_nothing(self):
        with acting(CLERK, "test.counter"), self.assertNumQueries(0), acting(CLERK, "test.counter"):
            pass

    def test_another_actor_inside_is_a_widening(self):
        with acting(CLERK, "test.counter"), pytest.raises(Widening), acting("system:x", "test.look"):
            pass

    def test_a_wider_purpose_inside_is_refused(self):
        with acting(CLERK, "test.look"), pytest.raises(Widening), acting(CLERK, "test.counter"):
            pass

    def test_a_wider_scope_inside_is_refused(self):
        for wider in (None, Scope.area([5, 6]), Scope.subject(KAMON)):
            narrow = acting(CLERK, "test.look", scope=Scope.area([5]))
            with narrow, pytest.raises(Widening), acting(CLERK, "test.look", scope=wider):
                pass

    def test_a_narrower_scope_inside_is_fine(self):
        outer = acting(CLERK, "test.look", scope=Scope.area([5, 6]))
        with outer, acting(CLERK, "test.look", scope=Scope.area([6])) as inner:
            assert inner.scope == Scope.area([6])

    def test_the_other_mode_inside_is_refused(self):
        exercise = acting(CLERK, "test.look", mode="exercise")
        with acting(CLERK, "test.look"), pytest.raises(Widening), exercise:
            pass

    def test_a_coroutine_is_refused(self):
        async def look():
            with acting(CLERK, "test.look"):
                return 1

        with pytest.raises(RuntimeError, match="sync_to_async"):
            asyncio.run(look())

    def test_a_generator_that_outlives_its_context_raises(self):
        def lines():
            yield from names()

        with acting(CLERK, "test.look"):
            late = lines()
        with pytest.raises(NoPurpose):
            next(late)


class Scopes(AppTestCase):
    def test_a_scope_is_checked(self):
        for kind, values in (
            ("moo", ("1",)),
            ("subject", ("x",)),
            ("subject", ()),
            ("area", ("1,2",)),
            ("area", ("",)),
        ):
            with pytest.raises(ValueError):
                Scope(kind, values)

    def test_an_empty_area_shows_nothing(self):
        with acting(CLERK, "test.counter"):
            add(uuid4(), "กมล")
        with acting(CLERK, "test.look", scope=Scope.area([])):
            assert names() == []


class Threads(ConcurrentTestCase):
    def test_threads_keep_their_contexts_apart(self):
        with acting(CLERK, "test.counter"):
            add(KAMON, "กมล", 5)
            add(KASEM, "เกษม", 6)

        def look(number):
            seen = set()
            for _ in range(5):
                with acting(CLERK, "test.look", scope=Scope.area([5 + number % 2])):
                    seen.update(names())
                assert current() is None
                assert settings() == (None, None, None, None)
            return seen

        results = in_threads(6, look)
        assert results == [{"กมล"}, {"เกษม"}] * 3

    def test_nothing_survives_the_commit(self):
        with acting(CLERK, "test.counter"):
            add(KAMON, "กมล")
        assert settings() == (None, None, None, None)

    def test_it_opens_its_own_transaction(self):
        with acting(CLERK, "test.look"):
            assert connection.in_atomic_block
        assert not connection.in_atomic_block

    def test_an_error_rolls_its_transaction_back(self):
        def fail():
            with acting(CLERK, "test.counter"):
                add(KAMON, "กมล")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with acting(CLERK, "test.look"):
            assert names() == []

    def test_the_app_role_cannot_truncate(self):
        with pytest.raises(Exception, match="permission denied"), acting(CLERK, "test.counter"):
            run("TRUNCATE kit_test_person")

    def test_the_owner_too_sees_nothing_without_a_purpose(self):
        with acting(CLERK, "test.counter"):
            add(KAMON, "กมล")
        from maehia.kit.testing import owner_connection

        with owner_connection().cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kit_test_person")
            assert cursor.fetchone() == (0,)
        with acting("cli:root", "test.look", using="owner"), owner_connection().cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kit_test_person")
            assert cursor.fetchone() == (1,)
