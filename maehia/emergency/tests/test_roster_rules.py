"""Holes of a roster and the rules of a call-out, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maehia.emergency.rules.calltree import (
    CALLING,
    CANNOT,
    COMING,
    NOBODY,
    REACHED,
    SILENT,
    WAITING,
    Post,
    Try,
    circle,
    standings,
)
from maehia.emergency.rules.roster import Need, Shift, holes, serves

DAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # midnight in Bangkok
HOUR = timedelta(hours=1)
FIVE = timedelta(minutes=5)
ALWAYS = Need("1", "เวร", "duty")
DUTY = frozenset({"duty"})


def hour(n: float) -> datetime:
    return DAY + HOUR * n


def told(found):
    return [((h.starts_at - DAY) / HOUR, (h.ends_at - DAY) / HOUR, h.have) for h in found]


class TestHoles:
    def test_a_day_that_nobody_has_is_one_hole(self):
        assert told(holes([ALWAYS], [], hour(0), hour(24))) == [(0, 24, 0)]

    def test_a_shift_fills_its_hours_only(self):
        shifts = [Shift("a", hour(8), hour(16), DUTY)]
        assert told(holes([ALWAYS], shifts, hour(0), hour(24))) == [(0, 8, 0), (16, 24, 0)]

    def test_the_same_person_twice_counts_once(self):
        need = Need("1", "กู้ภัย", "duty", least=2)
        shifts = [Shift("a", hour(0), hour(24), DUTY), Shift("a", hour(5), hour(9), DUTY)]
        assert told(holes([need], shifts, hour(0), hour(24))) == [(0, 24, 1)]

    def test_a_night_reaches_into_the_next_morning(self):
        need = Need("1", "กลางคืน", from_hour=20, to_hour=6)
        assert told(holes([need], [], hour(0), hour(24))) == [(0, 6, 0), (20, 24, 0)]

    def test_who_lacks_the_skill_or_the_zone_does_not_count(self):
        assert serves({"boat"}, (), "boat", 5)
        assert serves({"boat"}, (5,), "boat", 5)
        assert not serves({"boat"}, (4,), "boat", 5)
        assert not serves({"pump"}, (), "boat")

    @given(st.lists(st.tuples(st.integers(0, 47), st.integers(1, 24), st.sampled_from("abc")), max_size=12),
           st.integers(1, 3))  # fmt: skip
    def test_holes_are_exactly_the_hours_with_too_few(self, given_shifts, least):
        shifts = [Shift(who, hour(at), hour(at + long), DUTY) for at, long, who in given_shifts]
        found = holes([Need("1", "เวร", "duty", least=least)], shifts, hour(0), hour(48))
        for n in range(48):
            have = len({s.who for s in shifts if s.starts_at <= hour(n) and s.ends_at >= hour(n + 1)})
            inside = [h for h in found if h.starts_at <= hour(n) and h.ends_at >= hour(n + 1)]
            assert [h.have for h in inside] == ([have] if have < least else [])


TREE = [Post("top", "", ("t1", "t2")), Post("left", "top", ("l1",)), Post("right", "top", ("r1", "r2", "r3"))]


class TestCallTree:
    def at(self, tries, minutes=0.0):
        return standings(TREE, tries, DAY + timedelta(minutes=minutes), FIVE)

    def test_first_the_top_is_rung_and_the_others_wait_for_it(self):
        found = self.at([])
        assert [(s.state, s.next) for s in found.values()] == [(CALLING, "t1"), (WAITING, ""), (WAITING, "")]

    def test_who_came_rings_those_below(self):
        found = self.at([Try("top", "t1", DAY, COMING)])
        assert (found["top"].state, found["top"].person) == (REACHED, "t1")
        assert [(found[k].state, found[k].next, found[k].caller) for k in ("left", "right")] == [
            (CALLING, "l1", "t1"), (CALLING, "r1", "t1"),
        ]  # fmt: skip

    def test_the_deputy_is_rung_after_so_many_minutes_without_an_answer(self):
        ringing = [Try("top", "t1", DAY)]
        assert self.at(ringing, 4.9)["top"].next == ""
        assert self.at(ringing, 5)["top"].next == "t2"

    def test_who_cannot_come_makes_the_deputy_due_at_once(self):
        assert self.at([Try("top", "t1", DAY, CANNOT)])["top"].next == "t2"
        assert self.at([Try("top", "t1", DAY, SILENT)])["top"].next == "t2"

    def test_when_nobody_at_the_top_answers_the_starter_rings_on(self):
        tries = [Try("top", "t1", DAY, SILENT), Try("top", "t2", DAY, SILENT)]
        found = self.at(tries, 1)
        assert found["top"].state == NOBODY
        assert [(found[k].state, found[k].next, found[k].caller) for k in ("left", "right")] == [
            (CALLING, "l1", ""), (CALLING, "r1", ""),
        ]  # fmt: skip

    def test_the_last_one_who_stays_silent_is_given_up_too(self):
        tries = [Try("top", "t1", DAY, SILENT), Try("top", "t2", DAY)]
        assert self.at(tries, 4)["top"].state == CALLING
        assert self.at(tries, 5)["top"].state == NOBODY

    def test_a_late_answer_still_counts(self):
        tries = [Try("top", "t1", DAY, COMING), Try("top", "t2", DAY + FIVE, "")]
        assert (self.at(tries, 30)["top"].state, self.at(tries, 30)["top"].person) == (REACHED, "t1")

    def test_a_circle_is_found(self):
        assert circle(TREE) == ""
        assert circle([Post("a", "b", ()), Post("b", "a", ())]) in ("a", "b")

    @given(st.data())
    def test_every_post_is_reached_or_all_its_people_were_tried(self, data):
        """Whatever people answer, minute by minute, nobody is rung twice and nothing hangs."""
        count = data.draw(st.integers(1, 6))
        posts = [
            Post(str(n), str(data.draw(st.integers(-1, n - 1))) if n else "", tuple(f"{n}{i}" for i in "abc"[: data.draw(st.integers(1, 3))]))
            for n in range(count)
        ]  # fmt: skip
        tries, minute = [], 0
        for minute in range(0, 400):
            now = DAY + timedelta(minutes=minute)
            due = [s for s in standings(posts, tries, now, FIVE).values() if s.next]
            for one in due:
                answer = data.draw(st.sampled_from([COMING, CANNOT, SILENT, ""]))
                tries.append(Try(one.post.key, one.next, now, answer))
            if not due and all(s.state in (REACHED, NOBODY) for s in standings(posts, tries, now, FIVE).values()):
                break
        final = standings(posts, tries, DAY + timedelta(minutes=minute), FIVE)
        assert {s.state for s in final.values()} <= {REACHED, NOBODY}
        assert len({(t.post, t.person) for t in tries}) == len(tries)
        for one in final.values():
            came = any(t.post == one.post.key and t.answer == COMING for t in tries)
            assert came == (one.state == REACHED)
            if not came:
                assert {t.person for t in tries if t.post == one.post.key} == set(one.post.people)
