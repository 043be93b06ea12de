"""The only way to write in message."""

from maehia.message.actions.broadcast import broadcast, preview
from maehia.message.actions.edit import save_template, set_term, undo_template
from maehia.message.actions.link import link_line, prefer, unlink_line
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
    "broadcast",
    "camera",
    "forget",
    "link_line",
    "note_error",
    "note_success",
    "place",
    "prefer",
    "preview",
    "queue",
    "render",
    "resend",
    "retry_quarantined",
    "save_template",
    "say",
    "send_all",
    "send_due",
    "set_term",
    "store",
    "tap",
    "undo_template",
    "unlink_line",
    "work_on_new",
]
