"""LINE's webhook: signature over raw bytes, each event once, each with one effect."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

from django.db import connection
from django.test import Client, override_settings
from linebot.v3 import SignatureValidator, WebhookParser

from maehia.kit import clock
from maehia.kit.jobs import run_job
from maehia.kit.models import Job
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads
from maehia.message.actions import Recipient, queue, work_on_new
from maehia.message.actions.settle import forget_old
from maehia.message.actions.webhook import retry_quarantined, store
from maehia.message.channels.line import api
from maehia.message.fakes import line as fake
from maehia.message.jobs import tick
from maehia.message.models import Attempt, LineEvent, LineFollower, Message
from maehia.message.registry import inbound
from maehia.message.tests.cast import JAIDEE, KEYS, MALEE, SECRET, Providers, a_term

VECTOR_SECRET = "test-channel-secret"
DESTINATION = "U" + "x" * 32
V1 = (f'{{"destination":"{DESTINATION}","events":[]}}'.encode(), "JCD/dr8/2smIoMwzrlWV89wrX564IeUlvfBmon05a6E=")
V2 = (
    f'{{"destination":"{DESTINATION}","events":[{{"type":"message","text":"\\ud83e\\udd28"}}]}}'.encode(),
    "UCIfRbGPz/vo51XhUc3ttbCrFf9oKShbqx9TXxXXjpY=",
)
V3 = (
    f'{{"destination":"{DESTINATION}","events":[{{"type":"message","text":"\U0001f928"}}]}}'.encode(),
    "6hGHinuISmSS664g4rnpOXNgpI1TAAtYe6fFUfZypic=",
)


def post(raw: bytes, signature: str | None, name: str = "x-line-signature"):
    headers = {} if signature is None else {name: signature}
    return Client(enforce_csrf_checks=True).post("/hooks/line/", raw, "application/json", headers=headers)


class HookCase(Providers, AppTestCase):
    def events(self) -> list[tuple[str, str]]:
        with self.acting():
            return list(LineEvent.objects.order_by("event_at").values_list("kind", "state"))

    def follower(self, user: str = MALEE) -> LineFollower | None:
        with self.acting():
            return LineFollower.objects.filter(user_index=api_index(user)).first()


def api_index(user: str) -> bytes:
    from maehia.message.actions import address_index

    return address_index(user) or b""


@override_settings(LINE={**KEYS, "secret": VECTOR_SECRET})
class TestSignature(AppTestCase):
    def test_the_published_vectors_verify_as_the_sdk_verifies_them(self):
        assert [len(raw) for raw, _ in (V1, V2, V3)] == [63, 103, 95]
        for raw, signature in (V1, V2, V3):
            assert api.signature(VECTOR_SECRET, raw) == signature
            assert SignatureValidator(VECTOR_SECRET).validate(raw.decode(), signature)
            assert post(raw, signature).status_code == 200

    def test_one_flipped_byte_a_missing_header_or_another_secret_is_refused_and_stores_nothing(self):
        for raw, signature in (V1, V2, V3):
            for place in range(0, len(raw), 7):
                flipped = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
                assert post(flipped, signature).status_code == 401
            assert post(raw, None).status_code == post(raw, "").status_code == 401
            assert post(raw, api.signature("another", raw)).status_code == 401
        with self.acting(), connection.cursor() as cursor:
            assert LineEvent.objects.count() == 0
            cursor.execute("SELECT count > 0 FROM kit_rate WHERE bucket = 'message.line_forged'")
            assert cursor.fetchone() == (True,)

    def test_the_name_of_the_header_has_no_case(self):
        for name in ("X-Line-Signature", "x-LINE-signature"):
            assert post(*V1, name=name).status_code == 200

    def test_a_body_that_was_parsed_and_written_again_does_not_verify(self):
        again = json.dumps(json.loads(V2[0]), ensure_ascii=False, separators=(",", ":")).encode()
        assert json.loads(again) == json.loads(V2[0])
        assert post(again, V2[1]).status_code == 401

    def test_the_secret_before_is_taken_while_keys_are_changed(self):
        with override_settings(LINE={**KEYS, "secret": "new", "secret_before": VECTOR_SECRET}):
            assert post(*V1).status_code == 200
        with override_settings(LINE={**KEYS, "secret": "new"}):
            assert post(*V1).status_code == 401

    def test_the_console_verifies_with_no_events_and_nothing_is_stored(self):
        assert post(*V1).status_code == 200
        with self.acting():
            assert (LineEvent.objects.count(), Job.objects.count()) == (0, 0)

    def test_only_posts_are_taken_and_a_body_that_is_no_json_is_named(self):
        assert Client().get("/hooks/line/").status_code == 405
        for raw in (b"{", b"[]", b'{"events": 3}', b"\xff"):
            assert post(raw, api.signature(VECTOR_SECRET, raw)).status_code == 400

    def test_a_webhook_for_another_bot_is_answered_and_ignored(self):
        raw, signature = fake.webhook([fake.event(MALEE, "follow")], VECTOR_SECRET)
        with override_settings(LINE={**KEYS, "secret": VECTOR_SECRET, "bot": "U" + "1" * 32}):
            assert post(raw, signature).status_code == 200
        with self.acting():
            assert LineEvent.objects.count() == 0


class TestEvents(HookCase):
    def test_the_fakes_webhook_is_one_that_the_sdk_parses(self):
        message = {"type": "text", "id": "9", "text": "สวัสดี", "quoteToken": "q"}
        raw, signature = fake.webhook([fake.event(MALEE, "message", message=message)], SECRET)
        [event] = WebhookParser(SECRET).parse(raw.decode(), signature)
        assert (event.type, event.source.user_id, event.message.text) == ("message", MALEE, "สวัสดี")

    def test_the_same_event_twice_has_one_effect(self):
        event = fake.event(MALEE, "follow")
        self.hook(event)
        again = {**event, "deliveryContext": {"isRedelivery": True}}
        assert self.hook(again).status_code == 200
        assert self.events() == [("follow", "done")]
        assert len(self.line.bubbles) == 1

    def test_a_replayed_body_has_no_second_effect(self):
        raw, signature = fake.webhook([fake.event(MALEE, "follow")], SECRET)
        for _ in range(3):
            assert post(raw, signature).status_code == 200
            work_on_new()
        assert (len(self.events()), len(self.line.bubbles)) == (1, 1)

    def test_unknown_kinds_groups_and_a_missing_reply_token_pass_quietly(self):
        group = {**fake.event(MALEE, "message"), "source": {"type": "group", "groupId": "C1", "userId": MALEE}}
        odd = fake.event(MALEE, "somethingNew", reply=False)
        bare = {"type": "message", "webhookEventId": "01BARE"}
        assert self.hook(group, odd, bare).status_code == 200
        assert {state for _, state in self.events()} == {"done"}
        assert self.line.bubbles == []

    def test_without_a_reply_token_the_answer_is_pushed(self):
        self.hook(fake.event(MALEE, "follow", reply=False))
        assert [path for path, _, _ in self.line.calls] == ["/v2/bot/message/push"]

    def test_a_stale_reply_token_is_pushed_instead(self):
        event = fake.event(MALEE, "follow")
        with clock.at(NOW + timedelta(seconds=55)):
            self.hook(event)
        assert [path for path, _, _ in self.line.calls] == ["/v2/bot/message/push"]

    def test_a_refused_reply_token_is_pushed_instead(self):
        self.hook({**fake.event(MALEE, "follow"), "replyToken": "used"})
        assert [path.rpartition("/")[2] for path, _, _ in self.line.calls] == ["reply", "push"]
        assert len(self.line.bubbles) == 1

    def test_standby_gets_no_answer(self):
        message = {"type": "text", "id": "1", "text": "สวัสดี"}
        self.hook({**fake.event(MALEE, "message", message=message), "mode": "standby"})
        assert (self.line.calls, self.events()) == ([], [("message", "done")])

    def test_both_times_of_an_event_are_kept_and_the_order_is_that_of_its_own_time(self):
        seen = []
        inbound.add("test.order", lambda event, talk: bool(seen.append(event.text)) or True, order=1)
        self.addCleanup(inbound.remove, "test.order")
        early, late = (
            {**fake.event(MALEE, "message", message={"type": "text", "id": "1", "text": text}), "timestamp": at}
            for text, at in (("แรก", 1_790_000_000_000), ("หลัง", 1_790_000_001_000))
        )
        self.hook(late, early)
        assert seen == ["แรก", "หลัง"]
        with self.acting():
            rows = LineEvent.objects.order_by("event_at")
            assert [(row.event_at < row.received_at, row.payload) for row in rows] == [(True, None)] * 2

    def test_an_event_that_fails_is_put_aside_and_the_others_go_on(self):
        def broken(event, talk):
            if event.text == "พัง":
                raise RuntimeError("ข้อความลับ")
            return False

        inbound.add("test.broken", broken, order=1)
        with self.assertLogs("maehia.message", "ERROR") as logged:
            self.write("พัง")
        assert "ข้อความลับ" not in str(logged.output)
        answer = self.write("สวัสดี")
        assert [state for _, state in self.events()] == ["quarantined", "done"]
        assert "053-000-000" in answer[-1]["text"]
        assert "ขัดข้อง" in self.line.bubbles[0]["text"]
        inbound.remove("test.broken")
        with self.acting():
            row = LineEvent.objects.get(state="quarantined")
            assert row.error.startswith("RuntimeError at message/tests/")
        with self.acting("message.manage"):
            retry_quarantined(row.pk)
        work_on_new()
        assert {state for _, state in self.events()} == {"done"}

    def test_no_line_id_stands_in_a_log_an_answer_or_in_the_clear_in_the_database(self):
        with self.assertLogs(level="DEBUG") as logged:
            logging.getLogger("maehia.message").debug("the log is on")
            answer = self.hook(fake.event(MALEE, "follow"), fake.event(MALEE, "unfollow"))
        assert MALEE not in "\n".join(logged.output)
        assert MALEE.encode() not in answer.content
        with self.acting(), connection.cursor() as cursor:
            for table in ("lineevent", "linefollower", "message", "attempt", "conversation"):
                cursor.execute(f"SELECT string_agg(t::text, ' ') FROM message_{table} t")
                assert MALEE not in (cursor.fetchone()[0] or "")


class TestChat(HookCase):
    def test_following_greets_and_asks_for_the_village_once(self):
        [greeting] = self.turn(fake.event(MALEE, "follow"))
        assert "เทศบาลเมืองตัวอย่าง" in greeting["text"]
        taps = [item["action"] for item in greeting["quickReply"]["items"]]
        assert [tap["label"] for tap in taps] == ["ม.2 บ้านดอน", "ม.5 บ้านป่าจี้", "ไม่ระบุ"]
        [kept] = self.turn(fake.event(MALEE, "postback", postback={"data": taps[1]["data"]}))
        assert "บ้านป่าจี้" in kept["text"]
        row = self.follower()
        assert (row.moo, row.community) == ("5", "ม.5 บ้านป่าจี้")

    def test_an_invented_village_is_not_kept(self):
        self.turn(fake.event(MALEE, "follow"))
        self.turn(fake.event(MALEE, "postback", postback={"data": "moo:99"}))
        assert self.follower().moo == ""

    def test_leaving_closes_the_channel_and_coming_back_opens_it(self):
        self.turn(fake.event(MALEE, "follow"))
        with clock.at(NOW + timedelta(minutes=1)):
            assert self.turn(fake.event(MALEE, "unfollow", reply=False)) == []
            assert self.follower().unfollowed_at is not None
        with clock.at(NOW + timedelta(minutes=2)):
            assert len(self.turn(fake.event(MALEE, "follow"))) == 1
        assert self.follower().unfollowed_at is None

    def test_whoever_wants_to_speak_with_an_officer_gets_the_numbers(self):
        assert "ศูนย์บริการ 053-000-000" in self.write("ติดต่อเจ้าหน้าที่")[-1]["text"]

    def test_an_answer_is_one_reply_that_costs_nothing_and_is_written_down(self):
        with a_term("line.quota", 0):
            self.write("สวัสดี")
        assert [path for path, _, _ in self.line.calls] == ["/v2/bot/message/reply"]
        with self.acting():
            [attempt] = Attempt.objects.all()
            assert (attempt.state, attempt.units) == ("sent", 0)
            assert "เข้าใจ" in Message.objects.get().body

    def test_what_waits_for_somebody_goes_along_with_the_answer(self):
        self.follow()
        with self.acting("message.send"):
            queue("test.word", to=Recipient(line_user=MALEE), values={"word": "ที่รออยู่"})
        said = self.write("สวัสดี")
        assert [path for path, _, _ in self.line.calls] == ["/v2/bot/message/reply"]
        assert (len(said), said[0]["text"]) == (2, "คำ ที่รออยู่")

    def test_what_was_said_is_erased_after_its_days_and_that_something_was_sent_stays(self):
        self.write("สวัสดี")
        with clock.at(NOW + timedelta(days=89)):
            assert forget_old() == 0
        with clock.at(NOW + timedelta(days=91)):
            assert forget_old() == 1
        with self.acting():
            row = Message.objects.get()
            assert (row.body, row.payload, row.state, LineEvent.objects.count()) == ("", None, "sent", 0)

    def test_the_tick_of_every_minute_answers_and_sends_what_is_due(self):
        self.follow()
        with self.acting("message.send"):
            queue("test.word", to=Recipient(line_user=MALEE), values={"word": "ที่รออยู่"})
        message = {"type": "text", "id": "1", "text": "สวัสดี"}
        self.hook(fake.event(JAIDEE, "message", message=message), work=False)
        assert tick() == 1
        assert len(self.line.bubbles) == 2

    def test_a_talk_is_remembered_until_it_is_finished(self):
        def count(event, talk):
            talk.draft["n"] = talk.draft.get("n", 0) + 1
            talk.say(str(talk.draft["n"]))
            return True

        inbound.add("test.count", count, order=1)
        self.addCleanup(inbound.remove, "test.count")
        assert [self.write("ก")[0]["text"] for _ in range(3)] == ["1", "2", "3"]


class TestParallel(Providers, ConcurrentTestCase):
    def test_the_same_event_delivered_many_times_at_once_is_one_row_with_one_effect(self):
        events = [fake.event(MALEE, "follow")]
        raw, _ = fake.webhook(events, SECRET)

        def deliver(_: int) -> int:
            store(events, raw)
            return work_on_new()

        results = in_threads(4, deliver)
        assert not [r for r in results if isinstance(r, Exception)], results
        with self.acting():
            assert LineEvent.objects.count() == 1
            assert Message.objects.filter(template="line.chat").count() == 1
        assert len(self.line.bubbles) == 1

    def test_the_job_that_a_webhook_asks_for_works_on_its_events(self):
        assert self.hook(fake.event(MALEE, "follow"), work=False).status_code == 200
        job = Job.objects.get(name="message.inbound")
        assert run_job(job.pk).result == {"events": 1}
        assert len(self.line.bubbles) == 1
