"""LINE's objects, ID tokens and the rich menu, held against the SDK's own models."""

from __future__ import annotations

import uuid

import pytest
from linebot.v3.messaging.models import FlexMessage, QuickReply, RichMenuRequest, TextMessage

from maehia.access.actions import assign, create_account
from maehia.base import ProblemError
from maehia.kit.testing import AppTestCase
from maehia.message.actions.link import account_of, link_line, unlink_line
from maehia.message.channels import EVERY, Letter
from maehia.message.channels.line import api, menu, objects
from maehia.message.fakes import line as fake
from maehia.message.models import LineLink
from maehia.message.tests.cast import MALEE, SECRET, Providers

BUBBLE = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "ก"}]}}


class TestObjects(Providers, AppTestCase):
    def letter(self, *made: dict, token: str = "") -> Letter:
        return Letter(MALEE, "คำ", "th", uuid.UUID(int=9), made, token)

    def test_six_messages_go_as_five_and_one_in_their_order(self):
        six = [objects.text_object(str(n)) for n in range(6)]
        outcome = EVERY["line"].send(self.letter(*six))
        sizes = [[one["text"] for one in body["messages"]] for _, _, body in self.line.calls]
        assert (sizes, outcome.units) == ([list("01234"), ["5"]], 2)
        keys = [headers["x-line-retry-key"] for _, headers, _ in self.line.calls]
        assert keys[0] == str(uuid.UUID(int=9))
        assert keys[1] != keys[0]

    def test_a_card_without_its_words_is_refused_before_anything_is_sent(self):
        with pytest.raises(ProblemError):
            EVERY["line"].send(self.letter(objects.text_object("ก"), {"type": "flex", "contents": BUBBLE}))
        assert self.line.calls == []

    def test_what_we_make_is_what_the_sdk_takes(self):
        card = objects.with_quick(
            objects.flex("คำอธิบาย" * 90, BUBBLE), [objects.tap("ก" * 30, "x:1"), objects.place("ที่")]
        )
        FlexMessage.from_dict(card)
        assert objects.units_of(card["altText"]) <= 400
        assert len(QuickReply.from_dict(card["quickReply"]).items) == 2
        for text in objects.texts_of("ข้อความยาว 🤨 " * 900):
            TextMessage.from_dict(text)
            assert 0 < objects.units_of(text["text"]) <= 5000

    def test_the_fake_refuses_what_line_refuses(self):
        for bad in ([], [{}] * 6, [{"type": "flex", "contents": BUBBLE}], [{"type": "text", "text": ""}]):
            assert api.push(MALEE, bad, uuid.uuid4()).status == 400
        assert api.push("malee", [objects.text_object("ก")], uuid.uuid4()).status == 400
        key = uuid.uuid4()
        assert [api.push(MALEE, [objects.text_object("ก")], key).status for _ in range(2)] == [200, 409]

    def test_the_address_of_a_photo_is_only_ever_a_message_id(self):
        self.line.photos["77"] = b"photo"
        assert (api.content("77"), api.content("../../bot/info"), api.content("78")) == (b"photo", None, None)


class TestIdTokens(Providers, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            self.malee = create_account("malee", "มาลี สุขใจดี", person_key=uuid.UUID(int=1))
            self.boonma = create_account("boonma", "บุญมา สุขใจดี", person_key=uuid.UUID(int=2))
            for account in (self.malee, self.boonma):
                assign(account, "citizen", starts_on=self.now.date())
        self.token = lambda user=MALEE, **more: fake.id_token(user, "n1", aud=more.pop("aud", "165"), **more)

    def test_lines_own_word_binds_and_signs_in(self):
        link_line(self.malee, self.token(), "n1")
        assert account_of(self.token(), "n1") == self.malee

    def test_what_line_does_not_confirm_signs_nobody_in(self):
        link_line(self.malee, self.token(), "n1")
        for bad in ("", MALEE, "forged", self.token(aud="999"), self.token(seconds=-1)):
            with pytest.raises(ProblemError, match="LINE"):
                account_of(bad, "n1")
        with pytest.raises(ProblemError):
            account_of(self.token(), "another-nonce")
        self.line.answers = ["timeout"]
        with pytest.raises(ProblemError):
            account_of(self.token(), "n1")

    def test_one_line_user_is_one_person_until_the_link_is_ended(self):
        link_line(self.malee, self.token(), "n1")
        with pytest.raises(ProblemError, match="ผูก"):
            link_line(self.boonma, self.token(), "n1")
        assert unlink_line(self.malee) == 1
        assert account_of(self.token(), "n1") is None
        link_line(self.boonma, self.token(), "n1")
        with self.acting():
            assert list(LineLink.objects.order_by("linked_at").values_list("unlinked_at", flat=True)).count(None) == 1

    def test_an_officers_account_is_never_entered_through_line(self):
        with self.acting():
            assign(self.malee, "clerk", starts_on=self.now.date())
        link_line(self.malee, self.token(), "n1")
        assert account_of(self.token(), "n1") is None


class TestRichMenu(Providers, AppTestCase):
    def test_every_checked_in_menu_keeps_lines_limits(self):
        assert menu.definitions()
        for held in menu.definitions().values():
            made = menu.as_line(held, "https://town.example")
            RichMenuRequest.from_dict(made)
            assert menu.faults(made, menu.picture(held)) == []

    def test_what_is_beyond_the_limits_is_found(self):
        good = menu.as_line(menu.definitions()["main"], "https://town.example")
        outside = {**good["areas"][0], "bounds": {"x": 2400, "y": 0, "width": 200, "height": 10}}
        for change, where in (
            ({"chatBarText": "ก" * 15}, "chatBarText"), ({"name": "ก" * 301}, "name"), ({"areas": [outside]}, "areas[0]"),
            ({"areas": good["areas"] * 4}, "areas"), ({"size": {"width": 800, "height": 600}}, "size"),
            ({"areas": [{"bounds": good["areas"][0]["bounds"]}]}, "areas[0]"),
        ):  # fmt: skip
            assert where in [problem.where for problem in menu.faults({**good, **change})]
        assert [p.where for p in menu.faults(good, b"x" * (2**20 + 1))] == ["picture"]

    def test_a_menu_is_uploaded_with_its_picture(self):
        assert menu.upload("main", "https://town.example") == ""
        assert [path for path, _, _ in self.line.calls] == [
            "/v2/bot/richmenu", "/v2/bot/richmenu/richmenu-demo/content", "/v2/bot/user/all/richmenu/richmenu-demo",
        ]  # fmt: skip


def test_the_signature_is_that_of_the_raw_bytes():
    assert api.signature(SECRET, b"a") != api.signature(SECRET, b"a\n")
