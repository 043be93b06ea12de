"""SMS by a generic gateway, letters by SMTP, the bell; and a demo that never talks to the outside."""

from __future__ import annotations

import json
import smtplib
import uuid
from datetime import time
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import override_settings

from maehia.base import ProblemError
from maehia.kit import notices
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.actions import Recipient, queue, send_due
from maehia.message.channels import EVERY, Letter, sms
from maehia.message.channels.line import api
from maehia.message.fakes import line as fake
from maehia.message.models import ConnectionState, FakeDelivery, Message
from maehia.message.rules import fill, plan, quiet_until, room, sms_parts
from maehia.message.tests.cast import MALEE, Providers


def letter(to: str, text: str = "หัวเรื่อง\nเนื้อความ") -> Letter:
    return Letter(to, text, "th", uuid.UUID(int=3))


class TestSms(Providers, AppTestCase):
    def test_the_gateways_file_says_what_is_called(self):
        assert EVERY["sms"].send(letter("0810000001")).units == 1
        assert self.sms.calls == [{"to": "0810000001", "text": "หัวเรื่อง\nเนื้อความ", "ref": str(uuid.UUID(int=3))}]

    def test_answers_become_states(self):
        self.sms.answers = [500, 429, "timeout", 401, 200]
        states = [EVERY["sms"].send(letter("0810000001")).state for _ in range(5)]
        assert states == ["temporary_failure"] * 3 + ["technical_failure", "sent"]
        assert EVERY["sms"].send(letter("x")).state == "permanent_failure"

    def test_an_answer_that_says_no_success_is_no_success(self):
        config = json.dumps({**sms.gateway(), "success": "delivered"})
        with override_settings(SMS_GATEWAY=config):
            assert EVERY["sms"].send(letter("0810000001")).state == "technical_failure"

    def test_a_gateway_that_cannot_be_used_is_named_by_its_test(self):
        for bad in ("{", "url: http://plain.example", "[]", "{url: 'https://x.example', colour: red}"):
            with override_settings(SMS_GATEWAY=bad):
                assert EVERY["sms"].test().startswith("sms_gateway")

    def test_thai_parts_are_counted_as_providers_do(self):
        assert [sms_parts(t) for t in ("a" * 160, "a" * 161, "ก" * 70, "ก" * 71, "ก" * 135)] == [1, 2, 1, 2, 3]


class TestMail(Providers, AppTestCase):
    def test_the_first_line_is_the_subject(self):
        EVERY["email"].send(letter("malee@example.org"))
        [sent] = mail.outbox
        assert (sent.subject, sent.body, sent.to) == ("หัวเรื่อง", "เนื้อความ", ["malee@example.org"])

    def test_what_a_mail_server_says_becomes_a_state(self):
        refusals = {
            smtplib.SMTPRecipientsRefused({"a": (550, b"no")}): "permanent_failure",
            smtplib.SMTPRecipientsRefused({"a": (450, b"later")}): "temporary_failure",
            smtplib.SMTPAuthenticationError(535, b"no"): "technical_failure",
            ConnectionRefusedError(): "temporary_failure",
        }
        for error, state in refusals.items():
            with patch.object(mail.EmailMessage, "send", side_effect=error):
                assert EVERY["email"].send(letter("a@example.org")).state == state

    def test_a_line_break_in_an_address_sends_nothing(self):
        assert EVERY["email"].send(letter("a@example.org\nBcc: b@example.org")).state == "permanent_failure"
        assert mail.outbox == []


class TestNotice(Providers, AppTestCase):
    def test_the_bell_tells_that_there_is_a_message_and_nothing_of_it(self):
        account = str(uuid.uuid4())
        with self.acting("message.send"):
            queue("test.word", to=Recipient(account_key=f"user:{account}"), values={"word": "ความลับ"})
        send_due()
        [notice] = notices.of(f"user:{account}")
        assert "ความลับ" not in notices.text_of(notice)
        with self.acting():
            assert Message.objects.get().state == "delivered"


class TestDemo(Providers, AppTestCase):
    def setUp(self):
        super().setUp()
        for name in ("line.api", "sms", "email"):
            patcher = patch(f"maehia.message.channels.{name}.is_demo", return_value=True)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_a_demo_talks_to_its_fakes_even_with_keys(self):
        assert {key: channel.state() for key, channel in EVERY.items()} == {
            "line": "fake", "email": "fake", "sms": "fake", "notice": "live",
        }  # fmt: skip
        user = fake.user_id("somebody")
        self.follow(user)
        with api.through(None), sms.through(None), self.acting("message.send"):
            queue("test.word", to=Recipient(line_user=user), values={"word": "ก"})
            queue("test.word", to=Recipient(phone="0810000001"), values={"word": "ข"})
        with api.through(None), sms.through(None):
            send_due()
        assert (self.line.calls, self.sms.calls) == ([], [])
        with self.acting():
            kept = FakeDelivery.objects.order_by("channel").values_list("channel", "kind")
            assert list(kept) == [("line", "push"), ("sms", "sms")]
            assert "คำ ก" in FakeDelivery.objects.get(kind="push").payload

    def test_the_secrets_of_the_fake_belong_to_this_installation(self):
        ours = fake.demo_keys().secrets
        with override_settings(SECRET_KEY="another-installation"):
            assert fake.demo_keys().secrets != ours


class TestLinks(Providers, AppTestCase):
    def test_how_a_link_fared_is_kept_without_a_word_of_the_message(self):
        self.follow()
        self.line.answers = [500]
        with self.acting("message.send"):
            queue("test.word", to=Recipient(line_user=MALEE), values={"word": "ก"})
        send_due()
        state = ConnectionState.objects.get(key="line")
        assert (state.ok_at, state.error_at, state.error) == (None, NOW, "HTTP 500")


class TestRules:
    def test_a_text_is_filled_once_and_what_was_put_in_is_not_filled_again(self):
        assert fill("{a} {b}", {"a": "{b}", "b": "ข"}) == "{b} ข"
        with pytest.raises(ProblemError):
            fill("{a}", {})

    def test_a_plan_keeps_to_what_is_wanted_and_reachable(self):
        order = ["line", "notice", "email", "sms"]
        assert plan({"sms", "line"}, (), order) == ["line", "sms"]
        assert plan({"sms", "line"}, ("sms", "email"), order) == ["sms"]
        assert plan({"sms", "line", "notice"}, (), order, mode="exercise") == ["notice"]

    def test_quiet_hours_over_midnight_and_within_a_day(self):
        evening, morning = time(20), time(7)
        assert quiet_until(NOW, evening, morning) is None
        late = NOW.replace(hour=15)
        assert quiet_until(late, evening, morning).isoformat() == "2026-11-19T07:00:00+07:00"
        assert quiet_until(NOW, time(9), time(11)).isoformat() == "2026-11-18T11:00:00+07:00"
        assert quiet_until(late, time(0), time(0)) is None

    def test_the_reserve_is_rounded_up_and_never_below_zero(self):
        assert [room(10, used, 25, urgent=urgent) for used, urgent in ((0, False), (7, False), (7, True), (99, True))] == [
            7, 0, 3, 0,
        ]  # fmt: skip
