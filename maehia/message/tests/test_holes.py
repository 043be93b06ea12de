"""What a letter must never do: come out in somebody else's chat."""

from __future__ import annotations

import uuid

from maehia.kit.testing import AppTestCase
from maehia.message.actions import Recipient, address_index, queue
from maehia.message.models import Message
from maehia.message.tests.cast import FIXED, JAIDEE, MALEE, Providers

CASE = uuid.UUID(int=4242)


class SameCase(Providers, AppTestCase):
    """มาลี and ใจดี both follow one case; news for each waits."""

    def test_who_writes_gets_her_own_letters_and_not_those_of_others_about_the_case(self):
        self.follow(MALEE)
        self.follow(JAIDEE)
        with self.acting("message.send"):
            queue(FIXED, to=Recipient(line_user=MALEE), about=CASE, values={"number": "ลับของมาลี"})
            queue(FIXED, to=Recipient(line_user=JAIDEE), about=CASE, values={"number": "ของใจดี"})
            queue("test.word", to=Recipient(line_user=JAIDEE), about=CASE, values={"word": "ที่รออยู่"})
        said = " ".join(bubble.get("text", "") for bubble in self.write("สวัสดี", JAIDEE))
        assert "ที่รออยู่" in said
        assert "ของใจดี" in said
        assert "ลับของมาลี" not in said
        with self.acting():
            assert Message.objects.get(recipient_index=address_index(MALEE)).state == "queued"
