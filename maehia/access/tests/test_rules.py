"""Pure decisions: who signs, who consents, how long glass stays broken."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.access.rules import (
    Delegated,
    Holding,
    Power,
    Signer,
    glass_hours,
    is_overdue,
    join_areas,
    reason_suffices,
    review_due,
    signers,
    who_consents,
    worth_telling,
)

PERMIT = Power("sign.permit", frozenset({"mayor"}), delegable=True)
RIGHTS = Power("answer.rights", frozenset({"mayor"}), delegable=False)
MAYOR = Holding("mayor", "somchai", date(2026, 1, 1), date(2026, 6, 30), id=1)
CLERK_FOR_MAYOR = Delegated(1, "prasit", frozenset({"sign.permit"}), date(2026, 3, 1), date(2026, 12, 31))


def on(month: int, day: int, power: Power = PERMIT) -> list[Signer]:
    return signers(power, date(2026, month, day), [MAYOR], [CLERK_FOR_MAYOR])


def test_the_mayor_signs_from_his_first_to_his_last_day():
    assert on(1, 1) == [Signer("somchai", "mayor")]
    assert Signer("somchai", "mayor") in on(6, 30)
    assert on(7, 1) == []


def test_a_deputy_signs_in_the_stead_of_the_holder():
    assert on(3, 1) == [Signer("somchai", "mayor"), Signer("prasit", "mayor", instead_of="somchai")]


def test_a_delegation_ends_with_the_holders_term():
    assert on(8, 1) == []


def test_a_power_that_is_personal_has_no_deputy():
    assert on(4, 1, RIGHTS) == [Signer("somchai", "mayor")]


def test_a_deputy_has_only_the_powers_he_was_given():
    other = Power("sign.letter", frozenset({"mayor"}), delegable=True)
    assert on(4, 1, other) == [Signer("somchai", "mayor")]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_nobody_signs_outside_his_days(start, day):
    found = signers(PERMIT, day, [Holding("mayor", "a", start, start + timedelta(days=30), 1)], [])
    assert bool(found) == (start <= day <= start + timedelta(days=30))


@pytest.mark.parametrize(
    ("reason", "fine"),
    [
        ("ค้นหาผู้ป่วยติดเตียงเพื่ออพยพ", True),
        ("น้ำท่วม", False),
        ("", False),
        ("          ", False),
        ("..........!!!", False),
        ("aaaaaaaaaaaa", False),
        ("น้ำท่วมบ้านผู้ป่วย", True),
    ],
)
def test_a_reason_has_ten_letters_that_say_something(reason, fine):
    assert reason_suffices(reason) is fine


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000))
def test_glass_is_broken_for_two_hours_at_most(hours):
    if 0 < timedelta(hours=hours).total_seconds() <= 7200:
        assert timedelta(0) < glass_hours(hours) <= timedelta(hours=2)
    else:
        with pytest.raises(ValueError, match="two hours"):
            glass_hours(hours)


def test_a_review_is_overdue_after_seven_days():
    opened = datetime(2026, 11, 1, tzinfo=UTC)
    due = review_due(opened)
    assert not is_overdue(due, None, opened + timedelta(days=7))
    assert is_overdue(due, None, opened + timedelta(days=7, seconds=1))
    assert not is_overdue(due, opened, opened + timedelta(days=30))


@pytest.mark.parametrize(
    ("age", "who"), [(None, "both"), (0, "guardian"), (9, "guardian"), (10, "both"), (19, "both"), (20, "self")]
)
def test_minors_do_not_consent_alone(age, who):
    assert who_consents(age) == who


@given(st.lists(st.integers(0, 60), max_size=60))
def test_a_growing_count_is_told_at_the_limit_and_at_each_doubling(steps):
    total, told, alerts = 0, 0, []
    for step in steps:
        total += step
        if worth_telling(total, told):
            told = total
            alerts.append(told)
    assert bool(alerts) == (total > 50)
    assert all(later > 2 * earlier for earlier, later in pairwise(alerts))
    assert not alerts or total <= 2 * alerts[-1]


def test_one_assignment_without_moo_means_the_whole_town():
    assert join_areas([["5"], ["6", "5"]]) == frozenset({"5", "6"})
    assert join_areas([["5"], []]) is None
