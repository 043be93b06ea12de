"""The pages of the messages: links, the list, a text to many, wording, terms, my messages."""

from __future__ import annotations

import re
import uuid
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile

from maehia.access.actions import assign, create_account
from maehia.access.middleware import MFA_SESSION
from maehia.kit.acting import acting
from maehia.kit.idempotency import new_key
from maehia.kit.testing import AppTestCase
from maehia.message import terms
from maehia.message.actions import Recipient, queue, send_due
from maehia.message.actions.link import link_line
from maehia.message.fakes import line as fake
from maehia.message.fakes import phone
from maehia.message.models import Broadcast, ConnectionState, LineEvent, Message, Term
from maehia.message.tests.cast import FIXED, MALEE, Providers, a_term


class People(Providers):
    """A clerk who manages messages, an officer who does not, มาลี herself."""

    def setUp(self):
        super().setUp()
        with self.acting():
            self.clerk, self.officer, self.malee = (
                create_account(login, name, person_key=key)
                for login, name, key in (
                    ("clerk", "ประสิทธิ์ ปลัดดี", None),
                    ("officer", "นก ใจเย็น", None),
                    ("malee", "มาลี สุขใจดี", uuid.UUID(int=1)),
                )
            )
            for account, role in ((self.clerk, "clerk"), (self.officer, "officer"), (self.malee, "citizen")):
                assign(account, role, starts_on=self.now.date())

    def enter(self, account) -> None:
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.content.decode()[:500]
        return re.sub(r"\s+", " ", answer.content.decode())

    def send(self, path: str, **fields):
        return self.client.post(path, {"idempotency_key": new_key(), **fields}, follow=True)


class PageCase(People, AppTestCase):
    pass


class TestRights(PageCase):
    def test_only_those_who_manage_messages_see_the_pages(self):
        paths = [
            "/staff/connections/", "/staff/messages/", "/staff/messages/texts/", f"/staff/messages/texts/{FIXED}/",
            "/staff/messages/terms/", "/staff/messages/terms/line.quota/", "/staff/messages/send/",
        ]  # fmt: skip
        self.enter(self.officer)
        assert {self.client.get(path).status_code for path in paths} == {403}
        self.enter(self.clerk)
        assert {self.client.get(path).status_code for path in paths} == {200}


class TestConnections(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.clerk)

    def test_each_link_says_whether_it_is_live_and_how_to_get_a_key(self):
        page = self.page("/staff/connections/")
        for words in ("LINE Official Account", "SMS", "อีเมล", "ใช้งานจริง", "/hooks/line/", "MAEHIA_SMS_GATEWAY_FILE"):
            assert words in page
        assert "a-token" not in page
        assert "a-channel-secret" not in page

    def test_the_test_button_says_what_came_back(self):
        assert "ตอบแล้ว" in self.send("/staff/connections/line/test/").content.decode()
        assert ConnectionState.objects.get(key="line").ok_at == self.now
        self.line.answers = [500]
        assert "HTTP 500" in self.send("/staff/connections/line/test/").content.decode()
        assert self.client.post("/staff/connections/nothing/test/").status_code == 404

    def test_the_menu_is_given_to_line(self):
        self.send("/staff/connections/line/menu/")
        assert [path.rpartition("/")[2] for path, _, _ in self.line.calls] == ["richmenu", "content", "richmenu-demo"]

    def test_an_event_that_was_put_aside_is_listed_and_worked_on_again(self):
        self.hook(fake.event(MALEE, "follow"))
        with self.acting():
            LineEvent.objects.update(state="quarantined", error="KeyError at x.py:1")
            number = LineEvent.objects.get().pk
        assert "KeyError at x.py:1" in self.page("/staff/connections/")
        self.send(f"/staff/connections/line/events/{number}/")
        with self.acting():
            assert LineEvent.objects.get().state == "new"


class TestList(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.clerk)
        self.line.answers = [400]
        self.follow()
        with acting("system:test", "message.send"):
            self.row = queue(
                "test.word",
                to=Recipient(line_user=MALEE, phone="0812345678", wants=("line",)),
                values={"word": "ความลับ"},
            )
        send_due()

    def test_the_list_and_a_message_show_states_and_neither_words_nor_address(self):
        page = self.page("/staff/messages/?state=permanent_failure&channel=line")
        assert str(self.row.pk) in page
        assert str(self.row.pk) not in self.page("/staff/messages/?state=sent")
        one = self.page(f"/staff/messages/{self.row.pk}/")
        assert "081-xxx-5678" in one
        for hidden in (MALEE, "0812345678", "081-234-5678", "ความลับ"):
            assert hidden not in page + one

    def test_what_did_not_arrive_is_sent_again_by_hand(self):
        self.send(f"/staff/messages/{self.row.pk}/resend/")
        send_due()
        assert "ส่งแล้ว" in self.page(f"/staff/messages/{self.row.pk}/")
        assert self.page(f"/staff/messages/{uuid.uuid4()}/", 404)

    def test_it_stands_among_the_tasks(self):
        assert "ข้อความที่ส่งไม่ถึงผู้รับ" in self.page("/staff/")


