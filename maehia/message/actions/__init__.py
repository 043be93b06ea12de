"""The only way to write in message."""

from maehia.message.actions.queue import Recipient, address_index, queue, render
from maehia.message.actions.send import send_all, send_due
from maehia.message.actions.settle import forget, note_error, note_success, resend
from maehia.message.actions.webhook import retry_quarantined, store, work_on_new
from maehia.message.channels.line.objects import camera, place, say, tap
from maehia.message.inbound import Inbound, Talk

__all__ = [
    "Inbound",
    "Recipient",
    "Talk",
    "address_index",
    "camera",
    "forget",
    "note_error",
    "note_success",
    "place",
    "queue",
    "render",
    "resend",
    "retry_quarantined",
    "say",
    "send_all",
    "send_due",
    "store",
    "tap",
    "work_on_new",
]
