"""What phones bring back from the doors counts once, in any order, however wrong their clocks (E03)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.base import Problem, ProblemError
from maehia.emergency.actions import doors, doors_sync
from maehia.emergency.models import DoorConflict, DoorNote, DoorVisit
from maehia.emergency.queries.doors import conflicts, latest, reached
from maehia.emergency.queries.log import newest
from maehia.emergency.rules.sync import RESULTS, Placed, Report, Window, settle, standing, timed
from maehia.emergency.rules.sync_reading import read_report, read_reports
from maehia.emergency.tests.doors_cast import HOUSES, Soi
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads

WINDOW = Window(NOW, NOW + timedelta(hours=8))
DOORS = [UUID(int=n) for n in range(1, 5)]


@st.composite
def queues(draw):
    """A phone's queue: its clock is off by any amount; it knew that when it fetched the list, more or less."""
    skew = draw(st.floats(-400_000, 400_000))
    knew = skew + draw(st.sampled_from([0.0, 30.0, -30.0, 7200.0]))
    count = draw(st.integers(1, 12))
    minutes = sorted(draw(st.lists(st.integers(-30, 600), min_size=count, max_size=count)))
    return skew, [
        Report(UUID(int=1000 + n), draw(st.sampled_from(DOORS)), draw(st.sampled_from(RESULTS)),
               NOW + timedelta(minutes=minute) - timedelta(seconds=skew), draw(st.none() | st.integers(0, 9)),
               draw(st.sampled_from(["", "ประตูล็อก"])), knew, n)
        for n, minute in enumerate(minutes)
    ]  # fmt: skip


def taken(batches, skew):
    """What stands after batches came in one after the other, each at a later moment: the pure rule alone."""
    known, placed = {}, []
    for number, batch in enumerate(batches):
        received = WINDOW.closes + timedelta(minutes=number)
        found = settle(known, batch)
        assert found.conflicts == ()
        for report in found.new:
            known[report.id] = report.digest
            placed.append(Placed(report, timed(report, WINDOW, received, skew)))
    return known, {door: one.report for door, one in standing(placed).items()}


class TestRule:
    @given(queues(), st.randoms(use_true_random=False), st.integers(0, 12))
    @settings(max_examples=150, deadline=None)
    def test_a_queue_replayed_twice_shuffled_and_cut_gives_one_result(self, queue, random, cut):
        skew, reports = queue
        twice = [*reports, *reports]
        random.shuffle(twice)
        assert taken([reports], skew) == taken([twice[:cut], twice[cut:], reports], skew)

    @given(queues())
    @settings(max_examples=100, deadline=None)
    def test_no_time_lies_in_the_future_or_outside_of_the_list(self, queue):
        skew, reports = queue
        received = NOW + timedelta(hours=2)
        for report in reports:
            time = timed(report, WINDOW, received, skew)
            assert WINDOW.opens <= time.event_at <= received
            said = report.phone_at + timedelta(seconds=report.offset_s)
            if said > received + timedelta(minutes=2):
                assert time.clamped == "late"
            assert time.doubtful == (abs(skew - report.offset_s) > 300)

    def test_a_phone_three_days_behind_is_put_right(self):
        behind = timedelta(days=3)
        report = Report(
            uuid4(), DOORS[0], "reached", NOW + timedelta(hours=1) - behind, offset_s=behind.total_seconds()
        )
        time = timed(report, WINDOW, NOW + timedelta(hours=2), behind.total_seconds())
        assert (time.event_at, time.clamped, time.doubtful) == (NOW + timedelta(hours=1), "", False)

    def test_the_same_number_with_other_words_is_a_conflict_each_time(self):
        one = Report(uuid4(), DOORS[0], "reached", NOW)
        other = Report(one.id, DOORS[0], "refused", NOW)
        found = settle({one.id: one.digest}, [other, one, other])
        assert (found.new, found.repeated, found.conflicts) == ((), (one,), (other, other))

    def test_the_latest_result_of_a_door_counts(self):
        first = Report(uuid4(), DOORS[0], "not_there", NOW + timedelta(minutes=5), turn=1)
        later = Report(uuid4(), DOORS[0], "reached", NOW + timedelta(minutes=50), turn=2)
        placed = [Placed(one, timed(one, WINDOW, WINDOW.closes, 0.0)) for one in (later, first)]
        assert standing(placed)[DOORS[0]].report == later


GOOD = {"id": str(uuid4()), "door": str(DOORS[0]), "result": "reached", "phone_at": 1_790_000_000_000, "people": 3}