class TestBroadcast(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.clerk)
        for number, moo in enumerate(["2", "5", "5"]):
            self.follow(fake.user_id(f"f{number}"), moo=moo)
        self.follow(fake.user_id("gone"), moo="5", unfollowed_at=self.now)

    def test_people_quota_and_cost_are_shown_before_anything_is_sent(self):
        with a_term("line.price", "0.25"), a_term("line.quota", 100):
            page = self.send("/staff/messages/send/", text_th="น้ำจะหยุดไหล", moos=["5"], step="preview").content.decode()
        tiles = re.findall(r'tile-value">\s*([^<]+?)\s*<', page)
        assert tiles[:4] == ["2", "2", "0.50 บาท", "78"]
        with self.acting():
            assert (Message.objects.count(), Broadcast.objects.count()) == (0, 0)

    def test_confirmed_each_follower_of_the_village_gets_one_message_whatever_is_clicked_twice(self):
        fields = {"text_th": "น้ำจะหยุดไหล", "moos": ["5"], "step": "send", "idempotency_key": new_key()}
        for _ in range(2):
            assert self.client.post("/staff/messages/send/", fields).status_code == 302
        send_due()
        assert sorted(body["to"] for _, _, body in self.pushes()) == sorted(fake.user_id(f"f{n}") for n in (1, 2))
        assert {body["messages"][0]["text"] for _, _, body in self.pushes()} == {"เทศบาลเมืองตัวอย่าง\nน้ำจะหยุดไหล"}

    def test_a_send_that_would_eat_the_reserve_is_refused_unless_it_is_urgent(self):
        with a_term("line.quota", 3):
            refused = self.send("/staff/messages/send/", text_th="ข่าว", step="send").content.decode()
            assert "โควตาเดือนนี้ไม่พอ" in refused
            self.send("/staff/messages/send/", text_th="ข่าว", step="send", urgent="on")
        with self.acting():
            assert Message.objects.filter(urgent=True).count() == 3


class TestWording(PageCase):
    URL = f"/staff/messages/texts/{FIXED}/"

    def setUp(self):
        super().setUp()
        self.enter(self.clerk)

    def word(self) -> str:
        with acting("system:test", "message.send"):
            return queue(FIXED, to=Recipient(phone="0810000001"), values={"number": "7"}).body

    def test_a_new_wording_is_previewed_stored_as_a_version_and_can_be_taken_back(self):
        assert "‹number› ปิดแล้ว" in self.send(self.URL, th="{number} ปิดแล้ว", step="preview").content.decode()
        assert self.word() == "เรื่อง 7 เสร็จแล้ว"
        self.send(self.URL, th="{number} ปิดแล้ว", step="save")
        assert self.word() == "7 ปิดแล้ว"
        self.send(f"{self.URL}undo/", version="0")
        assert self.word() == "เรื่อง 7 เสร็จแล้ว"
        self.send(f"{self.URL}undo/", version="1")
        assert self.word() == "7 ปิดแล้ว"

    def test_a_placeholder_that_nobody_fills_is_refused(self):
        for bad in ("{name} ปิดแล้ว", "{number", "{number.__class__}", "   "):
            page = self.send(self.URL, th=bad, step="save").content.decode()
            assert "error-summary" in page
        assert self.word() == "เรื่อง 7 เสร็จแล้ว"

    def test_what_is_typed_is_never_run(self):
        page = self.send(self.URL, th="<script>alert(1)</script>{number}", step="preview").content.decode()
        assert "<script>alert(1)" not in page


class TestTerms(PageCase):
    def test_a_value_holds_from_its_day_and_keeps_its_history(self):
        self.enter(self.clerk)
        day = {"since_day": "1", "since_month": "12", "since_year": "2569"}
        self.send("/staff/messages/terms/line.quota/", value="15000", source="สัญญา 1/2570", verified="on", **day)
        assert Term.objects.get().value == 15000
        terms.forget()
        assert terms.number("line.quota") == 300
        assert terms.value("line.quota", Term.objects.get().since) == 15000
        assert "สัญญา 1/2570" in self.page("/staff/messages/terms/line.quota/")
        for key, bad in (("line.quota", "-3"), ("line.price", "NaN"), ("quiet.from", "25:00"), ("order", "fax")):
            page = self.send(f"/staff/messages/terms/{key}/", value=bad, **day).content.decode()
            assert "error-summary" in page
        assert self.client.get("/staff/messages/terms/nothing/").status_code == 404


