"""A warning reaches everybody in its area once, also when the worker dies in between; nobody is forgotten who has no
phone; the province is asked by a letter with its times."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from maehia.base import ProblemError
from maehia.city.models import House, Person
from maehia.emergency.actions import broadcast_request as cell
from maehia.emergency.actions import fanout, release
from maehia.emergency.models import AlertRecipient, Fanout
from maehia.emergency.queries import release as seen
from maehia.emergency.queries.log import newest
from maehia.emergency.release_jobs import take_up
from maehia.emergency.rules.release import groups
from maehia.emergency.tests.test_release import Case, code_of
from maehia.forms.queries import open_document
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.crypto import blind_index
from maehia.kit.models import Job
from maehia.kit.testing import NOW
from maehia.message.actions import address_index
from maehia.message.models import LineFollower, LineLink, Message

INSIDE, OUTSIDE = "SRID=4326;POINT(98.95 18.74)", "SRID=4326;POINT(98.99 18.78)"


class Killed(Exception):
    """The worker was killed."""


class Town(Case):
    """Three people inside with two phones, one far away, one without a phone, two followers."""

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            home, far = (House.objects.create(key=uuid4(), house_no=no, moo=5, geom=place)
                         for no, place in (("1", INSIDE), ("2", OUTSIDE)))  # fmt: skip
            phones = (("0811111111", home), ("0811111111", home), ("0822222222", home), ("0833333333", far),
                      (None, home))  # fmt: skip
            people = [
                Person.objects.create(key=uuid4(), first_name=f"คน{n}", phone=phone, house=house, moo=5,
                                      phone_index=blind_index("phone", phone) if phone else None)
                for n, (phone, house) in enumerate(phones)
            ]  # fmt: skip
            for user, moo in (("U1", ""), ("U2", "9")):
                LineFollower.objects.create(line_user=user, user_index=address_index(user), moo=moo, followed_at=NOW)
            LineLink.objects.create(person_key=people[2].pk, account_key=self.officer.pk, line_user="U1", how="test",
                                    user_index=address_index("U1"), linked_at=NOW)  # fmt: skip

    def letters(self, alert):
        with acting(fanout.ACTOR, fanout.PURPOSE):
            return list(Message.objects.filter(about=alert.pk, template=fanout.TEMPLATE))


class TestFanout(Town):
    def test_everybody_in_the_area_gets_one_letter(self):
        row = self.released()
        assert Job.objects.get(name=fanout.JOB).ids == {"alert": str(row.pk)}
        assert fanout.fan_out(row.pk) == 2  # the phone of a family once; who is linked by LINE once
        rows = self.letters(row)
        assert [(one.urgent, one.mode, one.state) for one in rows] == [(True, "live", "queued")] * 2
        assert {bool(one.payload) for one in rows} == {True, False}
        assert all("หมู่ 5" in one.body for one in rows)

    def test_a_second_run_repeats_nobody(self):
        row = self.released()
        fanout.fan_out(row.pk)
        assert fanout.fan_out(row.pk) == 0
        take_up()
        assert len(self.letters(row)) == 2

    def test_a_worker_killed_between_batches_repeats_nobody_and_forgets_nobody(self):
        with self.acting():
            for n in range(25):
                user = f"L{n}"
                LineFollower.objects.create(line_user=user, user_index=address_index(user), followed_at=NOW)
        row = self.released()

        def die(number: int) -> None:
            if number == 1:
                raise Killed

        fanout.BATCH, whole = 10, fanout.BATCH
        self.addCleanup(setattr, fanout, "BATCH", whole)
        with pytest.raises(Killed):
            fanout.fan_out(row.pk, after_batch=die)
        assert len(self.letters(row)) == 20
        take_up()
        rows = self.letters(row)
        assert len(rows) == len({bytes(one.recipient_index) for one in rows}) == 27
        with self.command():
            assert AlertRecipient.objects.filter(alert=row).count() == 27
            assert Fanout.objects.get(alert=row).done_at == NOW
            assert newest(row.incident_id, 1)[0].value["queued"] == 27

    def test_no_address_of_anybody_stands_beside_the_alert(self):
        row = self.released()
        fanout.fan_out(row.pk)
        with self.command():
            for one in AlertRecipient.objects.all():
                assert b"0811" not in bytes(one.recipient_index)
                assert len(bytes(one.recipient_index)) == 16

    def test_resend_adds_attempts_to_what_failed_only(self):
        row = self.released()
        fanout.fan_out(row.pk)
        with acting(fanout.ACTOR, fanout.PURPOSE):
            Message.objects.filter(about=row.pk, template=fanout.TEMPLATE, payload__isnull=True).update(
                state="permanent_failure", attempted=1
            )
            before = seen.reached(row)
            assert fanout.resend(row) == 1
            after = seen.reached(row)
        assert (before.failed, before.attempts, after.failed, after.waiting) == (1, 1, 0, 2)

    def test_a_warning_that_is_over_is_not_taken_up_again(self):
        row = self.released()
        with clock.at(row.expires + timedelta(hours=1)), acting(fanout.ACTOR, fanout.PURPOSE):
            assert fanout.unfinished() == []


class TestWhoIsNotReached(Town):
    def test_people_without_a_phone_are_counted_with_another_way(self):
        row = self.released()
        fanout.fan_out(row.pk)
        with acting(fanout.ACTOR, fanout.PURPOSE):
            told = seen.summary(row)
        assert (told["numbers"].people, told["numbers"].no_phone) == (4, 1)
        group = told["groups"][0]
        assert (group.key, group.people) == ("no_address", 1)
        assert "loudspeaker" in group.ways

    def test_each_group_has_its_own_ways(self):
        found = {
            one.key: one.ways for one in groups({"deaf": 2, "blind": 1, "bedridden": 3, "foreign": 4, "failed": 0})
        }
        assert list(found) == ["deaf", "blind", "bedridden", "foreign"]
        assert (found["deaf"][0], found["blind"][0], found["bedridden"][0]) == ("light", "voice", "carry")

    def test_what_was_told_otherwise_stands_in_the_log(self):
        row = self.released()
        with self.command():
            release.tell_other_way(row, "loudspeaker", 300, "หอกระจายข่าวหมู่ 5")
            assert newest(row.incident_id, 1)[0].value == {"alert": str(row.pk), "people": 300, "way": "loudspeaker"}
            with pytest.raises(ProblemError) as caught:
                release.tell_other_way(row, "telepathy", 1)
            assert code_of(caught) == "bad_way"


class TestCellBroadcast(Case):
    def asking(self):
        return acting(self.commander.actor, "emergency.warn")

    def test_the_request_is_a_numbered_letter_without_a_link(self):
        row = self.released()
        with self.asking():
            made = cell.request_broadcast(row.pk, self.commander)
            pdf = open_document(made.document)
            assert pdf.startswith(b"%PDF")
            assert made.number.startswith("ชม 52001/")
            assert "http" not in made.text
            with pytest.raises(ProblemError) as caught:
                cell.request_broadcast(row.pk, self.commander)
            assert code_of(caught) == "asked_before"

    def test_links_are_taken_out_of_the_text(self):
        assert not cell.LINK.search(cell.LINK.sub("", "ดู https://x.go.th/a และ www.y.com/b กับ maehia.go.th"))

    def test_the_answer_is_written_down_once_with_who_and_when(self):
        row = self.released()
        with self.asking():
            made = cell.request_broadcast(row.pk, self.commander)
            for more, wanted in (({"state": "maybe", "who": "x"}, "bad_answer"), ({"state": "confirmed", "who": " "}, "no_who"),
                                 ({"state": "confirmed", "who": "x", "answered_at": NOW + timedelta(hours=1)}, "time_ahead")):  # fmt: skip
                with pytest.raises(ProblemError) as caught:
                    cell.answer_broadcast(made.pk, **more)
                assert code_of(caught) == wanted
        with clock.at(NOW + timedelta(minutes=9)), self.asking():
            done = cell.answer_broadcast(made.pk, state="confirmed", who="นายเวร ปภ.จังหวัด")
            line = newest(row.incident_id, 1)[0]
            assert (done.state, line.value["minutes"]) == ("confirmed", 9.0)
            with pytest.raises(ProblemError) as caught:
                cell.answer_broadcast(made.pk, state="refused", who="x")
            assert code_of(caught) == "answered"

    def test_an_exercise_asks_nobody(self):
        row = self.released("exercise")
        with acting(self.commander.actor, "emergency.warn", mode="exercise"), pytest.raises(ProblemError) as caught:
            cell.request_broadcast(row.pk, self.commander)
        assert code_of(caught) == "not_outside"

    def test_only_who_holds_the_power_signs(self):
        row = self.released()
        with acting(self.officer.actor, "emergency.warn"), pytest.raises(ProblemError) as caught:
            cell.request_broadcast(row.pk, self.officer)
        assert code_of(caught) == "no_power"