class TestReading:
    def test_a_good_one_is_read(self):
        report = read_report({**GOOD, "offset_s": 1.5, "turn": 4, "note": " อยู่ชั้นสอง "})
        assert (report.people, report.offset_s, report.turn, report.note) == (3, 1.5, 4, "อยู่ชั้นสอง")
        assert report.phone_at == datetime.fromtimestamp(1_790_000_000, UTC)

    @pytest.mark.parametrize(("change", "code"), [
        ({"id": "x"}, "bad_report"), ({"door": None}, "bad_report"), ({"phone_at": "gestern"}, "bad_report"),
        ({"phone_at": 9e30}, "bad_report"), ({"result": "eaten"}, "bad_result"), ({"people": -1}, "bad_people"),
        ({"people": 100}, "bad_people"), ({"people": "viele"}, "bad_report"), ({"offset_s": "inf"}, "bad_clock"),
        ({"offset_s": "nan"}, "bad_clock"),
    ])  # fmt: skip
    def test_a_bad_one_says_what_is_wrong_and_where(self, change, code):
        problem = read_report({**GOOD, **change}, 7)
        assert isinstance(problem, Problem)
        assert (problem.code, problem.where) == (code, "reports[7]")

    def test_good_ones_go_on_beside_bad_ones(self):
        good, bad = read_reports([GOOD, {**GOOD, "id": "x"}, "?", {**GOOD, "id": str(uuid4())}])
        assert (len(good), set(bad)) == (2, {"x", "2"})
        assert read_reports({"reports": 1})[1][""].code == "bad_queue"


