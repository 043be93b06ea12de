"""The bell inside the system. It shows no words of a case, only that there is a message to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maehia.kit import notices
from maehia.message.channels.base import Channel, Letter, Outcome, State
from maehia.message.registry import LinkState

if TYPE_CHECKING:
    from maehia.message.actions.queue import Recipient

TEXT = "message.waiting"
LINK = "/me/messages/"


class NoticeChannel(Channel):
    key = "notice"
    title_th = "การแจ้งเตือนในระบบ"
    title_en = "Notices inside the system"
    help_th = "ทำงานเสมอ ไม่ต้องตั้งค่า"
    help_en = "Always works; nothing to set."

    def state(self) -> LinkState:
        return "live"

    def address(self, to: Recipient) -> str:
        return f"user:{to.account_key}" if to.account_key else ""

    def send(self, letter: Letter) -> Outcome:
        notices.notify(letter.to, TEXT, LINK)
        return Outcome(State.DELIVERED)


notices.register_text(TEXT, "คุณมีข้อความใหม่จากเทศบาล", "You have a new message from the town")
