"""However contexts are nested, left, broken or rolled back: the database knows exactly who asks, at every step."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maehia.kit import purposes
from maehia.kit.acting import Context, NoPurpose, Scope, Widening, acting, current, required
from maehia.kit.testing import ConcurrentTestCase, in_threads

ACTOR = "user:00000000-0000-4000-8000-0000000000aa"
WIDE = purposes.Purpose("test.wide", frozenset({"open", "personal", "s26"}), frozenset({"personal"}))
MIDDLE = purposes.Purpose("test.middle", frozenset({"open", "personal"}), frozenset({"personal"}))
NARROW = purposes.Purpose("test.narrow", frozenset({"open"}))
for purpose in (WIDE, MIDDLE, NARROW):
    purposes.register(purpose)

ORDER = {"test.wide": 2, "test.middle": 1, "test.narrow": 0}
steps = st.tuples(
    st.sampled_from(sorted(ORDER)),
    st.one_of(st.none(), st.sets(st.integers(1, 4), max_size=3)),
    st.sampled_from(["leave", "raise", "break", "roll back"]),
)


class Stop(Exception):
    """What the block inside was left by."""


def asked() -> tuple[str | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT maehia_actor(), maehia_purpose(), maehia_mode(), maehia_scope()")
        found: tuple[str | None, ...] = cursor.fetchone()
        return found


def expected(context: Context | None) -> tuple[str | None, ...]:
    return (None,) * 4 if context is None else tuple(value or None for value in context.settings())


def wider(outer: Context | None, purpose: str, scope: Scope | None) -> bool:
    """What the rule says, written a second time and more slowly."""
    if outer is None:
        return False
    if ORDER[purpose] > ORDER[outer.purpose]:
        return True
    if outer.scope is None:
        return False
    return scope is None or not set(scope.values) <= set(outer.scope.values)


class Nesting(TestCase):
    def walk(self, plan, outer=None):
        """Enter the first step, walk the others inside, leave as the step says; look before, inside and after."""
        assert asked() == expected(outer)
        if not plan:
            return
        (purpose, moos, leaving), *rest = plan
        scope = None if moos is None else Scope.area(moos)
        if wider(outer, purpose, scope):
            with pytest.raises(Widening), acting(ACTOR, purpose, scope=scope):
                raise AssertionError("it was opened")
            self.walk(rest, outer)
            return
        try:
            with acting(ACTOR, purpose, scope=scope) as context:
                assert asked() == expected(context)
                self.walk(rest, context)
                assert asked() == expected(context)
                self.leave(leaving)
        except (Stop, DatabaseError):
            pass
        assert current() == outer
        assert asked() == expected(outer)

    def leave(self, how):
        if how == "raise":
            raise Stop
        if how == "break":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        if how == "roll back":
            with transaction.atomic():
                asked()
                transaction.set_rollback(True)

    @settings(max_examples=120, deadline=None)
    @given(st.lists(steps, max_size=6))
    def test_the_database_always_knows_the_innermost(self, plan):
        self.walk(plan)

    def test_without_a_context_required_raises(self):
        with pytest.raises(NoPurpose):
            required()
        with acting(ACTOR, "test.narrow") as context:
            assert required() == context

    def test_a_subject_and_a_grant_are_within_nothing_but_themselves(self):
        key = UUID("00000000-0000-4000-8000-000000000001")
        one, other = Scope.subject(key), Scope.grant(key)
        assert one.within(Scope.subject(str(key)))
        assert not one.within(other)
        assert not one.within(Scope.area([1]))


@given(st.lists(st.sets(st.integers(1, 6), max_size=4), min_size=2, max_size=2))
def test_a_scope_is_within_another_as_sets_are(moos):
    inner, outer = (Scope.area(m) for m in moos)
    assert inner.within(outer) == (moos[0] <= moos[1])
    assert inner.within(None)


class Commits(ConcurrentTestCase):
    def test_what_runs_after_the_commit_has_no_context(self):
        seen = []
        with acting(ACTOR, "test.wide"):
            transaction.on_commit(lambda: seen.append((current(), asked())))
        assert seen == [(None, (None,) * 4)]

    def test_an_outer_transaction_keeps_its_silence(self):
        with transaction.atomic():
            with acting(ACTOR, "test.wide"):
                pass
            assert asked() == (None,) * 4

    def test_a_connection_that_was_closed_starts_clean(self):
        def lose():
            with acting(ACTOR, "test.wide"):
                connection.connection.close()
                asked()

        with pytest.raises(DatabaseError, match="closed"):
            lose()
        connection.close()
        assert current() is None
        assert asked() == (None,) * 4

    def test_many_threads_one_after_the_other_leave_nothing_behind(self):
        def work(number):
            for _ in range(10):
                with acting(f"user:{number}", "test.wide"), acting(f"user:{number}", "test.narrow"):
                    assert asked()[0] == f"user:{number}"
                assert asked() == (None,) * 4
            return number

        assert in_threads(8, work) == list(range(8))