class TestTaking(Soi, AppTestCase):
    def setUp(self):
        super().setUp()
        self.incident = self.fight()
        self.row = self.give(self.incident)
        with self.command():
            self.door = {door.house_key: door for door in self.row.doors.all()}

    def report(self, n, result="reached", minutes=10, **more):
        at = NOW + timedelta(minutes=minutes)
        return Report(uuid4(), self.door[HOUSES[n]].pk, result, at, **{"people": 2, "turn": n, **more})

    def take(self, *reports, account=None, at=60, **more):
        with clock.at(NOW + timedelta(minutes=at)):
            sent = more.pop("sent_at", clock.now())
            return doors_sync.take(account or self.volunteer, self.row.pk, reports, mode="live", sent_at=sent)

    def counts(self):
        with self.command():
            return reached(self.incident)

    def test_the_same_form_ten_times_is_one_visit_and_one_line(self):
        one = self.report(0)
        answers = [self.take(one, at=60 + n)[0] for n in range(10)]
        assert len({(answer.state, answer.event_at) for answer in answers}) == 1
        assert answers[0].state == "taken"
        with self.command():
            assert DoorVisit.objects.count() == 1
            assert [line.after for line in newest(self.incident.pk, 2)] == ["visited", "given"]

    def test_results_are_counted_by_house_and_moo_without_names(self):
        self.take(self.report(0), self.report(1, "moved"), self.report(2, "refused"), self.report(3, "not_there"))
        self.take(self.report(3, minutes=30, people=1), at=70)
        found = self.counts()
        assert found.by_result == {"reached": 2, "moved": 1, "refused": 1, "not_there": 0}
        assert (found.doors, found.done, found.left, found.people) == (8, 4, 4, 3)
        assert found.by_moo["5"]["reached"] == 2
        with self.command():
            line = newest(self.incident.pk, 1)[0]
            assert (line.value["reached"], line.value["people"], line.actor) == (1, 1, self.volunteer.actor)

    def test_the_picture_shows_houses_by_what_was_found_until_a_moment(self):
        from maehia.emergency.views.doors_layer import door_results

        self.take(self.report(0, minutes=10), self.report(1, "refused", minutes=20))
        with self.command():
            early = door_results(self.incident, NOW + timedelta(minutes=15))
            later = door_results(self.incident, NOW + timedelta(minutes=25))
        shown = [sorted(one["properties"]["result"] for one in some) for some in (early, later)]
        assert shown == [["reached", *["waiting"] * 7], ["reached", "refused", *["waiting"] * 6]]
        assert "มาลี" not in str(later)

    def test_an_older_result_that_comes_later_changes_nothing(self):
        self.take(self.report(0, "reached", minutes=40))
        self.take(self.report(0, "not_there", minutes=5), at=90)
        assert self.counts().by_result["reached"] == 1

    def test_a_shuffled_and_repeated_queue_gives_what_one_sending_gives(self):
        queue = [self.report(n % 4, RESULTS[n % 4], minutes=5 * n, turn=n) for n in range(8)]
        self.take(*queue[5:], *queue[:2], at=60)
        self.take(*reversed(queue), at=70)
        self.take(*queue, at=80)
        with self.command():
            assert DoorVisit.objects.count() == 8
            stands = {house: row.instance for house, row in latest(HOUSES, self.incident.pk).items()}
        assert stands == {HOUSES[n % 4]: queue[n].id for n in range(4, 8)}

    def test_the_same_number_with_other_words_waits_for_a_person(self):
        one = self.report(0, note="ประตูหน้า")
        other = Report(one.id, one.door, "refused", one.phone_at, 2, "ไม่ยอมออก", turn=0)
        self.take(one)
        assert [self.take(other)[0].state for _ in range(3)] == ["conflict"] * 3
        assert self.take(one)[0].state == "taken"
        assert self.counts().by_result["reached"] == 1
        with self.command():
            (waiting,) = conflicts(self.incident.pk)
        doors_sync.settle_conflict(self.commander, waiting.pk, "other", mode="live")
        assert self.counts().by_result == {"reached": 0, "moved": 0, "refused": 1, "not_there": 0}
        with self.command():
            assert conflicts(self.incident.pk) == []
            assert latest(HOUSES, self.incident.pk)[HOUSES[0]].note.text == "ไม่ยอมออก"
        with pytest.raises(ProblemError) as caught:
            doors_sync.settle_conflict(self.commander, waiting.pk, "first", mode="live")
        assert caught.value.problem.code == "settled"

    def test_the_clock_of_the_phone_is_kept_beside_ours(self):
        wrong = timedelta(hours=3)
        one = self.report(0, minutes=20, offset_s=-wrong.total_seconds())
        fast = Report(one.id, one.door, one.result, one.phone_at + wrong, 2, offset_s=-wrong.total_seconds())
        self.take(fast, sent_at=NOW + timedelta(minutes=60) + wrong)
        with self.command():
            row = DoorVisit.objects.get()
        assert (row.phone_at, row.event_at) == (NOW + timedelta(minutes=20) + wrong, NOW + timedelta(minutes=20))
        assert (row.offset_s, row.skew_s, row.clamped, row.doubtful) == (-10800.0, -10800.0, "", False)

    def test_a_time_in_the_future_is_cut_off_and_marked(self):
        (answer,) = self.take(self.report(0, minutes=300), sent_at=NOW + timedelta(minutes=400))
        assert (answer.clamped, answer.doubtful) == ("late", True)
        assert answer.event_at == NOW + timedelta(minutes=60)

    def test_what_was_done_counts_after_the_list_has_ended(self):
        one = self.report(0)
        doors.end_list(self.commander, self.row.pk, mode="live")
        assert self.take(one, at=700)[0].state == "taken"

    def test_who_was_not_given_the_list_brings_nothing(self):
        with pytest.raises(ProblemError) as caught:
            self.take(self.report(0), account=self.officer)
        assert caught.value.problem.code == "no_list"
        assert self.counts().done == 0

    def test_a_door_of_another_list_is_refused_and_the_others_go_on(self):
        bad = Report(uuid4(), uuid4(), "reached", NOW)
        good = self.report(1)
        answers = self.take(bad, good)
        assert [(one.state, one.problem and one.problem.code) for one in answers] == [
            ("refused", "unknown_door"), ("taken", None)]  # fmt: skip

    def test_nobody_changes_what_was_found(self):
        self.take(self.report(0, note="ลับ"))
        with self.command(), pytest.raises(DatabaseError), transaction.atomic():
            DoorVisit.objects.update(result="moved")

    def test_notes_are_for_those_who_read_relief(self):
        from maehia.kit.acting import acting

        self.take(self.report(0, note="ยายนอนติดเตียง"))
        with self.command():
            assert DoorNote.objects.get().text == "ยายนอนติดเตียง"
        with acting(self.volunteer.actor, "emergency.field"):
            assert (DoorVisit.objects.count(), DoorNote.objects.count(), DoorConflict.objects.count()) == (1, 0, 0)


class TestAtOnce(Soi, ConcurrentTestCase):
    def test_ten_sendings_at_the_same_moment_are_one_visit(self):
        row = self.give(self.fight())
        with self.command():
            door = row.doors.first()
        one = Report(uuid4(), door.pk, "reached", NOW, 2)
        answers = in_threads(10, lambda _: doors_sync.take(self.volunteer, row.pk, [one], mode="live", sent_at=NOW))
        assert {answer[0].state for answer in answers} == {"taken"}
        with self.command():
            assert DoorVisit.objects.count() == 1
            assert [line.after for line in newest(row.incident_id, 2)] == ["visited", "given"]