class TestMine(PageCase):
    def test_a_citizen_reads_her_messages_and_nobody_elses(self):
        for key, word in ((self.malee.pk, "ของมาลี"), (uuid.uuid4(), "ของคนอื่น")):
            with acting("system:test", "message.send"):
                queue("test.word", to=Recipient(account_key=str(key)), values={"word": word})
        self.enter(self.malee)
        page = self.page("/me/messages/")
        assert "ของมาลี" in page
        assert "ของคนอื่น" not in page

    def test_her_choice_of_channels_is_kept_to(self):
        self.enter(self.malee)
        self.client.post("/me/messages/", {"channels": ["notice"]})
        self.follow()
        with acting("system:test", "message.send"):
            queue("test.word", to=Recipient(line_user=MALEE, account_key=str(self.malee.pk)), values={"word": "ก"})
        send_due()
        assert self.line.calls == []

    def test_a_forged_user_id_signs_nobody_in_and_a_token_of_line_does(self):
        link_line(self.malee, fake.id_token(MALEE, "n", aud="165"), "n")
        self.client.get("/line/")
        self.client.post("/line/", {"id_token": MALEE, "userId": MALEE})
        assert "_auth_user_id" not in self.client.session
        nonce = self.client.session["line_nonce"]
        self.client.post("/line/", {"id_token": fake.id_token(MALEE, "other", aud="165")})
        assert "_auth_user_id" not in self.client.session
        self.client.post("/line/", {"id_token": fake.id_token(MALEE, nonce, aud="165")})
        assert self.client.session["_auth_user_id"] == str(self.malee.pk)

    def test_the_link_is_ended_by_the_citizen(self):
        link_line(self.malee, fake.id_token(MALEE, "n", aud="165"), "n")
        self.enter(self.malee)
        assert "/me/messages/unlink/" in self.page("/me/messages/")
        self.client.post("/me/messages/unlink/")
        assert "/me/messages/unlink/" not in self.page("/me/messages/")


class TestPhone(PageCase):
    URL = "/demo/line/say/"

    def setUp(self):
        super().setUp()
        for name in (
            "message.channels.line.api",
            "message.channels.sms",
            "message.channels.email",
            "message.views.phone",
        ):
            patcher = patch(f"maehia.{name}.is_demo", return_value=True)
            patcher.start()
            self.addCleanup(patcher.stop)
        from maehia.message.channels.line import api

        context = api.through(None)
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def say(self, **fields) -> str:
        answer = self.client.post(self.URL, {"who": "malee", **fields}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_what_is_done_on_the_phone_goes_through_the_real_webhook(self):
        page = self.say(follow="follow")
        assert "ม.5 บ้านป่าจี้" in page
        page = self.say(data="moo:5", shown="ม.5 บ้านป่าจี้")
        assert "บันทึกแล้ว" in page
        page = self.say(text="สวัสดี <b>ครับ</b>")
        assert "053-000-000" in page
        assert "&lt;b&gt;ครับ" in page
        with self.acting():
            assert set(LineEvent.objects.values_list("state", flat=True)) == {"done"}
        assert [bubble.mine for bubble in phone.chat(phone.user_of("malee"))] == [False, True, False, True, False]
        self.say(follow="leave")
        assert not phone.is_following(phone.user_of("malee"))

    def test_a_photo_and_a_place_arrive_and_the_photo_is_shown(self):
        raw = b"\x89PNG\r\n\x1a\n" + b"0" * 50
        page = self.say(photo=SimpleUploadedFile("lamp.png", raw, "image/png"))
        number = re.search(r"/demo/line/photo/(\d+)/", page)[1]
        assert self.client.get(f"/demo/line/photo/{number}/").content == raw
        assert "ตำแหน่ง: หน้าวัด" in self.say(place="98.93,18.73,หน้าวัด")
        assert "พิมพ์ข้อความ" in self.say(lon="x", lat="")

    def test_there_is_no_phone_outside_a_demo(self):
        with patch("maehia.message.views.phone.is_demo", return_value=False):
            assert self.client.get("/demo/line/").status_code == 404
            assert self.client.post(self.URL, {"who": "malee", "text": "ก"}).status_code == 404
            assert self.client.get("/demo/line/photo/1/").status_code == 404
        assert self.client.get("/demo/line/?who=admin").status_code == 404
