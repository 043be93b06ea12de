"""The ways to reach somebody, one folder each and all of one shape: see `base.Channel`."""

from __future__ import annotations

from maehia.message.channels.base import Channel, Letter, Outcome
from maehia.message.channels.email import EmailChannel
from maehia.message.channels.line import LineChannel
from maehia.message.channels.notice import NoticeChannel
from maehia.message.channels.sms import SmsChannel

EVERY: dict[str, Channel] = {
    channel.key: channel for channel in (LineChannel(), EmailChannel(), SmsChannel(), NoticeChannel())
}

__all__ = ["EVERY", "Channel", "Letter", "Outcome"]
