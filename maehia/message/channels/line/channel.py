"""Sending through LINE: a reply while a token is fresh, else a push."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from maehia.message.channels.base import Answer, Channel, Letter, Outcome, outcome_of
from maehia.message.channels.line import api, objects
from maehia.message.registry import LinkState

if TYPE_CHECKING:
    from maehia.message.actions.queue import Recipient


class LineChannel(Channel):
    key = "line"
    title_th = "LINE Official Account"
    title_en = "LINE Official Account"
    help_th = (
        "สร้าง Messaging API channel ที่ developers.line.biz แล้วใส่ Channel secret ใน MAEHIA_LINE_CHANNEL_SECRET_FILE "
        "และ Channel access token ใน MAEHIA_LINE_ACCESS_TOKEN_FILE ตั้ง Webhook URL เป็น https://<ชื่อเว็บ>/hooks/line/ "
        "แล้วกด Verify ส่วนการเข้าระบบใน LINE (LIFF) ใช้ MAEHIA_LINE_LOGIN_CHANNEL และ MAEHIA_LINE_LIFF"
    )
    help_en = (
        "Make a Messaging API channel at developers.line.biz. Put the channel secret into the file named by "
        "MAEHIA_LINE_CHANNEL_SECRET_FILE and the access token into that of MAEHIA_LINE_ACCESS_TOKEN_FILE, set the "
        "webhook to https://<site>/hooks/line/ and press Verify. Sign-in inside LINE (LIFF) needs "
        "MAEHIA_LINE_LOGIN_CHANNEL and MAEHIA_LINE_LIFF."
    )

    def state(self) -> LinkState:
        return api.state()

    def address(self, to: Recipient) -> str:
        return to.line_user

    def send(self, letter: Letter) -> Outcome:
        """All objects in their order. A reply that comes too late is pushed instead."""
        every = list(letter.objects) or objects.texts_of(letter.text)
        groups = list(objects.calls(every))
        outcome, first = Outcome("", ""), 0
        if letter.reply_token:
            answer = api.reply(letter.reply_token, groups[0])
            outcome = outcome_of(answer, 0)
            if outcome.ok:
                first = 1
        for number, group in enumerate(groups[first:], start=first):
            answer = api.push(letter.to, group, _key(letter, number))
            outcome = _add(outcome, answer)
            if not outcome.ok:
                break
        return outcome

    def test(self) -> str:
        answer = api.about_bot()
        return "" if answer.status == 200 else answer.error or f"HTTP {answer.status}"


def _key(letter: Letter, number: int) -> UUID:
    """The retry key of the row for the first call, and one made from it for each further call."""
    return letter.retry_key if number == 0 else uuid5(letter.retry_key, str(number))


def _add(before: Outcome, answer: Answer) -> Outcome:
    now = outcome_of(answer, 1)
    return Outcome(now.state, now.code, now.error, before.units + now.units) if before.ok else now
