"""What was to be told to whom, what became of it, and who follows the town's LINE account."""

from maehia.message.models.line import Conversation, LineEvent, LineFollower, LineLink
from maehia.message.models.outbox import Attempt, Broadcast, Message
from maehia.message.models.setup import ConnectionState, FakeDelivery, Preference, TemplateText, Term

__all__ = [
    "Attempt",
    "Broadcast",
    "ConnectionState",
    "Conversation",
    "FakeDelivery",
    "LineEvent",
    "LineFollower",
    "LineLink",
    "Message",
    "Preference",
    "TemplateText",
    "Term",
]
