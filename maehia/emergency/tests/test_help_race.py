"""Posts of the same moment: one key is one row, one caller is one open request, and a shuffled queue has one result."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.emergency.actions import fanout
from maehia.emergency.actions import help as sos
from maehia.emergency.actions.help import Ask
from maehia.emergency.models import Alert, HelpRequest
from maehia.emergency.rules.help import Spot, likeness, metres
from maehia.emergency.rules.release import Called, next_call
from maehia.kit.acting import acting
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import EXTRA_KEPT, NOW, ConcurrentTestCase, in_threads

EXTRA_KEPT |= {"access_role", "access_roleevent"}
PLACES = st.tuples(st.floats(98.94, 98.96), st.floats(18.73, 18.75))


class TestAtTheSameMoment(ConcurrentTestCase):
    def rows(self) -> list[HelpRequest]:
        with self.acting():
            return list(HelpRequest.objects.all())

    def test_six_posts_of_one_key_are_one_row_and_one_receipt(self):
        fields = {"idempotency_key": new_key(), "idempotency_device": new_device(), "needs": ["trapped"]}
        answers = in_threads(6, lambda _: Client().post("/help/need/", fields))
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer.url.split(":")[0] for answer in answers}) == 1
        assert len(self.rows()) == 1

    def test_six_phones_of_one_caller_leave_one_open_request(self):
        def ask(number: int) -> None:
            with acting(f"device:{number}", "emergency.help"):
                sos.ask(Ask(needs=("trapped",), phone="0812345678", note=str(number)))

        in_threads(6, ask)
        states = sorted(row.state for row in self.rows())
        assert states == ["duplicate"] * 5 + ["new"]
        heads = {row.same_as_id for row in self.rows() if row.state == "duplicate"}
        assert len(heads) == 1


@given(st.lists(st.tuples(PLACES, st.integers(0, 240), st.sampled_from([b"a", b"b", None])), max_size=8))
@settings(max_examples=60, deadline=None)
def test_nothing_is_joined_but_the_same_caller_from_the_same_place(rows):
    spots = [Spot(UUID(int=n), NOW + timedelta(minutes=minutes), point, phone)
             for n, (point, minutes, phone) in enumerate(rows)]  # fmt: skip
    for new in spots:
        found = likeness(new, spots)
        if found and found.sure:
            old = spots[found.id.int]
            assert old.phone == new.phone
            assert metres(old.point, new.point) <= 200


@given(PLACES, PLACES)
@settings(max_examples=60, deadline=None)
def test_a_distance_is_the_same_both_ways(one, other):
    assert abs(metres(one, other) - metres(other, one)) < 1e-6


@given(st.sampled_from(["live", "exercise"]), st.text(max_size=10) | st.sampled_from(["Actual", "Exercise", "Test"]),
       st.sampled_from(["draft", "in_review", "approved", "published", "dropped"]))  # fmt: skip
def test_only_a_published_live_alert_of_status_actual_ever_leaves(mode, status, state):
    leaves = fanout.may_leave(Alert(mode=mode, status=status, state=state))
    assert leaves == ((mode, status, state) == ("live", "Actual", "published"))


@given(st.integers(0, 6), st.lists(st.integers(1, 300), max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_nobody_is_called_before_the_time_is_over_or_after_an_answer(people, gaps, answered):
    order = [UUID(int=n) for n in range(people)]
    moment, calls = NOW, []
    for gap in gaps:
        chosen = next_call(order, calls, moment, timedelta(seconds=120))
        if chosen is not None:
            assert not calls or moment - calls[-1].at >= timedelta(seconds=120)
            calls.append(Called(chosen, moment, answered and len(calls) == 2))
        moment += timedelta(seconds=gap)
    assert not people or not calls or calls[0].account == order[0]
    assert not answered or len(calls) <= 3
