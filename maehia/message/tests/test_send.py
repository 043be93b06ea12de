"""The outbox: one row, one sender, every attempt written down."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.recorders import assert_queries
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.actions import Recipient, forget, queue, resend, send_due
from maehia.message.models import Attempt, Message
from maehia.message.queries import attempts_about
from maehia.message.tests.cast import FIXED, MALEE, MALEE_BY_LINE, Providers, a_term

CASE = uuid.UUID(int=77)
EVENING = NOW.replace(hour=14)  # 21:00 in Bangkok


class SendCase(Providers, AppTestCase):
    def put(self, template: str = "test.word", to: Recipient = MALEE_BY_LINE, word: str = "ก", **more) -> Message:
        values = {"number": word} if template == FIXED else {"word": word}
        with acting("system:test", "message.send", mode=more.get("mode", "live")):
            return queue(template, to=to, values=values, **more)

    def again(self, row: Message) -> Message:
        with self.acting(mode=row.mode):
            return Message.objects.get(pk=row.pk)

    def attempts(self, row: Message) -> list[tuple[str, str, str]]:
        with self.acting(mode=row.mode):
            return list(Attempt.objects.filter(message=row).values_list("channel", "state", "provider_code"))


class TestQueue(SendCase):
    def test_queueing_is_one_statement_and_sends_nothing(self):
        with acting("system:test", "message.send"):
            queue("test.word", to=MALEE_BY_LINE, values={"word": "ก"})
            with assert_queries(1):
                queue("test.word", to=MALEE_BY_LINE, values={"word": "ข"})
        assert self.line.calls == []

    def test_a_text_with_an_empty_placeholder_is_refused(self):
        for values in ({}, {"word": ""}, {"word": "  "}):
            with pytest.raises(ProblemError, match="กรอก"), acting("system:test", "message.send"):
                queue("test.word", to=MALEE_BY_LINE, values=values)

    def test_somebody_who_cannot_be_reached_is_refused(self):
        with pytest.raises(ProblemError, match="ช่องทาง"):
            self.put(to=Recipient())

    def test_an_anonymous_reporter_queues_about_his_case_and_reads_nobody_elses(self):
        other = self.put(about=uuid.uuid4())
        with acting("device:x", "services.report", scope=Scope.subject(CASE)):
            mine = queue("test.word", to=MALEE_BY_LINE, about=CASE, values={"word": "ก"})
            assert list(Message.objects.values_list("pk", flat=True)) == [mine.pk]
        assert other.pk != mine.pk

    def test_the_database_holds_neither_the_address_nor_the_words_in_the_clear(self):
        row = self.put(word="คำที่เป็นความลับ")
        from django.db import connection

        with self.acting(), connection.cursor() as cursor:
            cursor.execute("SELECT m::text FROM message_message m WHERE id = %s", [row.pk])
            stored = cursor.fetchone()[0]
        assert MALEE not in stored
        assert "ความลับ" not in stored


class TestSend(SendCase):
    def setUp(self):
        super().setUp()
        self.follow()

    def test_a_due_message_goes_by_line_with_its_retry_key_and_is_written_down(self):
        row = self.put()
        assert send_due() == 1
        [(path, headers, body)] = self.line.calls
        assert (path, headers["x-line-retry-key"]) == ("/v2/bot/message/push", str(row.retry_key))
        assert body == {"to": MALEE, "messages": [{"type": "text", "text": "คำ ก"}]}
        assert self.again(row).state == "sent"
        assert self.attempts(row) == [("line", "sent", "200")]

    def test_a_push_retried_after_a_time_out_carries_the_same_retry_key(self):
        self.line.answers = ["timeout", 500, 200]
        row = self.put()
        send_due()
        assert self.again(row).state == "temporary_failure"
        for minutes in (2, 10):
            with clock.at(NOW + timedelta(minutes=minutes)):
                send_due()
        assert {headers["x-line-retry-key"] for _, headers, _ in self.pushes()} == {str(row.retry_key)}
        assert [state for _, state, _ in self.attempts(row)] == ["temporary_failure", "temporary_failure", "sent"]

    def test_the_limit_of_tries_ends_in_the_next_channel(self):
        self.line.answers = [429] * 9
        row = self.put(to=Recipient(line_user=MALEE, phone="0810000001"))
        moment = NOW
        with a_term("backoff.minutes", [1, 1]), a_term("quiet.from", "00:00"), a_term("quiet.until", "00:00"):
            for _ in range(4):
                with clock.at(moment):
                    send_due()
                moment += timedelta(minutes=5)
        assert [channel for channel, _, _ in self.attempts(row)] == ["line", "line", "line", "sms"]
        assert self.again(row).state == "sent"

    def test_a_permanent_failure_goes_to_the_next_channel_at_once(self):
        self.line.answers = [400]
        row = self.put(to=Recipient(line_user=MALEE, email="malee@example.org"))
        send_due()
        send_due()
        assert [(c, s) for c, s, _ in self.attempts(row)] == [("line", "permanent_failure"), ("email", "sent")]
        assert [letter.to for letter in mail.outbox] == [["malee@example.org"]]

    def test_without_another_channel_staff_see_the_failure_and_can_send_again(self):
        self.line.answers = [400]
        row = self.put()
        send_due()
        assert self.again(row).state == "permanent_failure"
        with acting("user:x", "message.manage"):
            resend(row.pk)
        fresh = self.again(row)
        assert (fresh.state, fresh.tries) == ("queued", 0)
        assert fresh.retry_key != row.retry_key
        send_due()
        assert self.again(row).state == "sent"

    def test_one_recipient_fails_and_the_other_is_sent(self):
        bad, good = self.put(to=Recipient(phone="+66 unknown")), self.put(to=Recipient(phone="0810000002"))
        send_due()
        assert (self.again(bad).state, self.again(good).state) == ("permanent_failure", "sent")

    def test_quiet_hours_keep_what_can_wait_and_let_the_urgent_through(self):
        with clock.at(EVENING):
            waits, urgent = self.put(), self.put(urgent=True)
            send_due()
            assert (self.again(waits).state, self.again(urgent).state) == ("queued", "sent")
        with clock.at(EVENING + timedelta(hours=10, minutes=1)):
            send_due()
        assert self.again(waits).state == "sent"

    def test_several_changes_of_one_case_go_out_as_one(self):
        rows = [self.put(FIXED, about=CASE, word=word) for word in ("1", "2")]
        assert send_due() == 0
        with clock.at(NOW + timedelta(minutes=3)):
            rows.append(self.put(FIXED, about=CASE, word="3"))
            send_due()
        [(_, _, body)] = self.pushes()
        assert body["messages"] == [{"type": "text", "text": "\n\n".join(f"เรื่อง {n} เสร็จแล้ว" for n in "123")}]
        assert [self.attempts(row)[0][2] for row in rows] == ["200", "together", "together"]

    def test_the_quota_keeps_its_reserve_for_what_is_urgent(self):
        with a_term("line.quota", 5), a_term("reserve.percent", 20):
            rows = [self.put(word=str(n)) for n in range(6)]
            urgent = [self.put(urgent=True) for _ in range(2)]
            send_due()
        states = [self.again(row).state for row in rows + urgent]
        assert states.count("sent") == 4  # two urgent ones, two others; one unit is kept
        assert [self.again(row).state for row in urgent] == ["sent", "sent"]
        held = next(self.again(row) for row in rows if self.again(row).state != "sent")
        assert (held.state, held.why) == ("queued", "quota")
        assert (held.next_at + timedelta(hours=7)).date().isoformat() == "2026-12-01"

    def test_somebody_who_does_not_follow_gets_no_push(self):
        row = self.put(to=Recipient(line_user="U" + "0" * 32))
        send_due()
        assert (self.again(row).state, self.again(row).why, self.line.calls) == ("held", "no_channel", [])

    def test_the_recipients_own_order_wins(self):
        self.put(to=Recipient(line_user=MALEE, phone="0810000003", wants=("sms", "line")))
        send_due()
        assert (len(self.sms.calls), self.line.calls) == (1, [])

    def test_a_row_of_a_dead_sender_comes_up_again(self):
        row = self.put()
        with self.acting():
            Message.objects.filter(pk=row.pk).update(state="sending", next_at=NOW + timedelta(minutes=10))
        assert send_due() == 0
        with clock.at(NOW + timedelta(minutes=11)):
            assert send_due() == 1

    def test_attempts_about_a_case_show_states_and_nothing_else(self):
        self.put(about=CASE)
        send_due()
        with acting("user:x", "services.desk"):
            [sent] = attempts_about(CASE)
        assert (sent.state, [a.channel for a in sent.attempts]) == ("sent", ["line"])

    def test_an_erased_case_leaves_only_that_something_was_sent(self):
        row = self.put(about=CASE)
        send_due()
        with acting("system:clock", "system.retention"):
            forget(CASE)
        left = self.again(row)
        assert (left.body, left.recipient, left.recipient_index, left.state) == ("", "{}", None, "sent")

    def test_attempts_are_never_changed(self):
        row = self.put()
        send_due()
        with self.acting():
            attempts = Attempt.objects.filter(message=row)
            assert (attempts.update(state="delivered"), attempts.delete()[0]) == (0, 0)
        assert self.attempts(row) == [("line", "sent", "200")]


RECIPIENTS = st.builds(
    Recipient, line_user=st.sampled_from(["", MALEE]), phone=st.sampled_from(["", "0810000009"]),
    email=st.sampled_from(["", "a@example.org"]), account_key=st.sampled_from([str(uuid.UUID(int=5))]),
    wants=st.lists(st.sampled_from(["line", "sms", "email", "notice"]), unique=True).map(tuple),
)  # fmt: skip


class TestExercise(SendCase):
    def test_an_exercise_never_reaches_an_outside_channel(self):
        self.follow()

        @settings(max_examples=20, deadline=None)
        @given(RECIPIENTS, st.booleans(), st.sampled_from(["test.word", FIXED]))
        def whoever(to, urgent, template):
            row = self.put(template, to=to, urgent=urgent, mode="exercise")
            with clock.at(NOW + timedelta(hours=1)):
                send_due("exercise")
                send_due("live")
            assert (self.line.calls, self.sms.calls, mail.outbox) == ([], [], [])
            assert {channel for channel, _, _ in self.attempts(row)} <= {"notice"}

        whoever()
